"""What a person decided in the preview of a batch, from its forms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.http import QueryDict

from declarations.importing.batch import mending
from declarations.importing.batch.outlines import outlines_of
from declarations.importing.batch.plan import Key
from declarations.importing.matching import fold_name
from declarations.models import Department, ImportBatch, User
from declarations.models.organisation import departments_named
from declarations.views.importing.table_page import split_key

WITH_TICKS = "preview"
"""Posted where boxes of tables were: only then does an empty one mean that a table stays out."""
PAGED = "paged"
"""Posted where ``shown`` names the tables whose boxes there were; else there were those of all."""
MOST_CANDIDATES = 8


@dataclass(frozen=True)
class Refusal:
    """A department that was typed and is none: what was typed and ticked is kept, with what may be meant."""

    text: str
    is_remembered: bool
    message: str
    candidates: tuple[Department, ...] = ()


@dataclass(frozen=True)
class Choices:
    """``left_out``: which of the tables shown are not to come in, None where nothing was said of that;
    ``departments``: whose some are; ``remembered``: by what name the file calls it, to be learnt; ``refusals``: by
    table, what no department is called; ``preferred``: which of several tables for one declaration counts.
    """

    left_out: dict[Key, bool] | None
    departments: dict[Key, int | None]
    remembered: dict[Key, str] = field(default_factory=dict)
    refusals: dict[str, Refusal] = field(default_factory=dict)
    preferred: Key | None = None

    @classmethod
    def read(cls, posted: QueryDict, batch: ImportBatch, *, with_ticks: bool | None = None) -> Choices:
        """A department that was not changed says nothing; a name that was typed counts before a ticked one."""
        names = Names(batch)
        taken = set(posted.getlist("take"))
        shown = set(posted.getlist("shown")) if PAGED in posted else None
        left_out, departments, remembered, refusals = {}, {}, {}, {}
        for upload in outlines_of(batch):
            for row in upload.rows:
                key, name = (str(upload.pk), row.index), f"{upload.pk}.{row.index}"
                if row.effective.writes and (shown is None or name in shown):
                    left_out[key] = name not in taken
                typed = posted.get(f"named-{name}", "").strip()[:200]
                chosen, refused = number_of(posted.get(f"department-{name}")), None
                if typed:
                    chosen, refused = names.find(typed, is_remembered=f"remember-{name}" in posted)
                if refused:
                    refusals[name] = refused
                elif (typed or f"department-{name}" in posted) and chosen != row.chosen:
                    departments[key] = chosen
                if chosen is not None and posted.get(f"remember-{name}"):
                    remembered[key] = row.named
        says_all = WITH_TICKS in posted if with_ticks is None else with_ticks
        preferred = split_key(posted["prefer"]) if "prefer" in posted else None
        return cls(left_out if says_all else None, departments, remembered, refusals, preferred)

    def save(self, batch: ImportBatch, author: User) -> list[str]:
        """Follows the decisions; what is to be said about it, in sentences."""
        mending.choose_departments(batch, self.departments, self.left_out)
        said = []
        if self.preferred and (others := mending.prefer_table(batch, self.preferred)):
            said.append(f"已选定一份为准；{'、'.join(f'“{name}”' for name in others)}不导入，需要时可以改选。")
        return said + list(self._learn(batch, author))

    def _learn(self, batch: ImportBatch, author: User) -> Iterable[str]:
        for (upload, index), file_name in self.remembered.items():
            row = next(row for row in batch.uploads.get(pk=upload).result["rows"] if row["index"] == index)
            department = batch.bureau.departments.select_for_update().filter(pk=row["chosen"]).first()
            if department is None:
                continue
            if refused := mending.learn_name(batch, department, file_name, author):
                yield refused
                continue
            others = mending.match_again(batch)
            more = f"这一批中另有 {others} 份也因此认出。" if others else ""
            yield f"已把“{file_name}”记为“{department}”的曾用名，以后的文件自动认出。{more}"


class Names:
    """The departments of the bureau by what a person may type; read when first asked for."""

    def __init__(self, batch: ImportBatch) -> None:
        self.batch = batch
        self.known: dict[str, tuple[int | None, Refusal | None]] = {}

    def find(self, text: str, *, is_remembered: bool = False) -> tuple[int | None, Refusal | None]:
        """The one department that is meant, or why none is.

        First by its full name, code or initials, then as the list of declarations searches: by any part of a name or
        former name and of the initials, so that the city in front need not be typed.
        """
        if text not in self.known:
            self.known[text] = self._find(text, is_remembered)
        return self.known[text]

    def _find(self, text: str, is_remembered: bool) -> tuple[int | None, Refusal | None]:
        departments = self.batch.bureau.departments
        likely = list(departments.filter(departments_named(text)).order_by("pinyin", "pk")[: 10 * MOST_CANDIDATES])
        own = [one for one in likely if fold_name(text) in (fold_name(one.name), fold_name(one.code))]
        found = own or [one for one in likely if text.lower() == one.initials] or likely
        if len(found) == 1:
            return found[0].pk, None
        if not found:
            message = f"没有名称、代码或拼音首字母含“{text}”的部门，请换一个词，或从列出的部门中选。"
            return None, Refusal(text, is_remembered, message)
        message = f"含“{text}”的部门有 {len(found)} 个，请选一个，或写得再全一些。"
        return None, Refusal(text, is_remembered, message, tuple(found[:MOST_CANDIDATES]))


def number_of(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None

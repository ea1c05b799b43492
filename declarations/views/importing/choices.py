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
from declarations.views.importing.table_page import split_key

WITH_TICKS = "preview"
"""Posted where the boxes of all tables were: only then does an empty one mean that a table stays out."""


@dataclass(frozen=True)
class Choices:
    """``left_out``: which tables are not to come in, None where nothing was said of that; ``departments``: whose
    some are; ``remembered``: by what name the file calls it, to be learnt; ``unknown``: what no department is called;
    ``preferred``: which of several tables for one declaration counts.
    """

    left_out: set[Key] | None
    departments: dict[Key, int | None]
    remembered: dict[Key, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    preferred: Key | None = None

    @classmethod
    def read(cls, posted: QueryDict, batch: ImportBatch, *, with_ticks: bool | None = None) -> Choices:
        """A department that was not changed says nothing; a name that was typed counts before a ticked one."""
        names = Names(batch)
        taken = set(posted.getlist("take"))
        out, departments, remembered, unknown = set(), {}, {}, []
        for upload in outlines_of(batch):
            for row in upload.rows:
                key, name = (str(upload.pk), row.index), f"{upload.pk}.{row.index}"
                if row.effective.writes and name not in taken:
                    out.add(key)
                typed = posted.get(f"named-{name}", "").strip()
                chosen = names.key_of(typed) if typed else number_of(posted.get(f"department-{name}"))
                if typed and chosen is None:
                    unknown.append(typed)
                elif (typed or f"department-{name}" in posted) and chosen != row.chosen:
                    departments[key] = chosen
                if chosen is not None and posted.get(f"remember-{name}"):
                    remembered[key] = row.named
        says_all = WITH_TICKS in posted if with_ticks is None else with_ticks
        preferred = split_key(posted["prefer"]) if "prefer" in posted else None
        return cls(out if says_all else None, departments, remembered, tuple(unknown), preferred)

    def save(self, batch: ImportBatch, author: User) -> list[str]:
        """Follows the decisions; what is to be said about it, in sentences."""
        mending.choose_departments(batch, self.departments, self.left_out)
        said = [f"没有名称、代码或拼音首字母为“{text}”的部门，请从列出的部门中选。" for text in self.unknown]
        if self.preferred and (others := mending.prefer_table(batch, self.preferred)):
            said.append(f"已选定一份为准；{'、'.join(f'“{name}”' for name in others)}不导入，需要时可以改选。")
        return said + list(self._learn(batch, author))

    def _learn(self, batch: ImportBatch, author: User) -> Iterable[str]:
        for (upload, index), named in self.remembered.items():
            row = next(row for row in batch.uploads.get(pk=upload).result["rows"] if row["index"] == index)
            department = batch.bureau.departments.select_for_update().filter(pk=row["chosen"]).first()
            if department is None:
                continue
            if refused := mending.learn_name(batch, department, named, author):
                yield refused
                continue
            others = mending.match_again(batch)
            more = f"这一批中另有 {others} 份也因此认出。" if others else ""
            yield f"已把“{named}”记为“{department}”的曾用名，以后的文件自动认出。{more}"


class Names:
    """The departments of the bureau by what a person may type; read when first asked for."""

    def __init__(self, batch: ImportBatch) -> None:
        self.batch = batch
        self.departments: list[Department] | None = None

    def key_of(self, text: str) -> int | None:
        """The one department with this name or code, else the one with these initials."""
        if self.departments is None:
            self.departments = list(self.batch.bureau.departments.only("pk", "name", "code", "initials"))
        exact = [one.pk for one in self.departments if fold_name(text) in (fold_name(one.name), fold_name(one.code))]
        found = exact or [one.pk for one in self.departments if text.lower() == one.initials]
        return found[0] if len(found) == 1 else None


def number_of(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None

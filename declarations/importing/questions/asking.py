"""Questions that the files of a batch leave open, each put once for all of them; answers read the files again.

What is answered about a label or a column is learnt for the bureau. A unit is never learnt: the same head may stand
over 元 in one city's table and over 万元 in the next. A year is a matter of its own file (see `mending.correct`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils import timezone

from declarations.importing.batch.outlines import Outline, outlines_of
from declarations.importing.questions.again import wait_again
from declarations.models import ImportBatch, LearnedLabel, User
from declarations.sheet.official import EDITIONS
from declarations.sheet.official.labels import label_key

LABEL, COLUMN, UNIT, YEAR, UNKNOWN = "label", "column", "unit", "year", "unknown"
LEARNT = (LABEL, COLUMN, UNKNOWN)
PLACES_NAMED = 3
LONGEST = 200


@dataclass
class AskedQuestion:
    """One question: ``text`` as it stands in the files, ``candidates`` its possible answers, ``files`` that ask it.

    ``kind``: see `reader.Question`; ``unknown``: a head or a label that the reader left out and does not ask about.
    """

    key: str
    kind: str
    text: str
    message: str = ""
    candidates: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    files: set = field(default_factory=set)

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Each candidate with its words."""
        return [(candidate, question_in_words(candidate)) for candidate in self.candidates]

    @property
    def named_places(self) -> list[str]:
        return self.places[:PLACES_NAMED]

    @property
    def takes_any_field(self) -> bool:
        """Whether another field than the candidates may be meant."""
        return self.kind in LEARNT


def asked_by(outlines: Iterable[Outline]) -> list[AskedQuestion]:
    """The questions of these files but those about the year; what stops a table before what was only left out."""
    found: dict[str, AskedQuestion] = {}
    for outline in outlines:
        for row in outline.rows:
            for question in row.questions:
                if question["kind"] != YEAR:
                    asked = found.setdefault(label_key(question["text"]), new_question(question))
                    note_place(asked, outline, question["cell"])
            for text, cell in row.strange:
                asked = found.setdefault(label_key(text), AskedQuestion(label_key(text), UNKNOWN, text))
                note_place(asked, outline, cell)
    return sorted(found.values(), key=lambda asked: asked.kind == UNKNOWN)


def new_question(question: Mapping) -> AskedQuestion:
    text = question["text"]
    return AskedQuestion(label_key(text), question["kind"], text, question["message"], list(question["candidates"]))


def note_place(asked: AskedQuestion, outline: Outline, cell: str) -> None:
    asked.files.add(outline.pk)
    asked.places.append(f"{outline.file} {cell}".strip())


def any_fields() -> list[tuple[str, str]]:
    """Every field and column of the newest edition: its path without a row, and its words."""
    form = newest()
    columns = [
        (f"{grid}.{column.field}", f"{form.grids[grid].label}：{column.label}")
        for grid in ("key_tasks", "indicators")
        for column in form.grids[grid].columns
    ]
    return [(name, item.label) for name, item in form.items.items()] + columns


def newest():
    return max(EDITIONS.values(), key=lambda edition: edition.years[0])


def question_in_words(candidate: str) -> str:
    """A candidate in words: the label of a field or column, 2026年度, a unit as it is."""
    if candidate.isdecimal():
        return f"{candidate}年度"
    return dict(any_fields()).get(candidate, candidate)


# --- answers ---------------------------------------------------------------------------------


def answer(batch: ImportBatch, answers: Mapping[str, str], author: User) -> int:
    """Takes in the answers to questions by their keys (empty: leave it out); how many files are to be read again.

    What is no question of the batch, or no possible answer to it, is passed over. The caller holds the batch.
    """
    asked = {one.key: one for one in asked_by(outlines_of(batch))}
    taken = {key: text for key, text in answers.items() if key in asked and is_possible(asked[key], text)}
    if not taken:
        return 0
    batch.answers = batch.answers | taken
    batch.save(update_fields=["answers"])
    for key, text in taken.items():
        if asked[key].kind in LEARNT:
            learn_label(batch, asked[key], text, author)
    waiting = set().union(*(asked[key].files for key in taken))
    return read_again(batch, waiting)


def is_possible(asked: AskedQuestion, text: str) -> bool:
    known = dict(any_fields()) if asked.takes_any_field else ()
    return text == "" or text in asked.candidates or text in known


def read_again(batch: ImportBatch, keys: Iterable) -> int:
    """Puts these files among those to be read, but those whose file is kept no longer."""
    uploads = list(batch.uploads.filter(pk__in=keys).exclude(file=""))
    for upload in uploads:
        wait_again(upload)
        upload.save(update_fields=["state", "result"])
    return len(uploads)


def learn_label(batch: ImportBatch, asked: AskedQuestion, text: str, author: User) -> None:
    """Remembers an answer for the bureau's next files, in the place of an earlier one."""
    known = LearnedLabel.objects.in_use().filter(bureau=batch.bureau_id, text=asked.key[:LONGEST])
    forget_labels(known, author)
    LearnedLabel.objects.create(
        bureau_id=batch.bureau_id,
        text=asked.key[:LONGEST],
        words=asked.text[:LONGEST],
        field=text,
        label=question_in_words(text) if text else "不读入",
        batch=batch,
        author=author,
    )


def forget_labels(labels, author: User | None) -> int:
    """No longer uses these; who forgot them, and when, stays on record."""
    return labels.update(forgotten_at=timezone.now(), forgotten_by=author)

"""The user's own file back: what is marked in it, and the copy.

What stands in a copy is what the preview says of the file, and what was corrected on screen meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from declarations.files.guarding.sandbox import Sandbox
from declarations.importing.batch import correcting, desk
from declarations.importing.batch.mending import stored_file
from declarations.importing.batch.outlines import outlines_of
from declarations.importing.batch.plan import PlannedTable
from declarations.importing.batch.rows import ImportResult, PlannedRow, clash_problem
from declarations.models import Correction, ImportBatch, Upload
from declarations.sheet.codes import enter
from declarations.sheet.problems import Problem, Refused, Severity
from declarations.sheet.table import Table

Mark = dict[str, str]
CORRECTED = "C"
GONE = Refused(enter("X35", "原文件已不在"), "原文件已不在，不能制作标红副本。", "请向报送单位要一份文件，重新上传。")
ARCHIVE = Refused(
    enter("X36", "压缩包不能整个标红"), "这是一个压缩包，不能整个标红。", "请在下面各个文件处下载标红副本。"
)


@dataclass(frozen=True, slots=True)
class Copy:
    """``is_anew``: the file is no .xlsx, or could not be opened as it is; the copy holds what was read of it."""

    name: str
    content: bytes
    is_anew: bool


def marked_copy(batch: ImportBatch, upload: Upload, sandbox: Sandbox) -> Copy:
    """Raises `Refused` where there can be none, with the reason in words."""
    if upload.result.get("archive") is not None:
        raise ARCHIVE
    path = stored_file(upload)
    if path is None:
        raise GONE
    content, is_anew = sandbox.marked(path.read_bytes(), marks_of(batch, upload), upload.original_name)
    return Copy(name_of(upload.original_name), content, is_anew)


def name_of(original: str) -> str:
    """``全市.zip/公安局/申报表.xls`` -> ``公安局/申报表（标红）.xlsx``: with the folders, without archives."""
    path = PurePosixPath(original)
    folders = [part for part in path.parts[:-1] if not part.lower().endswith(".zip") and part.strip("./\\")]
    return "/".join([*folders, f"{path.stem or '文件'}（标红）.xlsx"])


def marks_of(batch: ImportBatch, upload: Upload) -> list[Mark]:
    """What is to be said of a file, the gravest of each table first."""
    if upload.result.get("refused"):
        refused = upload.result["refused"]
        problem = Problem(refused["code"], Severity.ERROR, refused["message"], refused["hint"])
        return [mark_of(problem, None, "")]
    rows = {row["index"]: PlannedRow.from_json(row) for row in upload.result.get("rows") or ()}
    sources = desk.sources_of_upload(upload)
    choices = {one.key: rows[one.key[1]].chosen for one in sources if rows[one.key[1]].chosen is not None}
    marks: list[Mark] = []
    for planned in desk.planner_for(batch).plan(sources, choices):
        clash = rows[planned.source.key[1]].clash
        marks += [mark_of(Problem.from_json(clash_problem(clash)), None, planned.source.sheet)] if clash else []
        marks += marks_of_table(planned)
    return marks + [mark_of_correction(one) for one in upload.corrections.order_by("pk")]


def marks_of_table(planned: PlannedTable) -> Iterator[Mark]:
    order, source = list(Severity), planned.source
    for problem in sorted(planned.problems, key=lambda problem: order.index(problem.severity)):
        yield mark_of(problem.at(problem.cell or source.cells.get(problem.field, "")), source.table, source.sheet)


def mark_of(problem: Problem, table: Table | None, sheet: str) -> Mark:
    said = correcting.guidance_at(table, problem.field) if table else None
    return {
        "severity": problem.severity.value,
        "sheet": sheet,
        "cell": problem.cell,
        "place": correcting.label_of(table, problem.field) if table and problem.field else "",
        "message": problem.message,
        "hint": problem.hint or (said.rule if said else ""),
        "example": said.example if said else "",
    }


def mark_of_correction(one: Correction) -> Mark:
    message = f"原为“{one.old}”，已在系统中改正为“{one.new}”（{one.author}）"
    return {
        "severity": CORRECTED,
        "sheet": one.sheet,
        "cell": one.cell,
        "place": one.label,
        "message": message,
        "hint": "导入时以系统中改正的内容为准；请同时改正原表。",
        "example": "",
    }


def blocked_uploads(batch: ImportBatch) -> list[Upload]:
    """The files that do not come in, or did not, and those with something that could not be read."""
    keys = [upload.pk for upload in outlines_of(batch) if upload.refused or any(map(has_trouble, upload.rows))]
    return list(batch.uploads.filter(pk__in=keys).order_by("original_name", "pk").defer("result"))


def has_trouble(row: PlannedRow) -> bool:
    stays_out = row.effective.value == "blocked" or row.result in (ImportResult.STALE, ImportResult.BLOCKED)
    return stays_out or bool(row.faults)


def marked_copies(
    batch: ImportBatch, uploads: Iterable[Upload], sandbox: Sandbox
) -> Iterator[tuple[Upload, Copy | Refused]]:
    """One after the other, so that a batch of any size needs the memory of one file."""
    for upload in uploads:
        upload.refresh_from_db(fields=["result"])
        try:
            yield upload, marked_copy(batch, upload, sandbox)
        except Refused as refused:
            yield upload, refused


def told_apart(names: Sequence[str]) -> list[str]:
    """The names, with a number where one comes again."""
    taken: set[str] = set()
    found = []
    for name in names:
        stem, number, fresh = name.removesuffix(".xlsx"), 2, name
        while fresh.lower() in taken:
            number, fresh = number + 1, f"{stem}({number}).xlsx"
        taken.add(fresh.lower())
        found.append(fresh)
    return found

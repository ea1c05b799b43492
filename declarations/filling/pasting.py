"""What a block of cells pasted into the form becomes: texts of its controls, and what of the block is not among them.

Nothing is written here: the page fills its controls with the answer, and saves them as if they had been typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from declarations.files.reading.block import PlaceOfBlock, ReadBlock, read_block
from declarations.files.reading.columns import column_label
from declarations.files.reading.convert import as_amount, as_level, as_text
from declarations.files.reading.ledger import FoundValue, Question
from declarations.files.reading.lines import label_of
from declarations.models import Bureau, LearnedLabel
from declarations.sheet.controls import Unusable, control_text
from declarations.sheet.official import Edition, get_edition
from declarations.sheet.official.fields import FIELDS, FieldKind
from declarations.sheet.official.labels import label_key
from declarations.sheet.official.shape import Item
from declarations.sheet.units import AmountError, Unit, is_nothing
from indicators.taxonomy import kind_of

MOST_ROWS, MOST_COLUMNS = 2_000, 100
LONGEST_BLOCK = 500_000
MOST_ANSWERS = 50
WRONG = "粘贴请求的格式不正确，请刷新页面后重试。"
TOO_LARGE = f"一次最多粘贴 {MOST_ROWS:,} 行、{LONGEST_BLOCK:,} 字，请分几次粘贴，或把整张表作为文件导入。"


def learned_answers(bureau: Bureau) -> dict[str, str]:
    """How the files of a bureau call the columns, as its import desk has learnt."""
    return dict(LearnedLabel.objects.in_use().filter(bureau=bureau).values_list("text", "field"))


def place_in(data: Any, edition_code: str, learned: Mapping[str, str]) -> PlaceOfBlock:
    """Where a request says that its block is pasted. Raises `Unusable` for one that no page of ours sends."""
    edition = get_edition(edition_code)
    grid, field, unit = (data.get(name, "") for name in ("grid", "field", "unit"))
    answers = data.get("answers", {})
    is_right = (
        all(isinstance(text, str) for text in (grid, field, unit))
        and (grid == "" or grid in edition.grids)
        and (unit == "" or unit in frozenset(Unit))
        and isinstance(answers, dict)
        and len(answers) <= MOST_ANSWERS
        and all(isinstance(text, str) and len(text) <= 200 for pair in answers.items() for text in pair)
    )
    if not is_right:
        raise Unusable(WRONG)
    return PlaceOfBlock(edition, grid, field, {**learned, **answers}, Unit(unit) if unit else None)


def block_in(data: Any) -> list[list[str]]:
    """The cells of a request, rows of texts. Raises `Unusable`."""
    rows = data.get("rows") if isinstance(data, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise Unusable(WRONG)
    if not all(isinstance(text, str) for row in rows for text in row):
        raise Unusable(WRONG)
    length = sum(len(text) for row in rows for text in row)
    if len(rows) > MOST_ROWS or max(map(len, rows), default=0) > MOST_COLUMNS or length > LONGEST_BLOCK:
        raise Unusable(TOO_LARGE, status=413)
    return rows


def answer_to_block(texts: list[list[str]], place: PlaceOfBlock) -> dict[str, Any]:
    """The texts of the controls that a block fills, and all that has to be said or asked about it."""
    block = read_block(texts, place)
    own = _own_grid(block, place)
    known = [item.field for item in place.edition.grids[place.grid].columns] if place.grid else []
    columns = [name for name in block.columns.get(place.kind_of_rows, ()) if name in known]
    return {
        "rows": [row_texts(row, columns, place) for row in block.rows.get(own, ())],
        "columns": columns,
        "fields": field_texts(block.items, place.edition),
        "has_head": block.has_head,
        "skipped": [*(text for text in block.skipped if text), *_foreign(block, place, known)],
        "surplus": block.skipped.count(""),
        "lines": list(block.lines),
        "elsewhere": _elsewhere(block, own, place.edition),
        "department": block.department,
        "other_form": block.other_form,
        "questions": [_question(question) for question in block.questions if question.kind != "year"],
    }


def _own_grid(block: ReadBlock, place: PlaceOfBlock) -> str:
    """The rows that are meant: optional tasks may be copied without the line that announces them."""
    is_announced = place.grid == "optional_tasks" and block.rows["optional_tasks"]
    return "optional_tasks" if is_announced else place.kind_of_rows


def _foreign(block: ReadBlock, place: PlaceOfBlock, known: list[str]) -> list[str]:
    """The columns that another edition has."""
    found = block.columns.get(place.kind_of_rows, ())
    return [column_label(place.kind_of_rows, name) for name in found if name not in known]


def _elsewhere(block: ReadBlock, own: str, edition: Edition) -> list[list[Any]]:
    """The rows that belong into other grids: the label of each and their number."""
    return [
        [edition.grids[name].label, len(rows)]
        for name, rows in block.rows.items()
        if rows and name != own and name in edition.grids
    ]


def _question(question: Question) -> dict[str, Any]:
    """A question of the reader with the key of its answer, and the choices in words."""
    choices = [[value, _in_words(question.kind, value)] for value in question.candidates]
    return {"kind": question.kind, "key": label_key(question.text), "message": question.message, "choices": choices}


def _in_words(kind: str, value: str) -> str:
    if kind == "unit":
        return value
    return column_label(*value.split(".", 1)) if kind == "column" else label_of(value)


# --- texts of controls -------------------------------------------------------------------------------


def field_texts(items: Mapping[str, FoundValue], edition: Edition) -> dict[str, str]:
    """The single values that have a control in the form."""
    return {
        name: control_text_of(found, edition.items[name], FIELDS[name])
        for name, found in items.items()
        if name in edition.items and name != "department"
    }


def row_texts(row: Mapping[str, FoundValue], columns: list[str], place: PlaceOfBlock) -> dict[str, str]:
    """The texts of a row: an empty cell empties its control, a category that is not said leaves it."""
    grid, texts = place.edition.grids[place.grid], {}
    for name in columns:
        item, found = grid.column(name), row.get(name)
        if item and grid.kind(name) is not FieldKind.LEVEL:
            texts[name] = control_text_of(found, item, grid.kind(name)) if found else ""
    return texts | level_texts(row, columns, place.edition)


def control_text_of(found: FoundValue, item: Item, kind: FieldKind) -> str:
    """A value as its control shows it, amounts in the unit of the form; what is no amount stays as it was typed."""
    text = as_text(found.value)
    if not kind.kept_in:
        return "" if kind is FieldKind.COUNT and is_nothing(text) else text
    if is_nothing(text):
        return ""
    try:
        amount, _ = as_amount(text, found.unit or item.unit, kind)
    except AmountError:
        return text
    return control_text(item, kind, amount)


def level_texts(row: Mapping[str, FoundValue], columns: list[str], edition: Edition) -> dict[str, str]:
    """一级指标 and 二级指标 as the edition prints them: a known 二级指标 says its 一级指标."""
    level1, level2 = (as_level(row[name].value) if name in row else "" for name in ("level1", "level2"))
    printed = {kind: (level1, str(kind)) for level1, kinds in edition.taxonomy for kind in kinds}
    kind = kind_of(level2) if level2 else None
    if kind in printed:
        return dict(zip(("level1", "level2"), printed[kind], strict=True))
    firsts = {name.removesuffix("指标"): name for name, _ in edition.taxonomy}
    texts = {"level1": firsts.get(level1.removesuffix("指标"), level1), "level2": level2}
    return {name: text for name, text in texts.items() if text and name in columns}

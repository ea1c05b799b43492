"""Whatever is in a cell is a value of the table, a label, or listed as left out; and values are never glued."""

from hypothesis import given, settings
from hypothesis import strategies as st

from declarations.files.opening.sheet import Sheet, address
from declarations.files.reading.reader import read_sheets
from declarations.files.reading.vocabulary import key_of, vocabulary
from declarations.sheet.official.labels import fold_text, unit_in
from declarations.sheet.official.wordings import MEASURE_UNITS, SIGNS
from declarations.sheet.problems import Refused
from indicators.taxonomy import kind_of
from tests.samples import rows_of, sample

LABELS = (
    "*财政供养人员数(人) 编制数 实有人数 供养人头数 1.基本支出 其中：人员经费 项目支出（含专项） 财政拔款 上级补助收入 "
    "序号 计量单位 指标权重 备注 责任科室 周期指标值 2026年指标值 上年实际值 一级 预期效果 实施周期 预算金额 "
    "预算金额（千元） 单位：万元 年度 （2026年度） 部门名称 绩效指标 年度重点工作任务 总体绩效目标"
)
OTHERS = (
    "合计 小计 合计发放补贴人数 填表人：张三 联系电话 审核意见反馈及时率 主管部门审核意见： 填报日期：2025年11月20日 "
    "注：本表一式三份 第1页 （盖章） 产出指标（50分） 质量指标① ≥90% 100 3200 亩 % ≥ - 无 —— 同意申报。 云溪市水务局 "
    "2026年部门整体预算绩效目标申报表 填报单位：云溪市水务局 其他说明文字若干。"
)
TEXTS = st.sampled_from((LABELS + " " + OTHERS).split(" "))
CELLS = TEXTS | st.integers(0, 10**7) | st.floats(0, 10**6, allow_nan=False) | st.none()
ROWS = st.lists(CELLS, min_size=1, max_size=7)


@st.composite
def sheets(draw):
    """The printed form with cells replaced, rows put in, a column put in, columns hidden."""
    rows = [list(row) for row in rows_of(sample(draw(st.sampled_from(["2023", "2026"]))))]
    for _ in range(draw(st.integers(0, 4))):
        row = rows[draw(st.integers(0, len(rows) - 1))]
        row[draw(st.integers(0, len(row) - 1))] = draw(CELLS)
    for _ in range(draw(st.integers(0, 3))):
        rows.insert(draw(st.integers(1, len(rows))), draw(ROWS))
    if draw(st.booleans()):
        place = draw(st.integers(0, 6))
        rows = [[*row[:place], draw(CELLS), *row[place:]] for row in rows]
    hidden = draw(st.sets(st.integers(1, 8), max_size=2))
    return Sheet("Sheet1", rows, hidden_columns=hidden)


def is_label(value):
    """Whether a text announces something, in whatever place it stands."""
    words, key = vocabulary(), key_of(value)
    known = (words.items, words.sections, words.headings, words.heads, words.first_levels, MEASURE_UNITS, SIGNS)
    return any(key in keys for keys in known) or kind_of(key) is not None or unit_in(value) or key.startswith("其他需")


def is_part_of_text(value, texts):
    """Whether a text stands in a longer value: a line of the goal, a unit after its number."""
    return isinstance(value, str) and value.strip().replace("\n", "\\n") in texts


@settings(max_examples=300, deadline=None)
@given(sheets())
def test_every_filled_cell_is_a_value_or_a_label_or_left_out(sheet):
    try:
        reads = read_sheets([sheet], year=2026)
    except Refused:
        return
    taken = {cell for read in reads for cell in read.cells.values()}
    listed = {entry.cell for read in reads for entry in read.left_out}
    asked = {question.cell for read in reads for question in read.questions}
    named = {problem.cell for read in reads for problem in read.problems if problem.code == "R14"}
    texts = "\n".join(str(read.table.to_json()) for read in reads)
    for i, row in enumerate(sheet.rows, 1):
        for j, value in enumerate(row, 1):
            if value is None or value == "":
                continue
            cell = address(i, j)
            is_kept = cell in taken or cell in listed or cell in asked or cell in named
            assert is_kept or is_label(value) or is_part_of_text(value, texts), (cell, value)


@settings(max_examples=300, deadline=None)
@given(sheets())
def test_a_text_holds_what_its_cell_holds_and_nothing_else(sheet):
    try:
        reads = read_sheets([sheet], year=2026)
    except Refused:
        return
    for read in reads:
        for path, cell in read.cells.items():
            value = read.table.value(path)
            if isinstance(value, str) and value and path != "overall_goal":
                assert "\n" not in value or "\n" in str(stored(sheet, cell)), (path, cell, value)
                assert fold_text(value) in fold_text(stored(sheet, cell)) or is_joined(value, sheet), (
                    path,
                    cell,
                    value,
                )


def stored(sheet, cell):
    return next(value for i, row in enumerate(sheet.rows, 1) for j, value in enumerate(row, 1) if address(i, j) == cell)


def is_joined(value, sheet):
    """Whether a value is a number with the sign or the unit of a cell beside it, or a number as people write it."""
    parts = {fold_text(text) for row in sheet.rows for text in row if text not in (None, "")}
    rest = fold_text(value)
    return any(rest.endswith(part) or rest.startswith(part) for part in parts) or rest.replace(".", "").isdigit()


def test_what_only_begins_like_a_table_above_the_first_is_not_lost():
    rows = [["部门名称"], ["编制数"], *rows_of(sample("2023"))[1:]]
    [read] = read_sheets([Sheet("Sheet1", rows)], year=2026)
    assert read.table.department == "云溪市水务局"
    assert "A2" in {entry.cell for entry in read.left_out}


def test_a_number_before_a_level_is_not_joined_to_it():
    rows = [[*row[:2], "甲" if "三级指标" in row else None, *row[2:]] for row in rows_of(sample("2023"))]
    [read] = read_sheets([Sheet("Sheet1", [*rows, [0, "编制数", "甲"]])], year=2026)
    last = len(rows) + 1
    assert {f"A{last}", f"B{last}"} <= {entry.cell for entry in read.left_out}

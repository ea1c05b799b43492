"""The year of a table: what states it, what only looks like it, and what contradicts."""

import pytest

from declarations.files.opening.sheet import Sheet
from declarations.files.reading.reader import read_sheets
from declarations.sheet.problems import Severity
from tests.samples import rows_of, sample

TITLE = "部门整体预算绩效目标申报表"


def read_with(*lines, name="申报表.xlsx", sheet="Sheet1", **options):
    [read] = read_sheets([Sheet(sheet, [*lines, *rows_of(sample())[1:]])], name=name, **options)
    return read


def errors(read):
    return [problem.message for problem in read.problems if problem.severity is Severity.ERROR]


@pytest.mark.parametrize(
    ("lines", "name", "year"),
    [
        ([[f"2027年{TITLE}"]], "申报表.xlsx", 2027),
        ([[f"二〇二七年{TITLE}"]], "申报表.xlsx", 2027),
        ([[TITLE], ["（2027年度）"]], "申报表.xlsx", 2027),
        ([[TITLE], ["预算年度", 2027]], "申报表.xlsx", 2027),
        ([[TITLE], ["申报年度：", "2027年"]], "申报表.xlsx", 2027),
        ([[TITLE], ["填报日期：2025年11月20日"]], "123-2027年申报表.xlsx", 2027),
        ([[TITLE], ["云财绩〔2025〕18号 附件2"]], "申报表2027.xlsx", 2027),
        ([[TITLE], ["2025年11月制"]], "2027/申报表_2027年.xlsx", 2027),
        ([[TITLE], [None, None, "2025-11-20"]], "申报表20251120-2027年.xlsx", 2027),
        ([[TITLE]], "2027年/水务局.xlsx", 2027),
    ],
)
def test_the_year_is_what_states_it(lines, name, year):
    read = read_with(*lines, name=name)
    assert (read.table.year, errors(read), read.questions) == (year, [], ())


@pytest.mark.parametrize(
    "line",
    ["填报日期：2025年11月20日", "云财绩〔2025〕18号", "2025年11月制", "云财绩(2025)18号", "2025.11.20", "2025年版"],
)
def test_a_date_or_a_document_number_is_no_year(line):
    read = read_with([TITLE], [line])
    assert read.table.year is None and "看不出" in errors(read)[0]


@pytest.mark.parametrize(
    ("lines", "name", "year"),
    [
        ([[f"2026年{TITLE}"], ["预算年度：2027"]], "申报表.xlsx", 2026),
        ([[f"2026年{TITLE}"]], "2027年申报表.xlsx", 2026),
        ([[f"2026年{TITLE}"]], "2027年/水务局.xlsx", 2026),
        ([[TITLE]], "2026年/2027年申报表.xlsx", None),
    ],
)
def test_a_contradiction_is_an_error_and_a_question(lines, name, year):
    read = read_with(*lines, name=name)
    [question] = read.questions
    assert (question.kind, set(question.candidates)) == ("year", {"2026", "2027"})
    assert "2027" in errors(read)[0] and read.table.year == year


def test_an_answer_or_a_given_year_settles_it():
    lines = [[f"2026年{TITLE}"], ["预算年度：2027"]]
    answered, given = read_with(*lines, answers={"年度": "2027"}), read_with(*lines, year=2027)
    for read in (answered, given):
        assert (read.table.year, errors(read), read.questions) == (2027, [], ())
        assert "2026" in read.problems[0].message

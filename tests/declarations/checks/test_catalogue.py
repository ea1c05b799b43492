"""The catalogue: one check, one function; all of them run, and what could not run says so."""

import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from declarations.checks import CATALOGUE, MODULES, Context, Need, check, not_run
from declarations.checks.catalogue import Check, Parameter, enters
from declarations.checks.reference import page
from declarations.problems import Severity, blocking
from declarations.table import Table
from tests.samples import sample
from tests.strategies import tables

ROOT = Path(__file__).resolve().parents[3]
FIRST = {"B01", "B02", "B04", "B06", "F01", "F03", "T01", "T07", "V01", "V07", "Y02", "W03"}


def codes(table, **context):
    return [problem.code for problem in check(table, context=Context(**context))]


def test_the_first_twelve_block_and_b03_asks():
    assert CATALOGUE.keys() == FIRST | {"B03"}
    assert {code for code, entry in CATALOGUE.items() if entry.severity is Severity.ERROR} == FIRST


@pytest.mark.parametrize("entry", CATALOGUE.values(), ids=lambda entry: entry.code)
def test_every_check_has_its_title_its_reason_and_its_function(entry):
    assert entry.title
    assert entry.reason
    assert entry.find.__module__ in {module.__name__ for module in MODULES}


def test_a_complete_table_has_no_findings():
    assert check(sample()) == []
    assert not_run(sample()) == []


def test_the_published_table_of_2026_passes_all_of_them(example_path):
    from declarations.workbook.opening import open_sheets
    from declarations.workbook.reader import read_sheets

    data = example_path("zhanjiang-foreign-affairs-2026.txt").read_bytes()
    [read] = read_sheets(open_sheets(data), year=2026)
    assert check(read.table) == []
    assert not_run(read.table) == []


def test_a_check_without_what_it_needs_is_not_run_and_says_so():
    table = replace(sample(), year=None)
    [left_out] = not_run(table)
    assert (left_out.check.code, left_out.needs) == ("Y02", (Need.YEAR,))
    assert str(left_out) == "Y02 完成时间不在申报年度内：未检查，缺少申报年度"
    assert not_run(table, context=Context(year=2026)) == []


def test_the_year_of_the_context_wins():
    assert codes(sample(), year=2027) == ["Y02"]


def test_an_imported_year_is_never_blocked():
    table = Table("2026", year=2020)
    strict, lenient = check(table), check(table, context=Context(is_imported=True))
    assert blocking(strict)
    assert [problem.code for problem in strict] == [problem.code for problem in lenient]
    assert blocking(lenient) == []


def test_a_cycle_may_change_severities_and_thresholds():
    table = replace(sample(), other_funds=Decimal("30.5"))
    assert [problem.severity for problem in check(table)] == [Severity.ERROR]
    milder = Context(severities={"B01": Severity.INFO})
    assert [problem.severity for problem in check(table, context=milder)] == [Severity.INFO]
    assert codes(table, parameters={"B01": {"tolerance": "0.5"}}) == []


def test_parameters_are_read_from_json_in_the_type_of_their_default():
    assert Parameter("tolerance", "允许误差", Decimal("0.01")).read("0.05") == Decimal("0.05")
    assert Parameter("length", "字数", 50).read("60") == 60
    assert Parameter("words", "用语", ("增长",)).read(["增长", "下降"]) == ("增长", "下降")


@pytest.mark.parametrize(
    ("default", "value"),
    [
        (Decimal(1), "一"),
        (Decimal(1), "NaN"),
        (50, "1.5"),
        (50, None),
        (("增长",), "增长"),
        (("增长",), [1]),
        (("增长",), [""]),
    ],
)
def test_a_parameter_of_another_type_is_refused(default, value):
    with pytest.raises(ValueError, match="用语应为"):
        Parameter("words", "用语", default).read(value)


def test_a_code_is_given_once_and_parameters_have_names_for_people(monkeypatch):
    monkeypatch.setattr("declarations.checks.catalogue.CATALOGUE", dict(CATALOGUE))
    with pytest.raises(ValueError, match="B01"):
        enters("B01", Severity.ERROR, "重复", "无")(lambda case: iter(()))
    with pytest.raises(ValueError, match="tolerance"):
        enters("Z99", Severity.ERROR, "没有参数", "无", tolerance="误差")(lambda case: iter(()))
    with pytest.raises(KeyError, match="tolerance"):
        enters("Z98", Severity.ERROR, "参数没有名称", "无")(needs_a_label)


def needs_a_label(case, *, tolerance=1):
    yield from ()


def test_a_new_check_is_one_function(monkeypatch):
    monkeypatch.setattr("declarations.checks.catalogue.CATALOGUE", {})

    @enters("Z01", Severity.INFO, "部门名称过短", "示例", shortest="最少字数")
    def too_short(case, *, shortest: int = 3):
        if len(case.table.department) < shortest:
            yield "department", "部门名称过短", "请填写全称。"

    assert codes(replace(sample(), department="局")) == ["Z01"]
    assert codes(replace(sample(), department="局"), parameters={"Z01": {"shortest": 1}}) == []


def test_the_page_of_checks_is_the_catalogue():
    assert (ROOT / "docs" / "checks.md").read_text("utf-8") == page(), (
        "run: python -m declarations.checks.reference > docs/checks.md"
    )


def test_the_checks_need_no_django():
    code = "import sys, declarations.checks; sys.exit(any(name.split('.')[0] == 'django' for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


strange_amounts = st.sampled_from(
    [
        Decimal("NaN"),
        Decimal("sNaN"),
        Decimal("Infinity"),
        Decimal("-1"),
        Decimal("1E+999"),
        Decimal("1E-999"),
        Decimal("0E+9"),
    ]
)
strange_paths = st.one_of(
    st.sampled_from(
        [
            "staff_count",
            "funding",
            "key_tasks.0.funding",
            "key_tasks.99.funding",
            "key_tasks.x.y",
            "a.b.c",
            "indicators",
        ]
    ),
    st.text(max_size=20),
)


@given(tables(), strange_amounts, st.dictionaries(strange_paths, st.text(max_size=20), max_size=3), st.data())
def test_no_table_makes_a_check_fail(table, amount, unread, data):
    tasks = tuple(replace(task, funding=data.draw(st.none() | st.just(amount))) for task in table.key_tasks)
    strange = replace(table, key_tasks=tasks, project_expenditure=amount, staff_count=-1, unread=table.unread | unread)
    for examined in (table, strange):
        problems = check(examined, context=Context(year=2026, is_imported=data.draw(st.booleans())))
        assert all(problem.code in CATALOGUE and problem.message and problem.hint for problem in problems)


@given(tables())
def test_every_finding_names_a_field_of_the_table(table):
    grids = {"indicators", "key_tasks"}
    known = {*table.paths(), *table.unread, *grids, *table.form.items}
    for problem in check(table, context=Context(year=2026)):
        assert problem.field in known or problem.field.split(".")[0] in grids


def test_very_long_texts_are_checked_in_stride():
    table = sample()
    long = replace(table, overall_goal="（" * 16_000 + "_" * 16_000)
    assert [problem.code for problem in check(long)] == ["W03"]


def test_a_check_is_a_value():
    assert isinstance(CATALOGUE["B01"], Check)
    assert CATALOGUE["B01"].parameters[0].label == "允许误差（万元）"

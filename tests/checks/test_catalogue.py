"""The catalogue: one check, one function; all of them run, and what could not run says so."""

import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from declarations.checks import CATALOGUE, MODULES, Context, Need, check, not_run
from declarations.checks.catalogue import Check, Parameter, enters
from declarations.checks.reference import reference_page
from declarations.sheet.problems import Severity, blocking_problems
from declarations.sheet.table import Table
from tests.samples import clean, sample
from tests.strategies import tables

ROOT = Path(__file__).resolve().parents[2]
ERRORS = {"B01", "B02", "B04", "B06", "B09", "F01", "F03", "Y02", "T01", "T07", "V01", "V07", "V13", "W03"}
NOTICES = {"B05", "L01", "L05", "L06"}
OFFICIAL = {
    *(f"B{i:02}" for i in range(1, 10)), "F01", "F03", "F04", "F05", "Y01", "Y02", *(f"T{i:02}" for i in range(1, 12)),
    *(f"V{i:02}" for i in range(1, 19)), "L01", "L02", "L04", "L05", "L06", "W01", "W02", "W03", "S01", "C01",
}  # fmt: skip
"""The table of checks of the design, code by code."""
EVERYTHING = Context(year=2026, last_year=sample(), subordinate_units=3, limits={"basic_expenditure": Decimal(3000)})


def codes(table, **context):
    return [problem.code for problem in check(table, context=Context(**context))]


def test_the_catalogue_is_the_official_list_with_its_severities():
    assert CATALOGUE.keys() == OFFICIAL
    of = {severity: {c for c, entry in CATALOGUE.items() if entry.severity is severity} for severity in Severity}
    assert (of[Severity.ERROR], of[Severity.INFO]) == (ERRORS, NOTICES)


def test_what_a_check_cannot_do_without():
    needs = {code: set(entry.needs) for code, entry in CATALOGUE.items() if entry.needs}
    assert needs == {
        **{code: {Need.LAST_YEAR} for code in ("B08", "V12", "C01")},
        **{code: {Need.YEAR} for code in ("Y01", "Y02")},
        "B09": {Need.LIMITS},
        "F05": {Need.TREE},
        "L01": {Need.LINKS},
    }


@pytest.mark.parametrize("entry", CATALOGUE.values(), ids=lambda entry: entry.code)
def test_every_check_has_its_title_its_reason_and_its_function(entry):
    assert entry.title
    assert entry.reason
    assert entry.find.__module__ in {module.__name__ for module in MODULES}


@pytest.mark.parametrize("edition", ["2023", "2026"])
def test_a_good_table_has_no_findings(edition):
    assert check(clean(edition)) == []


def test_a_check_without_what_it_needs_is_not_run_and_says_so():
    table = replace(sample(), year=None)
    left_out = {str(one.check.code): one.needs for one in not_run(table)}
    assert left_out == {
        "B08": (Need.LAST_YEAR,), "B09": (Need.LIMITS,), "C01": (Need.LAST_YEAR,), "F05": (Need.TREE,),
        "V12": (Need.LAST_YEAR,), "Y01": (Need.YEAR,), "Y02": (Need.YEAR,),
    }  # fmt: skip
    assert "Y02 完成时间不在申报年度内：未检查，缺少申报年度" in map(str, not_run(table))
    assert not_run(table, context=EVERYTHING) == []


def test_the_year_of_the_context_wins():
    assert codes(clean(), year=2027) == ["Y02"]


def test_an_imported_year_is_never_blocked():
    table = Table("2026", year=2020)
    strict, lenient = check(table), check(table, context=Context(is_imported=True))
    assert blocking_problems(strict)
    assert [problem.code for problem in strict] == [problem.code for problem in lenient]
    assert blocking_problems(lenient) == []


def test_a_cycle_may_change_severities_and_thresholds():
    table = replace(clean(), other_funds=Decimal("30.5"))
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
    monkeypatch.setattr("declarations.sheet.codes.MEANINGS", {})
    monkeypatch.setattr("declarations.checks.catalogue.CATALOGUE", {})

    @enters("Z01", Severity.INFO, "部门名称过短", "示例", shortest="最少字数")
    def too_short(case, *, shortest: int = 3):
        if len(case.table.department) < shortest:
            yield "department", "部门名称过短", "请填写全称。"

    assert codes(replace(sample(), department="局")) == ["Z01"]
    assert codes(replace(sample(), department="局"), parameters={"Z01": {"shortest": 1}}) == []


def test_the_page_of_checks_is_the_catalogue():
    assert (ROOT / "docs" / "checks.md").read_text("utf-8") == reference_page(), (
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


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(tables(), strange_amounts, st.dictionaries(strange_paths, st.text(max_size=20), max_size=3), st.data())
def test_no_table_makes_a_check_fail(table, amount, unread, data):
    tasks = tuple(replace(task, funding=data.draw(st.none() | st.just(amount))) for task in table.key_tasks)
    strange = replace(table, key_tasks=tasks, project_expenditure=amount, staff_count=-1, unread=table.unread | unread)
    for examined in (table, strange):
        problems = check(examined, context=replace(EVERYTHING, last_year=table, is_imported=data.draw(st.booleans())))
        assert all(problem.code in CATALOGUE and problem.message and problem.hint for problem in problems)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(tables())
def test_every_finding_names_a_field_of_the_table(table):
    grids = {"indicators", "key_tasks"}
    known = {*table.paths(), *table.unread, *grids, *table.form.items}
    for problem in check(table, context=EVERYTHING):
        assert problem.field in known or problem.field.split(".")[0] in grids


def test_very_long_texts_are_checked_in_stride():
    table = clean()
    long = replace(table, overall_goal="（" * 16_000 + "_" * 16_000)
    assert [problem.code for problem in check(long)] == ["F04", "T09", "W03"]


def test_a_check_is_a_value():
    assert isinstance(CATALOGUE["B01"], Check)
    assert CATALOGUE["B01"].parameters[0].label == "允许误差（万元）"

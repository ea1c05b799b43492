"""Findings folded by kind."""

from declarations.checks import Context, check
from declarations.checks.folding import COVERED_BY, fold_findings
from declarations.sheet.problems import Problem, Severity
from tests.checks.looking import with_indicator
from tests.checks.test_published import faulty


def test_many_findings_read_as_a_dozen_or_two():
    problems = check(faulty(), context=Context(year=2026))
    folds = fold_findings(problems)
    assert len(problems) > 40
    assert len(folds) < len(problems) / 2
    assert len({fold.code for fold in folds}) == len(folds)


def test_the_heaviest_come_first():
    problems = [Problem("L05", Severity.INFO, "a", "b", "x"), Problem("B01", Severity.ERROR, "a", "b", "y")]
    assert [fold.code for fold in fold_findings(problems)] == ["B01", "L05"]


def test_nothing_is_said_twice_in_other_words():
    table = with_indicator("机构运行", "有力保障", "有力保障")
    assert {"V04", "V10"} <= {problem.code for problem in check(table)}
    assert "V04" not in {fold.code for fold in fold_findings(check(table))}


def test_what_stands_elsewhere_is_another_finding():
    covered = Problem("L02", Severity.WARNING, "a", "b", "key_tasks.0.expected_outcome")
    other = Problem("V11", Severity.WARNING, "a", "b", "key_tasks.1.expected_outcome")
    assert [fold.code for fold in fold_findings([covered, other])] == ["L02", "V11"]
    assert COVERED_BY["L02"]


def test_what_the_reader_says_has_its_message_as_title():
    [fold] = fold_findings([Problem("R03", Severity.ERROR, "没有读出", "请补上", "department")])
    assert (fold.title, fold.severity) == ("没有读出", Severity.ERROR)

"""What the page of a declaration compares with, for whom, and what it then shows."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.urls import reverse

from declarations.models import Code, Declaration, State
from declarations.record import store
from declarations.reviewing import comments, workflow
from declarations.sheet.controls import texts_of
from tests import factories
from tests.costs import processor_time_below

GOAL = factories.GOAL


class Desk:
    """A department with an approved table of last year, and this year's, reported once or twice."""

    def __init__(self, client, last_year: bool = True) -> None:
        self.client = client
        self.department = factories.department(division=factories.division())
        self.bureau = self.department.bureau
        self.people = {
            "filler": factories.person("filler", self.department),
            "head": factories.person("head", self.department),
            "division": factories.person("division", self.department.division),
            "performance": factories.person("performance", self.bureau),
            "observer": factories.person("observer", self.bureau),
        }
        if last_year:
            cycle = factories.cycle(self.bureau, year=2026)
            said = factories.table(staff_count=30, basic_expenditure=Decimal("1000"))
            self.last = factories.declaration(
                self.department, cycle=cycle, said=said, state=State.APPROVED, is_imported=True
            )
        self.declaration = factories.declaration(self.department)

    def take(self, *steps: tuple[str, str], **values) -> None:
        for action, role in steps:
            workflow.perform_move(self.declaration.pk, action, self.people[role], **values)
        self.declaration = Declaration.objects.get(pk=self.declaration.pk)

    def report(self) -> None:
        factories.explain(self.declaration, self.people["filler"])
        factories.answer(self.declaration, self.people["filler"])
        self.take(("send_to_head", "filler"), ("submit", "head"))

    def write(self, **values) -> None:
        store.save_table(self.declaration, replace(store.table_of(self.declaration), **values))
        self.declaration = Declaration.objects.get(pk=self.declaration.pk)

    def twice(self, **values) -> None:
        """Reported, returned, rewritten and reported again."""
        self.report()
        self.take(("return", "division"), comment="请细化。")
        self.write(**values)
        self.report()

    def frozen(self, **values) -> None:
        """Says this, as if it had been reported, whatever the checks say."""
        self.write(**values)
        Declaration.objects.filter(pk=self.declaration.pk).update(state=State.SUBMITTED, submissions=2)
        self.declaration = Declaration.objects.get(pk=self.declaration.pk)
        factories.freeze(self.declaration)

    def see(self, role: str, more: str = "", page: str = "detail"):
        self.client.force_login(self.people[role])
        return self.open(more, page)

    def open(self, more: str = "", page: str = "detail"):
        return self.client.get(reverse(f"declarations:{page}", args=[self.declaration.pk]) + more)


@pytest.fixture
def desk(db, client):
    return Desk(client)


def shown(answer) -> tuple[str, list[str]]:
    """The way of comparing, and the places that changed."""
    compared = answer.context["compared"]
    return compared.mode, [mark.label for mark in compared.comparison.marks] if compared.comparison else []


# --- which is compared ---------------------------------------------------------------------------


def test_the_first_submission_is_compared_with_last_year(desk):
    desk.report()
    answer = desk.see("division")
    assert shown(answer) == ("year", ["财政供养人员数", "基本支出"])
    page = answer.content.decode()
    assert "较上年：" in page
    assert "改写 2 处" in page
    assert "支出合计 +6.5%" in page
    assert "没有上次报送的版本。" in page


def test_a_later_submission_is_compared_with_what_was_returned(desk):
    desk.twice(staff_count=31)
    answer = desk.see("division")
    assert shown(answer) == ("previous", ["财政供养人员数"])
    assert answer.context["compared"].frozen.state == State.RETURNED
    page = answer.content.decode()
    assert "<del>33</del><ins>31</ins>" in page
    assert "上年：30" in page


def test_without_anything_before_that_is_said(client, db):
    desk = Desk(client, last_year=False)
    desk.report()
    answer = desk.see("division")
    assert shown(answer) == ("none", [])
    page = answer.content.decode()
    assert "没有2026年度（上年）已批复的申报表。" in page
    assert "没有上次报送的版本。" in page


def test_a_table_that_says_the_same_says_so(desk):
    desk.twice()
    assert "没有变化" in desk.see("division").content.decode()


def test_what_was_withdrawn_was_reported_too(desk):
    desk.report()
    desk.take(("withdraw", "head"))
    desk.write(staff_count=35)
    desk.report()
    assert shown(desk.see("division")) == ("previous", ["财政供养人员数"])


def test_a_third_submission_is_compared_with_the_second(desk):
    desk.twice(staff_count=31)
    desk.take(("pass", "division"), ("return", "performance"), comment="再核实。")
    desk.write(subordinate_unit_count=2)
    desk.report()
    assert shown(desk.see("division")) == ("previous", ["下属二级单位数"])


def test_an_adjustment_is_compared_with_what_was_approved(desk):
    desk.report()
    desk.take(("pass", "division"), ("approve", "performance"))
    desk.take(("adjust", "performance"), comment="调整。")
    desk.write(staff_count=40)
    desk.report()
    assert shown(desk.see("performance")) == ("previous", ["财政供养人员数"])


# --- who may see what ----------------------------------------------------------------------------


def test_the_bureau_never_compares_with_what_was_not_reported(desk):
    """The head sent it back once: that version stays between the two of them."""
    factories.explain(desk.declaration, desk.people["filler"])
    desk.take(("send_to_head", "filler"), ("send_back", "head"), comment="重写。")
    desk.write(overall_goal=GOAL + "另行完成一项任务。")
    desk.report()
    assert shown(desk.see("division", "?compare=previous"))[0] == "year"
    desk.take(("return", "division"), comment="请细化。")
    desk.write(overall_goal=GOAL + "尚未报送的文字。")
    answer = desk.see("division")
    assert "尚未报送的文字" not in answer.content.decode()
    assert shown(answer)[0] == "year"


def test_nothing_is_compared_where_nothing_may_be_read(desk):
    for more in ("", "?compare=year", "?compare=previous"):
        answer = desk.see("division", more)
        assert "compared" not in answer.context
        assert "报送之后您才能查看内容" in answer.content.decode()
    assert desk.open("?compare=year", "print").status_code == 403


def test_the_department_compares_its_draft_with_what_was_returned(desk):
    desk.report()
    desk.take(("return", "division"), comment="请细化。")
    desk.write(staff_count=31)
    assert shown(desk.see("filler")) == ("previous", ["财政供养人员数"])


def test_an_observer_compares_what_was_approved_with_what_was_approved(desk):
    desk.twice(staff_count=31)
    assert desk.see("observer").status_code == 404
    desk.take(("pass", "division"), ("approve", "performance"))
    answer = desk.see("observer", "?compare=previous")
    assert shown(answer) == ("year", ["财政供养人员数", "基本支出"])
    assert "<del>33</del>" not in answer.content.decode()


def test_last_year_is_compared_only_for_those_who_find_it(desk, client):
    """Somebody who may read this year's table of a department that was in another bureau's hands last year."""
    desk.report()
    Declaration.objects.filter(pk=desk.last.pk).update(state=State.DRAFT)
    assert shown(desk.see("division"))[0] == "none"


# --- the choice ----------------------------------------------------------------------------------


def test_a_choice_is_kept_for_the_next_and_falls_back_on_what_there_is(desk):
    desk.twice(staff_count=31)
    home = factories.department(division=desk.department.division)
    other = factories.declaration(home, state=State.SUBMITTED, cycle=desk.declaration.cycle)
    answer = desk.see("division", "?compare=year")
    assert shown(answer)[0] == "year"
    url = reverse("declarations:detail", args=[other.pk])
    assert f'href="{url}?compare=year"' in answer.content.decode()
    assert shown(desk.open())[0] == "year"
    assert shown(desk.client.get(f"{url}?compare=year"))[0] == "none"
    assert shown(desk.open())[0] == "year"
    assert shown(desk.open("?compare=nothing-we-know"))[0] == "year"


def test_nobody_elses_choice_counts(desk):
    desk.twice(staff_count=31)
    desk.see("division", "?compare=none")
    assert shown(desk.see("performance"))[0] == "previous"


def test_only_the_rows_that_changed_are_shown_on_request_and_on_this_page_only(desk):
    desk.report()
    page = desk.see("division", "?rows=changed").content.decode()
    assert 'id="cell-staff_count"' in page
    assert 'id="cell-other_funds"' not in page
    assert "显示全部行" in page
    assert 'id="cell-other_funds"' in desk.open().content.decode()


# --- the rest of the page ------------------------------------------------------------------------


def test_rows_that_are_gone_are_struck_named_and_take_no_comment(desk):
    desk.frozen(key_tasks=(factories.task(), factories.task(name="防汛演练", content="组织演练")))
    desk.frozen(key_tasks=(factories.task(),))
    page = desk.see("division").content.decode()
    assert "<del>防汛演练</del>" in page
    assert '<span aria-hidden="true">－</span><span>删除' in page
    # the two levels and the links of the six indicators have no cell of their own
    assert page.count("data-place=") == len(texts_of(store.table_of(desk.declaration))) - 3 * 6


def test_comments_and_findings_stay_at_their_cells(desk):
    desk.twice(key_tasks=(factories.task(name="新的任务", content="全新的内容", expected_outcome="另一个目标"),))
    task = desk.declaration.key_tasks.get()
    field = f"key_tasks-{task.pk}-content"
    given = {"field": field, "code": Code.WORDING, "text": "请细化。", "number": None}
    comments.write_comment(desk.people["division"], desk.declaration, **given)
    page = desk.see("division").content.decode()
    assert f'id="at-{field}"' in page
    assert "已有 1 条" in page
    assert page.count('id="cell-key_tasks.0.name"') == 1


def test_the_print_is_marked_only_when_asked_for(desk):
    desk.twice(staff_count=31)
    desk.see("division", "?compare=previous")
    plain = desk.open(page="print").content.decode()
    assert "<del>" not in plain
    marked = desk.open("?compare=previous", "print").content.decode()
    assert "<del>33</del><ins>31</ins>" in marked
    assert "与上次报送对比" in marked


def test_what_was_typed_is_marked_escaped(desk):
    desk.twice(overall_goal=GOAL + "<script>x</script>")
    page = desk.see("division").content.decode()
    assert "&lt;script&gt;" in page
    assert "<script>x" not in page


# --- cost ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3, 30])
@pytest.mark.parametrize(("mode", "queries"), [("year", 26), ("previous", 26), ("none", 26)])
def test_comparing_takes_the_same_queries_however_many_rows(desk, rows, mode, queries, django_assert_num_queries):
    for word in ("甲", "乙"):
        tasks = tuple(factories.task(name=f"任务{n}{word}") for n in range(rows))
        desk.frozen(key_tasks=tasks, indicators=tuple(factories.indicator(name=f"指标{n}{word}") for n in range(rows)))
    desk.see("division", f"?compare={mode}")
    with django_assert_num_queries(queries):
        assert shown(desk.open())[0] == mode


def test_a_table_of_a_hundred_indicators_is_compared_in_no_time(desk):
    """Some 0.2 s on a quiet machine, marks, findings and all; the bound leaves room for a busy one."""
    many = tuple(factories.indicator(name=f"第{n}类河道巡查次数", annual_value=f"≥{n}次") for n in range(100))
    desk.frozen(indicators=many)
    last = tuple(replace(row, annual_value=f"{row.annual_value}以上", id="") for row in many)
    store.save_table(desk.last, replace(store.table_of(desk.last), indicators=last))
    desk.see("division")
    with processor_time_below(3):
        assert len(shown(desk.open())[1]) == 102

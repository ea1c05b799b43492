"""Home: each role lands on what it has to do now, in a constant number of queries."""

from __future__ import annotations

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from declarations.models import Declaration, ImportBatch, State
from declarations.reviewing import workflow
from declarations.templatetags import ui
from tests import factories

URL = reverse("declarations:home")


@pytest.fixture
def division(db):
    return factories.division()


@pytest.fixture
def department(division):
    return factories.department(division=division)


def page(client, person, **params) -> str:
    client.force_login(person)
    response = client.get(URL, params)
    assert response.status_code == 200
    return response.content.decode()


def report(declaration: Declaration, *actions: str) -> None:
    """Takes the moves one after another, each by somebody who may."""
    department = declaration.department
    people = {
        "send_to_head": ("filler", department),
        "submit": ("head", department),
        "pass": ("division", department.division),
        "return": ("division", department.division),
    }
    for action in actions:
        workflow.perform_move(declaration.pk, action, factories.person(*people[action]), comment="请补充数量指标。")


def test_somebody_without_a_role_is_told_whom_to_ask(client, db):
    assert "还没有授予角色" in page(client, factories.user())


def test_the_filler_sees_state_progress_deadline_and_the_way_on(client, department):
    declaration = factories.declaration(department, said=factories.table(staff_count=None))
    text = page(client, factories.person("filler", department))
    assert "填报中" in text
    assert "填报进度 9" in text
    assert "还有 21 天" in text
    assert "1 处错误" in text
    assert reverse("declarations:fill", args=[declaration.pk]) in text
    assert reverse("declarations:export", args=[declaration.pk]) in text


def test_the_filler_can_begin_a_year_that_is_open(client, department):
    cycle = factories.cycle(department.bureau)
    person = factories.person("filler", department)
    start = reverse("declarations:start", args=[department.pk, cycle.pk])
    assert start in page(client, person)
    response = client.post(start)
    declaration = Declaration.objects.get(department=department, cycle=cycle)
    assert response.headers["Location"] == reverse("declarations:fill", args=[declaration.pk])
    assert client.post(start).headers["Location"] == response.headers["Location"]
    assert Declaration.objects.count() == 1


def test_nobody_begins_a_year_that_is_over(client, department):
    past = timezone.now() - datetime.timedelta(days=1)
    cycle = factories.cycle(department.bureau, deadline=past)
    start = reverse("declarations:start", args=[department.pk, cycle.pk])
    person = factories.person("filler", department)
    assert start not in page(client, person)
    assert client.post(start).status_code == 403
    assert not Declaration.objects.exists()


def test_the_head_is_called_to_certify(client, department):
    report(factories.declaration(department), "send_to_head")
    assert "审定并报送" in page(client, factories.person("head", department))
    assert "审定并报送" not in page(client, factories.person("filler", department))


def test_what_was_said_at_the_return_stands_on_the_card(client, department):
    report(factories.declaration(department), "send_to_head", "submit", "return")
    assert "请补充数量指标。" in page(client, factories.person("filler", department))


def test_what_the_head_sent_back_stands_on_the_card_until_it_is_sent_again(client, department):
    declaration = factories.declaration(department)
    report(declaration, "send_to_head")
    workflow.perform_move(declaration.pk, "send_back", factories.person("head", department), comment="请核对人数。")
    assert "请核对人数。" in page(client, factories.person("filler", department))
    report(declaration, "send_to_head")
    assert "请核对人数。" not in page(client, factories.person("filler", department))


def test_a_card_says_whom_one_waits_for(client, department):
    declaration = factories.declaration(department)
    filler = factories.person("filler", department)
    assert "等待" not in page(client, filler)
    report(declaration, "send_to_head")
    assert "等待部门审核人审定，审定期间不能修改" in page(client, filler)
    report(declaration, "submit")
    assert "等待财政局资金主管科室初审" in page(client, filler)


@pytest.mark.parametrize("state", [State.DRAFT, State.CERTIFYING])
@pytest.mark.parametrize("role", ["filler", "head"])
def test_after_the_deadline_the_card_says_so_and_offers_nothing_that_is_refused(client, department, state, role):
    over = factories.cycle(department.bureau, deadline=timezone.now() - datetime.timedelta(days=1))
    factories.declaration(department, cycle=over, state=state)
    text = page(client, factories.person(role, department))
    assert "申报已截止，不能再修改或报送" in text
    assert "审定并报送" not in text
    assert "继续填报" not in text


def test_the_past_is_listed(client, department):
    old = factories.declaration(department, cycle=factories.cycle(department.bureau, year=2026), state=State.APPROVED)
    factories.declaration(department)
    assert reverse("declarations:detail", args=[old.pk]) in page(client, factories.person("filler", department))


def test_figures_of_a_division_count_its_own_departments(client, division, department):
    report(factories.declaration(department), "send_to_head", "submit")
    factories.declaration(factories.department(division=division))
    factories.department(division=division)
    elsewhere = factories.department(division=factories.division(division.bureau))
    factories.declaration(elsewhere, state=State.SUBMITTED)
    client.force_login(factories.person("division", division))
    part = client.get(URL).context["parts"][0].context
    figures = {card.key: (card.value, card.total) for card in part["cards"]}
    assert figures == {"waiting": (1, None), "returned": (0, None), "approved": (0, 3), "missing": (2, None)}
    assert [row.declaration.department for row in part["listed"]] == [department]


def test_what_a_division_passed_counts_as_passed_there_and_as_waiting_in_the_bureau(client, division, department):
    report(factories.declaration(department), "send_to_head", "submit", "pass")
    counted = {}
    for role, place in (("division", division), ("performance", division.bureau)):
        client.force_login(factories.person(role, place))
        figures = {card.key: card.value for card in client.get(URL).context["parts"][0].context["cards"]}
        counted[role] = (figures["waiting"], figures["approved"])
    assert counted == {"division": (0, 1), "performance": (1, 0)}


def test_a_reviewer_sees_how_long_each_has_waited(client, department):
    report(factories.declaration(department), "send_to_head", "submit")
    assert ui.working(timezone.now() - datetime.timedelta(days=3), 2).endswith(">已等 2 个工作日</time>")
    assert ">今天</time>" in page(client, factories.person("division", department.division))


def test_what_lies_long_back_is_given_as_a_date():
    assert ui.ago(timezone.now() - datetime.timedelta(days=60)) == "60 天前"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", ui.ago(timezone.now() - datetime.timedelta(days=61)))


def test_those_who_have_not_reported_are_named_with_how_far_they_are(client, division, department):
    factories.declaration(department)
    nothing = factories.department(division=division, name="云溪市档案馆")
    text = page(client, factories.person("division", division), show="missing")
    assert department.name in text
    assert nothing.name in text
    assert "未开始" in text


def test_each_reviewer_waits_for_their_own_step(client, department):
    declaration = factories.declaration(department)
    report(declaration, "send_to_head", "submit")
    second = factories.person("performance", department.bureau)
    assert "没有等待您审核的申报表" in page(client, second)
    report(declaration, "pass")
    assert department.name in page(client, second)


def test_a_change_of_the_project_budget_is_shown_with_its_direction(client, department):
    factories.declaration(department, cycle=factories.cycle(department.bureau, year=2026), state=State.APPROVED)
    factories.declaration(department, state=State.SUBMITTED, said=factories.table(project_expenditure=None))
    assert "无上年数" in page(client, factories.person("division", department.division))
    Declaration.objects.filter(cycle__year=2027).update(project_expenditure="79.046")
    assert "项目支出 +10.0%" in page(client, factories.person("division", department.division))


def test_the_administrator_sees_years_and_what_is_still_to_set_up(client, department):
    factories.declaration(department, state=State.SUBMITTED)
    client.force_login(factories.person("administrator", department.bureau, is_staff=True))
    part = client.get(URL).context["parts"][0].context
    assert [(cycle.begun, cycle.reported, cycle.approved) for cycle in part["cycles"]] == [(1, 1, 0)]
    assert part["to_set_up"] == {"declaring": 1, "without_division": 0, "without_filler": 1}


@pytest.mark.parametrize(("written", "says"), [(2, "已导入 2 份"), (0, "没有导入申报表")])
def test_the_administrator_sees_what_came_of_the_latest_imports(client, department, written, says):
    report = {"result_written": written, "not_in": 1}
    batch = ImportBatch.objects.create(bureau=department.bureau, state="applied", report=report)
    text = page(client, factories.person("administrator", department.bureau))
    assert says in text and "命令行" in text and "None" not in text
    assert reverse("declarations:import_detail", args=[batch.pk]) in text


def test_an_observer_finds_what_was_approved_and_nothing_else(client, department):
    factories.declaration(department, state=State.APPROVED)
    other = factories.department(department.bureau)
    factories.declaration(other, state=State.REVIEWED)
    text = page(client, factories.person("observer", department.bureau))
    assert department.name in text
    assert other.name not in text


@pytest.mark.parametrize("rows", [1, 3, 30])
@pytest.mark.parametrize(
    ("role", "queries"), [("division", 21), ("performance", 22), ("administrator", 7), ("observer", 4)]
)
def test_the_bureaus_homes_take_the_same_queries_however_many_declare(
    client, division, role, queries, rows, django_assert_num_queries
):
    for _ in range(rows):
        factories.declaration(factories.department(division=division), state=STATES.get(role, State.SUBMITTED))
    client.force_login(factories.person(role, division if role == "division" else division.bureau))
    with django_assert_num_queries(queries):
        client.get(URL)


STATES = {"performance": State.REVIEWED, "observer": State.APPROVED}


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_a_fillers_home_takes_the_same_queries_however_many_departments_and_rows(
    client, division, rows, django_assert_num_queries
):
    person = factories.user()
    for _ in range(rows):
        department = factories.department(division=division)
        factories.membership(person, "filler", department)
        factories.declaration(department, said=factories.table(key_tasks=(factories.task(),) * rows))
    client.force_login(person)
    with django_assert_num_queries(14):
        client.get(URL)

"""One declaration to read: the official table, findings, history, versions, print preview."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.urls import reverse

from declarations.models import State
from declarations.record import store
from declarations.reviewing import workflow
from tests import factories


@pytest.fixture
def department(db):
    return factories.department(division=factories.division())


@pytest.fixture
def filler(client, department):
    person = factories.person("filler", department)
    client.force_login(person)
    return person


def url(declaration, page: str = "detail", *more) -> str:
    return reverse(f"declarations:{page}", args=[declaration.pk, *more])


def text(client, declaration, page: str = "detail", *more) -> str:
    response = client.get(url(declaration, page, *more))
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_the_page_takes_the_same_queries_however_many_rows(client, department, rows, django_assert_num_queries):
    said = factories.table(
        key_tasks=tuple(factories.task(name=f"任务{n}") for n in range(rows)),
        indicators=tuple(factories.indicator(name=f"指标{n}") for n in range(rows)),
    )
    declaration = factories.declaration(department, said=said, state=State.SUBMITTED)
    client.force_login(factories.person("division", department.division))
    with django_assert_num_queries(21):
        client.get(url(declaration))


def test_the_table_stands_there_as_the_form_prints_it(client, filler, department):
    shown = text(client, factories.declaration(department))
    for words in ("部门整体预算绩效目标申报表", department.name, "1,069.37", "700,000.00", "沿河居民满意度", "≥48次"):
        assert words in shown


def test_an_old_table_is_shown_in_its_own_edition(client, filler, department):
    cycle = factories.cycle(department.bureau, year=2024, edition="2023")
    shown = text(client, factories.declaration(department, cycle=cycle, said=factories.table(edition="2023")))
    assert "2024年市级部门整体预算绩效目标表" in shown
    assert "拟投入的资金（万元）" in shown
    assert "70.00" in shown


def test_what_was_typed_is_shown_escaped(client, filler, department):
    shown = text(client, factories.declaration(department, said=factories.table(overall_goal="<script>x</script>")))
    assert "&lt;script&gt;x&lt;/script&gt;" in shown
    assert "<script>x" not in shown


def test_each_finding_leads_to_its_cell(client, filler, department):
    shown = text(client, factories.declaration(department, said=factories.table(staff_count=None)))
    assert 'href="#cell-staff_count"' in shown
    assert 'id="cell-staff_count"' in shown
    assert "found-E" in shown


def test_a_finding_about_a_row_leads_to_its_first_cell(client, filler, department):
    said = factories.table(key_tasks=(factories.task(), factories.task(funding=None)))
    shown = text(client, factories.declaration(department, said=said))
    assert 'href="#cell-key_tasks.1.' in shown


def test_sums_are_compared_in_words(client, filler, department):
    declaration = factories.declaration(department)
    assert "平衡" in text(client, declaration)
    store.save_table(declaration, replace(store.table_of(declaration), other_funds=factories.table().basic_expenditure))
    assert "不平衡，相差 1,069.37 万元" in text(client, declaration)


def test_the_bureau_learns_nothing_of_a_draft_but_that_it_is_one(client, department):
    declaration = factories.declaration(department, said=factories.table(overall_goal="尚未成文的目标"))
    client.force_login(factories.person("performance", department.bureau))
    shown = text(client, declaration)
    assert "报送之后您才能查看内容" in shown
    assert "尚未成文的目标" not in shown
    for page in ("print", "export"):
        refused = client.get(url(declaration, page))
        assert refused.status_code == 403
        assert "报送之后您才能查看内容" in refused.content.decode()


def test_another_departments_declaration_is_not_there(client, filler):
    for page in ("detail", "print", "export"):
        assert client.get(url(factories.declaration(), page)).status_code == 404


def test_the_history_tells_who_did_what_and_leads_to_the_version(client, filler, department):
    declaration = factories.declaration(department)
    workflow.perform_move(declaration.pk, "send_to_head", filler, comment="请局长审定。")
    shown = text(client, declaration)
    assert "送部门审定" in shown
    assert filler.name in shown
    assert "请局长审定。" in shown
    assert url(declaration, "snapshot", 1) in shown


def test_a_version_says_what_was_said_then(client, filler, department):
    declaration = factories.declaration(department, said=factories.table(overall_goal=factories.GOAL))
    workflow.perform_move(declaration.pk, "send_to_head", filler)
    declaration.refresh_from_db()
    store.save_table(declaration, replace(store.table_of(declaration), overall_goal="后来改写的目标"))
    shown = text(client, declaration, "snapshot", 1)
    assert factories.GOAL in shown
    assert "后来改写的目标" not in shown
    assert "校验一致" in shown
    assert client.get(url(declaration, "snapshot", 2)).status_code == 404


def test_the_bureau_does_not_see_the_version_of_the_department(client, filler, department):
    declaration = factories.declaration(department)
    workflow.perform_move(declaration.pk, "send_to_head", filler)
    workflow.perform_move(declaration.pk, "submit", factories.person("head", department))
    client.force_login(factories.person("division", department.division))
    assert client.get(url(declaration, "snapshot", 1)).status_code == 404
    assert client.get(url(declaration, "snapshot", 2)).status_code == 200


def test_a_reviewer_goes_on_to_the_next_that_waits(client, department):
    first = factories.declaration(department, state=State.SUBMITTED)
    second = factories.declaration(factories.department(division=department.division), state=State.SUBMITTED)
    client.force_login(factories.person("division", department.division))
    assert url(second) in text(client, first)


def test_the_print_preview_is_the_table_and_nothing_around_it(client, filler, department):
    shown = text(client, factories.declaration(department, said=factories.table(staff_count=None)), "print")
    assert "paper" in shown
    assert "年度重点工作任务" in shown
    assert "found-E" not in shown

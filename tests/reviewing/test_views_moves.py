"""Moves by the buttons of the page: taken once, refused in words, and no comment is ever lost."""

from __future__ import annotations

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
def reviewer(client, department):
    person = factories.person("division", department.division)
    client.force_login(person)
    return person


@pytest.fixture
def submitted(department):
    return factories.declaration(department, state=State.SUBMITTED)


def send(client, declaration, action: str, comment: str = "", **more):
    data = {"version": declaration.version, "comment": comment, **more}
    return client.post(reverse("declarations:move", args=[declaration.pk, action]), data)


def state(declaration) -> str:
    declaration.refresh_from_db()
    return declaration.state


def test_a_move_is_taken_and_said(client, reviewer, submitted):
    response = send(client, submitted, "pass", "目标明确。")
    assert response.headers["Location"] == reverse("declarations:detail", args=[submitted.pk])
    assert state(submitted) == State.REVIEWED
    assert "已办理“初审通过”，申报表现为“已初审”。" in client.get(response.headers["Location"]).content.decode()
    event = submitted.events.get()
    assert (event.comment, event.actor, event.source_address) == ("目标明确。", reviewer, "127.0.0.1")


def test_the_buttons_are_those_of_the_table_of_moves(client, reviewer, submitted):
    response = client.get(reverse("declarations:detail", args=[submitted.pk]))
    shown = {panel.move.action for panel in response.context["moves"]}
    assert shown == {move.action for move in workflow.available_moves(reviewer, submitted)} == {"pass", "return"}


def test_a_return_without_a_comment_is_refused_on_the_page(client, reviewer, submitted):
    response = send(client, submitted, "return", "   ")
    assert response.status_code == 422
    assert "须填写意见" in response.content.decode()
    assert state(submitted) == State.SUBMITTED


def test_a_second_click_finds_the_move_taken_and_takes_none(client, reviewer, submitted):
    send(client, submitted, "pass")
    again = send(client, submitted, "pass")
    assert again.status_code == 302
    assert submitted.events.count() == 1


def test_somebody_else_was_first_who_and_when_is_told_and_the_comment_kept(client, reviewer, submitted):
    colleague = factories.person("division", submitted.department.division, name="先到的同事")
    workflow.perform_move(submitted.pk, "pass", colleague)
    response = send(client, submitted, "return", "我写了很久的意见。")
    shown = response.content.decode()
    assert response.status_code == 409
    assert "先到的同事" in shown
    assert "我写了很久的意见。" in shown
    assert state(submitted) == State.REVIEWED


def test_what_changed_meanwhile_is_not_decided_on_unseen(client, reviewer, submitted):
    seen = submitted.version
    store.save_table(submitted, factories.table(overall_goal="另写的目标"))
    submitted.version = seen
    response = send(client, submitted, "return", "针对旧内容的意见。")
    assert response.status_code == 409
    assert "针对旧内容的意见。" in response.content.decode()
    assert "另写的目标" in response.content.decode()
    assert state(submitted) == State.SUBMITTED


@pytest.mark.parametrize("version", ["", "x", "-1", "¹"])
def test_a_move_that_does_not_say_what_was_seen_is_refused(client, reviewer, submitted, version):
    assert send(client, submitted, "pass", version=version).status_code == 409
    assert state(submitted) == State.SUBMITTED


def test_errors_block_the_report_and_are_shown(client, department):
    declaration = factories.declaration(department, said=factories.table(staff_count=None), state=State.CERTIFYING)
    client.force_login(factories.person("head", department))
    response = send(client, declaration, "submit", "请予受理。")
    shown = response.content.decode()
    assert response.status_code == 422
    assert "有 1 处错误，改正后才能报送。" in shown
    assert 'href="#cell-staff_count"' in shown
    assert "请予受理。" in shown
    assert state(declaration) == State.CERTIFYING


def test_a_move_of_another_role_is_forbidden(client, reviewer, submitted):
    response = send(client, submitted, "approve")
    assert response.status_code == 403
    assert "您不能对这份申报表办理" in response.content.decode()


def test_nobody_reviews_what_they_filled_in(client, reviewer, submitted):
    submitted.editors.add(reviewer)
    assert client.get(reverse("declarations:detail", args=[submitted.pk])).context["moves"] == []
    assert send(client, submitted, "pass").status_code == 403


def test_a_declaration_of_others_and_a_move_of_nobody_are_not_there(client, reviewer, submitted):
    assert send(client, factories.declaration(state=State.SUBMITTED), "pass").status_code == 404
    assert send(client, submitted, "no-such-move").status_code == 404


def test_the_address_of_a_refused_move_can_be_loaded_again(client, reviewer, submitted):
    response = client.get(reverse("declarations:move", args=[submitted.pk, "pass"]))
    assert response.headers["Location"] == reverse("declarations:detail", args=[submitted.pk])
    assert state(submitted) == State.SUBMITTED

"""The next declaration asked for ahead: shown at once where nothing changed since, and never when something did."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.db import transaction
from django.urls import reverse

from declarations.models import CheckSetting, Code, Comment, Cycle, Declaration, Department, Resolution, State
from declarations.record import store
from declarations.record.freshness import fingerprint_of
from declarations.reviewing import comments, workflow
from declarations.views.reviewing import ahead
from tests import factories


class Desk:
    """A reviewer with two declarations that wait; the second is asked for while the first is read."""

    def __init__(self, client) -> None:
        self.client = client
        self.department = factories.department(division=factories.division())
        self.people = {
            "division": factories.person("division", self.department.division),
            "colleague": factories.person("division", self.department.division),
            "performance": factories.person("performance", self.department.bureau),
            "filler": factories.person("filler", self.department),
            "head": factories.person("head", self.department),
        }
        self.next = factories.declaration(self.department, state=State.SUBMITTED)
        factories.freeze(self.next)
        self.url = reverse("declarations:detail", args=[self.next.pk])
        self.client.force_login(self.people["division"])
        self.client.get(self.url)  # a page with forms was read before: its cookie is set

    def ask(self, **headers):
        return self.client.get(self.url, headers={"x-review-ahead": "1", **headers})

    def show(self, seal: str):
        """What the browser is answered when the page is opened; ``seal``: of the stored one."""
        return self.client.get(self.url, headers={"if-none-match": seal})


@pytest.fixture
def desk(db, client):
    return Desk(client)


def test_a_page_asked_for_ahead_may_be_stored_by_this_browser_and_has_to_be_asked_about(desk):
    answer = desk.ask()
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-cache"
    assert "Cookie" in answer["Vary"]
    assert desk.next.department.name in answer.content.decode()


def test_any_other_page_is_stored_nowhere(desk):
    answer = desk.client.get(desk.url)
    assert "no-store" in answer["Cache-Control"]
    assert "ETag" not in answer


def test_while_nothing_changed_the_stored_page_holds_and_is_drawn_no_second_time(desk):
    answer = desk.show(desk.ask()["ETag"])
    assert (answer.status_code, answer.content) == (304, b"")
    # shown once it is forgotten, so that the way back after logging out shows nothing
    assert "no-store" in answer["Cache-Control"]


def comment(desk):
    field = "overall_goal"
    given = {"field": field, "code": Code.WORDING, "text": "表述不规范。", "number": None}
    return comments.write_comment(desk.people["colleague"], desk.next, **given)


def settle(desk):
    comments.decide_comment(desk.people["colleague"], Comment.objects.get(), Resolution.Kind.RESOLVED)


def set_check(desk):
    CheckSetting.objects.create(
        cycle=desk.next.cycle, code="B03", level="I", reason="本年不查", author=desk.people["performance"]
    )


def approve_last_year(desk):
    last = factories.cycle(desk.department.bureau, year=2026)
    factories.declaration(desk.department, cycle=last, state=State.APPROVED)


def come_first(desk):
    home = factories.department(division=desk.department.division)
    other = factories.declaration(home, state=State.SUBMITTED)
    Declaration.objects.filter(pk=other.pk).update(updated_at=desk.next.cycle.opens_at)


def put_off(desk):
    later = desk.next.cycle.deadline + datetime.timedelta(days=9)
    Cycle.objects.update(deadline=later)


CHANGES = {
    "a decision": lambda desk: workflow.perform_move(desk.next.pk, "pass", desk.people["colleague"]),
    "a return": lambda desk: workflow.perform_move(
        desk.next.pk, "return", desk.people["colleague"], comment="请细化。"
    ),
    "a comment": comment,
    "a check set": set_check,
    "last year": approve_last_year,
    "another name": lambda desk: Department.objects.update(name="改名后的部门"),
    "another before it in the queue": come_first,
    "a deadline": put_off,
}


@pytest.mark.parametrize("what", CHANGES)
def test_after_a_change_the_page_is_drawn_anew(desk, what):
    seal = desk.ask()["ETag"]
    with transaction.atomic():  # a transaction of its own, as every request has
        CHANGES[what](desk)
    assert desk.show(seal).status_code == 200


def test_a_comment_settled_meanwhile_is_shown_as_settled(desk):
    comment(desk)
    seal = desk.ask()["ETag"]
    settle(desk)
    answer = desk.show(seal)
    assert answer.status_code == 200
    assert "已解决" in answer.content.decode()


def test_a_row_changed_in_place_is_noticed_too(desk):
    before = fingerprint_of(desk.people["division"], desk.next)
    assert fingerprint_of(desk.people["division"], desk.next) == before
    with transaction.atomic():
        desk.next.indicators.filter(position=0).update(annual_value="≥50次")
    assert fingerprint_of(desk.people["division"], desk.next) != before


def test_what_happens_to_others_leaves_the_page_as_it_is(desk):
    other = factories.declaration(factories.department(division=desk.department.division))
    seal = desk.ask()["ETag"]
    other.refresh_from_db()
    store.save_table(other, replace(store.table_of(other), overall_goal="改写"))
    assert desk.show(seal).status_code == 304


def test_the_stored_page_is_no_good_to_another_account(desk):
    seal = desk.ask()["ETag"]
    desk.client.force_login(desk.people["colleague"])
    answer = desk.show(seal)
    assert answer.status_code == 200
    assert desk.people["colleague"].name in answer.content.decode()
    desk.client.force_login(factories.person("filler", factories.department()))
    assert desk.show(seal).status_code == 404
    desk.client.logout()
    assert desk.show(seal).status_code == 302


def test_nor_to_the_same_person_after_logging_in_again(desk):
    seal = desk.ask()["ETag"]
    desk.client.logout()
    desk.client.force_login(desk.people["division"])
    assert desk.show(seal).status_code == 200


def test_a_person_who_lost_the_role_gets_nothing_out_of_it(desk):
    seal = desk.ask()["ETag"]
    desk.people["division"].memberships.update(valid_to="2020-01-01", valid_from="2019-01-01")
    assert desk.show(seal).status_code == 404


def test_it_is_short_lived(desk, monkeypatch):
    seal = desk.ask()["ETag"]
    now = ahead.time.time()
    monkeypatch.setattr(ahead.time, "time", lambda: now + ahead.LIFE + 2)
    assert desk.show(seal).status_code == 200


@pytest.mark.parametrize("seal", ['"abc"', f'W/"ahead-99999999999-{"0" * 64}"'])
def test_a_seal_that_we_did_not_give_gets_the_page(desk, seal):
    assert desk.show(seal).status_code == 200


def test_another_way_of_comparing_chosen_meanwhile_counts(desk):
    seal = desk.ask()["ETag"]
    desk.client.get(reverse("declarations:detail", args=[desk.next.pk]) + "?compare=none")
    assert desk.show(seal).status_code == 200


def test_what_waits_to_be_said_is_said_on_a_page_that_is_seen(desk, monkeypatch):
    seal = desk.ask()["ETag"]
    waiting = [Message(constants.SUCCESS, "已办理。")]
    monkeypatch.setattr(ahead, "get_messages", lambda request: waiting)
    assert desk.ask().status_code == 204
    assert desk.show(seal).status_code == 200


def test_asking_ahead_keeps_no_choice_that_was_not_made(desk):
    desk.client.get(f"{desk.url}?compare=none", headers={"x-review-ahead": "1"})
    assert "compare" not in desk.client.session


@pytest.mark.parametrize("rows", [1, 3])
def test_telling_that_it_holds_takes_the_same_few_queries(desk, django_assert_num_queries, rows):
    for _ in range(rows):
        comment(desk)
    seal = desk.ask()["ETag"]
    with django_assert_num_queries(6):
        assert desk.show(seal).status_code == 304

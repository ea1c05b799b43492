"""Filters as forms: an address is read in one place, and what it says wrongly is named and narrows nothing."""

from __future__ import annotations

import datetime

import pytest
from django.http import QueryDict
from django.urls import reverse

from declarations.models import Role, Round, State
from declarations.web.filters import DeclarationFilter, InboxFilter, LogFilter
from declarations.web.parameters import plain_text, whole_number, whole_numbers, year_number
from tests import factories

LIST = reverse("declarations:list")


@pytest.fixture
def reviewer(db):
    return factories.person("performance", factories.bureau())


@pytest.mark.parametrize("text", ["", None, "-1", "+1", "1.5", "1 000", "１２", "²", "1e3", "1234567890", "\0", "x"])
def test_what_is_no_whole_number_is_none(text):
    assert whole_number(text) is None


def test_whole_numbers_are_read_and_the_rest_is_left_out():
    assert whole_numbers(["7", "x", "007", "123456789"]) == [7, 7, 123456789]
    assert (year_number("2027"), year_number("27"), year_number("02027")) == (2027, None, None)


def test_a_text_keeps_no_nul_and_not_more_than_it_may_have():
    assert plain_text("请\0尽快报送", 3) == "请尽快"
    assert plain_text(None, 3) == ""


@pytest.mark.parametrize(
    ("asked", "label"),
    [
        ("year=20x7", "年度"),
        ("year=２０２７", "年度"),
        ("state=gone", "状态"),
        ("sort=pk", "排序"),
        ("q=%00", "部门"),
        ("q=" + "长" * 51, "部门"),
    ],
)
def test_a_wrong_value_is_named_on_the_page_and_narrows_nothing(client, reviewer, asked, label):
    declaration = factories.declaration(factories.department(reviewer.memberships_now[0].bureau), state=State.SUBMITTED)
    client.force_login(reviewer)
    response = client.get(f"{LIST}?{asked}")
    assert f"没有按“{label}”筛选：" in response.content.decode()
    assert [row.declaration for row in response.context["listed"]] == [declaration]
    assert not response.context["filters"].are_set


def test_what_is_asked_rightly_stays_in_the_fields_and_counts_as_set(client, reviewer):
    client.force_login(reviewer)
    response = client.get(LIST, {"q": "jyj", "state": "draft", "sort": "updated"})
    text = response.content.decode()
    assert 'value="jyj"' in text and '<option value="draft" selected>' in text
    assert response.context["filters"].asked == [("q", "jyj"), ("state", "draft"), ("sort", "updated")]


def test_sorting_alone_is_no_filter(reviewer):
    assert not DeclarationFilter(QueryDict("sort=updated"), reviewer).are_set


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-02-30", "26.2.2026"])
def test_a_day_that_is_none_or_out_of_reach_is_told(reviewer, day):
    filters = LogFilter(QueryDict(f"first={day}"), reviewer)
    assert filters.values["first"] is None
    assert list(filters.errors) == ["first"]


def test_a_day_is_read_as_browsers_send_it(reviewer):
    assert LogFilter(QueryDict("first=2026-12-01"), reviewer).values["first"] == datetime.date(2026, 12, 1)


def test_the_inbox_offers_only_what_there_is_to_choose(db):
    division = factories.division()
    cycle, person = factories.cycle(division.bureau), factories.person(Role.DIVISION.value, division)
    assert list(InboxFilter(QueryDict(), person, cycle).offered) == ["show", "year", "q", "who", "sort", "slow"]
    cycle.round = Round.SECOND
    assert "round" in InboxFilter(QueryDict(), person, cycle).offered
    missing = InboxFilter(QueryDict("show=missing"), person, cycle)
    assert list(missing.offered) == ["show", "year", "q", "state", "slow"]


@pytest.mark.parametrize("asked", ["", "show=nonsense", "show=waiting&who=me&sort=name"])
def test_the_inbox_shows_what_waits_for_oneself_unless_something_else_is_asked(db, asked):
    division = factories.division()
    person = factories.person("division", division)
    filters = InboxFilter(QueryDict(asked), person, factories.cycle(division.bureau))
    assert (filters.card, filters.values["who"], filters.are_set) == ("waiting", "me", False)

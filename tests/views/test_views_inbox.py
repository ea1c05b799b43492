"""The inbox: every card is a link to as many rows as its number says; filters, sorting, pages, constant queries."""

from __future__ import annotations

import datetime
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from declarations.models import CalendarDay, Code, Declaration, Extension, Role, Round, State
from declarations.notifying import workdays
from declarations.reviewing import assigning, comments, queue
from tests import factories, samples

URL = reverse("declarations:home")
DAY = datetime.timedelta(days=1)


@pytest.fixture
def division(db):
    return factories.division()


@pytest.fixture
def reviewer(client, division):
    person = factories.person("division", division)
    client.force_login(person)
    return person


def part(client, query: str = "", **params):
    response = client.get(URL + query, params)
    assert response.status_code == 200
    return response.context["parts"][0].context


def declare(division, state=State.SUBMITTED, days=0, **values) -> Declaration:
    """One that came into its state so many days ago."""
    made = factories.declaration(
        factories.department(division=division, **values.pop("home", {})), state=state, **values
    )
    moment = timezone.now() - days * DAY
    Declaration.objects.filter(pk=made.pk).update(
        updated_at=moment, returned_at=moment if state == State.RETURNED else None
    )
    return made


def listed(context) -> list[str]:
    return [row.declaration.department.name for row in context["listed"]]


def rows_of(context) -> int:
    return len(context["missing"] if "missing" in context else context["listed"])


@pytest.mark.parametrize("role", ["division", "performance"])
def test_every_card_is_a_link_to_as_many_rows_as_it_says(client, division, role):
    """Also with tasks of colleagues, with what one filled in oneself, and with other divisions beside."""
    person = factories.person(role, division if role == "division" else division.bureau)
    colleague = factories.person(role, division if role == "division" else division.bureau)
    waiting = State.SUBMITTED if role == "division" else State.REVIEWED
    handed, own, _ = (declare(division, waiting) for _ in range(3))
    assigning.assign_departments(colleague, Role(role), [handed.department], colleague)
    own.editors.add(person)
    for state in (State.RETURNED, State.RETURNED, State.APPROVED, State.REVIEWED, State.SUBMITTED, State.DRAFT):
        declare(division, state)
        declare(factories.division(division.bureau), state)
    factories.department(division=division)
    client.force_login(person)
    cards = part(client)["cards"]
    assert [card.key for card in cards] == ["waiting", "returned", "approved", "missing"]
    for card in cards:
        assert card.value == rows_of(part(client, card.url)) > 0, card


def test_what_one_filled_in_is_no_task_and_is_named_before_the_click(client, division, reviewer):
    own = declare(division)
    own.editors.add(reviewer)
    context = part(client)
    assert (context["cards"][0].value, context["barred"], context["listed"]) == (0, 1, [])
    text = client.get(URL).content.decode()
    assert "另有 1 份您参与过填报" in text
    everything = client.get(URL, {"who": "all"}).content.decode()
    assert own.department.name in everything and "您参与过填报，须由他人审核" in everything


def test_filters_narrow_by_name_state_round_handler_and_waiting(client, division, reviewer):
    colleague = factories.person("division", division)
    old = declare(division, days=40, home={"name": "云溪市水务局"})
    new = declare(division, home={"name": "云溪市民政局"}, round=Round.SECOND)
    handed = declare(division, home={"name": "云溪市司法局"})
    assigning.hand_over(reviewer, handed, colleague.pk, "请假")
    names = {
        "": [old, new],
        "?q=yxsswj": [old],
        "?q=民政": [new],
        "?round=2": [new],
        "?slow=1": [old],
        "?who=others": [handed],
        "?who=all": [old, new, handed],
        "?sort=name": [new, old],
        f"?division={division.pk}": [old, new],
        "?division=999999": [],
        "?state=reviewed": [],
        "?who=nonsense&division=x&round=9&sort=pk&state=y&slow=maybe": [old, new],
    }
    for query, found in names.items():
        assert listed(part(client, query)) == [one.department.name for one in found], query


def test_waiting_is_counted_in_working_days_of_the_bureau(client, division, reviewer):
    declare(division, days=7)
    today = timezone.localdate()
    days = [today - n * DAY for n in range(7)]
    for day in days:
        CalendarDay.objects.create(bureau=division.bureau, day=day, is_working=day in days[:2], name="调整")
    (line,) = part(client)["listed"]
    assert (line.days, line.is_slow) == (2, False)
    assert "已等 2 个工作日" in client.get(URL).content.decode()


@pytest.mark.parametrize("ago", range(12))
def test_the_filter_for_long_waiting_agrees_with_the_days_that_are_shown(ago):
    calendar, today = workdays.Calendar(), timezone.localdate()
    day = today - ago * DAY
    is_slow = calendar.working_days_between(day, today) > queue.SLOW
    last_minute = timezone.make_aware(datetime.datetime.combine(day, datetime.time(23, 59)))
    assert (last_minute < queue.slow_since(calendar)) is is_slow


def test_the_longest_waiting_come_first_and_pages_follow_without_gap(client, division, reviewer):
    made = [declare(division, days=n) for n in range(33)]
    first = part(client)
    second = part(client, after=first["page"].next)
    assert listed(first) + listed(second) == [one.department.name for one in reversed(made)]
    assert listed(part(client, before=second["page"].previous)) == listed(first)


def test_what_was_returned_waits_since_the_return_whatever_the_department_types(client, division, reviewer):
    declare(division, State.RETURNED, days=9)
    Declaration.objects.update(updated_at=timezone.now())
    (line,) = part(client, show="returned")["listed"]
    assert timezone.localdate(line.declaration.since) == timezone.localdate() - 9 * DAY


def test_a_line_says_what_changed_against_last_year_and_what_is_open(client, division, reviewer):
    last = factories.cycle(division.bureau, year=2026)
    said = factories.table(project_expenditure=Decimal("79.046"), indicators=factories.indicators()[1:])
    declaration = declare(division, said=said)
    factories.declaration(declaration.department, cycle=last, state=State.APPROVED)
    factories.freeze(declaration)
    comments.write_comment(reviewer, declaration, field="", code=Code.VAGUE, text="请细化。", number=None)
    (line,) = part(client)["listed"]
    assert (str(line.change.percent), line.change.rows, line.comments) == ("10.0", 1, 1)
    text = client.get(URL).content.decode()
    assert "项目支出 +10.0%" in text and "1 行有变化" in text and "1 条意见" in text


def test_a_line_counts_the_rows_that_the_comparison_page_marks_in_an_older_form_too(client, division, reviewer):
    last = factories.cycle(division.bureau, year=2025, edition="2023")
    this = factories.cycle(division.bureau, year=2026)
    declaration = declare(division, cycle=this, said=samples.sample("2026"))
    past = factories.declaration(declaration.department, cycle=last, state=State.APPROVED, said=samples.sample("2023"))
    factories.freeze(past)
    (line,) = part(client, year=2026)["listed"]
    page = client.get(reverse("declarations:detail", args=[declaration.pk]), {"compare": "year"}).context["compared"]
    summary = page.comparison.summary
    assert (line.change.rows, summary.reworded, summary.added, summary.dropped, summary.moved) == (0, 0, 0, 0, 0)


@pytest.mark.parametrize("state", [State.DRAFT, State.RETURNED, State.SUBMITTED])
def test_last_year_is_what_was_approved_for_it(client, division, reviewer, state):
    last = factories.cycle(division.bureau, year=2026)
    declaration = declare(division)
    factories.declaration(declaration.department, cycle=last, state=state)
    (line,) = part(client)["listed"]
    assert line.change is None


def test_a_reviewer_of_the_second_stage_chooses_among_divisions(client, division):
    person = factories.person("performance", division.bureau)
    other = factories.division(division.bureau)
    declare(division, State.REVIEWED), declare(other, State.REVIEWED)
    client.force_login(person)
    assert {one.pk for one in part(client)["divisions"]} == {division.pk, other.pk}
    (line,) = part(client, division=other.pk)["listed"]
    assert line.declaration.department.division == other


def test_those_who_have_not_reported_are_filtered_by_state_name_and_deadline(client, division, reviewer):
    over = factories.cycle(division.bureau, deadline=timezone.now() - DAY)
    draft = declare(division, State.DRAFT, cycle=over).department
    late = factories.department(division=division, name="云溪市体育局")
    extended = factories.department(division=division)
    Extension.objects.create(
        cycle=over, department=extended, until=timezone.now() + DAY, reason="新设", granted_by=reviewer
    )
    found = {
        "": {draft, late, extended},
        "&state=draft": {draft},
        "&state=none": {late, extended},
        "&q=yxstyj": {late},
        "&slow=1": {draft, late},
    }
    for query, departments in found.items():
        assert {row.department for row in part(client, f"?show=missing{query}")["missing"]} == departments, query


def test_the_list_is_exported_as_it_is_filtered(client, division, reviewer):
    declare(division, home={"name": "云溪市水务局"})
    declare(division, home={"name": "云溪市民政局"})
    factories.department(division=division, name="云溪市体育局")
    url = reverse("declarations:inbox_export")

    def names(query):
        sheet = openpyxl.load_workbook(BytesIO(client.get(url + query).content)).active
        return [row[1].value for row in sheet.iter_rows(min_row=2)]

    assert names("?q=民政") == ["云溪市民政局"]
    assert names("?show=missing") == ["云溪市体育局"]
    response = client.get(url + "?format=xlsx")
    assert response["Content-Type"] == "application/zip" and len(b"".join(response.streaming_content)) > 1000


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("role", "query", "queries"),
    [
        ("division", "", 28),
        ("division", "?show=returned", 28),
        ("division", "?show=missing", 12),
        ("performance", "", 29),
        ("performance", "?show=missing&q=局", 13),
    ],
)
def test_the_inbox_takes_the_same_queries_however_many_wait(
    client, division, role, query, queries, rows, django_assert_num_queries
):
    """With a year behind, comments, handlers, extensions and reminders."""
    person = factories.person(role, division if role == "division" else division.bureau)
    state = State.RETURNED if "returned" in query else State.REVIEWED if role == "performance" else State.SUBMITTED
    last = factories.cycle(division.bureau, year=2026)
    for _ in range(rows):
        made = declare(division, state)
        factories.freeze(made)
        factories.declaration(made.department, cycle=last, state=State.APPROVED)
        assigning.assign_departments(person, Role(role), [made.department], person)
        declare(division, State.DRAFT)
    client.force_login(person)
    with django_assert_num_queries(queries):
        assert client.get(URL + query).status_code == 200

"""The invented city: the same each time, whole, playable from the first click, never mixed with real people."""

import datetime
import io
import json
from dataclasses import replace

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from declarations.checks import CATALOGUE, Need, check
from declarations.checks.catalogue import CheckFinding
from declarations.demo import city
from declarations.demo.history import STAGES, stage_of
from declarations.demo.loader import ACCOUNTS, keep_playable
from declarations.demo.writing import TableAuthor
from declarations.findings import explanations
from declarations.findings.doubts import doubts_of
from declarations.findings.examination import examine
from declarations.models import Bureau, Cycle, Declaration, Department, Event, Notice, Snapshot, State, User
from declarations.record import store
from declarations.record.store import tables_of
from declarations.reviewing import threads
from declarations.reviewing.workflow import MOVES, available_moves, perform_move
from declarations.sheet.official import edition_for
from declarations.sheet.problems import Severity, blocking_problems
from tests import factories
from tests.chains import broken_links

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_password_in_the_environment(monkeypatch, settings):
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)
    settings.DEBUG = True


def load(*arguments):
    out = io.StringIO()
    call_command("load_demo", *arguments, stdout=out)
    return out.getvalue()


def current(username):
    """The declarations of this year that an account sees."""
    year = Cycle.objects.order_by("-year").first()
    return Declaration.objects.visible_to(User.objects.get(username=username)).filter(cycle=year)


def test_the_default_city_has_every_state_and_three_years():
    found = json.loads(load("--json"))
    assert (found["departments"], len(found["years"]), found["loaded"]) == (30, 3, True)
    assert set(current("performance").values_list("state", flat=True)) == set(State.values)
    past = Declaration.objects.exclude(cycle__year=found["years"][-1])
    assert set(past.values_list("state", "is_imported")) == {("approved", True)}
    assert past.count() == 60
    cycle = Cycle.objects.get(year=found["years"][-1])
    assert cycle.is_open() and 20 <= (cycle.deadline - timezone.now()).days <= 22


def test_the_accounts_have_the_password_that_is_printed(client):
    text = load("--departments", "3", "--years", "1")
    for username in ("filler", "head", "division", "performance", "admin", "observer"):
        assert username in text
        assert client.login(username=username, password="Yunxi-Demo-2027")
    assert "Yunxi-Demo-2027" in text


def test_the_password_may_be_given(monkeypatch, client):
    monkeypatch.setenv("DEMO_PASSWORD", "Another-Word-9")
    assert "Another-Word-9" in load("--departments", "1", "--years", "1")
    assert client.login(username="filler", password="Another-Word-9")
    assert not client.login(username="filler", password="Yunxi-Demo-2027")


def test_nobody_but_the_trial_accounts_can_log_in():
    load("--departments", "8", "--years", "1")
    able = {user.username for user in User.objects.all() if user.has_usable_password()}
    assert able == {"filler", "head", "division", "performance", "admin", "observer"}
    assert not User.objects.filter(is_superuser=True).exists()


def test_a_visitor_plays_a_whole_journey():
    load("--years", "1")
    accounts = {user.username: user for user in User.objects.all()}
    declaration = current("filler").get()
    problems = blocking_problems(check(store.table_of(declaration)))
    assert {problem.code for problem in problems} == {"F03", "V01"}
    table = store.table_of(declaration)
    finished = TableAuthor("1-0", table.department, city.FIELDS["rural"]).table(table.year, table.form)
    store.save_table(declaration, finished, user=accounts["filler"])
    factories.explain(Declaration.objects.with_names().get(pk=declaration.pk), accounts["filler"])
    way = [("send_to_head", "filler"), ("submit", "head"), ("pass", "division"), ("approve", "performance")]
    for action, username in way:
        perform_move(declaration.pk, action, accounts[username])
    assert Declaration.objects.get(pk=declaration.pk).state == State.APPROVED


@pytest.mark.parametrize(
    ("username", "action", "at_least"),
    [("filler", "send_to_head", 1), ("division", "pass", 2), ("performance", "approve", 3)],
)
def test_each_account_has_something_to_do(username, action, at_least):
    load("--years", "1")
    user = User.objects.get(username=username)
    waiting = [item for item in current(username) if action in {move.action for move in available_moves(user, item)}]
    assert len(waiting) >= at_least


def test_the_trial_accounts_were_told_a_little_and_mailed_nothing():
    load()
    told = Notice.objects.values_list("recipient__username", "mail")
    assert {"division", "performance"} <= {name for name, _ in told} <= {name for name, _, _ in ACCOUNTS}
    assert {mail for _, mail in told} == {"none"} and len(told) <= 6 * len(ACCOUNTS)
    assert not ProcrastinateJob.objects.exists()


def test_what_was_reported_has_no_blocking_finding_and_is_what_was_frozen():
    load("--departments", "20")
    for declaration, table in store.tables_of(Declaration.objects.all()):
        last = declaration.snapshots.last()
        if last is not None:
            assert blocking_problems(check(table)) == [], table.department
            assert last.content == table.to_json()
            assert last.row_ids == store.row_identities(table)


def test_each_doubt_about_what_was_sent_on_was_explained_and_the_reasons_are_offered_again(monkeypatch):
    def every_indicator(case):
        return (CheckFinding(f"indicators.{i}.name", "可疑", "请核对。") for i, _ in case.indicators)

    needs = frozenset({Need.LAST_YEAR})
    doubtful = replace(CATALOGUE["V01"], code="V98", severity=Severity.WARNING, find=every_indicator, needs=needs)
    monkeypatch.setitem(CATALOGUE, "V98", doubtful)
    load("--departments", "14")
    seen = set()
    for declaration, table in tables_of(Declaration.objects.filter(is_imported=False)):
        found = examine(declaration, table)
        sent = declaration.events.filter(action__in=("send_to_head", "submit")).last()
        if sent is not None:
            keys = {doubt.key for doubt in doubts_of(found.table, found.problems, {})}
            assert len(keys) >= len(found.table.indicators) and keys <= set(sent.confirmations)
            assert explanations.standing_reasons(declaration) == sent.confirmations
            seen.add(declaration.state)
    assert seen == {"certifying", "submitted", "returned", "reviewed", "approved"}


def test_what_was_returned_has_comments_and_what_was_reported_again_answers_them():
    load()
    returned = Declaration.objects.filter(state=State.RETURNED)
    again = Declaration.objects.filter(events__action="return", state=State.SUBMITTED)
    assert returned.exists()
    assert again.exists()
    for declaration in (*returned, *again):
        of_it = threads.open_threads(declaration, store.table_of(declaration))
        assert len(of_it) == 3
        assert all(thread.is_sent and thread.is_open for thread in of_it)
        owed = threads.threads_due(declaration, store.table_of(declaration))
        assert len(owed) == (3 if declaration.state == State.RETURNED else 0)


def test_history_is_whole():
    load("--departments", "20")
    targets = {(move.action, source): move.target for move in MOVES for source in move.sources}
    for declaration in Declaration.objects.prefetch_related("snapshots", "events").select_related("cycle"):
        events = list(declaration.events.all())
        assert broken_links(declaration.snapshots.all()) == []
        states = [State.DRAFT, *(event.to_state for event in events)]
        assert states[1:] == [targets[event.action, event.from_state] for event in events]
        assert states[:-1] == [event.from_state for event in events] and states[-1] == declaration.state
        assert declaration.submissions == sum(event.action == "submit" for event in events)
        moments = [declaration.cycle.opens_at, *(event.created_at for event in events)]
        assert moments == sorted(moments) and moments[-1] < timezone.now()
        frozen = {event.snapshot_id for event in events if event.snapshot_id}
        assert frozen == {snapshot.pk for snapshot in declaration.snapshots.all()}


def test_the_same_seed_gives_the_same_city_and_another_seed_another():
    def tables(seed):
        load("--departments", "4", "--years", "2", "--seed", seed)
        found = {(item.pk, table.fingerprint) for item, table in store.tables_of(Declaration.objects.all())}
        call_command("flush", interactive=False, verbosity=0)
        return found

    first = tables("7")
    assert tables("7") == first
    assert not tables("8") & first


def test_a_second_run_changes_nothing_but_keeps_it_open():
    load("--departments", "3", "--years", "2")
    before = [model.objects.count() for model in (Bureau, Department, User, Declaration, Snapshot, Event)]
    now, day = timezone.now(), datetime.timedelta(days=1)
    Cycle.objects.update(opens_at=now - 90 * day, deadline=now - day)
    assert "此前已载入" in load("--departments", "9")
    assert [model.objects.count() for model in (Bureau, Department, User, Declaration, Snapshot, Event)] == before
    assert [cycle.is_open() for cycle in Cycle.objects.order_by("year")] == [False, True]


def test_a_city_that_was_left_alone_is_playable_again_and_no_other_bureau_is_touched():
    load("--departments", "1", "--years", "2")
    theirs = factories.cycle()
    now, day = timezone.now(), datetime.timedelta(days=1)
    Cycle.objects.update(opens_at=now - 90 * day, deadline=now - day)
    keep_playable()
    ours = Cycle.objects.exclude(pk=theirs.pk).order_by("year")
    assert [cycle.is_open() for cycle in (*ours, Cycle.objects.get(pk=theirs.pk))] == [False, True, False]


def test_a_second_run_does_without_the_accounts_that_were_renamed():
    load("--departments", "1", "--years", "1")
    User.objects.filter(username="head").update(username="zhoujianping")
    found = json.loads(load("--json"))
    assert {account["username"] for account in found["accounts"]} == {
        *("filler", "division", "performance", "admin", "observer")
    }


def test_it_refuses_a_database_with_real_people():
    factories.person("filler", factories.department())
    with pytest.raises(CommandError, match="真实用户") as refused:
        load()
    assert refused.value.returncode == 1
    assert not Bureau.objects.filter(code=city.BUREAU_CODE).exists()


def test_in_production_it_wants_a_password_of_its_own(settings):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="DEMO_PASSWORD"):
        load("--departments", "1")
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "wrong", [("--departments", "0"), ("--years", "-1"), ("--departments", "x"), ("--years", "99")]
)
def test_wrong_usage_is_told(wrong):
    with pytest.raises(CommandError):
        load(*wrong)


@pytest.mark.parametrize("number", [1, len(city.DEPARTMENTS), 5000])
def test_departments_have_names_of_their_own(number):
    names = [name for name, _, _ in city.invented_departments(number)]
    assert len(names) == len(set(names)) == number


def test_every_field_and_edition_gives_a_table_without_errors():
    for i, (name, field, _) in enumerate(city.invented_departments(120)):
        for year in (2024, 2025, 2027):
            table = TableAuthor(f"test-{i}", name, field).table(year, edition_for(year))
            assert blocking_problems(check(table)) == [], (name, year)


def test_every_stage_comes_again_in_a_large_city_but_the_visitors_own():
    assert {stage_of(i) for i in range(len(STAGES), 60)} == set(STAGES) - {"unfinished"}

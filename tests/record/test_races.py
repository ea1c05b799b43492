"""Decisions at the same moment, many times each: one is taken, the other is told, and on the text that was seen.

`make soak` runs two hundred rounds of each. Each race has its negative control: without the guard that it is about,
two that read at the same moment both decide.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from declarations.filling import drafts
from declarations.filling.changes import Changes
from declarations.filling.desk import FillingDesk
from declarations.models import Declaration, Event, Snapshot, StaleVersion, State, User
from declarations.reviewing import comments, workflow
from declarations.reviewing.refusals import MoveRefused
from declarations.reviewing.workflow import AlreadyDone, perform_move
from tests import factories

pytestmark = [pytest.mark.django_db(transaction=True)]
ROUNDS = 200 if "SOAK" in os.environ else 8
IN_A_BATCH = 4
LONGEST_WAIT = 60
WHY = "请补充测算依据。"


class Office:
    """A department, and everybody through whose hands its declaration goes."""

    def __init__(self):
        self.bureau = factories.bureau()
        self.division = factories.division(self.bureau)
        self.department = factories.department(self.bureau, division=self.division)
        self.filler, self.head = (factories.person(role, self.department) for role in ("filler", "head"))
        self.reviewers = [factories.person("division", self.division) for _ in range(2)]
        self.performance = [factories.person("performance", self.bureau) for _ in range(2)]

    def declarations(self, state: str, count: int = ROUNDS) -> list[Declaration]:
        """As many of as many departments; the year is the same."""
        said = factories.table()
        return [
            factories.declaration(factories.department(self.bureau, division=self.division), state=state, said=said)
            for _ in range(count)
        ]


def race(rounds: list, *runners: Callable) -> list[list[object]]:
    """Every runner on each of the rounds, all at the same moment: what came out, a list a runner.

    A runner returns something or raises; what it raises is what came out.
    """
    start, found = threading.Barrier(len(runners)), [[] for _ in runners]

    def run(runner, results):
        try:
            for item in rounds:
                start.wait(LONGEST_WAIT)
                results.append(outcome(runner, item))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in zip(runners, found, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONGEST_WAIT * 2)
    assert not any(thread.is_alive() for thread in threads)
    return found


def outcome(runner: Callable, item) -> object:
    try:
        return runner(item)
    except (MoveRefused, StaleVersion, IntegrityError, Declaration.DoesNotExist) as refused:
        return refused


def mover(person: User, action: str, **values) -> Callable[[Declaration], Event]:
    """Takes a move as a request would: the person read anew."""
    return lambda declaration: perform_move(declaration.pk, action, User.objects.get(pk=person.pk), **values)


def unlocked(monkeypatch) -> None:
    """Takes the lock out of `perform_move`: both read, and only then does either go on."""
    meeting = threading.Barrier(2)

    def read(pk, user):
        found = Declaration.objects.visible_to(user).select_related("department", "cycle").get(pk=pk)
        with contextlib.suppress(threading.BrokenBarrierError):
            meeting.wait(2)
        return found

    monkeypatch.setattr(workflow, "_locked", read)


def unguarded(monkeypatch) -> None:
    """Takes the version out of what is written as well: the second guard, behind the lock."""
    unlocked(monkeypatch)
    monkeypatch.setattr(Declaration, "save", Model.save)


class TestTwoReviewers:
    def both(self, rounds):
        first, second = self.office.reviewers
        return race(rounds, mover(first, "pass", version=1), mover(second, "return", version=1, comment=WHY))

    @pytest.fixture(autouse=True)
    def office(self):
        self.office = Office()

    def test_one_decides_and_the_other_hears_who_it_was(self):
        rounds = self.office.declarations(State.SUBMITTED)
        for declaration, passed, returned in zip(rounds, *self.both(rounds), strict=True):
            won, lost = (passed, returned) if isinstance(passed, Event) else (returned, passed)
            assert isinstance(won, Event)
            assert isinstance(lost, AlreadyDone)
            assert lost.who == won.actor
            declaration.refresh_from_db()
            assert declaration.state == won.to_state
            assert list(declaration.events.values_list("pk", flat=True)) == [won.pk]
            assert declaration.snapshots.count() == 1

    def test_without_the_lock_the_other_is_refused_but_not_told_by_whom(self, monkeypatch):
        unlocked(monkeypatch)
        found = zip(*self.both(self.office.declarations(State.SUBMITTED, 3)), strict=True)
        assert [{type(one) for one in pair} for pair in found] == [{Event, StaleVersion}] * 3

    def test_without_the_version_too_both_decide_or_meet_an_error_of_the_database(self, monkeypatch):
        unguarded(monkeypatch)
        passed, returned = self.both(self.office.declarations(State.SUBMITTED, 3))
        assert {type(one) for one in (*passed, *returned)} <= {Event, IntegrityError}


class TestApprovingWhileTheDepartmentEdits:
    """A colleague returns it, the department writes something else and reports it again, and it is passed again."""

    @pytest.fixture(autouse=True)
    def office(self):
        self.office = Office()

    def round_about(self, declaration: Declaration) -> None:
        office, pk = self.office, declaration.pk
        perform_move(pk, "return", office.performance[1], comment=WHY)
        filler, head = self.people[pk]
        own = Declaration.objects.get(pk=pk)
        drafts.save_changes(FillingDesk(own, filler), Changes(own.version, fields={"staff_count": "77"}))
        for action, who in (("send_to_head", filler), ("submit", head), ("pass", office.reviewers[0])):
            if action == "send_to_head":
                factories.answer(Declaration.objects.get(pk=pk), filler)
            perform_move(pk, action, who)

    def rounds(self, count: int) -> list[Declaration]:
        made = self.office.declarations(State.REVIEWED, count)
        self.people = {one.pk: [factories.person(role, one.department) for role in ("filler", "head")] for one in made}
        return made

    def approved_unseen(self, rounds: list[Declaration]) -> list[Declaration]:
        """Those whose approval froze another text than the one that the reviewer had before him."""
        frozen = Snapshot.objects.filter(declaration__in=rounds, state=State.APPROVED)
        return [one.declaration for one in frozen.select_related("declaration") if one.content["staff_count"] == 77]

    def test_what_is_approved_is_what_was_seen(self):
        rounds = self.rounds(ROUNDS)
        approving = mover(self.office.performance[0], "approve", version=1)
        approvals, edits = race(rounds, approving, self.round_about)
        assert self.approved_unseen(rounds) == []
        told = Counter(type(one) for one in approvals)
        assert set(told) <= {Event, AlreadyDone, MoveRefused, StaleVersion}
        assert all((one is None) != isinstance(approved, Event) for approved, one in zip(approvals, edits, strict=True))

    def test_without_the_version_something_unseen_would_be_approved(self):
        rounds = self.rounds(3)

        def late(declaration):
            # whoever reads for a while decides after the other round: the case that the version is for
            self.round_about(declaration)
            return mover(self.office.performance[0], "approve")(declaration)

        assert all(isinstance(one, Event) for one in race(rounds, late)[0])
        assert len(self.approved_unseen(rounds)) == len(rounds)

    def test_with_the_version_the_late_one_is_told_that_the_text_changed(self):
        rounds = self.rounds(3)

        def late(declaration):
            self.round_about(declaration)
            return mover(self.office.performance[0], "approve", version=1)(declaration)

        assert all(isinstance(one, StaleVersion) for one in race(rounds, late)[0])


class TestBatchAgainstSingle:
    @pytest.fixture(autouse=True)
    def office(self):
        self.office = Office()

    def batch(self, client: Client) -> Callable[[tuple], dict]:
        def post(rows):
            choice = [f"{row.pk}:1" for row in rows]
            page = client.post(reverse("declarations:batch") + "?action=approve", {"choice": choice, "confirmed": "1"})
            return {one.declaration.pk: one for one in page.context["outcomes"]}

        return post

    def singly(self, rows) -> dict:
        back = mover(self.office.performance[1], "return", version=1, comment=WHY)
        return {row.pk: outcome(back, row) for row in reversed(rows)}

    def run(self, count: int) -> tuple[list[Declaration], dict, dict]:
        client = Client()
        client.force_login(self.office.performance[0])
        rows = self.office.declarations(State.REVIEWED, count)
        together, single = race(
            [rows[at : at + IN_A_BATCH] for at in range(0, count, IN_A_BATCH)], self.batch(client), self.singly
        )
        merged = [{key: one for part in found for key, one in part.items()} for found in (together, single)]
        return rows, *merged

    def test_each_declaration_is_decided_once_and_each_person_is_told(self):
        rows, together, single = self.run(ROUNDS)
        for row in rows:
            done, other = together[row.pk], single[row.pk]
            assert done.done != isinstance(other, Event)
            event = row.events.get()
            assert event.action == ("approve" if done.done else "return")
            assert isinstance(other, Event | AlreadyDone)
            assert done.done or str(self.office.performance[1]) in done.words or "未解决的审核意见" in done.words
        assert 0 < sum(one.done for one in together.values()) < len(rows)

    def test_without_lock_and_version_both_decide_or_meet_an_error_of_the_database(self, monkeypatch):
        unguarded(monkeypatch)
        (row,) = self.office.declarations(State.REVIEWED, 1)
        address = reverse("declarations:batch") + "?action=approve"
        client = Client(raise_request_exception=False)
        client.force_login(self.office.performance[0])

        def post(rows):
            page = client.post(address, {"choice": [f"{row.pk}:1" for row in rows], "confirmed": "1"})
            return page.status_code == 500 or page.context["outcomes"][0].done

        (done_or_failed,), (single,) = race([[row]], post, self.singly)
        assert done_or_failed
        assert isinstance(single[row.pk], Event | IntegrityError)


def test_a_comment_and_an_approval_fall_one_after_the_other():
    """What a reviewer writes while another approves is either before the approval or refused."""
    office = Office()
    rounds = office.declarations(State.REVIEWED)
    for one in rounds:
        factories.freeze(one)
    writer, approver = office.performance

    def write(declaration):
        author = User.objects.get(pk=writer.pk)
        given = {"field": "", "code": "other", "text": WHY, "number": None}
        try:
            return comments.write_comment(author, declaration, **given)
        except comments.NotWritten as refused:
            return str(refused)

    written, approvals = race(rounds, write, mover(approver, "approve", version=1))
    assert all(isinstance(one, Event) for one in approvals)
    for comment, event in zip(written, approvals, strict=True):
        assert isinstance(comment, str) or comment.created_at <= event.created_at

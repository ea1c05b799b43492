"""Every state x action x role as the table of moves says, and the conditions under which a move is taken."""

import datetime
import threading

import pytest
from django.db import connection
from django.utils import timezone

from declarations.models import Cycle, Declaration, Department, Event, Role, Round, Snapshot, StaleVersion, State, User
from declarations.people import moves
from declarations.record import store
from declarations.reviewing.workflow import MOVES, AlreadyDone, Blocked, MoveRefused, available_moves, perform_move
from tests import factories
from tests.chains import broken_links

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
ACTIONS = sorted({move.action for move in MOVES})
COMMENT = "绩效指标不够细化，请补充数量指标。"


@pytest.fixture
def office():
    """A department with its division and bureau, and one person a role."""
    division = factories.division()
    factories.cycle(division.bureau, round=Round.SECOND)
    return factories.department(division=division)


def somebody(role, department):
    place = {"filler": department, "head": department, "division": department.division}.get(role, department.bureau)
    return factories.person(role, place)


def in_state(department, state, **values):
    return factories.declaration(department, state=state, **values)


def expected(action, state, role):
    rows = [move for move in MOVES if move.action == action and state in move.sources and role in move.roles]
    return rows[0] if rows else None


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("state", State.values)
def test_a_move_is_taken_exactly_where_the_table_has_it(office, state, action, role):
    declaration, person = in_state(office, state), somebody(role, office)
    move = expected(action, state, role)
    assert (move in available_moves(person, declaration)) is (move is not None)
    if move is None:
        with pytest.raises((MoveRefused, Declaration.DoesNotExist)):
            perform_move(declaration.pk, action, person, comment=COMMENT)
        declaration.refresh_from_db()
        assert (declaration.state, declaration.version, Event.objects.count()) == (state, 1, 0)
        return
    event = perform_move(declaration.pk, action, person, comment=COMMENT)
    declaration.refresh_from_db()
    assert (declaration.state, declaration.version) == (move.target, 2)
    assert (event.from_state, event.to_state, event.actor, event.acting_role) == (state, move.target, person, role)


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("state", State.values)
def test_no_move_crosses_to_another_department_division_or_bureau(office, state, action, role):
    declaration = in_state(office, state)
    stranger = somebody(role, factories.department(division=factories.division()))
    assert available_moves(stranger, declaration) == []
    with pytest.raises(Declaration.DoesNotExist):
        perform_move(declaration.pk, action, stranger, comment=COMMENT)


def test_the_operator_takes_no_move(office):
    declaration = in_state(office, State.CERTIFYING)
    operator = factories.superuser()
    assert available_moves(operator, declaration) == []
    with pytest.raises(MoveRefused, match="不能对这份申报表办理"):
        perform_move(declaration.pk, "submit", operator)


def test_every_state_but_the_last_leads_on_and_every_state_is_reached():
    assert {state for move in MOVES if move.is_due for state in move.sources} == set(State.values) - {State.APPROVED}
    assert {move.target for move in MOVES} == set(State.values)


def test_one_action_of_one_role_leads_from_a_state_to_one_target():
    keys = [(move.action, state, role) for move in MOVES for state in move.sources for role in move.roles]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("move", [move for move in MOVES if move.needs_comment], ids=lambda move: move.action)
@pytest.mark.parametrize("comment", ["", "  \n "])
def test_a_move_that_needs_a_comment_is_refused_without(office, move, comment):
    state, role = next(iter(move.sources)), move.roles[0]
    declaration = in_state(office, state)
    with pytest.raises(MoveRefused, match="须填写意见"):
        perform_move(declaration.pk, move.action, somebody(role, office), comment=comment)


@pytest.mark.parametrize("move", [move for move in MOVES if move.runs_checks], ids=lambda move: move.action)
def test_a_blocking_finding_stops_it_and_all_findings_come_with_the_refusal(office, move):
    state, role = sorted(move.sources)[0], move.roles[0]
    declaration = in_state(office, state, said=factories.table(overall_goal=""))
    with pytest.raises(Blocked) as refused:
        perform_move(declaration.pk, move.action, somebody(role, office))
    assert "F01" in {problem.code for problem in refused.value.problems}
    assert not Snapshot.objects.exists()


@pytest.mark.parametrize("move", [move for move in MOVES if not move.runs_checks], ids=lambda move: move.action)
def test_no_finding_keeps_a_reviewer_from_deciding(office, move):
    state, role = next(iter(move.sources)), move.roles[0]
    declaration = in_state(office, state, said=factories.table(overall_goal=""))
    assert perform_move(declaration.pk, move.action, somebody(role, office), comment=COMMENT).to_state == move.target


@pytest.mark.parametrize(
    "move", [move for move in MOVES if move.reviews], ids=lambda move: f"{move.action}-{move.roles}"
)
@pytest.mark.parametrize("part", ["filled in", "certified"])
def test_nobody_reviews_what_they_filled_in_or_certified(office, move, part):
    state, role = next(iter(move.sources)), move.roles[0]
    declaration, person = in_state(office, state), somebody(role, office)
    if part == "filled in":
        declaration.editors.add(person)
    else:
        states = {"from_state": State.CERTIFYING, "to_state": State.SUBMITTED}
        Event.objects.create(declaration=declaration, action="submit", actor=person, **states)
    assert available_moves(person, declaration) == []
    with pytest.raises(MoveRefused, match="不能再审核"):
        perform_move(declaration.pk, move.action, person, comment=COMMENT)


def test_reviewing_moves_are_those_of_the_bureau():
    decisions = {"pass", "return", "approve", "adjust", "second_round"}
    assert {move.action for move in MOVES if move.reviews} == decisions
    assert all(Role.REVIEWING.isdisjoint(move.roles) for move in MOVES if not move.reviews)


def after_deadline(declaration):
    Cycle.objects.filter(pk=declaration.cycle_id).update(deadline=timezone.now() - DAY)


@pytest.mark.parametrize("move", [move for move in MOVES if move.needs_time], ids=lambda move: move.action)
def test_after_the_deadline_the_department_moves_nothing_forward(office, move):
    state, role = sorted(move.sources)[0], move.roles[0]
    declaration, person = in_state(office, state), somebody(role, office)
    after_deadline(declaration)
    assert move not in available_moves(person, Declaration.objects.get())
    with pytest.raises(MoveRefused, match=r"已于.*截止"):
        perform_move(declaration.pk, move.action, person)


@pytest.mark.parametrize("move", [move for move in MOVES if move.needs_time], ids=lambda move: move.action)
def test_before_the_opening_neither(office, move):
    state, role = sorted(move.sources)[0], move.roles[0]
    declaration = in_state(office, state)
    Cycle.objects.update(opens_at=timezone.now() + DAY)
    with pytest.raises(MoveRefused, match=r"申报于.*开始"):
        perform_move(declaration.pk, move.action, somebody(role, office))


def test_a_returned_one_comes_in_again_after_the_deadline_even_by_way_of_the_filler(office):
    declaration = in_state(office, State.SUBMITTED)
    filler, head, reviewer = (somebody(role, office) for role in ("filler", "head", "division"))
    after_deadline(declaration)
    path = [
        ("return", reviewer),
        ("send_to_head", filler),
        ("send_back", head),
        ("send_to_head", filler),
        ("submit", head),
    ]
    for action, person in path:
        perform_move(declaration.pk, action, person, comment=COMMENT)
        if action == "return":
            declaration.refresh_from_db()
            factories.answer(declaration, filler)
    declaration.refresh_from_db()
    assert (declaration.state, declaration.submissions, declaration.returned_at) == (State.SUBMITTED, 2, None)
    with pytest.raises(MoveRefused, match="截止"):
        perform_move(declaration.pk, "withdraw", head)


def test_a_whole_journey_leaves_a_whole_record(office):
    declaration = in_state(office, State.DRAFT, submissions=0)
    people = {role: somebody(role, office) for role in ("filler", "head", "division", "performance")}
    path = [
        ("send_to_head", "filler"),
        ("submit", "head"),
        ("return", "division"),
        ("send_to_head", "filler"),
        ("submit", "head"),
        ("pass", "division"),
        ("approve", "performance"),
    ]
    for action, role in path:
        perform_move(declaration.pk, action, people[role], comment=COMMENT, source_address="10.1.2.3")
        declaration.refresh_from_db()
        if action == "return":
            factories.answer(declaration, people["filler"])
    events, snapshots = list(declaration.events.all()), list(declaration.snapshots.all())
    assert [(event.action, event.acting_role) for event in events] == path
    assert [event.snapshot_id for event in events] == [snapshot.pk for snapshot in snapshots]
    assert [snapshot.number for snapshot in snapshots] == [1, 2, 3, 4, 5, 6, 7]
    assert broken_links(snapshots) == []
    assert {event.source_address for event in events} == {"10.1.2.3"}
    declaration.refresh_from_db()
    assert (declaration.state, declaration.submissions) == (State.APPROVED, 2)


def test_a_snapshot_says_what_the_declaration_said(office):
    declaration = in_state(office, State.CERTIFYING)
    event = perform_move(declaration.pk, "submit", somebody("head", office))
    table = store.table_of(Declaration.objects.get())
    snapshot = Snapshot.objects.get()
    assert (snapshot.content, snapshot.content_hash) == (table.to_json(), table.fingerprint)
    assert snapshot.row_ids["indicators"] == [row.id for row in table.indicators]
    assert event.confirmations == {}


def test_a_decision_on_another_text_than_was_seen_is_refused(office):
    declaration = in_state(office, State.SUBMITTED)
    reviewer = somebody("division", office)
    with pytest.raises(StaleVersion, match="不是最新内容"):
        perform_move(declaration.pk, "pass", reviewer, version=declaration.version + 1)
    assert perform_move(declaration.pk, "pass", reviewer, version=declaration.version).to_state == State.REVIEWED


def test_whoever_comes_second_learns_who_was_first_and_when(office):
    declaration = in_state(office, State.SUBMITTED)
    first, second = somebody("division", office), somebody("division", office)
    event = perform_move(declaration.pk, "pass", first, version=1)
    with pytest.raises(AlreadyDone) as refused:
        perform_move(declaration.pk, "return", second, version=1, comment=COMMENT)
    assert (refused.value.who, refused.value.when) == (first, event.created_at)
    assert refused.value.message.startswith(f"{first.name}已于")
    assert "办理“初审通过”，当前状态为“已初审”" in refused.value.message


def test_a_move_that_never_could_be_taken_names_the_state(office):
    declaration = in_state(office, State.DRAFT)
    with pytest.raises(MoveRefused, match="当前为“填报中”，不能办理“批复”") as refused:
        perform_move(declaration.pk, "approve", somebody("performance", office))
    assert refused.value.code == "state"


def test_an_unknown_action_is_refused(office):
    declaration = in_state(office, State.DRAFT)
    with pytest.raises(MoveRefused):
        perform_move(declaration.pk, "publish", somebody("filler", office))


@pytest.mark.parametrize("rows", [1, 30])
def test_a_move_costs_the_same_for_thirty_rows_as_for_one(office, rows, django_assert_num_queries):
    indicators = tuple(factories.indicator(name=f"巡查次数{i}") for i in range(rows))
    declaration = in_state(office, State.SUBMITTED, said=factories.table(indicators=indicators))
    reviewer = User.objects.get(pk=somebody("division", office).pk)
    somebody("performance", office)
    with django_assert_num_queries(16):  # three of them: what the reviewer has to read, who is told, and the notices
        perform_move(declaration.pk, "pass", reviewer)


@pytest.mark.django_db(transaction=True)
def test_a_double_click_gives_one_submission():
    department = factories.department(division=factories.division())
    declaration, head = in_state(department, State.CERTIFYING), somebody("head", department)
    start, outcomes = threading.Barrier(2), []

    def click():
        try:
            start.wait(timeout=10)
            outcomes.append(perform_move(declaration.pk, "submit", User.objects.get(pk=head.pk), version=1).action)
        except AlreadyDone as refused:
            outcomes.append(refused.who)
        finally:
            connection.close()

    clicks = [threading.Thread(target=click) for _ in range(2)]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join(timeout=20)
    assert sorted(outcomes, key=str) == sorted(["submit", head], key=str)
    declaration.refresh_from_db()
    assert (declaration.submissions, Snapshot.objects.count(), Event.objects.count()) == (1, 1, 1)


def test_a_department_that_left_the_division_is_no_longer_its_business(office):
    declaration, reviewer = in_state(office, State.SUBMITTED), somebody("division", office)
    Department.objects.filter(pk=office.pk).update(division=factories.division(office.bureau))
    with pytest.raises(Declaration.DoesNotExist):
        perform_move(declaration.pk, "pass", reviewer)


def test_labels_are_those_of_the_table():
    assert moves.LABELS["submit"] == "报送"
    assert set(moves.LABELS) == set(ACTIONS)

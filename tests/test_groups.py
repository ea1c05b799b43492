"""Groups of states and roles stand once, in the models; tables keyed by their members are registered as complete."""

import ast
from dataclasses import replace

import pytest

from declarations.models import Action, Role, State
from declarations.operating.system_checks import _moves, tables_are_total
from declarations.people.moves import MOVES
from declarations.sheet import totality
from tests.test_layers import modules

ENUMS = {"State", "Role", "Action"}
GROUPED = {"State", "Role"}
#: where the groups themselves and the table of moves stand
HOMES = ("declarations.models", "declarations.people.moves")


def enum_of(node):
    """The enum of which an expression is a member (State.DRAFT), or None."""
    is_member = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr.isupper()
    return node.value.id if is_member and node.value.id in ENUMS else None


def parsed():
    """Each module that knows our enums and is not their home; `layout.Role` is another thing."""
    for name, path in modules().items():
        source = path.read_text("utf-8")
        if not name.startswith(HOMES) and "from declarations.models import" in source:
            yield name, ast.parse(source)


def groups_in(tree):
    """Sets, tuples and lists of members; the arguments of a call (`allow(...)`) are none."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Set | ast.Tuple | ast.List):
            members = [enum_of(element) for element in node.elts]
            if len(members) > 1 and set(members) <= GROUPED:
                yield node.lineno


def unregistered_in(tree):
    """Mappings by members that nobody counts."""
    counted = {
        id(argument)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "total_over"
        for argument in ast.walk(call)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict) and any(enum_of(key) for key in node.keys) and id(node) not in counted:
            yield node.lineno


@pytest.mark.parametrize("fault", [groups_in, unregistered_in])
def test_no_module_keeps_a_group_or_a_table_of_its_own(fault):
    assert [(name, line) for name, tree in parsed() for line in fault(tree)] == []


@pytest.mark.parametrize(
    ("fault", "source"),
    [
        (groups_in, "OPEN = {State.DRAFT, State.RETURNED}"),
        (groups_in, "READERS = (Role.FILLER, Role.HEAD)"),
        (unregistered_in, "TONES = {Action.RETURN: 'danger'}"),
        (unregistered_in, "def late():\n    return {State.DRAFT: 'x'}[state]"),
    ],
)
def test_a_group_and_a_table_are_found(fault, source):
    assert list(fault(ast.parse(source)))


def test_a_registered_table_is_none_of_its_own():
    assert list(unregistered_in(ast.parse("T = total_over('T', State, {State.DRAFT: 1})"))) == []


def test_all_tables_are_complete():
    assert tables_are_total() == []


def test_a_table_that_forgets_a_member_is_told_of(monkeypatch):
    monkeypatch.setattr(totality, "TABLES", {})
    totality.total_over("icons", State, {state: "x" for state in State if state != State.RETURNED})
    [message] = tables_are_total()
    assert message.id == "declarations.E010" and message.msg == "icons says nothing of returned"


def test_two_tables_of_one_name_are_refused():
    with pytest.raises(ValueError, match=r"State\.facts"):
        totality.total_over("State.facts", State, {})


def test_a_state_that_no_move_leads_to_or_out_of_is_told_of():
    moves = [move for move in MOVES if move.action not in (Action.APPROVE, Action.ADJUST, Action.SECOND_ROUND)]
    told = [message.msg for message in _moves(moves)]
    assert "no move leads to the state approved" in told and "no move leads out of the state approved" in told
    assert "no move takes the action approve" in told


def test_an_action_says_the_same_of_itself_wherever_it_is_taken():
    changed = [replace(move, effect="") if State.SUBMITTED in move.sources else move for move in MOVES]
    assert {message.id for message in _moves(changed)} == {"declarations.E012"}


def test_the_groups_are_what_they_are_called():
    assert {State.DRAFT, State.RETURNED} == State.WRITABLE
    assert State.WRITABLE | {State.CERTIFYING} == State.AT_DEPARTMENT
    assert {State.SUBMITTED, State.REVIEWED, State.APPROVED, State.RETURNED} == State.AT_BUREAU
    assert {State.SUBMITTED, State.REVIEWED, State.APPROVED} == State.REPORTED
    assert {State.SUBMITTED, State.REVIEWED} == State.UNDER_REVIEW
    assert State.UNDER_REVIEW | {State.RETURNED} == State.IN_REVIEW
    assert {State.REVIEWED, State.APPROVED} == State.PASSED
    assert {State.DRAFT, State.CERTIFYING} == State.UNREPORTED
    assert Role.OF_DEPARTMENT == Role.DECLARING == {Role.FILLER, Role.HEAD}
    assert {Role.DIVISION, Role.PERFORMANCE} == Role.REVIEWING
    assert Role.REVIEWING | {Role.OBSERVER} == Role.COMMENTING
    assert Role.REVIEWING | {Role.ADMINISTRATOR} == Role.BUREAU
    assert {Role.PERFORMANCE, Role.ADMINISTRATOR} == Role.KEEPING

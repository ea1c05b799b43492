"""Who may do what with one thing, as predicates. Which rows a person finds at all is `visible_to`.

Deny by default: each predicate answers False unless a membership valid today says otherwise. The
operator of the installation (``is_superuser``) reads and administers everything, and takes no move.
"""

from __future__ import annotations

import datetime
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from declarations.models import (
    Bureau,
    Cycle,
    Declaration,
    Event,
    Membership,
    Role,
    State,
    User,
    assigned_to,
    scope_of,
)
from declarations.people.moves import CERTIFYING
from declarations.record import store

#: what each reviewing role is held for: the name on a department, and the key on a membership
PLACES = {role: (role.scopes[0], f"{role.scopes[0]}_id") for role in Role if role in Role.REVIEWING}


def memberships_of(user) -> tuple[Membership, ...]:
    """What was given to a person and is valid today; nothing for visitors and disabled accounts."""
    return user.memberships_now if user.is_authenticated and user.is_active else ()


def active_roles(user) -> frozenset[Role]:
    return frozenset(Role(item.role) for item in memberships_of(user))


def roles_on(user, declaration: Declaration) -> frozenset[Role]:
    """The roles a person has towards this declaration."""
    return frozenset(Role(item.role) for item in memberships_on(user, declaration))


def memberships_on(user, declaration: Declaration) -> list[Membership]:
    """What a person holds, or was lent for an absence, towards this declaration; their own first."""
    department = declaration.department
    places = {
        ("department_id", department.pk),
        ("division_id", department.division_id),
        ("bureau_id", department.bureau_id),
    }
    return [
        item
        for item in memberships_of(user)
        if any(key is not None and getattr(item, name) == key for name, key in places)
    ]


def acting_for(user, declaration: Declaration, role: Role) -> User | None:
    """For whom a person acts in a role: somebody in whose place they stand, whose task it is; None: for themselves.

    It is the other's task where only the other has the role here, or where it is assigned to the other by name.
    """
    given = [item.user for item in memberships_on(user, declaration) if item.role == role]
    lenders = {person.pk: person for person in given if person != user}
    if not lenders or role not in PLACES:
        return None
    if user not in given:
        return next(iter(lenders.values()))
    assigned = Declaration.objects.filter(pk=declaration.pk).values_list(assigned_to(role), flat=True).first()
    return lenders.get(assigned)


def reviewed_places(user, prefix: str = "") -> Q:
    """The departments that a person reviews in any role; ``prefix`` leads to them."""
    condition = Q(pk__in=[])
    for membership in memberships_of(user):
        if membership.role in PLACES:
            name, key = PLACES[Role(membership.role)]
            condition |= Q(**{f"{prefix}{name}": getattr(membership, key)})
    return condition


def is_invited(user, declaration: Declaration) -> bool:
    """Whether somebody was asked for an opinion on it, and still is."""
    return (declaration.cycle_id, declaration.department_id) in scope_of(user).invited


def in_time(declaration: Declaration, now: datetime.datetime | None = None) -> bool:
    """Whether the department may still work on it: while the year is open, after a return, and in an extension."""
    if declaration.returned_at is not None:
        return True
    return is_time(declaration.department_id, declaration.cycle, now)


def is_time(department_id: int, cycle: Cycle, now: datetime.datetime | None = None) -> bool:
    """Whether a department may report in a year: while it is open, and as long as an extension of its own runs."""
    if not cycle.is_over(now):
        return cycle.is_open(now)
    return cycle.until_for([department_id])[department_id].until >= (now or timezone.now())


def may_read_content(user, declaration: Declaration) -> bool:
    """The department always; the bureau, and whom it invited, once it was reported; an observer once approved."""
    roles = roles_on(user, declaration)
    if roles & Role.OF_DEPARTMENT or is_operator(user):
        return True
    if roles & Role.BUREAU or (is_invited(user, declaration) and declaration.state in State.AT_BUREAU):
        return declaration.state in State.AT_BUREAU
    return Role.OBSERVER in roles and (declaration.state == State.APPROVED or declaration.revision > 1)


def readable_table(user, declaration: Declaration) -> store.Table | None:
    """What a person may read of it now; None: nothing. Pages, findings and exports start here.

    The department reads what it is writing, the bureau and whom it invited what was reported (see
    `store.reported_table`), an observer what was approved.
    """
    if not may_read_content(user, declaration):
        return None
    roles = roles_on(user, declaration)
    if roles & Role.OF_DEPARTMENT or is_operator(user):
        return store.table_of(declaration)
    if roles & Role.BUREAU or is_invited(user, declaration):
        return store.reported_table(declaration)
    return store.approved_table(declaration)


def reads_draft(user, declaration: Declaration) -> bool:
    """Whether what a person reads (`readable_table`) is a text that the department is still at work on."""
    return declaration.state in State.AT_DEPARTMENT and (
        bool(roles_on(user, declaration) & Role.OF_DEPARTMENT) or is_operator(user)
    )


def may_edit(user, declaration: Declaration, now: datetime.datetime | None = None) -> bool:
    """Its filler and its head, while it is with the department and there is time."""
    open_now = declaration.state in State.WRITABLE and not declaration.is_imported
    return open_now and bool(roles_on(user, declaration) & Role.DECLARING) and in_time(declaration, now)


def may_explain(user, declaration: Declaration, now: datetime.datetime | None = None) -> bool:
    """Say why a doubt stays: those who may edit, and the head while it is certified."""
    certifying = declaration.state == State.CERTIFYING and Role.HEAD in roles_on(user, declaration)
    return may_edit(user, declaration, now) or (certifying and in_time(declaration, now))


def may_dismiss(user, declaration: Declaration) -> bool:
    """Say that a finding is wrong: a reviewer, while it is under review, who had no hand in it."""
    reviews = bool(roles_on(user, declaration) & Role.REVIEWING)
    return is_under_review(declaration) and reviews and not has_hand_in(user, declaration)


def is_under_review(declaration: Declaration) -> bool:
    return declaration.state in State.UNDER_REVIEW and not declaration.is_imported


def may_comment(user, declaration: Declaration) -> bool:
    """Write comments of the review: whoever may say that a finding is wrong, and whoever was invited."""
    if not is_invited(user, declaration):
        return may_dismiss(user, declaration)
    return is_under_review(declaration) and not has_hand_in(user, declaration)


def may_score(user, declaration: Declaration) -> bool:
    """Fill in a score sheet: whoever may comment."""
    return may_comment(user, declaration)


def may_export(user, declaration: Declaration) -> bool:
    """Whoever may read it may take it away."""
    return may_read_content(user, declaration)


def may_have_letters(user, declaration: Declaration) -> bool:
    """The opinions of the bureau on it as letters: its own people and the bureau's, not those who only read."""
    roles = roles_on(user, declaration) - {Role.OBSERVER}
    return (bool(roles) or is_operator(user)) and not declaration.is_imported


def may_start(user, department, cycle, now: datetime.datetime | None = None) -> bool:
    """Begin the declaration of a department for a year: its filler and its head, while the year is open."""
    own = department.pk in scope_of(user).departments
    its_year = department.is_active and department.bureau_id == cycle.bureau_id
    return own and its_year and is_time(department.pk, cycle, now)


def may_administer(user, bureau: Bureau | None = None) -> bool:
    """Departments, people, years and imports: of this bureau, or of any where none is named."""
    administered = scope_of(user).administered
    return is_operator(user) or (bool(administered) if bureau is None else bureau.pk in administered)


def may_import(user, bureau: Bureau) -> bool:
    """Bring in many departments' tables."""
    return may_administer(user, bureau)


def is_operator(user) -> bool:
    return user.is_authenticated and user.is_active and user.is_superuser


def has_hand_in(user: User, declaration: Declaration) -> bool:
    """Whether a person filled in or certified it; nobody reviews that."""
    return with_hand_in(user).filter(pk=declaration.pk).exists()


def with_hand_in(user: User) -> QuerySet:
    """The declarations that a person filled in or certified, ever."""
    return Declaration.objects.filter(hand_in(user))


def hand_in(user: User) -> Q:
    """The same as a condition on declarations; its cost grows with what the user did, not with all declarations."""
    edits, signatures = _edits(user=user), _signatures(actor=user)
    return Q(pk__in=edits.values("declaration")) | Q(pk__in=signatures.values("declaration"))


def people_with_hand_in(declaration: Declaration) -> QuerySet:
    """The keys of those who filled in or certified a declaration, ever."""
    edits, signatures = _edits(declaration=declaration), _signatures(declaration=declaration, actor__isnull=False)
    return User.objects.filter(Q(pk__in=edits.values("user")) | Q(pk__in=signatures.values("actor"))).values("pk")


def hands_in(declarations: Iterable[Declaration]) -> Mapping[uuid.UUID, set[int]]:
    """`people_with_hand_in` of many declarations, by key; in two queries however many there are."""
    keys = [declaration.pk for declaration in declarations]
    edits = _edits(declaration__in=keys).values_list("declaration", "user")
    signatures = _signatures(declaration__in=keys, actor__isnull=False).values_list("declaration", "actor")
    people: dict[uuid.UUID, set[int]] = defaultdict(set)
    for key, person in (*edits, *signatures):
        people[key].add(person)
    return people


def _edits(**of: Any) -> QuerySet:
    """Who filled in which declaration."""
    return Declaration.editors.through.objects.filter(**of)


def _signatures(**of: Any) -> QuerySet:
    """The events by which somebody answered for the content of a declaration."""
    return Event.objects.filter(action__in=CERTIFYING, **of)

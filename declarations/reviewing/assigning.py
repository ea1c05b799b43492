"""Who looks after what in the review: the 经办人 of a department, and handing a declaration to a colleague.

It says whose task something is, not who may do it: that is up to roles (`permissions`, `workflow`). So
a declaration whose 经办人 reviews there no more is everybody's task again, and none is ever lost.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from declarations.models import Assignment, Declaration, Department, Membership, Role, State, User, assigned_to
from declarations.people import permissions
from declarations.reviewing.refusals import MoveRefused

COLUMNS = {role: f"handler_{role}" for role in Role if role in Role.REVIEWING}
"""What `with_handlers` writes, by stage: the key of whoever a declaration was assigned to, 0 where to nobody."""


def with_handlers(declarations: QuerySet) -> QuerySet:
    return declarations.annotate(**{name: Coalesce(assigned_to(role), Value(0)) for role, name in COLUMNS.items()})


def reviewers_in(role: Role, place: int) -> QuerySet:
    """The people who hold a reviewing role today; ``place`` is the key of the division, or of the bureau."""
    held = Membership.objects.valid_on(timezone.localdate()).filter(role=role, **{permissions.PLACES[role][1]: place})
    return User.objects.filter(is_active=True, pk__in=held.values("user")).order_by("name", "pk")


def colleagues_of(department: Department, role: Role) -> QuerySet:
    """Who reviews a department in a stage."""
    place = getattr(department, permissions.PLACES[role][1])
    return reviewers_in(role, place) if place else User.objects.none()


def is_task_by(membership: Membership, user: User) -> Q:
    """Of declarations `with_handlers`: those in the place of a person's membership that are assigned to them, to
    the one for whom they stand in by it, or to nobody who reviews there."""
    role = Role(membership.role)
    name, key = permissions.PLACES[role]
    place = getattr(membership, key)
    others = reviewers_in(role, place).exclude(pk__in={user.pk, membership.user_id}).order_by()
    return ~Q(**{f"{COLUMNS[role]}__in": others.values("pk")}) & Q(**{f"department__{name}": place})


def stage_of(user: User, declaration: Declaration) -> Role | None:
    """The stage in which a person has to do with a declaration: the one it is in, else the one that is theirs."""
    roles = permissions.roles_on(user, declaration) & Role.REVIEWING
    now = Role(State(declaration.state).reviewer or Role.DIVISION)
    return now if now in roles else next(iter(roles), None)


def handler_of(declaration: Declaration, role: Role) -> User | None:
    """Whoever it is assigned to, if they still review there."""
    assigned = Declaration.objects.filter(pk=declaration.pk).values(handler=assigned_to(role))
    return colleagues_of(declaration.department, role).filter(pk__in=assigned).first()


def may_hand_over(user: User, declaration: Declaration) -> bool:
    is_open = declaration.state in State.IN_REVIEW and not declaration.is_imported
    return is_open and stage_of(user, declaration) is not None


def possible_takers(user: User, declaration: Declaration, role: Role) -> list[User]:
    """The colleagues to whom a declaration may be handed: not those who filled it in or certified it."""
    others = colleagues_of(declaration.department, role).exclude(pk=user.pk)
    return list(others.exclude(pk__in=permissions.people_with_hand_in(declaration)))


def hand_over(user: User, declaration: Declaration, to: int | None, reason: str) -> Assignment:
    """Makes a colleague the 经办人 of a declaration. Raises `MoveRefused`."""
    role = _stage_for(user, declaration)
    target = next((person for person in possible_takers(user, declaration, role) if person.pk == to), None)
    if target is None:
        hint = "请选择同一科室、没有参与过这份申报表填报和审定的审核人员。"
        raise MoveRefused("target", "没有转办：所选的人不能经办这份申报表。", hint)
    if not reason.strip():
        raise MoveRefused("reason", "没有转办：须写明转办的原因。", "例如：请假、工作调整、业务分工。")
    return _assign(user, declaration, role, target, reason)


def take_over(user: User, declaration: Declaration, reason: str = "") -> Assignment:
    """Makes oneself the 经办人, also to take back what one had handed over. Raises `MoveRefused`."""
    role = _stage_for(user, declaration)
    if permissions.has_hand_in(user, declaration):
        message = "您参与过这份申报表的填报或审定，须由他人审核。"
        raise MoveRefused("own", message, "可以转给其他审核人员。")
    return _assign(user, declaration, role, user, reason or "转由本人经办")


def _stage_for(user: User, declaration: Declaration) -> Role:
    role = stage_of(user, declaration)
    if role is None or not may_hand_over(user, declaration):
        state = declaration.get_state_display()
        raise MoveRefused("state", f"这份申报表当前为“{state}”，不能转办。", "审核办结之前才能转办。")
    return role


def _assign(user: User, declaration: Declaration, role: Role, to: User, reason: str) -> Assignment:
    return Assignment.objects.create(
        role=role,
        department=declaration.department,
        declaration=declaration,
        reviewer=to,
        reason=reason.strip(),
        assigned_by=user,
    )


def assign_departments(user: User, role: Role, departments: Iterable[Department], to: User | None) -> list[Assignment]:
    """Makes ``to`` (None: nobody in particular) the 经办人 of departments, for all years. Raises `MoveRefused`
    where ``to`` does not review one of them; then nothing is written."""
    chosen = list(departments)
    places = {getattr(department, permissions.PLACES[role][1]): department for department in chosen}
    for place, department in places.items():
        if to is not None and not (place and reviewers_in(role, place).filter(pk=to.pk).exists()):
            message = f"没有指定经办人：{to}不审核“{department}”。"
            raise MoveRefused("target", message, "请选择该部门的主管科室的审核人员。")
    return Assignment.objects.bulk_create(
        Assignment(role=role, department=one, reviewer=to, assigned_by=user) for one in chosen
    )

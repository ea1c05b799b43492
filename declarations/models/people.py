"""People and what they may do."""

from __future__ import annotations

import datetime
from dataclasses import replace
from functools import cached_property
from typing import ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone

from declarations.models.organisation import Bureau, Department, Division
from declarations.models.scope import KEEPING, OF_DEPARTMENT, ROLES, RoleCode, Scope, scope_of


class UserQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Oneself, and for an administrator the people of the bureau."""
        scope = scope_of(user)
        if scope.everything:
            return self.all()
        people = Membership.objects.of_bureaus(scope.administered).values("user")
        return self.filter(Q(pk=user.pk) | Q(pk__in=people))


class PeopleManager(UserManager.from_queryset(UserQuerySet)):
    pass


class User(AbstractUser):
    """A person with an account. What they may do is in their memberships, nowhere else."""

    first_name = None
    last_name = None
    name = models.CharField("姓名", max_length=50)
    #: whether there ever was an invitation: who has none costs no query to find that out
    was_invited = models.BooleanField("曾受邀评审", default=False, db_default=False, editable=False)
    was_stand_in = models.BooleanField("曾代他人办理", default=False, db_default=False, editable=False)

    REQUIRED_FIELDS = ("name",)

    objects = PeopleManager()

    class Meta(AbstractUser.Meta):
        verbose_name = verbose_name_plural = "用户"
        ordering = ("username",)
        constraints = [
            # whoever logs in is looked up whatever the case: two that differ in it would lock each other out
            models.UniqueConstraint(
                Lower("username"),
                name="username_once_in_any_case",
                violation_error_message="已有相同的用户名（不区分大小写），请换一个。",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    @cached_property
    def memberships_now(self) -> tuple[Membership, ...]:
        """The memberships valid today, read once for this instance (one request, one instance).

        Their own first, then those of the reviewers for whom they stand in today: each of a role that they hold
        themselves in the same bureau. ``user`` says whose it is.
        """
        today = timezone.localdate()
        valid = Membership.objects.valid_on(today).with_scope().select_related("user")
        # looking for what is lent takes as long as the rest of it; most people never stood in for anybody
        found = valid.held_or_lent(self, today) if self.was_stand_in else valid.filter(user=self)
        own = [item for item in found if item.user_id == self.pk]
        held = {(item.role, item.home_bureau_id) for item in own}
        lent = [item for item in found if item.user_id != self.pk and (item.role, item.home_bureau_id) in held]
        return (*own, *lent)

    @cached_property
    def scope(self) -> Scope:
        if self.is_superuser:
            return Scope(everything=True, member_of=Scope.of(self.memberships_now).member_of)
        return replace(Scope.of(self.memberships_now), invited=self.invited_now)

    @cached_property
    def invited_now(self) -> frozenset[tuple[int, int]]:
        """Year and department of each invitation that runs now, read once for this instance."""
        rows = self.invitations.newest() if self.was_invited else ()
        return frozenset((row.cycle_id, row.department_id) for row in rows if row.is_running())

    @cached_property
    def unread_notices(self) -> int:
        """How many notices wait to be read. In a request it comes with the person (`config.accounts.Backend`)."""
        return self.notices.unread().count()

    @property
    def bureau_codes(self) -> frozenset[str]:
        """The codes of the bureaus this person has any part in: what `indicators` knows bureaus by."""
        return frozenset(membership.home_bureau.code for membership in self.memberships_now)

    @property
    def library_codes(self) -> frozenset[str]:
        """The codes of the bureaus whose indicator library this person keeps."""
        return frozenset(item.home_bureau.code for item in self.memberships_now if item.role in KEEPING)

    def forget_memberships(self) -> None:
        """Reads memberships and invitations anew next time: after one was given or taken."""
        for name in ("memberships_now", "invited_now", "scope"):
            self.__dict__.pop(name, None)

    def refresh_from_db(self, *args, **kwargs) -> None:
        self.forget_memberships()
        self.__dict__.pop("unread_notices", None)
        super().refresh_from_db(*args, **kwargs)


class Role(models.TextChoices):
    FILLER = RoleCode.FILLER.value, "填报人"
    HEAD = RoleCode.HEAD.value, "部门审核人"
    DIVISION = RoleCode.DIVISION.value, "资金主管科室审核员"
    PERFORMANCE = RoleCode.PERFORMANCE.value, "绩效科审核员"
    ADMINISTRATOR = RoleCode.ADMINISTRATOR.value, "系统管理员"
    OBSERVER = RoleCode.OBSERVER.value, "查阅"

    #: who belongs to a department
    OF_DEPARTMENT: ClassVar[frozenset[Role]]
    #: those of a department who fill in and send its declarations
    DECLARING: ClassVar[frozenset[Role]]
    #: who decides on declarations for the bureau; a stand-in takes these over for the time of an absence
    REVIEWING: ClassVar[frozenset[Role]]
    #: who writes comments and scores; somebody who was invited does so as an observer
    COMMENTING: ClassVar[frozenset[Role]]
    #: who works at the bureau, those apart who only read
    BUREAU: ClassVar[frozenset[Role]]
    #: who keeps the settings and the library of a bureau
    KEEPING: ClassVar[frozenset[Role]]

    @property
    def scopes(self) -> tuple[str, ...]:
        """For which of the three places it may be held; an observer may have either."""
        return ROLES[RoleCode(self)].scopes


Role.OF_DEPARTMENT = frozenset(map(Role, OF_DEPARTMENT))
Role.DECLARING = frozenset(role for role in Role.OF_DEPARTMENT if ROLES[RoleCode(role)].declares)
Role.REVIEWING = frozenset(Role(code) for code, facts in ROLES.items() if facts.reviews)
Role.COMMENTING = Role.REVIEWING | {Role(code) for code, facts in ROLES.items() if facts.reads}
Role.KEEPING = frozenset(map(Role, KEEPING))
Role.BUREAU = Role.REVIEWING | Role.KEEPING
SCOPE_FIELDS = ("bureau", "division", "department")


def _scope_condition() -> Q:
    """Each role with one scope of a kind it takes, and the two others empty."""
    allowed = [(role.value, kind) for role in Role for kind in role.scopes]
    return Q(
        *(Q(role=role, **{f"{name}__isnull": name != kind for name in SCOPE_FIELDS}) for role, kind in allowed),
        _connector=Q.OR,
    )


class MembershipQuerySet(models.QuerySet):
    def valid_on(self, day: datetime.date):
        not_ended = Q(valid_to__isnull=True) | Q(valid_to__gte=day)
        return self.filter(not_ended, valid_from__lte=day)

    def held_or_lent(self, user: User, day: datetime.date):
        """A person's own, and the reviewing ones of the active people for whom they stand in on a day."""
        home = Coalesce(OuterRef("bureau"), OuterRef("division__bureau"))
        absent = user.standing_in.running_on(day).filter(reviewer=OuterRef("user"), bureau=home)
        return self.filter(Q(user=user) | Q(Exists(absent), role__in=Role.REVIEWING, user__is_active=True))

    def with_scope(self):
        return self.select_related("bureau", "division__bureau", "department__bureau")

    def of_bureaus(self, bureaus):
        return self.filter(Q(bureau__in=bureaus) | Q(division__bureau__in=bureaus) | Q(department__bureau__in=bureaus))

    def administered_by(self, user):
        scope = scope_of(user)
        return self.all() if scope.everything else self.of_bureaus(scope.administered)

    def visible_to(self, user):
        scope = scope_of(user)
        if scope.everything:
            return self.all()
        return self.filter(Q(user=user.pk) | Q(pk__in=self.model.objects.of_bureaus(scope.administered).values("pk")))


class Membership(models.Model):
    """One role of one person, for one department, division or bureau, from a day to a day."""

    user = models.ForeignKey(User, models.CASCADE, verbose_name="用户", related_name="memberships")
    role = models.CharField("角色", max_length=20, choices=Role.choices)
    bureau = models.ForeignKey(
        Bureau, models.PROTECT, verbose_name="财政局", related_name="memberships", null=True, blank=True
    )
    division = models.ForeignKey(
        Division, models.PROTECT, verbose_name="科室", related_name="memberships", null=True, blank=True
    )
    department = models.ForeignKey(
        Department, models.PROTECT, verbose_name="部门", related_name="memberships", null=True, blank=True
    )
    valid_from = models.DateField("生效日期", default=timezone.localdate)
    valid_to = models.DateField("失效日期", null=True, blank=True, help_text="留空表示长期有效。")

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "角色授权"
        ordering = ("user_id", "role", "pk")
        constraints = [
            models.CheckConstraint(
                condition=_scope_condition(),
                name="membership_scope_fits_role",
                violation_error_message=(
                    "填报人、部门审核人须且只须指定部门；资金主管科室审核员指定科室；"
                    "绩效科审核员、系统管理员指定财政局；查阅指定财政局或部门之一。"
                ),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="membership_ends_after_start",
                violation_error_message="失效日期不能早于生效日期。",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "bureau", "division", "department", "valid_from"],
                nulls_distinct=False,
                name="membership_once",
                violation_error_message="该用户已有相同的角色授权。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}（{self.place}）"

    @property
    def place(self) -> Bureau | Division | Department:
        """What the role is for."""
        return self.department or self.division or self.bureau

    @property
    def home_bureau(self) -> Bureau:
        return self.bureau or self.place.bureau

    @property
    def home_bureau_id(self) -> int:
        """The bureau within which the role lies."""
        return self.bureau_id or self.place.bureau_id

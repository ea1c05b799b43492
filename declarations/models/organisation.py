"""Bureaus, their divisions, and the departments that declare."""

from __future__ import annotations

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from pypinyin import Style, lazy_pinyin

from declarations.models.scope import scope_of
from declarations.models.state import State

ONCE = "同一财政局内"


class BureauQuerySet(models.QuerySet):
    def visible_to(self, user):
        scope = scope_of(user)
        return self.filter(scope.in_bureaus(scope.member_of, "pk"))

    def administered_by(self, user):
        scope = scope_of(user)
        return self.filter(scope.in_bureaus(scope.administered, "pk"))


class Bureau(models.Model):
    """A finance bureau (财政局) of one 行政区划; nothing crosses from one to another."""

    code = models.CharField(
        "行政区划代码",
        max_length=12,
        unique=True,
        validators=[RegexValidator(r"^\d{6}(\d{3}|\d{6})?$", "行政区划代码为 6、9 或 12 位数字，例如 440100。")],
    )
    name = models.CharField("名称", max_length=100)

    objects = BureauQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "财政局"
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class DivisionQuerySet(models.QuerySet):
    def visible_to(self, user):
        scope = scope_of(user)
        if scope.everything:
            return self.all()
        own = Department.objects.filter(scope.own()).values("division")
        return self.filter(Q(pk__in=scope.divisions) | Q(bureau__in=scope.bureaus) | Q(pk__in=own))


class Division(models.Model):
    """A division of the bureau that reviews the departments assigned to it (资金主管科室)."""

    bureau = models.ForeignKey(Bureau, models.PROTECT, verbose_name="财政局", related_name="divisions")
    code = models.CharField("代码", max_length=30)
    name = models.CharField("名称", max_length=100)

    objects = DivisionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "资金主管科室"
        ordering = ("bureau_id", "code")
        constraints = [
            models.UniqueConstraint(
                fields=["bureau", "code"],
                name="division_code_once",
                violation_error_message=ONCE + "科室代码不能重复。",
            ),
            models.UniqueConstraint(
                fields=["bureau", "name"],
                name="division_name_once",
                violation_error_message=ONCE + "科室名称不能重复。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DepartmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        scope = scope_of(user)
        return self.filter(scope.assigned() | scope.observed())

    def declaring(self, bureau: Bureau | int | None = None):
        """Those that declare: in use, and no unit of another, for units are part of theirs; of a bureau, or of all."""
        found = self.filter(is_active=True, parent__isnull=True)
        return found if bureau is None else found.filter(bureau=bureau)

    def unreported(self, cycle):
        """Those that declare in a year and of which the bureau has nothing yet."""
        declarations = apps.get_model("declarations.Declaration")._default_manager
        reported = declarations.filter(cycle=cycle, state__in=State.AT_BUREAU)
        return self.declaring(cycle.bureau_id).exclude(pk__in=reported.values("department"))

    def bulk_create(self, objs, *args, **kwargs):
        objs = list(objs)
        for department in objs:
            department.set_pinyin()
        return super().bulk_create(objs, *args, **kwargs)


class Department(models.Model):
    """A budget department (部门) or one of its units (下属单位).

    ``pinyin`` sorts lists as people expect, for the PostgreSQL of a trial has no Chinese
    collation; ``initials`` (云溪市财政局 -> yxsczj) is what people type to find a name.
    """

    bureau = models.ForeignKey(Bureau, models.PROTECT, verbose_name="财政局", related_name="departments")
    code = models.CharField("部门代码", max_length=30)
    name = models.CharField("部门名称", max_length=150)
    former_names = ArrayField(
        models.CharField(max_length=150),
        verbose_name="曾用名",
        default=list,
        blank=True,
        help_text="多个以英文逗号分隔。",
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, verbose_name="上级部门", related_name="units", null=True, blank=True
    )
    division = models.ForeignKey(
        Division,
        models.PROTECT,
        verbose_name="资金主管科室",
        related_name="departments",
        null=True,
        blank=True,
        help_text="负责初审的科室。",
    )
    is_active = models.BooleanField("在用", default=True)
    pinyin = models.TextField("拼音", editable=False)
    initials = models.CharField("拼音首字母", max_length=150, editable=False, db_index=True)

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "部门"
        ordering = ("pinyin", "pk")
        indexes = [models.Index(fields=["pinyin", "id"], name="department_by_pinyin")]
        constraints = [
            models.UniqueConstraint(
                fields=["bureau", "code"],
                name="department_code_once",
                violation_error_message=ONCE + "部门代码不能重复。",
            ),
            models.UniqueConstraint(
                fields=["bureau", "name"],
                name="department_name_once",
                violation_error_message=ONCE + "部门名称不能重复。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.set_pinyin()
        if (fields := kwargs.get("update_fields")) is not None and "name" in fields:
            kwargs["update_fields"] = {*fields, "pinyin", "initials"}
        super().save(*args, **kwargs)

    def set_pinyin(self) -> None:
        self.pinyin = " ".join(lazy_pinyin(self.name))
        self.initials = "".join(lazy_pinyin(self.name, style=Style.FIRST_LETTER)).lower()[:150]

    def clean(self) -> None:
        errors = {}
        if self.division and self.division.bureau_id != self.bureau_id:
            errors["division"] = "资金主管科室不属于该部门的财政局。"
        if self.parent and self.parent.bureau_id != self.bureau_id:
            errors["parent"] = "上级部门不属于同一财政局。"
        elif self.parent and self._is_above(self.parent):
            errors["parent"] = "上级部门不能是本部门或本部门的下属单位。"
        if errors:
            raise ValidationError(errors)

    def _is_above(self, other: Department | None) -> bool:
        seen = set()
        while other is not None and other.pk not in seen:
            if other.pk == self.pk:
                return True
            seen.add(other.pk)
            other = other.parent
        return False


def departments_named(words: str, prefix: str = "") -> Q:
    """Departments whose name, former name, code or pinyin initials hold these words (``sjyj`` finds 市教育局)."""
    compact = "".join(words.split())
    return (
        Q(**{f"{prefix}name__icontains": compact})
        | Q(**{f"{prefix}initials__contains": compact.lower()})
        | Q(**{f"{prefix}code__startswith": compact})
        | Q(**{f"{prefix}former_names__icontains": compact})
    )

"""The days on which a bureau's own calendar differs from the published holidays and make-up days."""

from __future__ import annotations

from django.db import models

from declarations.models.organisation import Bureau
from declarations.models.scope import scope_of


class CalendarDayQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The calendar is no secret within a bureau."""
        scope = scope_of(user)
        return self.filter(scope.in_bureaus(scope.member_of, "bureau"))


class CalendarDay(models.Model):
    """One day that the bureau declares to be a working day or not, whatever `workdays` would say of it."""

    bureau = models.ForeignKey(Bureau, models.CASCADE, verbose_name="财政局", related_name="calendar_days")
    day = models.DateField("日期")
    is_working = models.BooleanField("是否上班", choices=((True, "上班"), (False, "放假")), default=False)
    name = models.CharField("说明", max_length=50, help_text="如：春节、国庆节调休上班、本市停工放假。")

    objects = CalendarDayQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "节假日与调休"
        ordering = ("bureau_id", "-day")
        constraints = [
            models.UniqueConstraint(
                fields=["bureau", "day"],
                name="calendar_day_once",
                violation_error_message="这一天已经登记过，请修改原有的一条。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y年%m月%d日}{self.name}（{self.get_is_working_display()}）"

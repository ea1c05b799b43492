"""Years of declaring, the limits issued in each (控制数), and the days on which the bureau works."""

from __future__ import annotations

from django import forms
from django.contrib import admin

from declarations.admin.lists import ImportsAndExports
from declarations.admin.scoped import Scoped
from declarations.administering.resources import ControlFiguresResource
from declarations.models import CalendarDay, ControlFigures, Cycle
from declarations.sheet.official import EDITIONS
from declarations.sheet.official.fields import AMOUNTS


@admin.register(Cycle)
class CycleAdmin(Scoped, admin.ModelAdmin):
    list_display = ("year", "bureau", "edition", "round", "opens_at", "deadline")
    list_select_related = ("bureau",)
    fields = (
        *("bureau", "year", "edition", "round", "opens_at", "deadline"),
        *("remind_before", "remind_reviewers_after"),
    )

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """The editions that are described; which those are is no business of the database."""
        if db_field.name == "edition":
            choices = [(code, edition.name) for code, edition in EDITIONS.items()]
            newest = choices[-1][0]
            return forms.ChoiceField(label=db_field.verbose_name, choices=choices, initial=newest)
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(ControlFigures)
class ControlFiguresAdmin(ImportsAndExports, Scoped, admin.ModelAdmin):
    bureau_path = "cycle__bureau"
    resource_classes = (ControlFiguresResource,)
    list_display = ("department", "cycle", "basic_expenditure", "project_expenditure", "fiscal_appropriation")
    list_select_related = ("department", "cycle")
    list_filter = (("cycle", admin.RelatedOnlyFieldListFilter),)
    search_fields = ("department__code", "department__name", "department__initials")
    search_help_text = "部门代码、名称或拼音首字母"
    autocomplete_fields = ("department",)
    fields = ("cycle", "department", *AMOUNTS)


@admin.register(CalendarDay)
class CalendarDayAdmin(Scoped, admin.ModelAdmin):
    """Only what differs from the published holidays is kept: a holiday of the city, a day that was moved."""

    list_display = ("day", "is_working", "name", "bureau")
    list_select_related = ("bureau",)
    list_filter = ("is_working",)
    date_hierarchy = "day"
    search_fields = ("name",)
    fields = ("bureau", "day", "is_working", "name")

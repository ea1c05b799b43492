"""Years of declaring."""

from __future__ import annotations

from django import forms
from django.contrib import admin

from declarations.admin.scoped import Scoped
from declarations.models import Cycle
from declarations.official import EDITIONS


@admin.register(Cycle)
class CycleAdmin(Scoped, admin.ModelAdmin):
    list_display = ("year", "bureau", "edition", "round", "opens_at", "deadline")
    list_select_related = ("bureau",)
    fields = ("bureau", "year", "edition", "round", "opens_at", "deadline")

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """The editions that are described; which those are is no business of the database."""
        if db_field.name == "edition":
            choices = [(code, edition.name) for code, edition in EDITIONS.items()]
            newest = choices[-1][0]
            return forms.ChoiceField(label=db_field.verbose_name, choices=choices, initial=newest)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

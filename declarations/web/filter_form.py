"""What the filters of all lists share: how an address is read, what is drawn, and the fields most of them have.

Whatever an address says wrongly narrows nothing; the field says in words what was wrong with it.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from functools import cache, cached_property
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.http import QueryDict

from declarations.web.form_layout import FilterHelper
from declarations.web.parameters import NOT_OFFERED, NumberField

ALL = ("", "全部")
FIRST_DAY, LAST_DAY = datetime.date(1900, 1, 1), datetime.date(2199, 12, 31)


def words_field(label: str = "部门", placeholder: str = "名称或拼音首字母", longest: int = 50) -> forms.CharField:
    """Return the field for a part of a name."""
    widget = forms.SearchInput(attrs={"placeholder": placeholder})
    return forms.CharField(label=label, required=False, max_length=longest, widget=widget)


def choice_field(label: str, choices: Iterable[tuple[str, str]], **kwargs) -> forms.ChoiceField:
    """Return a field that narrows to one of the choices, empty to all of them."""
    return forms.ChoiceField(label=label, required=False, choices=[ALL, *choices], **kwargs)


def number_field(label: str, field: type[NumberField] = NumberField) -> NumberField:
    """Return a field for a year or a key; `FilterForm.offer` says between which one chooses."""
    return field(label=label, required=False, widget=forms.Select)


def day_field(label: str) -> forms.DateField:
    """Return the field for a day, written as browsers do: ``2026-12-31``."""
    message = f"日期应在 {FIRST_DAY:%Y} 年至 {LAST_DAY:%Y} 年之间。"
    return forms.DateField(
        label=label,
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[MinValueValidator(FIRST_DAY, message), MaxValueValidator(LAST_DAY, message)],
    )


class FilterForm(forms.Form):
    """A list's filters, read from an address.

    ``defaults``: what an absent or wrong value counts as, by field, where that is not empty; ``beside``: the fields
    that sort or place the list without making it narrower; ``looks``: see `FilterHelper`.
    """

    defaults: ClassVar[dict[str, str]] = {}
    beside: ClassVar[frozenset[str]] = frozenset()
    looks: ClassVar[dict[str, str]] = {}

    def __init__(self, params: QueryDict, *, auto_id: str = "%s", **defaults: str) -> None:
        self.fallback = self.defaults | defaults
        data = params.copy()
        for name, value in self.fallback.items():
            if not data.get(name):
                data[name] = value
        super().__init__(data, auto_id=auto_id, use_required_attribute=False)
        for field in self.fields.values():
            field.error_messages["invalid_choice"] = NOT_OFFERED

    @cached_property
    def values(self) -> dict[str, Any]:
        """What was asked for, by field: a cleaned value, else the default, else an empty one."""
        cleaned = self.cleaned_data if self.is_bound and self.errors is not None else {}
        return {
            name: cleaned.get(name) or self.fallback.get(name) or field.to_python("")
            for name, field in self.fields.items()
        }

    @property
    def are_set(self) -> bool:
        """Whether the list is narrower than it is by itself."""
        return any(
            value and value != self.fallback.get(name) for name, value in self.values.items() if name not in self.beside
        )

    @property
    def asked(self) -> list[tuple[str, Any]]:
        """What was asked for as pairs for hidden fields or an address."""
        return [(name, value) for name, value in self.values.items() if value]

    def offer(self, name: str, choices: Iterable[tuple[Any, str]] | Callable) -> None:
        """Let one choose between ``choices``, which may be a callable, for what is read only when it is drawn."""
        self.fields[name].widget.choices = cache(choices) if callable(choices) else choices

    @property
    def offered(self) -> Iterable[str]:
        """The fields that the page draws, in their order."""
        return self.fields

    @property
    def helper(self) -> FormHelper:
        return FilterHelper(self, self.offered, self.looks)


def year_choices(cycles: QuerySet) -> list[tuple[int | str, str]]:
    """Return each year once, as it is chosen."""
    return [ALL, *((year, f"{year}年度") for year in cycles.values_list("year", flat=True).distinct())]

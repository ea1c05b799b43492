"""How forms are laid out by crispy-forms; templates: ``bootstrap5/`` and ``includes/filter_field.html``.

A page draws the frame of its form (card, buttons). Fields below each other, after a summary of what has to be
corrected, need no helper: ``{{ form|crispy }}``. Other kinds of forms have a helper here.
"""

from __future__ import annotations

from collections.abc import Iterable

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms

FILTER_FIELD = "includes/filter_field.html"


class FilterHelper(FormHelper):
    """The fields of a list's filters, side by side; only those that are ``offered``, in their order.

    ``looks``: a style for a field's place, by its name.
    """

    form_tag = False
    disable_csrf = True
    form_show_errors = False

    def __init__(self, form: forms.Form, offered: Iterable[str], looks: dict[str, str] | None = None) -> None:
        super().__init__(form)
        looks = looks or {}
        fields = (Field(name, template=FILTER_FIELD, wrapper_class=looks.get(name, "")) for name in offered)
        self.layout = Layout(*fields)


class BesideHelper(FormHelper):
    """The fields of a small form beside what it is about: as close together as its place sets them."""

    form_tag = False
    disable_csrf = True
    form_show_errors = False
    field_template = FILTER_FIELD

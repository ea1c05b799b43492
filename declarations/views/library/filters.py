"""The filters of the library's lists (see ``views/filter_form.py``)."""

from __future__ import annotations

from typing import ClassVar

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from declarations.web.filter_form import FilterForm, choice_field, words_field
from indicators.areas import AREAS
from indicators.models import INDICATOR_KINDS, ProposalState


class LibraryFilter(FilterForm):
    """The library of indicators; ``state`` off: what is out of use."""

    q = words_field("查找", "名称、含义或拼音首字母", 60)
    kind = choice_field("二级指标", [(str(kind), str(kind)) for kind in INDICATOR_KINDS])
    area = choice_field("功能领域", [(area, area) for area in AREAS])
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "在用"), ("off", "已停用")])
    looks: ClassVar = {"q": "library-words"}

    def __init__(self, params: QueryDict, *, keeps: bool = False) -> None:
        """``keeps``: whether the person keeps the library, and so may look at what is out of use."""
        super().__init__(params)
        self.keeps = keeps

    @property
    def offered(self) -> list[str]:
        return [name for name in self.fields if self.keeps or name != "state"]

    def apply(self, rows: QuerySet) -> QuerySet:
        conditions = {"kind": self.values["kind"], "area": self.values["area"]}
        rows = rows.filter(is_active=not self.values["state"])
        return rows.filter(**{name: value for name, value in conditions.items() if value})


class ProposalFilter(FilterForm):
    """What was proposed for the library."""

    state = choice_field("状态", ProposalState.choices)

    def apply(self, rows: QuerySet) -> QuerySet:
        return rows.filter(state=self.values["state"]) if self.values["state"] else rows

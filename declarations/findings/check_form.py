"""The form in which the bureau changes one check: level, thresholds, word lists, and why."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms

from declarations.checks.catalogue import Parameter
from declarations.findings.check_settings import StandingCheck, Value, levels_of
from declarations.models import Level
from declarations.sheet.table import clean_text

LONGEST_REASON = 500
NUMBER = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?")
LEVELS = {
    Level.ERROR: "错误：改正后才能报送",
    Level.WARNING: "疑点：须改正或说明理由",
    Level.INFO: "提示：供参考",
    Level.OFF: "停用：本年度不检查",
}


class ParameterField(forms.CharField):
    """A threshold as a number, a word list one word a line; `Parameter.read` says what is taken."""

    def __init__(self, parameter: Parameter, value: Value) -> None:
        self.parameter = parameter
        is_list = isinstance(parameter.default, tuple)
        widget = forms.Textarea({"rows": 8}) if is_list else forms.TextInput({"inputmode": "decimal"})
        super().__init__(
            label=parameter.label,
            required=False,
            initial=words_of(value),
            widget=widget,
            help_text=("每行一个词语。" if is_list else "") + f"默认：{in_words(parameter.default)}",
        )

    def clean(self, value: Any) -> Value:
        text = clean_text(super().clean(value))
        try:
            return self.parameter.read(self._given(text))
        except ValueError as error:
            raise forms.ValidationError(f"{error}，请更正。") from error

    def _given(self, text: str) -> str | list[str]:
        """The text as JSON would keep it; raises ValueError for a number that no threshold is."""
        if isinstance(self.parameter.default, tuple):
            return list(dict.fromkeys(filter(None, map(str.strip, text.splitlines()))))
        number = unicodedata.normalize("NFKC", text).strip()
        if not NUMBER.fullmatch(number):
            raise ValueError(f"{self.parameter.label}应为数字，不带正负号，整数部分最多 12 位、小数部分最多 6 位")
        return number


class CheckForm(forms.Form):
    """``level``, a field for each parameter under its name, ``reason``, and ``seen``: the line one started from."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, standing: StandingCheck, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.check = standing.check
        self.fields["seen"].initial = standing.setting.pk if standing.setting else None
        self.fields["level"] = forms.ChoiceField(
            label="级别",
            choices=[(level.value, LEVELS[level]) for level in levels_of(standing.check)],
            initial=standing.level.value,
            help_text=f"默认：{LEVELS[Level(standing.check.severity.value)]}",
        )
        for parameter, value in standing.values:
            self.fields[f"parameter-{parameter.name}"] = ParameterField(parameter, value)
        self.fields["reason"] = forms.CharField(
            label="调整理由",
            max_length=LONGEST_REASON,
            widget=forms.Textarea({"rows": 3}),
            error_messages={"required": "请写明为什么调整，理由会留存备查。"},
            help_text="写明依据，例如文件名称和文号。",
        )

    def clean_reason(self) -> str:
        reason = clean_text(self.cleaned_data["reason"])
        if not reason:
            raise forms.ValidationError(self.fields["reason"].error_messages["required"], code="required")
        return reason

    @property
    def chosen(self) -> dict[str, Any]:
        """The arguments of `check_settings.change`, once the form is valid."""
        values = {p.name: self.cleaned_data[f"parameter-{p.name}"] for p in self.check.parameters}
        return {"level": Level(self.cleaned_data["level"]), "values": values}


def words_of(value: Value) -> str:
    """A value as the form's text."""
    return "\n".join(value) if isinstance(value, tuple) else f"{value}"


def in_words(value: Value) -> str:
    """A value as a page says it: ``0.01``, ``增长、下降``, ``（空）``."""
    return ("、".join(value) or "（空）") if isinstance(value, tuple) else f"{value}"

"""The form in which the bureau sets how a year is scored: points, scorers, experts, and why."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from declarations.models import Scorers, ScoreSetting
from declarations.sheet.criteria import CRITERIA, DIMENSIONS, WHOLE
from declarations.sheet.table import clean_text

LONGEST_REASON = 500


class ScoreForm(forms.Form):
    """A field for the points of each criterion under its name, the other settings, ``reason`` and ``seen``."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    scorers = forms.TypedChoiceField(label="评分要求", choices=Scorers.choices, coerce=int)
    experts_count = forms.BooleanField(
        label="受邀人员的评分计入平均分",
        required=False,
        help_text="不勾选的，受邀人员的评分只供参考。",
    )
    apart = forms.DecimalField(
        label="差距提示（分）",
        min_value=Decimal(0),
        max_value=Decimal(WHOLE),
        decimal_places=2,
        help_text="几份评分的最高分与最低分相差超过这个分数的，在评分表中指出。",
    )

    def __init__(self, setting: ScoreSetting, *args, is_frozen: bool = False, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name in ("scorers", "experts_count", "apart"):
            self.fields[name].initial = getattr(setting, name)
        self.fields["seen"].initial = setting.pk
        points = {name: self._points(name, setting.weights[name]) for name in CRITERIA}
        self.fields = points | self.fields
        self.fields["reason"] = forms.CharField(
            label="调整理由",
            max_length=LONGEST_REASON,
            widget=forms.Textarea({"rows": 3}),
            error_messages={"required": "请写明为什么调整，理由会留存备查。"},
            help_text="写明依据，例如文件名称和文号。",
        )
        for name in (*CRITERIA, "experts_count") if is_frozen else ():
            self.fields[name].disabled = True

    def _points(self, name: str, value: int) -> forms.IntegerField:
        dimension = next(one for one in DIMENSIONS if CRITERIA[name] in one.criteria)
        label = f"{dimension.label}：{CRITERIA[name].label}（分）"
        help_text = f"默认 {CRITERIA[name].most} 分"
        return forms.IntegerField(label=label, min_value=1, max_value=WHOLE, initial=value, help_text=help_text)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        points = [cleaned.get(name) for name in CRITERIA]
        if None not in points and sum(points) != WHOLE:
            raise forms.ValidationError(f"各项分值合计 {sum(points)} 分，应为 {WHOLE} 分，请调整后再保存。")
        return cleaned

    def clean_reason(self) -> str:
        reason = clean_text(self.cleaned_data["reason"])
        if not reason:
            raise forms.ValidationError(self.fields["reason"].error_messages["required"], code="required")
        return reason

    @property
    def chosen(self) -> dict[str, Any]:
        """The values for `score_settings.change`, once the form is valid."""
        names = ("scorers", "experts_count", "apart")
        weights = {name: self.cleaned_data[name] for name in CRITERIA}
        return {"weights": weights} | {name: self.cleaned_data[name] for name in names}

"""Forms of the library. What they say is written by `indicators.library`, never by the form."""

from __future__ import annotations

from django import forms

from indicators.models import SAID, LibraryIndicator, Proposal

LINES = {name: forms.Textarea(attrs={"rows": 3}) for name in ("definition", "formula")}


class Worded(forms.ModelForm):
    """Texts are tied to the form, not to the instance, which stays as the database has it."""

    @property
    def values(self) -> dict[str, object]:
        return {name: self.cleaned_data[name] for name in self._meta.fields or () if name in self.fields}


class EntryForm(Worded):
    """A new entry, or a change of one: then with the reason and the version that the person saw."""

    reason = forms.CharField(label="修改原因", max_length=200, help_text="留在版本记录里，例如“按2027年考核办法调整”。")
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    bureau_code = forms.ChoiceField(label="财政局")

    class Meta:
        model = LibraryIndicator
        fields = (*SAID, "aliases", "is_active")
        widgets = LINES

    def __init__(self, *args, bureaus: dict[str, str], **kwargs) -> None:
        """``bureaus``: names by code, of those in which the person keeps the library."""
        super().__init__(*args, **kwargs)
        self.codes = list(bureaus)
        self.fields["bureau_code"].choices = list(bureaus.items())
        if len(bureaus) == 1:
            del self.fields["bureau_code"]
        if self.instance._state.adding:
            del self.fields["is_active"], self.fields["version"]

    @property
    def code(self) -> str:
        """The bureau in which the entry is kept: chosen by who keeps several."""
        return self.cleaned_data.get("bureau_code", self.codes[0])


class ProposalForm(Worded):
    class Meta:
        model = Proposal
        fields = (*SAID, "why")
        widgets = LINES | {"why": forms.Textarea(attrs={"rows": 3})}


class DecisionForm(Worded):
    """A proposal as the bureau words it, and what the bureau answers."""

    ACCEPT, REFUSE = "accept", "refuse"

    answer = forms.CharField(
        label="处理意见",
        max_length=200,
        required=False,
        help_text="提出人会看到。不采纳时必须说明原因。",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    class Meta:
        model = LibraryIndicator
        fields = SAID
        widgets = LINES

    def clean(self):
        cleaned = super().clean() or {}
        if self.data.get("decision") == self.REFUSE and not cleaned.get("answer", "").strip():
            self.add_error("answer", "请写明不采纳的原因，提出人会看到。")
        return cleaned

"""The wording of the letters: what counts, its history, a form to change it, a preview before it is kept."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from declarations.files.documents.letter import Letter
from declarations.models import Bureau, Cycle, LetterKind, LetterWording, Role, scope_of
from declarations.people.moves import LETTERS
from declarations.reviewing.letters.composing import compose_letter
from declarations.reviewing.letters.facts import (
    approvals_of,
    decisions_readable_by,
    facts_of_each,
    facts_of_list,
    with_facts,
)
from declarations.reviewing.letters.wording import DEFAULTS, PLACES, Wording, change_wording, faults_of, wording_of
from declarations.sheet.table import clean_text
from declarations.views.exporting.letters import shown_blocks
from declarations.views.settings.setting_pages import save_setting
from declarations.web.access import allow

HISTORY = 50
OVERTAKEN = "其他人刚刚修改过这个模板，您的修改还没有保存。请在另一个窗口查看最新的内容，核对后再保存。"
UNCHANGED = "内容与现在的模板相同，没有需要保存的修改。"
KEEPERS = tuple(Role.KEEPING)


class WordingForm(forms.Form):
    """``seen``: the line of the history one started from, empty for what the system comes with."""

    title = forms.CharField(label="标题", max_length=200)
    body = forms.CharField(
        label="正文",
        max_length=20_000,
        widget=forms.Textarea({"rows": 14}),
        help_text="一行一段。所用项目都没有内容的一行不会出现在意见书中，如没有评分时的得分一行。",
    )
    signature = forms.CharField(label="落款", max_length=200)
    reason = forms.CharField(label="修改说明", max_length=200, required=False)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, kind: str, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind

    def clean_body(self) -> str:
        return self._checked("body")

    def clean_title(self) -> str:
        return self._checked("title")

    def clean_signature(self) -> str:
        return self._checked("signature")

    def _checked(self, name: str) -> str:
        text = clean_text(self.cleaned_data[name])
        if found := faults_of(self.kind, [text]):
            raise ValidationError(found)
        return text

    @property
    def wording(self) -> Wording:
        return Wording(*(self.cleaned_data[name] for name in ("title", "body", "signature")))


def bureaus_for(user):
    return Bureau.objects.filter(pk__in=scope_of(user).bureaus)


@allow(*KEEPERS)
@require_safe
def wordings(request: HttpRequest) -> HttpResponse:
    newest = LetterWording.objects.visible_to(request.user).newest().select_related("author")
    kept = {(one.bureau_id, one.kind): one for one in newest}
    listed = [
        (bureau, kind.value, kind.label, kept.get((bureau.pk, kind)))
        for bureau in bureaus_for(request.user)
        for kind in LetterKind
    ]
    return render(request, "declarations/settings/letter_wordings.html", {"listed": listed})


@allow(*KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def wording(request: HttpRequest, bureau: int, letter: str) -> HttpResponse:
    """The form; ``preview`` shows what was typed as a letter, ``default`` fills in what the system comes with."""
    place = get_object_or_404(bureaus_for(request.user), pk=bureau)
    if letter not in LetterKind.values:
        raise Http404("没有这种函件。")
    kind = LetterKind(letter)
    now = wording_of(place, kind)
    form = WordingForm(
        kind, request.POST or None, initial=initial_texts(DEFAULTS[kind] if "default" in request.GET else now)
    )
    form.initial["seen"] = now.kept and now.kept.pk
    context: dict = {"bureau": place, "kind": kind, "form": form, "is_own": now.kept is not None}
    if request.method == "POST" and form.is_valid():
        if "preview" in request.POST:
            context |= preview_letter(request.user, place, form)
        elif save_wording(request, place, form):
            return redirect("declarations:letter_wording", bureau, letter)
    context |= {"places": PLACES[kind], "history": wording_history(place, kind)}
    return render(request, "declarations/settings/letter_wording.html", context, status=422 if form.errors else 200)


def initial_texts(now: Wording) -> dict[str, str]:
    return {"title": now.title, "body": now.body, "signature": now.signature}


def save_wording(request: HttpRequest, bureau: Bureau, form: WordingForm) -> bool:
    """Whether it was kept; else the form says why not."""
    reason, seen = form.cleaned_data["reason"], form.cleaned_data["seen"]

    def change() -> None:
        change_wording(bureau, form.kind, request.user, form.wording, reason, seen)

    if save_setting(form, change, what="这个模板", unchanged=UNCHANGED, overtaken=OVERTAKEN) != 200:
        return False
    messages.success(request, "模板已保存，此后打开和下载的意见书都按新的模板。")
    return True


def preview_letter(user, bureau: Bureau, form: WordingForm) -> dict:
    """The wording with the facts of the latest decision of its kind; without any there is nothing to fill in."""
    letter = compose_preview(user, bureau, form)
    return {"previewed": True, "letter": letter, "blocks": shown_blocks(letter) if letter else []}


def compose_preview(user, bureau: Bureau, form: WordingForm) -> Letter | None:
    if form.kind == LetterKind.LIST:
        cycle = Cycle.objects.visible_to(user).filter(bureau=bureau).order_by("-year").first()
        events = list(approvals_of(user, cycle)) if cycle else []
        return compose_letter(form.wording, facts_of_list(bureau, cycle, events, timezone.now())) if cycle else None
    action = next(action for action, kind in LETTERS.items() if kind == form.kind)
    found = decisions_readable_by(user).filter(action=action, declaration__department__bureau=bureau)
    latest = with_facts(found).order_by("-created_at", "-pk").first()
    return compose_letter(form.wording, facts_of_each([latest])[0]) if latest else None


def wording_history(bureau: Bureau, kind: str):
    return LetterWording.history(bureau=bureau, kind=kind)[:HISTORY]

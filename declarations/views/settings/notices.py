"""消息: what a person was told, what they want mailed, and for administrators which mails could not be sent."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.db.models import Case, IntegerField, Q, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from declarations.models import PENDING, Declaration, Mail, Notice, NoticePreference, Role, User
from declarations.notifying import mailing, notifications
from declarations.people import permissions
from declarations.web.access import allow, signed_in
from declarations.web.keyset import read_page
from declarations.web.parameters import whole_number

PAGE_SIZE = 50
ORDER = ("is_read", "-created_at", "-pk")
SHOWN = 200
LONGEST_NUMBER = 12


class PreferenceForm(forms.ModelForm):
    class Meta:
        model = NoticePreference
        fields = ("moves", "reminders")
        help_texts = {
            "moves": "报送、退回、初审、批复、调整、延期等办理情况。",
            "reminders": "截止前的提醒、财政局的催报、等待审核的提醒。",
        }


@signed_in
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """Unread first, then by time; a declaration that the person may no longer see has no link."""
    is_read = Case(When(read_at__isnull=True, then=Value(0)), default=Value(1), output_field=IntegerField())
    mine = Notice.objects.visible_to(request.user).annotate(is_read=is_read).select_related("declaration")
    page = read_page(mine, ORDER, request.GET, PAGE_SIZE)
    keys = {row.declaration_id for row in page.rows}
    linked = set(Declaration.objects.visible_to(request.user).filter(pk__in=keys).values_list("pk", flat=True))
    context = {"page": page, "lines": [(row, row.declaration_id in linked) for row in page.rows]}
    context["administers"] = permissions.may_administer(request.user)
    return render(request, "declarations/settings/notices.html", context)


@signed_in
@require_POST
def mark_read(request: HttpRequest) -> HttpResponse:
    """Marks one notice as read, or without ``notice`` all of them."""
    mine, key = Notice.objects.visible_to(request.user), request.POST.get("notice", "")
    if not key:
        messages.success(request, f"已将 {notifications.mark_read(mine)} 条消息标为已读。")
    elif (number := whole_number(key, LONGEST_NUMBER)) is not None:
        notifications.mark_read(mine.filter(pk=number))
    return redirect("declarations:notices")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    kept = NoticePreference.objects.filter(user=request.user).first() or NoticePreference(user=request.user)
    form = PreferenceForm(request.POST or None, instance=kept)
    if request.method == "POST" and form.is_valid():
        notifications.keep_preference(form.save(commit=False))
        messages.success(request, "已保存接收设置。")
        return redirect("declarations:notice_preferences")
    status = 422 if form.errors else 200
    return render(request, "declarations/settings/notice_preferences.html", {"form": form}, status=status)


@allow(Role.ADMINISTRATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def failures(request: HttpRequest) -> HttpResponse:
    """Whom mails did not reach and why, without what they said; a POST tries those given up anew."""
    people = User.objects.visible_to(request.user)
    if request.method == "POST":
        messages.success(request, f"已重新安排发送 {mailing.retry_mails(people)} 条消息的邮件。")
        return redirect("declarations:notice_failures")
    hindered = Q(mail=Mail.FAILED) | Q(mail__in=PENDING, mail_tries__gt=0)
    rows = Notice.objects.filter(hindered, recipient__in=people).select_related("recipient")[:SHOWN]
    context = {"rows": rows, "any_given_up": any(row.mail == Mail.FAILED for row in rows)}
    return render(request, "declarations/settings/notice_failures.html", context)

"""New accounts of a list of people: links by which each person sets a password, once."""

from __future__ import annotations

import datetime
import uuid

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.hashers import is_password_usable
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from declarations.administering.references.plan import ReferenceOutcome
from declarations.models import ListImport, ListKind, ListState, Membership, Role, User
from declarations.web.access import allow
from declarations.web.spreadsheet import SpreadsheetColumn, list_workbook

COLUMNS = (
    SpreadsheetColumn("用户名", 20),
    SpreadsheetColumn("姓名", 14),
    SpreadsheetColumn("邮箱", 28),
    SpreadsheetColumn("设置密码的链接", 90),
    SpreadsheetColumn("有效期至", 20),
)


def waiting_accounts(kept: ListImport) -> list[User]:
    """The accounts that this list made, that nobody has ever used, and that have roles in its bureau only."""
    if kept.kind != ListKind.PEOPLE or kept.state != ListState.APPLIED:
        return []
    names = {line["cells"][0] for line in kept.lines if line["is"] == ReferenceOutcome.NEW}
    unused = User.objects.filter(
        username__in=names, last_login=None, is_superuser=False, is_active=True, date_joined__gte=kept.created_at
    )
    elsewhere = Membership.objects.exclude(pk__in=Membership.objects.of_bureaus([kept.bureau_id]).values("pk"))
    unused = unused.exclude(pk__in=elsewhere.values("user")).order_by("username")
    return [user for user in unused if not is_password_usable(user.password)]


@allow(Role.ADMINISTRATOR)
@require_POST
def links(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """A workbook of links, made now and kept nowhere; one works until its person has set a password."""
    rows = ListImport.objects.visible_to(request.user)
    kept = get_object_or_404(rows, pk=reference)
    people = waiting_accounts(kept)
    if not people:
        messages.info(request, "没有等待设置密码的新账号：本人都已设好，或这份名单没有新账号。")
        return redirect("declarations:reference_import", kept.pk)
    until = timezone.now() + datetime.timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
    last = f"{timezone.localtime(until):%Y-%m-%d %H:%M}"
    lines = ([user.username, user.name, user.email, link_for(request, user), last] for user in people)
    return list_workbook("新账号设置密码的链接", COLUMNS, lines)


def link_for(request: HttpRequest, user: User) -> str:
    given = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return request.build_absolute_uri(reverse("account_reset_password_from_key", kwargs=given))

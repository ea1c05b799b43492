"""Which roles may open which address; every address declares it, and a test walks all of them.

Our own views are decorated (`allow`, `signed_in`, `public`), addresses of libraries stand in
`LIBRARIES`. A person without the role gets 403; what is not visible to them is simply not there (404).
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import cast

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from declarations.models import Role, User

DENIED = "您的账号没有使用这一功能的权限。如工作需要，请联系本财政局的系统管理员授权。"


@dataclass(frozen=True)
class Access:
    """Who may open an address: anybody, everybody who is logged in, or the holders of ``roles``.

    ``invited``: also who was ever asked for an opinion; on what, and whether they still are, is up to `visible_to`.
    """

    roles: frozenset[str] = frozenset()
    anonymous: bool = False
    invited: bool = False

    def admits(self, user) -> bool:
        if self.anonymous:
            return True
        if not user.is_authenticated:
            return False
        return not self.roles or bool(self.roles & roles_of(user)) or (self.invited and user.was_invited)


PUBLIC = Access(anonymous=True)
SIGNED_IN = Access()
ADMINISTRATORS = Access(frozenset({Role.ADMINISTRATOR.value}))

LIBRARIES: dict[str, Access] = {
    "health": PUBLIC,
    "account_login": PUBLIC,
    "account_confirm_login_code": PUBLIC,
    "account_signup": PUBLIC,  # says that accounts are made by administrators
    "account_inactive": PUBLIC,
    "account_email_verification_sent": PUBLIC,
    "account_confirm_email": PUBLIC,
    "account_reset_password*": PUBLIC,
    "account_*": SIGNED_IN,
    "mfa_authenticate": PUBLIC,  # the second step of a login
    "mfa_*": SIGNED_IN,
    "admin:login": PUBLIC,
    "admin:logout": SIGNED_IN,
    "admin:*": ADMINISTRATORS,
}
"""Addresses of libraries by name, first match first; an address that no line names has no access declared."""


def roles_of(user) -> frozenset[str]:
    """The roles a person holds today; the operator of the installation counts as an administrator."""
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    held = {membership.role for membership in user.memberships_now}
    return frozenset(held | ({Role.ADMINISTRATOR.value} if user.is_superuser else set()))


def access_of(view: Callable, name: str) -> Access | None:
    """What an address declares: the mark on its view, else the line of its name (``admin:index``); None if neither."""
    stamped = getattr(view, "access", None)
    return stamped or next((access for pattern, access in LIBRARIES.items() if fnmatchcase(name, pattern)), None)


def allow(*roles: Role, invited: bool = False) -> Callable:
    """Only for holders of one of these roles (and for who was ever ``invited``); anybody else gets 403."""
    return functools.partial(_guard, Access(frozenset(role.value for role in roles), invited=invited))


def signed_in(view: Callable) -> Callable:
    """For everybody who is logged in; what they see is up to `visible_to`."""
    return _guard(SIGNED_IN, view)


def public(view: Callable) -> Callable:
    """For everybody, logged in or not."""
    view.access = PUBLIC
    return login_not_required(view)


def _guard(access: Access, view: Callable) -> Callable:
    @functools.wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs):
        if not access.admits(request.user):
            raise PermissionDenied(DENIED)
        return view(request, *args, **kwargs)

    guarded.access = access
    return guarded


def user_of(request: HttpRequest) -> User:
    """The person behind a request to a page that asks for a login."""
    return cast(User, request.user)

"""How often one person, or one address where nobody is logged in, may ask for what costs the server something.

What is limited stands in `LIMITED`, how much in the settings (LIMIT_…). Saving a form is not limited: nothing
that a person types may be refused for being typed quickly.
"""

from __future__ import annotations

import datetime
import math
import time
from fnmatch import fnmatchcase

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from declarations.models import RequestCount
from declarations.operating.rates import RateLimit

POST = frozenset({"POST"})
ANY = frozenset({"GET", "POST"})
#: names of addresses, the methods that count, and the limit they count against; first match first
LIMITED: tuple[tuple[str, frozenset[str], str], ...] = (
    ("declarations:fill_live", POST, "live"),
    ("declarations:fill_block", POST, "live"),
    ("declarations:import_new", POST, "uploads"),
    ("declarations:import_replace", POST, "uploads"),
    ("declarations:*upload", POST, "uploads"),
    ("declarations:authenticity", POST, "uploads"),
    ("declarations:reference_again", POST, "uploads"),
    ("declarations:reference_*_export", ANY, "exports"),
    ("declarations:reference_links", POST, "exports"),
    ("declarations:reference_*", POST, "uploads"),
    ("admin:*_import", POST, "uploads"),
    ("declarations:import_marked*", ANY, "exports"),
    ("declarations:export_new", POST, "exports"),
    ("declarations:*export", ANY, "exports"),
    ("declarations:fill_workbook", ANY, "exports"),
    ("admin:*_export", ANY, "exports"),
)
VISITORS = "visitors"
WHAT = {"uploads": "上传文件", "exports": "导出", "live": "检查", VISITORS: "访问"}


class Limits:
    """The middleware. Belongs behind those that log people in and keep strangers out."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """A request that is too long is answered before anything of it is read."""
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) > settings.REQUEST_BYTES:
            return render(request, "413.html", {"megabytes": settings.REQUEST_BYTES >> 20}, status=413)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        limit = limit_of(request)
        rate = RateLimit.read(settings.RATE_LIMITS[limit]) if limit else None
        wait = seconds_to_wait(limit, rate, who_asks(request)) if rate else 0
        return refusal_response(request, limit, wait) if wait else None


def limit_of(request: HttpRequest) -> str:
    """The name of the limit that a request counts against; empty for none."""
    name = request.resolver_match.view_name or ""
    for pattern, methods, limit in LIMITED:
        if fnmatchcase(name, pattern):
            return limit if request.method in methods else ""
    return VISITORS if not request.user.is_authenticated and name != "health" else ""


def who_asks(request: HttpRequest) -> str:
    if request.user.is_authenticated:
        return f"user-{request.user.pk}"
    return f"address-{get_adapter(request).get_client_ip(request)}"


def seconds_to_wait(limit: str, rate: RateLimit, asker: str) -> int:
    """Counts one request; zero where it may go on, else when the window is over."""
    now = time.time()
    window = math.floor(now / rate.seconds)
    ends = (window + 1) * rate.seconds
    moment = datetime.datetime.fromtimestamp(ends, datetime.UTC)
    count = RequestCount.add(f"{limit}:{rate.seconds}:{window}:{asker}"[:120], moment)
    return math.ceil(ends - now) if count > rate.amount else 0


def refusal_response(request: HttpRequest, limit: str, wait: int) -> HttpResponse:
    """429 in words, as JSON where a script asked, with the seconds to wait."""
    minutes = -(-wait // 60)
    context = {"what": WHAT[limit], "after": f"{wait} 秒" if wait <= 90 else f"{minutes} 分钟"}
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        said = f"{context['what']}过于频繁，请过 {context['after']}再试。"
        response = JsonResponse({"error": "too-many", "message": said}, status=429)
    else:
        response = render(request, "429.html", context, status=429)
    response.headers["Retry-After"] = str(wait)
    return response

"""The next declaration, asked for while one reads this one, and shown only if nothing changed since.

A page that is asked for ahead may be stored by the browser of this person, for which it gets a seal; the browser asks
again before it shows it, and is told either that it holds (304, without drawing the page anew) or gets it as it is
now. Everything else stays in no cache (`config.middleware.private_by_default`), and so does a page once it was shown.
"""

from __future__ import annotations

import functools
import hashlib
import re
import time
from collections.abc import Callable

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404

from declarations.models import Declaration
from declarations.notifying import notifications
from declarations.record.freshness import fingerprint_of
from declarations.reviewing.queue import queue_of
from declarations.views.reviewing.comparing import AHEAD, KEPT_AS

LIFE = 300
"""Seconds for which a page that was asked for ahead may be shown: words like 还有 22 天 and the shell age too."""
SEAL = re.compile(r'(?:W/)?"ahead-([0-9]{1,12})-([0-9a-f]{64})"')


def offer_ahead(view: Callable) -> Callable:
    """For a page of one declaration, by its key."""

    @functools.wraps(view)
    def answer(request: HttpRequest, pk, *args, **kwargs) -> HttpResponse:
        wanted, known = AHEAD in request.headers, SEAL.fullmatch(request.headers.get("If-None-Match", ""))
        waiting = len(get_messages(request)) > 0
        if wanted and waiting:  # what is to be said once is said on a page that somebody sees
            return HttpResponse(status=204)
        if waiting or not (wanted or known):
            return view(request, pk, *args, **kwargs)
        found = get_object_or_404(Declaration.objects.visible_to(request.user).with_names(), pk=pk)
        digest = digest_of(request, found)
        if known and still_holds(known, digest):
            notifications.mark_as_read(request.user, found)  # the stored page is looked at now
            return HttpResponseNotModified()
        response = view(request, pk, *args, **kwargs)
        return seal_response(response, digest) if wanted and response.status_code == 200 else response

    return answer


def still_holds(known: re.Match, digest: str) -> bool:
    return known[2] == digest and 0 <= time.time() - int(known[1]) <= LIFE


def seal_response(response: HttpResponse, digest: str) -> HttpResponse:
    response["ETag"] = f'W/"ahead-{int(time.time())}-{digest}"'
    response["Cache-Control"] = "private, no-cache"
    return response


def digest_of(request: HttpRequest, declaration: Declaration) -> str:
    """Of all that the page depends on: who is logged in how, their place in the queue, their choices, the database."""
    said = (
        fingerprint_of(request.user, declaration),
        request.user.pk,
        request.session.session_key,
        request.META.get("CSRF_COOKIE", ""),
        request.session.get(KEPT_AS, ""),
        queue_of(request.user, declaration),
    )
    return hashlib.sha256(repr(said).encode()).hexdigest()

"""The bureau's letters on screen, as Word, and all of a year as one archive; the 批复 list of a year."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from declarations.exporting.archive import ArchiveMember, stream_zip
from declarations.exporting.rendering import DOCX, FORMS
from declarations.files.documents.letter import Letter, LetterGrid, Paragraph, write_letter
from declarations.models import Action, Cycle, LetterKind, Role
from declarations.people.moves import LETTERS
from declarations.reviewing.letters.composing import compose_letter
from declarations.reviewing.letters.facts import (
    approvals_of,
    decisions_readable_by,
    facts_of_each,
    facts_of_list,
    with_facts,
)
from declarations.reviewing.letters.wording import Wording, wording_of
from declarations.views.exporting.exports import attachment_response, content_disposition, refused_export
from declarations.web.access import allow, roles_of
from declarations.web.filters import CONCLUSIONS, LetterFilter
from declarations.web.keyset import read_page

PAGE_SIZE = 50
AT_ONCE = 100
ORDER = ("-created_at", "-pk")
BUREAU = tuple(Role.BUREAU)
WORDING = Role.KEEPING
READERS = (*Role.OF_DEPARTMENT, *BUREAU)
NAMES = {action: kind.file_name for action, kind in LETTERS.items()}


@allow(*READERS)
@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """The latest decisions first; ``?format=zip`` gives all that are found as Word documents."""
    filters = LetterFilter(request.GET, request.user)
    found = filters.apply(decisions_readable_by(request.user))
    if request.GET.get("format") == "zip":
        return archive_response(found)
    page = read_page(with_facts(found), ORDER, request.GET, PAGE_SIZE)
    context = {
        "filters": filters,
        "page": page,
        "lines": [(event, CONCLUSIONS[event.action], len(event.asks) + len(event.asks_again)) for event in page.rows],
        "lists": lists_for(request.user),
        "may_word": bool(roles_of(request.user) & WORDING),
    }
    return render(request, "declarations/exporting/letters.html", context)


def archive_response(found: QuerySet) -> HttpResponse:
    if not found.exists():
        return refused_export("没有可以下载的意见书：没有符合条件的退回或者批复。", 404)
    pieces = stream_zip(letter_documents(found), FORMS["docx"])
    return StreamingHttpResponse(pieces, content_type="application/zip", headers=content_disposition("审核意见书.zip"))


def letter_documents(found: QuerySet) -> Iterator[ArchiveMember]:
    """Each letter as a member of an archive, a hundred in memory at a time."""
    wordings: dict[tuple[int, str], Wording] = {}
    events = with_facts(found).order_by("declaration__department__code", "created_at", "pk")
    rows = events.iterator(chunk_size=AT_ONCE)
    while batch := list(islice(rows, AT_ONCE)):
        for event, facts in zip(batch, facts_of_each(batch), strict=True):
            department, cycle = event.declaration.department, event.declaration.cycle
            key = department.bureau_id, LETTERS[event.action]
            if key not in wordings:
                wordings[key] = wording_of(department.bureau, key[1])
            content = write_letter(compose_letter(wordings[key], facts))
            yield ArchiveMember(department.code, f"{department.name}_{NAMES[event.action]}", cycle.year, content)


@allow(*READERS)
@require_safe
def letter(request: HttpRequest, event: int) -> HttpResponse:
    """One letter; ``?format=docx`` to take away."""
    found = get_object_or_404(with_facts(decisions_readable_by(request.user)), pk=event)
    wording = wording_of(found.declaration.department.bureau, LETTERS[found.action])
    composed = compose_letter(wording, facts_of_each([found])[0])
    if request.GET.get("format") == "docx":
        department, year = found.declaration.department.name, found.declaration.cycle.year
        return word_response(f"{department}_{year}年度_{NAMES[found.action]}", composed)
    context = {"declaration": found.declaration, "event": found, "name": NAMES[found.action]}
    return letter_page(request, composed, context)


@allow(*BUREAU)
@require_safe
def approved_letters(request: HttpRequest, cycle: int) -> HttpResponse:
    """The 批复 list of a year, of the departments that this person may see; ``?format=docx`` to take away."""
    year = get_object_or_404(Cycle.objects.visible_to(request.user).select_related("bureau"), pk=cycle)
    events = list(approvals_of(request.user, year))
    if not events:
        raise Http404("这一年度还没有批复的部门。")
    facts = facts_of_list(year.bureau, year, events, timezone.now())
    composed = compose_letter(wording_of(year.bureau, LetterKind.LIST), facts)
    if request.GET.get("format") == "docx":
        return word_response(f"{year.year}年度_批复清单", composed)
    return letter_page(request, composed, {"name": "批复清单"})


def lists_for(user) -> list[Cycle]:
    """The years that have a list to show to this person."""
    if not any(held.role in BUREAU for held in user.memberships_now):
        return []
    approvals = decisions_readable_by(user).filter(action=Action.APPROVE, declaration__cycle=OuterRef("pk"))
    return list(Cycle.objects.visible_to(user).filter(Exists(approvals)).select_related("bureau").order_by("-year"))


def letter_page(request: HttpRequest, composed: Letter, context: dict) -> HttpResponse:
    context |= {"letter": composed, "blocks": shown_blocks(composed)}
    return render(request, "declarations/exporting/letter.html", context)


def shown_blocks(composed: Letter) -> list[tuple[bool, Paragraph | LetterGrid]]:
    """Each block with whether it is a table."""
    return [(isinstance(block, LetterGrid), block) for block in composed.blocks]


def word_response(name: str, composed: Letter) -> HttpResponse:
    return attachment_response(f"{name}.docx", write_letter(composed), DOCX)

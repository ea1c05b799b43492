"""One list from its file to what became of it: kept, scanned, read, looked at, brought in.

Nothing is written before somebody confirmed what was shown; what is confirmed is planned again under
lock and has to come to the same, to the letter.
"""

from __future__ import annotations

import hashlib

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils import timezone

from declarations.administering.references.base import PlannedReference
from declarations.administering.references.kinds import LISTINGS
from declarations.administering.references.plan import counts_of, digest_of
from declarations.administering.references.reading import WITH_PASSWORD, ReadList, read_list
from declarations.importing import scanning
from declarations.importing.batch.desk import clip_name
from declarations.importing.disposal import dispose_file
from declarations.models import Bureau, DisposalReason, ListImport, ListKind, ListState, User
from declarations.sheet.problems import Refused

ALTERED = Refused("altered", "保存的文件与上传时不一致，没有导入。", "请重新上传。")


NOT_KEPT = {scanning.INFECTED: DisposalReason.INFECTED, WITH_PASSWORD[0]: DisposalReason.PASSWORDS}
"""Refusals after which the file itself does not stay."""
CHANGED = "没有导入：核对之后，系统中的数据有了变化。下面是按现在的数据重新核对的结果，请再看一遍后确认。"


class Moved(Exception):
    """What is kept changed since the plan was made; ``said`` tells it to the person, and nothing was written."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


class NotNow(Moved):
    """The list itself is past that: brought in, given up, or planned anew elsewhere."""


# --- in --------------------------------------------------------------------------------------


def take_in(bureau: Bureau, kind: ListKind, file: File, user: User) -> ListImport:
    """Keeps the file under a name of our own, then looks at it."""
    file.seek(0)
    data = file.read()
    listing = ListImport(
        bureau=bureau,
        kind=kind,
        original_name=clip_name(file.name),
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        created_by=user,
    )
    file.seek(0)
    listing.file.save("", file, save=False)
    listing.save(force_insert=True)
    scan_and_plan(listing)
    return listing


def scan_and_plan(listing: ListImport) -> None:
    """Scans and plans; a file that the scanner could not judge stays, unopened, and may be looked at again."""
    try:
        data = content_of(listing)
        scanning.scan_data(data)
        plan_listing(listing, data)
    except scanning.Unscanned as refused:
        listing.state, listing.report = ListState.WAITING, {"refused": refused.to_json()}
    except Refused as refused:
        listing.state, listing.report = ListState.REFUSED, {"refused": refused.to_json()}
        reason = NOT_KEPT.get(refused.code)
        if reason:
            dispose_file(listing, reason, refused.message)
    listing.save()


def content_of(listing: ListImport) -> bytes:
    with listing.file.open("rb") as file:
        data = file.read()
    if hashlib.sha256(data).hexdigest() != listing.sha256:
        raise ALTERED
    return data


# --- planning --------------------------------------------------------------------------------


def plan_listing(listing: ListImport, data: bytes) -> None:
    """Puts into the listing, unsaved, what its file would change now. Raises `Refused`."""
    read, resource = open_listing(listing, data)
    run_resource(resource, read, dry_run=True)
    note_plan(listing, resource, read)
    listing.state = ListState.READY


def open_listing(listing: ListImport, data: bytes, user: User | None = None) -> tuple[ReadList, PlannedReference]:
    kind = LISTINGS[listing.kind].resource
    read = read_list(data, kind.columns, kind.demanded)
    return read, kind(listing.bureau, user, read.numbers, is_writing=user is not None)


def run_resource(resource: PlannedReference, read: ReadList, *, dry_run: bool) -> None:
    result = resource.import_data(read.dataset, dry_run=dry_run)
    for failed in result.base_errors:
        raise failed.error


def note_plan(listing: ListImport, resource: PlannedReference, read: ReadList) -> None:
    listing.lines = [line.to_json() for line in resource.lines]
    listing.digest = digest_of(listing.kind, listing.bureau_id, listing.lines)
    listing.report = counts_of(resource.lines) | {"ignored": read.ignored, "sums": read.sums}


# --- bringing in -----------------------------------------------------------------------------


def apply_plan(listing: ListImport, digest: str, user: User) -> None:
    """Writes exactly what ``digest`` stands for, in one transaction. Raises `Moved`, `Refused`; then nothing is."""
    try:
        with transaction.atomic():
            write_plan(ListImport.objects.select_for_update().get(pk=listing.pk), digest, user)
    except NotNow:
        raise
    except (Moved, IntegrityError):
        plan_again(listing)
        raise Moved(CHANGED) from None


def write_plan(listing: ListImport, digest: str, user: User) -> None:
    if not listing.can_be_applied or listing.digest != digest:
        raise NotNow(f"没有执行：这份名单{listing.get_state_display()}，或已在别处重新核对。请看下面的最新情况。")
    Bureau.objects.select_for_update().get(pk=listing.bureau_id)  # one list of a bureau at a time
    read, resource = open_listing(listing, content_of(listing), user)
    run_resource(resource, read, dry_run=False)
    lines = [line.to_json() for line in resource.lines]
    if digest_of(listing.kind, listing.bureau_id, lines) != digest:
        raise Moved(CHANGED)
    listing.state, listing.applied_by, listing.applied_at = ListState.APPLIED, user, timezone.now()
    listing.save(update_fields=["state", "applied_by", "applied_at"])


@transaction.atomic
def plan_again(listing: ListImport) -> None:
    locked = ListImport.objects.select_for_update().get(pk=listing.pk)
    if locked.state == ListState.READY:
        plan_listing(locked, content_of(locked))
        locked.save()


def cancel_import(listing: ListImport) -> bool:
    """Gives up what was not brought in; False where there is nothing to give up."""
    waiting = ListImport.objects.filter(pk=listing.pk, state__in=(ListState.READY, ListState.WAITING))
    return bool(waiting.update(state=ListState.CANCELLED))

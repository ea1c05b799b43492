"""Pages of a sorted list by key: the first page and the thousandth cost the same."""

from __future__ import annotations

import base64
import binascii
import datetime
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import QueryDict


@dataclass(frozen=True)
class KeysetPage:
    """Some rows of a list; ``next`` and ``previous`` are the keys from which the pages beside it go on, or empty."""

    rows: list[Any]
    next: str = ""
    previous: str = ""


def read_page(rows: QuerySet, order: Sequence[str], params: QueryDict, size: int) -> KeysetPage:
    """The page that ``params`` name by ``after`` or ``before``; the first one if they name none or nonsense.

    ``order`` ends with a unique field, so that no two rows share a key.
    """
    backwards = "before" in params
    direction = [reverse_key(key) for key in order] if backwards else list(order)
    start = params.get("before") or params.get("after") or ""
    begun = bool(start)
    try:
        rows = rows.filter(beyond_key(direction, unpack_key(start, len(order)))) if begun else rows
    except (ValueError, ValidationError):
        rows, direction, backwards, begun = rows, list(order), False, False
    found = list(rows.order_by(*direction)[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    if not found:
        return KeysetPage([])
    first, last = pack_key(found[0], order), pack_key(found[-1], order)
    return KeysetPage(
        found, next=last if more or backwards else "", previous=first if (more if backwards else begun) else ""
    )


def reverse_key(key: str) -> str:
    return key.removeprefix("-") if key.startswith("-") else f"-{key}"


def beyond_key(order: Sequence[str], values: Sequence[Any]) -> Q:
    """What comes after a key in this order: greater in one field, equal in all before it."""
    condition, equal = Q(), Q()
    for key, value in zip(order, values, strict=True):
        name = key.removeprefix("-")
        condition |= equal & Q(**{f"{name}__{'lt' if key.startswith('-') else 'gt'}": value})
        equal &= Q(**{name: value})
    return condition


def pack_key(row: Any, order: Sequence[str]) -> str:
    values = [written_value(value_at(row, key.removeprefix("-"))) for key in order]
    return base64.urlsafe_b64encode(json.dumps(values, ensure_ascii=False).encode()).decode().rstrip("=")


def unpack_key(text: str, length: int) -> list[Any]:
    """The values of a key; raises ValueError for anything that `pack_key` did not write."""
    try:
        values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, UnicodeError, RecursionError) as error:
        raise ValueError("no key") from error
    plain = isinstance(values, list) and all(isinstance(value, str | int) for value in values)
    if not plain or len(values) != length or any("\0" in value for value in values if isinstance(value, str)):
        raise ValueError("no key")
    return values


def value_at(row: Any, path: str) -> Any:
    for name in path.split("__"):
        row = getattr(row, name)
    return row


def written_value(value: Any) -> str | int:
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    return value if isinstance(value, int) else str(value)

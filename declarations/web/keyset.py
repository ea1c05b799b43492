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
class Page:
    """Some rows of a list; ``next`` and ``previous`` are the keys from which the pages beside it go on, or empty."""

    rows: list[Any]
    next: str = ""
    previous: str = ""


def read_page(rows: QuerySet, order: Sequence[str], params: QueryDict, size: int) -> Page:
    """The page that ``params`` name by ``after`` or ``before``; the first one if they name none or nonsense.

    ``order`` ends with a unique field, so that no two rows share a key.
    """
    backwards = "before" in params
    direction = [reverse(key) for key in order] if backwards else list(order)
    start = params.get("before") or params.get("after") or ""
    begun = bool(start)
    try:
        rows = rows.filter(beyond(direction, unpacked(start, len(order)))) if begun else rows
    except (ValueError, ValidationError):
        rows, direction, backwards, begun = rows, list(order), False, False
    found = list(rows.order_by(*direction)[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    if not found:
        return Page([])
    first, last = packed(found[0], order), packed(found[-1], order)
    return Page(found, next=last if more or backwards else "", previous=first if (more if backwards else begun) else "")


def reverse(key: str) -> str:
    return key.removeprefix("-") if key.startswith("-") else f"-{key}"


def beyond(order: Sequence[str], values: Sequence[Any]) -> Q:
    """What comes after a key in this order: greater in one field, equal in all before it."""
    condition, equal = Q(), Q()
    for key, value in zip(order, values, strict=True):
        name = key.removeprefix("-")
        condition |= equal & Q(**{f"{name}__{'lt' if key.startswith('-') else 'gt'}": value})
        equal &= Q(**{name: value})
    return condition


def packed(row: Any, order: Sequence[str]) -> str:
    values = [written(value_at(row, key.removeprefix("-"))) for key in order]
    return base64.urlsafe_b64encode(json.dumps(values, ensure_ascii=False).encode()).decode().rstrip("=")


def unpacked(text: str, length: int) -> list[Any]:
    """The values of a key; raises ValueError for anything that `packed` did not write."""
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


def written(value: Any) -> str | int:
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    return value if isinstance(value, int) else str(value)

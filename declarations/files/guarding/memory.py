"""Remembering what was found out about small parts, which are the same in file after file of one program."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any

SMALL = 16_384
PARTS = 64


def remember_small(function: Callable[..., Any]) -> Callable[..., Any]:
    """Like `lru_cache`, for functions of bytes: only small ones are kept, so the memory stays small too.

    The bytes themselves are the key, so a part is never taken for another. Results are shared: do not change them.
    """
    kept = lru_cache(maxsize=PARTS)(function)

    @wraps(function)
    def call(data: bytes, *more: Any) -> Any:
        return kept(data, *more) if len(data) <= SMALL else function(data, *more)

    return call

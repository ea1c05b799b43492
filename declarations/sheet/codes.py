"""The registry of codes: what is told under a code (B01, R03, X35) means one thing, in all releases.

Codes are printed, exported and quoted on the telephone, so one that was given out is never given a second meaning.
A module enters its codes while it is imported; a code that is entered twice stops the program there. It stands
alone because checks, readers and scanners, which know nothing of one another, share it.
"""

from __future__ import annotations

from collections.abc import Mapping

MEANINGS: dict[str, str] = {}
"""What each code means, by code."""


def enter(code: str, meaning: str) -> str:
    """Enter a code and return it; raises ValueError where it already has a meaning."""
    if code in MEANINGS:
        raise ValueError(f"the code {code} is entered twice: for {MEANINGS[code]!r} and for {meaning!r}")
    MEANINGS[code] = meaning
    return code


def enter_all(meanings: Mapping[str, str]) -> dict[str, str]:
    """Enter a family of codes and return it; raises ValueError as `enter` does."""
    return {enter(code, meaning): meaning for code, meaning in meanings.items()}

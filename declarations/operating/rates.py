"""How often something may happen, as an operator writes it."""

from __future__ import annotations

from dataclasses import dataclass

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@dataclass(frozen=True)
class RateLimit:
    """``amount`` requests in each window of ``seconds``."""

    amount: int
    seconds: int

    @classmethod
    def read(cls, text: str) -> RateLimit | None:
        """``60/10m``: sixty in ten minutes; None for an empty text or ``off``. Raises ValueError."""
        if text in ("", "off"):
            return None
        amount, _, window = text.partition("/")
        unit = UNITS.get(window[-1:])
        if not amount.isdecimal() or not unit or not (window[:-1] or "1").isdecimal() or not int(window[:-1] or 1):
            raise ValueError(f"{text!r} is no limit: write for example 60/10m")
        return cls(int(amount), int(window[:-1] or 1) * unit)

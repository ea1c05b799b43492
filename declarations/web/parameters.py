"""Numbers and texts that an address or a hidden field carries, and the form fields for them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

KEY_DIGITS = 9
"""So many digits fit into the keys of the database."""
NOT_OFFERED = "请从列表中选择。"
MALFORMED = "请求的格式不正确，请刷新页面后重试。"
"""The answer to a request of our own scripts that cannot be read."""


def whole_number(text: str | None, digits: int = KEY_DIGITS) -> int | None:
    """Return the number that a text of at most ``digits`` ASCII digits writes, None for every other text."""
    text = text or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


def whole_numbers(texts: Iterable[str], digits: int = KEY_DIGITS) -> list[int]:
    """Return the numbers among these texts, in their order."""
    numbers = (whole_number(text, digits) for text in texts)
    return [number for number in numbers if number is not None]


def year_number(text: str | None) -> int | None:
    """Return a year of four digits, None for every other text."""
    return whole_number(text, 4) if text and len(text) == 4 else None


def plain_text(text: str | None, longest: int) -> str:
    """Return at most ``longest`` characters of a text, without the NUL that the database cannot keep."""
    return (text or "").replace("\0", "")[:longest]


class NumberField(forms.IntegerField):
    """A key chosen from a list: digits only, not more than ``digits``."""

    def __init__(self, *, digits: int = KEY_DIGITS, **kwargs) -> None:
        self.digits = digits
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        number = whole_number(str(value), self.digits)
        if number is None:
            raise forms.ValidationError(NOT_OFFERED, code="invalid")
        return number


class YearField(NumberField):
    """A year of four digits, chosen from a list."""

    def __init__(self, **kwargs) -> None:
        super().__init__(digits=4, min_value=1000, **kwargs)


class Tick(forms.CheckboxInput):
    """A box whose value in the address is 1; every other value leaves it empty."""

    def __init__(self) -> None:
        super().__init__(attrs={"value": "1"})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> bool:
        return data.get(name) == "1"

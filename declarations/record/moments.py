"""Days and moments in words, in local time, as every notice, refusal and list writes them."""

from __future__ import annotations

import datetime

from django.utils import timezone


def minute_in_words(moment: datetime.datetime) -> str:
    """Return ``2026年12月15日18:00``."""
    return f"{timezone.localtime(moment):%Y年%m月%d日%H:%M}"


def day_in_words(moment: datetime.datetime) -> str:
    """Return ``2026年12月15日``, the day on which it is that moment here."""
    return f"{timezone.localdate(moment):%Y年%m月%d日}"

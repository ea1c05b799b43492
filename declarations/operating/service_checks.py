"""Django's system checks of what an operator sets: uploads stay out of what is served, limits can be read.

E020 uploads within the served files or round them · E021 a limit that cannot be read · E022 an address of
the virus scanner that is none · E023 files would be deleted at once
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error

from declarations.operating.rates import RateLimit


def service_is_set_up_safely(app_configs: object = None, **kwargs: object) -> list[CheckMessage]:
    return [*_uploads(), *_limits(), *_scanner(), *_keeping()]


def _uploads() -> Iterator[Error]:
    """What people upload is never served as a file, let alone run."""
    uploads = Path(settings.MEDIA_ROOT).resolve()
    served = [place for place in (settings.STATIC_ROOT, *settings.STATICFILES_DIRS) if place]
    for place in (Path(folder).resolve() for folder in served):
        if place == uploads or place in uploads.parents or uploads in place.parents:
            yield _error(20, f"MEDIA_ROOT {uploads} 与对外提供的静态文件目录 {place} 重叠，请分开。")


def _limits() -> Iterator[Error]:
    for name, text in settings.RATE_LIMITS.items():
        try:
            RateLimit.read(text)
        except ValueError:
            yield _error(21, f"LIMIT_{name.upper()}={text!r} 看不懂，应写成例如 60/10m（十分钟六十次），不限制写 off。")


def _scanner() -> Iterator[Error]:
    parts = urlsplit(settings.CLAMD_URL)
    usable = (parts.scheme == "unix" and parts.path) or (parts.scheme == "tcp" and parts.hostname)
    if settings.CLAMD_URL and not usable:
        yield _error(22, "CLAMD_URL 应为 unix:///run/clamav/clamd.ctl 或 tcp://127.0.0.1:3310。")


def _keeping() -> Iterator[Error]:
    if settings.KEPT_DAYS_ABANDONED < 1 or settings.KEPT_YEARS < 1:
        yield _error(23, "KEPT_DAYS_ABANDONED 和 KEPT_YEARS 至少为 1。")


def _error(number: int, said: str) -> Error:
    return Error(said, id=f"declarations.E{number:03}")

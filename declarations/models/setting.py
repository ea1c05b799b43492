"""Settings that are never changed but followed: each change is a new line with who and why, and the newest counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self, cast

from django.db import models


class Unchanged(Exception):
    """The setting says what is in force already; nothing was written."""


class Overtaken(Exception):
    """Somebody else changed the setting in the meantime; nothing was written. ``newest``: how it stands now."""

    def __init__(self, newest: Any) -> None:
        super().__init__()
        self.newest = newest


class SettingQuerySet(models.QuerySet):
    def newest(self):
        """The line that counts, for each thing that is set."""
        # by key: the name of a relation would sort by the other model's own order
        setting = cast(type[AppendOnlySetting], self.model)
        fields = map(setting._meta.get_field, setting.ABOUT)
        about = [field.attname for field in fields if isinstance(field, models.Field)]
        return self.order_by(*about, "-pk").distinct(*about)


class AppendOnlySetting(models.Model):
    """A line of such a history.

    ``ABOUT``: the fields of what it is a setting of, the year or bureau first; ``VALUES``: of what it sets.
    """

    ABOUT: ClassVar[tuple[str, ...]]
    VALUES: ClassVar[tuple[str, ...]]

    class Meta:
        abstract = True

    @classmethod
    def history(cls, **about: Any) -> models.QuerySet[Self]:
        """The lines about one thing with who wrote them, the latest first."""
        return cls._default_manager.filter(**about).select_related("author").order_by("-pk")

    @classmethod
    def changes(cls, about: Mapping[str, Any], values: Mapping[str, Any], *, seen: int | None, first: Self) -> set[str]:
        """Return the names of ``values`` that differ from what is in force, having locked its year or bureau.

        ``seen``: the line the person saw, None for none; ``first``: what holds where nothing was ever set, unsaved.
        To be called in a transaction. Raises `Overtaken` or `Unchanged`.
        """
        whose = about[cls.ABOUT[0]]
        type(whose).objects.select_for_update(no_key=True).get(pk=whose.pk)  # one change at a time
        newest = cls.history(**about).first()
        if (newest and newest.pk) != seen:
            raise Overtaken(newest)
        changed = {name for name in cls.VALUES if getattr(newest or first, name) != values[name]}
        if not changed:
            raise Unchanged
        return changed

"""The library of indicators, whole files at a time; every row that changes leaves a version behind."""

from __future__ import annotations

from typing import Any

from declarations.administering.references.base import PlannedReference
from declarations.administering.resources.formats import text_of
from declarations.administering.resources.library import FROM_FILE, LABELS, LibraryResource
from indicators import library
from indicators.models import LibraryIndicator


class PlannedLibrary(PlannedReference, LibraryResource):
    columns = tuple(LABELS)

    class Meta(PlannedReference.Meta):
        model = LibraryIndicator

    def get_queryset(self):
        return LibraryIndicator.objects.of_bureaus([self.code]).order_by("pinyin", "pk")

    def before_import(self, dataset, **kwargs: Any) -> None:
        super().before_import(dataset, **kwargs | {"user": self.user})

    def key_of(self, row):
        return "指标名称", text_of(row["指标名称"])

    def said(self, instance: LibraryIndicator) -> list[str]:
        return [*(getattr(instance, name) for name in list(LABELS.values())[:-1]), "是" if instance.is_active else "否"]

    def create(self, instances: list[LibraryIndicator]) -> None:
        library.bring(self.code, instances, self.user, FROM_FILE)

    def update(self, instances: list[LibraryIndicator]) -> None:
        library.bring(self.code, instances, self.user, FROM_FILE)

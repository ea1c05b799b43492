"""The issued limits, whole files at a time."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from declarations.administering.references.base import PlannedReference
from declarations.administering.resources.control_figures import LABELS, ControlFiguresResource
from declarations.models import ControlFigures
from declarations.sheet.official.fields import AMOUNTS
from declarations.sheet.units import plain_amount


class PlannedControlFigures(PlannedReference, ControlFiguresResource):
    columns = ("申报年度", "部门代码", "部门名称", *(LABELS[name] for name in AMOUNTS))

    class Meta(PlannedReference.Meta):
        model = ControlFigures

    def get_queryset(self):
        found = ControlFigures.objects.filter(cycle__bureau=self.bureau).select_related("cycle", "department")
        return found.order_by("-cycle__year", "department__code")

    def key_of(self, row):
        return "部门代码", (row["申报年度"], row["部门代码"])

    def take(self, instance, header, text, row):
        super().take(instance, header, text, row)
        if header == "部门名称" and text and instance.department_id and text != instance.department.name:
            known = instance.department.name
            raise ValueError(f"代码“{row['部门代码']}”的部门是“{known}”，与所写的名称不符，请核对代码。")

    def said(self, instance: ControlFigures) -> list[str]:
        amounts = [getattr(instance, name) for name in AMOUNTS]
        texts = ["" if value is None else plain_amount(value) for value in amounts]
        return [str(instance.cycle.year), instance.department.code, instance.department.name, *texts]

    def update(self, instances: list[ControlFigures]) -> None:
        now = timezone.now()
        for figures in instances:
            figures.updated_at = now
        ControlFigures.objects.bulk_update(instances, [*AMOUNTS, "updated_at"], batch_size=500)

    def before_import(self, dataset, **kwargs: Any) -> None:
        super().before_import(dataset, **kwargs)
        for figures in self.issued.values():
            figures.department = self.departments[figures.department.code]

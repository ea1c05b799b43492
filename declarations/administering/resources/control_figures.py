"""The issued limits (控制数) of a year, one row a department, amounts in 万元."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from import_export import fields

from declarations.administering.resources.base import BureauResource
from declarations.administering.resources.formats import text_of
from declarations.models import ControlFigures, Cycle, Department
from declarations.sheet.official.fields import AMOUNTS
from declarations.sheet.units import AmountError, Unit, parse_amount, plain_amount

LABELS = {name: f"{ControlFigures._meta.get_field(name).verbose_name}（万元）" for name in AMOUNTS}
NAMES = {label: name for name, label in LABELS.items()}


def amount_of(text: str) -> Decimal:
    """In 万元; raises ValueError with what is expected."""
    try:
        return parse_amount(text, Unit.WAN, Unit.WAN)
    except AmountError as error:
        raise ValueError(f"{error}，应填以万元为单位的数字，如 1069.37；没有下达的留空。") from None


class Amount(fields.Field):
    """An amount in 万元 as a number of the file; empty where none was issued."""

    def export(self, instance: ControlFigures, **kwargs: Any) -> str:
        value = self.get_value(instance)
        return "" if value is None else plain_amount(value)


class ControlFiguresResource(BureauResource):
    year = fields.Field("cycle__year", "申报年度")
    code = fields.Field("department__code", "部门代码")
    name = fields.Field("department__name", "部门名称", readonly=True)  # for people; the code decides

    demanded = ("申报年度", "部门代码")

    class Meta:
        model = ControlFigures
        name = "控制数"
        fields = export_order = ("year", "code", "name", *AMOUNTS)
        import_id_fields = ()
        skip_unchanged = report_skipped = use_transactions = True

    def before_import(self, dataset, **kwargs: Any) -> None:
        super().before_import(dataset, **kwargs)
        self.cycles = {str(cycle.year): cycle for cycle in Cycle.objects.filter(bureau=self.bureau)}
        issued = ControlFigures.objects.filter(cycle__bureau=self.bureau).select_related("cycle", "department")
        self.issued = {(str(row.cycle.year), row.department.code): row for row in self.locked(issued)}

    def get_queryset(self):
        return ControlFigures.objects.select_related("cycle", "department")

    def get_instance(self, instance_loader, row):
        return self.issued.get((text_of(row["申报年度"]), text_of(row["部门代码"])))

    def init_instance(self, row=None):
        return ControlFigures()

    def take(self, instance, header, text, row):
        if header == "申报年度":
            if text not in self.cycles:
                raise ValueError(f"没有“{text}”这一申报年度，请先建立或更正年度。")
            instance.cycle = self.cycles[text]
        elif header == "部门代码":
            instance.department = self.found(Department, text)
        elif header in NAMES:
            setattr(instance, NAMES[header], amount_of(text) if text else None)

    def skip_row(self, instance, original, row, import_validation_errors=None):
        same = instance.pk and all(getattr(instance, name) == getattr(original, name) for name in AMOUNTS)
        return bool(same and not import_validation_errors)


for _name, _label in LABELS.items():
    ControlFiguresResource.fields[_name] = Amount(_name, _label)

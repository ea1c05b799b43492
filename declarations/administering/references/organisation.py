"""Divisions and departments, whole files at a time."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

from declarations.administering.references.base import PlannedReference, judge_all, taken_by
from declarations.administering.resources.departments import DepartmentResource
from declarations.administering.resources.divisions import DivisionResource
from declarations.models import Department, Division


class PlannedDivisions(PlannedReference, DivisionResource):
    columns = ("科室代码", "科室名称")

    class Meta(PlannedReference.Meta):
        model = Division

    def get_queryset(self):
        return Division.objects.filter(bureau=self.bureau).order_by("code")

    def before_import(self, dataset, **kwargs: Any) -> None:
        super().before_import(dataset, **kwargs)
        self.names = {item.name: item.code for item in self.divisions.values()}

    def key_of(self, row):
        return "科室代码", row["科室代码"]

    def said(self, instance: Division) -> list[str]:
        return [instance.code, instance.name]

    def take(self, instance, header, text, row):
        super().take(instance, header, text, row)
        if header == "科室名称":
            taken_by(self.names, text, instance.code, "科室名称")

    def update(self, instances: list[Division]) -> None:
        Division.objects.bulk_update(instances, ["name"], batch_size=500)


class PlannedDepartments(PlannedReference, DepartmentResource):
    columns = ("部门代码", "部门名称", "曾用名", "上级部门代码", "资金主管科室代码", "在用")

    class Meta(PlannedReference.Meta):
        model = Department

    def get_queryset(self):
        found = Department.objects.filter(bureau=self.bureau).select_related("parent", "division")
        return found.order_by("code")

    def before_import(self, dataset, **kwargs: Any) -> None:
        super().before_import(dataset, **kwargs)
        self.names = {item.name: item.code for item in self.departments.values()}
        departments = {item.pk: item for item in self.departments.values()}
        divisions = {item.pk: item for item in self.divisions.values()}
        for item in self.departments.values():
            item.parent = departments.get(item.parent_id)
            item.division = divisions.get(item.division_id)

    def key_of(self, row):
        return "部门代码", row["部门代码"]

    def said(self, instance: Department) -> list[str]:
        parent, division = instance.parent, instance.division
        above = [parent.code if parent else "", division.code if division else ""]
        used = "是" if instance.is_active else "否"
        return [instance.code, instance.name, "、".join(instance.former_names), *above, used]

    def take(self, instance, header, text, row):
        super().take(instance, header, text, row)
        if header == "部门名称":
            taken_by(self.names, text, instance.code, "部门名称")

    def judge(self, instance: Department) -> None:
        judge_all(lambda: self.refuse_fields(instance), lambda: self.judge_above(instance))

    def judge_above(self, instance: Department) -> None:
        above = instance.parent
        for _ in range(len(self.departments) + 1):
            if above is None:
                break
            if above is instance:
                raise ValidationError({"上级部门代码": "上级部门不能是本部门或本部门的下属单位。"})
            above = above.parent

    def create(self, instances: list[Department]) -> None:
        """Those above first: a row may name one that is new itself."""
        waiting = instances
        while waiting:
            ready = [one for one in waiting if one.parent is None or one.parent.pk]
            Department.objects.bulk_create(ready, batch_size=1_000)
            waiting = [one for one in waiting if one.pk is None]

    def update(self, instances: list[Department]) -> None:
        for department in instances:
            department.set_pinyin()
        names = ["name", "former_names", "parent", "division", "is_active", "pinyin", "initials"]
        Department.objects.bulk_update(instances, names, batch_size=500)

"""The list of departments."""

from __future__ import annotations

import re

from import_export import fields

from declarations.administering.resources.base import BureauResource
from declarations.administering.resources.formats import text_of, yes_or_no
from declarations.models import Department, Division


class DepartmentResource(BureauResource):
    code = fields.Field("code", "部门代码")
    name = fields.Field("name", "部门名称")
    former_names = fields.Field("former_names", "曾用名")
    parent = fields.Field("parent__code", "上级部门代码")
    division = fields.Field("division__code", "资金主管科室代码")
    is_active = fields.Field("is_active", "在用")

    demanded = ("部门代码", "部门名称")

    class Meta:
        model = Department
        name = "部门"
        fields = export_order = ("code", "name", "former_names", "parent", "division", "is_active")
        import_id_fields = ()
        skip_unchanged = report_skipped = use_transactions = True

    def get_queryset(self):
        return Department.objects.select_related("parent", "division")

    def get_instance(self, instance_loader, row):
        return self.departments.get(text_of(row["部门代码"]))

    def init_instance(self, row=None):
        return Department(bureau=self.bureau)

    def take(self, instance, header, text, row):
        if header == "曾用名":
            instance.former_names = [name for name in re.split(r"[、，,；;\n]\s*", text) if name]
        elif header == "上级部门代码":
            instance.parent = self.found(Department, text) if text else None
        elif header == "资金主管科室代码":
            instance.division = self.found(Division, text) if text else None
        elif header == "在用":
            instance.is_active = yes_or_no(text)
        else:
            setattr(instance, {"部门代码": "code", "部门名称": "name"}[header], text)

    def skip_row(self, instance, original, row, import_validation_errors=None):
        kept = [field.attname for field in Department._meta.concrete_fields]
        same = instance.pk and all(getattr(instance, name) == getattr(original, name) for name in kept)
        return bool(same and not import_validation_errors)

    def after_save_instance(self, instance, row, **kwargs):
        # a later row may name it as the department above
        self.departments[instance.code] = instance

    def dehydrate_former_names(self, department):
        return "、".join(department.former_names)

    def dehydrate_is_active(self, department):
        return "是" if department.is_active else "否"

"""The list of divisions."""

from __future__ import annotations

from import_export import fields

from declarations.administering.resources.base import BureauResource
from declarations.administering.resources.formats import text_of
from declarations.models import Division


class DivisionResource(BureauResource):
    code = fields.Field("code", "科室代码")
    name = fields.Field("name", "科室名称")

    demanded = ("科室代码", "科室名称")

    class Meta:
        model = Division
        name = "科室"
        fields = export_order = ("code", "name")
        import_id_fields = ()

    def get_instance(self, instance_loader, row):
        return self.divisions.get(text_of(row["科室代码"]))

    def init_instance(self, row=None):
        return Division(bureau=self.bureau)

    def take(self, instance, header, text, row):
        setattr(instance, {"科室代码": "code", "科室名称": "name"}[header], text)

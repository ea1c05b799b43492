"""The library of indicators: every imported row is a version of an entry, with the person who brought it."""

from __future__ import annotations

from import_export import fields

from declarations.administering.resources.base import BureauResource
from declarations.administering.resources.formats import text_of, yes_or_no
from indicators import library
from indicators.models import KEPT, LibraryIndicator

FROM_FILE = "从文件导入"
LABELS = library.COLUMNS | {"在用": "is_active"}


class LibraryResource(BureauResource):
    """Entries of one bureau by name; a common one that a file changes becomes the bureau's own."""

    area = fields.Field("area", "功能领域")
    kind = fields.Field("kind", "二级指标")
    name = fields.Field("name", "指标名称")
    unit = fields.Field("unit", "计量单位")
    operator = fields.Field("operator", "常用符号")
    usual_value = fields.Field("usual_value", "参考指标值")
    definition = fields.Field("definition", "指标解释")
    formula = fields.Field("formula", "计算公式")
    data_source = fields.Field("data_source", "数据来源")
    aliases = fields.Field("aliases", "其他叫法")
    is_active = fields.Field("is_active", "在用")

    demanded = ("二级指标", "指标名称")

    class Meta:
        model = LibraryIndicator
        name = "指标库"
        fields = export_order = tuple(LABELS.values())
        import_id_fields = ()
        skip_unchanged = report_skipped = use_transactions = True

    def before_import(self, dataset, **kwargs):
        self.user = kwargs.get("user")
        self.known = {entry.name: entry for entry in self.locked(LibraryIndicator.objects.of_bureaus([self.code]))}

    @property
    def code(self) -> str:
        return self.bureau.code

    def get_instance(self, instance_loader, row):
        return self.known.get(text_of(row["指标名称"]))

    def init_instance(self, row=None):
        return LibraryIndicator(bureau_code=self.code)

    def take(self, instance, header, text, row):
        field = LibraryIndicator._meta.get_field(LABELS[header])
        if header == "在用":
            instance.is_active = yes_or_no(text)
            return
        choices = [value for value, _ in field.choices or ()]
        if choices and text not in choices and not (field.blank and not text):
            raise ValueError(f"“{text}”应为以下之一：{'、'.join(choices)}。")
        setattr(instance, field.name, text)

    def skip_row(self, instance, original, row, import_validation_errors=None):
        same = instance.pk and library.content_of(instance) == library.content_of(original)
        return bool(same and not import_validation_errors)

    def do_instance_save(self, instance, is_create):
        values = {name: getattr(instance, name) for name in KEPT}
        if is_create:
            saved = library.create(self.code, values, self.user, FROM_FILE)
        else:
            saved = library.revise(
                instance, values, self.user, FROM_FILE, bureau_code=self.code, version=instance.version
            )
        instance.pk, instance.version = saved.pk, saved.version
        self.known[saved.name] = saved

    def dehydrate_is_active(self, entry):
        return "是" if entry.is_active else "否"

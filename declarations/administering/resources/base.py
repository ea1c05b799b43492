"""What the lists share: one bureau, columns with printed labels, every mistake with its row and column."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import tablib
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model, QuerySet
from import_export import resources

from declarations.administering.resources.formats import text_of
from declarations.models import Bureau, Department, Division


class BureauResource(resources.ModelResource):
    """Rows of one bureau. ``demanded``: columns a file must have; `take` puts one cell into the instance."""

    demanded: tuple[str, ...] = ()

    def __init__(self, bureau: Bureau | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.bureau = bureau

    def before_import(self, dataset: tablib.Dataset, **kwargs: Any) -> None:
        self.divisions, self.departments = (
            {item.code: item for item in self.locked(kind.objects.filter(bureau=self.bureau))}
            for kind in (Division, Department)
        )

    def locked(self, rows: QuerySet) -> QuerySet:
        """The rows that a file is compared with, as they are read."""
        return rows

    def before_import_row(self, row: dict[str, Any], **kwargs: Any) -> None:
        missing = [header for header in self.demanded if header not in row]
        if missing:
            raise ValidationError(f"文件缺少“{'”“'.join(missing)}”列，第一行应为列名。")

    def import_instance(self, instance: Model, row: dict[str, Any], **kwargs: Any) -> None:
        errors = {}
        for field in self.get_import_fields():
            if field.column_name in row:
                try:
                    self.take(instance, field.column_name, text_of(row[field.column_name]), row)
                except ValueError as error:
                    errors[field.column_name] = str(error)
        if errors:
            raise ValidationError(errors)

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True) -> None:
        """The errors of a row under the labels of its columns: first those of reading, then those of meaning."""
        if import_validation_errors:
            raise ValidationError(import_validation_errors)
        labelled_clean(instance, validate_unique=validate_unique)

    def take(self, instance: Any, header: str, text: str, row: dict[str, Any]) -> None:
        """Puts one cell into the instance; raises ValueError with what is wrong and what is expected."""
        raise NotImplementedError

    def found(self, kind: type[Division] | type[Department], code: str) -> Division | Department:
        known = self.divisions if kind is Division else self.departments
        if code not in known:
            name = kind._meta.verbose_name
            if longer := longer_codes(code, known):
                meant = "或".join(f"“{one}”" for one in longer)
                raise ValueError(
                    f"没有代码为“{code}”的{name}。是{meant}吗？表格软件会去掉数字开头的 0，请把单元格设为文本再填。"
                )
            raise ValueError(f"没有代码为“{code}”的{name}，请先建立该{name}或更正代码。")
        return known[code]


def longer_codes(code: str, known: Iterable[str]) -> list[str]:
    """The codes that are this one with the zeros in front that a spreadsheet takes off a number: 1 -> 01."""
    return sorted(one for one in known if code.isdecimal() and one != code and one.lstrip("0") == code.lstrip("0"))


def labelled_clean(instance: Model, **kwargs: Any) -> None:
    """`full_clean`, with the printed label of a field instead of its name."""
    try:
        instance.full_clean(**kwargs)
    except ValidationError as error:
        raise ValidationError({label_of(instance, name): texts for name, texts in error.message_dict.items()}) from None


def label_of(instance: Model, name: str) -> str:
    return name if name == NON_FIELD_ERRORS else str(instance._meta.get_field(name).verbose_name)

"""What planning a whole file adds to a resource: a bounded number of queries, and a line for every row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model, QuerySet
from import_export.results import RowResult

from declarations.administering.references.plan import Mistake, ReferenceLine, ReferenceOutcome
from declarations.administering.resources.base import BureauResource
from declarations.administering.resources.formats import text_of
from declarations.models import Bureau

BLANK = "必填，不能留空。"


class ReferenceRow(RowResult):
    """The library's note on a row, without the description of its object: `ReferenceLine` says what is needed."""

    def add_instance_info(self, instance: Any) -> None:
        self.object_id = getattr(instance, "pk", None)


class PlannedReference(BureauResource):
    """Mix-in before a resource. ``columns`` are the labels of its list; `said` is an instance, column by column.

    Nothing is copied, compared as HTML or asked of the database row by row; bulk writing comes at the
    end, and in a dry run not at all.
    """

    columns: tuple[str, ...] = ()

    class Meta:
        use_bulk = skip_diff = use_transactions = True
        skip_unchanged = report_skipped = False
        batch_size = None

    def __init__(self, bureau: Bureau, user: Any = None, numbers: Sequence[int] = (), is_writing: bool = False) -> None:
        super().__init__(bureau)
        self.user, self.numbers, self.is_writing = user, numbers, is_writing
        self.lines: list[ReferenceLine] = []
        self.claims: dict[Any, int] = {}

    # what each list says for itself

    def said(self, instance: Any) -> list[str]:
        raise NotImplementedError

    def key_of(self, row: dict[str, Any]) -> Any:
        """What two rows of one file may not share."""
        raise NotImplementedError

    def judge(self, instance: Any) -> None:
        """Raises ValidationError by column for what a cell alone cannot tell; asks the database nothing."""
        self.refuse_fields(instance)

    def create(self, instances: list[Any]) -> None:
        self._meta.model.objects.bulk_create(instances, batch_size=1_000)

    def update(self, instances: list[Any]) -> None:
        raise NotImplementedError

    # rows

    def locked(self, rows: QuerySet) -> QuerySet:
        """Rows that are about to be compared and written stay as they were read."""
        return rows.select_for_update(of=("self",)) if self.is_writing else rows

    def before_import(self, dataset, **kwargs: Any) -> None:
        super().before_import(dataset, **kwargs)
        self.taken = [column for column in self.columns if column in dataset.headers]

    def before_import_row(self, row: dict[str, Any], **kwargs: Any) -> None:
        """Raises ValidationError for the second of two rows about the same thing."""
        column, key = self.key_of(row)
        earlier = self.claims.setdefault(key, self.number)
        if earlier != self.number:
            raise ValidationError({column: f"与第 {earlier} 行重复，同一内容只能写一行，请删去其中一行。"})

    def import_row(self, row, instance_loader, **kwargs: Any) -> RowResult:
        self.number = self.numbers[kwargs["row_number"] - 1]
        self.before = self.after = None
        self.is_taken = False  # as long as it is not known whom or what the row is about
        found = super().import_row(row, instance_loader, **kwargs)
        if found.errors:
            raise found.errors[0].error  # not the file's mistake, and not to be told as one
        self.lines.append(self.line_of(row, found.validation_error))
        return found

    def import_instance(self, instance: Any, row: dict[str, Any], **kwargs: Any) -> None:
        self.before = self.said(instance) if instance.pk else None
        self.is_taken = True
        errors = {}
        for column in self.taken:
            try:
                self.take(instance, column, row[column], row)
            except ValueError as error:
                errors[column] = str(error)
        if errors:
            raise ValidationError(errors)

    def skip_row(self, instance, original, row, import_validation_errors=None) -> bool:
        if import_validation_errors:
            return False
        self.after = self.said(instance)
        return self.before == self.after

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True) -> None:
        """Every mistake of the row at once: of the cells, and of what they mean together in the other columns."""
        errors = dict(import_validation_errors or {})
        if self.is_taken:
            try:
                self.judge(instance)
            except ValidationError as error:
                errors = {**error.error_dict, **errors}
        if errors:
            raise ValidationError(errors)

    def line_of(self, row: dict[str, Any], error: ValidationError | None) -> ReferenceLine:
        if error is not None:
            return ReferenceLine(self.number, ReferenceOutcome.ERROR, [text_of(row.get(name)) for name in self.columns],
                        mistakes=list(mistakes_of(error, row)))  # fmt: skip
        if self.before is None:
            return ReferenceLine(self.number, ReferenceOutcome.NEW, self.after)
        pairs = zip(self.columns, self.before, self.after, strict=True)
        old = {column: before for column, before, after in pairs if before != after}
        return ReferenceLine(self.number, ReferenceOutcome.CHANGED if old else ReferenceOutcome.SAME, self.after, old)

    def get_row_result_class(self) -> type[RowResult]:
        return ReferenceRow

    def refuse_fields(self, instance: Model) -> None:
        """Lengths, blanks and ranges of what the list says, under its columns; relations were looked up already."""
        labels = {field.attribute: field.column_name for field in self.fields.values()}
        refuse_fields(instance, labels)

    # writing

    def bulk_create(self, using_transactions, dry_run, raise_errors, batch_size=None, result=None) -> None:
        if self.create_instances and not dry_run:
            self.create(self.create_instances)
        self.create_instances.clear()

    def bulk_update(self, using_transactions, dry_run, raise_errors, batch_size=None, result=None) -> None:
        if self.update_instances and not dry_run:
            self.update(self.update_instances)
        self.update_instances.clear()

    # taking away

    def get_export_headers(self, selected_fields=None) -> list[str]:
        return list(self.columns)

    def export_resource(self, instance, selected_fields=None, **kwargs: Any) -> list[str]:
        return self.said(instance)


def refuse_fields(instance: Model, labels: dict[str, str]) -> None:
    """Raises ValidationError by label; only the fields that have one are looked at."""
    try:
        instance.clean_fields(exclude=count_unnamed(type(instance), frozenset(labels)))
    except ValidationError as error:
        raise ValidationError({labels[name]: said_of(errors) for name, errors in error.error_dict.items()}) from None


def said_of(errors: Iterable[ValidationError]) -> list[str]:
    """Django's words, but for what is missing: an empty cell is no “字段” to whoever keeps a list."""
    return [BLANK if one.code in ("blank", "null") else text for one in errors for text in one.messages]


@cache
def count_unnamed(model: type[Model], names: frozenset[str]) -> frozenset[str]:
    fields = model._meta.concrete_fields
    return frozenset(field.name for field in fields if field.is_relation or field.name not in names)


def mistakes_of(error: ValidationError, row: dict[str, Any]):
    for column, messages in error.message_dict.items():
        whole = column == NON_FIELD_ERRORS or column not in row
        for message in messages:
            yield Mistake("" if column == NON_FIELD_ERRORS else column, "" if whole else text_of(row[column]), message)


def judge_all(*judgements: Callable[[], None]) -> None:
    """Raises ValidationError with what each of these raises, by column; the first word about a column counts."""
    errors: dict[str, Any] = {}
    for judge in judgements:
        try:
            judge()
        except ValidationError as error:
            errors = {**error.error_dict, **errors}
    if errors:
        raise ValidationError(errors)


def taken_by(names: dict[str, str], name: str, code: str, what: str) -> None:
    """Raises ValueError where another row of the list bears this name; else notes that ``code`` does now."""
    owner = names.setdefault(name, code)
    if owner != code:
        raise ValueError(f"{what}“{name}”已由代码“{owner}”使用；两个互换名称的，请分两次导入。")

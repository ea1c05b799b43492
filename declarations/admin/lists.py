"""Lists of departments and people as files: uploaded, previewed, then brought in whole or not at all."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from import_export.admin import ImportExportMixin
from import_export.forms import ConfirmImportForm, ExportForm, ImportForm
from import_export.results import Result
from import_export.tmp_storages import CacheStorage

from declarations.administering.resources import FORMATS
from declarations.importing import scanning
from declarations.models import Bureau
from declarations.people import permissions
from declarations.sheet.problems import Refused

MEBIBYTE = 1 << 20
MOST_BYTES = 5 * MEBIBYTE
UNREADABLE = "文件无法读取。请另存为 xlsx 或 UTF-8 编码的 csv 后重试。"
GONE = ("gone", "这份名单已经导入，或者上传后超过一小时没有确认。", "如需导入，请重新上传。")
CHANGED = "没有导入任何一行：核对之后，系统中的数据有了变化，名单与之冲突。请重新上传，按提示核对。"


class Waiting(CacheStorage):
    """A file between preview and confirmation: found by every process, and gone in an hour, for it may hold passwords.

    The name is a random key of the cache, not a path.
    """

    CACHE_LIFETIME = 60 * 60

    def read(self) -> bytes | str:
        """The file, as text where its format wants text. Raises `Refused`, UnicodeDecodeError."""
        data = super().read()
        if data is None:
            raise Refused(*GONE)
        return data.decode(self.encoding) if self.encoding else data


class BureauImportForm(ImportForm):
    bureau = forms.ModelChoiceField(Bureau.objects.none(), label="财政局", empty_label=None)
    field_order = ("resource", "bureau", "import_file", "format")

    def clean_import_file(self) -> UploadedFile:
        file = self.cleaned_data["import_file"]
        if file.size > MOST_BYTES:
            raise ValidationError(f"文件超过 {MOST_BYTES // MEBIBYTE} MB。请只保留名单本身，或分几次导入。")
        try:
            scanning.scan_data(file.read())
        except Refused as refused:
            raise ValidationError(why_unread(refused)) from None
        file.seek(0)
        return file


class BureauConfirmForm(ConfirmImportForm):
    bureau = forms.ModelChoiceField(Bureau.objects.none(), widget=forms.HiddenInput)


class ImportsAndExports(ImportExportMixin):
    """Import into one bureau that the user administers, export of the rows in the list."""

    import_form_class, confirm_form_class, export_form_class = BureauImportForm, BureauConfirmForm, ExportForm
    formats = FORMATS
    tmp_storage_class = Waiting

    def has_import_permission(self, request):
        return permissions.may_administer(request.user)

    has_export_permission = has_import_permission

    def create_import_form(self, request):
        return self._within(request, super().create_import_form(request))

    def create_confirm_form(self, request, import_form=None):
        return self._within(request, super().create_confirm_form(request, import_form))

    def get_confirm_form_initial(self, request, import_form):
        initial = super().get_confirm_form_initial(request, import_form)
        return initial | ({"bureau": import_form.cleaned_data["bureau"].pk} if import_form else {})

    @staticmethod
    def _within(request, form):
        form.fields["bureau"].queryset = Bureau.objects.administered_by(request.user)
        return form

    def get_import_resource_kwargs(self, request, **kwargs):
        form = kwargs.get("form")
        chosen = getattr(form, "cleaned_data", {}).get("bureau") if form else None
        return {"bureau": chosen}

    def get_import_data_kwargs(self, **kwargs):
        # a row that fails now takes the whole file back, as the preview said it would
        return super().get_import_data_kwargs(**kwargs) | {"rollback_on_validation_errors": True}

    def add_data_read_fail_error_to_form(self, form, e):
        form.add_error("import_file", ValidationError(why_unread(e)))

    def process_import(self, request: HttpRequest, **kwargs) -> HttpResponse:
        """The confirmed import; a second click finds the file gone and is told so."""
        try:
            return super().process_import(request, **kwargs)
        except Refused as refused:
            return self._back(request, why_unread(refused))

    def process_result(self, result: Result, request: HttpRequest) -> HttpResponse:
        """Success is told, and noted in the log, only of what was written."""
        if result.has_errors() or result.has_validation_errors():
            return self._back(request, CHANGED)
        return super().process_result(result, request)

    def _back(self, request: HttpRequest, why: str) -> HttpResponse:
        messages.error(request, why)
        return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_import"))


def why_unread(error: Exception) -> str:
    return f"{error.message}{error.hint}" if isinstance(error, Refused) else UNREADABLE

"""The form by which files are brought in."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from declarations.files.guarding.kinds import ACCEPTED, IN_WORDS
from declarations.files.guarding.limits import ARCHIVE_BYTES, FILE_BYTES, MEBIBYTE
from declarations.models import Bureau
from declarations.models.cycle import FIRST_YEAR, LAST_YEAR

MOST_FILES = 100
"""As many as Django takes in one request (DATA_UPLOAD_MAX_NUMBER_FILES); more go into a zip."""
PASTED_NAME = "粘贴的文字.txt"


LONGEST_PASTED = 500_000
YEAR_RANGE = f"年度应在 {FIRST_YEAR} 至 {LAST_YEAR} 之间。"


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files. Each is judged again, by its content, when it is read."""

    widget = FilesInput

    def clean(self, data, initial=None):
        files = [super(FilesField, self).clean(file, initial) for file in data or ()]
        if len(files) > MOST_FILES:
            raise ValidationError(f"一次最多上传 {MOST_FILES} 个文件；更多的请压缩成一个 .zip 后上传。")
        for file in files:
            limit = ARCHIVE_BYTES if file.name.lower().endswith(".zip") else FILE_BYTES
            if file.size > limit:
                raise ValidationError(f"“{file.name}”超过 {limit // MEBIBYTE} MB，没有上传。请压缩图片或分成几批。")
        return files


class UploadForm(forms.Form):
    """``files`` or ``pasted`` text or both, for which bureau, and the year where these do not say it themselves.

    What was pasted is one more of the cleaned ``files``. ``kinds``: which kinds of file are read, in words.
    """

    kinds = IN_WORDS

    files = FilesField(
        label="选择文件",
        required=False,
        allow_empty_file=True,
        widget=FilesInput(attrs={"class": "form-control", "accept": f"{ACCEPTED},.zip"}),
    )
    pasted = forms.CharField(
        label="粘贴表格文字",
        required=False,
        strip=False,
        max_length=LONGEST_PASTED,
        error_messages={"max_length": f"粘贴的文字超过 {LONGEST_PASTED:,} 字，请只粘贴申报表，或另存为文件后上传。"},
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 6, "spellcheck": "false"}),
    )
    year = forms.IntegerField(
        label="申报年度",
        required=False,
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        help_text="一般不用填：取自表的标题、日期或文件名。填写后，这一批都按该年度导入。",
        error_messages={
            "invalid": "请填四位数的年度，如 2026。",
            "min_value": YEAR_RANGE,
            "max_value": YEAR_RANGE,
        },
        widget=forms.TextInput(attrs={"class": "form-control", "inputmode": "numeric", "maxlength": 4, "size": 6}),
    )
    bureau = forms.ModelChoiceField(
        Bureau.objects.none(),
        label="财政局",
        error_messages={"required": "请选择导入到哪个财政局。", "invalid_choice": "您不能导入到所选的财政局。"},
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def __init__(self, user, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        bureaus = Bureau.objects.administered_by(user)
        self.fields["bureau"].queryset = bureaus
        self.only_bureau = bureaus[0] if len(bureaus[:2]) == 1 else None
        if self.only_bureau:
            self.fields["bureau"].required = False

    def clean(self) -> dict:
        cleaned = super().clean()
        if (text := cleaned.get("pasted") or "").strip():
            cleaned["files"] = [*(cleaned.get("files") or ()), ContentFile(text.encode(), PASTED_NAME)]
        if not cleaned.get("files") and not self.errors:
            self.add_error("files", "请选择要导入的文件，或粘贴表格文字。")
        return cleaned

    def clean_bureau(self) -> Bureau:
        """Where a person administers one bureau there is nothing to choose."""
        return self.only_bureau or self.cleaned_data["bureau"]

"""A page that says whether a workbook or a printed check code is the approved text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from declarations.files.guarding import sandbox
from declarations.files.guarding.kinds import ACCEPTED
from declarations.files.guarding.limits import FILE_BYTES, MEBIBYTE
from declarations.importing import scanning
from declarations.models import Snapshot
from declarations.record.authenticity import Judged, Verdict, judge_code, judge_table, read_code
from declarations.sheet.canonical import CODE_LENGTH
from declarations.sheet.problems import Refused
from declarations.sheet.table import Table
from declarations.web.access import signed_in

TONES = {Verdict.APPROVED: "success", Verdict.SUPERSEDED: "warning", Verdict.OTHER_VERSION: "warning"}
NOTHING = "请填写校验码，或选择一个文件。"
NO_CODE = f"校验码由数字和字母 a—f 组成，一般 {CODE_LENGTH} 位，印在申报表的页脚。请核对后重新填写。"
TOO_LARGE = f"文件超过 {FILE_BYTES // MEBIBYTE} MB，没有核验。"


@dataclass(frozen=True)
class Answer:
    """One line of the answer: what was asked about, and what it is."""

    about: str
    judged: Judged

    @property
    def tone(self) -> str:
        return TONES.get(self.judged.verdict, "error")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def authenticity(request: HttpRequest) -> HttpResponse:
    """A check code comes as ``code`` (a GET works too, so that a code can be a link), a file as ``file``."""
    typed = (request.POST.get("code") or request.GET.get("code", "")).strip()[:100]
    context: dict[str, Any] = {"typed": typed, "answers": [], "accepted": ACCEPTED}
    visible = Snapshot.objects.visible_to(request.user)
    if file := request.FILES.get("file"):
        context |= of_file(file, visible)
    elif typed:
        code = read_code(typed)
        context |= {"answers": [Answer(f"校验码 {typed}", judge_code(code, visible))]} if code else {"error": NO_CODE}
    elif request.method == "POST":
        context["error"] = NOTHING
    return render(
        request, "declarations/exporting/authenticity.html", context, status=422 if context.get("error") else 200
    )


def of_file(file: UploadedFile, visible) -> dict[str, Any]:
    """Read as every file is: judged first, in a child process; nothing of it is kept."""
    if file.size > FILE_BYTES:
        return {"error": TOO_LARGE}
    data = file.read()
    try:
        scanning.scan_data(data)
    except Refused as refused:
        return {"error": f"“{file.name}”没有核验：{refused.message}{refused.hint}"}
    result = sandbox.shared_sandbox().read(data, name=file.name, checks=False)
    if result.refused:
        return {"error": f"“{file.name}”没有核验：{result.refused['message']}{result.refused['hint']}"}
    tables = [Table.from_json(found["table"]) for found in result.tables]
    return {"answers": [Answer(name_of_table(file.name, table), judge_table(table, visible)) for table in tables]}


def name_of_table(name: str, table: Table) -> str:
    year = f"{table.year}年度" if table.year else "年度不明"
    return f"{name}：{table.department or '没有部门名称'}（{year}）"

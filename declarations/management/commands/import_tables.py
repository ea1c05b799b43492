"""``manage.py import_tables``: what bringing files in would do, and with ``--apply`` doing it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from declarations.files.guarding.sandbox import Sandbox
from declarations.importing.batch.rows import ImportOutcome, ImportResult
from declarations.management.importing import Run, Spool
from declarations.management.printing import (
    Said,
    left_out_lines,
    problem_lines,
    question_lines,
    sentences_of,
    year_argument,
)
from declarations.models import Bureau


class Command(BaseCommand):
    help = "导入申报表：默认只列出将要做什么，加 --apply 才写入。可以是文件、文件夹或 zip 压缩包。"

    def add_arguments(self, parser):
        parser.add_argument("paths", nargs="+", metavar="PATH", help="文件、文件夹（含下级）或 zip 压缩包")
        parser.add_argument("--bureau", required=True, metavar="CODE", help="财政局的行政区划代码")
        parser.add_argument("--year", type=year_argument, help="申报年度；不给出时取自表题、表内日期或文件名")
        parser.add_argument(
            "--new-year",
            type=year_argument,
            action="append",
            default=[],
            metavar="Y",
            help="本财政局还没有的往年度，同意新建；可以给出多次（--year 给出的年度视为同意）",
        )
        parser.add_argument("--apply", action="store_true", help="写入；不加则只列出将要做什么")
        parser.add_argument("--json", action="store_true", help="在标准输出打印一个 JSON 文档")

    def handle(self, *args, paths, bureau, year, new_year, apply, json, **options):
        said = Said(self.stdout, self.stderr)
        with Spool.opened() as spool:
            run = Run(find_bureau(bureau), year, spool, new_year)
            with said.to_the_end(), Sandbox() as sandbox:
                self._do(run, paths, sandbox, apply)
                self._say(said, run, {"bureau": bureau, "applied": apply}, json)
        counts = run.counts
        if said.was_cut_short or counts["refused"] or counts["blocked"] or counts["result_stale"]:
            sys.exit(1)

    def _say(self, said: Said, run: Run, head: dict[str, Any], json: bool) -> None:
        if json:
            said.document(run.report(), lambda: head | {"counts": run.counts})
        else:
            said.lines(line for file in run.report() for line in file_lines(file))
            said.line(summary(run.counts, head["applied"]))

    def _do(self, run: Run, paths: list[str], sandbox: Sandbox, apply: bool) -> None:
        try:
            run.read(paths, sandbox)
            run.apply() if apply else run.plan()
        except DatabaseError as error:
            # nothing of the chunk at hand was kept, what was done before stays and is known the next time
            raise CommandError(f"数据库出错，导入中止；再次运行会接着导入。{error}") from error


def find_bureau(code: str) -> Bureau:
    """Raises CommandError (wrong usage) for a code that no bureau has."""
    found = Bureau.objects.filter(code=code).first()
    if found is None:
        known = "、".join(Bureau.objects.values_list("code", flat=True)[:10]) or "无"
        raise CommandError(f"没有行政区划代码为“{code}”的财政局。已有：{known}。", returncode=2)
    return found


def file_lines(file: dict[str, Any]) -> Iterator[str]:
    yield file["path"]
    if file["refused"]:
        yield f"  不予受理（{file['refused']['code']}）：{sentences_of(file['refused'])}"
    for table in file["tables"]:
        yield from table_lines(table)
    yield ""


def table_lines(table: dict[str, Any]) -> Iterator[str]:
    outcome = ImportResult(table["result"]).label if table.get("result") else ImportOutcome(table["outcome"]).label
    sheet = f"工作表“{table['sheet']}”　" if table["sheet"] else ""
    when = f"{table['year']}年度" if table["year"] else "年度不明"
    yield f"  [{outcome}] {sheet}{bureau_named(table)}　{when}"
    if table.get("said"):
        yield f"    {table['said']}"
    for change in table["changes"]:
        yield f"    {change['kind']} {change['label']}：{one_line(change['old'])} → {one_line(change['new'])}"
    yield from problem_lines(table["problems"])
    yield from question_lines(table)
    yield from left_out_lines(table)


def bureau_named(table: dict[str, Any]) -> str:
    department = table["department"]
    if department is None:
        return table["named"] or "（没有部门名称）"
    named = f"表中为“{table['named']}”，" if table["named"] != department["name"] else ""
    sure = f"（{named}{department['how']}，把握 {department['confidence']}%）"
    return department["name"] + sure


def one_line(text: str) -> str:
    line = " ".join(text.split())
    return (line[:59] + "…" if len(line) > 60 else line) or "（空）"


def summary(counts: dict[str, int], applied: bool) -> str:
    files = f"共 {counts['files']} 个文件，{counts['tables']} 张表"
    if applied:
        left = counts["blocked"] + counts["result_stale"]
        done = f"已导入 {counts['result_written']}，相同 {counts['same']}，未导入 {left}"
    else:
        done = f"新增 {counts['new']}，更新 {counts['changed']}，相同 {counts['same']}，不能导入 {counts['blocked']}"
    end = "" if applied else "以上尚未写入，确认无误后加 --apply。"
    return f"{files}：{done}；不予受理的文件 {counts['refused']}。{end}"

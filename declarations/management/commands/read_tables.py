"""``manage.py read_tables``: what files hold, and what the checks say of it. Touches no database."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.management.base import BaseCommand

from declarations.files.guarding.sandbox import Sandbox
from declarations.importing import files
from declarations.management.printing import Said, file_lines, year_argument


class Command(BaseCommand):
    help = "读取申报表文件并检查，不写入数据库。可以是文件、文件夹或 zip 压缩包。"
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("paths", nargs="+", metavar="PATH", help="文件、文件夹（含下级）或 zip 压缩包")
        parser.add_argument("--year", type=year_argument, help="申报年度；不给出时取自表题、表内日期或文件名")
        parser.add_argument("--no-checks", action="store_true", help="只读取，不做检查")
        parser.add_argument("--json", action="store_true", help="在标准输出打印一个 JSON 文档")

    def handle(self, *args, paths, year, no_checks, json, **options):
        said = Said(self.stdout, self.stderr)
        with said.to_the_end(), Sandbox() as sandbox:
            found = files.read_all(files.entries_of(paths), sandbox, year=year, checks=not no_checks)
            counted = Counted(result.to_json() for result in found)
            if json:
                said.document(counted, lambda: {"counts": counted.counts})
            else:
                said.lines(line for file in counted for line in file_lines(file))
                said.line(counted.summary())
        if counted.counts["refused"] or said.was_cut_short:
            sys.exit(1)


class Counted(Iterable[dict[str, Any]]):
    """The files, counted while they pass."""

    def __init__(self, found: Iterable[dict[str, Any]]) -> None:
        self._found = iter(found)
        self.counts = {"files": 0, "tables": 0, "refused": 0}

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for file in self._found:
            self.counts["files"] += 1
            self.counts["tables"] += len(file["tables"])
            self.counts["refused"] += file["refused"] is not None
            yield file

    def summary(self) -> str:
        counts = self.counts
        refused = f"；{counts['refused']} 个文件不予受理" if counts["refused"] else ""
        return f"共 {counts['files']} 个文件，{counts['tables']} 张表{refused}。"

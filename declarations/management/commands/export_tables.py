"""``manage.py export_tables``: the official tables of a year as files, one or an archive of many."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from django.core.management.base import BaseCommand, CommandError

from declarations.exporting.archive import ArchiveMember, write_zip
from declarations.exporting.rendering import FORMS, ExportForm, RenderError
from declarations.management.commands.import_tables import find_bureau
from declarations.management.exporting import ExportRequest, replace_file
from declarations.management.printing import year_argument


class Command(BaseCommand):
    failed = False
    help = "导出一个年度的申报表：一份为一个文件，多份为一个 zip 压缩包。"

    def add_arguments(self, parser):
        parser.add_argument("--year", type=year_argument, required=True, help="申报年度")
        parser.add_argument("--bureau", metavar="CODE", help="财政局的行政区划代码；不给出时为全部财政局")
        parser.add_argument("--department", action="append", default=[], metavar="CODE", help="部门代码，可重复")
        parser.add_argument(
            "--state", choices=("approved", "latest"), default="approved", help="approved 最近一次批复的；latest 当前的"
        )
        parser.add_argument("--format", choices=tuple(FORMS), required=True, help="文件格式")
        parser.add_argument("--output", type=Path, required=True, metavar="PATH", help="输出的文件，多份时以 .zip 结尾")

    def handle(self, *args, year, bureau, department, state, format, output, **options):
        wanted = ExportRequest(year, find_bureau(bureau) if bureau else None, tuple(department), state == "approved")
        refuse(wanted, output)
        count = self._write(wanted, FORMS[format], output)
        if count:
            self.stdout.write(f"已导出 {count} 份申报表。")
            if self.failed:
                sys.exit(1)
        else:
            self.stderr.write(f"{year}年度没有{'已批复的' if wanted.approved else ''}申报表，没有生成文件。")
            sys.exit(1)

    def _write(self, wanted: ExportRequest, form: ExportForm, output: Path) -> int:
        """How many tables were written; what could not be is said on standard error, and fails a single file."""
        count = wanted.count()
        if not count:
            return 0
        is_zip = output.suffix.lower() == ".zip"
        if count > 1 and not is_zip:
            raise CommandError("符合条件的申报表不止一份，--output 须以 .zip 结尾。", returncode=2)
        try:
            with replace_file(output) as file:
                if is_zip:
                    return self._write_zip(file, wanted.exports(form), form)
                file.write(content_of(next(wanted.exports(form))))
                return 1
        except OSError as error:
            raise CommandError(f"不能写入“{output}”：{error.strerror}。") from error

    def _write_zip(self, file: IO[bytes], exports: Iterable[ArchiveMember], form: ExportForm) -> int:
        count, left_out = write_zip(file, exports, form)
        if not count:
            raise CommandError(f"{left_out[0]}没有生成文件。")
        for line in left_out:
            self.stderr.write(f"未导出 {line}")
        self.failed = bool(left_out)
        return count


def content_of(export: ArchiveMember) -> bytes:
    if isinstance(export.content, RenderError):
        raise CommandError(f"{export.content}没有生成文件。")
    return export.content


def refuse(wanted: ExportRequest, output: Path) -> None:
    """Raises CommandError (wrong usage) for what cannot be meant."""
    if output.is_dir() or not output.parent.is_dir():
        raise CommandError(f"“{output}”不是可以写入的文件：请给出已有文件夹中的文件名。", returncode=2)
    if unknown := wanted.unknown_codes():
        raise CommandError(f"没有代码为 {'、'.join(unknown)} 的部门。", returncode=2)

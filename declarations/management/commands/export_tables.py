"""``manage.py export_tables``: the official tables of a year as files, one or an archive of many."""

from __future__ import annotations

import sys
from itertools import chain, islice
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from declarations.management.commands.import_tables import find_bureau
from declarations.management.exporting import Wanted, rendered, replacing, write_zip
from declarations.management.printing import year
from declarations.workbook.writer import WriteError

FORMS = ("xlsx", "docx", "pdf", "json")
LATER = {"docx": "Word", "pdf": "PDF"}


class Command(BaseCommand):
    help = "导出一个年度的申报表：一份为一个文件，多份为一个 zip 压缩包。"

    def add_arguments(self, parser):
        parser.add_argument("--year", type=year, required=True, help="申报年度")
        parser.add_argument("--bureau", metavar="CODE", help="财政局的行政区划代码；不给出时为全部财政局")
        parser.add_argument("--department", action="append", default=[], metavar="CODE", help="部门代码，可重复")
        parser.add_argument(
            "--state", choices=("approved", "latest"), default="approved", help="approved 最近一次批复的；latest 当前的"
        )
        parser.add_argument("--format", choices=FORMS, required=True, help="文件格式")
        parser.add_argument("--output", type=Path, required=True, metavar="PATH", help="输出的文件，多份时以 .zip 结尾")

    def handle(self, *args, year, bureau, department, state, format, output, **options):
        wanted = Wanted(year, find_bureau(bureau) if bureau else None, tuple(department), state == "approved")
        refuse(wanted, format, output)
        count = self._write(wanted, format, output)
        if count:
            self.stdout.write(f"已导出 {count} 份申报表。")
        else:
            self.stderr.write(f"{year}年度没有{'已批复的' if wanted.approved else ''}申报表，没有生成文件。")
            sys.exit(1)

    def _write(self, wanted: Wanted, form: str, output: Path) -> int:
        tables = wanted.tables()
        first = list(islice(tables, 2))
        if not first:
            return 0
        is_zip = output.suffix.lower() == ".zip"
        if len(first) > 1 and not is_zip:
            raise CommandError("符合条件的申报表不止一份，--output 须以 .zip 结尾。", returncode=2)
        try:
            with replacing(output) as file:
                if is_zip:
                    return write_zip(file, chain(first, tables), form)
                file.write(rendered(first[0][1], form))
                return 1
        except OSError as error:
            raise CommandError(f"不能写入“{output}”：{error.strerror}。") from error
        except WriteError as error:
            raise CommandError(f"{error}，没有生成文件。") from error


def refuse(wanted: Wanted, form: str, output: Path) -> None:
    """Raises CommandError (wrong usage) for what cannot be meant."""
    if form in LATER:
        raise CommandError(f"目前还不能导出 {LATER[form]} 文件，请用 --format xlsx 或 json。", returncode=2)
    if output.is_dir() or not output.parent.is_dir():
        raise CommandError(f"“{output}”不是可以写入的文件：请给出已有文件夹中的文件名。", returncode=2)
    if unknown := wanted.unknown_codes():
        raise CommandError(f"没有代码为 {'、'.join(unknown)} 的部门。", returncode=2)

"""``manage.py verify_history``: works every hash of the record out again and names the first broken link of each."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from declarations.management.commands.import_tables import find_bureau
from declarations.management.printing import Said, year_argument
from declarations.models import Declaration
from declarations.record.history import Break, Verified, verify_records


class Command(BaseCommand):
    help = "逐份重新计算留存版本的校验值，指出每份申报表第一处不一致；全部一致时退出码为 0，否则为 1。"

    def add_arguments(self, parser):
        parser.add_argument("--bureau", metavar="CODE", help="财政局的行政区划代码；不给出时为全部财政局")
        parser.add_argument("--year", type=year_argument, help="申报年度；不给出时为全部年度")
        parser.add_argument("--json", action="store_true", help="在标准输出打印一个 JSON 文档")

    def handle(self, *args, bureau, year, json, **options):
        said, counted = Said(self.stdout, self.stderr), Verified()
        with said.to_the_end():
            found = verify_records(bureaus_to_verify(bureau, year), counted)
            if json:
                said.document((as_data(one) for one in found), lambda: {"counts": vars(counted)}, name="broken")
            else:
                said.lines(in_words(one) for one in found)
                said.line(summary(counted))
        if said.was_cut_short or counted.broken:
            sys.exit(1)


def bureaus_to_verify(bureau: str | None, year: int | None):
    found = Declaration.everything.all()
    if bureau:
        found = found.filter(department__bureau=find_bureau(bureau))
    return found.filter(cycle__year=year) if year else found


def in_words(one: Break) -> str:
    version = f"第{one.number}版" if one.number else "全部版本"
    return f"{one.declaration}（{one.declaration.pk}） {version}：{one.flaw.label}。"


def as_data(one: Break) -> dict[str, Any]:
    department, cycle = one.declaration.department, one.declaration.cycle
    return {
        "declaration": str(one.declaration.pk),
        "department": department.name,
        "year": cycle.year,
        "snapshot": one.number,
        "flaw": one.flaw.value,
        "message": one.flaw.label,
    }


def summary(counted: Verified) -> str:
    looked_at = f"共核验 {counted.declarations:,} 份申报表的 {counted.snapshots:,} 个留存版本"
    if not counted.broken:
        return f"{looked_at}，全部一致。"
    return f"{looked_at}，{counted.broken} 份不一致。请保留现场，对照备份查明原因。"

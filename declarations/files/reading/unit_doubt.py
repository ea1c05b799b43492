"""A unit that the amounts themselves contradict: 3600000 under 万元 where the whole budget is 2460 万元."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from declarations.files.reading.ledger import Ledger
from declarations.files.reading.scan import Scan
from declarations.files.reading.vocabulary import printed_keys
from declarations.sheet.official.labels import label_key
from declarations.sheet.problems import Severity
from declarations.sheet.table import Table
from declarations.sheet.units import Unit, to_wan

BEYOND_BELIEF = Decimal(1_000)
"""How many times the expenditure the tasks together must cost. A wrong unit makes it ten thousand times as much."""


def doubt_unit(table: Table, scan: Scan, ledger: Ledger) -> Table:
    """Return the table without the funding of its tasks, and ask for the unit, where no reading of it can be right.

    A unit that a person named is not doubted.
    """
    head = scan.columns.funding_head
    whole = (table.basic_expenditure or 0) + (table.project_expenditure or 0)
    tasks = sum((to_wan(task.funding) for task in table.key_tasks if task.funding is not None), Decimal(0))
    if not head or not whole or tasks < BEYOND_BELIEF * whole or ledger.unit_said(head.value):
        return table
    if label_key(head.value) in printed_keys(table.edition):
        return table  # the form as printed: B07 is the check for it
    text = str(head.value)
    message = f"按“{text}”读，各项任务资金合计为支出的{int(tasks / whole)}倍，单位写错了吗？"
    ledger.ask("unit", head, message, (Unit.YUAN.value, Unit.WAN.value))
    hint = "请核对列标题中的单位，在原表中改正后重新上传，或回答相应的问题。"
    ledger.say("R01", Severity.ERROR, f"{message}金额未读入", head.cell, hint, "key_tasks")
    return _without_funding(table, scan)


def _without_funding(table: Table, scan: Scan) -> Table:
    found = [*scan.rows["key_tasks"], *scan.rows["optional_tasks"]]
    typed = {
        f"key_tasks.{i}.funding": str(found[i]["funding"].value)
        for i, task in enumerate(table.key_tasks)
        if task.funding is not None
    }
    tasks = tuple(replace(task, funding=None) for task in table.key_tasks)
    return table.with_rows({"key_tasks": tasks}, unread=table.unread | typed)

"""What the tests of the checks share: a clean table with one thing changed, and the findings of one check."""

from dataclasses import replace

from declarations.checks import Context, check
from declarations.sheet.table import IndicatorRow
from tests.samples import clean


def findings(table, code, **context):
    """(field, message) of each finding of one check."""
    return [(p.field, p.message) for p in check(table, context=Context(**context)) if p.code == code]


def fields(table, code, **context):
    return [field for field, _ in findings(table, code, **context)]


def with_indicator(name="巡查次数", annual="≥3次", cycle="≥9次", level1="产出指标", level2="数量指标", **changes):
    """The clean table with one more indicator, its eleventh."""
    table = clean(**changes)
    return replace(table, indicators=(*table.indicators, IndicatorRow(level1, level2, name, cycle, annual)))


def with_task(i=0, **changes):
    """The clean table with one of its tasks changed."""
    table = clean()
    tasks = list(table.key_tasks)
    tasks[i] = replace(tasks[i], **changes)
    return replace(table, key_tasks=tuple(tasks))


NEW = "indicators.10"

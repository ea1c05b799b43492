"""Workbooks to measure with: as many invented departments as asked for, as an office would send them."""

import random
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from declarations.files.writing.writer import write_table
from tests.samples import sample


def department(i):
    return f"云溪市第{i:05d}局"


def tables(count, year=2026):
    """Tables of about forty rows that differ in every figure, so that nothing is served from a cache."""
    chance = random.Random(2026)
    for i in range(count):
        yield _table(i, year, chance)


def _table(i, year, chance):
    base = sample()
    project = Decimal(chance.randint(50_000, 500_000)) / 100
    share = (project * 10_000 / 9).quantize(Decimal("0.01"))
    tasks = tuple(
        replace(base.key_tasks[k % 4], name=f"重点任务{k + 1}-{i}", funding=share, is_optional=k > 6) for k in range(8)
    )
    indicators = tuple(
        replace(row, name=f"{row.name}（{part}）", annual_value=f"≥{chance.randint(1, 99)}%")
        for row in base.indicators
        for part in ("甲", "乙")
    )
    return replace(
        base,
        department=department(i),
        year=year,
        project_expenditure=project,
        fiscal_appropriation=base.basic_expenditure + project,
        other_funds=Decimal(0),
        key_tasks=tasks,
        indicators=indicators,
    )


def write_corpus(folder, count):
    """The paths of ``count`` workbooks written into a folder."""
    paths = []
    for i, table in enumerate(tables(count)):
        path = Path(folder) / f"{i:05d}.xlsx"
        with path.open("wb") as file:
            write_table(table, file)
        paths.append(path)
    return paths

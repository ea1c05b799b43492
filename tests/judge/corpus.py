"""The invented tables and the expert's lists beside them, as `tables/*.txt` holds them.

A table begins with ``== department``. ``task: name | content | 元 | outcome``, ``ind: kind | name | cycle | annual``.
``expect: CODE place; …`` is the list: T3 the third task, I5 the fifth indicator, ``goal``, nothing for the whole table.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from declarations.checks import Context, check
from declarations.sheet.official import EDITIONS
from declarations.sheet.table import IndicatorRow, KeyTaskRow, Table
from indicators.taxonomy import kind_of

FOLDER = Path(__file__).parent / "tables"
LEVELS = {kind: str(head) for head, kinds in EDITIONS["2026"].taxonomy for kind in kinds}
YEAR = 2026


@dataclass(frozen=True)
class Judged:
    """A table, whether it is a good one, and what an expert would raise: (code, place) as often as it is raised."""

    table: Table
    is_good: bool
    expected: Counter

    def given(self) -> Counter:
        """Return what the checks raise, in the same words."""
        problems = check(self.table, context=Context(year=YEAR))
        return Counter((problem.code, place_of(problem.field)) for problem in problems)


def place_of(field: str) -> str:
    """Return T3 for a field of the third task, I5 for one of the fifth indicator, ``goal`` and nothing for all else."""
    grid, _, rest = field.partition(".")
    number = rest.partition(".")[0]
    if number.isdecimal():
        return f"{'T' if grid == 'key_tasks' else 'I'}{int(number) + 1}"
    return "goal" if field == "overall_goal" else ""


def judged_tables() -> Iterator[Judged]:
    """Yield every table of the folder."""
    for path in sorted(FOLDER.glob("*.txt")):
        for part in path.read_text("utf-8").split("== ")[1:]:
            yield judged(part, is_good=path.name.startswith("good"))


def judged(part: str, *, is_good: bool) -> Judged:
    """Return the table that one part of a file describes; raises ValueError for a line that is none."""
    department, *lines = part.strip().splitlines()
    goal, tasks, rows, expected = "", [], [], Counter()
    for line in lines:
        key, value = line.split(": ", 1)
        cells = [cell.strip() for cell in value.split("|")]
        if key == "goal":
            goal = value
        elif key == "task":
            name, content, funding, outcome = cells
            tasks.append(KeyTaskRow(name, content, Decimal(funding), outcome))
        elif key == "ind":
            rows.append(_row(*cells))
        elif key == "expect":
            expected.update((*one.split(), "")[:2] for one in value.split(";"))
        else:
            raise ValueError(line)
    return Judged(_table(department, goal, tasks, rows), is_good, expected)


def _row(kind: str, name: str, cycle: str, annual: str) -> IndicatorRow:
    level2 = kind_of(kind)
    return IndicatorRow(LEVELS[level2], str(level2), name, cycle, annual)


def _table(department: str, goal: str, tasks: list[KeyTaskRow], rows: list[IndicatorRow]) -> Table:
    """A balanced table whose projects are just what its tasks cost."""
    projects = sum(task.funding for task in tasks) / 10_000
    zero = ("other_funds", "special_funds", "other_development_expenditure", "municipal_level_funds")
    amounts = dict.fromkeys((*zero, "transfer_payment_funds"), Decimal(0))
    amounts |= {"basic_expenditure": Decimal(1800), "project_expenditure": projects}
    amounts["fiscal_appropriation"] = projects + 1800
    filled = {"overall_goal": goal, "key_tasks": tuple(tasks), "indicators": tuple(rows)}
    return Table(
        "2026", department=department, year=YEAR, staff_count=60, subordinate_unit_count=2, **amounts, **filled
    )

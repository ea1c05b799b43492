"""A department's table of a year, put together from its works; the same arguments give the same table."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from declarations.demo.works import FieldOfWork, Work
from declarations.sheet.official import Edition
from declarations.sheet.table import IndicatorRow, KeyTaskRow, Table
from declarations.sheet.units import to_wan
from indicators.taxonomy import IndicatorKind

FIRST_YEAR = 2020
CENT = Decimal("0.01")


class TableAuthor:
    """What one department declares, year by year: its works stay, figures move a little."""

    def __init__(self, seed: str, name: str, field: FieldOfWork) -> None:
        self.seed, self.name, self.field = seed, name, field
        random = Random(seed)
        self.works = random.sample(field.works, random.choice((3, 3, 4)))
        self.staff = random.randint(18, 320)
        self.units = random.choice((0, 0, 1, 2, 3, 5))
        self.scale = random.uniform(0.6, 3.0)
        self.quantities = [random.randint(work.low, work.high) for work in self.works]

    def table(self, year: int, edition: Edition) -> Table:
        """Amounts balance and every demand of a submission is met."""
        random = Random(f"{self.seed}-{year}")
        growth = 1 + (year - FIRST_YEAR) * 0.02
        tasks = tuple(self._task(random, work, year, growth) for work in self.works)
        amounts = self._amounts(random, growth, sum((task.funding for task in tasks), Decimal(0)))
        return Table(
            edition=edition.code,
            department=self.name,
            year=year,
            staff_count=self.staff + random.randint(-3, 3),
            subordinate_unit_count=self.units,
            **amounts,
            overall_goal=self._goal(year),
            key_tasks=tasks,
            indicators=tuple(self._indicators(random, year, edition)),
        )

    def quantity(self, work: Work, year: int) -> int:
        """What is to be done in a year: grows by two in a hundred."""
        base = self.quantities[self.works.index(work)]
        return round(base * (1 + (year - FIRST_YEAR) * 0.02))

    def _task(self, random: Random, work: Work, year: int, growth: float) -> KeyTaskRow:
        funding = Decimal(round(random.uniform(30, 260) * self.scale * growth, 1)) * 10_000
        return KeyTaskRow(
            name=work.name,
            content=work.content,
            funding=funding.quantize(CENT, ROUND_HALF_UP),
            expected_outcome=work.outcome.format(q=self.quantity(work, year)),
        )

    def _amounts(self, random: Random, growth: float, task_funding: Decimal) -> dict[str, Decimal]:
        basic = (Decimal(self.staff) * Decimal(random.uniform(17, 26) * growth)).quantize(CENT)
        projects = (to_wan(task_funding) * Decimal(random.uniform(1.0, 1.2))).quantize(CENT) + CENT
        other = (projects * Decimal(random.choice((0, 0, 0.05, 0.1)))).quantize(CENT)
        special = (projects * Decimal(random.choice((0, 0.2, 0.4)))).quantize(CENT)
        transfer = (special * Decimal(random.choice((0, 0.3)))).quantize(CENT)
        return {
            "basic_expenditure": basic,
            "project_expenditure": projects,
            "fiscal_appropriation": basic + projects - other,
            "other_funds": other,
            "special_funds": special,
            "other_development_expenditure": Decimal("0.00"),
            "municipal_level_funds": special - transfer,
            "transfer_payment_funds": transfer,
        }

    def _goal(self, year: int) -> str:
        names = "、".join(work.name for work in self.works)
        promises = "".join(f"{i}.{self._promise(work, year)}" for i, work in enumerate(self.works, start=1))
        return (
            f"{year}年，围绕市委、市政府中心工作，{self.field.aim}。"
            f"重点做好{names}等工作：{promises}"
            "同时严格预算管理，规范资金使用，按进度完成支出，确保财政资金安全高效。"
        )

    def _promise(self, work: Work, year: int) -> str:
        return work.outcome.format(q=self.quantity(work, year))

    def _indicators(self, random: Random, year: int, edition: Edition) -> list[IndicatorRow]:
        found: dict[IndicatorKind, list[tuple[str, str, str]]] = {
            IndicatorKind.QUANTITY: [self._quantity(work, year) for work in self.works],
            IndicatorKind.QUALITY: [random_rate(random, work.quality, 92, 98) for work in self.works[:2]],
            IndicatorKind.TIMELINESS: [
                ("重点工作完成时间", "每年11月底前", f"{year}年11月30日前"),
                random_rate(random, "资金支付及时率", 93, 98),
            ],
            IndicatorKind.COST: [("项目支出预算控制率", "≤100%", "≤100%")],
            IndicatorKind.SOCIAL: [random_rate(random, work.effect, 88, 97) for work in self.works[:2]],
            IndicatorKind.SUSTAINABLE: [("长效管理制度健全率", "≥95%", f"≥{random.randint(90, 95)}%")],
            IndicatorKind.SATISFACTION: [random_rate(random, f"{self.field.served}满意度", 88, 95)],
        }
        return [
            IndicatorRow(level1, str(kind), name, cycle if edition.has_cycle_value else "", annual)
            for level1, kinds in edition.taxonomy
            for kind in kinds
            for name, cycle, annual in found.get(kind, ())
        ]

    def _quantity(self, work: Work, year: int) -> tuple[str, str, str]:
        amount = self.quantity(work, year)
        return work.quantity, f"≥{amount * 3}{work.unit}", f"≥{amount}{work.unit}"


def random_rate(random: Random, name: str, low: int, high: int) -> tuple[str, str, str]:
    annual = random.randint(low, high)
    return name, f"≥{annual + 1}%", f"≥{annual}%"


def unfinished_table(table: Table) -> Table:
    """Nearly done: one outcome and one target value are still to be written."""
    *tasks, last = table.key_tasks
    first, *rest = table.indicators
    return replace(
        table,
        key_tasks=(*tasks, replace(last, expected_outcome="")),
        indicators=(replace(first, annual_value=""), *rest),
    )


def vaguer_table(table: Table) -> Table:
    """As it was before a reviewer asked for figures: two indicators without any."""
    first, second, *rest = table.indicators
    vague = (replace(first, annual_value="按计划完成"), replace(second, annual_value="达到要求"))
    return replace(table, indicators=(*vague, *rest))

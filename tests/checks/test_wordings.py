"""Single wordings, one a line of `wordings/CODE.txt`: + is to be found by the check, - is left alone."""

from dataclasses import replace
from pathlib import Path

import pytest

from declarations.checks import Context, check
from tests.checks.looking import with_indicator, with_task
from tests.samples import clean

FOLDER = Path(__file__).parent / "wordings"
BENEFIT = {"level1": "效益指标"}


def in_indicator(**fixed):
    """A table with the wording as name and value: ``name | value``, where one is given the other is fixed."""
    return lambda text: with_indicator(**(dict(zip(("name", "annual"), text.split(" | "), strict=False)) | fixed))


def as_value(name="运行", **fixed):
    return lambda text: with_indicator(name, text, "≥9次", **fixed)


def twice(text):
    """Two indicators in one 二级指标."""
    first, second = text.split(" | ")
    table = with_indicator(first, "≥3次")
    return replace(table, indicators=(*table.indicators, replace(table.indicators[-1], name=second)))


def only_satisfaction(name):
    rows = [row for row in clean().indicators if row.level2 != "服务对象满意度指标"]
    return replace(clean(), indicators=(*rows, replace(clean().indicators[-1], name=name)))


def under(text):
    """``level2 | name``."""
    level2, name = text.split(" | ")
    level1 = "产出指标" if level2 in ("数量指标", "质量指标", "时效指标") else "效益指标"
    return with_indicator(name, level1=level1, level2=level2)


def counted(text):
    """With the number of drills in a row above, whose 完成率 says nothing new."""
    table = with_indicator("应急演练数量", "≥4场")
    return replace(table, indicators=(*table.indicators, replace(table.indicators[-1], name=text, annual_value="≥98%")))


def both_values(text):
    cycle, annual = text.split(" | ")
    return with_indicator("建设任务", annual, cycle)


MADE = {
    "V03": as_value(), "V10": as_value(), "V06": as_value(), "T06": in_indicator(), "V15": in_indicator(),
    "T08": twice, "V09": only_satisfaction, "V16": in_indicator(), "V17": both_values,
    "V18": in_indicator(level1="效益指标", level2="成本指标"), "T10": counted, "T11": in_indicator(), "T04": under,
    "V14": in_indicator(level1="效益指标", level2="经济效益指标"), "T09": lambda text: with_task(expected_outcome=text),
    "W03": lambda text: with_task(content=text), "L04": lambda text: with_task(content=text),
    "L05": lambda text: with_task(content=text), "Y01": lambda text: with_task(content=text),
    "W01": lambda text: with_task(content=text), "L02": lambda text: with_task(expected_outcome=text),
}  # fmt: skip
"""How the table is made that has a wording in the place of its check."""


def wordings():
    for path in sorted(FOLDER.glob("*.txt")):
        for line in path.read_text("utf-8").splitlines():
            sign, text = line[0], line[2:]
            yield pytest.param(path.stem, sign == "+", text, id=f"{path.stem} {line}")


@pytest.mark.parametrize(("code", "is_wanted", "text"), wordings())
def test_a_wording_is_found_or_left_alone(code, is_wanted, text):
    table = MADE[code](text)
    before = sum(problem.code == code for problem in check(clean(), context=Context(year=2026)))
    now = sum(problem.code == code for problem in check(table, context=Context(year=2026)))
    assert (now > before) == is_wanted


def test_every_kind_has_its_traps():
    for path in FOLDER.glob("*.txt"):
        signs = [line[0] for line in path.read_text("utf-8").splitlines()]
        assert min(signs.count("+"), signs.count("-")) >= 8, path.stem

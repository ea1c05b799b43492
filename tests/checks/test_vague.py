"""V02 … V06, V10, V14: values that promise little."""

from dataclasses import replace

import pytest

from declarations.sheet.official import EDITIONS
from tests.checks.looking import NEW, fields, findings, with_indicator
from tests.samples import clean


@pytest.mark.parametrize(
    ("name", "value", "cell"),
    [("无", "无", "name"), ("暂无", "", "name"), ("生态影响", "无", "annual_value"), ("不适用", "不适用", "name")],
)
def test_v02_nothing_wants_a_reason(name, value, cell):
    assert fields(with_indicator(name, value, value), "V02") == [f"{NEW}.{cell}"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("不适用", "本部门职能不涉及"),
        ("不适用：本部门职能不涉及", "不适用"),
        ("生态影响", "不适用（本年度无此类项目）"),
        ("无障碍设施改造数", "≥3处"),
        ("", ""),
    ],
)
def test_v02_a_reason_is_an_answer(name, value):
    assert findings(with_indicator(name, value, ""), "V02") == []


@pytest.mark.parametrize(
    "value",
    [
        "制定预算时的计划数",
        "按各项工作计划",
        "按照年度计划完成",
        "根据下达任务目标要求确定",
        "按计划完成",
        "据实支付",
        "达到要求",
        "按实际发生数。",
        "完成年度任务",
    ],
)
def test_v03_a_value_that_only_points_elsewhere(value):
    assert fields(with_indicator("巡查", value, "≥3次"), "V03") == [f"{NEW}.annual_value"]
    assert fields(with_indicator("巡查", "≥3次", value), "V03") == [f"{NEW}.cycle_value"]


@pytest.mark.parametrize(
    "value",
    [
        "按照年度工作计划，及时支付各项开支",
        "按计划完成30公里",
        "计划完成率≥95%",
        "高质量完成各项工作",
        "2026年12月31日前",
        "按照国家标准验收合格，群众满意",
        "",
    ],
)
def test_v03_a_value_with_something_in_it(value):
    assert findings(with_indicator("巡查", value, value), "V03") == []


def test_v03_words_can_be_changed():
    table = with_indicator("巡查", "听从安排即可")
    assert findings(table, "V03", parameters={"V03": {"shapes": ["听从…即可"]}})


def test_v04_one_description_for_both():
    assert fields(with_indicator("机构运行", "运行良好", " 运行良好"), "V04") == [f"{NEW}.annual_value"]


@pytest.mark.parametrize(("annual", "cycle"), [("100%", "100%"), ("无", "无"), ("运行良好", "持续良好"), ("", "")])
def test_v04_figures_may_be_the_same_and_nothing_is_nothing(annual, cycle):
    assert findings(with_indicator("机构运行", annual, cycle), "V04") == []


def measured(numbers, descriptions):
    rows = [replace(clean().indicators[0], name=f"数{i}", annual_value=f"≥{i}次") for i in range(numbers)]
    rows += [replace(clean().indicators[0], name=f"述{i}", annual_value="持续改善") for i in range(descriptions)]
    return replace(clean(), indicators=tuple(rows))


@pytest.mark.parametrize(("numbers", "descriptions"), [(3, 2), (6, 4), (1, 0), (0, 0)])
def test_v05_three_of_five_are_measurable(numbers, descriptions):
    assert findings(measured(numbers, descriptions), "V05") == []


def test_v05_too_few_are():
    assert findings(measured(1, 1), "V05") == [("indicators", "2项指标中只有1项有数字或日期，低于60%")]
    assert findings(measured(1, 1), "V05", parameters={"V05": {"least": 50}}) == []


@pytest.mark.parametrize("value", ["100%", "12次", "650", "增长5%", "完成30公里", "百分之五"])
def test_v06_a_figure_says_in_which_direction(value):
    assert fields(with_indicator("巡查", value), "V06") == [f"{NEW}.annual_value"]


@pytest.mark.parametrize(
    "value",
    [
        "≥100%",
        "不少于12次",
        "=650",
        "＝650",
        "30公里以上",
        "3-5次",
        "2026年12月31日前",
        "1:2",
        "高",
        "无",
        "",
        "≥95%，其中3项优先",
    ],
)
def test_v06_what_has_a_direction_or_needs_none(value):
    assert findings(with_indicator("巡查", value), "V06") == []


@pytest.mark.parametrize(
    "value", ["无出现重大工作失误", "高质量完成各项工作", "严格执行制度，控制支出", "合规", "明显提升"]
)
def test_v10_a_description_wants_a_grade_or_evidence(value):
    assert fields(with_indicator("运行", value), "V10") == [f"{NEW}.annual_value"]


@pytest.mark.parametrize(
    "value",
    [
        "年度考核良好以上",
        "达到优秀等次",
        "不低于上年度水平",
        "以审计报告为准",
        "通过验收",
        "≥95%",
        "按计划完成",
        "无",
        "",
    ],
)
def test_v10_graded_evident_compared_or_others_to_say(value):
    assert findings(with_indicator("运行", value), "V10") == []


def economic(name, value):
    return fields(with_indicator(name, value, level1="效益指标", level2="经济效益指标"), "V14")


def test_v14_an_economic_benefit_says_something_economic():
    assert economic("提升经济效益", "不断扩大影响力，提高知名度") == [f"{NEW}.annual_value"]
    assert economic("影响力", "≥90%") == [f"{NEW}.annual_value"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("提升经济效益", "带动企业增收"),
        ("减少损失", "≥1500万元"),
        ("就业人数", "≥300人"),
        ("招商项目数", "≥3个"),
        ("无", "无"),
    ],
)
def test_v14_money_business_work(name, value):
    assert economic(name, value) == []


# --- V13 -----------------------------------------------------------------------------------------


@pytest.fixture
def weighted(monkeypatch):
    """A table of an edition whose cycle column is 指标权重."""
    base = EDITIONS["2026"]
    *sections, grid = base.sections
    columns = tuple(
        replace(column, field="weight", label="指标权重") if column.field == "cycle_value" else column
        for column in grid.columns
    )
    monkeypatch.setitem(EDITIONS, "2026", replace(base, sections=(*sections, replace(grid, columns=columns))))

    def make(*weights):
        row = clean().indicators[0]
        rows = tuple(replace(row, name=f"甲{i}", extra={"weight": weight}) for i, weight in enumerate(weights))
        return replace(clean(), indicators=rows)

    return make


@pytest.mark.parametrize(
    "weights", [("40", "60"), ("40%", "60%"), ("0.4", "0.6"), ("33.33", "33.33", "33.34"), ("50分", "50"), ("", "")]
)
def test_v13_weights_add_up(weighted, weights):
    assert findings(weighted(*weights), "V13") == []


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        (("40", "50"), "指标权重合计为90，不等于100"),
        (("0.4", "0.5"), "指标权重合计为0.9，不等于1"),
        (("40", "六十"), "有的指标权重不是数字"),
        (("140", "-40"), "有的指标权重不是数字"),
    ],
)
def test_v13_weights_do_not_add_up(weighted, weights, message):
    assert findings(weighted(*weights), "V13") == [("indicators", message)]


def test_v13_an_edition_without_weights_has_none():
    assert findings(clean(), "V13") == []

"""Blocks of cells pasted into the form are read with the labels, heads and units of the reader of files."""

import json

import pytest

from declarations.filling import pasting
from declarations.models import Declaration, State
from tests import factories
from tests.filling.fill_helpers import address, client_of, filler_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def declaration():
    return factories.declaration()


@pytest.fixture
def client(declaration):
    return client_of(filler_of(declaration))


def cells(text):
    """Rows of cells: one line a row, `|` between cells."""
    return [[cell.strip() for cell in line.split("|")] for line in text.strip("\n").split("\n")]


def ask(client, declaration, rows, grid="key_tasks", field="name", **more):
    data = {"rows": cells(rows) if isinstance(rows, str) else rows, "grid": grid, "field": field, **more}
    return client.post(address(declaration, "fill_block"), json.dumps(data), content_type="application/json")


@pytest.fixture
def answer(client, declaration):
    return lambda rows, *place, **more: ask(client, declaration, rows, *place, **more).json()


def test_heads_in_other_words_find_their_columns_and_units(answer):
    said = answer("项目名称|实施内容|资金（万元）|预期目标\n河道清淤|清淤三条河|120|完成清淤")
    assert said["rows"] == [
        {"name": "河道清淤", "content": "清淤三条河", "funding": "1,200,000.00", "expected_outcome": "完成清淤"}
    ]
    assert (said["has_head"], said["skipped"], said["questions"]) == (True, [], [])


def test_a_column_of_no_field_is_named_and_left_out(answer):
    said = answer("序号|名称|主要实施内容|责任科室|拟投入资金（元）|期望目标\n1|巡查|巡河|防汛科|3.5万元|完成")
    assert said["skipped"] == ["责任科室"]
    assert said["rows"][0]["funding"] == "35,000.00"


def test_a_head_that_lacks_a_column_says_which_it_has(answer):
    said = answer("名称|主要实施内容\n巡查|巡河")
    assert (said["columns"], said["rows"]) == (["name", "content"], [{"name": "巡查", "content": "巡河"}])


def test_the_one_value_of_an_older_form_goes_to_the_year(answer):
    said = answer("一级|二级|三级|指标值\n产出|数量|培训人数|≥100人\n||巡查次数|≥3次", "indicators")
    assert [(row["level1"], row["level2"], row["annual_value"]) for row in said["rows"]] == [
        ("产出指标", "数量指标", "≥100人"),
        ("产出指标", "数量指标", "≥3次"),
    ]
    assert "cycle_value" not in said["columns"]


def test_a_first_level_alone_is_called_as_the_form_prints_it(answer):
    said = answer("一级指标|二级指标|三级指标|年度指标值\n产出|进度|完成率|100%", "indicators")
    assert (said["rows"][0]["level1"], said["rows"][0]["level2"]) == ("产出指标", "进度")


def test_a_unit_of_measure_joins_its_value(answer):
    said = answer("三级指标|指标值|计量单位\n培训人数|≥100|人", "indicators")
    assert said["rows"] == [{"name": "培训人数", "annual_value": "≥100人"}]


def test_amounts_without_a_unit_are_asked_about_and_read_by_the_answer(answer):
    rows = "名称|主要实施内容|资金\n巡查|巡河|3"
    said = answer(rows)
    assert [(question["kind"], question["choices"][0]) for question in said["questions"]] == [
        ("unit", ["万元", "万元"])
    ]
    again = answer(rows, unit="万元")
    assert (again["questions"], again["rows"][0]["funding"]) == ([], "30,000.00")


def test_a_doubtful_column_is_asked_about_and_read_by_the_answer(answer):
    rows = "名称|主要实施内容|拟投入的资金（元）|目标\n巡查|巡河|3|完成"
    (question,) = answer(rows)["questions"]
    assert question["kind"] == "column"
    assert ["key_tasks.expected_outcome", "期望达到的目标(概述)"] in question["choices"]
    again = answer(rows, answers={question["key"]: "key_tasks.expected_outcome"})
    assert (again["questions"], again["rows"][0]["expected_outcome"]) == ([], "完成")
    none = answer(rows, answers={question["key"]: ""})
    assert (none["questions"], none["skipped"]) == ([], ["目标"])


def test_sums_and_signatures_are_no_rows(answer):
    rows = "名称|主要实施内容|拟投入的资金(元)\n巡查|巡河|100\n合计||100\n填表人：张三||"
    said = answer(rows)
    assert [row["name"] for row in said["rows"]] == ["巡查"]
    assert said["lines"] == ["合计", "填表人：张三"]


def test_a_block_without_heads_goes_where_it_is_pasted(answer):
    said = answer("1.5万元|完成1次\n约两千|完成2次", field="funding")
    assert said["columns"] == ["funding", "expected_outcome"]
    assert [row["funding"] for row in said["rows"]] == ["15,000.00", "约两千"]


def test_dates_and_numbers_of_a_column_are_content(answer):
    said = answer("2026年12月31日\n12\n\n合计\n", "indicators", "annual_value")
    assert [row["annual_value"] for row in said["rows"]] == ["2026年12月31日", "12", "", "合计"]


def test_a_column_is_pasted_without_its_printed_head(answer):
    assert answer("年度指标值\n≥3次", "indicators", "name")["rows"] == [{"annual_value": "≥3次"}]
    assert [row["name"] for row in answer("重点工作\n巡查")["rows"]] == ["重点工作", "巡查"]


def test_rows_of_a_whole_line_of_the_form_lose_the_merged_first_cell(answer):
    said = answer("年度重点工作任务|甲|内容|1|目标\n|乙|内容|2|目标", field="content")
    assert [row["name"] for row in said["rows"]] == ["甲", "乙"]


def test_categories_are_found_wherever_they_stand(answer):
    said = answer("1|产出指标|数量指标|巡查次数|≥9次|≥3次\n2||质量指标|合格率|100%|100%", "indicators", "name")
    assert [(row["level2"], row["name"], row["annual_value"]) for row in said["rows"]] == [
        ("数量指标", "巡查次数", "≥3次"),
        ("质量指标", "合格率", "100%"),
    ]


def test_columns_beyond_the_form_are_counted(answer):
    said = answer("巡查|巡河|100|目标|甲|乙\n清淤|清河|200|目标|丙|丁")
    assert (said["surplus"], said["skipped"]) == (2, [])


def test_rows_of_the_other_grid_are_told(answer):
    said = answer("一级指标|二级指标|三级指标|年度指标值\n产出|数量|巡查次数|≥3次")
    assert (said["rows"], said["elsewhere"]) == ([], [["绩效指标", 1]])


WHOLE = """
部门整体预算绩效目标申报表
部门名称|市水务局
基本信息|财政供养人员数|33|下属二级单位数|4
预算整体情况|部门预算支出|预算金额（万元）|收入来源|预算金额（万元）
|基本支出|421.23|财政拨款|1138.23
|项目支出|720|其他资金|3
总体绩效目标|保障供水安全
年度重点工作任务|名称|主要实施内容|拟投入的资金（元）|期望达到的目标（概述）
|巡查|巡河|100|完成
绩效指标|一级指标|二级指标|三级指标|指标值
|产出指标|数量指标|巡查次数|≥3次
"""


def test_a_whole_form_is_told_and_its_rows_are_offered(answer):
    said = answer(WHOLE)
    assert said["department"] == "市水务局"
    assert [row["name"] for row in said["rows"]] == ["巡查"]
    assert answer(WHOLE, "indicators")["rows"][0]["annual_value"] == "≥3次"
    assert answer("名称|主要实施内容|拟投入的资金(元)\n甲|乙|1")["department"] is None


def test_another_form_is_told_by_its_title(answer):
    said = answer("项目支出绩效目标表\n项目名称|河道清淤\n主管部门|市水务局")
    assert said["other_form"] == "项目支出绩效目标表"


def test_single_values_are_found_by_their_labels(answer):
    said = answer("部门预算支出|预算金额（元）\n基本支出|4212300\n项目支出|720万元\n财政供养人员数|33人", "", "x")
    assert said["fields"] == {"basic_expenditure": "421.23", "project_expenditure": "720.00", "staff_count": "33人"}
    assert answer("421.23|3\n720|4", "", "basic_expenditure")["fields"] == {}


def test_a_part_of_the_budget_is_no_task(answer):
    said = answer("基本支出|421.23|财政拨款|1138.23\n项目支出|720|其他资金|3", unit="万元")
    assert (said["rows"], said["fields"]["other_funds"]) == ([], "3.00")


def test_the_form_of_2023_takes_its_own_columns(client):
    declaration = factories.declaration(cycle=factories.cycle(year=2023, edition="2023"))
    client = client_of(filler_of(declaration))
    rows = "一级指标|二级指标|三级指标|实施周期指标值|年度指标值\n效益|满意度|群众满意度|≥90%|≥95%"
    said = ask(client, declaration, rows, "indicators").json()
    assert said["rows"] == [
        {"level1": "满意度指标", "level2": "服务对象满意度指标", "name": "群众满意度", "annual_value": "≥95%"}
    ]
    assert said["skipped"] == ["实施周期指标值"]
    said = ask(client, declaration, "名称|主要实施内容|资金（元）\n巡查|巡河|120000").json()
    assert said["rows"][0]["funding"] == "12.00"


@pytest.mark.parametrize(
    "data",
    [
        [], {"rows": "text"}, {"rows": [["a", 1]]}, {"rows": [], "grid": "nothing"}, {"rows": [], "unit": "斤"},
        {"rows": [], "answers": {"a": 1}}, {"rows": [], "answers": {str(n): "" for n in range(51)}},
    ],
)  # fmt: skip
def test_what_no_page_sends_is_refused(client, declaration, data):
    answer = client.post(address(declaration, "fill_block"), json.dumps(data), content_type="application/json")
    assert (answer.status_code, answer.json()["error"]) == (400, "unusable")


def test_broken_json_is_refused(client, declaration):
    answer = client.post(address(declaration, "fill_block"), "{", content_type="application/json")
    assert answer.status_code == 400


@pytest.mark.parametrize("rows", [[[""]] * 2_001, [[""] * 101], [["字" * 500_001]]])
def test_too_much_at_once_is_refused_in_words(client, declaration, rows):
    answer = ask(client, declaration, rows)
    assert (answer.status_code, answer.json()["message"]) == (413, pasting.TOO_LARGE)


def test_nothing_is_written(client, declaration):
    ask(client, declaration, "名称|主要实施内容\n甲|乙")
    assert Declaration.objects.get(pk=declaration.pk).version == 1


def test_only_who_may_fill_it_in_is_answered(client, declaration):
    stranger = client_of(filler_of(factories.declaration()))
    assert ask(stranger, declaration, "甲|乙").status_code == 404
    Declaration.objects.filter(pk=declaration.pk).update(state=State.CERTIFYING)
    assert ask(client, declaration, "甲|乙").status_code == 409

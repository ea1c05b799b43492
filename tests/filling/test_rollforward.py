"""What an earlier table offers to a draft: matched by row, in the draft's own edition and unit."""

from dataclasses import replace
from decimal import Decimal

import pytest

from declarations.filling.bringing.bringing import Bringing, BringingDecision, in_order
from declarations.filling.bringing.carried import carry_table
from declarations.filling.bringing.rollforward import ADD, KEEP, TAKE, Rollforward
from declarations.sheet.table import IndicatorRow, KeyTaskRow, Table
from tests.samples import sample


def empty(edition="2026", year=2027):
    return Table(edition, "云溪市水务局", year)


def identified(table):
    """The table with identities, as one out of the database has them."""
    rows = {
        grid: tuple(replace(row, id=f"00000000-0000-4000-8000-{n:012}") for n, row in enumerate(getattr(table, grid)))
        for grid in ("key_tasks", "indicators")
    }
    return replace(table, **rows)


def offers(source, draft, groups=()):
    return Rollforward(source, draft, groups).offers


def value(offer, column):
    return next(each for each in offer.values if each.column == column)


def test_an_empty_draft_is_offered_everything_and_takes_it():
    found = offers(sample(), empty())
    assert {offer.default for offer in found.values()} == {TAKE}
    assert value(found["basic_expenditure"], "basic_expenditure").text == "2,150.4567"
    assert value(found["key_tasks.0"], "name").text == "中小河流治理"
    assert found["key_tasks.3"].is_optional


def test_what_the_draft_says_is_kept_unless_somebody_decides():
    draft = identified(sample(staff_count=90, key_tasks=(replace(sample().key_tasks[0], content="另写"),)))
    found = offers(sample(), draft)
    assert found["staff_count"].default == KEEP
    assert found["key_tasks.0"].default == KEEP and found["key_tasks.0"].target == draft.key_tasks[0].id
    assert value(found["key_tasks.0"], "content").now == "另写"
    assert found["key_tasks.1"].default == TAKE
    assert found["basic_expenditure"].is_same and found["basic_expenditure"].default == KEEP


@pytest.mark.parametrize(
    ("source", "draft", "original", "text"),
    [
        (sample("2023"), empty("2026"), "560.00 万元", "5,600,000.00"),
        (sample("2026"), empty("2026"), "5,600,000.00 元", "5,600,000.00"),
        (sample("2026"), empty("2023"), "5,600,000.00 元", "560.00"),
    ],
)
def test_funding_is_the_same_money_in_the_unit_of_each_edition(source, draft, original, text):
    funding = value(offers(source, draft)["key_tasks.0"], "funding")
    assert (funding.original, funding.text) == (original, text)


def test_an_indicator_goes_where_this_edition_prints_its_kind():
    found = offers(sample("2023"), empty("2026"))
    levels = {value(offer, "name").text: offer for key, offer in found.items() if key.startswith("indicators")}
    cost, served, output = levels["单位河长治理成本"], levels["用水户满意度"], levels["治理河长"]
    assert cost.levels == (("产出指标", "成本指标"), ("效益指标", "成本指标")) and cost.is_mapped
    assert served.levels == (("满意度指标", "服务对象满意度指标"), ("效益指标", "服务对象满意度指标"))
    assert not output.is_mapped


def test_a_kind_in_another_spelling_or_unknown_is_mapped_or_left():
    rows = (
        IndicatorRow("满意度指标", "满意度指标", "市民满意度", "", "≥90%"),
        IndicatorRow("其他", "党建指标", "学习次数", "", "≥4次"),
    )
    found = offers(sample("2023", indicators=rows), empty())
    assert found["indicators.0"].levels[1] == ("效益指标", "服务对象满意度指标")
    assert found["indicators.1"].levels[1] == ("其他", "党建指标")


def test_a_column_that_this_edition_lacks_is_said_not_carried():
    offer = offers(sample("2026"), empty("2023"))["indicators.0"]
    assert [(each.label, each.original) for each in offer.left_out] == [("实施周期指标值", "≥80公里")]
    assert "cycle_value" not in [each.column for each in offer.values]


def test_what_could_not_be_read_is_carried_as_it_was_written():
    source = sample(basic_expenditure=None, unread={"basic_expenditure": "约两千"})
    assert value(offers(source, empty())["basic_expenditure"], "basic_expenditure").text == "约两千"


def test_years_move_in_texts_only_where_chosen_and_stay_in_the_original():
    source = sample(year=2026, overall_goal="2026年治理30公里，落实《2026年要点》。")
    goal = value(offers(source, empty(), {"2026年"})["overall_goal"], "overall_goal")
    assert goal.text == "2027年治理30公里，落实《2026年要点》。"
    assert goal.original == source.overall_goal
    assert goal.marked[0] == ("2027年", "2026年")
    assert value(offers(source, empty())["overall_goal"], "overall_goal").text == source.overall_goal


def test_rows_with_the_same_identity_in_another_declaration_are_not_taken_for_each_other():
    source, draft = identified(sample()), identified(sample())
    draft = replace(draft, key_tasks=(replace(draft.key_tasks[1], id=source.key_tasks[0].id),))
    assert offers(source, draft)["key_tasks.1"].target == draft.key_tasks[0].id
    assert offers(source, draft)["key_tasks.0"].target == ""


def taking(offer, decision, row="", is_new=False):
    bringing = Bringing()
    bringing.take(offer, decision, row, is_new)
    return bringing


def test_a_taken_row_puts_only_what_differs():
    draft = identified(sample(key_tasks=(replace(sample().key_tasks[0], content="另写"),)))
    offer = offers(sample(), draft)["key_tasks.0"]
    bringing = taking(offer, BringingDecision(TAKE), offer.target)
    assert bringing.rows == {"key_tasks": {offer.target: {"content": sample().key_tasks[0].content}}}
    assert [(put.value.column, put.is_edited) for put in bringing.puts] == [("content", False)]


def test_a_new_row_is_put_whole_with_what_a_person_changed():
    offer = offers(sample("2023"), empty())["indicators.4"]
    decision = BringingDecision(ADD, {"annual_value": "≤18万元/公里"}, ("产出指标", "数量指标"))
    bringing = taking(offer, decision, "row", is_new=True)
    assert bringing.rows["indicators"]["row"] == {
        "name": "单位河长治理成本", "annual_value": "≤18万元/公里", "level1": "产出指标", "level2": "数量指标",
    }  # fmt: skip
    assert {put.value.column: put.is_edited for put in bringing.puts} == {"name": False, "annual_value": True}


def test_a_value_that_a_person_emptied_is_not_put_as_an_empty_mark():
    bringing = taking(
        offers(sample(), empty())["key_tasks.0"], BringingDecision(TAKE, {"content": ""}), "row", is_new=True
    )
    assert bringing.rows["key_tasks"]["row"].get("content") == ""


def test_a_new_indicator_stands_behind_the_last_of_its_kind():
    draft = identified(sample())
    rows = {
        "a": {"level1": "产出指标", "level2": "数量指标"},
        "b": {"level1": "产出指标", "level2": "数量指标"},
        "c": {"level1": "其他", "level2": "未知"},
    }
    order = in_order(draft, "indicators", rows, ["a", "b", "c"])
    assert order[:4] == [draft.indicators[0].id, draft.indicators[1].id, "a", "b"]
    assert order[-1] == "c"
    assert in_order(empty(), "indicators", rows, ["a", "b"]) == ["a", "b"]


def test_a_whole_table_is_carried_into_another_edition():
    table = carry_table(sample("2023"), "2026", 2027, "云溪市水务局")
    assert (table.edition, table.year) == ("2026", 2027)
    assert [(row.level1, row.level2) for row in table.indicators][-1] == ("效益指标", "服务对象满意度指标")
    assert table.key_tasks[0].funding == Decimal("5600000")
    assert [row.level2 for row in table.indicators].index("成本指标") == 4
    back = carry_table(sample("2026"), "2023", 2024, "云溪市水务局")
    assert {row.cycle_value for row in back.indicators} == {""}


def test_extra_columns_that_the_edition_lacks_are_not_carried():
    source = sample(key_tasks=(KeyTaskRow("甲", extra={"weight": "10"}),), unread={"key_tasks.0.funding": "约三万"})
    table = carry_table(source, "2026", 2027, "云溪市水务局")
    assert table.key_tasks[0].extra == {}
    assert table.unread == {"key_tasks.0.funding": "约三万"}

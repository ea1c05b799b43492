"""The official table, stated once per edition; a new edition is one description and nothing else."""

from dataclasses import replace

import pytest

from declarations.checks import check
from declarations.comparing.differences import differences_of
from declarations.models import Declaration
from declarations.record import store
from declarations.sheet.layout import lay_out
from declarations.sheet.official import EDITIONS, edition_for, get_edition
from declarations.sheet.official.fields import FIELDS, ROW_FIELDS, FieldKind
from declarations.sheet.official.labels import label_key, unit_in
from declarations.sheet.official.shape import Grid, Item, Section
from declarations.sheet.problems import blocking_problems
from declarations.sheet.table import Table
from declarations.sheet.units import Unit
from indicators.taxonomy import IndicatorKind, kind_of
from tests import factories
from tests.filling.fill_helpers import address, client_of, filler_of, row_id, send
from tests.samples import sample

each_edition = pytest.mark.parametrize("edition", EDITIONS.values(), ids=lambda edition: edition.code)


@each_edition
def test_an_edition_places_every_field_once(edition):
    placed = [item.field for section in edition.sections if isinstance(section, Section) for item in section.items]
    assert sorted(placed) == sorted(FIELDS)


@each_edition
def test_a_grid_has_the_columns_of_its_rows(edition):
    assert list(edition.grids) == ["key_tasks", "optional_tasks", "indicators"]
    for grid in edition.grids.values():
        columns = [column.field for column in grid.columns]
        expected = [name for name in ROW_FIELDS[grid.rows] if edition.has_cycle_value or name != "cycle_value"]
        assert columns == expected


@each_edition
def test_every_label_has_words_of_its_own(edition):
    assert [edition.describe(name) for name in FIELDS if not edition.describe(name)] == []
    assert edition.describe("key_tasks.3.funding") == "年度重点工作任务 第4项 拟投入的资金"
    assert edition.describe("indicators.0") == "绩效指标 第1项"
    assert edition.item("nothing") is None
    assert edition.item("nothing.0.at_all") is None


@each_edition
def test_every_amount_has_the_unit_that_its_label_or_heading_names(edition):
    for name, item in edition.items.items():
        assert item.unit is edition.kind(name).kept_in
    for grid in edition.grids.values():
        for column in grid.columns:
            assert column.unit is unit_in(column.label)


@each_edition
def test_every_second_level_is_a_known_kind(edition):
    assert [level2 for _, level2 in edition.levels if kind_of(level2) is None] == []


def test_the_editions_differ_where_the_forms_do():
    old, new = EDITIONS["2023"], EDITIONS["2026"]
    assert old.grids["key_tasks"].column("funding").unit is Unit.WAN
    assert new.grids["key_tasks"].column("funding").unit is Unit.YUAN
    assert (old.last_column, new.last_column) == ("E", "F")
    assert (old.has_cycle_value, new.has_cycle_value) == (False, True)
    assert old.printed_title(2024) == "2024年市级部门整体预算绩效目标表"
    assert new.printed_title(2026) == "部门整体预算绩效目标申报表"
    assert ("产出指标", "成本指标") in old.levels
    assert ("效益指标", "成本指标") in new.levels


@pytest.mark.parametrize(
    ("year", "code"), [(2023, "2023"), (2024, "2023"), (2025, "2026"), (2026, "2026"), (2040, "2026")]
)
def test_a_form_year_has_its_edition(year, code):
    assert edition_for(year).code == code


def test_an_unknown_edition_is_an_error():
    with pytest.raises(KeyError):
        get_edition("1999")


@pytest.mark.parametrize(
    ("printed", "key"),
    [
        ("拟用于对下\n转移支付资金", "拟用于对下转移支付资金"),
        ("期望达到的目标 （概述）", "期望达到的目标(概述)"),
        ("拟投入的资金（万元）", "拟投入的资金"),
        ("拟投入的资金(元)", "拟投入的资金"),
        ("预算金额（单位：万元）", "预算金额"),
        ("部门名称：", "部门名称"),
        ("基 本 支 出", "基本支出"),
    ],
)
def test_labels_are_compared_without_what_offices_print_differently(printed, key):
    assert label_key(printed) == key


@pytest.mark.parametrize(
    ("printed", "unit"),
    [("预算金额(万元)", Unit.WAN), ("拟投入的资金（元）", Unit.YUAN), ("金额单位：元", Unit.YUAN), ("名称", None)],
)
def test_a_label_names_its_unit_or_none(printed, unit):
    assert unit_in(printed) is unit


# --- an edition that exists only here ---------------------------------------------------------------


@pytest.fixture
def invented(monkeypatch):
    """The 2026 form with 指标权重 and 计量单位 columns, cost first, for 2030."""
    base = EDITIONS["2026"]
    columns = (
        Item("level1", "一级指标", "B"),
        Item("level2", "二级指标", "C"),
        Item("name", "三级指标", "D", demanded=True),
        Item("weight", "指标权重", "E", demanded=True),
        Item("measure", "计量单位", "F"),
        Item("annual_value", "年度指标值", "G", demanded=True),
    )
    edition = replace(
        base,
        code="2030",
        name="2030年版",
        title="{year}年度部门整体支出绩效目标申报表",
        years=(2030, None),
        widths=(*base.widths, 12),
        sections=(*base.sections[:-1], Grid("绩效指标", "indicators", columns)),
        taxonomy=(
            ("成本指标", (IndicatorKind.ECONOMIC_COST, IndicatorKind.SOCIAL_COST)),
            *base.taxonomy[:1],
            *base.taxonomy[1:],
        ),
    )
    monkeypatch.setitem(EDITIONS, "2026", replace(base, years=(2025, 2029)))
    monkeypatch.setitem(EDITIONS, "2030", edition)
    return edition


def table_of_2030(**extra):
    table = sample(edition="2026", year=2030)
    rows = tuple(
        replace(
            row,
            cycle_value="",
            annual_value=row.annual_value.replace("2026", "2030"),
            extra={"weight": "10", "measure": "次"} | extra,
        )
        for row in table.indicators
    )
    return replace(table, edition="2030", indicators=rows)


def test_a_new_edition_serves_its_years(invented):
    assert edition_for(2031) is invented
    assert edition_for(2029).code == "2026"


def test_a_new_edition_keeps_its_own_columns_in_json(invented):
    table = table_of_2030()
    data = table.to_json()
    assert data["indicators"][0]["weight"] == "10"
    assert Table.from_json(data) == table


def test_a_new_edition_is_laid_out_with_its_own_columns(invented):
    cells = [cell for row in lay_out(table_of_2030()) for cell in row]
    assert {"指标权重", "计量单位"} <= {cell.value for cell in cells}
    assert max(cell.column + cell.columns - 1 for cell in cells) == 7
    [weight] = [cell for cell in cells if cell.path == "indicators.0.weight"]
    assert (weight.value, weight.column) == ("10", 5)


def test_a_new_edition_is_checked_by_what_it_demands(invented):
    assert blocking_problems(check(table_of_2030())) == []
    [problem, *_] = blocking_problems(check(table_of_2030(weight="")))
    assert (problem.code, problem.field) == ("V01", "indicators.0.weight")
    assert problem.message == "绩效指标第1项“治理河长”的指标权重未填写"


def test_differences_of_a_new_edition_name_its_own_columns(invented):
    found = differences_of(table_of_2030(), table_of_2030(measure="项"))
    assert {(d.label.rpartition("的")[2], d.old, d.new) for d in found} == {("计量单位", "次", "项")}


def test_a_new_edition_goes_through_a_workbook(invented):
    from io import BytesIO

    from declarations.files.opening.opening import open_sheets
    from declarations.files.reading.reader import read_sheets
    from declarations.files.writing.writer import write_tables

    file = BytesIO()
    write_tables([table_of_2030()], file)
    [read] = read_sheets(open_sheets(file.getvalue()), year=2030)
    assert read.table == table_of_2030()


@pytest.mark.django_db
def test_a_new_edition_is_filled_in_and_shown_with_its_own_columns(invented):
    cycle = factories.cycle(factories.bureau(), year=2030, edition="2030")
    declaration = factories.declaration(factories.department(cycle.bureau), cycle=cycle, said=table_of_2030())
    client = client_of(filler_of(declaration))
    row = row_id(declaration, "indicators")
    assert 'data-field="weight"' in client.get(address(declaration, "fill")).content.decode()
    saved = send(client, declaration, rows={"indicators": {row: {"weight": "37", "measure": "公里"}}})
    assert saved.status_code == 200
    assert store.table_of(Declaration.objects.get()).indicators[0].extra == {"weight": "37", "measure": "公里"}
    for page in ("detail", "print"):
        text = client.get(address(declaration, page)).content.decode()
        assert "指标权重" in text and ">37<" in text and ">公里<" in text


def test_kinds_say_in_which_unit_they_are_kept():
    assert {kind: kind.kept_in for kind in FieldKind if kind.kept_in} == {
        FieldKind.WAN: Unit.WAN,
        FieldKind.YUAN: Unit.YUAN,
    }

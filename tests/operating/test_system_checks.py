"""An edition that contradicts the models or itself is found before anybody opens a page."""

from dataclasses import replace

import pytest
from django.core.checks import run_checks

from declarations.operating.system_checks import editions_agree_with_models
from declarations.sheet.official import EDITIONS
from declarations.sheet.official.fields import FIELDS, ROW_FIELDS, FieldKind
from declarations.sheet.official.shape import Grid, Heading, Item, Section
from declarations.sheet.units import Unit

BASE = EDITIONS["2026"]


def found():
    return sorted({message.id for message in editions_agree_with_models()})


@pytest.fixture
def edition(monkeypatch):
    """Puts a changed 2026 edition in its place."""

    def put(**changes):
        monkeypatch.setitem(EDITIONS, "2026", replace(BASE, **changes))

    return put


def sections(label, change):
    return tuple(change(section) if section.label == label else section for section in BASE.sections)


def items(label, change):
    """The sections with ``change`` made to every item of one of them."""

    def changed(section):
        if isinstance(section, Grid):
            return replace(section, columns=tuple(map(change, section.columns)))
        return replace(section, lines=tuple(tuple(map(change, line)) for line in section.lines))

    return sections(label, changed)


def test_the_editions_agree_with_the_models():
    assert editions_agree_with_models() == []


def test_manage_py_check_runs_it(edition):
    edition(taxonomy=())
    assert "declarations.E008" in {message.id for message in run_checks()}


def test_a_field_that_the_model_lacks(monkeypatch):
    monkeypatch.setitem(FIELDS, "vehicle_count", FieldKind.COUNT)
    assert found() == ["declarations.E001"]


@pytest.mark.parametrize(
    ("grid", "name", "kind"),
    [
        (FIELDS, "overall_goal", FieldKind.COUNT),
        (FIELDS, "other_funds", FieldKind.YUAN),
        (FIELDS, "staff_count", FieldKind.TEXT),
    ],
)
def test_a_field_of_another_type_or_with_other_places(monkeypatch, grid, name, kind):
    monkeypatch.setitem(grid, name, kind)
    assert "declarations.E002" in found()


def test_funding_is_kept_to_the_cent_of_its_unit(monkeypatch):
    monkeypatch.setitem(ROW_FIELDS["key_tasks"], "funding", FieldKind.WAN)
    [message] = editions_agree_with_models()
    assert message.id == "declarations.E002"
    assert message.hint == "max_digits=14, decimal_places=2, null=True"


def test_a_label_that_is_not_the_models(edition):
    edition(sections=items("总体绩效目标", lambda item: replace(item, label="工作总结")))
    [message] = editions_agree_with_models()
    assert message.id == "declarations.E003"
    assert "工作总结" in message.msg
    assert "总体绩效目标" in message.hint


def test_a_value_that_is_no_field(edition):
    extra = Section("其他", ((Item("slogan", "口号", "B:F"),),))
    edition(sections=(*BASE.sections[:3], extra, *BASE.sections[3:]))
    assert found() == ["declarations.E004"]


@pytest.mark.parametrize("reserved", ["id", "extra", "is_optional"])
def test_a_column_that_rows_keep_for_themselves(edition, reserved):
    change = {"cycle_value": reserved}
    edition(sections=items("绩效指标", lambda item: replace(item, field=change.get(item.field, item.field))))
    assert found() == ["declarations.E004"]


def test_a_column_of_its_own_is_welcome(edition):
    change = {"cycle_value": Item("weight", "指标权重", "E")}
    edition(sections=items("绩效指标", lambda item: change.get(item.field, item)))
    assert found() == []


def test_a_field_in_two_places(edition):
    twice = Section("又一次", ((Item("overall_goal", "总体绩效目标", "B:F"),),))
    edition(sections=(*BASE.sections[:3], twice, *BASE.sections[3:]))
    assert found() == ["declarations.E005"]


def test_a_field_twice_in_one_grid(edition):
    change = {"cycle_value": Item("annual_value", "年度指标值", "E")}
    edition(sections=items("绩效指标", lambda item: change.get(item.field, item)))
    assert found() == ["declarations.E005"]


@pytest.mark.parametrize("at", ["G", "A", "E:G"])
def test_columns_outside_the_form(edition, at):
    edition(sections=items("总体绩效目标", lambda item: replace(item, at=at)))
    assert found() == ["declarations.E006"]


def test_columns_over_one_another(edition):
    line = (Heading("部门预算支出", "B:C"), Heading("预算金额(万元)", "C", Unit.WAN))
    edition(sections=sections("预算整体情况", lambda section: replace(section, lines=(line, *section.lines[1:]))))
    assert found() == ["declarations.E006"]


def test_an_amount_without_its_unit(edition):
    edition(sections=items("年度重点工作任务", lambda item: replace(item, unit=None)))
    assert found() == ["declarations.E007"]


def test_a_unit_without_an_amount(edition):
    edition(sections=items("总体绩效目标", lambda item: replace(item, unit=Unit.WAN)))
    assert found() == ["declarations.E007"]


def test_a_form_without_indicators(edition):
    edition(sections=BASE.sections[:-1])
    assert found() == ["declarations.E008"]


@pytest.mark.parametrize("taxonomy", [(), (("产出指标", ()),), (*BASE.taxonomy, BASE.taxonomy[0])])
def test_a_taxonomy_is_there_and_names_a_kind_once(edition, taxonomy):
    edition(taxonomy=taxonomy)
    assert found() == ["declarations.E008"]


def test_an_edition_has_the_code_it_is_listed_under(edition):
    edition(code="2027")
    assert found() == ["declarations.E009"]


def test_a_year_has_one_edition(edition):
    edition(years=(2024, None))
    assert found() == ["declarations.E009"]

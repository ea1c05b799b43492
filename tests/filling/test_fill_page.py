"""The page shows what the edition describes, and nothing of it is listed by hand."""

import re
from dataclasses import replace

import pytest

from declarations.models import State
from declarations.reviewing import workflow
from declarations.sheet.official import EDITIONS
from declarations.sheet.official.shape import Grid, Item
from tests import factories
from tests.filling.fill_helpers import address, client_of, filler_of, row_id, send

pytestmark = pytest.mark.django_db


def page(declaration, **query):
    return client_of(filler_of(declaration)).get(address(declaration, "fill"), query).content.decode()


def control(html, name):
    return re.search(rf'<(?:input|textarea|select)[^>]*\sid="{re.escape(name)}"[^>]*>', html)[0]


def test_every_field_and_cell_of_the_edition_has_a_control():
    declaration = factories.declaration()
    html = page(declaration)
    edition = EDITIONS["2026"]
    for field in edition.items.keys() - {"department"}:
        assert f'<label class="form-label" for="{field}">' in html
        assert control(html, field)
    for grid in ("key_tasks", "indicators"):
        for column in edition.grids[grid].columns:
            assert control(html, f"{grid}-{row_id(declaration, grid)}-{column.field}")


def test_sections_are_numbered_without_the_department_and_with_the_optional_tasks_in_the_fourth():
    html = page(factories.declaration())
    titles = re.findall(r'<span class="section-number" aria-hidden="true">(.)</span>(\S+)', html)
    assert titles == [
        ("一", "基本信息"),
        ("二", "预算整体情况"),
        ("三", "总体绩效目标"),
        ("四", "年度重点工作任务"),
        ("五", "绩效指标"),
    ]


def test_a_cell_says_its_row_and_column():
    declaration = factories.declaration(said=factories.table(key_tasks=(factories.task(),) * 3))
    cell = control(page(declaration), f"key_tasks-{row_id(declaration, at=2)}-funding")
    assert 'aria-label="第3项 拟投入的资金(元)"' in cell


def test_amounts_stand_in_the_unit_of_the_edition():
    new = factories.declaration()
    assert 'value="700,000.00"' in control(page(new), f"key_tasks-{row_id(new)}-funding")
    home = factories.department()
    old = factories.declaration(home, cycle=factories.cycle(home.bureau, edition="2023"))
    html = page(old)
    assert 'value="70.00"' in control(html, f"key_tasks-{row_id(old)}-funding")
    assert "cycle_value" not in html


def test_columns_of_a_new_edition_appear_and_are_saved(monkeypatch):
    given = EDITIONS["2026"]
    extra = (Item("weight", "指标权重", "G"), Item("unit_name", "计量单位", "H"))
    sections = tuple(
        replace(s, columns=(*s.columns, *extra)) if isinstance(s, Grid) and s.rows == "indicators" else s
        for s in given.sections
    )
    monkeypatch.setitem(EDITIONS, "2099", replace(given, code="2099", widths=(*given.widths, 8, 8), sections=sections))
    home = factories.department()
    declaration = factories.declaration(home, cycle=factories.cycle(home.bureau, edition="2099"))
    indicator = row_id(declaration, "indicators")
    client = client_of(filler_of(declaration))
    send(client, declaration, rows={"indicators": {indicator: {"weight": "15", "unit_name": "次"}}})
    html = client.get(address(declaration, "fill")).content.decode()
    assert ">指标权重</th>" in html and ">计量单位</th>" in html
    assert re.search(rf'id="indicators-{indicator}-weight"[^>]*>\n15</textarea>', html)


def test_a_label_of_another_form_stays_chosen():
    rows = (factories.indicator(level1="满意度指标", level2="社会公众满意度"),)
    html = page(factories.declaration(said=factories.table(indicators=rows)))
    assert "<option selected>满意度指标</option>" in html
    assert "<option selected>社会公众满意度</option>" in html


def test_text_is_shown_as_text():
    said = factories.table(
        overall_goal="\n</textarea><script>alert(1)</script>", key_tasks=(factories.task(name='"><b>'),)
    )
    html = page(factories.declaration(said=said))
    assert "<script>alert" not in html and '"><b>' not in html
    assert ">\n\n&lt;/textarea&gt;" in html  # a browser drops the first line break of a textarea


def test_nothing_is_inline():
    html = page(factories.declaration())
    assert not re.search(r"\sstyle=|\son[a-z]+=", html)
    assert all('src="' in tag or 'type="application/json"' in tag for tag in re.findall(r"<script[^>]*>", html))


def test_what_cannot_be_edited_is_shown_instead_with_the_reason():
    declaration = factories.declaration(state=State.APPROVED)
    answer = client_of(filler_of(declaration)).get(address(declaration, "fill"), follow=True)
    assert answer.redirect_chain[-1][0] == address(declaration, "detail")
    assert "已批复" in answer.content.decode() and "不能再修改" in answer.content.decode()


def test_the_reason_of_a_return_stands_on_top():
    declaration = factories.declaration(state=State.SUBMITTED)
    reviewer = factories.person("division", factories.division(declaration.department.bureau))
    declaration.department.division = reviewer.memberships_now[0].division
    declaration.department.save()
    workflow.perform_move(declaration.pk, "return", reviewer, comment="数量指标不够细化")
    assert "数量指标不够细化" in page(declaration)

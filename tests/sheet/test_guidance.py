"""填写说明: every field of every edition has its rule, in the edition's own words, beside the field and in 帮助."""

import pytest
from django.urls import reverse

from declarations.sheet import guidance
from declarations.sheet.official import EDITIONS
from declarations.sheet.official.shape import Grid
from tests import factories
from tests.filling.fill_helpers import client_of, filler_of
from tests.filling.last_year_helpers import drafted
from tests.samples import sample


def fields(edition):
    for part in edition.sections:
        if isinstance(part, Grid):
            yield from (f"{part.rows}.{column.field}" for column in part.columns)
        else:
            yield from (item.field for item in part.items if item.field != "department")


@pytest.mark.parametrize("code", EDITIONS)
def test_every_field_has_a_rule(code):
    edition = EDITIONS[code]
    said = {each.field: each for _, found in guidance.of_edition(edition) for each in found}
    assert set(fields(edition)) == said.keys()
    assert all(each.rule.endswith("。") for each in said.values())


def test_no_text_is_left_over():
    known = {name for edition in EDITIONS.values() for name in fields(edition)}
    assert guidance.TEXTS.keys() <= known
    assert {code for texts in guidance.TEXTS.values() for code in texts.get("editions", {})} <= EDITIONS.keys()


def test_an_edition_has_its_own_words():
    assert "单位：元" in guidance.guidance_for("2026", "key_tasks.funding", "").rule
    assert "单位：万元" in guidance.guidance_for("2023", "key_tasks.funding", "").rule
    assert guidance.guidance_for("2026", "no_such_field", "") is None


@pytest.mark.django_db
def test_a_field_shows_its_rule_and_last_years_value():
    draft = drafted(said=sample(year=2027))
    html = client_of(filler_of(draft)).get(reverse("declarations:fill", args=[draft.pk])).content.decode()
    field = html[html.index('for="project_expenditure"') : html.index('for="fiscal_appropriation"')]
    assert "填全部项目支出合计" in field and "980.00 万元" in field and "2024年度历史导入的申报表" in field


@pytest.mark.django_db
def test_a_row_has_last_years_row():
    draft = drafted(said=sample(year=2027))
    response = client_of(filler_of(draft)).get(reverse("declarations:fill", args=[draft.pk]))
    last = response.context["last_year"]
    indicator = draft.indicators.get(name="用水户满意度")
    assert last.rows[str(indicator.pk)] == [
        ("二级指标", "服务对象满意度指标"),
        ("三级指标", "用水户满意度"),
        ("指标值", "≥90%"),
    ]


@pytest.mark.django_db
def test_the_handbook_is_for_everybody_and_leads_to_the_own_draft():
    draft = factories.declaration()
    html = client_of(filler_of(draft)).get(reverse("declarations:help")).content.decode()
    assert "填报手册" in html and f"{reverse('declarations:fill', args=[draft.pk])}?tour=1" in html
    observer = client_of(factories.person("observer", draft.department.bureau))
    html = observer.get(reverse("declarations:help"), {"edition": "2023"}).content.decode()
    assert "操作引导</a>" not in html and "拟用于对下转移支付资金" in html
    assert 'aria-current="page">帮助</a>' in html

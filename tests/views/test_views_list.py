"""The list of declarations: whom it shows what, filters, sorting, pages, and a constant number of queries."""

from __future__ import annotations

import pytest
from django.urls import reverse

from declarations.models import State
from tests import factories

URL = reverse("declarations:list")
QUERIES = 12
"""Session, person, memberships, years for the filter; the page of declarations, its tasks, its indicators, what was
returned and what stands approved of them; settings, surroundings and dismissals of their findings."""


@pytest.fixture
def bureau(db):
    return factories.bureau()


@pytest.fixture
def reviewer(client, bureau):
    person = factories.person("performance", bureau)
    client.force_login(person)
    return person


def shown(response) -> list[str]:
    return [row.declaration.department.name for row in response.context["listed"]]


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_the_list_takes_the_same_queries_however_long_it_is(client, reviewer, bureau, rows, django_assert_num_queries):
    for _ in range(rows):
        factories.declaration(factories.department(bureau), state=State.SUBMITTED)
    with django_assert_num_queries(QUERIES):
        response = client.get(URL)
    assert len(response.context["listed"]) == rows


def test_a_filler_finds_their_own_department_only(client, bureau):
    own, other = factories.department(bureau), factories.department(bureau)
    factories.declaration(own)
    factories.declaration(other, state=State.APPROVED)
    client.force_login(factories.person("filler", own))
    assert shown(client.get(URL)) == [own.name]


@pytest.mark.parametrize("words", ["教育", "云溪市 教育局", "yxsjyj", "JYJ", "教体", "0815"])
def test_a_department_is_found_by_name_initials_former_name_and_code(client, reviewer, bureau, words):
    found = factories.department(bureau, name="云溪市教育局", former_names=["云溪市教体局"], code="0815")
    factories.declaration(found)
    factories.declaration(factories.department(bureau, name="云溪市水务局", code="0900"))
    assert shown(client.get(URL, {"q": words})) == ["云溪市教育局"]


def test_filters_narrow_by_year_and_state(client, reviewer, bureau):
    department = factories.department(bureau)
    factories.declaration(department, cycle=factories.cycle(bureau, year=2026), state=State.APPROVED)
    factories.declaration(department, cycle=factories.cycle(bureau, year=2027))
    years = [row.declaration.cycle.year for row in client.get(URL).context["listed"]]
    assert years == [2027, 2026]
    assert [row.declaration.cycle.year for row in client.get(URL, {"year": "2026"}).context["listed"]] == [2026]
    assert [row.declaration.cycle.year for row in client.get(URL, {"state": "draft"}).context["listed"]] == [2027]


@pytest.mark.parametrize(
    "params",
    [
        {"year": "x"},
        {"year": "²⁰²⁶"},
        {"state": "none"},
        {"sort": "pk; drop"},
        {"after": "%%%"},
        {"after": "WzEsMl0"},
        {"before": ""},
        {"q": "a\0b"},
        {"after": "eyJhIjoxfQ"},
    ],
)
def test_an_address_that_makes_no_sense_shows_the_list_all_the_same(client, reviewer, bureau, params):
    factories.declaration(factories.department(bureau, name="ab局"))
    response = client.get(URL, params)
    assert response.status_code == 200
    assert shown(response) == ["ab局"]


@pytest.mark.parametrize("sort", ["year", "department", "updated"])
def test_pages_follow_each_other_without_gap_or_repetition_and_lead_back(client, reviewer, bureau, sort):
    for n in range(65):
        factories.declaration(factories.department(bureau, name=f"第{n:02}处"))
    first = client.get(URL, {"sort": sort})
    second = client.get(URL, {"sort": sort, "after": first.context["page"].next})
    third = client.get(URL, {"sort": sort, "after": second.context["page"].next})
    assert [len(shown(page)) for page in (first, second, third)] == [30, 30, 5]
    assert len({*shown(first), *shown(second), *shown(third)}) == 65
    assert not first.context["page"].previous
    assert not third.context["page"].next
    back = client.get(URL, {"sort": sort, "before": third.context["page"].previous})
    assert shown(back) == shown(second)
    start = client.get(URL, {"sort": sort, "before": second.context["page"].previous})
    assert shown(start) == shown(first)
    assert not start.context["page"].previous


def test_findings_are_counted_where_the_content_may_be_read(client, reviewer, bureau):
    wrong = factories.table(staff_count=None)
    factories.declaration(factories.department(bureau, name="甲局"), state=State.SUBMITTED, said=wrong)
    factories.declaration(factories.department(bureau, name="乙局"), state=State.DRAFT, said=wrong)
    text = client.get(URL, {"sort": "department"}).content.decode()
    assert "1 处错误" in text
    assert "报送后可见" in text


def test_an_empty_list_says_what_to_do(client, reviewer):
    assert "还没有申报表" in client.get(URL).content.decode()
    assert "清除条件" in client.get(URL, {"q": "没有"}).content.decode()

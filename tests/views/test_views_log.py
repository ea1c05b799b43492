"""The bureau's log: every move one may see, searched and taken away, in a constant number of queries."""

from __future__ import annotations

import datetime
import io

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from declarations.models import Event
from declarations.reviewing import workflow
from declarations.web import spreadsheet
from tests import factories

URL, EXPORT = reverse("declarations:log"), reverse("declarations:log_export")


@pytest.fixture
def bureau(db):
    return factories.bureau()


@pytest.fixture
def reviewer(client, bureau):
    person = factories.person("performance", bureau)
    client.force_login(person)
    return person


def submitted(bureau, **values):
    """A declaration that its head submitted: two events, of which the bureau sees the second."""
    department = factories.department(bureau, division=factories.division(bureau), **values)
    declaration = factories.declaration(department)
    workflow.perform_move(declaration.pk, "send_to_head", factories.person("filler", department, name="填报员甲"))
    head = factories.person("head", department, name="负责人乙")
    return workflow.perform_move(declaration.pk, "submit", head, source_address="10.0.0.9").declaration


def events(response) -> list[tuple[str, str]]:
    return [(event.declaration.department.name, label) for event, label in response.context["lines"]]


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_the_log_takes_the_same_queries_however_long_it_is(client, reviewer, bureau, rows, django_assert_num_queries):
    for _ in range(rows):
        submitted(bureau)
    with django_assert_num_queries(5):
        response = client.get(URL)
    assert len(events(response)) == rows


def test_the_bureau_sees_what_was_reported_to_it_and_nothing_before(client, reviewer, bureau):
    declaration = submitted(bureau)
    submitted(factories.bureau())
    assert events(client.get(URL)) == [(declaration.department.name, "报送")]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "教育"}, True),
        ({"q": "jyj"}, True),
        ({"q": "水务"}, False),
        ({"person": "负责人"}, True),
        ({"person": "王某"}, False),
        ({"action": "submit"}, True),
        ({"action": "approve"}, False),
        ({"action": "nonsense"}, True),
        ({"year": "2027"}, True),
        ({"year": "2026"}, False),
        ({"first": "2026-02-30"}, True),
        ({"last": "9999-12-31"}, True),
        ({"q": "\0", "person": "\0"}, True),
    ],
)
def test_the_log_is_searched(client, reviewer, bureau, asked, found):
    submitted(bureau, name="云溪市教育局")
    assert bool(events(client.get(URL, asked))) is found


def test_both_days_of_a_span_are_part_of_it(client, reviewer, bureau):
    submitted(bureau)
    today = timezone.localdate()
    one = datetime.timedelta(days=1)
    for first, last, count in ((today, today, 1), (today + one, "", 0), ("", today - one, 0)):
        assert len(events(client.get(URL, {"first": str(first), "last": str(last)}))) == count


def test_pages_follow_each_other_without_gap_or_overlap(client, reviewer, bureau, monkeypatch):
    monkeypatch.setattr("declarations.views.exporting.log.PAGE_SIZE", 2)
    names = [submitted(bureau).department.name for _ in range(3)]
    first = client.get(URL)
    second = client.get(URL, {"after": first.context["page"].next})
    assert [name for name, _ in events(first) + events(second)] == names[::-1]


def test_the_export_holds_what_the_page_shows_with_code_and_address(client, reviewer, bureau):
    declaration = submitted(bureau)
    event = Event.objects.get(declaration=declaration, action="submit")
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(EXPORT).content)).active
    line = dict(zip(*(list(row) for row in sheet.values), strict=True))
    assert line["部门"] == declaration.department.name
    assert (line["操作"], line["操作人"], line["来源地址"]) == ("报送", "负责人乙", "10.0.0.9")
    assert (line["版本"], line["校验码"]) == (event.snapshot.number, event.snapshot.code)
    assert sheet.freeze_panes == "A2"


def test_an_export_that_was_cut_says_so(client, reviewer, bureau, monkeypatch):
    monkeypatch.setattr(spreadsheet, "LONGEST", 1)
    monkeypatch.setattr("declarations.views.exporting.log.LONGEST", 1)
    submitted(bureau)
    submitted(bureau)
    rows = list(openpyxl.load_workbook(io.BytesIO(client.get(EXPORT).content)).active.values)
    assert len(rows) == 3
    assert rows[2][0].startswith("只导出前 1 行")


def test_a_comment_never_becomes_a_formula(client, reviewer, bureau):
    declaration = submitted(bureau)
    division = factories.person("division", declaration.department.division)
    workflow.perform_move(declaration.pk, "return", division, comment="=1+1")
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(EXPORT).content)).active
    assert sheet["J2"].value == "=1+1"
    assert sheet["J2"].data_type == "s"

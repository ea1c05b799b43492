"""While somebody types: the answer of a save without saving, fast, and with what was understood."""

import json
import uuid
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from declarations.models import Declaration, State
from declarations.record import store
from tests import factories
from tests.filling.fill_helpers import address, client_of, filler_of, row_id

pytestmark = pytest.mark.django_db
QUERIES = 10  # one of them counts against the limit of requests


@pytest.fixture
def declaration():
    return factories.declaration()


@pytest.fixture
def client(declaration):
    return client_of(filler_of(declaration))


def look(client, declaration, version=1, **changes):
    body = json.dumps({"version": version, **changes})
    return client.post(address(declaration, "fill_live"), body, content_type="application/json")


def test_findings_are_those_of_the_table_as_typed_and_nothing_is_written(client, declaration):
    before = store.table_of(Declaration.objects.get(pk=declaration.pk))
    answer = look(client, declaration, fields={"other_funds": "3", "staff_count": ""}).json()
    assert {finding["code"] for finding in answer["findings"]} >= {"B01", "F01"}
    after = Declaration.objects.get(pk=declaration.pk)
    assert (store.table_of(after), after.version, after.updated_by) == (before, 1, None)


def test_it_answers_as_a_save_of_the_same_would(client, declaration):
    changes = {"fields": {"other_funds": "约三万"}, "rows": {"key_tasks": {row_id(declaration): {"name": ""}}}}
    live = look(client, declaration, **changes).json()
    body = json.dumps({"version": 1, **changes})
    saved = client.post(address(declaration), body, content_type="application/json").json()
    parts = ("findings", "panels", "progress", "totals", "refused")
    assert {part: live[part] for part in parts} == {part: saved[part] for part in parts}


def test_another_version_is_no_conflict_since_nothing_is_written(client, declaration):
    assert look(client, declaration, version=7).status_code == 200


def test_what_was_understood_of_each_value_is_said_and_mere_texts_are_left_out(client, declaration):
    first, second = row_id(declaration, "indicators"), row_id(declaration, "indicators", 1)
    rows = {first: {"annual_value": "98.5％以上"}, second: {"annual_value": "高质量完成", "cycle_value": "无"}}
    understood = look(client, declaration, rows={"indicators": rows}).json()["understood"]
    assert understood[f"indicators-{first}-annual_value"] == "≥ 98.5 %"
    assert understood[f"indicators-{first}-cycle_value"] == "≥ 144 次"
    assert not [name for name in understood if second in name]


def test_a_promise_that_no_indicator_carries_is_offered_until_one_does(client, declaration):
    task, new = row_id(declaration), str(uuid.uuid4())
    rows = {"key_tasks": {task: {"expected_outcome": "治理河长≥30公里"}}}
    [offer] = look(client, declaration, rows=rows).json()["promises"][task]
    assert (offer["name"], offer["value"], offer["level1"], offer["level2"]) == (
        "治理河长",
        "≥30公里",
        "产出指标",
        "数量指标",
    )
    rows["indicators"] = {new: {"name": "治理河长", "annual_value": "≥30公里"}}
    assert look(client, declaration, rows=rows).json()["promises"] == {}


def test_the_map_follows_the_links(client, declaration):
    task, indicator = row_id(declaration), row_id(declaration, "indicators")
    alone = look(client, declaration, rows={"indicators": {indicator: {"tasks": []}}}).json()["coverage"]
    assert "没有指标" in alone
    linked = look(client, declaration, rows={"indicators": {indicator: {"tasks": [task]}}}).json()["coverage"]
    assert "没有指标" not in linked
    assert "1 个指标" in linked


def test_what_was_typed_is_escaped_in_the_map(client, declaration):
    task = row_id(declaration)
    said = look(client, declaration, rows={"key_tasks": {task: {"name": "<b>甲</b>"}}}).json()["coverage"]
    assert "&lt;b&gt;" in said
    assert "<b>" not in said


@pytest.mark.parametrize("body", ["{", "[]", '{"version": 1, "rows": 3}', '{"version": 1, "fields": {"id": "x"}}'])
def test_what_no_page_of_ours_sends_is_refused(client, declaration, body):
    answer = client.post(address(declaration, "fill_live"), body, content_type="application/json")
    assert (answer.status_code, answer.json()["error"]) == (400, "unusable")


def test_only_who_may_fill_it_in_now_is_answered(client, declaration):
    Declaration.objects.filter(pk=declaration.pk).update(state=State.SUBMITTED)
    assert look(client, declaration).status_code == 409
    stranger = client_of(factories.person("filler", factories.department()))
    assert look(stranger, declaration).status_code == 404


@pytest.mark.parametrize("count", [1, 3, 50])
def test_the_queries_do_not_grow_with_the_rows(count):
    tasks = tuple(factories.task(name=f"任务{n}", funding=Decimal(100)) for n in range(count))
    rows = tuple(replace(factories.indicator(), name=f"指标{n}") for n in range(count))
    declaration = factories.declaration(said=factories.table(key_tasks=tasks, indicators=rows))
    client = client_of(filler_of(declaration))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert look(client, declaration, fields={"staff_count": "1"}).status_code == 200
    assert len(queries) == QUERIES

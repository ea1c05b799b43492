"""The inbox at 3,000 declarations: as many queries as at three, and none that reads the years before."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import factories, many

URL = reverse("declarations:home")
COUNT = 3_000
PAST = "declarations_declaration"


def touched(plan: dict, relation: str) -> Iterator[int]:
    """The rows of a table that each step of an executed plan read, kept or not."""
    if plan.get("Relation Name") == relation:
        yield (plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)) * plan["Actual Loops"]
    for step in plan.get("Plans", ()):
        yield from touched(step, relation)


def rows_read(sql: str) -> float:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
        (plan,) = cursor.fetchone()
    plan = json.loads(plan) if isinstance(plan, str) else plan
    return sum(touched(plan[0]["Plan"], PAST))


@pytest.mark.django_db
def test_three_thousand_take_the_queries_of_three_and_read_one_year(client):
    """One build for all: a page of each list, also in the middle, for a reviewer who has all of them."""
    asked = ("", "?sort=name", "?show=returned", "?show=missing", "?show=approved&q=局")
    counts = []
    for size in (15, COUNT):
        person = factories.person("performance", many.build(size))
        client.force_login(person)
        pages = [CaptureQueriesContext(connection) for _ in asked]
        for query, queries in zip(asked, pages, strict=True):
            with queries:
                context = client.get(URL + query).context["parts"][0].context
        counts.append([len(queries) for queries in pages])
    assert counts[0] == counts[1]
    assert [card.value for card in context["cards"]] == [COUNT // 5] * 4
    listed = client.get(URL).context["parts"][0].context
    assert (len(listed["listed"]), bool(listed["page"].next)) == (30, True)
    sqls = [entry["sql"] for queries in pages for entry in queries if entry["sql"].startswith("SELECT")]
    about = [sql for sql in sqls if PAST in sql]
    read = {sql: rows_read(sql) for sql in about}
    assert len(about) > 20
    assert [(rows, sql[:200]) for sql, rows in read.items() if rows > 2 * COUNT] == []

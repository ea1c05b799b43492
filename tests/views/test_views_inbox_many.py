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
DECLARATIONS = "declarations_declaration"


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
    return sum(touched(plan[0]["Plan"], DECLARATIONS))


def captured(client, query: str) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(URL + query).status_code == 200
    return [entry["sql"] for entry in queries]


@pytest.mark.django_db
def test_three_thousand_take_the_queries_of_three_and_read_one_year(client):
    """A page of each list, for a reviewer who has all of them; fifteen departments are three of each state."""
    asked = ("", "?sort=name", "?show=returned", "?show=missing", "?show=approved&q=局")
    counts = []
    for size in (15, COUNT):
        client.force_login(factories.person("performance", many.build(size)))
        pages = [captured(client, query) for query in asked]
        counts.append([len(sqls) for sqls in pages])
    assert counts[0] == counts[1]
    context = client.get(URL).context["parts"][0].context
    assert [card.value for card in context["cards"]] == [COUNT // 5] * 4
    pages.append(captured(client, f"?after={context['page'].next}"))
    about = {sql for sqls in pages for sql in sqls if sql.startswith("SELECT") and DECLARATIONS in sql}
    assert len(about) > 20
    every_year = rows_read(f"SELECT count(*) FROM {DECLARATIONS}")
    assert every_year == 3 * (COUNT + 15)
    assert [(rows, sql[:200]) for sql in about if (rows := rows_read(sql)) > 2 * COUNT] == []

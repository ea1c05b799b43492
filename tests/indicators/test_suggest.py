"""Finding an entry: a written set of queries, wanted kinds first, nobody else's entries, an index that is never old."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from indicators import library, suggest
from indicators.models import LibraryIndicator, LibraryStamp
from indicators.search import Index, SearchEntry
from indicators.taxonomy import IndicatorKind
from tests.costs import processor_time_below

QUERIES = Path(__file__).parent / "queries.tsv"
FIRST = 5
AIM = 0.95


def entry_of(number: int, row: LibraryIndicator) -> SearchEntry:
    return SearchEntry(number, row.name, row.kind, row.area, aliases=row.aliases, definition=row.definition)


@pytest.fixture(scope="module")
def index() -> Index:
    return Index(entry_of(number, row) for number, row in enumerate(library.start_set()))


def queries() -> list[list[str]]:
    with QUERIES.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter="\t"))


def names(index: Index, query: str, **wanted) -> list[str]:
    return [entry.name for entry in index.search(query, **{"bureaus": None, "limit": FIRST} | wanted)]


def test_the_right_entry_is_among_the_first_five_for_95_of_100_written_queries(index):
    asked = queries()
    missed = [f"{query} → {name}" for query, name in asked if name not in names(index, query)]
    assert len(asked) == 100
    assert len(missed) <= round(len(asked) * (1 - AIM)), missed


@pytest.mark.parametrize("query", ["服务对象满意度", "fwdxmyd", "fuwuduixiangmanyidu", "FWDXMYD", " 服务 对象 满意度 "])
def test_chinese_initials_and_full_pinyin_find_the_same(index, query):
    assert names(index, query)[0] == "服务对象满意度"


def test_the_wanted_kind_and_the_area_of_the_department_come_first(index):
    assert index.search("满意度", bureaus=None, area="教育", limit=1)[0].area == "教育"
    assert index.search("培训", bureaus=None, kind=IndicatorKind.COST, limit=1)[0].kind == IndicatorKind.COST
    wanted = index.search("", bureaus=None, kind=IndicatorKind.TIMELINESS, area="水务", limit=2)
    assert [(entry.kind, entry.area) for entry in wanted] == [(IndicatorKind.TIMELINESS, "水务")] * 2


@pytest.mark.parametrize("query", ["！！！", "☃☃", "ŵŵŵŵ", "\0", "☃" * 5000])
def test_nonsense_finds_nothing_and_costs_nothing(index, query):
    with processor_time_below(1):
        assert names(index, query) == []


def test_a_bureau_finds_its_own_and_the_common_ones_it_did_not_replace():
    shared = SearchEntry(1, "河道巡查次数", IndicatorKind.QUANTITY, "水务")
    own = SearchEntry(2, "河道巡查次数", IndicatorKind.QUANTITY, "水务", bureau="440100", hides=1)
    other = SearchEntry(3, "河道巡查次数（区）", IndicatorKind.QUANTITY, "水务", bureau="440200")
    index = Index([shared, own, other])
    assert [entry.key for entry in index.search("河道巡查", bureaus=["440100"])] == [2]
    assert [entry.key for entry in index.search("河道巡查", bureaus=["440200"])] == [1, 3]
    assert [entry.key for entry in index.search("河道巡查", bureaus=[])] == [1]


def test_an_entry_out_of_use_is_not_suggested_and_hides_the_common_one():
    shared = SearchEntry(1, "河道巡查次数", IndicatorKind.QUANTITY, "水务")
    dropped = SearchEntry(2, "河道巡查次数", IndicatorKind.QUANTITY, "水务", bureau="440100", hides=1, in_use=False)
    assert Index([shared, dropped]).search("河道巡查", bureaus=["440100"]) == []


@pytest.mark.django_db
def test_the_index_is_made_once_and_anew_after_every_change(django_assert_num_queries):
    entry = library.create(
        "440100", {"name": "湿地巡护次数", "kind": str(IndicatorKind.QUANTITY), "area": "自然资源"}, None, "新增"
    )
    suggest.current_index()
    with django_assert_num_queries(2):  # the stamp, and the entries found
        assert suggest.suggest("湿地巡护", bureaus=["440100"]) == [entry]
    LibraryIndicator.objects.filter(pk=entry.pk).update(name="红树林巡护次数", pinyin="hong shu lin xun hu ci shu")
    assert [found.name for found in suggest.suggest("红树林巡护", bureaus=["440100"])] == ["红树林巡护次数"]
    assert LibraryStamp.objects.count() == 1


@pytest.mark.django_db
def test_an_empty_library_finds_nothing():
    assert suggest.suggest("满意度", bureaus=None) == []

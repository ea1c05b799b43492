"""The start set of the library: enough of every kind and area, each entry sound by the product's own checks."""

from __future__ import annotations

import csv
import re
from collections import Counter

import pytest

from declarations.checks import check
from declarations.sheet.table import IndicatorRow
from indicators import library
from indicators.areas import AREAS, COMMON, area_of
from indicators.models import INDICATOR_KINDS, LibraryIndicator, LibraryStamp, LibraryVersion
from indicators.taxonomy import IndicatorKind
from indicators.values import parse
from tests import factories

ENTRIES = library.start_set()
FEWEST = dict.fromkeys(INDICATOR_KINDS, 20) | {IndicatorKind.QUANTITY: 80, IndicatorKind.SATISFACTION: 40}
ACTION = re.compile("提升|提高|加强|推进|推动|完善|保障(?!性)|促进|严控|开展|落实|强化")
HEADS = ("产出指标", "效益指标")


def test_there_are_three_hundred_entries_and_enough_of_every_kind():
    counts = Counter(entry.kind for entry in ENTRIES)
    assert len(ENTRIES) >= 300
    assert set(counts) == set(map(str, INDICATOR_KINDS))
    assert {kind: counts[kind] for kind in INDICATOR_KINDS if counts[kind] < FEWEST[kind]} == {}


def test_every_area_has_a_dozen_entries_of_most_kinds():
    counts = Counter(entry.area for entry in ENTRIES)
    kinds = {area: {entry.kind for entry in ENTRIES if entry.area == area} for area in AREAS}
    assert set(counts) == set(AREAS)
    assert len(AREAS) > 20
    assert min(counts.values()) >= 12
    assert {area for area in AREAS if len(kinds[area]) < 6} == set()


def test_every_name_stands_once():
    assert [name for name, count in Counter(entry.name for entry in ENTRIES).items() if count > 1] == []


def test_every_entry_says_what_it_means_how_it_is_counted_and_from_what():
    silent = [e.name for e in ENTRIES if not all((e.definition, e.formula, e.data_source, e.usual_value))]
    assert silent == []


def test_every_usual_value_is_understood_as_it_is_meant():
    wrong = []
    for entry in ENTRIES:
        (target,) = parse(entry.suggestion)
        understood = (target.operator, target.unit) == (entry.operator.replace("＝", "="), entry.unit)
        wrong += [] if target.is_measurable and understood else [entry.suggestion]
    assert wrong == []


def test_no_name_is_an_action():
    assert [entry.name for entry in ENTRIES if ACTION.match(entry.name)] == []


def test_what_the_names_say_stands_under_its_own_kind():
    late = [e.name for e in ENTRIES if "及时" in e.name or "按期" in e.name or "时限" in e.name]
    sound = [e.name for e in ENTRIES if "合格" in e.name or "合规" in e.name]
    kinds = {e.name: e.kind for e in ENTRIES}
    assert {name for name in late if kinds[name] != IndicatorKind.TIMELINESS} == set()
    assert {name for name in sound if kinds[name] != IndicatorKind.QUALITY} == set()
    assert all(e.name.endswith(("满意度", "满意率", "好评率")) for e in ENTRIES if e.kind == IndicatorKind.SATISFACTION)


def test_no_check_objects_to_an_entry_filled_into_a_declaration():
    """Every kind has its place in the form; the values are those that the picker fills in."""
    heads = {str(kind): head for head, kinds in factories.table().form.taxonomy for kind in kinds}
    for start in range(0, len(ENTRIES), 60):
        rows = tuple(
            IndicatorRow(heads[entry.kind], entry.kind, entry.name, entry.suggestion, entry.suggestion)
            for entry in ENTRIES[start : start + 60]
        )
        found = [p for p in check(factories.table(indicators=rows)) if p.field.startswith("indicators.")]
        # that an output and a satisfaction are missing is about the set of rows, not about one of them
        assert [problem.message for problem in found] == []


def test_the_file_has_no_characters_that_only_some_programs_read():
    with library.START_SET.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t"))
    assert {len(row) for row in rows} == {len(library.COLUMNS)}
    assert all(cell == cell.strip() and cell.isprintable() for row in rows for cell in row)


@pytest.mark.django_db
def test_loading_twice_adds_nothing_and_leaves_what_was_changed():
    assert library.load(library.start_set()) == len(ENTRIES)
    entry = LibraryIndicator.objects.get(name="服务对象满意度")
    entry.usual_value = "93"
    entry.save()
    assert library.load(library.start_set()) == 0
    assert LibraryIndicator.objects.get(name="服务对象满意度").usual_value == "93"
    assert LibraryVersion.objects.count() == LibraryIndicator.objects.count() == len(ENTRIES)
    assert LibraryStamp.objects.count() == 1


@pytest.mark.parametrize(
    ("department", "area"),
    [
        ("云溪市教育局", "教育"),
        ("云溪市水务局", "水务"),
        ("云溪市文化广电旅游体育局", "文化旅游体育"),
        ("云溪市住房和城乡建设局", "住房城乡建设"),
        ("云溪市人力资源和社会保障局", "人力资源社会保障"),
        ("云溪市医疗保障局", "医疗保障"),
        ("中共云溪市委组织部", "党务群团"),
        ("云溪市人民政府办公室", "机关运转"),
        ("云溪市第三局", ""),
    ],
)
def test_a_department_name_tells_its_area(department, area):
    assert area_of(department) == area
    assert COMMON not in area

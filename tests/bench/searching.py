"""How long a search of the library takes over 10,000 entries, and how often it is right."""

import csv
import statistics
import time
from pathlib import Path

from tests.bench.timing import clock

ENTRIES = 10_000
AIM_MILLISECONDS = 20
FIRST = 5
QUERIES = Path(__file__).parent.parent / "indicators" / "queries.tsv"
PLACES = "东南西北中上下左右前后内外高低大小新老长短"


def main():
    from indicators import library
    from indicators.search import Index

    asked = list(csv.reader(QUERIES.open(encoding="utf-8"), delimiter="\t"))
    rows = library.start_set()
    small = Index(entries(rows, len(rows)))
    found = sum(
        name in [entry.name for entry in small.search(query, bureaus=None, limit=FIRST)] for query, name in asked
    )
    many = entries(rows, ENTRIES)
    with clock() as building:
        index = Index(many)
    spent = sorted(milliseconds(index, query) for query, _ in asked)
    print(
        f"searching {ENTRIES:,} entries: median {statistics.median(spent):.1f} ms, slowest {spent[-1]:.1f} ms "
        f"(aim {AIM_MILLISECONDS}); made anew in {building.seconds:.1f} s; "
        f"{found} of {len(asked)} written queries right among the first {FIRST} of {len(rows)}"
    )


def entries(rows, count):
    """The start set, and variations of it up to ``count``, with the keys that the database keeps."""
    from indicators.search import SearchEntry

    made = []
    for number in range(count):
        row, place = rows[number % len(rows)], PLACES[number // len(rows) - 1] if number >= len(rows) else ""
        row.set_pinyin()
        said = {"aliases": row.aliases, "definition": row.definition, "alias_pinyin": row.alias_pinyin}
        pinyin = f"{row.pinyin} {place}".strip()
        made.append(SearchEntry(number, row.name + place, row.kind, row.area, pinyin=pinyin, **said))
    return made


def milliseconds(index, query):
    """The best of three: what the machine does besides is not the search's."""
    spent = []
    for _ in range(3):
        start = time.perf_counter()
        index.search(query, bureaus=["440100"], kind="质量指标", area="教育", limit=12)
        spent.append(time.perf_counter() - start)
    return min(spent) * 1000

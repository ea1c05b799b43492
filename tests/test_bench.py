"""The benchmarks still run: a few files each, so that a change elsewhere does not break them unnoticed."""

import pytest

from declarations.models import Bureau
from tests.bench import importing, inbox, lists, memory, reading, writing
from tests.bench.__main__ import BENCHES, run


@pytest.mark.parametrize(
    ("bench", "lines"),
    [(reading, 1), (writing, 1), (importing, 2), (inbox, 2), (lists, 1), (memory, 1)],
    ids=lambda value: value.__name__.rpartition(".")[2] if hasattr(value, "__name__") else "",
)
def test_a_benchmark_says_how_it_compares(bench, lines, db, capsys):
    bench.main(**BENCHES[bench.__name__.rpartition(".")[2]])
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == lines and all("(aim " in line for line in printed)


def test_a_benchmark_leaves_nothing_to_the_next_one(transactional_db, capsys):
    run(["live", "importing"], is_small=True)
    assert "importing 4 files" in capsys.readouterr().out and not Bureau.objects.exists()

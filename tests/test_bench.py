"""The benchmarks still run: a few files each, so that a change elsewhere does not break them unnoticed."""

import pytest

from tests.bench import importing, inbox, lists, memory, reading, writing


@pytest.mark.parametrize(
    ("bench", "options", "lines"),
    [
        (reading, {"count": 4}, 1),
        (writing, {"count": 2}, 1),
        (importing, {"count": 4}, 2),
        (inbox, {"few": 5, "count": 10, "rounds": 1}, 2),
        (lists, {"count": 20}, 1),
        (memory, {"files": 20, "distinct": 4}, 1),
    ],
    ids=lambda value: value.__name__.rpartition(".")[2] if hasattr(value, "__name__") else "",
)
def test_a_benchmark_says_how_it_compares(bench, options, lines, db, capsys):
    bench.main(**options)
    said = capsys.readouterr().out.splitlines()
    assert len(said) == lines and all("(aim " in line for line in said)

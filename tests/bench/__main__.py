"""``make bench``: every benchmark in one run, printed as ratios. None is a test; none fails for being slow.

``--small`` takes a few rows of each, to see that it runs; names pick some of them: ``make bench ARGS="--small desk"``.
"""

import sys
from importlib import import_module

from tests.bench.database import emptied, scratch_database

#: by name, in the order of a run, the sizes of a quick look
BENCHES = {
    "live": {"count": 10},
    "filling": {},
    "reading": {"count": 4},
    "writing": {"count": 2},
    "documents": {"count": 2},
    "importing": {"count": 4},
    "desk": {"few": 4, "count": 8},
    "exporting": {"count": 4},
    "inbox": {"few": 5, "count": 10, "rounds": 1},
    "searching": {},
    "lists": {"count": 20},
    "memory": {"files": 20, "distinct": 4},
}


def main(arguments):
    is_small = "--small" in arguments
    names = [name for name in arguments if name != "--small"]
    if unknown := set(names) - set(BENCHES):
        sys.exit(f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(BENCHES)}")
    with scratch_database():
        run(names or list(BENCHES), is_small)


def run(names, is_small):
    """Each begins on a database without rows: some of them count all there are."""
    for name in names:
        with emptied():
            import_module(f"tests.bench.{name}").main(**(BENCHES[name] if is_small else {}))


if __name__ == "__main__":
    main(sys.argv[1:])

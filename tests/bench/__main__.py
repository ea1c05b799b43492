"""``make bench``: every benchmark in one run, printed as ratios. None is a test; none fails for being slow."""

import sys

from tests.bench.database import scratch_database

BENCHES = (
    *("live", "filling", "reading", "writing", "documents", "importing", "desk", "exporting"),
    *("inbox", "searching", "lists", "memory"),
)


def main(names):
    with scratch_database():
        from tests import bench

        for name in names or BENCHES:
            __import__(f"tests.bench.{name}")
            getattr(bench, name).main()


if __name__ == "__main__":
    main(sys.argv[1:])

"""``make judge``: precision and recall of each check and of all, on the invented tables of `corpus`."""

import sys
from collections import Counter

from tests.judge.corpus import judged_tables


def tally(tables) -> dict[str, Counter]:
    """Return by code how often a finding was right, false or missed; TOTAL and GOOD are sums."""
    sums: dict[str, Counter] = {}
    for judged in tables:
        given, expected = judged.given(), judged.expected
        for kind, counted in (("right", given & expected), ("false", given - expected), ("missed", expected - given)):
            for (code, _), times in counted.items():
                for name in (code, "TOTAL", *(("GOOD",) if judged.is_good else ())):
                    sums.setdefault(name, Counter())[kind] += times
    return sums


def share(right: int, other: int) -> float:
    """Return the percentage of ``right``, 100 where there is nothing."""
    return 100 * right / (right + other) if right + other else 100.0


def line(name: str, counted: Counter) -> str:
    precision, recall = share(counted["right"], counted["false"]), share(counted["right"], counted["missed"])
    return f"{name:6} {precision:6.1f} {recall:6.1f}   {counted['right']:4} {counted['false']:4} {counted['missed']:4}"


def differences(tables):
    """Yield a line for each finding that is false or missed."""
    for judged in tables:
        given, expected = judged.given(), judged.expected
        for sign, counted in (("+", given - expected), ("-", expected - given)):
            for (code, place), _ in sorted(counted.items()):
                yield f"{sign} {judged.table.department} {code} {place}"


def main() -> None:
    tables = list(judged_tables())
    sums = tally(tables)
    print("code   precis. recall  right false missed")
    for name in sorted(sums, key=lambda name: (len(name) > 3, name)):
        print(line(name, sums[name]))
    good = [sum(judged.given().values()) for judged in tables if judged.is_good]
    print(f"{len(tables)} tables, {len(good)} good ones with at most {max(good)} findings")
    if "-v" in sys.argv:
        print(*differences(tables), sep="\n")


if __name__ == "__main__":
    main()

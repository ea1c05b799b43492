"""Measuring side by side in one run, said as ratios: seconds differ from machine to machine, ratios hardly."""

import gc
import resource
import time
from contextlib import contextmanager


class Clock:
    seconds = 0.0


@contextmanager
def clock():
    """``with clock() as spent: …`` then ``spent.seconds``."""
    gc.collect()
    spent, start = Clock(), time.perf_counter()
    yield spent
    spent.seconds = time.perf_counter() - start


def say(what, ours, theirs, count, aim):
    """One line: milliseconds a table of both, the ratio, the aim."""
    each = [f"{seconds / count * 1000:.2f} ms" for seconds in (ours, theirs)]
    print(f"{what}: {each[0]} against {each[1]} a table, {theirs / ours:.1f} times faster (aim {aim})")


def resident_megabytes():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 2**20

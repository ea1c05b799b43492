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


def best_of(rounds, *runs):
    """The shortest time of each, run in turns: what else the machine does then hurts all alike."""
    spent = [[] for _ in runs]
    for _ in range(rounds):
        for times, run in zip(spent, runs, strict=True):
            with clock() as one:
                run()
            times.append(one.seconds)
    return [min(times) for times in spent]


def say(what, ours, theirs, count, aim):
    """One line: milliseconds a table of both, the ratio, the aim."""
    each = [f"{seconds / count * 1000:.2f} ms" for seconds in (ours, theirs)]
    print(f"{what}: {each[0]} against {each[1]} a table, {theirs / ours:.1f} times faster (aim {aim})")


def resident_megabytes():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 2**20

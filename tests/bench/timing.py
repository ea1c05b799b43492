"""Measuring side by side in one run, said as ratios: seconds differ from machine to machine, ratios hardly.

Processor time is measured too: on a machine that does other things it is what the program itself costs.
"""

import gc
import resource
import time
from contextlib import contextmanager

import psutil


class Clock:
    seconds = 0.0
    processor = 0.0


@contextmanager
def clock():
    """``with clock() as spent: …`` then ``spent.seconds`` and ``spent.processor``, the seconds of all processes."""
    gc.collect()
    spent, start, worked = Clock(), time.perf_counter(), processor_seconds()
    yield spent
    spent.seconds, spent.processor = time.perf_counter() - start, processor_seconds() - worked


def processor_seconds():
    """Of this process and all below it, those of its own children that ended included."""
    me = psutil.Process()
    own = me.cpu_times()
    all_times = [own, *(child.cpu_times() for child in me.children(recursive=True))]
    return sum(one.user + one.system for one in all_times) + own.children_user + own.children_system


def best_of(rounds, *runs):
    """The shortest time of each, run in turns: what else the machine does then hurts all alike."""
    spent = [[] for _ in runs]
    for _ in range(rounds):
        for times, run in zip(spent, runs, strict=True):
            with clock() as one:
                run()
            times.append(one)
    return [min(times, key=lambda one: one.seconds) for times in spent]


def say(what, ours, theirs, count, aim):
    """One line: milliseconds a table of both, the ratio, the aim; the same in processor time."""
    each = [f"{one.seconds / count * 1000:.2f}" for one in (ours, theirs)]
    worked = [f"{one.processor / count * 1000:.2f}" for one in (ours, theirs)]
    print(
        f"{what}: {each[0]} ms against {each[1]} ms a table, {ratio(ours.seconds, theirs.seconds)} times faster "
        f"(aim {aim}); of processors {worked[0]} against {worked[1]} ms, {ratio(ours.processor, theirs.processor)}"
    )


def ratio(ours, theirs):
    """As text; processor time has steps of a hundredth of a second, so that a short run may seem to take none."""
    return f"{theirs / ours:.1f}" if ours else "beyond measuring"


def resident_megabytes():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 2**20

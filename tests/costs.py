"""What work costs, whatever else the machine does meanwhile."""

from contextlib import contextmanager

from tests.bench.timing import processor_seconds


@contextmanager
def processor_time_below(seconds):
    """Fail where this process and its children use more processor time than that; waiting costs nothing."""
    begun = processor_seconds()
    yield
    spent = processor_seconds() - begun
    assert spent < seconds, f"{spent:.1f} seconds of processor time, which is not below {seconds}"

"""The inbox at 3,000 declarations against the same page at thirty: what a hundred times as many cost."""

import statistics
import time

from django.test import Client
from django.urls import reverse

from tests import factories, many

AIM = 3
ASKED = {"待我审核": "", "未报送": "?show=missing"}


def main(few=150, count=3_000, rounds=9):
    """``few`` fill one page of thirty, so that both sizes show as many rows."""
    spent = {}
    for size in (few, count):
        client = Client(headers={"host": "localhost"})
        client.force_login(factories.person("performance", many.build(size)))
        spent[size] = {name: milliseconds(client, query, rounds) for name, query in ASKED.items()}
    for name in ASKED:
        small, large = spent[few][name], spent[count][name]
        print(
            f"inbox ({name}) of {count:,} declarations: {large / small:.1f} times a page of {few} (aim {AIM}); "
            f"{large:.0f} ms and {small:.0f} ms"
        )


def milliseconds(client, query, rounds):
    """The median of some requests, after one that warms up."""
    found = []
    for _ in range(rounds + 1):
        start = time.perf_counter()
        assert client.get(reverse("declarations:home") + query).status_code == 200
        found.append((time.perf_counter() - start) * 1000)
    return statistics.median(found[1:])

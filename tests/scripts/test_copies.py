"""Copies of unsaved text are found again by the person who wrote them, and by nobody else."""

import pytest

pytestmark = pytest.mark.browser

SCRIPT = "filling/saving/copies.js"
ONE = {"page": "p1", "person": "7", "declaration": "d", "at": 2}
EARLIER = {"page": "p2", "person": "7", "declaration": "d", "at": 1}
ANOTHER = {"page": "p3", "person": "8", "declaration": "d", "at": 3}
KEEP = "Promise.all(given.map(script.put)).then(() => script.copiesOf('7', 'd'))"


def test_copies_come_back_to_their_author_oldest_first(call):
    assert [copy["page"] for copy in call(SCRIPT, KEEP, [ONE, EARLIER, ANOTHER])] == ["p2", "p1"]


def test_a_removed_copy_is_gone(call):
    left = call(SCRIPT, f"{KEEP}.then(() => script.remove('p1')).then(() => script.copiesOf('7', 'd'))", [ONE])
    assert "p1" not in [copy["page"] for copy in left]


def test_the_moment_of_a_copy_is_told_in_local_time(call):
    assert call(SCRIPT, "script.moment(given)", 1_795_518_300_000) == "11月24日 19:05"

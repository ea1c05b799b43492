"""Migrations that were published never change: installations have run them."""

import pytest

from scripts.freeze_migrations import frozen, hashes


@pytest.mark.parametrize("path", sorted(frozen()))
def test_a_frozen_migration_is_as_it_was(path):
    assert hashes().get(path) == frozen()[path], "frozen: write another migration instead"


def test_every_migration_is_frozen():
    new = sorted(set(hashes()) - set(frozen()))
    assert new == [], "run scripts/freeze_migrations.py"

"""The chain of a declaration's snapshots, as tests look at it."""

from itertools import pairwise

from declarations.models.record import flaw_of


def broken_links(snapshots):
    """Return the snapshots of one declaration, given in order, that do not fit their content or the one before."""
    return [now for before, now in pairwise((None, *snapshots)) if flaw_of(now, before)]

"""The checks of a table: one check, one function, one catalogue; no queries, no Django.

`check` runs them all, `not_run` says which could not run and what they lack. A module of checks
enters its checks when it is imported; its findings appear in the order of the list here.
"""

from declarations.checks import (
    budget,
    content,
    dates,
    fillers,
    funding,
    lastyear,
    matching,
    measures,
    names,
    outcomes,
    publishing,
    rates,
    tasks,
    taxonomy,
    vague,
    values,
    wording,
)
from declarations.checks.catalogue import CATALOGUE, Check, Context, Need, NotRun, check, not_run
from declarations.checks.spelling import typos

MODULES = (
    *(budget, funding, content, dates, taxonomy, names, fillers, values, vague, measures, rates),
    *(matching, tasks, outcomes, wording, typos, publishing, lastyear),
)

__all__ = ["CATALOGUE", "MODULES", "Check", "Context", "Need", "NotRun", "check", "not_run"]

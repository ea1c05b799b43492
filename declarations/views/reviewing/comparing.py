"""What the official table of a page is compared with: last year's, the version before, or nothing.

A person chooses by ``?compare=``; the choice is kept in the session and goes along to the next declaration, which falls
back on what it has. ``?rows=changed`` leaves out the rows in which nothing changed, for this page only.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from declarations.comparing.comparison import Comparison
from declarations.comparing.excerpt import changed_rows
from declarations.comparing.marks import MarkedText
from declarations.models import Declaration, Snapshot, State
from declarations.people import permissions
from declarations.record import store
from declarations.sheet.table import Table

YEAR, PREVIOUS, NONE = "year", "previous", "none"
LABELS = {YEAR: "对比上年", PREVIOUS: "对比上次报送", NONE: "不对比"}
KEPT_AS = "compare"
"""The key in the session."""
AHEAD = "X-Review-Ahead"
"""The header of a page that is asked for before somebody opens it: it is looked at by nobody yet."""


@dataclass(frozen=True)
class Option:
    """A way of comparing; ``why`` it is not to be had here, empty where it is."""

    mode: str
    label: str
    why: str
    is_current: bool


@dataclass(frozen=True)
class Comparing:
    """What a page shows of the comparison. ``chosen``: what the person chose, on this page or before, else empty.

    ``frozen``: the version compared with, None for last year's table; ``past``: last year's declaration, where this
    person may find it.
    """

    mode: str
    chosen: str
    options: tuple[Option, ...]
    comparison: Comparison | None = None
    frozen: Snapshot | None = None
    past: Declaration | None = None
    only_changed: bool = False

    @property
    def rows(self) -> list[list[MarkedText]] | None:
        """The rows of the table with their marks; None where nothing is compared."""
        if self.comparison is None:
            return None
        return changed_rows(self.comparison) if self.only_changed else self.comparison.rows

    @property
    def reasons(self) -> list[str]:
        """Why something cannot be compared, in sentences."""
        return [option.why for option in self.options if option.why]

    @property
    def carried(self) -> str:
        """The choice as the address of the next declaration says it."""
        return f"?compare={self.chosen}" if self.chosen else ""


def compare_page(request: HttpRequest, declaration: Declaration, table: Table, last_year: Table | None) -> Comparing:
    """``table``: as the page shows it; ``last_year``: what was approved for the year before, whoever may read it."""
    past = find_past(request.user, declaration) if last_year else None
    frozen = previous_table(request.user, declaration)
    bases = {YEAR: last_year if past else None, PREVIOUS: frozen and store.frozen_table(frozen)}
    chosen = comparison_choice(request)
    mode = chosen if chosen == NONE or bases.get(chosen) else next((m for m in (PREVIOUS, YEAR) if bases[m]), NONE)
    base = bases.get(mode)
    third = bases[YEAR] if mode == PREVIOUS else None
    comparison = Comparison(base, table, mode, third) if base else None
    only_changed = comparison is not None and request.GET.get("rows") == "changed"
    return Comparing(mode, chosen, comparison_options(declaration, bases, mode), comparison, frozen, past, only_changed)


def comparison_options(declaration: Declaration, bases: dict[str, Table | None], mode: str) -> tuple[Option, ...]:
    why = {
        YEAR: f"没有{declaration.cycle.year - 1}年度（上年）已批复的申报表。",
        PREVIOUS: "没有上次报送的版本。",
    }
    return tuple(
        Option(each, label, "" if bases.get(each) or each == NONE else why[each], each == mode)
        for each, label in LABELS.items()
    )


def comparison_choice(request: HttpRequest) -> str:
    """What was chosen on this page, which is then kept, or before; empty for somebody who never chose."""
    asked = request.GET.get("compare", "")
    if asked not in LABELS:
        return request.session.get(KEPT_AS, "")
    if request.session.get(KEPT_AS) != asked and AHEAD not in request.headers:
        request.session[KEPT_AS] = asked
    return asked


def find_past(user, declaration: Declaration) -> Declaration | None:
    """Last year's declaration. Whoever finds one may read what stands approved of it (see `Snapshot.visible_to`)."""
    return Declaration.objects.visible_to(user).year_before([declaration]).select_related("cycle").first()


def previous_table(user, declaration: Declaration) -> Snapshot | None:
    """What the bureau had before the text that this person reads: the version that was returned, withdrawn or approved
    before the last submission; to the department, which reads what it is writing, the last that was reported."""
    writes = permissions.reads_draft(user, declaration)
    if declaration.submissions < (1 if writes else 2):
        return None
    reported = Snapshot.objects.visible_to(user).filter(declaration=declaration, state__in=State.AT_BUREAU)
    if not writes:
        last = reported.filter(state=State.SUBMITTED).order_by("-number").values("number")[:1]
        reported = reported.filter(number__lt=last)
    return reported.order_by("-number").first()

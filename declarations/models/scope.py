"""What one person may see, as sets of keys: the one place where roles become rows.

Deny by default: a scope starts empty and only memberships that are valid today add to it, so
`visible_to` of every model is a filter that finds nothing for someone to whom nothing was given.
The operator of the installation (``is_superuser``) sees all rows, and decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db.models import Q

from declarations.sheet.totality import total_over

if TYPE_CHECKING:
    from declarations.models.people import Membership

Keys = frozenset[int]
#: a condition that every row meets; unlike an empty Q it stays true beside an OR
EVERYTHING = ~Q(pk__in=())


class RoleCode(StrEnum):
    FILLER = "filler"
    HEAD = "head"
    DIVISION = "division"
    PERFORMANCE = "performance"
    ADMINISTRATOR = "administrator"
    OBSERVER = "observer"


@dataclass(frozen=True, slots=True)
class RoleFacts:
    """``scopes``: for which of the three places the role may be held. ``declares``: fills in and sends, ``reviews``:
    decides for the bureau, ``keeps``: keeps the settings and the library of a bureau, ``reads``: only reads."""

    scopes: tuple[str, ...]
    declares: bool = False
    reviews: bool = False
    keeps: bool = False
    reads: bool = False


ROLES: dict[RoleCode, RoleFacts] = total_over(
    "Role.facts",
    tuple(RoleCode),
    {
        RoleCode.FILLER: RoleFacts(("department",), declares=True),
        RoleCode.HEAD: RoleFacts(("department",), declares=True),
        RoleCode.DIVISION: RoleFacts(("division",), reviews=True),
        RoleCode.PERFORMANCE: RoleFacts(("bureau",), reviews=True, keeps=True),
        RoleCode.ADMINISTRATOR: RoleFacts(("bureau",), keeps=True),
        RoleCode.OBSERVER: RoleFacts(("bureau", "department"), reads=True),
    },
)
#: who belongs to a department and has its declarations before them as they are written
OF_DEPARTMENT = frozenset(role for role, facts in ROLES.items() if facts.scopes == ("department",))
#: who has every declaration of a bureau
OF_WHOLE_BUREAU = frozenset(role for role, facts in ROLES.items() if facts.scopes == ("bureau",))
#: who keeps settings and library of a bureau
KEEPING = frozenset(role for role, facts in ROLES.items() if facts.keeps)


@dataclass(frozen=True, slots=True)
class Scope:
    """Primary keys by what they allow; ``everything`` is the operator of the installation."""

    everything: bool = False
    #: departments this person fills in or certifies
    departments: Keys = field(default_factory=frozenset)
    #: divisions this person reviews for
    divisions: Keys = field(default_factory=frozenset)
    #: bureaus whose every declaration this person may list (performance, administrator)
    bureaus: Keys = field(default_factory=frozenset)
    #: bureaus this person administers
    administered: Keys = field(default_factory=frozenset)
    observed_bureaus: Keys = field(default_factory=frozenset)
    observed_departments: Keys = field(default_factory=frozenset)
    #: (year, department): declarations on which this person was asked for an opinion, as long as that lasts
    invited: frozenset[tuple[int, int]] = field(default_factory=frozenset)
    #: every bureau this person has any part in
    member_of: Keys = field(default_factory=frozenset)

    @classmethod
    def of(cls, memberships: Iterable[Membership]) -> Scope:
        given = list(memberships)

        def keys(attribute: str, *roles: str) -> Keys:
            found = (getattr(item, attribute) for item in given if item.role in roles)
            return frozenset(key for key in found if key is not None)

        return cls(
            departments=keys("department_id", *OF_DEPARTMENT),
            divisions=keys("division_id", RoleCode.DIVISION),
            bureaus=keys("bureau_id", *OF_WHOLE_BUREAU),
            administered=keys("bureau_id", RoleCode.ADMINISTRATOR),
            observed_bureaus=keys("bureau_id", RoleCode.OBSERVER),
            observed_departments=keys("department_id", RoleCode.OBSERVER),
            member_of=frozenset(item.home_bureau_id for item in given),
        )

    def assigned(self, prefix: str = "") -> Q:
        """Departments this person fills in, reviews or administers; ``prefix`` leads to them."""
        if self.everything:
            return EVERYTHING
        return self.own(prefix) | self.reviewed(prefix)

    def own(self, prefix: str = "") -> Q:
        """The departments this person fills in or certifies."""
        return Q(**{f"{prefix}pk__in": self.departments})

    def reviewed(self, prefix: str = "") -> Q:
        """The departments whose declarations reach this person at the bureau."""
        if self.everything:
            return EVERYTHING
        return Q(**{f"{prefix}division__in": self.divisions}) | Q(**{f"{prefix}bureau__in": self.bureaus})

    def observed(self, prefix: str = "") -> Q:
        """The departments this person was given to read."""
        return Q(**{f"{prefix}pk__in": self.observed_departments}) | Q(**{f"{prefix}bureau__in": self.observed_bureaus})

    def invited_to(self, prefix: str = "") -> Q:
        """The declarations on which this person was asked for an opinion; ``prefix`` leads to them."""
        condition = Q(pk__in=())
        for year, department in self.invited:
            condition |= Q(**{f"{prefix}cycle": year, f"{prefix}department": department})
        return condition

    def in_bureaus(self, bureaus: Keys, path: str) -> Q:
        """Rows whose bureau, at ``path``, is one of ``bureaus``."""
        return EVERYTHING if self.everything else Q(**{f"{path}__in": bureaus})


def scope_of(user) -> Scope:
    """The scope of a user; the empty one for visitors and for accounts that were switched off."""
    if not user.is_authenticated or not user.is_active:
        return Scope()
    return user.scope

"""The official table, stated once per edition. A new year's form is one new file here and one name in `EDITIONS`."""

from declarations.sheet.official.edition_2023 import EDITION_2023
from declarations.sheet.official.edition_2026 import EDITION_2026
from declarations.sheet.official.shape import Edition

EDITIONS: dict[str, Edition] = {edition.code: edition for edition in (EDITION_2023, EDITION_2026)}


def get_edition(code: str) -> Edition:
    """The edition with this code; raises KeyError for a code that no file describes."""
    return EDITIONS[code]


def edition_for(year: int) -> Edition:
    """The edition that a form year uses; the newest where no edition claims the year."""
    return next((edition for edition in EDITIONS.values() if edition.serves(year)), [*EDITIONS.values()][-1])


__all__ = ["EDITIONS", "Edition", "edition_for", "get_edition"]

"""The library of indicators (指标库): what an indicator means, how it is counted, which value is usual.

An entry without ``bureau_code`` belongs to all bureaus of the installation (the start set); a bureau that
changes one gets an entry of its own, which ``replaces`` it there and nowhere else. Whose an entry is
stands as the code of the bureau: this app knows no bureaus, the site's user says which codes are theirs
(``user.bureau_codes``) and in which they keep the library (``user.library_codes``).
"""

from indicators.models.described import INDICATOR_KINDS, OPERATORS, SAID, SHARED, library_kind
from indicators.models.library import KEPT, LibraryIndicator, LibraryStamp, LibraryVersion
from indicators.models.proposal import Proposal, ProposalState

__all__ = [
    "INDICATOR_KINDS",
    "KEPT",
    "OPERATORS",
    "SAID",
    "SHARED",
    "LibraryIndicator",
    "LibraryStamp",
    "LibraryVersion",
    "Proposal",
    "ProposalState",
    "library_kind",
]

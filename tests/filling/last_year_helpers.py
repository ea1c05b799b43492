"""A department with a past: an approved table of 2024 in the old edition, a draft of 2027."""

from declarations.filling.bringing.bringing import BringingDecision
from declarations.filling.bringing.copying import CopyingSource, bring_values, decided_offers
from declarations.filling.bringing.rollforward import Rollforward
from declarations.filling.desk import FillingDesk
from declarations.models import Declaration, State
from declarations.record import store
from declarations.sheet.table import Table
from tests import factories
from tests.samples import sample

OLD = 2024


def drafted(said=None, past=None, **values):
    """A draft with an imported table of 2024 behind it; ``past`` False: with nothing behind it."""
    home = factories.department(name="云溪市水务局")
    draft = factories.declaration(home, said=said or Table("2026"), **values)
    if past is not False:
        year = factories.cycle(
            home.bureau, year=OLD, edition="2023", opens_at="2023-09-01T00:00Z", deadline="2023-12-31T00:00Z"
        )
        factories.declaration(home, cycle=year, state=State.APPROVED, is_imported=True, said=past or sample("2023"))
    return draft


def fresh(declaration):
    return Declaration.objects.with_names().get(pk=declaration.pk)


def table(declaration):
    return store.table_of(fresh(declaration))


def brought(draft, person, source=None, actions=None, **edits):
    """Everything that is on offer brought in (or as ``actions`` by key say); ``edits``: decisions by key."""
    draft = fresh(draft)
    source = source or CopyingSource("2024年度批复表", sample("2023"))
    offers = Rollforward(source.table, store.table_of(draft))
    from_offers = {key: decision(offer, actions) for key, offer in offers.offers.items()}
    bringing = decided_offers(offers, from_offers | edits)
    made, _ = bring_values(FillingDesk(draft, person), source, bringing, version=draft.version)
    return made


def decision(offer, actions):
    return BringingDecision((actions or {}).get(offer.key, offer.default if actions is None else "keep"))

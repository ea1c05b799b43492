"""`flush` empties the whole database; it alone may empty the record too, for it asks first."""

import pgtrigger
from django.core.management.commands import flush


class Command(flush.Command):
    def handle(self, **options):
        with pgtrigger.ignore(*append_only_tables()):
            super().handle(**options)


def append_only_tables() -> list[str]:
    """The triggers that keep tables from being emptied, as pgtrigger names them (see `models.record.append_only`)."""
    registered = pgtrigger.registered()
    return [trigger.get_uri(model) for model, trigger in registered if trigger.name == "no_truncate"]

"""A database of its own for the benchmarks, gone afterwards."""

import os
import tempfile
from contextlib import contextmanager

import django

from config.embedded import THROWAWAY, Server


@contextmanager
def scratch_database():
    """Django set up on an empty, migrated database in a throw-away server."""
    server = Server(tempfile.mkdtemp(prefix="declarations-bench-"), THROWAWAY)
    os.environ.update(DATABASE_URL=server.start(), DEBUG="on", DJANGO_SETTINGS_MODULE="config.settings")
    try:
        django.setup()
        from django.conf import settings
        from django.core.management import call_command
        from django.db import connections

        settings.DEBUG = False  # as in production: queries are not kept in memory
        call_command("migrate", verbosity=0)
        yield
        connections.close_all()
    finally:
        server.destroy()


@contextmanager
def emptied():
    """Whatever a benchmark stores is gone after it, rows that cannot be deleted included."""
    from django.core.management import call_command

    try:
        yield
    finally:
        call_command("flush", interactive=False, verbosity=0)

"""See the package's docstring. A command that never asks the database anything never starts a server."""

import atexit
import functools

import environ
from django.conf import settings
from django.db.backends.postgresql import base

from config.embedded import Server


@functools.cache
def trial_address():
    """Connection settings of this clone's server, which runs at least until this process ends."""
    server = Server(settings.LOCAL_DIR / "postgres")
    address = environ.Env.db_url_config(server.start())
    atexit.register(server.release)
    return address


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL at whatever address the trial's server has got."""

    def get_connection_params(self):
        address = trial_address()
        self.settings_dict["USER"] = address["USER"]
        self.settings_dict["OPTIONS"] = address["OPTIONS"] | self.settings_dict["OPTIONS"]
        return super().get_connection_params()

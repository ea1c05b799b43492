"""How the site is put together and started: settings, addresses, the trial database."""

"""Django's PostgreSQL backend for the trial: it starts the embedded server when the first connection is wanted."""

"""The site's version: it stands in `pyproject.toml` and nowhere else."""

import tomllib
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent / "pyproject.toml"


def read_version() -> str:
    """Return the version of the code that is running, such as ``0.2.0``."""
    return str(tomllib.loads(PROJECT.read_text("utf-8"))["project"]["version"])


VERSION = read_version()


def site_version(request):
    """Give templates ``site_version``, which the foot of every page shows."""
    return {"site_version": VERSION}

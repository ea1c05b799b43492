"""What makes a clone a trial: `.local/trial.env`, with the debug mode on and a secret of this clone's own.

`make setup` runs `python -m config.trial`. Delete the file, or set DEBUG=off, and the clone is a production again.
"""

import os
import secrets
from pathlib import Path

TRIAL_ENV = Path(__file__).resolve().parent.parent / ".local" / "trial.env"


def write_trial_env(path=TRIAL_ENV):
    """Write the file unless it is there. Nobody else may read it."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    if path.exists() and "SECRET_KEY" in path.read_text():
        return
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w") as file:
        file.write(f"DEBUG=on\nSECRET_KEY={secrets.token_urlsafe(48)}\n")


if __name__ == "__main__":
    write_trial_env()

"""`python -m config.health`: exit 0 while the site in this container answers and reaches its database, else 1."""

import os
import sys
from urllib.error import URLError
from urllib.request import Request, urlopen


def is_healthy(port=8000):
    """Ask as a visitor would: with a host name that the site answers to."""
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().removeprefix(".")
    request = Request(f"http://127.0.0.1:{port}/healthz", headers={"Host": host})
    try:
        with urlopen(request, timeout=5) as answer:
            return answer.read().startswith(b"ok")
    except (URLError, TimeoutError, ConnectionError):
        return False


if __name__ == "__main__":
    sys.exit(not is_healthy(int(os.environ.get("PORT") or 8000)))

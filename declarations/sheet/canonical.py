"""One text for one content, and its hash: what versions of a table are compared and chained by."""

from __future__ import annotations

import hashlib
import json
from typing import Any

CODE_LENGTH = 12
"""Characters of a hash that are printed as its check code (校验码): no two of a city's versions share them."""


def code_of(digest: str) -> str:
    """Return the check code of a hash."""
    return digest[:CODE_LENGTH]


def fingerprint(data: Any) -> str:
    """sha256, in hexadecimal, of plain JSON data written in one canonical way (sorted keys, no spaces, UTF-8)."""
    canonical = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()

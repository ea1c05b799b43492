"""Take the migrations that are new into tests/migrations_frozen.json; `--anew` forgets what was frozen before.

An installation has run a published migration, so it must never change again; what is to be different is one more.
"""

import hashlib
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FROZEN = ROOT / "tests" / "migrations_frozen.json"
APPS = ("declarations", "indicators")


def hashes() -> dict[str, str]:
    """Return the sha256 of each migration by its path, line ends as on Linux."""
    paths = sorted(path for app in APPS for path in (ROOT / app / "migrations").glob("[0-9]*.py"))
    return {str(path.relative_to(ROOT)): digest(path) for path in paths}


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_text("utf-8").encode()).hexdigest()


def frozen() -> dict[str, str]:
    return json.loads(FROZEN.read_text("utf-8")) if FROZEN.exists() else {}


def main(anew: bool) -> None:
    """Write the file; exit 1 where a frozen migration was changed or is gone."""
    before, now = {} if anew else frozen(), hashes()
    if changed := [path for path, digest in before.items() if now.get(path) != digest]:
        sys.exit("These migrations are frozen, write another one instead: " + ", ".join(changed))
    FROZEN.write_text(json.dumps(now, indent=2) + "\n", "utf-8")
    print(f"{len(now)} migrations are frozen, {len(now) - len(before)} of them new")


if __name__ == "__main__":
    main(anew="--anew" in sys.argv)

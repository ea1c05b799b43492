"""`make untyped`: renew the list of modules whose types are not checked yet, in pyproject.toml.

The list can only grow shorter: a module that mypy finds clean leaves it, and one that is not in it has to stay clean.
`--accept` takes modules in as well, which is needed once after modules were renamed.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROJECT = ROOT / "pyproject.toml"
PACKAGES = ("config", "indicators", "declarations")
HEAD = "# Not clean yet; `make untyped` renews this list.\n[[tool.mypy.overrides]]\nmodule = [\n"
LIST = re.compile(f"({re.escape(HEAD)})(.*?)(\\])", re.DOTALL)
ERROR = re.compile(r"^(\S+\.py):\d+: error:", re.MULTILINE)


def main(accept: bool) -> None:
    """Write the list; exit 1 where a module that was clean is not so any more."""
    text = PROJECT.read_text("utf-8")
    listed = set(re.findall(r'"([\w.]+)"', LIST.search(text)[2]))
    faulty = faulty_modules(text)
    if (new := faulty - listed) and not accept:
        sys.exit("Types no longer agree in: " + ", ".join(sorted(new)))
    lines = "".join(f'    "{name}",\n' for name in sorted(faulty))
    PROJECT.write_text(LIST.sub(rf"\g<1>{lines}\g<3>", text), "utf-8")
    print(f"{len(faulty)} modules are not checked, {len(listed)} were not before")


def faulty_modules(text: str) -> set[str]:
    """Return the dotted names of the modules in which mypy finds errors once none is left out."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "mypy.toml"
        config.write_text(LIST.sub(r'\g<1>"no.such.module"\g<3>', text), "utf-8")
        command = [sys.executable, "-m", "mypy", "--config-file", str(config), *PACKAGES]
        environment = {**os.environ, "DEBUG": "on"}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode > 1:
        sys.exit(done.stdout + done.stderr)
    paths = ERROR.findall(done.stdout)
    return {path.removesuffix(".py").replace("/", ".").removesuffix(".__init__") for path in paths}


if __name__ == "__main__":
    main(accept="--accept" in sys.argv)

"""Modules import only from layers below their own, so that each can be read and tested without those above it."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# From the lowest up; docs/architecture.md says what each package is for. A package stands for all modules in it.
LAYERS = (
    ("indicators.taxonomy", "indicators.value_grammar"),
    ("indicators.values", "indicators.areas"),
    ("indicators.understood", "indicators.measures"),
    ("indicators.search",),
    ("indicators.models",),
    ("indicators.suggest", "indicators.library"),
    ("indicators.forms",),
    ("indicators.management", "indicators.apps"),
    ("declarations.sheet",),
    ("declarations.models",),
    ("declarations.checks", "declarations.comparing"),
    ("declarations.record",),
    ("declarations.people",),
    ("declarations.files", "declarations.findings"),
    ("declarations.notifying",),
    ("declarations.filling", "declarations.exporting", "declarations.importing"),
    ("declarations.reviewing",),
    ("declarations.administering", "declarations.operating", "declarations.demo"),
    ("declarations.web",),
    ("declarations.views", "declarations.admin", "declarations.management"),
    ("declarations.templatetags", "declarations.apps"),
    ("declarations.urls",),
)
# The process that opens other people's files starts without Django, to be light and to hold nothing worth taking.
WITHOUT_DJANGO = (
    *("indicators.taxonomy", "indicators.value_grammar", "indicators.values", "indicators.understood"),
    *("indicators.measures", "declarations.sheet", "declarations.checks", "declarations.files"),
)
PLACES = {name: height for height, names in enumerate(LAYERS) for name in names}


def modules():
    """Every module of the two apps but migrations: dotted name -> path."""
    paths = [path for app in ("declarations", "indicators") for path in (ROOT / app).rglob("*.py")]
    named = {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in paths}
    return {
        name: path
        for name, path in named.items()
        if ".migrations" not in name and "." in name and (path.name != "__init__.py" or has_code(path))
    }


def has_code(path):
    """Return whether a package does more than say what it is for."""
    return any(not isinstance(node, ast.Expr) for node in ast.parse(path.read_text("utf-8")).body)


def imported(path, package):
    """Dotted names of what a module imports, wherever in it; `from a import b` counts as a.b when that is a module."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            found |= {f"{base}.{alias.name}" for alias in node.names}
    return found


def part(name):
    """The entry of the layer table that a dotted name belongs to, or None."""
    return next((entry for entry in PLACES if name == entry or name.startswith(f"{entry}.")), None)


def wrong_imports(name, path):
    """What `name` imports that does not lie below it, as sentences."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    own = part(name)
    for target in sorted(imported(path, package)):
        other = part(target)
        if other and other != own and PLACES[other] >= PLACES[own]:
            yield f"{name} imports {target}, which is not below it"
        if own in WITHOUT_DJANGO and (target.split(".")[0] == "django" or (other and other not in WITHOUT_DJANGO)):
            yield f"{name} imports {target}, and has to do without Django"
        if name.startswith("indicators.") and target.startswith("declarations"):
            yield f"{name} imports {target}: indicators knows nothing of declarations"


@pytest.mark.parametrize("name", sorted(modules()))
def test_a_module_imports_only_from_layers_below_its_own(name):
    assert part(name), f"{name} has no place in the layer table"
    assert list(wrong_imports(name, modules()[name])) == []


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("declarations.sheet.units", "from declarations.record import store"),
        ("declarations.sheet.table", "def late():\n    from declarations.record.store import table_of"),
        ("declarations.files.reading.reader", "from django.utils import timezone"),
        ("declarations.checks.budget", "import declarations.models.declaration"),
        ("declarations.models.record", "from ..reviewing.workflow import perform_move"),
        ("indicators.values", "from declarations.sheet.units import parse_amount"),
    ],
)
def test_an_import_from_above_is_found(name, source, tmp_path):
    path = tmp_path / "module.py"
    path.write_text(source)
    assert list(wrong_imports(name, path))


def test_what_opens_files_loads_no_django():
    code = "import sys, declarations.checks, declarations.files.reading.reader; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0

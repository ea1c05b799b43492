"""The first three rules of naming (CONTRIBUTING.md): what a function may be called, one class a name, no homonyms."""

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PARTICIPLE = re.compile(
    "found|said|kept|shown|read|given|told|taken|written|made|sent|held|done|laid|brought|built|drawn|left|seen|heard|put|"
    "set|met|got|known|sought|bound|cut|hidden|gone|come|begun|chosen|broken|spoken|[a-z]+(?:ed|en)"
)
PRONOUN = re.compile("one|some|none|any|all|each|others?|it|they|them|this|that|these|those|what|which|who|whose|when")
VERBS = frozenset({"shorten", "widen", "open", "feed", "need", "embed"})
SHARED = frozenset({"Command", "Meta"})
"""Names that Django gives to one class in many modules."""


def is_no_name(name):
    """Return whether a function name is a bare participle or pronoun, which says neither what is done nor to what."""
    return name not in VERBS and bool(PARTICIPLE.fullmatch(name) or PRONOUN.fullmatch(name))


def trees():
    for app in ("config", "declarations", "indicators"):
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield str(path.relative_to(ROOT)), ast.parse(path.read_text("utf-8"))


def bare_names(tree, path="module.py"):
    """Return the public functions of a module that `is_no_name`; template filters are words of a template."""
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and "templatetags" not in path]
    return [node.name for node in functions if is_no_name(node.name)]


def homonyms(tree):
    """Return the imports that give something of our own another name."""
    own = ("config", "declarations", "indicators")
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
    aliases = [(node.module, alias) for node in imports for alias in node.names if node.module.split(".")[0] in own]
    return [f"{module}.{alias.name} as {alias.asname}" for module, alias in aliases if alias.asname]


def test_no_function_is_called_by_a_bare_participle_or_pronoun():
    assert {path: names for path, tree in trees() if (names := bare_names(tree, path))} == {}


def test_no_two_public_classes_share_a_name():
    places = defaultdict(list)
    for path, tree in trees():
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(path)
    assert {name: paths for name, paths in places.items() if len(paths) > 1 and name not in SHARED} == {}


def test_nothing_of_our_own_is_imported_under_another_name():
    assert {path: names for path, tree in trees() if (names := homonyms(tree))} == {}


@pytest.mark.parametrize("name", ["found", "said", "one", "kept", "unreported", "given", "whose"])
def test_a_participle_or_a_pronoun_is_no_name(name):
    assert is_no_name(name)


@pytest.mark.parametrize("name", ["save_table", "totals_of", "shorten", "doubts", "page", "departments_named"])
def test_a_verb_or_a_noun_is_a_name(name):
    assert not is_no_name(name)


def test_an_alias_for_a_homonym_is_noticed():
    assert homonyms(ast.parse("from declarations.reviewing.letters import wording as words")) != []

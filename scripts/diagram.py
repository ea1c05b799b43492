"""`make diagram`: draw the models and what they refer to into docs/models.md, as mermaid, one picture a module."""

import os
import sys
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "models.md"
APPS = ("declarations", "indicators")
HEAD = """# Models

Drawn from the models by `make diagram`; a test fails while this page is older than they are. One picture a module of
`models/`, with what its models refer to. `||` is exactly one, `|o` one or none, `}o` any number; the label is the
field. The words in quotes are the official ones, see [vocabulary](vocabulary.md).
"""


def models():
    """Return the models of the site with their own table, by module, in the order of their declaration."""
    from django.apps import apps

    found = [model for app in APPS for model in apps.get_app_config(app).get_models()]
    return groupby(sorted(found, key=lambda model: model.__module__), key=lambda model: model.__module__)


def drawing() -> str:
    """Return the whole page."""
    parts = [HEAD]
    for module, members in models():
        members = list(members)
        lines = [entity(model) for model in members] + [line for model in members for line in relations(model)]
        parts.append(f"## {module}\n\n```mermaid\nerDiagram\n" + "".join(f"    {line}\n" for line in lines) + "```\n")
    return "\n".join(parts)


def entity(model) -> str:
    name = model.__name__
    return f'{name}["{name} {model._meta.verbose_name}"]'


def relations(model):
    """Yield a line for each field that refers to a model of the site."""
    for field in [*model._meta.fields, *model._meta.many_to_many]:
        other = field.related_model
        if other is None or other._meta.app_label not in APPS:
            continue
        here = "}o" if not field.one_to_one else "|o"
        there = "o{" if field.many_to_many else ("o|" if field.null else "||")
        yield f'{model.__name__} {here}--{there} {other.__name__} : "{field.name}"'


def main():
    import django

    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    TARGET.write_text(drawing(), "utf-8")


if __name__ == "__main__":
    main()

"""Whether anything that a page says of a declaration may have changed: one number of the database, without a list of
what pages show.

Of every table the rows that may matter are counted and their versions added up (PostgreSQL's ``xmin``, which no change
leaves as it was): of what belongs to the declaration only that, of its department's declarations, of the person, and
of all other tables everything. A table that is new is so taken in by itself.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.apps import apps
from django.db import connection, models

from declarations.models import Declaration, User

APP = "declarations"
ADDRESSED = ("recipient", "user")
"""Keys to the person for whom a row is."""


def fingerprint_of(user: User, declaration: Declaration) -> str:
    """The same as long as nothing was written that could show on a page of this declaration. One query."""
    parts, values = [], []
    for number, model in enumerate(_models()):
        condition, given = _condition(model, user, declaration)
        table = connection.ops.quote_name(model._meta.db_table)
        parts.append(f"SELECT {number}, count(*), sum({table}.xmin::text::bigint) FROM {table}{condition}")
        values += given
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts) + " ORDER BY 1", values)
        return hashlib.sha256(repr(cursor.fetchall()).encode()).hexdigest()


def _models() -> list[type[models.Model]]:
    return [model for model in apps.get_app_config(APP).get_models(include_auto_created=True) if model._meta.managed]


def _condition(model: type[models.Model], user: User, declaration: Declaration) -> tuple[str, list[Any]]:
    """Which rows of a table count, as SQL, with the values in it."""
    quote = connection.ops.quote_name
    if model is Declaration:
        return f" WHERE {quote('department_id')} = %s", [declaration.department_id]
    if model is User:
        return f" WHERE {quote('id')} = %s", [user.pk]
    path = _path(model)
    if not path:
        return "", []
    parts, values = [f"{_chain(path)} = %s{')' * (len(path) - 1)}"], [declaration.pk]
    if path[0].null:
        parts.append(f"{quote(path[0].column)} IS NULL")
    for key in (key for key in _keys(model) if key.related_model is User and key.name in ADDRESSED):
        parts.append(f"{quote(key.column)} = %s")
        values.append(user.pk)
    return f" WHERE {' OR '.join(parts)}", values


def _keys(model: type[models.Model]) -> list[models.ForeignKey]:
    return [key for key in model._meta.concrete_fields if isinstance(key, models.ForeignKey)]


def _chain(path: list[models.ForeignKey]) -> str:
    """``a_id IN (SELECT id FROM a WHERE declaration_id``: the way to the declaration, still open."""
    quote = connection.ops.quote_name
    steps = []
    for key in path[:-1]:
        above = key.related_model._meta
        table, pk = quote(above.db_table), quote(above.pk.column)
        steps.append(f"{quote(key.column)} IN (SELECT {pk} FROM {table} WHERE ")
    return "".join(steps) + quote(path[-1].column)


def _path(model: type[models.Model], depth: int = 3) -> list[models.ForeignKey]:
    """The keys that lead from a model whose rows belong to a declaration to that; empty for any other."""
    for key in _keys(model):
        if key.related_model is Declaration:
            return [key]
    for key in _keys(model) if depth > 1 else ():
        further = [] if key.null or key.related_model is model else _path(key.related_model, depth - 1)
        if further and not further[0].null:
            return [key, *further]
    return []

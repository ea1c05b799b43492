"""The fill page sent as an ordinary form, by a browser without scripts: the whole page at once, one button pressed.

What the person did not touch must not undo what others saved, so the page carries a digest of every
text it was drawn with (``base``) and only texts unlike it are changes.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping

from django.http import QueryDict

from declarations.filling.changes import Changes
from declarations.sheet.controls import NAME, Unusable, texts_of
from declarations.sheet.table import Table, clean_text

ADDED = ("level1", "level2", "name", "annual_value", "tasks")


def digests_of(texts: Mapping[str, str]) -> str:
    """The digest of each text by its control, as JSON."""
    return json.dumps({name: digest_of(text) for name, text in texts.items()}, separators=(",", ":"))


def digest_of(text: str) -> str:
    return hashlib.blake2b(clean_text(text).encode(), digest_size=5).hexdigest()


def changes_of(post: QueryDict, table: Table) -> Changes:
    """What a posted page changes in ``table``; raises `Unusable` for a form that is not ours."""
    try:
        base = dict(json.loads(post.get("base") or "{}"))
        version = int(post.get("version", ""))
    except (ValueError, TypeError, RecursionError):
        raise Unusable("页面内容不完整，请刷新页面后重试。") from None
    typed = {name: text for name, text in post.items() if name in table.form.items or NAME.fullmatch(name)}
    taken = set(post.getlist("take"))
    changed = {n: t for n, t in typed.items() if n not in taken and base.get(n) != digest_of(t)}
    data = {
        "version": version,
        "fields": {name: text for name, text in changed.items() if name in table.form.items},
        "rows": _rows(changed, typed, table),
    }
    data |= _chosen(post, typed, taken, table)
    return Changes.from_json(_pressed(post, table, data))


def _rows(changed: Mapping[str, str], typed: Mapping[str, str], table: Table) -> dict[str, dict[str, dict[str, str]]]:
    """Changed texts by grid and row; a row that is gone meanwhile comes back whole."""
    known = {row.id for rows in (table.key_tasks, table.indicators) for row in rows}
    back = {match[2] for name in changed if (match := NAME.fullmatch(name)) and match[2] not in known}
    rows: dict[str, dict[str, dict[str, str]]] = {}
    for name, text in typed.items():
        match = NAME.fullmatch(name)
        if match and (name in changed or match[2] in back):
            rows.setdefault(match[1], {}).setdefault(match[2], {})[match[3]] = text
    return rows


def _chosen(post: QueryDict, typed: Mapping[str, str], taken: set[str], table: Table) -> dict[str, object]:
    """Of the controls that two people wrote in: the own texts given up, and those that replace the other's."""
    asked = [name for name in post.getlist("over") if name in typed]
    stored = texts_of(table) if asked else {}
    dropped = {
        name: typed[name]
        for name in asked
        if name in taken and digest_of(typed[name]) != digest_of(stored.get(name, ""))
    }
    return {"over": [name for name in asked if name not in taken], "dropped": dropped}


def _pressed(post: QueryDict, table: Table, data: dict) -> dict:
    """The data with what the pressed button asks for: a row added, removed or moved."""
    if "add" in post:
        return _added(post["add"], data)
    if match := NAME.fullmatch(post.get("remove", "")):
        return data | {"deleted": {match[1]: [match[2]]}}
    for direction, step in (("up", -1), ("down", 1)):
        if match := NAME.fullmatch(post.get(direction, "")):
            return data | {"order": {match[1]: moved_row(table, match[1], match[2], step)}}
    return data


def _added(what: str, data: dict) -> dict:
    """``key_tasks``, ``optional_tasks``, ``indicators|产出指标|数量指标`` or that with a promise: name, value, task."""
    name, *texts = what.split("|")
    values = {"is_optional": True} if name == "optional_tasks" else dict(zip(ADDED, texts, strict=False))
    grid = "key_tasks" if name == "optional_tasks" else name
    rows = {row: dict(texts) for row, texts in data["rows"].get(grid, {}).items()}
    return data | {"rows": data["rows"] | {grid: rows | {str(uuid.uuid4()): values}}}


def moved_row(table: Table, grid: str, key: str, step: int) -> list[str]:
    """The ids of a grid with one row moved past its neighbour of the same kind."""
    rows = list(table.rows[grid])
    at = next((i for i, row in enumerate(rows) if row.id == key), None)
    if at is None:
        return [row.id for row in rows]
    kind = getattr(rows[at], "is_optional", False)
    same = [i for i, row in enumerate(rows) if getattr(row, "is_optional", False) == kind]
    place = same.index(at) + step
    if 0 <= place < len(same):
        rows[at], rows[same[place]] = rows[same[place]], rows[at]
    return [row.id for row in rows]

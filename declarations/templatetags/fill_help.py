"""填写说明 beside a field and above a grid of the fill page."""

from __future__ import annotations

from django import template

register = template.Library()


@register.inclusion_tag("declarations/filling/helping/field_help.html", takes_context=True)
def field_help(context: dict, field: str) -> dict:
    """The rule, an example and last year's value of a single field; nothing where the page knows none of them."""
    last = context.get("last_year")
    value = last.values.get(field, "") if last else ""
    return {"said": context.get("guidance", {}).get(field), "last": value, "source": last.name if last else ""}


@register.inclusion_tag("declarations/filling/helping/grid_help.html", takes_context=True)
def grid_help(context: dict, grid) -> dict:
    """The same for the columns of a grid."""
    known = context.get("guidance", {})
    names = [f"{grid.rows}.{column.field}" for column in grid.columns]
    return {"said": [known[name] for name in names if name in known]}

"""What templates need to draw the shell: icons, the navigation, states, amounts and times in words."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal

from django import template
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html

from declarations.exporting.rendering import LIST_FORMS, Format
from declarations.models import Role, State
from declarations.sheet.units import grouped_amount
from declarations.web.access import roles_of

register = template.Library()

ADMINISTRATOR = frozenset([Role.ADMINISTRATOR])
AT_HOME = (
    "home",
    "assignments",
    "stand_in",
    "letter",
    "approved",
    "extension",
    "invitation",
    "check",
    "score_",
    "batch",
)
"""What is reached from the page of what is to be done."""
NAVIGATION = (
    ("待办", "declarations:home", AT_HOME, frozenset()),
    ("申报表", "declarations:list", ("list", "detail", "fill", "snapshot", "move", "print", "export"), frozenset()),
    ("指标库", "declarations:library", ("library",), frozenset()),
    ("统计", "declarations:statistics", ("statistics",), Role.BUREAU),
    ("办理记录", "declarations:log", ("log",), Role.BUREAU),
    ("导入导出", "declarations:imports", ("import", "reference"), ADMINISTRATOR),
    ("管理", "admin:index", (), ADMINISTRATOR),
    ("帮助", "declarations:help", ("help",), frozenset()),
)
"""Label, address, beginnings of the names of pages that belong to it, roles that see it (none: all)."""

LONG_AGO = 60


@register.simple_tag
def icon(name: str, label: str = "") -> str:
    """An icon of the vendored sprite; decoration, unless ``label`` says what it means."""
    sprite = static("vendored/bootstrap-icons/icons.svg")
    use = format_html('<use href="{}#{}"></use>', sprite, name)
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}" focusable="false">{}</svg>', label, use)
    return format_html('<svg class="icon" aria-hidden="true" focusable="false">{}</svg>', use)


@register.simple_tag(takes_context=True)
def navigation(context: dict) -> list[dict]:
    """The links of the bar that exist and are for this person, the current one marked."""
    request = context.get("request")
    if request is None or not hasattr(request, "user") or not request.user.is_authenticated:
        return []
    match = request.resolver_match
    current = match.url_name or "" if match and match.namespace == "declarations" else ""
    held = roles_of(request.user)
    return [
        {"label": label, "url": url, "current": current.startswith(pages) if pages else False}
        for label, name, pages, roles in NAVIGATION
        if (not roles or roles & held) and (url := address(name))
    ]


def address(name: str) -> str:
    """The address of a page, empty while there is no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@register.simple_tag
def bureau_of(user) -> str:
    """The name of the bureau a person belongs to, for the bar; empty where nobody is logged in."""
    known = getattr(user, "is_authenticated", False)
    membership = next(iter(user.memberships_now), None) if known else None
    if membership is None:
        return ""
    place = membership.place
    return str(getattr(place, "bureau", place))


@register.inclusion_tag("includes/state.html")
def state_badge(state: str) -> dict:
    """A state in words with its own mark, so that colour says nothing alone."""
    return {"state": state, "label": State(state).label, "icon": State(state).icon}


@register.inclusion_tag("includes/steps.html")
def steps(state: str) -> dict:
    """The way of a declaration, with what is done and where it is; one that was returned is being filled in again."""
    now = State(state)
    at = State.STEPS.index(now.shown_as)
    labels = [step.facts.step for step in State.STEPS]
    if now.shown_as != now:
        labels[at] = "退回修改"
    is_over = now == State.STEPS[-1]
    return {
        "steps": [{"label": label, "done": i < at or is_over, "current": i == at} for i, label in enumerate(labels)]
    }


@register.simple_tag
def deadline(cycle) -> str:
    """``还有 22 天``, with the exact time on hover."""
    return time_element(cycle.deadline, in_words(cycle.deadline), "截止时间 ")


@register.simple_tag
def since(moment: datetime.datetime | None) -> str:
    """``3 天前``, with the exact time on hover; nothing for None."""
    return time_element(moment, ago(moment)) if moment else ""


@register.simple_tag
def until(moment: datetime.datetime) -> str:
    """``还有 22 天`` to a moment, with the exact time on hover."""
    return time_element(moment, in_words(moment), "截止时间 ")


@register.simple_tag
def working(moment: datetime.datetime, days: int) -> str:
    """``已等 3 个工作日``, of which there were ``days`` since a moment, with the exact time on hover."""
    is_today = timezone.localdate(moment) == timezone.localdate()
    return time_element(moment, "今天" if is_today else f"已等 {days} 个工作日")


def time_element(moment: datetime.datetime, words: str, before: str = "") -> str:
    tag = '<time datetime="{}" title="{}{}">{}</time>'
    return format_html(tag, timezone.localtime(moment).isoformat(timespec="minutes"), before, exact(moment), words)


@register.filter
def without_placeholder(field):
    """Return a form field whose control has no placeholder: the label says the same, and stays."""
    field.field.widget.attrs.pop("placeholder", None)
    return field


@register.filter
def field_errors(form) -> list[tuple]:
    """Return each error of a form that belongs to a field one sees, as (field, error) in the order of the fields."""
    return [(field, error) for field in form.visible_fields() for error in field.errors]


@register.simple_tag
def export_forms() -> list[Format]:
    """Return the forms in which declarations leave, in the order of the menus."""
    return [*LIST_FORMS.values()]


@register.filter
def amount(value: Decimal | None) -> str:
    """``1,069.37``: all decimals kept, thousands separated; empty for None."""
    return "" if value is None else grouped_amount(value)


@register.filter
def signed(value: Decimal) -> str:
    """``+3.2``, ``-1.0``, ``0.0``: a change, with its direction."""
    return f"{value:+}" if value else f"{value}"


@register.filter
def is_near(moment: datetime.datetime) -> bool:
    """Within a week, and not over yet."""
    return timezone.now() <= moment <= timezone.now() + datetime.timedelta(days=7)


@register.filter
def in_words(moment: datetime.datetime) -> str:
    """``还有 22 天``, ``今天截止``, ``已截止 3 天``: a deadline by calendar days."""
    days = (timezone.localdate(moment) - timezone.localdate()).days
    if days == 0:
        return "今天截止" if moment >= timezone.now() else "今天已截止"
    return f"还有 {days} 天" if days > 0 else f"已截止 {-days} 天"


@register.filter
def ago(moment: datetime.datetime) -> str:
    """``今天``, ``昨天``, ``3 天前``: how long something lies back, by calendar days; the date after two months."""
    days = (timezone.localdate() - timezone.localdate(moment)).days
    if days > LONG_AGO:
        return f"{timezone.localdate(moment):%Y-%m-%d}"
    return {0: "今天", 1: "昨天"}.get(days, f"{days} 天前")


@register.filter
def exact(moment: datetime.datetime | None) -> str:
    """``2026-12-15 18:00``, in local time."""
    return "" if moment is None else f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"


@register.simple_tag(takes_context=True)
def query(context: dict, **changes) -> str:
    """The address's query with some parameters changed; an empty value drops one."""
    params = context["request"].GET.copy()
    for name, value in changes.items():
        params.pop(name, None)
        if value not in ("", None):
            params[name] = value
    return f"?{params.urlencode()}"


@register.filter
def as_json(value: object) -> str:
    """A value as JSON for a data attribute; the template escapes it."""
    return json.dumps(value, ensure_ascii=False)

"""Every address × every role, generated from the resolver: what is declared is what happens.

An address that declares no access fails; so does one that lets in somebody whom it does not name.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import pytest
from django.core.files.base import ContentFile
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, get_resolver, path, reverse

from declarations.models import (
    Code,
    Comment,
    Copying,
    Export,
    Extension,
    ImportBatch,
    Invitation,
    ListImport,
    Role,
    StandIn,
    Upload,
)
from declarations.reviewing import workflow
from declarations.web.access import SIGNED_IN, Access, access_of, public
from tests import factories

VISITOR, STRANGER = "visitor", "stranger"
"""Somebody not logged in, and somebody logged in to whom nothing was given."""
OWNER_OF_EXPORT = Role.FILLER.value
"""The only one who finds the file of an export."""
PEOPLE = (VISITOR, STRANGER, *Role.values)


@dataclass(frozen=True)
class Address:
    """One pattern of the resolver: its route for people, its full name, its view, the names of its arguments."""

    route: str
    name: str
    view: object
    arguments: tuple[str, ...]

    @property
    def access(self) -> Access | None:
        return access_of(self.view, self.name)

    @property
    def is_ours(self) -> bool:
        return getattr(self.view, "access", None) is not None


def addresses(patterns, route: str = "", namespaces: tuple[str, ...] = (), arguments: tuple[str, ...] = ()):
    """All addresses below ``patterns``."""
    for pattern in patterns:
        here = route + str(pattern.pattern)
        names = (*arguments, *pattern.pattern.converters, *pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLPattern):
            name = ":".join((*namespaces, pattern.name or ""))
            yield Address(here, name, pattern.callback, tuple(dict.fromkeys(names)))
        else:
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from addresses(pattern.url_patterns, here, inner, tuple(dict.fromkeys(names)))


ALL = list(addresses(get_resolver().url_patterns))


OURS = [address for address in ALL if address.is_ours]
LIBRARIES = [address for address in ALL if not address.is_ours]


def test_every_address_declares_who_may_open_it():
    assert [address.route for address in ALL if address.access is None] == []


def test_an_address_that_declares_nothing_is_found():
    def view(request):
        return HttpResponse("")

    found = list(addresses([path("open/", public(lambda request: HttpResponse(""))), path("forgotten/", view)]))
    assert [address.route for address in found if address.access is None] == ["forgotten/"]


@dataclass
class World:
    """An approved declaration, and somebody of each role who may see it; ``outside``: the same of another bureau."""

    values: dict[str, object]
    people: dict[str, object]
    outside: dict[str, object]


@pytest.fixture
def world(db) -> World:
    place = factories.division()
    department = factories.department(division=place)
    declaration = factories.declaration(department)
    people, outside = people_of(department), people_of(factories.department(division=factories.division()))
    for action, role in (
        ("send_to_head", "filler"),
        ("submit", "head"),
        ("pass", "division"),
        ("approve", "performance"),
    ):
        workflow.perform_move(declaration.pk, action, people[role])
    batch = ImportBatch.objects.create(bureau=department.bureau, created_by=people["administrator"])
    extension = Extension.objects.create(
        cycle=declaration.cycle,
        department=department,
        until=declaration.cycle.deadline,
        reason="人员变动",
        granted_by=people["performance"],
    )
    given = {"person": factories.user(), "invited_by": people["performance"], "until": declaration.cycle.deadline}
    invitation = Invitation.objects.create(cycle=declaration.cycle, department=department, reason="第三方评审", **given)
    values = {
        "invitation": invitation.pk,
        "extension": extension.pk,
        "pk": declaration.pk,
        "action": "approve",
        "number": 4,
        "department": department.pk,
    }
    read = {"sheet": "Sheet1", "table": factories.table().to_json(), "cells": {}, "problems": []}
    file = Upload.objects.create(
        declaration=declaration, original_name="表.xlsx", state="read", size=1, result={"tables": [read]}
    )
    copying = Copying.objects.create(declaration=declaration, source="上年", created_by=people["filler"])
    values |= {
        "cycle": declaration.cycle.pk,
        "batch": batch.pk,
        "file": file.pk,
        "copied": copying.pk,
        "kind": "blank",
        "object_id": department.pk,
        "app_label": "declarations",
    }
    values |= {
        "content_type_id": 1,
        "url": "nothing",
        "code": "B01",
        "key": "0-0",
        "uidb36": "0",
        "id": people["filler"].pk,
    }
    entry = factories.library_entry(department.bureau)
    proposal = factories.proposal(department)
    values |= {"entry": entry.pk, "proposal": proposal.pk, "row": declaration.indicators.first().pk}
    comment = Comment.objects.create(
        declaration=declaration,
        snapshot=declaration.snapshots.first(),
        code=Code.OTHER,
        author=people["division"],
        acting_role=Role.DIVISION,
    )
    values |= {"comment": comment.pk, "event": declaration.events.get(action="approve").pk}
    values |= {"bureau": department.bureau.pk, "letter": "return"}
    values["stand_in"] = StandIn.objects.create(
        bureau=department.bureau,
        reviewer=people["division"],
        stand_in=factories.person("division", place),
        first_day="2020-01-01",
        last_day="2020-01-02",
        reason="年休假",
        named_by=people["division"],
    ).pk
    values["export"] = finished_export(people[OWNER_OF_EXPORT]).pk
    listing = ListImport.objects.create(
        bureau=department.bureau, kind="departments", created_by=people["administrator"], size=1
    )
    listing.file.save("", ContentFile(b"1"))
    values["reference"] = listing.pk
    return World(values, people, outside)


def finished_export(owner) -> Export:
    export = Export.objects.create(requested_by=owner, form="json", state="ready", total=0)
    export.path.parent.mkdir(parents=True)
    export.path.write_bytes(b"")
    return export


def people_of(department) -> dict[str, object]:
    places = {
        Role.FILLER: department,
        Role.HEAD: department,
        Role.DIVISION: department.division,
        Role.PERFORMANCE: department.bureau,
        Role.ADMINISTRATOR: department.bureau,
        Role.OBSERVER: department.bureau,
    }
    staff = {Role.ADMINISTRATOR: {"is_staff": True}}
    found = {role.value: factories.person(role, place, **staff.get(role, {})) for role, place in places.items()}
    return {VISITOR: None, STRANGER: factories.user(), **found}


def url_of(address: Address, world: World) -> str:
    """The address filled in; those without a name, or with patterns no name leads to, as their route says."""
    values = {name: world.values[name] for name in address.arguments}
    if address.name and not address.name.endswith(":"):
        return reverse(address.name, kwargs=values)
    return "/" + address.route.replace("(?P<url>.*)$", "nothing")


def browser_of(person) -> Client:
    """Logged in once, unless it is a visitor's."""
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


def outcome(client, person, method: str, url: str) -> tuple[str, int]:
    """What became of a request: ``login``, ``denied``, ``missing`` or ``admitted``, and the status."""
    response = client.get(url) if method == "get" else client.post(url, {"action": "approve", "version": "1"})
    to = response.headers.get("Location", "")
    if response.status_code == 302 and to.partition("?")[0] in (reverse("account_login"), reverse("admin:login")):
        return ("admitted" if person is not None and url == reverse("account_logout") else "login"), 302
    named = {403: "denied", 404: "missing", 405: "no such method"}
    return named.get(response.status_code, "admitted"), response.status_code


def expected(address: Address, kind: str, is_outside: bool) -> set[str]:
    """The outcomes that the declaration of an address allows for somebody."""
    access = address.access
    if access.anonymous:
        return {"admitted", "login"}
    if kind == VISITOR:
        return {"login"}
    if access.roles and kind not in access.roles:
        return {"denied"} if address.is_ours else {"denied", "login"}
    about_something = address.is_ours and address.arguments
    is_hidden = is_outside or kind == STRANGER or ("export" in address.arguments and kind != OWNER_OF_EXPORT)
    found = "missing" if about_something and is_hidden else "admitted"
    return {found, "no such method"}


@pytest.mark.parametrize("kind", PEOPLE)
def test_our_pages_let_in_whom_they_name(world, kind):
    wrong = []
    for is_outside, people in ((False, world.people), (True, world.outside)):
        client, person = browser_of(people[kind]), people[kind]
        # an address about nothing in particular is about nothing of another bureau
        addresses = [address for address in OURS if address.arguments or not is_outside]
        for address, method in product(addresses, ("get", "post")):
            result, status = outcome(client, person, method, url_of(address, world))
            if status >= 500 or not told(address, method, is_outside, status):
                allowed = expected(address, kind, is_outside)
                wrong += [] if result in allowed else [(address.name, is_outside, method, result, status)]
    assert wrong == []


def told(address: Address, method: str, is_outside: bool, status: int) -> bool:
    """The declaration is approved, so its moves are refused by the page itself, to those who may see it."""
    return address.name == "declarations:move" and method == "post" and not is_outside and status in (403, 409)


@pytest.mark.parametrize("part", ["", "accounts/", "admin/"])
def test_pages_of_libraries_let_in_whom_the_table_names(world, part):
    wrong, browsers = [], {kind: browser_of(person) for kind, person in world.people.items()}
    for address, kind in product(
        (a for a in LIBRARIES if a.route.startswith(part) and (part or "/" not in a.route)), PEOPLE
    ):
        result, status = outcome(browsers[kind], world.people[kind], "get", url_of(address, world))
        allowed = expected(address, kind, is_outside=False)
        # what a library lets an admitted person do on one page is its own affair; whom it keeps out is ours
        allowed |= {"denied", "missing"} if "admitted" in allowed else set()
        wrong += [] if status < 500 and result in allowed else [(address.name, kind, result, status)]
    assert wrong == []


def test_a_person_whose_role_has_ended_is_let_in_nowhere(client, world):
    filler = world.people["filler"]
    filler.memberships.update(valid_from="2020-01-01", valid_to="2020-12-31")
    client.force_login(filler)
    assert client.get(reverse("declarations:detail", args=[world.values["pk"]])).status_code == 404
    assert SIGNED_IN.admits(filler)

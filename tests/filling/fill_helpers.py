"""What the tests of the fill page share: somebody who fills in, a page that saves."""

import json

from django.test import Client
from django.urls import reverse

from tests import factories


def client_of(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def filler_of(declaration, **values):
    return factories.person("filler", declaration.department, **values)


def address(declaration, page="fill_save") -> str:
    return reverse(f"declarations:{page}", args=[declaration.pk])


def send(client, declaration, version=1, **changes):
    """A save as the page's script sends it."""
    body = json.dumps({"version": version, **changes})
    return client.post(address(declaration), body, content_type="application/json")


def row_id(declaration, grid="key_tasks", at=0) -> str:
    return str(getattr(declaration, grid).all()[at].pk)

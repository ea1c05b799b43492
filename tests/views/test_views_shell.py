"""What holds for every page: strict content policy, icons that exist, links that lead somewhere, errors in Chinese."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template.loader import get_template
from django.test import Client
from django.urls import reverse

from config.settings import BASE_DIR
from tests import factories

TEMPLATES = sorted((BASE_DIR / "templates").rglob("*.html"))
SPRITE = (BASE_DIR / "static/vendored/bootstrap-icons/icons.svg").read_text()


def relative(path: Path) -> str:
    return str(path.relative_to(BASE_DIR / "templates"))


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_no_template_holds_inline_script_or_style(path):
    text = path.read_text()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", text)
    inline = [tag for tag in re.findall(r"<script[^>]*>", text) if "src=" not in tag and "application/json" not in tag]
    assert inline == []


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_every_template_compiles(path):
    assert get_template(relative(path))


def test_every_icon_in_use_is_in_the_sprite():
    sources = [*TEMPLATES, *(BASE_DIR / "declarations/templatetags").glob("*.py")]
    used = {name for path in sources for name in re.findall(r'{% icon "([a-z-]+)"', path.read_text())}
    assert used
    assert {name for name in used if f'id="{name}"' not in SPRITE} == set()


def test_every_page_is_sent_with_a_strict_policy(client, db):
    policy = client.get(reverse("account_login")).headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_the_login_speaks_chinese_and_refuses_in_words(client, db):
    factories.user(username="filler", password=factories.PASSWORD)
    text = client.get(reverse("account_login")).content.decode()
    assert "用户名" in text
    assert "密码" in text
    refused = client.post(reverse("account_login"), {"login": "filler", "password": "wrong"}).content.decode()
    assert "is-invalid" in refused or "notice-error" in refused
    assert not re.search(r"[A-Za-z]{4,} [a-z]{3,} [a-z]{3,}", re.sub(r"<[^>]+>", "", refused))


def test_a_login_lands_on_home(client, db):
    factories.user(username="filler", password=factories.PASSWORD)
    response = client.post(reverse("account_login"), {"login": "filler", "password": factories.PASSWORD})
    assert response.headers["Location"] == reverse("declarations:home")


def test_a_login_is_followed_by_the_work_not_by_a_message(client, db):
    factories.user(username="filler", password=factories.PASSWORD)
    data = {"login": "filler", "password": factories.PASSWORD}
    response = client.post(reverse("account_login"), data, follow=True)
    assert response.status_code == 200
    assert "成功登录" not in response.content.decode()
    assert list(response.context["messages"]) == []


@pytest.mark.parametrize("place", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_a_login_leads_nowhere_outside(client, db, place):
    factories.user(username="filler", password=factories.PASSWORD)
    data = {"login": "filler", "password": factories.PASSWORD, "next": place}
    assert client.post(reverse("account_login"), data).headers["Location"] == reverse("declarations:home")


def test_the_navigation_shows_administration_to_administrators_only(client, db):
    bureau = factories.bureau()
    client.force_login(factories.person("administrator", bureau, is_staff=True))
    assert f'href="{reverse("admin:index")}"' in client.get("/").content.decode()
    client.force_login(factories.person("performance", bureau))
    assert f'href="{reverse("admin:index")}"' not in client.get("/").content.decode()


def test_a_missing_page_says_so_in_the_shell(client, db):
    client.force_login(factories.user())
    response = client.get("/nothing/")
    assert response.status_code == 404
    assert "没有这个页面" in response.content.decode()
    assert "回到待办" in response.content.decode()


def test_an_expired_form_says_what_to_do(db):
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(reverse("account_login"), {"login": "a", "password": "b"})
    assert response.status_code == 403
    assert "页面已过期" in response.content.decode()


@pytest.mark.parametrize("name", ["400.html", "500.html"])
def test_the_last_resort_needs_neither_person_nor_database(name):
    assert "回到待办" in get_template(name).render()

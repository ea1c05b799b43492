"""Nobody may ask for what is costly without end; saving a form is never limited."""

import json
from pathlib import Path

import pytest
from django.conf import settings as site
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver, reverse

from declarations.models import ListImport, RequestCount
from declarations.operating.rates import RateLimit
from declarations.operating.service_checks import service_is_set_up_safely
from declarations.web import limiting
from tests import factories
from tests.test_access_matrix import addresses

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def narrow(settings, monkeypatch):
    """Two of each kind in an hour, at a moment ten minutes before the window ends."""
    settings.RATE_LIMITS = dict.fromkeys(site.RATE_LIMITS, "2/1h")
    monkeypatch.setattr(limiting.time, "time", lambda: 3600 * 500_000 - 600)


@pytest.fixture
def administrator(client):
    person = factories.person("administrator", factories.bureau())
    client.force_login(person)
    return person


def test_the_third_upload_is_answered_in_words_with_the_time_to_wait(client, administrator):
    address = reverse("declarations:authenticity")
    statuses = [client.post(address, {"code": "0" * 16}).status_code for _ in range(2)]
    assert 429 not in statuses
    answer = client.post(address, {"code": "0" * 16})
    assert answer.status_code == 429 and answer["Retry-After"] == "600"
    assert "上传文件过于频繁" in answer.content.decode() and "10 分钟" in answer.content.decode()
    assert client.get(address).status_code == 200


def test_exports_and_uploads_are_counted_apart_and_each_person_alone(client, administrator):
    for _ in range(3):
        last = client.get(reverse("declarations:log_export"))
    assert last.status_code == 429
    assert client.post(reverse("declarations:authenticity"), {"code": "0"}).status_code != 429
    client.force_login(factories.person("administrator", factories.bureau()))
    assert client.get(reverse("declarations:log_export")).status_code == 200


def test_visitors_are_counted_by_address(client):
    page = reverse("account_login")
    assert [client.get(page).status_code for _ in range(3)] == [200, 200, 429]
    assert client.get(page, REMOTE_ADDR="203.0.113.7").status_code == 200
    assert client.get("/healthz").status_code == 200


def test_a_script_is_answered_as_json(client):
    declaration = factories.declaration()
    client.force_login(factories.person("filler", declaration.department))
    address = reverse("declarations:fill_live", args=[declaration.pk])
    body = json.dumps({"version": 1, "fields": {}, "rows": {}})
    given = {"content_type": "application/json", "headers": {"accept": "application/json"}}
    for _ in range(3):
        answer = client.post(address, body, **given)
    assert answer.status_code == 429 and answer.json()["message"].startswith("检查过于频繁")


def test_saving_is_never_limited(client):
    declaration = factories.declaration()
    client.force_login(factories.person("filler", declaration.department))
    address = reverse("declarations:fill_save", args=[declaration.pk])
    for n in range(6):
        body = json.dumps({"version": n + 1, "fields": {"overall_goal": f"第{n}稿"}, "rows": {}})
        assert client.post(address, body, content_type="application/json").status_code == 200
    assert not RequestCount.objects.exists()


def test_a_window_that_is_over_counts_no_more(client, administrator, monkeypatch):
    for _ in range(3):
        client.get(reverse("declarations:log_export"))
    monkeypatch.setattr(limiting.time, "time", lambda: 3600 * 500_000 + 1)
    assert client.get(reverse("declarations:log_export")).status_code == 200


def test_a_limit_may_be_turned_off(client, administrator, settings):
    settings.RATE_LIMITS = site.RATE_LIMITS | {"exports": "off"}
    assert [client.get(reverse("declarations:log_export")).status_code for _ in range(4)] == [200] * 4


def test_a_request_that_is_too_long_is_answered_before_it_is_read(client, administrator, settings):
    settings.REQUEST_BYTES = 1 << 20
    file = SimpleUploadedFile("a.xlsx", b"0" * (2 << 20))
    answer = client.post(reverse("declarations:authenticity"), {"file": file})
    assert answer.status_code == 413 and "不能超过 1 MB" in answer.content.decode()


def test_every_upload_and_export_has_a_limit():
    names = [address.name for address in addresses(get_resolver().url_patterns)]
    costly = {name for name in names if name.endswith(("export", "upload")) or name == "declarations:import_new"}
    limited = {name for name in costly if any(limiting.fnmatchcase(name, one[0]) for one in limiting.LIMITED)}
    assert costly == limited and len(costly) > 15


@pytest.mark.parametrize(
    ("text", "rate"),
    [("60/10m", RateLimit(60, 600)), ("1/s", RateLimit(1, 1)), ("5/2h", RateLimit(5, 7200)), ("off", None)],
)
def test_limits_are_written_as_people_say_them(text, rate):
    assert RateLimit.read(text) == rate


@pytest.mark.parametrize("text", ["60", "60/", "x/m", "60/10", "60/0m", "-1/m", "60/1.5m"])
def test_a_limit_that_cannot_be_read_is_told_at_the_start(settings, text):
    settings.RATE_LIMITS = site.RATE_LIMITS | {"uploads": text}
    assert [one.id for one in service_is_set_up_safely()] == ["declarations.E021"]


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("MEDIA_ROOT", site.STATICFILES_DIRS[0] / "uploads", "E020"),
        ("MEDIA_ROOT", site.BASE_DIR, "E020"),
        ("CLAMD_URL", "localhost:3310", "E022"),
        ("KEPT_YEARS", 0, "E023"),
    ],
)
def test_unsafe_settings_are_told_at_the_start(settings, name, value, code):
    setattr(settings, name, value)
    assert [one.id for one in service_is_set_up_safely()] == [f"declarations.{code}"]


def test_nothing_that_people_upload_is_served_as_a_file(client, administrator):
    assert not site.MEDIA_URL.strip("/") and service_is_set_up_safely() == []
    file = SimpleUploadedFile("运行.xlsx", b"#!/bin/sh\necho ran\n")
    client.post(reverse("declarations:reference_divisions"), {"file": file})
    kept = Path(ListImport.objects.get().file.path)
    assert kept.suffix == "" and not kept.stat().st_mode & 0o111
    assert client.get(f"/{kept.relative_to(site.MEDIA_ROOT).as_posix()}").status_code == 404

"""What no page of ours sends: answered in Chinese, never with an error of the server, and never kept."""

from __future__ import annotations

import base64
import json
import random

import pytest
from django.db.models import F
from django.urls import reverse

from declarations.models import Declaration, Event, State
from declarations.record import store
from tests import factories
from tests.filling.fill_helpers import address, client_of, filler_of, row_id, send

pytestmark = pytest.mark.django_db
DEEP = "[" * 100_000
LONE_SURROGATE = "\\ud800"
NASTY = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ user }}{% now 'Y' %}",
    "javascript:alert(1)",
)


@pytest.fixture
def declaration():
    return factories.declaration()


@pytest.fixture
def client(declaration):
    return client_of(filler_of(declaration))


def raw(client, declaration, body: str | bytes):
    return client.post(address(declaration), body, content_type="application/json")


@pytest.mark.parametrize(
    "body",
    ["{", "[]", "null", "1", '"x"', DEEP, b"\xff\xfe", '{"version": NaN}', '{"version": true}', '{"version": "1"}'],
    ids=lambda body: repr(body[:20]),
)
def test_a_body_that_is_no_save_is_refused_in_words(client, declaration, body):
    answer = raw(client, declaration, body)
    assert answer.status_code == 400
    assert "请刷新页面后重试" in answer.json()["message"]


VALUES = [None, True, 0, -1, 1.5, 10**400, "", "甲", LONE_SURROGATE, "\0", [], [[]], {}, {"a": {}}, "x" * 40_000]
NAMES = ["staff_count", "overall_goal", "department", "key_tasks", "indicators", "id", "extra", "unread", "\0", ""]


def junk(dice: random.Random, names: list[str], depth: int = 4):
    if depth and dice.random() < 0.6:
        return {dice.choice(names): junk(dice, names, depth - 1) for _ in range(3)}
    return dice.choice(VALUES)


@pytest.mark.parametrize("seed", range(40))
def test_no_junk_brings_the_save_down(client, declaration, seed):
    """Junk in the right places: names that exist, rows that exist, values of every kind."""
    dice = random.Random(seed)
    names = [*NAMES, row_id(declaration), "name", "funding", "is_optional"]
    parts = {part: junk(dice, names) for part in ("fields", "rows", "order", "deleted")}
    body = json.dumps({"version": 1, **parts}).replace("\\\\ud800", LONE_SURROGATE)
    answer = raw(client, declaration, body)
    assert answer.status_code in (200, 400)
    if answer.status_code == 400:
        assert answer.json()["message"].endswith("请刷新页面后重试。")


def test_half_a_character_is_not_kept(client, declaration):
    answer = raw(client, declaration, '{"version": 1, "fields": {"overall_goal": "目标\\ud800完"}}')
    assert answer.status_code == 200
    assert store.table_of(Declaration.objects.get()).overall_goal == "目标完"


def test_a_save_that_is_too_large_says_so(client, declaration, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = send(client, declaration, fields={"overall_goal": "长" * 1000})
    assert answer.status_code == 413
    assert "内容过多" in answer.json()["message"]


@pytest.mark.parametrize("base", ["[]", "1", "null", DEEP, '"x"', '{"staff_count": []}'], ids=lambda base: base[:9])
def test_a_page_without_its_digests_is_refused_or_taken_never_a_crash(client, declaration, base):
    answer = client.post(address(declaration), {"version": "1", "base": base, "staff_count": "7"})
    assert answer.status_code in (302, 400)


@pytest.mark.parametrize("version", ["9" * 5000, "-1", "x", "", "１"])
def test_a_page_with_a_version_of_no_kind_is_refused(client, declaration, version):
    assert client.post(address(declaration), {"version": version, "staff_count": "7"}).status_code in (302, 400, 409)
    assert client.post(address(declaration, "fill_check"), {"version": version, "action": "submit"}).status_code == 409


@pytest.mark.parametrize("key", [DEEP[:5000], '["\\ud800", "a", "b"]', "[1e400,1,1]", "[true,1,2]", "{}", "null"])
@pytest.mark.parametrize("side", ["after", "before"])
def test_a_page_of_the_list_by_a_forged_key_is_the_first(client, declaration, key, side):
    forged = base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")
    response = client.get(reverse("declarations:list"), {side: forged})
    assert response.status_code == 200
    assert [row.declaration for row in response.context["listed"]] in ([declaration], [])


@pytest.fixture
def submitted():
    return factories.declaration(factories.department(division=factories.division()), state=State.SUBMITTED)


@pytest.fixture
def reviewer(submitted):
    return client_of(factories.person("division", submitted.department.division))


def take(client, declaration, action: str, **data):
    url = reverse("declarations:move", args=[declaration.pk, action])
    return client.post(url, {"version": declaration.version, **data})


def test_a_comment_is_kept_without_what_no_database_holds(reviewer, submitted):
    response = take(reviewer, submitted, "return", comment="请补充\0。")
    assert response.status_code == 302
    assert Event.objects.get().comment == "请补充。"


def test_a_comment_of_a_book_is_refused_and_stays(reviewer, submitted):
    response = take(reviewer, submitted, "return", comment="长" * 40_000)
    assert response.status_code == 422
    assert "最多" in response.content.decode()
    assert "长" * 40_000 in response.content.decode()
    assert not Event.objects.exists()


def test_a_version_of_thousands_of_digits_is_refused(reviewer, submitted):
    assert take(reviewer, submitted, "pass", version="1" * 5000).status_code == 409


@pytest.mark.parametrize("where", ["detail", "fill", "fill_check", "print", "list", "home"])
def test_what_is_nasty_is_shown_as_text(client, declaration, where):
    for i, text in enumerate(NASTY):
        Declaration.objects.update(overall_goal=text, unread={"staff_count": text}, version=F("version"))
        declaration.key_tasks.update(name=text, content=text, expected_outcome=text)
        declaration.indicators.update(level1=text, level2=f"{text}{i}", name=text, annual_value=text)
        args = [] if where in ("list", "home") else [declaration.pk]
        shown = client.get(reverse(f"declarations:{where}", args=args)).content.decode()
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown
        assert 'href="javascript' not in shown


def test_no_private_page_is_left_in_a_browser(client, declaration):
    for page in ("list", "home"):
        assert "no-store" in client.get(reverse(f"declarations:{page}")).headers["Cache-Control"]
    for page in ("detail", "print", "export", "fill"):
        assert "no-store" in client.get(address(declaration, page)).headers["Cache-Control"]


@pytest.mark.parametrize("where", ["detail", "print", "list", "fill", "export"])
def test_a_page_to_read_takes_no_post_and_says_so(client, declaration, where):
    args = [] if where == "list" else [declaration.pk]
    response = client.post(reverse(f"declarations:{where}", args=args))
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]
    assert "不能这样打开" in response.content.decode()

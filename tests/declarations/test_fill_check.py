"""Before a declaration is sent on: all findings at once, errors block, and one click is one move."""

import re
from decimal import Decimal

import pytest

from declarations import workflow
from declarations.models import Event, State
from declarations.problems import Problem, Severity
from declarations.views import sending
from tests import factories
from tests.declarations.fill_helpers import address, client_of, filler_of, send

pytestmark = pytest.mark.django_db


def check_page(client, declaration, **data):
    url = address(declaration, "fill_check")
    return client.post(url, data) if data else client.get(url)


def test_errors_are_listed_with_links_and_there_is_no_button():
    declaration = factories.declaration(said=factories.table(staff_count=None, overall_goal=""))
    text = check_page(client_of(filler_of(declaration)), declaration).content.decode()
    assert "有 2 处错误，改正后才能提交" in text
    for field in ("staff_count", "overall_goal"):
        assert f'href="{address(declaration, "fill")}#{field}"' in text
    assert 'value="send_to_head"' not in text


def test_errors_block_the_move_even_without_the_page():
    declaration = factories.declaration(said=factories.table(staff_count=None))
    answer = check_page(client_of(filler_of(declaration)), declaration, action="send_to_head", version="1")
    declaration.refresh_from_db()
    assert (answer.status_code, declaration.state) == (409, State.DRAFT)
    assert "没有提交" in answer.content.decode()


def test_the_filler_sends_it_to_the_head_and_the_head_reports_it():
    declaration = factories.declaration()
    filler, head = filler_of(declaration), factories.person("head", declaration.department)
    page = check_page(client_of(filler), declaration)
    assert "送部门审定" in page.content.decode()
    check_page(client_of(filler), declaration, action="send_to_head", version="1")
    page = check_page(client_of(head), declaration).content.decode()
    assert ">报送" in page.replace("</svg> ", ">") or "报送</button>" in page
    check_page(client_of(head), declaration, action="submit", version="2")
    declaration.refresh_from_db()
    assert (declaration.state, declaration.submissions) == (State.SUBMITTED, 1)


def test_a_second_click_makes_no_second_move_and_is_not_scolded():
    declaration = factories.declaration()
    client = client_of(filler_of(declaration))
    first = check_page(client, declaration, action="send_to_head", version="1")
    second = check_page(client, declaration, action="send_to_head", version="1")
    assert (first.status_code, second.status_code) == (302, 302)
    assert Event.objects.filter(declaration=declaration).count() == 1


def test_what_was_changed_since_the_check_is_not_sent_unseen():
    declaration = factories.declaration()
    client = client_of(filler_of(declaration))
    send(client, declaration, fields={"staff_count": "40"})
    answer = check_page(client, declaration, action="send_to_head", version="1")
    declaration.refresh_from_db()
    assert (answer.status_code, declaration.state) == (409, State.DRAFT)
    assert "修改过" in answer.content.decode()


def test_doubts_of_one_code_are_explained_one_by_one(monkeypatch):
    def two(table):
        return [Problem("T03", Severity.WARNING, f"第{i + 1}项分类不当", "", f"indicators.{i}.level2") for i in (0, 1)]

    for module in (sending, workflow):
        monkeypatch.setattr(module, "check", two)
    declaration = factories.declaration()
    client = client_of(filler_of(declaration))
    names = re.findall(r'name="(reason:[^"]+)"', check_page(client, declaration).content.decode())
    sent = dict(zip(names, ("沿用上年分类", "主管部门要求"), strict=True))
    check_page(client, declaration, **{"action": "send_to_head", "version": "1", **sent})
    kept = Event.objects.get(declaration=declaration).confirmations
    assert sorted(kept.values()) == ["主管部门要求", "沿用上年分类"]
    assert all(key.startswith("T03 ") for key in kept)


def test_reasons_stay_when_the_sending_is_refused():
    said = factories.table(special_funds=Decimal("2000"), municipal_level_funds=Decimal("2000"))
    declaration = factories.declaration(said=said)
    client = client_of(filler_of(declaration))
    answer = check_page(client, declaration, **{"action": "send_to_head", "version": "9", "reason:B03": "含上年结转"})
    assert answer.status_code == 409
    assert 'value="含上年结转"' in answer.content.decode()


def test_the_page_says_what_sending_leads_to():
    declaration = factories.declaration()
    assert "审定期间不能再修改" in check_page(client_of(filler_of(declaration)), declaration).content.decode()


def test_a_doubt_is_explained_to_the_reviewer():
    said = factories.table(special_funds=Decimal("2000"), municipal_level_funds=Decimal("2000"))
    declaration = factories.declaration(said=said)
    client = client_of(filler_of(declaration))
    assert 'name="reason:B03"' in check_page(client, declaration).content.decode()
    check_page(client, declaration, **{"action": "send_to_head", "version": "1", "reason:B03": "含上年结转"})
    assert Event.objects.get(declaration=declaration).confirmations == {"B03": "含上年结转"}

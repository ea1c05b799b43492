"""Before a declaration is sent on: all findings at once, errors block, and one click is one move."""

import pytest

from declarations.models import Event, State
from tests import factories
from tests.filling.fill_helpers import address, client_of, filler_of, send

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


def test_the_page_says_what_sending_leads_to():
    declaration = factories.declaration()
    assert "审定期间不能再修改" in check_page(client_of(filler_of(declaration)), declaration).content.decode()

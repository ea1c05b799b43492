"""The wording of the letters: checked before it is kept, changed with a history, never behind somebody's back."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from declarations.models import LetterKind, LetterWording
from declarations.reviewing.letters.wording import DEFAULTS, faults_of
from tests import factories
from tests.reviewing.test_comments import WORDS
from tests.reviewing.test_letters import OVERALL, desk, open_letter, returned

__all__ = ["desk", "returned"]


@pytest.mark.parametrize("kind", LetterKind.values)
def test_what_the_system_comes_with_has_no_fault(kind):
    own = DEFAULTS[kind]
    assert faults_of(kind, [own.title, own.body, own.signature]) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("{部们}：", "没有“{部们}”这一项"),
        ("如下：{审核意见}", "“{审核意见}”须单独占一行"),
        ("共{部门个", "大括号没有成对"),
    ],
)
def test_a_fault_is_named(text, fault):
    assert fault in "".join(faults_of(LetterKind.RETURN, [text]))


def test_a_changed_wording_counts_at_once_and_the_old_one_stays_on_record(desk, returned, client):
    client.force_login(desk.people["performance"])
    url = reverse("declarations:letter_wording", args=[desk.department.bureau_id, "return"])
    asked = {"title": "意见", "body": "{部门}：\n请改。\n{审核意见}", "signature": "{财政局}", "reason": "简化"}
    assert client.post(url, asked).status_code == 302
    page = open_letter(client, desk, "filler", returned).content.decode()
    assert "请改。" in page and WORDS in page and OVERALL not in page
    client.force_login(desk.people["performance"])
    seen = LetterWording.objects.get().pk
    assert client.post(url, asked | {"title": "意见书", "seen": seen}).status_code == 302
    assert [kept.title for kept in LetterWording.objects.all()] == ["意见书", "意见"]


def test_a_wording_that_somebody_else_changed_meanwhile_is_not_overwritten(desk, client):
    client.force_login(desk.people["administrator"])
    url = reverse("declarations:letter_wording", args=[desk.department.bureau_id, "return"])
    asked = {"title": "甲", "body": "正文", "signature": "局"}
    assert client.post(url, asked).status_code == 302
    second = client.post(url, asked | {"title": "乙"})
    assert (second.status_code, "其他人刚刚修改过" in second.content.decode()) == (
        200,
        True,
    ) or second.status_code == 422
    assert LetterWording.objects.get().title == "甲"


def test_a_preview_keeps_nothing_and_shows_the_latest_decision(desk, returned, client):
    client.force_login(desk.people["performance"])
    url = reverse("declarations:letter_wording", args=[desk.department.bureau_id, "return"])
    page = client.post(url, {"title": "试", "body": "致{部门}\n{审核意见}", "signature": "局", "preview": "1"})
    assert f"致{desk.department.name}" in page.content.decode()
    assert not LetterWording.objects.exists()


def test_a_fault_is_answered_beside_the_field_and_nothing_is_lost(desk, client):
    client.force_login(desk.people["performance"])
    url = reverse("declarations:letter_wording", args=[desk.department.bureau_id, "return"])
    response = client.post(url, {"title": "试", "body": "{不存在}很长的正文", "signature": "局"})
    assert response.status_code == 422
    assert "没有“{不存在}”这一项" in response.content.decode() and "很长的正文" in response.content.decode()


def test_a_division_reviewer_and_another_bureau_change_nothing(desk, client):
    url = reverse("declarations:letter_wording", args=[desk.department.bureau_id, "return"])
    client.force_login(desk.people["division"])
    assert client.get(url).status_code == 403
    client.force_login(factories.person("performance", factories.bureau()))
    assert client.get(url).status_code == 404


def test_the_database_itself_refuses_to_change_one(desk):
    kept = LetterWording.objects.create(
        bureau=desk.department.bureau,
        kind="return",
        title="甲",
        body="乙",
        signature="丙",
        author=desk.people["head"],
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        LetterWording.objects.filter(pk=kept.pk).update(title="丁")


def test_the_list_names_who_changed_which_last(desk, client):
    client.force_login(desk.people["performance"])
    bureau = desk.department.bureau
    for title in ("甲", "乙"):
        LetterWording.objects.create(
            bureau=bureau, kind="list", title=title, body="文", signature="局", author=desk.people["administrator"]
        )
    listed = client.get(reverse("declarations:letter_wordings")).context["listed"]
    assert [(kind, kept and kept.title) for _, kind, _, kept in listed] == [
        ("return", None),
        ("approve", None),
        ("list", "乙"),
    ]

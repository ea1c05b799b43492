"""The score sheet on the page and the settings of a year: what is shown to whom, and what posts do."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from declarations.models import Code, Invitation, Scorers, ScoreSetting, ScoreSheet, State
from declarations.reviewing.scoring import score, score_settings, score_sheets
from declarations.sheet.criteria import DEFAULT_WEIGHTS, DIMENSION_OF_REASON
from tests import factories
from tests.reviewing.score_helpers import Review, marks_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def review():
    return Review()


# --- on the declaration's page -----------------------------------------------------------------


def test_the_form_shows_points_scale_findings_and_comments_beside_their_dimension(client):
    review = Review()
    client.force_login(review.people["division"])
    row = review.declaration.indicators.order_by("position").first()
    row.annual_value = "48次"  # V06: no operator
    row.save()
    name = f"indicators-{row.pk}-annual_value"
    client.post(review.url("comment"), {"field": name, "code": Code.FUNDING, "text": "资金偏多。", "number": ""})
    blocks = {block.dimension.name: block for block in client.get(review.url()).context["score"].form.blocks}
    assert [item.problem.code for item in blocks["relevance"].found] == ["V06"]
    assert blocks["relevance"].found[0].link == "indicators.0.annual_value"
    assert [thread.comment.text for thread in blocks["appropriateness"].threads] == ["资金偏多。"]
    page = review.page(client, "division")
    for words in ("规范完整性", "满分 15 分", "一半：", "检查提示 1 处", 'href="#cell-indicators.0.annual_value"'):
        assert words in page


def test_every_coded_reason_bears_on_a_dimension_but_the_last():
    assert {code.value for code in Code} - DIMENSION_OF_REASON.keys() == {Code.OTHER}


def test_marks_are_saved_then_confirmed_without_script(client, review):
    shown = client
    review.post(client, "division", act="save", submission="1", norm="9.5", clarity="八", relevance_remark="可以")
    page = review.page(shown, "division")
    assert 'value="9.5"' in page
    assert 'value="八"' in page
    assert "可以" in page
    answer = review.post(client, "division", act="confirm", submission="1", norm="11")
    assert answer["Location"].endswith("?score=check#score")
    page = review.page(client, "division", answer["Location"])
    assert "11 分超过满分 10 分" in page
    assert 'href="#score-clarity"' in page
    assert not ScoreSheet.objects.confirmed().exists()
    review.post(client, "division", act="confirm", submission="1", **marks_of("92"))
    page = review.page(client, "division")
    assert "92.00 分" in page
    assert "进入下一步预算安排流程" in page
    assert 'id="score-form"' not in page


def test_the_page_saves_by_itself_and_learns_when(client, review):
    client.force_login(review.people["division"])
    answer = client.post(review.url("score"), {"act": "save", "norm": "9"}, headers={"accept": "application/json"})
    assert re.fullmatch(r"\d\d:\d\d:\d\d", answer.json()["saved"])
    assert ScoreSheet.objects.get().norm == 9
    review.take("return", "division", comment="请细化。")
    answer = client.post(review.url("score"), {"act": "save", "norm": "8"}, headers={"accept": "application/json"})
    assert (answer.status_code, "现在不能评分" in answer.json()["message"]) == (409, True)


def test_what_cannot_be_kept_is_shown_to_be_copied(client, review):
    review.take("return", "division", comment="请细化。")
    answer = review.post(client, "division", act="save", relevance_remark="指标要再细化一些")
    assert answer.status_code == 409
    assert "指标要再细化一些" in answer.content.decode()


def test_a_correction_begins_on_the_page_with_its_reason(client, review):
    review.score("75")
    assert review.post(client, "division", act="correct", reason="").status_code == 409
    review.post(client, "division", act="correct", reason="漏看附件")
    page = review.page(client, "division")
    assert "正在更正，理由：漏看附件" in page
    assert "75.00 分" in page
    review.post(client, "division", act="confirm", submission="1", **marks_of("91"))
    page = review.page(client, "division")
    assert "91.00 分　优" in page
    assert "第 2 稿" in page


def test_earlier_submissions_stay_readable_for_the_bureau(client, review):
    review.score("65", completeness_remark="缺满意度指标")
    review.come_back()
    page = review.page(client, "performance")
    assert "第 1 次报送" in page
    assert "缺满意度指标" in page
    assert "65.00 分" in page


@pytest.mark.parametrize(
    ("state", "seen_by"),
    [
        ("submitted", {"administrator", "performance"}),
        ("returned", {"administrator", "performance", "filler", "head"}),
        ("approved", {"administrator", "performance", "filler", "head"}),
    ],
)
def test_the_department_sees_result_and_remarks_after_the_decision_but_no_names(client, review, state, seen_by):
    review.score("95", feasibility_remark="条件充分，论证到位")
    review.to(state)
    for name in ("administrator", "performance", "filler", "head", "observer"):
        page = review.page(client, name)
        assert ("95.00 分　优" in page) is (name in seen_by)
        assert ("条件充分，论证到位" in page) is (name in seen_by)
        if name in ("filler", "head"):
            assert "评分人" not in page
            assert "已确认的评分" not in page
            assert not ScoreSheet.objects.visible_to(review.people[name]).exists()


@pytest.mark.parametrize(("name", "queries"), [("division", 22), ("administrator", 14), ("filler", 11), ("expert", 16)])
@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_queries_however_many_sheets(
    client, review, name, queries, count, django_assert_num_queries
):
    for n in range(count):
        if n:
            score_sheets.correct_sheet(review.people["division"], review.declaration, "核对")
        review.score(95 + n)
    if name == "expert":
        review.invite()
    client.force_login(review.people[name])
    with django_assert_num_queries(queries):
        assert client.get(review.url()).status_code == 200


def test_a_score_keeps_a_declaration_out_of_a_batch(client, review):
    review.score("70")
    client.force_login(review.people["division"])
    url = reverse("declarations:batch") + "?action=pass"
    [listed] = client.get(url).context["candidates"]
    assert "等次为“中”" in listed.hindrance
    answer = client.post(url, {"choice": [listed.choice], "confirmed": "yes"})
    assert "等次为“中”" in answer.content.decode()
    review.declaration.refresh_from_db()
    assert review.declaration.state == State.SUBMITTED


# --- independence ------------------------------------------------------------------------------


def test_the_second_scorer_sees_nothing_of_the_first_before_confirming(client, review):
    review.ask_for_two()
    review.score("93.41")
    sheets = {name: ScoreSheet.objects.visible_to(person) for name, person in review.people.items()}
    for name in ("colleague", "performance", "administrator", "filler", "observer", "expert"):
        page = review.page(client, name) if name != "expert" else ""
        assert "93.41" not in page, name
        assert not sheets[name].exists()
        assert score.result_for(review.people[name], review.declaration) is None
    assert "93.41 分" in review.page(client, "division")
    review.score("90.59", "colleague")
    for name in ("division", "colleague", "performance", "administrator"):
        assert "92.00 分" in review.page(client, name)
        assert sheets[name].count() == 2


def test_rules_and_rows_agree_on_what_is_hidden(review):
    """`Result.is_hidden_from` and `ScoreSheet.objects.visible_to` say the same, step by step."""
    names = ("division", "colleague", "performance")
    review.ask_for_two()
    for scored in (None, *names[:2]):
        if scored:
            review.score("90", scored)
        result = score.result_of(review.declaration)
        for name in names:
            person = review.people[name]
            seen = ScoreSheet.objects.visible_to(person).filter(pk__in=[sheet.pk for sheet in result.sheets])
            assert result.is_hidden_from(person) is (seen.count() < len(result.sheets))


def test_once_a_submission_was_decided_a_single_score_of_two_is_shown(client, review):
    review.ask_for_two()
    review.score("73.41")
    review.take("return", "division", comment="请细化。")
    for name in ("colleague", "administrator", "filler"):
        assert "73.41 分" in review.page(client, name)
    factories.answer(review.declaration, review.people["filler"])
    review.submit()
    assert "73.41 分" in review.page(client, "colleague")
    assert "73.41 分" not in review.page(client, "filler")


def test_drafts_are_their_writers_alone(review):
    score_sheets.save_sheet(review.people["division"], review.declaration, {"norm": "3"})
    seen = [name for name, who in review.people.items() if ScoreSheet.objects.visible_to(who).exists()]
    assert seen == ["division"]


def test_who_can_see_both_scores_adds_no_third(client, review):
    review.ask_for_two()
    review.score("93")
    review.score("91", "colleague")
    with pytest.raises(score_sheets.NotScored, match="已经齐全"):
        review.score("99", "performance")
    assert client.get("/").status_code == 302
    client.force_login(review.people["performance"])
    assert client.get(review.url()).context["score"].form is None


def test_nothing_crosses_from_one_bureau_to_another(review):
    review.score("93")
    review.set(apart=Decimal(5))
    review.invite()
    stranger = Review().people
    for name in ("division", "performance", "administrator", "observer", "filler", "expert"):
        for model in (ScoreSheet, ScoreSetting, Invitation):
            assert not model.objects.visible_to(stranger[name]).exists()


# --- the year's settings -----------------------------------------------------------------------


def settings_url(review) -> str:
    return reverse("declarations:score_settings", args=[review.cycle.pk])


def posted(review, **values) -> dict[str, str]:
    now = score_settings.standing_settings(review.cycle)
    return now.weights | {"scorers": now.scorers, "apart": now.apart, "seen": now.pk or "", "reason": "按文件"} | values


def test_the_points_are_changed_with_a_reason_and_total_a_hundred(client, review):
    review.post(client, "administrator", settings_url(review), **posted(review, norm=12, clarity=8))
    review.post(client, "performance", settings_url(review), **posted(review, norm=15, clarity=5))
    setting = score_settings.standing_settings(review.cycle)
    assert (setting.weights["norm"], setting.weights["clarity"], setting.reason) == (15, 5, "按文件")
    page = review.page(client, "performance", settings_url(review))
    assert "规范完整性：10 分改为 12 分" in page
    assert "规范完整性：12 分改为 15 分" in page
    assert 'data-most="15"' in review.page(client, "division")


REFUSED = (
    ({"norm": 11}, "合计 101 分，应为 100 分"),
    ({"norm": 0, "clarity": 20}, "norm_error"),
    ({"norm": 15, "clarity": 5, "reason": " "}, "为什么调整"),
    ({}, "没有需要保存的调整"),
    ({"norm": 15, "clarity": 5, "seen": "999999"}, "刚刚调整过"),
)


def test_settings_that_are_refused_say_why_and_change_nothing(client, review):
    review.set(apart=Decimal(3))
    for values, words in REFUSED:
        answer = review.post(client, "performance", settings_url(review), **posted(review, **values))
        assert answer.status_code in (409, 422)
        assert words in answer.content.decode()
    assert ScoreSetting.objects.count() == 1


def test_the_measure_freezes_with_the_first_confirmed_sheet(client, review):
    review.score("90")
    with pytest.raises(score_settings.Frozen):
        review.set(weights=DEFAULT_WEIGHTS | {"norm": 15, "clarity": 5})
    with pytest.raises(score_settings.Frozen):
        review.set(experts_count=True)
    answer = review.post(client, "performance", settings_url(review), **posted(review, norm=15, clarity=5, scorers=1))
    assert answer.status_code == 302
    setting = score_settings.standing_settings(review.cycle)
    assert (setting.weights, setting.scorers) == (DEFAULT_WEIGHTS, Scorers.ONE)
    assert "不能再改" in review.page(client, "performance", settings_url(review))


def test_a_draft_is_measured_by_the_points_in_force_when_it_is_confirmed(review):
    score_sheets.save_sheet(review.people["division"], review.declaration, marks_of("100"))
    review.set(weights=DEFAULT_WEIGHTS | {"norm": 5, "clarity": 15})
    with pytest.raises(score_sheets.Faulty) as refused:
        score_sheets.confirm_sheet(review.people["division"], review.declaration, {})
    assert set(refused.value.faults) == {"norm"}


@pytest.mark.parametrize("rows", [1, 3])
def test_the_settings_cost_the_same_queries_however_often_changed(client, review, rows, django_assert_num_queries):
    for n in range(rows):
        review.set(apart=Decimal(n + 1))
    client.force_login(review.people["performance"])
    with django_assert_num_queries(9):
        assert client.get(settings_url(review)).status_code == 200

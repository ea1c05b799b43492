"""The score sheet on the page, its settings and invitations: what is shown to whom, and what posts do."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from declarations import score, score_settings, score_sheets
from declarations.criteria import DEFAULT_WEIGHTS, DIMENSION_OF_REASON
from declarations.invitations import NotInvited
from declarations.models import Code, Comment, Declaration, Invitation, Scorers, ScoreSetting, ScoreSheet, State
from declarations.workflow import MoveRefused, perform
from tests import factories
from tests.declarations.score_helpers import DAY, Review, marks_of

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


@pytest.mark.parametrize(("name", "queries"), [("division", 17), ("administrator", 14), ("filler", 11), ("expert", 16)])
@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_queries_however_many_sheets(
    client, review, name, queries, count, django_assert_num_queries
):
    for n in range(count):
        if n:
            score_sheets.correct(review.people["division"], review.declaration, "核对")
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
    score_sheets.save(review.people["division"], review.declaration, {"norm": "3"})
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
    now = score_settings.standing(review.cycle)
    return now.weights | {"scorers": now.scorers, "apart": now.apart, "seen": now.pk or "", "reason": "按文件"} | values


def test_the_points_are_changed_with_a_reason_and_total_a_hundred(client, review):
    review.post(client, "administrator", settings_url(review), **posted(review, norm=12, clarity=8))
    review.post(client, "performance", settings_url(review), **posted(review, norm=15, clarity=5))
    setting = score_settings.standing(review.cycle)
    assert (setting.weights["norm"], setting.weights["clarity"], setting.reason) == (15, 5, "按文件")
    page = review.page(client, "performance", settings_url(review))
    assert "规范完整性：10 分改为 12 分" in page
    assert "规范完整性：12 分改为 15 分" in page
    assert 'data-most="15"' in review.page(client, "division")


REFUSED = (
    ({"norm": 11}, "合计 101 分，应为 100 分"),
    ({"norm": 0, "clarity": 20}, "norm-errors"),
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
    setting = score_settings.standing(review.cycle)
    assert (setting.weights, setting.scorers) == (DEFAULT_WEIGHTS, Scorers.ONE)
    assert "不能再改" in review.page(client, "performance", settings_url(review))


def test_a_draft_is_measured_by_the_points_in_force_when_it_is_confirmed(review):
    score_sheets.save(review.people["division"], review.declaration, marks_of("100"))
    review.set(weights=DEFAULT_WEIGHTS | {"norm": 5, "clarity": 15})
    with pytest.raises(score_sheets.Faulty) as refused:
        score_sheets.confirm(review.people["division"], review.declaration, {})
    assert set(refused.value.faults) == {"norm"}


@pytest.mark.parametrize("rows", [1, 3])
def test_the_settings_cost_the_same_queries_however_often_changed(client, review, rows, django_assert_num_queries):
    for n in range(rows):
        review.set(apart=Decimal(n + 1))
    client.force_login(review.people["performance"])
    with django_assert_num_queries(9):
        assert client.get(settings_url(review)).status_code == 200


# --- invitations -------------------------------------------------------------------------------


def outcomes(client, review) -> dict[str, object]:
    """What the expert may do with the declaration now."""
    person = review.people["expert"]
    client.force_login(person)
    post = {"field": "", "code": Code.OTHER, "text": "请补充依据。", "number": ""}
    found = {
        "read": client.get(review.url()).status_code,
        "export": client.get(review.url("export")).status_code,
        "comment": client.post(review.url("comment"), post).status_code,
        "score": client.post(review.url("score"), {"act": "save", "norm": "5"}).status_code,
    }
    for action in ("pass", "return", "approve"):
        with pytest.raises((MoveRefused, Declaration.DoesNotExist)) as refused:
            perform(review.declaration.pk, action, person, comment="不同意")
        found[action] = getattr(refused.value, "code", "missing")
    return found


MISSING = dict.fromkeys(("read", "export", "comment", "score"), 404)
MISSING |= dict.fromkeys(("pass", "return", "approve"), "missing")
NO_MOVE = dict.fromkeys(("pass", "return", "approve"), "role")
REVIEWING = {"read": 200, "export": 200, "comment": 302, "score": 302} | NO_MOVE
READING = {"read": 200, "export": 200, "comment": 409, "score": 409} | NO_MOVE


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        *[("draft", MISSING), ("certifying", MISSING), ("submitted", REVIEWING)],
        *[("reviewed", REVIEWING), ("returned", READING), ("approved", READING)],
    ],
)
def test_what_an_invited_person_may_do_in_each_state(client, review, state, expected):
    review.invite()
    review.to(state)
    assert outcomes(client, review) == expected
    review.declaration.refresh_from_db()
    assert review.declaration.state == state


@pytest.mark.parametrize("how", ["never", "expired", "not yet", "revoked", "disabled", "another department"])
def test_without_an_invitation_that_runs_there_is_nothing(client, review, how):
    now = timezone.now()
    if how == "expired":
        review.invite(starts_at=now - 2 * DAY, until=now - DAY)
    elif how == "not yet":
        review.invite(starts_at=now + DAY, until=now + 2 * DAY)
    elif how == "revoked":
        review.end(review.invite())
    elif how == "another department":
        other = Review(review.bureau)
        other.people["expert"] = review.people["expert"]
        other.invite()
    elif how == "disabled":
        review.invite()
        review.people["expert"].is_active = False
        review.people["expert"].save()
    found = outcomes(client, review)
    denied = {302} if how == "disabled" else {403} if how == "never" else {404}
    assert {found[key] for key in ("comment", "score")} == denied
    assert {found[key] for key in ("read", "export")} == ({302} if how == "disabled" else {404})
    assert not ScoreSheet.objects.exists()
    assert not Comment.objects.exists()


def test_an_invitation_that_ended_takes_the_experts_own_sheet_from_view_and_keeps_it(client, review):
    invitation = review.invite()
    review.score("88", "expert")
    assert "88.00 分" in review.page(client, "expert")
    review.end(invitation)
    assert not ScoreSheet.objects.visible_to(review.people["expert"]).exists()
    assert ScoreSheet.objects.visible_to(review.people["performance"]).get().total == 88


def test_an_expert_sees_the_reported_text_and_no_marks_of_others(client, review):
    review.invite()
    review.score("94.37", completeness_remark="内部评语")
    review.score("71", "expert")
    page = review.page(client, "expert")
    assert "您已于" in page
    assert "71.00 分" in page
    assert "94.37" not in page
    assert "内部评语" not in page
    assert "受邀评审" in review.page(client, "performance")


def test_while_it_is_returned_an_expert_reads_what_was_reported_and_not_the_draft(client, review):
    review.invite()
    review.to("returned")
    review.declaration.indicators.filter(name="河道巡查次数").update(name="正在改的名称")
    page = review.page(client, "expert")
    assert "河道巡查次数" in page
    assert "正在改的名称" not in page


def test_scores_of_experts_stand_beside_unless_the_year_counts_them(review):
    review.invite()
    review.score("94")
    review.score("70", "expert")
    result = score.result_of(review.declaration)
    assert (result.total, len(result.of_experts)) == (94, 1)
    other = Review()
    other.set(experts_count=True)
    other.invite()
    other.score("70", "expert")
    assert score.result_of(other.declaration).total is None  # an expert's alone is no score of the bureau
    other.score("94")
    assert score.result_of(other.declaration).total == 82


def test_an_experts_comment_goes_with_a_return_and_is_settled_by_the_bureau(client, review):
    review.invite()
    client.force_login(review.people["expert"])
    client.post(review.url("comment"), {"field": "", "code": Code.VAGUE, "text": "指标不够细。", "number": ""})
    comment = Comment.objects.get()
    assert (comment.acting_role, comment.role_label) == ("observer", "受邀评审")
    assert "指标不够细。" in review.page(client, "division")
    assert "指标不够细。" not in review.page(client, "filler")
    mine = Comment.objects.create(
        declaration=review.declaration,
        snapshot=comment.snapshot,
        code=Code.OTHER,
        text="科室的意见",
        author=review.people["division"],
        acting_role="division",
    )
    assert "科室的意见" not in review.page(client, "expert")
    decide = [reverse("declarations:comment_decide", args=[review.declaration.pk, one.pk]) for one in (comment, mine)]
    assert client.post(decide[1], {"kind": "resolved"}).status_code == 404
    review.take("return", "division")
    comment.refresh_from_db()
    assert comment.sent_with is not None
    assert "指标不够细。" in review.page(client, "filler")
    review.declaration.refresh_from_db()
    assert Comment.objects.visible_to(review.people["expert"]).count() == 2  # what was sent is no secret


def test_an_expert_withdraws_only_their_own(client, review):
    review.invite()
    review.post(client, "expert", review.url("comment"), field="", code=Code.OTHER, text="看错了", number="")
    comment = Comment.objects.get()
    url = reverse("declarations:comment_decide", args=[review.declaration.pk, comment.pk])
    review.post(client, "expert", url, kind="withdrawn")
    assert comment.resolutions.get().kind == "withdrawn"


def test_nobody_with_a_hand_in_it_or_who_reviews_it_is_invited(review):
    for name in ("filler", "head", "division", "performance"):
        with pytest.raises(NotInvited, match="不能受邀评审"):
            review.invite(name)
    gone = review.people["filler"]
    gone.memberships.all().delete()
    review.declaration.editors.add(gone)
    with pytest.raises(NotInvited, match="不能受邀评审"):
        review.invite("filler")
    assert not Invitation.objects.exists()


def test_a_hand_in_it_bars_an_expert_who_was_invited_before(review):
    review.invite()
    review.declaration.editors.add(review.people["expert"])
    with pytest.raises(score_sheets.NotScored):
        review.score("90", "expert")


def invitation_form(review, **values) -> dict[str, object]:
    local = timezone.localtime()
    given = {"person": review.people["expert"].username, "cycle": review.cycle.pk, "reason": "第三方评审"}
    given |= {"departments": [review.department.pk], "starts_at": f"{local - DAY:%Y-%m-%dT%H:%M}"}
    return given | {"until": f"{local + 5 * DAY:%Y-%m-%dT%H:%M}"} | values


def test_the_bureau_invites_and_takes_back_and_both_stay_on_record(client, review):
    url = reverse("declarations:invitations")
    assert review.post(client, "performance", url, **invitation_form(review)).status_code == 302
    invitation = Invitation.objects.get()
    assert "生效中" in review.page(client, "performance", url)
    home = review.page(client, "expert", "/")
    assert review.url() in home
    assert "待评分" in home
    review.post(client, "performance", reverse("declarations:invitation_end", args=[invitation.pk]))
    assert Invitation.objects.count() == 2
    assert "现在没有请您评审的申报表" in review.page(client, "expert", "/")
    assert "已结束" in review.page(client, "performance", url)


def test_an_invitation_that_cannot_be_says_why(client, review):
    refused = (
        ({"person": "nobody"}, "没有登录名为"),
        ({"until": "2020-01-01T00:00"}, "截止时间应在将来"),
        ({"departments": []}, "departments-errors"),
        ({"reason": ""}, "reason-errors"),
        ({"person": review.people["filler"].username}, "不能受邀评审"),
    )
    for values, words in refused:
        given = invitation_form(review, **values)
        answer = review.post(client, "performance", reverse("declarations:invitations"), **given)
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert not Invitation.objects.exists()


def test_of_another_bureau_nobody_is_invited_to_its_departments(client, review):
    other = Review()
    values = invitation_form(review, departments=[other.department.pk])
    assert review.post(client, "performance", reverse("declarations:invitations"), **values).status_code == 422


@pytest.mark.parametrize(("name", "url", "queries"), [("performance", "invitations", 7), ("expert", "home", 7)])
@pytest.mark.parametrize("rows", [1, 3])
def test_lists_of_invitations_cost_the_same_queries(
    client, review, name, url, queries, rows, django_assert_num_queries
):
    for n in range(rows):
        one = Review(review.bureau) if n else review
        one.people["expert"] = review.people["expert"]
        one.invite()
    client.force_login(review.people[name])
    with django_assert_num_queries(queries):
        assert client.get(reverse(f"declarations:{url}")).status_code == 200


def test_who_was_never_invited_pays_no_query_for_it(review, django_assert_num_queries):
    person = review.people["division"]
    person.refresh_from_db()
    with django_assert_num_queries(1):
        assert person.scope.invited == frozenset()

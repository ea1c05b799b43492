"""Invitations: what somebody asked for an opinion may see and do, in each state, before, during and after."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from declarations.models import Code, Comment, Declaration, Invitation, ScoreSheet
from declarations.people.invitations import NotInvited
from declarations.reviewing.scoring import score, score_sheets
from declarations.reviewing.workflow import MoveRefused, perform_move
from tests.reviewing.score_helpers import DAY, Review

pytestmark = pytest.mark.django_db


@pytest.fixture
def review():
    return Review()


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
            perform_move(review.declaration.pk, action, person, comment="不同意")
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
        ({"departments": []}, "departments_error"),
        ({"reason": ""}, "reason_error"),
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

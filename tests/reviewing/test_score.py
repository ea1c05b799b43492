"""The score sheet: what is kept, what a total leads to, whose marks count, and what a grade forbids."""

from __future__ import annotations

import threading
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from declarations.checks import CATALOGUE
from declarations.models import Invitation, Scorers, ScoreSetting, ScoreSheet, State
from declarations.reviewing.scoring import score, score_sheets
from declarations.reviewing.scoring.score_sheets import Faulty, NotScored
from declarations.reviewing.workflow import MoveRefused
from declarations.sheet.criteria import BEARING, DEFAULT_WEIGHTS, DIMENSION_OF, DIMENSIONS, Grade, grade_of
from tests import factories
from tests.reviewing.score_helpers import Review, marks_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def review():
    return Review()


# --- the sheet of 财预〔2015〕88号 --------------------------------------------------------------


def test_the_dimensions_and_their_points_are_those_of_the_regulation():
    points = {one.label: [(c.label, c.most) for c in one.criteria] for one in DIMENSIONS}
    assert points == {
        "完整性": [("规范完整性", 10), ("明确清晰性", 10)],
        "相关性": [("目标相关性", 15), ("指标科学性", 15)],
        "适当性": [("绩效合理性", 15), ("资金匹配性", 15)],
        "可行性": [("实现可能性", 10), ("条件充分性", 10)],
    }
    assert sum(DEFAULT_WEIGHTS.values()) == 100


@pytest.mark.parametrize(
    ("total", "label"),
    [
        *[("100", "优"), ("90", "优"), ("89.99", "良"), ("80", "良"), ("79.99", "中")],
        *[("60", "中"), ("59.99", "差"), ("0", "差")],
    ],
)
def test_a_boundary_belongs_to_the_better_grade(total, label):
    assert grade_of(Decimal(total)).label == label


def test_every_check_bears_on_exactly_one_dimension():
    listed = [code for codes in BEARING.values() for code in codes.split()]
    assert sorted(listed) == sorted(CATALOGUE)
    assert set(DIMENSION_OF.values()) == {one.name for one in DIMENSIONS}


def test_a_check_that_cites_a_criterion_bears_on_its_dimension():
    words = [(label, one.name) for one in DIMENSIONS for label in (one.label, *(c.label for c in one.criteria))]
    cited = {(code, name) for code, check in CATALOGUE.items() for label, name in words if label in check.reason}
    assert len(cited) > 10
    assert {(code, name) for code, name in cited if DIMENSION_OF[code] != name} == set()


# --- a sheet is a draft, then confirmed --------------------------------------------------------


def test_a_draft_keeps_everything_that_was_typed_and_decides_nothing(review):
    by, typed = review.people["division"], {"norm": "８．５分", "clarity": "八分", "measures": "99"}
    sheet = score_sheets.save_sheet(by, review.declaration, typed | {"completeness_remark": "基本完整"})
    kept = ScoreSheet.objects.get(pk=sheet.pk)
    assert (kept.norm, kept.clarity, kept.unread) == (Decimal("8.50"), None, {"clarity": "八分"})
    assert (kept.measures, kept.completeness_remark, kept.is_confirmed) == (Decimal(99), "基本完整", False)
    assert score.result_of(review.declaration).total is None
    review.declaration.refresh_from_db()
    assert review.declaration.state == State.SUBMITTED
    score_sheets.save_sheet(by, review.declaration, {"clarity": "8"})
    kept.refresh_from_db()
    assert (kept.norm, kept.clarity, kept.unread) == (Decimal("8.50"), Decimal(8), {})


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        *[("10", "10"), ("7.5", "7.5"), ("7.25", "7.25"), (" 8 分 ", "8"), ("７", "7"), ("0", "0")],
        *[("7.125", None), ("-1", None), ("101", None), ("1e1", None), ("NaN", None), ("", None), ("七", None)],
    ],
)
def test_a_mark_has_at_most_two_decimals_and_a_hundred_points(text, mark):
    assert score_sheets.read_mark(text) == (mark and Decimal(mark))


def test_a_sheet_is_confirmed_when_every_mark_is_there_and_within_its_points(review):
    by, marks = review.people["division"], marks_of("80") | {"norm": "10.5", "conditions": "", "clarity": "好"}
    with pytest.raises(Faulty) as refused:
        score_sheets.confirm_sheet(by, review.declaration, marks)
    assert set(refused.value.faults) == {"norm", "conditions", "clarity"}
    assert "满分 10 分" in refused.value.faults["norm"]
    kept = score_sheets.own_sheet(by, review.declaration)
    assert (kept.is_confirmed, kept.norm, kept.unread) == (False, Decimal("10.5"), {"clarity": "好"})
    done = score_sheets.confirm_sheet(by, review.declaration, marks_of("80"))
    assert (done.pk, done.total, done.weights) == (kept.pk, Decimal(80), DEFAULT_WEIGHTS)


def test_it_is_about_the_text_that_was_submitted(review):
    sheet = review.score()
    assert sheet.snapshot == review.declaration.snapshots.get(state=State.SUBMITTED)
    assert (sheet.submission, sheet.acting_role) == (1, "division")


ORDERS = (
    "UPDATE declarations_scoresheet SET total = 100",
    "DELETE FROM declarations_scoresheet",
    "TRUNCATE declarations_scoresheet CASCADE",
    "UPDATE declarations_scoresetting SET scorers = 2",
    "DELETE FROM declarations_scoresetting",
    "UPDATE declarations_invitation SET until = now() + interval '9 days'",
    "DELETE FROM declarations_invitation",
)


def test_a_confirmed_sheet_settings_and_invitations_can_be_neither_changed_nor_removed(review):
    review.set(apart=Decimal(5))
    review.score("70")
    review.invite()
    for order in ORDERS:
        with pytest.raises(DatabaseError, match=r"(?i)pgtrigger: cannot"), transaction.atomic():
            connection.cursor().execute(f"SET CONSTRAINTS ALL IMMEDIATE; {order}")
    assert (ScoreSheet.objects.get().total, ScoreSetting.objects.count(), Invitation.objects.count()) == (70, 1, 1)


def test_a_draft_is_not_removed_either(review):
    score_sheets.save_sheet(review.people["division"], review.declaration, {"norm": "5"})
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        ScoreSheet.objects.all().delete()
    assert ScoreSheet.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_only_flush_empties_the_sheets():
    Review().score()
    call_command("flush", interactive=False, verbosity=0)
    assert not ScoreSheet.objects.exists()


def test_a_confirmed_sheet_is_corrected_by_a_further_one_and_counts_until_then(review):
    by = review.people["division"]
    first = review.score("70", relevance_remark="量化不足")
    with pytest.raises(NotScored, match="更正评分"):
        score_sheets.save_sheet(by, review.declaration, {"norm": "1"})
    with pytest.raises(NotScored, match="为什么"):
        score_sheets.correct_sheet(by, review.declaration, "  ")
    draft = score_sheets.correct_sheet(by, review.declaration, "漏看了附件")
    assert (draft.number, draft.reason, draft.marks) == (2, "漏看了附件", first.marks)
    assert (draft.relevance_remark, score.result_of(review.declaration).total) == ("量化不足", 70)
    review.score("92")
    assert score.result_of(review.declaration).total == 92
    assert list(ScoreSheet.objects.confirmed().values_list("number", "total")) == [(1, 70), (2, 92)]


def test_the_scores_of_earlier_submissions_stay_and_do_not_count_for_the_next(review):
    review.score("65")
    review.come_back()
    assert score.result_of(review.declaration).total is None
    review.score("95")
    kept = ScoreSheet.objects.visible_to(review.people["performance"]).order_by("submission")
    assert [(sheet.submission, sheet.total) for sheet in kept] == [(1, 65), (2, 95)]
    assert score.result_of(review.declaration).grade == Grade.EXCELLENT


def test_a_sheet_of_the_submission_before_is_refused_in_words(review):
    review.come_back()
    with pytest.raises(NotScored, match="已经重新报送"):
        score_sheets.save_sheet(review.people["division"], review.declaration, {"norm": "5"}, submission=1)
    assert not ScoreSheet.objects.exists()


# --- the result --------------------------------------------------------------------------------


def test_the_result_has_total_grade_dimensions_and_scorers(review):
    review.score("86", relevance_remark="有的指标没有量化。")
    result = score.result_of(review.declaration)
    assert (result.total, result.grade, result.scorers) == (86, Grade.GOOD, (review.people["division"],))
    assert [(part.dimension.label, part.mark, part.most) for part in result.parts] == [
        *[("完整性", 20, 20), ("相关性", 30, 30), ("适当性", 30, 30), ("可行性", 6, 20)]
    ]
    assert [part.remarks for part in result.parts] == [(), ("有的指标没有量化。",), (), ()]


def test_where_one_score_is_enough_the_one_confirmed_last_stands(review):
    review.score("86")
    review.take("return", "division", comment="请细化。")
    factories.answer(review.declaration, review.people["filler"])
    review.submit()
    review.score("92")
    review.take("pass", "division")
    review.score("78", "performance")
    result = score.result_of(review.declaration)
    assert (result.total, result.scorers, len(result.sheets)) == (78, (review.people["performance"],), 2)


AVERAGES = (
    (("90", "89.99"), "90.00", Grade.EXCELLENT),  # 89.995 is rounded half up
    (("90", "89.97"), "89.99", Grade.GOOD),
    (("80", "79.98"), "79.99", Grade.FAIR),
    (("100", "60"), "80.00", Grade.GOOD),
)


def test_two_scores_are_averaged_to_a_hundredth_half_up(review):
    review.ask_for_two()
    for totals, average, grade in AVERAGES:
        review.rescore(totals[0])
        review.rescore(totals[1], "colleague")
        result = score.result_of(review.declaration)
        assert (str(result.total), result.grade) == (average, grade)


def test_a_difference_beyond_the_threshold_is_pointed_out(review):
    review.ask_for_two()
    review.score("90")
    for second, apart in (("80", False), ("79.99", True)):
        review.rescore(second, "colleague")
        assert score.result_of(review.declaration).is_apart is apart


@pytest.mark.parametrize("rows", [1, 3])
def test_the_results_of_many_take_two_queries(rows, django_assert_num_queries):
    reviews = [Review() for _ in range(rows)]
    for one in reviews:
        one.score("90")
    with django_assert_num_queries(2):
        results = score.results_of([one.declaration for one in reviews])
        assert [result.scorers[0].name for result in results.values()]
    assert [result.total for result in results.values()] == [90] * rows


# --- the consequence ---------------------------------------------------------------------------


def refusal(review, action, name):
    with pytest.raises(MoveRefused) as refused:
        review.take(action, name)
    review.declaration.refresh_from_db()
    return refused.value


def test_a_fair_or_poor_score_is_neither_passed_nor_approved_but_can_be_returned(review):
    for total, label in (("60", "中"), ("79.99", "中"), ("59.99", "差"), ("0", "差")):
        review.rescore(total)
        refused = refusal(review, "pass", "division")
        assert (refused.code, f"等次为“{label}”" in str(refused)) == ("grade", True)
        assert review.declaration.state == State.SUBMITTED
    review.take("return", "division", comment="请按评语修改。")
    assert review.declaration.state == State.RETURNED


def test_the_second_review_does_not_approve_them_either(review):
    review.take("pass", "division")
    for total in ("79.99", "59.99"):
        review.rescore(total, "performance")
        assert "等次为" in str(refusal(review, "approve", "performance"))
        assert review.declaration.state == State.REVIEWED
    review.take("return", "performance", comment="请按评语修改。")
    assert review.declaration.state == State.RETURNED


def test_an_excellent_score_proceeds_from_ninety_on(review):
    review.score("90")
    review.take("pass", "division")
    review.take("approve", "performance")
    assert review.declaration.state == State.APPROVED


def test_a_good_score_proceeds_after_a_correction_with_every_comment_settled(review):
    for total in ("80", "89.99"):
        review.rescore(total)
        assert "须退回部门修改完善" in str(refusal(review, "pass", "division"))
    review.come_back()
    review.score("80")
    comment = review.declaration.comments.get(parent__isnull=True)
    comment.resolutions.create(kind="reopened", author=review.people["division"])
    assert "还有 1 条审核意见没有解决" in str(refusal(review, "pass", "division"))
    comment.resolutions.create(kind="resolved", author=review.people["division"])
    review.take("pass", "division")
    review.take("approve", "performance")
    assert review.declaration.state == State.APPROVED


def test_an_adjustment_begins_a_new_review_and_is_no_correction(review):
    review.come_back()
    review.score("85")
    review.take("pass", "division")
    review.take("approve", "performance")
    review.take("adjust", "performance", comment="预算调整。")
    review.submit()
    review.score("85")
    assert "须退回部门修改完善" in str(refusal(review, "pass", "division"))


def test_without_a_score_moves_are_as_before_unless_the_year_asks_for_one(review):
    review.take("pass", "division")
    review.set(scorers=Scorers.ONE)
    assert "要求先评分" in str(refusal(review, "approve", "performance"))
    review.score("95", "performance")
    review.take("approve", "performance")
    assert review.declaration.state == State.APPROVED


def test_a_year_that_asks_for_two_passes_with_one_and_approves_with_both(review):
    review.ask_for_two()
    assert "要求先评分" in str(refusal(review, "pass", "division"))
    review.score("95")
    review.take("pass", "division")
    blind = str(refusal(review, "approve", "performance"))
    assert "您确认自己的评分之后" in blind
    assert "95" not in blind
    review.score("91", "performance")
    review.take("approve", "performance")
    assert score.result_of(review.declaration).total == 93


def test_a_draft_forbids_nothing(review):
    score_sheets.save_sheet(review.people["division"], review.declaration, marks_of("10"))
    review.take("pass", "division")
    assert review.declaration.state == State.REVIEWED


# --- who may score, in which state -------------------------------------------------------------

SCORING = {"submitted", "reviewed"}


@pytest.mark.parametrize("state", State.values)
def test_who_scores_in_which_state(review, state):
    review.invite()
    review.to(state)
    assert review.declaration.state == state
    for name in ("filler", "head", "division", "performance", "administrator", "observer", "expert"):
        if name in ("division", "performance", "expert") and state in SCORING:
            assert review.score("88", name).total == 88
        else:
            with pytest.raises(NotScored, match="现在不能评分"):
                review.score("88", name)
    assert ScoreSheet.objects.count() == (3 if state in SCORING else 0)


def test_nobody_scores_what_they_had_a_hand_in(review):
    review.declaration.editors.add(review.people["division"])
    with pytest.raises(NotScored):
        review.score()


def test_sheets_leave_the_record_intact(review, capsys):
    review.score("95")
    review.take("pass", "division")
    call_command("verify_history")
    assert "不符" not in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_a_score_and_a_pass_at_the_same_moment_are_one_after_the_other():
    """Five times: either the pass came first and the score is about what was passed, or the score forbade the pass."""
    for _ in range(5):
        review = Review()
        outcome = at_once(lambda one=review: one.score("70"), lambda one=review: one.take("pass", "division"))
        sheet, event = ScoreSheet.objects.latest("pk"), review.declaration.events.latest("pk")
        if event.action == "pass":
            assert outcome == [None, None]
            assert sheet.confirmed_at > event.created_at
        else:
            assert [type(one) for one in outcome] == [type(None), MoveRefused]
        assert sheet.total == 70


def at_once(*tasks) -> list[BaseException | None]:
    """Runs each in a thread of its own from one start; what each raised."""
    gate, raised = threading.Barrier(len(tasks)), [None] * len(tasks)

    def run(n: int) -> None:
        gate.wait()
        try:
            tasks[n]()
        except (MoveRefused, NotScored) as error:
            raised[n] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[n]) for n in range(len(tasks))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised

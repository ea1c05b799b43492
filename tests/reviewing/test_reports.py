"""How the bureau reviews: rates by reviewer, division and check, reasons by code, and alike not treated alike."""

from __future__ import annotations

import io
from decimal import Decimal

import openpyxl
import pytest
from django.urls import reverse

from declarations.models import Code, Declaration, Event
from declarations.record import store
from declarations.reviewing import comments
from declarations.reviewing.reports.alike import alike_cases
from declarations.reviewing.reports.deciding import Deciding, ReviewDecision, deciding_figures, percent_of
from declarations.reviewing.reports.progress import progress_of
from declarations.reviewing.workflow import perform_move
from declarations.sheet.controls import name_of
from tests import factories

WORDS = "指标值没有依据，请说明。"


class Bureau:
    """A bureau with two divisions, a reviewer in each, and departments that reported."""

    def __init__(self):
        self.bureau = factories.bureau()
        self.divisions = [factories.division(self.bureau, name=name) for name in ("行政科", "农业科")]
        self.reviewers = [factories.person("division", division) for division in self.divisions]
        self.performance = factories.person("performance", self.bureau)

    def reported(self, number: int, said=None) -> Declaration:
        """A declaration of a department of division ``number``, reported in the ordinary way."""
        department = factories.department(self.bureau, division=self.divisions[number])
        filler, head = (factories.person(role, department) for role in ("filler", "head"))
        made = factories.declaration(department, said=said)
        factories.explain(made, filler)
        perform_move(made.pk, "send_to_head", filler)
        perform_move(made.pk, "submit", head)
        return Declaration.objects.get(pk=made.pk)

    def refused(self, number: int, row: int = 0, code=Code.VALUE, said=None) -> Declaration:
        """Reported, commented on at an indicator, and returned."""
        made = self.reported(number, said)
        reviewer = self.reviewers[number]
        field = name_of(store.table_of(made), f"indicators.{row}.annual_value")
        comments.write_comment(reviewer, made, field=field, code=code, text=WORDS, number=None)
        perform_move(made.pk, "return", reviewer)
        return made

    def passed(self, number: int, said=None) -> Declaration:
        made = self.reported(number, said)
        perform_move(made.pk, "pass", self.reviewers[number])
        return made


@pytest.fixture
def bureau(db) -> Bureau:
    return Bureau()


def figures(rates) -> dict[str, tuple[int, int]]:
    return {rate.name: (rate.decided, rate.returned) for rate in rates}


class TestRates:
    def test_by_division_and_by_reviewer_the_most_returned_first(self, bureau):
        made = bureau.refused(0)
        bureau.passed(0)
        bureau.passed(1)
        decided = deciding_figures(bureau.performance, made.cycle)
        assert list(figures(decided.by_division()).items()) == [("行政科", (2, 1)), ("农业科", (1, 0))]
        first, second = (f"{reviewer.name}（资金主管科室审核员）" for reviewer in bureau.reviewers)
        assert figures(decided.by_reviewer()) == {first: (2, 1), second: (1, 0)}
        assert (decided.whole.decided, decided.whole.returned, decided.whole.percent) == (3, 1, Decimal("33.3"))

    def test_the_second_review_counts_for_the_one_who_decided_it(self, bureau):
        made = bureau.passed(0)
        perform_move(made.pk, "approve", bureau.performance)
        by_reviewer = figures(deciding_figures(bureau.performance, made.cycle).by_reviewer())
        assert by_reviewer[f"{bureau.performance.name}（绩效科审核员）"] == (1, 0)

    def test_by_check_counts_what_was_reported_with_its_doubt(self, bureau):
        doubtful = factories.table(overall_goal="完成年度任务。")
        made = bureau.refused(0, said=doubtful)
        bureau.passed(1, said=doubtful)
        bureau.passed(1)
        by_check = {rate.name.split()[0]: rate for rate in deciding_figures(bureau.performance, made.cycle).by_check()}
        assert (by_check["F04"].decided, by_check["F04"].returned) == (2, 1)

    def test_a_reviewer_far_from_the_others_is_pointed_out_only_with_enough_decisions(self):
        def decisions(who, returned, passed):
            given = [("return", returned), ("pass", passed)]
            return [
                ReviewDecision(n, action, who, "科", 1, frozenset()) for action, count in given for n in range(count)
            ]

        found = Deciding(decisions("甲", 6, 0) + decisions("乙", 0, 10) + decisions("丙", 2, 0))
        assert {rate.name: rate.far for rate in found.by_reviewer()} == {"甲": 1, "乙": -1, "丙": 0}

    def test_days_are_working_days_and_the_middle_one_counts(self):
        found = Deciding(
            [ReviewDecision(n, "pass", "甲", "科", days, frozenset()) for n, days in enumerate((1, 2, 30))]
        )
        assert found.whole.days == 2

    def test_per_cent_of_nothing_is_nothing(self):
        assert percent_of(0, 0) == 0


class TestReasons:
    def test_codes_of_comments_that_went_out_are_counted_by_division(self, bureau):
        made = bureau.refused(0)
        bureau.refused(1, code=Code.WORDING)
        bureau.refused(1, code=Code.WORDING)
        unsent = bureau.reported(0)
        comments.write_comment(bureau.reviewers[0], unsent, field="", code=Code.OTHER, text=WORDS, number=None)
        decided = deciding_figures(bureau.performance, made.cycle)
        assert decided.reasons_by_code() == [
            ("表述不规范", 2, Decimal("66.7")),
            ("指标与指标值不匹配", 1, Decimal("33.3")),
        ]
        assert decided.reasons_by_division() == [("农业科", [2, 0]), ("行政科", [0, 1])]


class TestAlike:
    def test_the_same_indicator_refused_here_and_accepted_there(self, bureau):
        refused, accepted = bureau.refused(0), bureau.passed(1)
        (case,) = alike_cases(bureau.performance, refused.cycle)
        row = refused.indicators.order_by("position").first()
        assert (case.name, case.same_value) == (row.name, True)
        assert [(one.declaration, one.value, one.text) for one in case.refused] == [
            (refused.pk, row.annual_value, WORDS)
        ]
        assert [(one.declaration, one.reviewer) for one in case.accepted] == [(accepted.pk, bureau.reviewers[1].name)]

    def test_spaces_and_widths_do_not_tell_two_names_apart(self, bureau):
        first, *others = factories.indicators()
        refused = bureau.refused(0)
        renamed = first.__class__(first.level1, first.level2, f" {first.name} ", first.cycle_value, "≥1件")
        bureau.passed(1, said=factories.table(indicators=(renamed, *others)))
        (case,) = alike_cases(bureau.performance, refused.cycle)
        assert (len(case.accepted), case.same_value) == (1, False)

    def test_what_was_refused_as_it_was_then_counts_though_it_was_reworded(self, bureau):
        refused = bureau.refused(0)
        said = refused.indicators.order_by("position").first().name
        refused.indicators.filter(name=said).update(name="改过的名称")
        bureau.passed(1)
        assert [case.name for case in alike_cases(bureau.performance, refused.cycle)] == [said]

    def test_alike_treated_alike_is_no_case(self, bureau):
        made = bureau.passed(0)
        bureau.passed(1)
        assert alike_cases(bureau.performance, made.cycle) == []

    def test_a_division_sees_only_its_own(self, bureau):
        refused = bureau.refused(0)
        bureau.passed(1)
        assert alike_cases(bureau.reviewers[0], refused.cycle) == []


class TestProgress:
    def test_states_and_returns(self, bureau):
        bureau.refused(0)
        bureau.passed(1)
        factories.declaration(factories.department(bureau.bureau))
        how = progress_of(Declaration.objects.visible_to(bureau.performance))
        assert (how.total, how.reported, how.returned, how.average) == (3, 2, 1, Decimal("1.0"))
        assert dict(how.by_state)["已初审"] == 1


class TestThePage:
    def look(self, client, person, **asked):
        client.force_login(person)
        return client.get(reverse("declarations:statistics"), asked)

    @pytest.mark.parametrize("count", [1, 3])
    def test_it_asks_as_often_for_many_as_for_one(self, bureau, client, count, django_assert_num_queries):
        for _ in range(count):
            bureau.refused(0)
            bureau.passed(1)
        self.look(client, bureau.performance)
        with django_assert_num_queries(QUERIES):
            page = self.look(client, bureau.performance)
        assert len(page.context["cases"][0].refused) == count

    def test_it_counts_the_departments_that_have_not_begun_as_the_inbox_does(self, bureau, client):
        bureau.passed(0)
        factories.department(bureau.bureau, division=bureau.divisions[1])
        page = self.look(client, bureau.performance)
        home = client.get(reverse("declarations:home")).context["parts"][0].context
        total = next(card.total for card in home["cards"] if card.key == "approved")
        assert (page.context["progress"].reported, page.context["departments"]) == (1, 2) == (1, total)

    def test_a_year_without_anything_says_so(self, bureau, client):
        assert "还没有申报年度" in self.look(client, bureau.performance).content.decode()
        factories.cycle(bureau.bureau)
        page = self.look(client, bureau.performance).content.decode()
        assert "还没有随退回发出的审核意见" in page
        assert "没有发现处理不一致的指标" in page

    def test_it_leaves_as_a_workbook_with_a_sheet_for_each_table(self, bureau, client):
        bureau.refused(0)
        bureau.passed(1)
        response = self.look(client, bureau.performance, format="xlsx")
        book = openpyxl.load_workbook(io.BytesIO(response.content))
        assert book.sheetnames == [
            "进度",
            "按科室",
            "按审核人员",
            "按检查项",
            "退回原因",
            "各科室退回原因",
            "同一指标不同处理",
        ]
        said = [row[1].value for row in book["同一指标不同处理"].iter_rows(min_row=2)]
        assert said == ["要求修改", "通过"]
        assert book["按科室"]["D2"].value == 100

    @pytest.mark.parametrize(("role", "status"), [("filler", 403), ("observer", 403)])
    def test_it_is_for_the_bureau(self, bureau, client, role, status):
        place = factories.department(bureau.bureau)
        assert self.look(client, factories.person(role, place)).status_code == status

    def test_another_bureau_finds_nothing_of_it(self, bureau, client):
        bureau.refused(0)
        assert Event.objects.exists()
        stranger = factories.person("performance", factories.bureau())
        assert self.look(client, stranger).context["cycle"] is None


QUERIES = 16

"""The bureau's letters: what they say of a decision, who gets them, and how their wording is changed."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from django.urls import reverse

from declarations.files.documents.letter import Letter, LetterGrid, Paragraph, write_letter
from declarations.models import Event
from declarations.people.moves import LETTERS
from declarations.reviewing.letters.composing import Facts, compose_letter
from declarations.reviewing.letters.facts import decisions_readable_by, facts_of_each, with_facts
from declarations.reviewing.letters.wording import BLOCKS, PLACES, Wording
from tests import factories
from tests.reviewing.test_comments import WORDS, Desk

OVERALL = "请对照意见逐条修改。"


@pytest.fixture
def desk(db):
    return Desk()


@pytest.fixture
def returned(desk) -> Event:
    desk.comment()
    desk.comment(path="", text="总体目标与年度任务衔接不够。", code="unrelated")
    return desk.take("return", "division", comment=OVERALL)


def approved(desk) -> Event:
    desk.take("pass", "division")
    return desk.take("approve", "performance")


def text_of(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def open_letter(client, desk, role, event, form=""):
    client.force_login(desk.people[role])
    return client.get(reverse("declarations:letter", args=[event.pk]), {"format": form} if form else {})


class TestWhatALetterSays:
    def test_a_return_lists_each_comment_with_its_code_place_and_quotation(self, desk, returned):
        facts = facts_of_each([with_facts(decisions_readable_by(desk.people["division"])).get()])[0]
        first, second = facts.blocks["审核意见"]
        quoted = desk.declaration.indicators.order_by("position").first().annual_value
        assert first.text.startswith("1．【指标与指标值不匹配】") and first.text.endswith(
            f"（原文：{quoted}）：{WORDS}"
        )
        assert second.text == "2．【与职能或任务不相关】整张申报表：总体目标与年度任务衔接不够。"
        assert facts.words["总体意见"] == OVERALL

    def test_what_was_asked_before_and_is_asked_again_is_named_so(self, desk, returned):
        factories.answer(desk.declaration, desk.people["filler"])
        desk.take("send_to_head", "filler")
        desk.take("submit", "head")
        desk.comment(path="overall_goal", text="总体目标过长。")
        again = desk.take("return", "division")
        texts = [
            block.text
            for block in facts_of_each([with_facts(decisions_readable_by(desk.people["head"])).get(pk=again.pk)])[
                0
            ].blocks["审核意见"]
        ]
        assert len(texts) == 3
        assert [text[:8] for text in texts[:2]] == ["1．（再次提出）", "2．（再次提出）"]
        assert texts[2].endswith("总体目标过长。")

    def test_the_number_and_day_of_the_submission_are_those_of_the_decision(self, desk, returned):
        factories.answer(desk.declaration, desk.people["filler"])
        desk.take("send_to_head", "filler")
        desk.take("submit", "head")
        second = desk.take("return", "division")
        numbers = dict(with_facts(decisions_readable_by(desk.people["filler"])).values_list("pk", "submission"))
        assert numbers == {returned.pk: 1, second.pk: 2}

    def test_an_approval_gives_sums_version_and_check_code_of_the_approved_text(self, desk, client):
        event = approved(desk)
        page = open_letter(client, desk, "head", event).content.decode()
        table = desk.table
        assert f"{table.basic_expenditure + table.project_expenditure:,.2f}".rstrip("0").rstrip(".") in page
        assert f"第{event.snapshot.number}版，校验码{event.snapshot.hash[:12]}" in page

    def test_a_line_about_something_that_is_not_there_is_left_out(self):
        wording = Wording("标题", "甲：\n得分{得分}分。\n截止{修改期限}，得分{得分}分。\n{审核意见}", "局")
        facts = Facts({"修改期限": "2026年12月1日"}, {}, "2026年11月2日")
        said = compose_letter(wording, facts).blocks
        assert said == (Paragraph("甲：", flush=True), Paragraph("截止2026年12月1日，得分分。"))

    def test_a_score_stands_in_it_with_its_dimensions_and_grade(self, desk):
        factories.score(desk.declaration, desk.people["division"], norm="5", completeness_remark="部分指标无法衡量。")
        event = desk.take("return", "division", comment=OVERALL)
        facts = facts_of_each([with_facts(decisions_readable_by(desk.people["filler"])).get(pk=event.pk)])[0]
        (grid,) = facts.blocks["评分表"]
        assert [row[0] for row in grid.rows] == ["完整性", "相关性", "适当性", "可行性", "合计"]
        assert grid.rows[0][1:] == ("20", "15.00", "部分指标无法衡量。")
        assert (facts.words["得分"], facts.words["等级"]) == ("95.00", "优")

    def test_each_decision_has_the_score_of_its_own_submission(self, desk):
        factories.score(desk.declaration, desk.people["division"], norm="5")
        first = desk.take("return", "division", comment=OVERALL)
        factories.answer(desk.declaration, desk.people["filler"])
        desk.take("send_to_head", "filler")
        desk.take("submit", "head")
        factories.score(desk.declaration, desk.people["division"], norm="9")
        second = desk.take("return", "division", comment=OVERALL)
        events = with_facts(decisions_readable_by(desk.people["filler"])).order_by("pk")
        assert [event.pk for event in events] == [first.pk, second.pk]
        assert [facts.words["得分"] for facts in facts_of_each(events)] == ["95.00", "99.00"]

    def test_without_a_score_its_lines_are_left_out(self, desk, returned, client):
        assert "得分" not in open_letter(client, desk, "filler", returned).content.decode()

    @pytest.mark.parametrize("action", LETTERS)
    def test_every_place_that_a_wording_may_name_is_filled_in(self, desk, action):
        event = approved(desk) if action == "approve" else desk.take("return", "division", comment=OVERALL)
        facts = facts_of_each([with_facts(decisions_readable_by(desk.people["head"])).get(pk=event.pk)])[0]
        assert PLACES[LETTERS[action]].keys() <= facts.words.keys() | facts.blocks.keys()
        assert facts.blocks.keys() <= BLOCKS

    def test_an_amount_of_a_letter_is_exact(self, desk):
        desk.declaration.refresh_from_db()
        event = approved(desk)
        words = facts_of_each([with_facts(decisions_readable_by(desk.people["head"])).get(pk=event.pk)])[0].words
        table = desk.table
        assert (
            words["支出合计"].replace(",", "")
            == f"{(table.basic_expenditure + table.project_expenditure).normalize():f}"
        )


class TestTheWordDocument:
    def test_it_says_what_the_page_says(self, desk, returned, client):
        said = text_of(open_letter(client, desk, "filler", returned, "docx").content)
        page = open_letter(client, desk, "filler", returned).content.decode()
        for words in (WORDS, OVERALL, desk.department.name, "审核意见书"):
            assert words in said
            assert words in page

    def test_its_table_repeats_its_head_and_keeps_what_looks_like_a_formula(self):
        grid = LetterGrid(("序号", "部门"), (("1", "=1+1"), ("2", "乙\x01局")), (1, 4), frozenset({0}))
        content = write_letter(Letter("清单", (grid,), "局", "2026年11月2日"))
        table = docx.Document(io.BytesIO(content)).tables[0]
        assert [[cell.text for cell in row.cells] for row in table.rows] == [
            ["序号", "部门"],
            ["1", "=1+1"],
            ["2", "乙局"],
        ]
        assert "w:tblHeader" in table.rows[0]._tr.xml


class TestWhoGetsIt:
    @pytest.mark.parametrize(
        ("role", "status"),
        [
            ("filler", 200),
            ("head", 200),
            ("division", 200),
            ("performance", 200),
            ("administrator", 200),
            ("observer", 403),
        ],
    )
    def test_its_department_and_its_bureau(self, desk, returned, client, role, status):
        assert open_letter(client, desk, role, returned).status_code == status

    def test_nobody_of_another_department(self, desk, returned, client):
        client.force_login(factories.person("head", factories.department(desk.department.bureau)))
        assert client.get(reverse("declarations:letter", args=[returned.pk])).status_code == 404

    def test_an_observer_finds_no_link_to_what_he_may_not_open(self, desk, client):
        event = approved(desk)
        url = reverse("declarations:letter", args=[event.pk])
        for role, shown in (("observer", False), ("filler", True)):
            client.force_login(desk.people[role])
            page = client.get(reverse("declarations:detail", args=[desk.declaration.pk])).content.decode()
            assert (url in page) is shown

    def test_a_move_that_decides_nothing_has_no_letter(self, desk, client):
        submitted = desk.declaration.events.get(action="submit")
        assert open_letter(client, desk, "division", submitted).status_code == 404


class TestTheList:
    def test_it_has_the_latest_decision_of_each_or_all_of_them(self, desk, returned, client):
        factories.answer(desk.declaration, desk.people["filler"])
        desk.take("send_to_head", "filler")
        desk.take("submit", "head")
        second = desk.take("return", "division")
        client.force_login(desk.people["division"])
        url = reverse("declarations:letters")
        assert [line[0].pk for line in client.get(url).context["lines"]] == [second.pk]
        assert [line[0].pk for line in client.get(url, {"all": "1"}).context["lines"]] == [second.pk, returned.pk]
        assert client.get(url, {"action": "approve"}).context["lines"] == []

    @pytest.mark.parametrize(("role", "leads"), [("division", False), ("performance", True), ("head", False)])
    def test_who_keeps_the_wording_finds_it_from_there(self, desk, client, role, leads):
        client.force_login(desk.people[role])
        page = client.get(reverse("declarations:letters")).content.decode()
        assert (reverse("declarations:letter_wordings") in page) is leads

    @pytest.mark.parametrize("count", [1, 3])
    def test_it_asks_as_often_for_many_as_for_one(self, desk, client, count, django_assert_num_queries):
        several(desk, count)
        client.force_login(desk.people["performance"])
        client.get(reverse("declarations:letters"))
        with django_assert_num_queries(QUERIES):
            assert len(client.get(reverse("declarations:letters")).context["lines"]) == count

    def test_all_go_into_one_archive_under_names_of_their_own(self, desk, client):
        several(desk, 3)
        client.force_login(desk.people["performance"])
        response = client.get(reverse("declarations:letters"), {"format": "zip"})
        archive = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
        assert len(archive.namelist()) == 3
        assert all(name.endswith("_审核意见书_2027年度.docx") for name in archive.namelist())
        assert all("补充意见" in text_of(archive.read(name)) for name in archive.namelist())

    def test_an_archive_of_nothing_is_answered(self, desk, client):
        client.force_login(desk.people["performance"])
        response = client.get(reverse("declarations:letters"), {"format": "zip"})
        assert (response.status_code, "没有可以下载的意见书" in response.content.decode()) == (404, True)


QUERIES = 8


def several(desk, count):
    """``count`` departments of the bureau with a returned declaration each."""
    for _ in range(count):
        department = factories.department(desk.department.bureau, division=desk.department.division)
        made = factories.declaration(department, state="submitted")
        event = Event.objects.create(
            declaration=made,
            snapshot=factories.freeze(made),
            action="return",
            from_state="submitted",
            to_state="returned",
            actor=desk.people["division"],
            comment="补充意见：请核对。",
        )
        assert event.pk


class TestTheApprovals:
    def test_the_list_names_each_department_once_with_its_sums(self, desk, client):
        event = approved(desk)
        client.force_login(desk.people["performance"])
        response = client.get(reverse("declarations:approved", args=[desk.declaration.cycle_id]))
        (grid,) = [block for is_grid, block in response.context["blocks"] if is_grid]
        assert [row[1] for row in grid.rows] == [desk.department.name]
        assert grid.rows[0][-1] == event.snapshot.hash[:12]
        said = text_of(client.get(response.wsgi_request.path, {"format": "docx"}).content)
        assert desk.department.name in said

    def test_a_year_without_an_approval_has_none(self, desk, client):
        client.force_login(desk.people["performance"])
        assert client.get(reverse("declarations:approved", args=[desk.declaration.cycle_id])).status_code == 404

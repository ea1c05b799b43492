"""Questions of files: put once for all files of a batch, learnt for the bureau, forgotten with the batch."""

import pytest
from django.urls import reverse

from declarations.files.guarding.sandbox import Sandbox
from declarations.importing.batch import desk
from declarations.importing.batch.outlines import outlines_of
from declarations.importing.questions import asking
from declarations.models import Cycle, Declaration, LearnedLabel, Upload
from declarations.models.upload import ImportState
from declarations.sheet.official.labels import label_key
from tests import factories
from tests.importing.test_views_imports import (
    administrator,
    bring_in,
    bureau,
    keys,
    page,
    post,
    read,
    run_jobs,
    table,
    workbook,
)

pytestmark = pytest.mark.django_db
__all__ = ["administrator", "bureau"]
STAFF = "财政供养总人数"
QUESTION = {
    "kind": "label",
    "cell": "A5",
    "text": STAFF,
    "message": f"“{STAFF}”是“财政供养人员数”吗？",
    "candidates": ["staff_count", "subordinate_unit_count"],
}


@pytest.fixture
def answers(monkeypatch):
    """A reader that does not know the label of 财政供养人员数 until it is answered; what it was told, newest last."""
    told, real = [], Sandbox.read

    def read_with_question(self, source, **options):
        result = real(self, source, **options)
        given = dict(options.get("answers") or {})
        told.append(given)
        for found in result.tables:
            if label_key(STAFF) not in given:
                found["questions"], found["absent"] = [QUESTION], ["staff_count"]
                found["table"]["staff_count"] = None
        return result

    monkeypatch.setattr(Sandbox, "read", read_with_question)
    return told


def two_files():
    return workbook(table(), "教育局.xlsx"), workbook(table("云溪市水务局"), "水务局.xlsx")


def answer(client, batch, text="staff_count", **more):
    response = post(client, batch, "answer", **{f"answer-{label_key(STAFF)}": text} | more)
    run_jobs()
    batch.refresh_from_db()
    return response


def test_a_question_of_two_files_is_put_once_and_leaves_both_unticked(client, administrator, answers):
    batch = read(client, *two_files())
    shown = page(client, batch)
    assert shown.count("是“财政供养人员数”吗？") == 1 and "2 个文件" in shown
    assert batch.report["wanted"] == 0


def test_an_answer_is_given_to_every_file_of_the_batch_and_learnt_for_the_next(client, administrator, answers):
    batch = read(client, *two_files())
    answer(client, batch)
    assert batch.state == ImportState.READY and batch.report["wanted"] == 2
    assert answers[-1] == {label_key(STAFF): "staff_count"}
    bring_in(client, batch)
    assert {one.staff_count for one in Declaration.objects.all()} == {33}
    again = read(client, workbook(table(staff_count=34), "又一份.xlsx"))
    assert not again.answers and again.report["wanted"] == 1


def test_an_answer_that_leaves_the_text_out_is_one_too(client, administrator, answers):
    batch = read(client, *two_files())
    answer(client, batch, "")
    assert batch.report["wanted"] == 2
    assert LearnedLabel.objects.get().label == "不读入"


@pytest.mark.parametrize("text", ["edition", "key_tasks", "x"])
def test_what_is_no_possible_answer_is_none(client, administrator, answers, text):
    batch = read(client, *two_files())
    answer(client, batch, text)
    assert batch.answers == {} and not LearnedLabel.objects.exists()


def test_values_corrected_and_departments_named_before_stay_when_files_are_read_again(client, administrator, answers):
    batch = read(client, workbook(table("教育体育局"), "甲.xlsx"))
    key = keys(batch)[0]
    post(client, batch, "fix", **{"table": key, "value-basic_expenditure": "5", "was-basic_expenditure": "1,069.37"})
    post(client, batch, "choose", **{f"named-{key}": "云溪市教育局"})
    answer(client, batch)
    row = Upload.objects.get().result["rows"][0]
    assert row["department_name"] == "云溪市教育局"
    assert desk.sources_of_upload(Upload.objects.get())[0].table.basic_expenditure == 5


def test_a_unit_is_never_learnt(client, bureau, administrator, answers, monkeypatch):
    monkeypatch.setitem(QUESTION, "kind", "unit")
    monkeypatch.setitem(QUESTION, "candidates", ["元", "万元"])
    batch = read(client, *two_files())
    answer(client, batch, "元")
    assert batch.answers == {label_key(STAFF): "元"} and not LearnedLabel.objects.exists()


def test_a_year_is_asked_at_its_own_file_and_settled_there(client, administrator, answers, monkeypatch):
    monkeypatch.setitem(QUESTION, "kind", "year")
    monkeypatch.setitem(QUESTION, "candidates", ["2026", "2025"])
    batch = read(client, *two_files())
    assert asking.asked_by(outlines_of(batch)) == []
    key = keys(batch)[0]
    post(client, batch, "fix", **{"table": key, "value-year": "2026"})
    batch.refresh_from_db()
    assert batch.report["wanted"] == 1


def test_a_year_that_was_settled_stays_so_when_the_file_is_read_again(client, administrator, answers, monkeypatch):
    batch = read(client, workbook(table(), "教育局.xlsx"))
    post(client, batch, "fix", **{"table": keys(batch)[0], "value-year": "2026"})
    answer(client, batch)
    assert "year" in Upload.objects.get().result["tables"][0]["settled"]


def test_a_column_that_was_only_left_out_may_be_named_for_all_files(client, administrator, monkeypatch):
    real, told = Sandbox.read, []

    def read_with_column(self, source, **options):
        result = real(self, source, **options)
        told.append(dict(options.get("answers") or {}))
        said = {"code": "R08", "severity": "W", "message": "不认识列“本年目标”", "hint": "", "field": "", "cell": "G9"}
        for found in result.tables:
            found["left_out"] = [{"cell": "G9", "text": "本年目标", "why": "unknown_column"}]
            found["problems"].append(said)
        return result

    monkeypatch.setattr(Sandbox, "read", read_with_column)
    batch = read(client, *two_files())
    assert batch.report["wanted"] == 2 and "1 个不认识的栏目或列" in page(client, batch)
    post(client, batch, "answer", **{"other-本年目标": "indicators.annual_value"})
    run_jobs()
    assert told[-1] == {"本年目标": "indicators.annual_value"}
    assert LearnedLabel.objects.get().label == "绩效指标：年度指标值"


def test_a_learnt_label_can_be_forgotten_and_asks_again(client, administrator, answers):
    batch = read(client, *two_files())
    answer(client, batch)
    learned = LearnedLabel.objects.get()
    address = reverse("declarations:import_labels")
    assert STAFF in client.get(address).content.decode()
    client.post(address, {"label": learned.pk})
    assert not LearnedLabel.objects.in_use().exists()
    assert LearnedLabel.objects.get().forgotten_by == administrator
    assert read(client, workbook(table(staff_count=3), "又一份.xlsx")).report["wanted"] == 0


def test_nobody_sees_or_forgets_the_labels_of_another_bureau(client, administrator, answers):
    batch = read(client, *two_files())
    answer(client, batch)
    client.force_login(factories.person("administrator", factories.bureau(name="江陵市财政局", code="9")))
    address = reverse("declarations:import_labels")
    assert STAFF not in client.get(address).content.decode()
    assert client.post(address, {"label": LearnedLabel.objects.get().pk}).status_code == 404


def test_undoing_a_batch_forgets_what_it_learnt_and_says_so_before(client, administrator, answers):
    batch = read(client, *two_files())
    answer(client, batch)
    bring_in(client, batch)
    shown = client.get(reverse("declarations:import_undo", args=[batch.pk])).content.decode()
    assert STAFF in shown and "不再使用" in shown
    post(client, batch, "undo")
    run_jobs()
    assert not LearnedLabel.objects.in_use().exists()


def test_a_year_that_is_not_there_is_made_only_when_somebody_agrees(client, bureau, administrator):
    batch = read(client, *two_files(), year="")
    assert batch.report["wanted"] == 0 and "本财政局还没有2026年度" in page(client, batch)
    post(client, batch, "answer", **{"new-year": "2026"})
    batch.refresh_from_db()
    assert batch.report["wanted"] == 2
    bring_in(client, batch)
    assert Cycle.objects.get(year=2026).made_by == batch


def test_a_year_made_for_a_batch_goes_with_its_undoing(client, bureau, administrator):
    batch = bring_in(client, read(client, *two_files()))
    shown = client.get(reverse("declarations:import_undo", args=[batch.pk])).content.decode()
    assert "2026年度" in shown and "随之撤下" in shown
    post(client, batch, "undo")
    run_jobs()
    assert not Cycle.objects.filter(year=2026).exists()
    bring_in(client, read(client, *two_files()))
    assert Declaration.objects.count() == 2


def test_a_year_that_others_use_by_now_stays(client, bureau, administrator):
    batch = bring_in(client, read(client, two_files()[0]))
    bring_in(client, read(client, two_files()[1]))
    post(client, batch, "undo")
    run_jobs()
    assert Cycle.objects.filter(year=2026).exists() and Declaration.objects.count() == 1


def test_a_former_name_learnt_from_a_batch_goes_with_its_undoing_and_the_page_says_so(client, bureau, administrator):
    batch = read(client, workbook(table("教育体育局"), "甲.xlsx"))
    key = keys(batch)[0]
    post(client, batch, "choose", **{f"named-{key}": "云溪市教育局", f"remember-{key}": "1"})
    bring_in(client, batch)
    home = bureau.departments.get(name="云溪市教育局")
    assert home.former_names == ["教育体育局"]
    shown = client.get(reverse("declarations:import_undo", args=[batch.pk])).content.decode()
    assert "“教育体育局”不再是“云溪市教育局”的曾用名" in shown
    post(client, batch, "undo")
    run_jobs()
    home.refresh_from_db()
    assert home.former_names == []

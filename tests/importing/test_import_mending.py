"""A batch set right before it comes in: values corrected on screen, files replaced, departments named and learnt."""

import io
import uuid
import zipfile
from dataclasses import replace

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from declarations.files.reading.reader import ReadTable
from declarations.importing.batch import correcting
from declarations.models import Correction, Declaration, Event, LearnedName, Upload
from declarations.models.upload import ImportState
from declarations.record import store
from tests import factories
from tests.importing.test_views_imports import agree, bring_in, keys, page, post, read, run_jobs, table, workbook
from tests.workbooks.tables import official_text

pytestmark = pytest.mark.django_db
BAD = {"basic_expenditure": "一千零六十九"}


@pytest.fixture
def bureau():
    """Declaring 2027 now, with two departments."""
    made = factories.bureau(name="云溪市财政局")
    factories.cycle(made)
    factories.department(made, name="云溪市教育局", code="101001")
    factories.department(made, name="云溪市水务局", code="101002")
    return made


@pytest.fixture
def administrator(bureau, client):
    person = factories.person("administrator", bureau, name="赵敏")
    client.force_login(person)
    return person


def bad(name="云溪市教育局", **values):
    """A table whose 基本支出 is no amount."""
    return replace(table(name, **values), basic_expenditure=None, unread=BAD)


def details(client, batch, key=None):
    return client.get(reverse("declarations:import_table", args=[batch.pk]), {"table": key or keys(batch)[0]})


def fix(client, batch, key=None, was="一千零六十九", **values):
    """``basic_expenditure="1,069.37"`` corrects that field, as the page would."""
    posted = {"table": keys(batch)[0] if key is None else key}
    for path, text in values.items():
        posted |= {f"value-{path.replace('__', '.')}": text, f"was-{path.replace('__', '.')}": was}
    return client.post(
        reverse("declarations:import_fix", args=[batch.pk]), posted, headers={"HX-Request": "true"}
    ).content.decode()


# --- a value corrected -------------------------------------------------------------------------


def read_of(said, **cells):
    return correcting.check_again(ReadTable("Sheet1", said, cells, ()), ())


def codes(read, path):
    return [problem.code for problem in read.problems if problem.field == path]


def test_a_corrected_amount_is_read_in_the_printed_unit_and_checked_again():
    before = read_of(bad(), basic_expenditure="C5")
    after, (change,) = correcting.correct_table(before, {"basic_expenditure": "１，０６９．３７"})
    assert after.table == replace(table(), unread={})
    assert (change.label, change.cell, change.old) == ("基本支出", "C5", "一千零六十九")
    assert codes(before, "basic_expenditure") and not codes(after, "basic_expenditure")


def test_what_is_still_no_amount_is_kept_and_said_with_what_belongs_there():
    after, _ = correcting.correct_table(read_of(table(), basic_expenditure="C5"), {"basic_expenditure": "一万余"})
    assert after.table.unread == {"basic_expenditure": "一万余"}
    (problem,) = [one for one in after.problems if one.code == "R01"]
    assert (problem.cell, problem.hint) == ("C5", "应填以万元为单位的数字，如 1,069.37。")
    assert codes(after, "basic_expenditure") == ["R01"], "said once"


def test_funding_of_an_edition_in_wan_is_typed_in_wan_and_kept_in_yuan():
    said = factories.table(edition="2023", key_tasks=(factories.task(funding=None),))
    assert correcting.field_of(read_of(said), "key_tasks.0.funding").unit == "万元"
    after, _ = correcting.correct_table(read_of(said), {"key_tasks.0.funding": "70"})
    assert after.table.key_tasks[0].funding == 700_000


@pytest.mark.parametrize(
    ("path", "text", "value"),
    [
        ("department", "云溪市水务局", "云溪市水务局"),
        ("staff_count", "33人", 33),
        ("year", "2025", 2025),
        ("overall_goal", "甲\r\n乙", "甲\n乙"),
        ("indicators.1.annual_value", "≥96%", "≥96%"),
        ("key_tasks.0.funding", "", None),
    ],
)
def test_every_kind_of_value_can_be_corrected(path, text, value):
    after, (change,) = correcting.correct_table(read_of(table()), {path: text})
    assert after.table.value(path) == value and change.path == path


@pytest.mark.parametrize(
    "path", ["", "x", "key_tasks", "key_tasks.0", "key_tasks.9.name", "key_tasks.-1.name", "key_tasks.0.x", "edition",
             "unread", "key_tasks.0.name.x", "indicators.².name", "optional_tasks.0.name"],
)  # fmt: skip
def test_a_path_that_leads_nowhere_corrects_nothing(path):
    before = read_of(table())
    assert correcting.correct_table(before, {path: "甲"}) == (before, [])
    assert correcting.field_of(before, path) is None


@pytest.mark.parametrize("text", ["", "一九九九", "1999", "20260"])
def test_a_year_that_is_none_leaves_the_question(text):
    after, _ = correcting.correct_table(read_of(table()), {"year": text})
    assert after.table.year is None and codes(after, "year") == ["R04"]


# --- on screen -----------------------------------------------------------------------------------


def test_a_wrong_cell_is_corrected_where_it_is_shown_and_the_table_comes_in(client, administrator):
    batch = read(client, workbook(bad()))
    shown = details(client, batch).content.decode()
    assert 'value="一千零六十九"' in shown and "基本支出（万元）" in shown and "保存改正并重新核对" in shown
    answer = fix(client, batch, basic_expenditure="1,069.37")
    assert "已改正 1 处" in answer and "不是金额" not in answer
    bring_in(client, batch)
    assert store.table_of(Declaration.objects.get()) == table()
    assert "在线改正 1 处" in Event.objects.get().comment


def test_a_file_that_does_not_say_its_year_is_told_it_on_screen(client, administrator):
    batch = read(client, pasted=official_text(), year="")
    assert (batch.report["blocked"], "就地改正" in page(client, batch)) == (1, True)
    fix(client, batch, was="", year="2026")
    batch.refresh_from_db()
    assert (batch.report["blocked"], batch.report["new"]) == (0, 1)
    bring_in(client, batch)
    assert Declaration.objects.get().cycle.year == 2026


def test_who_corrected_what_is_on_record_and_the_file_stays_as_it_came(client, administrator):
    batch = read(client, workbook(bad()))
    before = batch.uploads.get().file.read()
    fix(client, batch, basic_expenditure="1069.73")
    fix(client, batch, was="1,069.73", basic_expenditure="1069.37")
    first, second = Correction.objects.all()
    assert (first.old, first.new, second.old, second.new) == ("一千零六十九", "1069.73", "1,069.73", "1069.37")
    assert (first.author, first.label, first.sheet) == (administrator, "基本支出", "2026年")
    assert openpyxl.load_workbook(io.BytesIO(before)).worksheets[0][first.cell].value == "一千零六十九"
    assert batch.uploads.get().file.read() == before
    text = page(client, bring_in(client, batch))
    assert "改正 2 处" in text and "赵敏" in text and "一千零六十九" in text


def test_a_correction_can_be_neither_changed_nor_removed(client, administrator):
    fix(client, read(client, workbook(bad())), basic_expenditure="1069.37")
    for change in (lambda: Correction.objects.update(new="1"), lambda: Correction.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_a_correction_survives_a_worker_that_died_and_began_again(client, administrator, monkeypatch):
    batch = read(client, workbook(bad()))
    fix(client, batch, basic_expenditure="1069.37")
    with monkeypatch.context() as patch, pytest.raises(OSError, match="disk"):
        patch.setattr("declarations.importing.batch.desk.write_chunk", fail)
        bring_in(client, batch)
    batch.refresh_from_db()
    assert batch.state == ImportState.FAILED
    post(client, batch, "resume")
    assert Correction.objects.count() == 1 and batch.uploads.get().result["corrected"] == 1
    run_jobs()
    batch.refresh_from_db()
    if batch.state == ImportState.READY:
        bring_in(client, batch)
    assert store.table_of(Declaration.objects.get()) == table()


def fail(*args):
    raise OSError("disk full")


def test_what_somebody_else_corrected_meanwhile_is_not_put_back(client, administrator):
    batch = read(client, workbook(bad()))
    fix(client, batch, basic_expenditure="1069.37")
    fix(client, batch, was="一千零六十九", basic_expenditure="一千零六十九", staff_count="35")
    assert [(one.field, one.new) for one in Correction.objects.all()] == [
        ("basic_expenditure", "1069.37"), ("staff_count", "35"),
    ]  # fmt: skip


def test_what_was_unticked_stays_out_when_another_table_is_corrected(client, administrator):
    batch = read(client, workbook(bad()), workbook(table("云溪市水务局"), "水务局.xlsx"))
    first, second = keys(batch)
    posted = {"table": first, "value-staff_count": "40", "preview": "1", "take": [second]}
    client.post(reverse("declarations:import_fix", args=[batch.pk]), posted)
    batch.refresh_from_db()
    assert (batch.report["new"], batch.report["wanted"]) == (2, 1)


def test_two_tables_that_differ_by_a_correction_are_two(client, administrator):
    batch = read(client, workbook(table()), workbook(table(), "又一份.xlsx"))
    assert batch.report["blocked"] == 0, "the same file twice is no clash"
    fix(client, batch, staff_count="40")
    batch.refresh_from_db()
    assert batch.report["blocked"] == 2


def test_a_corrected_file_that_comes_again_is_what_was_made_of_it(client, administrator):
    batch = read(client, workbook(bad()))
    fix(client, batch, basic_expenditure="1069.37")
    bring_in(client, batch)
    again = read(client, workbook(bad(), "又来.xlsx"))
    assert (again.report["same"], again.report["wanted"]) == (1, 0)


def test_once_it_comes_in_nothing_can_be_corrected_any_more(client, administrator):
    batch = bring_in(client, read(client, workbook(bad())))
    assert "value-" not in details(client, batch).content.decode()
    fix(client, batch, basic_expenditure="1069.37")
    assert not Correction.objects.exists()


@pytest.mark.parametrize("key", ["", "x", f"{uuid.UUID(int=1)}.0", "KEY.9", "KEY.x"])
def test_a_table_that_is_gone_is_told(client, administrator, key):
    batch = read(client, workbook(bad()))
    key = key.replace("KEY", str(batch.uploads.get().pk))
    fix(client, batch, key=key, basic_expenditure="1069.37")
    assert not Correction.objects.exists()


def test_more_than_a_dozen_of_one_kind_in_a_table_are_folded_and_can_be_corrected(client, administrator):
    tasks = tuple(factories.task(name=f"任务{i}", funding=None) for i in range(13))
    unread = {f"key_tasks.{i}.funding": "若干" for i in range(13)}
    batch = read(client, workbook(replace(table(), key_tasks=tasks, unread=unread)))
    shown = details(client, batch).content.decode()
    assert "如 200,000.00：共 13 处" in shown and shown.count('id="fix-') == 13
    fix(client, batch, was="若干", key_tasks__0__funding="7000")
    assert "共 13 处" not in details(client, batch).content.decode()


# --- a file replaced -----------------------------------------------------------------------------


def swap(client, batch, old, new):
    answer = client.post(reverse("declarations:import_replace", args=[batch.pk]), {"upload": old.pk, "file": new})
    batch.refresh_from_db()
    return answer


def test_a_better_file_takes_the_place_of_one_and_all_else_stays(client, administrator):
    empty = SimpleUploadedFile("坏.xlsx", b"GIF89a")
    batch = read(client, empty, workbook(table("云溪市水务局"), "水务局.xlsx"))
    old, other = batch.uploads.order_by("-state", "original_name")
    assert (batch.report["refused"], batch.report["new"]) == (1, 1)
    swap(client, batch, old, workbook(table(), "改好.xlsx"))
    assert (batch.report["files"], batch.report["refused"], batch.report["new"]) == (2, 0, 2)
    text = page(client, batch)
    assert "改好.xlsx" in text and "“坏.xlsx”已由“改好.xlsx”替换" in text
    assert batch.uploads.get(replaces=old).replaced_by == administrator
    assert Upload.objects.get(pk=old.pk).file.read() == b"GIF89a", "nothing is lost"
    assert bring_in(client, batch).report["result_written"] == 2
    assert other.result == Upload.objects.get(pk=other.pk).result | {"rows": other.result["rows"]}


def test_a_file_that_is_no_better_says_why_and_can_be_replaced_again(client, administrator):
    batch = read(client, SimpleUploadedFile("坏.xlsx", b"GIF89a"))
    swap(client, batch, batch.uploads.get(), SimpleUploadedFile("还是坏.xlsx", b""))
    assert "文件是空的" in page(client, batch)
    swap(client, batch, batch.uploads.get(original_name="还是坏.xlsx"), workbook(table()))
    assert (batch.report["files"], batch.report["new"]) == (1, 1)


def test_a_file_is_replaced_once(client, administrator):
    batch = read(client, SimpleUploadedFile("坏.xlsx", b"GIF89a"))
    old = batch.uploads.get()
    for name in ("一.xlsx", "二.xlsx"):
        swap(client, batch, old, workbook(table(), name))
    assert batch.uploads.count() == 2 and batch.report["files"] == 1


# --- whose table it is ---------------------------------------------------------------------------


def ask(client, batch, key=None, **values):
    posted = {f"{name}-{key or keys(batch)[0]}": value for name, value in values.items()}
    url = reverse("declarations:import_choose", args=[batch.pk])
    return client.post(url, posted, headers={"HX-Request": "true"}).content.decode()


def test_by_what_a_department_was_matched_is_shown(client, bureau, administrator):
    factories.department(bureau, name="云溪市住房和城乡建设局", former_names=["云溪市建设局"])
    names = ("[101001]云溪市教育局", "云溪市建设局", "云溪市水务局")
    text = page(client, read(client, *(workbook(table(name), f"{i}.xlsx") for i, name in enumerate(names))))
    assert all(said in text for said in ("部门代码", "曾用名 98%", "名称相同"))


def test_a_department_is_named_by_name_code_or_initials(client, bureau, administrator):
    expected = bureau.departments.get(name="云溪市教育局").pk
    batch = read(client, workbook(table("教育体育局")))
    for typed in ("云溪市教育局", "101001", "yxsjyj", "YXSJYJ"):
        ask(client, batch, named=typed)
        assert batch.uploads.get().result["rows"][0]["department"] == expected
        ask(client, batch, department="")


def test_a_name_that_no_department_has_is_told_and_answers_nothing(client, administrator):
    batch = read(client, workbook(table("教育体育局")))
    answer = ask(client, batch, named="火星局")
    assert "没有名称、代码或拼音首字母含“火星局”的部门" in answer and 'value="火星局"' in answer
    assert batch.uploads.get().result["rows"][0]["outcome"] == "blocked"


def test_an_answer_is_learnt_and_serves_the_other_files_of_the_batch_and_the_next(client, bureau, administrator):
    department = bureau.departments.get(name="云溪市教育局")
    batch = read(client, workbook(table("教育体育局")), workbook(table("教育体育局", year=2025), "上年.xlsx"), year="")
    assert batch.report["blocked"] == 2
    first = next(key for key in keys(batch))
    answer = ask(client, batch, first, department=department.pk, remember="1")
    assert "已把“教育体育局”记为“云溪市教育局”的曾用名" in answer and "另有 1 份也因此认出" in answer
    department.refresh_from_db()
    learnt = LearnedName.objects.get()
    assert department.former_names == ["教育体育局"]
    assert (learnt.name, learnt.author, learnt.batch) == ("教育体育局", administrator, batch)
    batch.refresh_from_db()
    agree(client, batch, 2025, 2026)
    assert (batch.report["blocked"], batch.report["new"]) == (0, 2)
    row = read(client, workbook(table("教育体育局", year=2024), "再一份.xlsx")).uploads.get().result["rows"][0]
    assert (row["how"], row["department"]) == ("曾用名", department.pk)
    assert "记为“云溪市教育局”的曾用名" in page(client, batch)


def test_without_the_tick_nothing_is_learnt(client, bureau, administrator):
    batch = read(client, workbook(table("教育体育局")))
    ask(client, batch, department=bureau.departments.get(name="云溪市教育局").pk)
    assert not LearnedName.objects.exists()
    assert not bureau.departments.exclude(former_names=[]).exists()


def test_a_name_that_means_another_department_is_not_learnt(client, bureau, administrator):
    one = factories.department(bureau, name="云溪市体育局", former_names=["教育体育局"])
    factories.department(bureau, name="云溪市文化局", former_names=["教育体育局"])
    batch = read(client, workbook(table("教育体育局")))
    answer = ask(client, batch, named="云溪市教育局", remember="1")
    assert f"也是“{one.name}”的名称或曾用名" in answer or "也是“云溪市文化局”的名称或曾用名" in answer
    assert not LearnedName.objects.exists()
    assert batch.uploads.get().result["rows"][0]["department_name"] == "云溪市教育局", "the answer itself stands"


def test_an_answer_can_be_taken_back(client, bureau, administrator):
    batch = read(client, workbook(table("教育体育局")))
    ask(client, batch, department=bureau.departments.get(name="云溪市教育局").pk)
    ask(client, batch, department="")
    row = batch.uploads.get().result["rows"][0]
    assert (row["department"], row["outcome"]) == (None, "blocked") and row["candidates"]


def test_a_match_by_likeness_shows_how_sure_it_is_and_can_be_changed(client, bureau, administrator):
    factories.department(bureau, name="云溪市机关事务管理服务保障中心办公室")
    batch = read(client, workbook(table("云溪市机关事务管理服务保障中心办公")))
    row = batch.uploads.get().result["rows"][0]
    assert row["how"] == "名称相近" and 90 <= row["confidence"] < 100
    text = page(client, batch)
    assert f"名称相近 {row['confidence']}%" in text and "改选部门" in text
    ask(client, batch, named="云溪市水务局")
    assert batch.uploads.get().result["rows"][0]["department_name"] == "云溪市水务局"


# --- the marked copy -----------------------------------------------------------------------------


def marked(client, batch, one):
    return client.get(reverse("declarations:import_marked", args=[batch.pk]), {"file": one.pk})


def test_the_copy_of_a_file_is_marked_as_the_preview_says_under_its_own_name(client, administrator):
    batch = read(client, workbook(bad(), "教育局 一.xlsx"))
    answer = marked(client, batch, batch.uploads.get())
    assert "filename*=utf-8''%E6%95%99%E8%82%B2%E5%B1%80%20%E4%B8%80%EF%BC%88" in answer.headers["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    cell = next(cell for row in book.worksheets[0] for cell in row if cell.value == "一千零六十九")
    assert cell.fill.fgColor.rgb == "00FFC7CE" and "不是金额" in cell.comment.text
    first = [value.value for value in book.worksheets[-1][4]]
    assert first[1:6] == ["错误", "教育局 一.xlsx", "2026年", cell.coordinate, "基本支出"]
    assert "应填以万元为单位的数字" in first[7] and first[8]


def test_what_was_corrected_on_screen_is_green_in_the_copy(client, administrator):
    batch = read(client, workbook(bad()))
    fix(client, batch, basic_expenditure="1069.37")
    book = openpyxl.load_workbook(io.BytesIO(marked(client, batch, batch.uploads.get()).content))
    cell = book.worksheets[0][Correction.objects.get().cell]
    assert (cell.value, cell.fill.fgColor.rgb) == ("一千零六十九", "00C6EFCE")
    assert "改正为“1069.37”" in cell.comment.text and "赵敏" in cell.comment.text


def test_an_xls_comes_back_as_xlsx_and_a_file_that_cannot_be_marked_says_why(client, administrator):
    from tests.workbooks import builders

    batch = read(client, SimpleUploadedFile("旧.xls", builders.by_xlwt()), SimpleUploadedFile("图.gif", b"GIF89a"))
    old, pdf = batch.uploads.get(original_name="旧.xls"), batch.uploads.get(original_name="图.gif")
    copy = marked(client, batch, old)
    assert ".xlsx" in copy.headers["Content-Disposition"]
    assert "另建的 .xlsx" in openpyxl.load_workbook(io.BytesIO(copy.content)).worksheets[-1]["A2"].value
    answer = client.get(reverse("declarations:import_marked", args=[batch.pk]), {"file": pdf.pk}, follow=True)
    assert "“图.gif”不能制作标红副本：这是图片" in answer.content.decode()
    pdf.file.delete()
    assert "原文件已不在" in marked(client, batch, pdf).wsgi_request._messages._queued_messages[0].message


def test_all_that_stay_out_come_as_one_archive(client, administrator):
    files = workbook(bad(), "甲.xlsx"), workbook(table("火星局"), "乙.xlsx"), workbook(table("云溪市水务局"), "丙.xlsx")
    batch = read(client, *files, SimpleUploadedFile("图.gif", b"GIF89a"))
    answer = client.get(reverse("declarations:import_marked_all", args=[batch.pk]))
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["乙（标红）.xlsx", "甲（标红）.xlsx", "未能标红的文件.txt"]
        assert "图.gif" in archive.read("未能标红的文件.txt").decode("utf-8-sig")


def test_the_copy_says_which_other_file_stands_against_it(client, administrator):
    batch = read(client, workbook(table()), workbook(table(staff_count=1), "另一份.xlsx"))
    book = openpyxl.load_workbook(
        io.BytesIO(marked(client, batch, batch.uploads.get(original_name="教育局.xlsx")).content)
    )
    assert "与“另一份.xlsx”是同一部门" in book.worksheets[-1]["G4"].value


def test_without_anything_to_mark_there_is_no_archive(client, administrator):
    batch = read(client, workbook(table()))
    assert client.get(reverse("declarations:import_marked_all", args=[batch.pk])).status_code == 302


def test_the_marked_copy_is_brought_in_like_the_file(client, administrator):
    batch = read(client, workbook(bad()))
    copy = marked(client, batch, batch.uploads.get()).content
    swap(client, batch, batch.uploads.get(), SimpleUploadedFile("教育局（标红）.xlsx", copy))
    assert (batch.report["tables"], batch.report["new"]) == (1, 1)
    assert "问题清单" not in str(batch.uploads.get(original_name="教育局（标红）.xlsx").result["tables"])


# --- archives ------------------------------------------------------------------------------------


def test_an_archive_of_archives_comes_in_with_an_answer_for_every_file(client, administrator):
    inner, outer = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("教育局.xlsx", workbook(table()).read())
    with zipfile.ZipFile(outer, "w") as archive:
        archive.writestr("东区/东区.zip", inner.getvalue())
        archive.writestr("../逃.xlsx", b"x")
    batch = read(client, SimpleUploadedFile("全市.zip", outer.getvalue()))
    assert (batch.report["files"], batch.report["new"], batch.report["refused"]) == (2, 1, 1)
    text = page(client, batch)
    assert "全市.zip/东区/东区.zip/教育局.xlsx" in text and "指向压缩包以外的位置" in text


# --- who, and cost -------------------------------------------------------------------------------


def test_who_uploaded_in_a_role_that_is_over_corrects_nothing(client, bureau, administrator):
    batch = read(client, workbook(bad()))
    administrator.memberships.all().delete()
    factories.membership(administrator, "administrator", factories.bureau())
    factories.membership(administrator, "observer", bureau)
    for action in ("fix", "replace", "choose"):
        assert post(client, batch, action, table=keys(batch)[0], **{"value-staff_count": "1"}).status_code == 403
    assert not Correction.objects.exists()


def test_a_correction_and_the_preview_after_it_ask_as_often_among_many_files_as_alone(client, bureau, administrator):
    counts = []
    for size in (1, 3):
        names = [factories.department(bureau).name for _ in range(size)]
        batch = read(client, *(workbook(bad(name), f"{name}.xlsx") for name in names))
        for key in keys(batch):
            fix(client, batch, key=key, staff_count="35")
        with CaptureQueriesContext(connection) as queries:
            fix(client, batch, basic_expenditure="1069.37")
        with CaptureQueriesContext(connection) as shown:
            page(client, batch)
        counts.append((len(queries), len(shown)))
    assert counts[0] == counts[1]


def test_a_correction_is_seen_by_the_administrators_of_its_bureau(client, administrator):
    fix(client, read(client, workbook(bad())), basic_expenditure="1069.37")
    assert Correction.objects.visible_to(administrator).count() == 1
    assert not Correction.objects.visible_to(factories.person("administrator", factories.bureau())).exists()


def test_of_two_files_for_one_declaration_a_person_says_which_counts(client, bureau, administrator):
    batch = read(client, workbook(table(), "甲.xlsx"), workbook(table(staff_count=77), "乙.xlsx"))
    assert batch.report["wanted"] == 0 and "以这一份为准" in page(client, batch)
    key = next(key for key in keys(batch) if key.startswith(str(batch.uploads.get(original_name="乙.xlsx").pk)))
    post(client, batch, "choose", prefer=key)
    batch.refresh_from_db()
    assert (batch.report["blocked"], batch.report["wanted"]) == (0, 1)
    assert "以这一份为准" not in page(client, batch)
    bring_in(client, batch, [key])
    assert Declaration.objects.get().staff_count == 77


def test_files_for_one_declaration_that_are_both_ticked_again_stay_out(client, bureau, administrator):
    batch = read(client, workbook(table(), "甲.xlsx"), workbook(table(staff_count=77), "乙.xlsx"))
    post(client, batch, "choose", prefer=keys(batch)[0])
    bring_in(client, batch)
    assert not Declaration.objects.exists() and batch.report["blocked"] == 2

"""The desk at work on what was read: values, rows, ticks, refusals, filters and pages, one table taken back."""

import io
import zipfile
from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from declarations.files.reading.reader import ReadTable
from declarations.importing.batch import correcting, desk, removing
from declarations.models import Correction, Declaration, Notice, Role, State, Upload
from declarations.record import store
from tests import factories
from tests.importing.test_views_imports import (
    PAST,
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


def rows(batch):
    return [row for upload in batch.uploads.order_by("original_name") for row in upload.result["rows"]]


def kept_table(batch):
    return desk.sources_of_upload(batch.uploads.get())[0].table


def shown_table(client, batch):
    return client.get(reverse("declarations:import_table", args=[batch.pk]), {"table": keys(batch)[0]}).content.decode()


def part(client, batch, action, **values):
    address = reverse(f"declarations:import_{action}", args=[batch.pk])
    return client.post(address, values, headers={"HX-Request": "true"}).content.decode()


def archive(**files):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as kept:
        for name, said in files.items():
            kept.writestr(name, workbook(said).read())
    return SimpleUploadedFile("全市.zip", made.getvalue())


# --- what was read, value by value -----------------------------------------------------------


def test_every_value_can_be_corrected_beside_its_cell_whether_or_not_something_was_found_there(client, administrator):
    batch = read(client, workbook(table()))
    shown = shown_table(client, batch)
    for path in ("year", "department", "staff_count", "overall_goal", "key_tasks.0.content", "indicators.1.level2"):
        assert f'name="value-{path}"' in shown
    post(
        client,
        batch,
        "fix",
        **{"table": keys(batch)[0], "value-indicators.1.name": "改过", "was-indicators.1.name": ""},
    )
    assert kept_table(batch).indicators[1].name == "改过"


def test_a_row_goes_and_comes_back_to_its_place_with_all_that_was_said_of_it(client, administrator):
    batch = read(client, workbook(table()))
    before = kept_table(batch)
    part(client, batch, "fix", table=keys(batch)[0], remove="indicators.0")
    assert kept_table(batch).indicators == before.indicators[1:]
    assert "已删去的行" in shown_table(client, batch) and rows(batch)[0]["removed"] == 1
    part(client, batch, "fix", table=keys(batch)[0], restore="0")
    assert kept_table(batch) == before and rows(batch)[0]["removed"] == 0
    assert [one.new for one in Correction.objects.order_by("pk")] == ["（删去此行）", "（恢复此行）"]


def test_what_stands_behind_a_row_that_is_taken_out_moves_up_with_its_cells():
    said = replace(table(), unread={"key_tasks.0.funding": "甲"}, key_tasks=(factories.task(funding=None),) * 2)
    cells = {"key_tasks.0.name": "B20", "key_tasks.1.name": "B21", "indicators.1.name": "C30"}
    before = correcting.check_again(ReadTable("Sheet1", said, cells, ()), ())
    after, kept = removing.take_row(before, "key_tasks", 0)
    assert after.cells == {"key_tasks.0.name": "B21", "indicators.1.name": "C30"} and not after.table.unread
    back = removing.put_row(after, kept)
    assert (back.table, back.cells) == (said, cells)


@pytest.mark.parametrize("path", ["", "indicators", "indicators.99", "indicators.-1", "year.0", "indicators.x"])
def test_a_row_that_is_not_there_cannot_be_taken_out(client, administrator, path):
    batch = read(client, workbook(table()))
    part(client, batch, "fix", table=keys(batch)[0], remove=path)
    assert kept_table(batch).indicators and not Correction.objects.exists()


def test_a_wrong_correction_stays_at_its_file_and_says_what_is_wrong(client, administrator):
    batch = read(client, workbook(replace(table(), basic_expenditure=None, unread={"basic_expenditure": "#REF!"})))
    answer = part(client, batch, "fix", **{"table": keys(batch)[0], "value-basic_expenditure": "壹仟元"})
    assert "已改正" not in answer and "还有 1 处没有读出" in answer and "“壹仟元”不是金额" in answer
    assert answer.index("is-opened") < answer.index("还有 1 处没有读出"), "said within the table"


def test_what_was_left_out_is_listed_with_its_cell_at_the_desk(client, administrator):
    batch = read(client, workbook(table()))
    upload = batch.uploads.get()
    upload.result["tables"][0]["left_out"] = [{"cell": "D40", "text": "填表人：某某", "why": "signature"}]
    upload.save()
    shown = shown_table(client, batch)
    assert "未读入的内容（1 处）" in shown and "D40" in shown and "签字、填表人、联系电话" in shown


def test_a_form_of_more_than_a_thousand_fields_is_taken(client, administrator):
    batch = read(client, workbook(table()))
    values = {f"value-indicators.{i}.name": "甲" for i in range(1500)}
    answer = part(client, batch, "fix", table=keys(batch)[0], **values)
    assert "已改正" in answer


# --- what waits for a look -------------------------------------------------------------------


def test_a_field_whose_label_the_file_lacks_stays_as_it_is(client, bureau, administrator):
    bring_in(client, read(client, workbook(table(staff_count=46))))
    batch = read(client, workbook(table(basic_expenditure=Decimal("2"))))
    upload = batch.uploads.get()
    upload.result["tables"][0]["absent"] = ["staff_count"]
    upload.result["tables"][0]["table"]["staff_count"] = None
    upload.save()
    post(client, batch, "fix", **{"table": keys(batch)[0], "value-overall_goal": "另一个目标", "was-overall_goal": ""})
    assert "文件中没有，保持原样：财政供养人员数" in page(client, batch)
    bring_in(client, batch)
    assert (Declaration.objects.get().staff_count, Declaration.objects.get().overall_goal) == (46, "另一个目标")


def test_a_column_whose_head_the_file_lacks_keeps_its_cells(client, bureau, administrator):
    bring_in(client, read(client, workbook(table())))
    before = store.table_of(Declaration.objects.get()).key_tasks
    batch = read(client, workbook(table(staff_count=1)))
    upload = batch.uploads.get()
    upload.result["tables"][0]["absent"] = ["key_tasks.funding"]
    for row in upload.result["tables"][0]["table"]["key_tasks"]:
        row["funding"] = None
    upload.save()
    bring_in(client, batch)
    assert store.table_of(Declaration.objects.get()).key_tasks == before


def test_a_table_with_unread_values_is_not_ticked_and_says_what_would_be_lost(client, bureau, administrator):
    bring_in(client, read(client, workbook(table())))
    holed = replace(table(), basic_expenditure=None, unread={"basic_expenditure": "见附件"})
    batch = read(client, workbook(holed))
    assert batch.report["wanted"] == 0 and rows(batch)[0]["lost"] == ["基本支出 1,069.37"]
    assert "1 处没有读出，现有的基本支出 1,069.37会丢失" in page(client, batch)
    post(client, batch, "fix", **{"table": keys(batch)[0], "value-basic_expenditure": "1,070"})
    batch.refresh_from_db()
    assert batch.report["wanted"] == 1, "once it is read it comes in"


def approved_here(bureau):
    """A declaration of last year that was brought in as history and then approved again in the system."""
    home = bureau.departments.get(name="云溪市教育局")
    cycle = bureau.cycles.get(year=PAST)
    made = Declaration.objects.get(department=home, cycle=cycle)
    reviewer = factories.person("performance", bureau, name="何静怡")
    moved = {"from_state": State.APPROVED, "to_state": State.APPROVED, "snapshot": made.snapshots.get()}
    made.events.create(action="approve", actor=reviewer, acting_role=Role.PERFORMANCE, **moved)
    return made


def test_what_was_approved_in_the_system_is_replaced_only_when_ticked_and_confirmed_and_reviewers_are_told(
    client, bureau, administrator
):
    bring_in(client, read(client, workbook(table())))
    approved_here(bureau)
    batch = read(client, workbook(table(staff_count=7)))
    assert batch.report["wanted"] == 0 and "何静怡已于" in page(client, batch)
    bring_in(client, batch)
    assert Declaration.objects.get().staff_count == 33, "ticked, not confirmed"
    assert "确认替换已批复的内容" in page(client, batch) and "checked" in page(client, batch)
    post(client, batch, "apply", **{"take": keys(batch), "confirm-approved": "1"})
    run_jobs()
    assert Declaration.objects.get().staff_count == 7
    notice = Notice.objects.get(kind="replaced")
    assert notice.recipient.name == "何静怡" and "原已批复" in notice.text


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("水务局/表.xlsx", "像是“云溪市水务局”，表中却是“云溪市教育局”"),
        ("2025年申报表.xlsx", "写的是2025年"),
    ],
)
def test_the_name_of_file_or_folder_that_says_something_else_is_a_question(client, administrator, bureau, name, said):
    factories.cycle(bureau, year=PAST, opens_at="2025-09-01T00:00Z", deadline="2025-12-31T00:00Z")
    batch = read(client, archive(**{name: table()}), year="")
    assert said in page(client, batch) and batch.report["wanted"] == 0


@pytest.mark.parametrize(
    "name", ["教育局/2026年申报表.xlsx", "2025年11月上报/教育局.xlsx", "附件2 云溪市教育局（盖章）.xlsx"]
)
def test_names_that_say_the_same_or_nothing_raise_no_doubt(client, administrator, bureau, name):
    factories.cycle(bureau, year=PAST, opens_at="2025-09-01T00:00Z", deadline="2025-12-31T00:00Z")
    assert read(client, archive(**{name: table()}), year="").report["wanted"] == 1


# --- departments -----------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["水务", "swj", "yxsswj", "云溪市水务局"])
def test_a_department_is_found_by_any_part_of_name_or_initials(client, bureau, administrator, text):
    batch = read(client, workbook(table("某单位")))
    part(client, batch, "choose", **{f"named-{keys(batch)[0]}": text})
    assert rows(batch)[0]["department_name"] == "云溪市水务局"


def test_a_word_that_several_departments_have_offers_them(client, bureau, administrator):
    batch = read(client, workbook(table("某单位")))
    key = keys(batch)[0]
    answer = part(client, batch, "choose", **{f"named-{key}": "云溪", f"remember-{key}": "1"})
    assert "含“云溪”的部门有 2 个" in answer and answer.count(f'name="department-{key}"') == 2


def test_on_refusal_what_was_typed_and_ticked_stays_and_the_message_stands_at_the_field(client, bureau, administrator):
    batch = read(client, workbook(table("某单位")))
    key = keys(batch)[0]
    for headers in ({"HX-Request": "true"}, {}):
        address = reverse("declarations:import_choose", args=[batch.pk])
        answer = client.post(
            address, {f"named-{key}": "火星", f"remember-{key}": "1"}, headers=headers
        ).content.decode()
        assert 'value="火星"' in answer and f'id="refused-{key}"' in answer
        assert answer.split(f'name="remember-{key}"')[1].split(">")[0].count("checked") == 1


# --- many files ------------------------------------------------------------------------------


def many(client, bureau, count=45):
    for number in range(count):
        factories.department(bureau, name=f"云溪市第{number:02}局")
    files = {f"各部门/{number:02}.xlsx": table(f"云溪市第{number:02}局") for number in range(count)}
    return read(client, archive(**files))


def test_twenty_tables_a_page_and_those_on_other_pages_stay_as_they_were(client, bureau, administrator):
    batch = many(client, bureau)
    first = page(client, batch)
    assert first.count('name="take"') == 20 and "第 1 页，共 3 页" in first and "全市.zip/" in first
    shown = keys(batch)[:20]
    answer = post(client, batch, "choose", look="2", preview="1", paged="1", shown=shown, take=shown[1:])
    assert answer["Location"].endswith("?page=2")
    batch.refresh_from_db()
    assert batch.report["wanted"] == 44
    assert "第 2 页，共 3 页" in client.get(answer["Location"]).content.decode()


@pytest.mark.parametrize(
    ("query", "count"), [("?q=第07", 1), ("?q=07.xlsx", 1), ("?state=changed", 0), ("?state=x", 20)]
)
def test_the_preview_is_searched_and_filtered(client, bureau, administrator, query, count):
    batch = many(client, bureau, 22)
    shown = client.get(reverse("declarations:import_detail", args=[batch.pk]) + query).content.decode()
    assert shown.count('name="take"') == count


def test_the_sum_of_the_batch_stands_beside_last_years(client, bureau, administrator):
    bring_in(client, read(client, workbook(table(year=2025)), year=2025))
    shown = page(client, read(client, workbook(table()), workbook(table("云溪市水务局"), "水务局.xlsx")))
    assert "2026年度 2 份，支出 2,282.46 万元" in shown and "+100.0%" in shown


def test_the_page_asks_as_often_for_three_files_as_for_one(client, bureau, administrator):
    factories.department(bureau, name="云溪市民政局")

    def asked(*names):
        batch = read(client, *(workbook(table(name, staff_count=len(names)), f"{name}.xlsx") for name in names))
        with CaptureQueriesContext(connection) as queries:
            page(client, batch)
        return len(queries)

    assert asked("云溪市教育局") == asked("云溪市教育局", "云溪市水务局", "云溪市民政局")


def test_marked_copies_lie_in_the_folders_of_their_files(client, bureau, administrator):
    holed = replace(table(), basic_expenditure=None, unread={"basic_expenditure": "x"})
    batch = read(
        client, archive(**{"公安局/表.xlsx": holed, "商务局/表.xlsx": replace(holed, department="云溪市水务局")})
    )
    answer = client.get(reverse("declarations:import_marked_all", args=[batch.pk]))
    names = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).namelist()
    assert names == ["公安局/表（标红）.xlsx", "商务局/表（标红）.xlsx"]


# --- taken back ------------------------------------------------------------------------------


def test_one_table_is_taken_back_and_the_others_stay(client, bureau, administrator):
    batch = bring_in(client, read(client, workbook(table()), workbook(table("云溪市水务局"), "水务局.xlsx")))
    address = reverse("declarations:import_undo", args=[batch.pk]) + f"?table={keys(batch)[0]}"
    assert "撤销一份导入" in client.get(address).content.decode() and Declaration.objects.count() == 2
    client.post(address)
    assert [one.department.name for one in Declaration.objects.all()] == ["云溪市水务局"]
    batch.refresh_from_db()
    assert (batch.report["result_undone"], batch.report["result_written"], batch.undone_at) == (1, 1, None)
    client.post(address)
    assert Declaration.objects.count() == 1 and Upload.objects.count() == 2

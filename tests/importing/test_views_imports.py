"""The import desk through its pages: uploaded, looked at, brought in; and what it refuses."""

import io
import uuid
import zipfile
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from declarations.files.documents import word
from declarations.files.writing.writer import write_table
from declarations.importing.batch import desk, reading
from declarations.importing.batch.plan import Planner
from declarations.models import Declaration, Event, ImportBatch, Snapshot, State, Upload
from declarations.models.upload import ImportState, UploadState
from declarations.record import store
from tests import factories
from tests.journeys.jobs import do_jobs
from tests.workbooks.tables import official_text

pytestmark = pytest.mark.django_db
PAST = 2026


@pytest.fixture
def bureau():
    """Declaring 2027 now, with two departments."""
    made = factories.bureau(name="云溪市财政局")
    factories.cycle(made)
    factories.department(made, name="云溪市教育局")
    factories.department(made, name="云溪市水务局")
    return made


@pytest.fixture
def administrator(bureau, client):
    person = factories.person("administrator", bureau)
    client.force_login(person)
    return person


def table(name="云溪市教育局", **values):
    return factories.table(**{"department": name, "year": PAST} | values)


def workbook(said, name="教育局.xlsx"):
    file = io.BytesIO()
    write_table(said, file)
    return SimpleUploadedFile(name, file.getvalue())


def upload(client, *files, **values):
    response = client.post(reverse("declarations:import_new"), {"files": files, "year": PAST} | values)
    assert response.status_code == 302, response.content.decode()
    return ImportBatch.objects.latest("created_at")


def run_jobs():
    """Does what a worker would, here and now."""
    for job in ProcrastinateJob.objects.filter(status="todo").order_by("pk"):
        app.tasks[job.task_name](**job.args)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_events")
        cursor.execute("DELETE FROM procrastinate_jobs")


def read(client, *files, **values):
    batch = upload(client, *files, **values)
    run_jobs()
    batch.refresh_from_db()
    return batch


def page(client, batch):
    return client.get(reverse("declarations:import_detail", args=[batch.pk])).content.decode()


def keys(batch):
    return [
        f"{one.pk}.{row['index']}"
        for one in batch.uploads.order_by("original_name")
        for row in one.result.get("rows", [])
    ]


def post(client, batch, action, **values):
    return client.post(reverse(f"declarations:import_{action}", args=[batch.pk]), values)


def agree(client, batch, *years):
    """Somebody says that these past years are to be made."""
    post(client, batch, "answer", **{"new-year": years})
    batch.refresh_from_db()
    return batch


def bring_in(client, batch, take=None):
    post(client, batch, "apply", take=keys(batch) if take is None else take)
    run_jobs()
    batch.refresh_from_db()
    return batch


# --- the way through -------------------------------------------------------------------------


def test_a_table_copied_from_elsewhere_can_be_pasted(client, bureau, administrator):
    batch = read(client, pasted=official_text().replace("\n", "\r\n"), year="")
    (kept,) = batch.uploads.all()
    assert (kept.original_name, kept.state) == ("粘贴的文字.txt", UploadState.READ)
    assert "云溪市水务局" in page(client, batch)


def test_what_is_no_table_is_told_so_and_what_was_pasted_is_kept(client, bureau, administrator):
    batch = read(client, pasted="关于报送绩效目标的通知")
    (kept,) = batch.uploads.all()
    assert kept.state == UploadState.REFUSED and kept.file.read().decode() == "关于报送绩效目标的通知"


def test_a_word_document_is_brought_in(client, bureau, administrator):
    document = SimpleUploadedFile("教育局.docx", word.write_table(table()))
    bring_in(client, read(client, document))
    declaration = Declaration.objects.get(department__name="云溪市教育局")
    assert store.table_of(declaration).basic_expenditure == table().basic_expenditure


def test_too_much_pasted_text_stays_in_the_box(client, bureau, administrator, monkeypatch):
    text = "部门名称\t甲" * 100_000
    response = client.post(reverse("declarations:import_new"), {"pasted": text, "year": PAST})
    assert response.status_code == 422 and "只粘贴申报表" in response.content.decode()
    assert text[:1000] in response.content.decode()


def test_nothing_is_written_before_it_was_looked_at(client, administrator):
    batch = read(client, workbook(table()))
    assert batch.state == ImportState.READY
    assert (Declaration.objects.count(), Snapshot.objects.count()) == (0, 0)
    text = page(client, batch)
    assert "云溪市教育局" in text and "新增" in text and "1,141.23" in text


def test_what_was_chosen_comes_in_and_the_page_says_so(client, administrator):
    batch = read(client, workbook(table()), workbook(table("云溪市水务局"), "水务局.xlsx"))
    batch = bring_in(client, batch, keys(batch)[:1])
    assert batch.state == ImportState.APPLIED
    declaration = Declaration.objects.get()
    assert (declaration.department.name, declaration.updated_by) == ("云溪市教育局", administrator)
    assert Event.objects.get().source_address == "127.0.0.1"
    text = page(client, batch)
    assert "已导入 1 份" in text and "未选择" in text
    assert reverse("declarations:detail", args=[declaration.pk]) in text


def test_the_2026_example_and_a_workbook_come_in_and_the_second_time_nothing_does(
    client, bureau, administrator, example_path
):
    factories.department(bureau, name="中共湛江市委外事工作委员会办公室")
    text = example_path("zhanjiang-foreign-affairs-2026.txt").read_bytes()

    def files():
        return SimpleUploadedFile("外事办.txt", text), workbook(table())

    batch = bring_in(client, agree(client, read(client, *files(), year=""), PAST))
    assert batch.report["result_written"] == 1  # the workbook does not say its year
    batch = bring_in(client, read(client, *files()))
    assert (batch.report["result_written"], batch.report["same"]) == (1, 1)
    said = store.table_of(Declaration.objects.get(department__name__contains="外事"))
    assert (len(said.key_tasks), len(said.indicators)) == (7, 13)
    kept = Snapshot.objects.count(), Event.objects.count(), set(Declaration.objects.values_list("pk", "version"))
    batch = bring_in(client, read(client, *files()))
    assert (batch.report["same"], batch.report["wanted"]) == (2, 0)
    assert kept == (
        Snapshot.objects.count(),
        Event.objects.count(),
        set(Declaration.objects.values_list("pk", "version")),
    )
    assert "2 份与已有数据相同" in page(client, batch)


def test_a_file_that_is_in_already_is_not_read_again(client, administrator, monkeypatch):
    bring_in(client, read(client, workbook(table())))
    monkeypatch.setattr(
        "declarations.importing.batch.reading.read_all", lambda entries, *rest, **values: iter(list(entries))
    )
    batch = read(client, workbook(table(), "改了名.xlsx"))
    assert batch.report["same"] == 1
    assert "改了名.xlsx" in page(client, batch)


def test_a_file_is_read_again_once_the_declaration_has_changed(client, administrator):
    bring_in(client, read(client, workbook(table())))
    declaration = Declaration.objects.get()
    store.save_table(declaration, table(staff_count=7))
    batch = read(client, workbook(table()))
    assert batch.report["changed"] == 1
    key = keys(batch)[0]
    details = client.get(reverse("declarations:import_table", args=[batch.pk]), {"table": key}).content.decode()
    assert "财政供养人员数" in details and "<del>7</del>" in details and "<ins>33</ins>" in details


def test_a_zip_is_taken_apart(client, administrator):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("2026/教育局.xlsx", workbook(table()).read())
        archive.writestr("2026/说明.gif", b"GIF89a")
        archive.writestr("__MACOSX/._x", b"")
    batch = read(client, SimpleUploadedFile("全市.zip", packed.getvalue()))
    assert (batch.report["files"], batch.report["new"], batch.report["refused"]) == (2, 1, 1)
    text = page(client, batch)
    assert "全市.zip/2026/教育局.xlsx" in text and "这是图片" in text
    assert "._x" not in text


def test_the_upload_lies_under_a_name_of_our_own_with_its_hash(client, administrator, settings):
    batch = upload(client, workbook(table(), "../../绩效.xlsx"))
    kept = batch.uploads.get()
    assert kept.file.path.startswith(str(settings.MEDIA_ROOT)) and "绩效" not in kept.file.path
    assert kept.original_name == "绩效.xlsx" and len(kept.sha256) == 64


# --- what is wrong with files ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "文件是空的"),
        (b"GIF89a nothing", "图片"),
        (b"PK\x03\x04 broken", "已损坏"),
        (b"\x00\xff\x00\xff" * 50, "文件"),
        ("一\t二\n".encode(), "没有部门整体预算绩效目标申报表"),
    ],
)
def test_a_bad_file_costs_an_answer_and_nothing_else(client, administrator, content, said):
    batch = read(client, SimpleUploadedFile("坏文件.xlsx", content), workbook(table()))
    assert (batch.report["refused"], batch.report["new"]) == (1, 1)
    text = page(client, batch)
    assert "坏文件.xlsx" in text and said in text and "导入其余" in text
    assert bring_in(client, batch).report["result_written"] == 1


def test_what_could_not_be_read_is_shown_with_its_cell(client, administrator):
    said = replace(table(), basic_expenditure=None, unread={"basic_expenditure": "一千零六十九"})
    batch = read(client, workbook(said))
    text = page(client, batch)
    assert "“一千零六十九”不是金额" in text and "1,069.37" in text and "<strong>C" in text


def test_more_than_a_dozen_of_one_kind_are_folded(client, administrator):
    tasks = tuple(factories.task(name=f"任务{i}", funding=None) for i in range(20))
    said = replace(table(), key_tasks=tasks, unread={f"key_tasks.{i}.funding": "若干" for i in range(20)})
    assert "填的不是金额或数字：共 20 处" in page(client, read(client, workbook(said)))


def test_two_files_for_one_declaration_block_each_other(client, administrator):
    batch = read(client, workbook(table()), workbook(table(staff_count=1), "另一份.xlsx"))
    assert (batch.report["blocked"], batch.report["wanted"]) == (2, 0)
    assert "与“另一份.xlsx”是同一部门" in page(client, batch)
    assert bring_in(client, batch, []).report.get("result_written", 0) == 0


# --- what a person decides -------------------------------------------------------------------


def test_a_doubtful_department_asks_and_the_answer_is_followed(client, bureau, administrator):
    batch = read(client, workbook(table("教育体育局")))
    key, department = keys(batch)[0], bureau.departments.get(name="云溪市教育局")
    text = page(client, batch)
    assert "这是哪个部门？" in text and f'name="department-{key}"' in text
    answer = client.post(
        reverse("declarations:import_choose", args=[batch.pk]),
        {f"department-{key}": department.pk},
        headers={"HX-Request": "true"},
    ).content.decode()
    assert "<html" not in answer and "新增" in answer
    assert "（100%）" not in answer, "what a person decided is not a likeness"
    batch = bring_in(client, batch)
    assert Declaration.objects.get().department == department


def test_a_department_named_together_with_the_button_is_shown_before_it_is_written(client, bureau, administrator):
    batch = read(client, workbook(table("教育体育局")))
    key, department = keys(batch)[0], bureau.departments.get(name="云溪市教育局")
    post(client, batch, "apply", **{f"department-{key}": department.pk, "take": [key]})
    run_jobs()
    batch.refresh_from_db()
    assert (batch.state, Declaration.objects.count(), batch.report["new"]) == (ImportState.READY, 0, 1)


@pytest.mark.parametrize("given", ["", "0", "99999999", "x", "²", "9" * 40, "-1"])
def test_a_department_that_is_none_of_ours_is_no_answer(client, administrator, given):
    batch = read(client, workbook(table("教育体育局")))
    post(client, batch, "choose", **{f"department-{keys(batch)[0]}": given})
    batch.refresh_from_db()
    assert batch.report["blocked"] == 1


def test_what_changed_after_the_preview_is_told_and_left_alone(client, bureau, administrator):
    batch = read(client, workbook(table()))
    bring_in(client, read(client, workbook(table(staff_count=5), "后来.xlsx")))
    batch = bring_in(client, batch)
    assert batch.report["result_stale"] == 1
    assert Declaration.objects.get().staff_count == 5
    assert "核对之后" in page(client, batch)


def test_a_second_click_brings_nothing_in_twice(client, administrator):
    batch = read(client, workbook(table()))
    post(client, batch, "apply", take=keys(batch))
    post(client, batch, "apply", take=keys(batch))
    assert ProcrastinateJob.objects.filter(task_name="apply_import").count() == 1


def test_a_cancelled_batch_is_neither_read_nor_written(client, administrator):
    batch = upload(client, workbook(table()))
    post(client, batch, "cancel")
    run_jobs()
    batch.refresh_from_db()
    assert (batch.state, batch.uploads.get().state) == (ImportState.CANCELLED, UploadState.STORED)
    assert "没有改动任何数据" in page(client, batch)
    post(client, batch, "apply", take=[])
    assert not ProcrastinateJob.objects.exists()


def test_a_cancelled_batch_can_be_taken_up_again_while_its_files_are_kept(client, administrator):
    batch = upload(client, workbook(table()))
    post(client, batch, "cancel")
    post(client, batch, "resume")
    run_jobs()
    batch.refresh_from_db()
    assert (batch.state, batch.report["wanted"]) == (ImportState.READY, 1)
    post(client, batch, "cancel")
    batch.uploads.update(file="", state=UploadState.STORED)
    post(client, batch, "resume")
    batch.refresh_from_db()
    assert batch.state == ImportState.CANCELLED


def test_a_job_that_broke_off_is_told_and_taken_up_again(client, administrator, monkeypatch):
    batch = upload(client, workbook(table()))
    broken = monkeypatch.context()
    with broken as patch, pytest.raises(OSError, match="disk"):
        patch.setattr("declarations.importing.batch.desk.keep_read", fail)
        run_jobs()
    batch.refresh_from_db()
    assert batch.state == ImportState.FAILED
    assert "没有做完" in page(client, batch)
    post(client, batch, "resume")
    run_jobs()
    batch.refresh_from_db()
    assert (batch.state, batch.report["new"]) == (ImportState.READY, 1)


def fail(*args):
    raise OSError("disk full")


def test_progress_is_shown_while_the_job_is_under_way_and_says_when_nobody_works(client, administrator):
    batch = upload(client, workbook(table()))
    text = client.get(reverse("declarations:import_progress", args=[batch.pk])).content.decode()
    assert "正在读取文件：0 / 1" in text and "没有运行" in text
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s)", [timezone.now()])
    assert "没有运行" not in page(client, batch)
    run_jobs()
    done = client.get(reverse("declarations:import_progress", args=[batch.pk]))
    assert done.headers["HX-Refresh"] == "true"


# --- the form --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "请选择要导入的文件"),
        ({"files": [SimpleUploadedFile("a.xlsx", b"x")], "year": "202六"}, "请填四位数的年度"),
        ({"files": [SimpleUploadedFile("a.xlsx", b"x")], "year": "1999"}, "2000 至 2100"),
    ],
)
def test_a_form_that_cannot_be_taken_says_why(client, administrator, values, said):
    response = client.post(reverse("declarations:import_new"), values)
    assert response.status_code == 422 and said in response.content.decode()
    assert not ImportBatch.objects.exists()


def test_a_file_too_large_is_named(client, administrator, monkeypatch):
    monkeypatch.setattr("declarations.views.importing.form.FILE_BYTES", 10)
    response = client.post(reverse("declarations:import_new"), {"files": [SimpleUploadedFile("大.xlsx", b"x" * 11)]})
    assert "“大.xlsx”超过" in response.content.decode()


def test_who_administers_two_bureaus_says_which(client, administrator, bureau):
    other = factories.bureau()
    factories.membership(administrator, "administrator", other)
    assert client.post(reverse("declarations:import_new"), {"files": [workbook(table())]}).status_code == 422
    assert upload(client, workbook(table()), bureau=other.pk).bureau == other
    stranger = factories.bureau()
    data = {"files": [workbook(table())], "bureau": stranger.pk}
    assert client.post(reverse("declarations:import_new"), data).status_code == 422


# --- who sees what ---------------------------------------------------------------------------


def test_another_bureaus_batch_is_not_there(client, administrator):
    batch = read(client, workbook(table()))
    client.force_login(factories.person("administrator", factories.bureau()))
    assert client.get(reverse("declarations:import_detail", args=[batch.pk])).status_code == 404
    for action in ("choose", "apply", "cancel", "resume"):
        assert post(client, batch, action).status_code == 404
    assert "教育局" not in client.get(reverse("declarations:imports")).content.decode()


@pytest.mark.parametrize("key", ["", "x", "x.0", f"{uuid.UUID(int=1)}.0", f"{uuid.UUID(int=0)}.x"])
def test_a_table_that_is_not_there_is_not_found(client, administrator, key):
    batch = read(client, workbook(table()))
    assert client.get(reverse("declarations:import_table", args=[batch.pk]), {"table": key}).status_code == 404


# --- cost ------------------------------------------------------------------------------------


def test_the_pages_ask_as_often_for_many_as_for_one(client, bureau, administrator):
    lists, previews = [], []
    for size in (1, 3, 30):
        names = [factories.department(bureau).name for _ in range(size)]
        batch = read(client, *(workbook(table(name), f"{name}.xlsx") for name in names))
        with CaptureQueriesContext(connection) as queries:
            page(client, batch)
        previews.append(len(queries))
    ImportBatch.objects.exclude(pk=batch.pk).delete()
    for size in (1, 3, 30):
        while ImportBatch.objects.count() < size:
            ImportBatch.objects.create(bureau=bureau, created_by=factories.user())
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("declarations:imports")).status_code == 200
        lists.append(len(queries))
    assert previews[0] == previews[1] == previews[2]
    assert lists[0] == lists[1] == lists[2]


# --- a real worker ---------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_worker_does_the_jobs(client, bureau, administrator):
    batch = upload(client, workbook(table()), workbook(table("云溪市水务局"), "水务局.xlsx"))
    do_jobs()
    batch.refresh_from_db()
    assert batch.state == ImportState.READY
    post(client, batch, "apply", take=keys(batch))
    do_jobs()
    batch.refresh_from_db()
    assert batch.state == ImportState.APPLIED
    assert set(Declaration.objects.values_list("state", "is_imported")) == {(State.APPROVED, True)}
    assert set(Upload.objects.values_list("state", flat=True)) == {UploadState.APPLIED}


def test_slow_files_are_noted_as_they_come_and_cancelling_stops_between_two(client, bureau, administrator, monkeypatch):
    monkeypatch.setattr(reading, "KEPT_EVERY", 0)
    batch = upload(client, *(workbook(table(staff_count=number), f"{number}.xlsx") for number in range(3)))
    keep = desk.keep_read

    def cancelling(*arguments):
        keep(*arguments)
        ImportBatch.objects.update(state=ImportState.CANCELLED)

    monkeypatch.setattr(desk, "keep_read", cancelling)
    run_jobs()
    assert batch.uploads.filter(state=UploadState.STORED).count() == 2


def test_what_another_worker_has_read_meanwhile_is_left_as_it_is(client, bureau, administrator):
    batch = read(client, workbook(table()))
    late = batch.uploads.get()
    late.result = {"refused": None, "tables": []}
    desk.keep_read(Planner(bureau), [late])
    assert batch.uploads.get().result["rows"]


def cancelled_half_way(client, monkeypatch):
    """Two tables, of which the first was in when somebody cancelled."""
    monkeypatch.setattr(desk, "WRITTEN_AT_ONCE", 1)
    batch = read(client, workbook(table(), "1.xlsx"), workbook(table("云溪市水务局"), "2.xlsx"))
    write = desk.write_chunk

    def cancelling(*arguments):
        write(*arguments)
        post(client, batch, "cancel")
        return True

    monkeypatch.setattr(desk, "write_chunk", cancelling)
    return bring_in(client, batch)


def test_a_batch_cancelled_half_way_says_what_is_in_and_offers_to_take_it_back(
    client, bureau, administrator, monkeypatch
):
    batch = cancelled_half_way(client, monkeypatch)
    assert (batch.state, Declaration.objects.count()) == (ImportState.CANCELLED, 1)
    assert (batch.report["result_written"], batch.outcome) == (1, "已取消，已导入 1 份")
    shown = page(client, batch)
    assert "没有改动任何数据" not in shown and "取消时还没有导入<strong>1</strong>" in shown
    assert reverse("declarations:import_undo", args=[batch.pk]) in shown


def test_what_a_cancelled_batch_left_is_brought_in_when_it_is_taken_up_again(
    client, bureau, administrator, monkeypatch
):
    with monkeypatch.context() as patch:
        batch = cancelled_half_way(client, patch)
    assert "从中断处继续导入" in page(client, batch)
    post(client, batch, "resume")
    run_jobs()
    batch.refresh_from_db()
    assert (batch.state, batch.report["result_written"]) == (ImportState.APPLIED, 2)
    assert Declaration.objects.count() == Event.objects.count() == 2

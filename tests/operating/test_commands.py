"""The commands: their JSON, their exit status, and that no input gets a traceback out of them."""

import io
import json
import os
import signal
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from declarations.files.documents.printed import DocumentError
from declarations.files.guarding.sandbox import Sandbox
from declarations.files.writing.writer import write_table, write_tables
from declarations.models import Cycle, Declaration, Event, ImportBatch, Snapshot, State, Upload
from declarations.record import store
from declarations.sheet.table import Table
from tests import factories
from tests.samples import sample, text_of

ROOT = Path(__file__).resolve().parents[2]
FILE_KEYS = {"path", "sha256", "refused", "tables"}
TABLE_KEYS = {"sheet", "edition", "table", "cells", "problems", "left_out", "not_run", "absent", "questions"}
PROBLEM_KEYS = {"code", "severity", "message", "hint", "field", "cell"}


@pytest.fixture
def folder(tmp_path):
    """A folder of good and bad files, one of them deeper down, one of them an archive."""
    made = tmp_path / "申报表"
    (made / "下级").mkdir(parents=True)
    write_table(sample(), str(made / "水务局.xlsx"))
    (made / "下级" / "水务局.txt").write_text(text_of(sample()), "utf-8")
    (made / "说明.gif").write_bytes(b"GIF89a")
    (made / "空.xlsx").write_bytes(b"")
    (made / ".DS_Store").write_bytes(b"x")
    with zipfile.ZipFile(made / "汇总.zip", "w") as archive:
        archive.write(made / "水务局.xlsx", "各局/水务局.xlsx")
        archive.writestr("坏.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 broken")
    return made


def run(command, *args, **environment):
    """The command in a process of its own, as an operator runs it."""
    return subprocess.run(
        [sys.executable, "manage.py", command, *map(str, args)],
        cwd=ROOT,
        env=os.environ | {"PYTHONIOENCODING": "utf-8"} | environment,
        capture_output=True,
        timeout=120,
        check=False,
    )


def called(command, *args):
    """The command in this process: exit status and what it printed."""
    out = io.StringIO()
    try:
        call_command(command, *map(str, args), stdout=out, stderr=io.StringIO())
        return 0, out.getvalue()
    except SystemExit as end:
        return end.code, out.getvalue()
    except CommandError as error:
        return error.returncode, str(error)


# --- read_tables -----------------------------------------------------------------------------


def test_reading_gives_the_documented_document_without_a_database(folder):
    done = run("read_tables", folder, "--json", "--year", "2026", DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    said = json.loads(done.stdout)
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    assert said.keys() == {"files", "counts"}
    assert all(file.keys() == FILE_KEYS for file in said["files"])
    assert said["counts"] == {"files": 6, "tables": 3, "refused": 3}
    by_path = {file["path"].removeprefix(f"{folder}/"): file for file in said["files"]}
    assert set(by_path) == {
        "水务局.xlsx", "下级/水务局.txt", "说明.gif", "空.xlsx", "汇总.zip/各局/水务局.xlsx", "汇总.zip/坏.xls",
    }  # fmt: skip
    refused = by_path["说明.gif"]["refused"]
    assert refused.keys() == {"code", "message", "hint"} and refused["code"].startswith("X")
    assert by_path["说明.gif"]["tables"] == []
    table = by_path["水务局.xlsx"]["tables"][0]
    assert table.keys() == TABLE_KEYS
    assert table["table"] == replace(sample(), year=2026).to_json()
    assert table["cells"]["basic_expenditure"] == "C5"
    assert {"code": "B08", "needs": ["last_year"]} in table["not_run"]
    assert by_path["汇总.zip/各局/水务局.xlsx"]["sha256"] == by_path["水务局.xlsx"]["sha256"]


def test_problems_are_as_documented_and_can_be_left_out(tmp_path):
    path = tmp_path / "a.xlsx"
    write_table(replace(sample(), overall_goal=""), str(path))
    _, checked = called("read_tables", path, "--json")
    problems = json.loads(checked)["files"][0]["tables"][0]["problems"]
    assert "F01" in {problem["code"] for problem in problems}
    assert all(problem.keys() == PROBLEM_KEYS for problem in problems)
    _, unchecked = called("read_tables", path, "--json", "--no-checks")
    assert "F01" not in unchecked


def test_for_people_it_says_what_is_where(folder):
    status, said = called("read_tables", folder)
    assert status == 1
    assert "云溪市水务局" in said and "不予受理（X04）" in said and "共 6 个文件，3 张表；3 个文件不予受理。" in said


def test_everything_in_order_is_zero(tmp_path):
    write_tables([sample(), sample("2023")], str(tmp_path / "a.xlsx"))
    status, said = called("read_tables", tmp_path / "a.xlsx", "--json")
    assert (status, json.loads(said)["counts"]) == (0, {"files": 1, "tables": 2, "refused": 0})


@pytest.mark.parametrize(
    "make",
    [
        lambda place: place / "没有这个文件.xlsx",
        lambda place: (place / "空文件夹").mkdir() or place / "空文件夹",
        lambda place: os.mkfifo(place / "pipe") or place / "pipe",
        lambda place: (place / "loop").symlink_to(place / "loop") or place / "loop",
        lambda place: (place / "no.xlsx").write_bytes(os.urandom(5000)) and place / "no.xlsx",
        lambda place: (place / "cut.zip").write_bytes(b"PK\x03\x04" + bytes(60)) and place / "cut.zip",
        lambda place: os.fsencode(place) + b"/\xff\xfe.xlsx",
        lambda place: "\u200b" * 3000,
        lambda place: "-",
    ],
    ids=["missing", "empty folder", "pipe", "loop", "noise", "cut zip", "no text", "too long", "dash"],
)
def test_no_path_gets_a_traceback(tmp_path, make):
    path = make(tmp_path)
    done = subprocess.run(
        [sys.executable, "manage.py", "read_tables", path, "--json"],
        cwd=ROOT,
        capture_output=True,
        timeout=60,
        check=False,
    )
    said = json.loads(done.stdout)
    assert (done.returncode, said["counts"]) == (1, {"files": 1, "tables": 0, "refused": 1})
    assert said["files"][0]["refused"]["message"] and b"Traceback" not in done.stderr


@pytest.mark.parametrize("args", [[], ["--json"], ["a.xlsx", "--year", "26"], ["a.xlsx", "--year", "x"], ["a", "--no"]])
def test_wrong_usage_is_two(args):
    done = run("read_tables", *args)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"Traceback" not in done.stderr


def test_an_empty_archive_is_said(tmp_path):
    with zipfile.ZipFile(tmp_path / "空.zip", "w") as archive:
        archive.writestr("__MACOSX/._a", b"x")
    status, said = called("read_tables", tmp_path / "空.zip")
    assert status == 1 and "压缩包里没有文件" in said


def test_ctrl_c_leaves_a_whole_document(tmp_path):
    write_table(sample(), str(tmp_path / "a.xlsx"))
    command = [sys.executable, "manage.py", "read_tables", "--json", *[str(tmp_path / "a.xlsx")] * 4000]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0)
    out = b""
    while b'"path"' not in out and (more := process.stdout.read(4096)):  # until it is at work
        out += more
    process.send_signal(signal.SIGINT)
    rest, err = process.communicate(timeout=60)
    out += rest
    assert process.returncode == 1
    assert 0 < json.loads(out)["counts"]["files"] < 4000
    assert b"Traceback" not in err and "中止".encode() in err


def test_a_reader_that_goes_away_is_no_traceback(folder):
    command = f"{sys.executable} manage.py read_tables {' '.join([str(folder)] * 40)} --json | head -c 10"
    done = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, timeout=120, check=False)
    assert b"Traceback" not in done.stderr and b"Exception" not in done.stderr


def test_results_come_in_the_order_of_the_files_refused_ones_among_them(folder):
    from declarations.importing.files import entries_of, read_all

    with Sandbox() as sandbox:
        found = [result.path for result in read_all(entries_of([str(folder)]), sandbox)]
    assert found == [entry.name for entry in entries_of([str(folder)])]


# --- import_tables ---------------------------------------------------------------------------


@pytest.fixture
def bureau(db):
    made = factories.bureau(name="云溪市财政局", code="990001")
    factories.cycle(made)
    factories.department(made, name="云溪市水务局", code="103")
    factories.department(made, name="云溪市教育局", code="101")
    return made


@pytest.fixture
def files(tmp_path):
    """Two departments' tables."""
    for name in ("云溪市水务局", "云溪市教育局"):
        write_table(replace(sample(), department=name), str(tmp_path / f"{name}.xlsx"))
    return tmp_path


def imported(*args):
    status, said = called("import_tables", *args, "--bureau", "990001", "--year", "2026", "--json")
    return status, json.loads(said)


def tables(said):
    return [table for file in said["files"] for table in file["tables"]]


def test_planning_says_what_would_be_done_and_does_nothing(bureau, files):
    status, said = imported(files)
    assert (status, said["applied"], said["counts"]["new"]) == (0, False, 2)
    assert tables(said)[0]["outcome"] == "new"
    assert tables(said)[0]["department"] == {
        "code": "101", "name": "云溪市教育局", "confidence": 100, "how": "名称相同",
    }  # fmt: skip
    assert not (
        Declaration.objects.exists() or ImportBatch.objects.exists() or Cycle.objects.filter(year=2026).exists()
    )


def test_applying_twice_changes_nothing_the_second_time(bureau, files):
    status, said = imported(files, "--apply")
    assert (status, said["counts"]["result_written"]) == (0, 2)
    assert {table["result"] for table in tables(said)} == {"written"}
    assert set(Declaration.objects.values_list("state", "is_imported")) == {(State.APPROVED, True)}
    kept = Snapshot.objects.count(), Event.objects.count(), ImportBatch.objects.count(), Upload.objects.count()
    assert kept == (2, 2, 1, 2)
    status, said = imported(files, "--apply")
    assert (status, said["counts"]["same"], said["counts"]["result_written"]) == (0, 2, 0)
    assert kept == (
        Snapshot.objects.count(),
        Event.objects.count(),
        ImportBatch.objects.count(),
        Upload.objects.count(),
    )


def test_a_corrected_file_says_what_it_changes(bureau, files):
    imported(files, "--apply")
    write_table(replace(sample(), staff_count=90), str(files / "云溪市水务局.xlsx"))
    _, said = imported(files)
    changed = next(table for table in tables(said) if table["outcome"] == "changed")
    assert [(one["label"], one["old"], one["new"]) for one in changed["changes"]] == [("财政供养人员数", "86", "90")]
    assert imported(files, "--apply")[1]["counts"]["result_written"] == 1
    assert Declaration.objects.get(department__code="103").staff_count == 90


def test_what_is_refused_or_blocked_is_said_and_the_rest_comes_in(bureau, files):
    (files / "空.xlsx").write_bytes(b"")
    write_table(replace(sample(), department="火星探测指挥部"), str(files / "未知.xlsx"))
    status, said = imported(files, "--apply")
    counts = said["counts"]
    assert (status, counts["refused"], counts["blocked"], counts["result_written"]) == (1, 1, 1, 2)
    blocked = next(table for table in tables(said) if table["outcome"] == "blocked")
    assert blocked["department"] is None and blocked["problems"][0]["code"] == "P01"


def test_two_files_for_one_declaration_are_both_left_out(bureau, files):
    write_table(replace(sample(), staff_count=1), str(files / "z另一份.xlsx"))
    status, said = imported(files, "--apply")
    assert (status, said["counts"]["blocked"], said["counts"]["result_written"]) == (1, 2, 1)
    clash = [table["problems"][0] for table in tables(said) if table["outcome"] == "blocked"]
    assert [problem["code"] for problem in clash] == ["P07", "P07"]
    assert [name in problem["message"] for name, problem in zip(("水务局", "z另一份"), clash, strict=True)] == [
        True,
        True,
    ]
    assert not Declaration.objects.filter(department__code="103").exists()


def test_for_people_the_plan_is_in_words(bureau, files):
    status, said = called("import_tables", files, "--bureau", "990001", "--year", "2026")
    assert status == 0 and "[新增]" in said and "把握 100%" in said and "确认无误后加 --apply" in said


def test_a_bureau_that_is_not_there_is_wrong_usage(bureau, files):
    status, said = called("import_tables", files, "--bureau", "123456")
    assert (status, "没有行政区划代码为“123456”" in said) == (2, True)


# --- export_tables ---------------------------------------------------------------------------


@pytest.fixture
def city(bureau, files):
    imported(files, "--apply")
    return bureau


def exported(output, *args):
    return called("export_tables", "--year", "2026", "--output", output, *args)


def test_one_table_is_one_file_that_reads_back(city, tmp_path):
    status, said = exported(tmp_path / "a.xlsx", "--format", "xlsx", "--department", "103")
    assert (status, "已导出 1 份" in said) == (0, True)
    with Sandbox() as sandbox:
        read = sandbox.read(tmp_path / "a.xlsx", year=2026).tables[0]["table"]
    assert Table.from_json(read) == store.table_of(Declaration.objects.get(department__code="103"))


def test_several_are_an_archive(city, tmp_path):
    assert exported(tmp_path / "all.zip", "--format", "json")[0] == 0
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert archive.namelist() == ["101_云溪市教育局_2026年度.json", "103_云溪市水务局_2026年度.json"]
        assert json.loads(archive.read(archive.namelist()[1])) == sample().to_json()


def test_the_approved_table_is_the_one_on_record(city, tmp_path):
    declaration = Declaration.objects.get(department__code="103")
    store.save_table(declaration, replace(store.table_of(declaration), staff_count=1))
    Cycle.objects.filter(pk=declaration.cycle_id).update(edition="2023")
    for state, count, edition in (("approved", 86, "2026"), ("latest", 1, "2023")):
        exported(tmp_path / "a.json", "--format", "json", "--department", "103", "--state", state)
        said = json.loads((tmp_path / "a.json").read_text("utf-8"))
        assert (said["staff_count"], said["edition"]) == (count, edition)


def test_a_word_document_reads_back(city, tmp_path):
    assert exported(tmp_path / "a.docx", "--format", "docx", "--department", "103")[0] == 0
    with Sandbox() as sandbox:
        read = sandbox.read(tmp_path / "a.docx").tables[0]["table"]
    assert Table.from_json(read) == store.table_of(Declaration.objects.get(department__code="103"))


def test_the_pdf_of_what_was_approved_is_made_once_and_kept(city, tmp_path, monkeypatch):
    assert exported(tmp_path / "a.pdf", "--format", "pdf", "--department", "103")[0] == 0
    monkeypatch.setattr("declarations.files.documents.pdf.write_table", lambda *_: pytest.fail("rendered again"))
    assert exported(tmp_path / "b.pdf", "--format", "pdf", "--department", "103")[0] == 0
    first, second = ((tmp_path / name).read_bytes() for name in ("a.pdf", "b.pdf"))
    assert first.startswith(b"%PDF") and first == second


def test_what_cannot_be_rendered_is_said_and_fails(city, tmp_path, monkeypatch):
    def refuse(*_):
        raise DocumentError("服务器上没有中文字体，不能生成 PDF。")

    monkeypatch.setattr("declarations.files.documents.pdf.write_table", refuse)
    status, said = exported(tmp_path / "a.zip", "--format", "pdf")
    assert (status, "没有中文字体" in said, (tmp_path / "a.zip").exists()) == (1, True, False)


@pytest.mark.parametrize(
    ("args", "status", "words"),
    [
        (["--format", "docx", "--output", "a.docx"], 2, "须以 .zip 结尾"),
        (["--format", "xlsx", "--output", "a.xlsx"], 2, "须以 .zip 结尾"),
        (["--format", "xlsx", "--output", "nowhere/a.xlsx"], 2, "已有文件夹"),
        (["--format", "xlsx", "--output", "."], 2, "已有文件夹"),
        (["--format", "xlsx", "--output", "a.zip", "--department", "999"], 2, "没有代码为 999 的部门"),
        (["--format", "xlsx", "--output", "a.zip", "--bureau", "000000"], 2, "000000"),
        (["--format", "csv", "--output", "a.zip"], 1, "csv"),
    ],
)
def test_what_cannot_be_meant_is_said(city, tmp_path, monkeypatch, args, status, words):
    monkeypatch.chdir(tmp_path)
    before = sorted(os.listdir(tmp_path))
    found, said = called("export_tables", "--year", "2026", *args)
    assert (found, words in said) == (status, True)
    assert sorted(os.listdir(tmp_path)) == before


def test_a_year_without_tables_makes_no_file(city, tmp_path):
    status, _ = called("export_tables", "--year", "2020", "--format", "xlsx", "--output", tmp_path / "a.zip")
    assert status == 1 and not (tmp_path / "a.zip").exists()

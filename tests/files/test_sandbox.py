"""The sandbox: an answer in Chinese to every file, whatever it does to the child that opens it."""

import datetime
import hashlib
import io
import json
import os
import random
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import xlsxwriter

from declarations.files.guarding import sandbox as sandbox_module
from declarations.files.guarding.child import ROOT, Child
from declarations.files.guarding.limits import MEBIBYTE
from declarations.files.guarding.sandbox import Sandbox
from declarations.sheet.problems import Refused
from tests.costs import processor_time_below
from tests.workbooks import benign, hostile, pages, printed
from tests.workbooks import builders as make
from tests.workbooks.tables import DEPARTMENT, official_text

CHINESE = re.compile("[\u4e00-\u9fff]")
SERVER_PATH = re.compile(r"/\w+/|[A-Z]:\\")
CASES = hostile.CASES + benign.CASES
GOOD = official_text().encode()
needs_proc = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads /proc, which only Linux has")


@pytest.fixture(scope="module")
def pool():
    with Sandbox(workers=1) as pool:
        yield pool


@pytest.fixture
def children(monkeypatch):
    """The children that were started, in order."""
    started = []

    class Recorded(Child):
        def __init__(self, *arguments):
            super().__init__(*arguments)
            started.append(self)

    monkeypatch.setattr(sandbox_module, "Child", Recorded)
    return started


def workbook(sheets):
    """A workbook from rows by sheet."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"default_date_format": "yyyy-mm-dd hh:mm"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for i, row in enumerate(rows):
                sheet.write_row(i, 0, row)
    return content.getvalue()


def is_running(child):
    try:
        os.kill(child.process.pid, 0)
    except ProcessLookupError:
        return False
    return True


def peak_memory(child):
    """The most memory a process ever held, in bytes."""
    status = Path(f"/proc/{child.process.pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024


# --- every file of the corpus --------------------------------------------------------------------


def test_the_corpus_is_as_large_as_promised():
    assert len(hostile.CASES) >= 60 and len(benign.CASES) >= 30
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_every_file_has_the_answer_it_should_have(pool, case):
    data = case.build()
    with processor_time_below(5):
        result = pool.read(data, name=case.file_name)
    assert (result.refused or {}).get("code", "") == case.code
    assert result.sha256 == hashlib.sha256(data).hexdigest()
    if case.code:
        assert result.tables == []
        assert CHINESE.search(result.refused["message"]) and CHINESE.search(result.refused["hint"])
        assert not SERVER_PATH.search(result.refused["message"] + result.refused["hint"])
    else:
        assert result.tables[0]["table"]["department"] == DEPARTMENT


@needs_proc
@pytest.mark.confined
def test_no_file_of_the_corpus_takes_a_child_beyond_its_memory(children):
    with Sandbox(workers=1) as pool:
        for case in CASES:
            pool.read(case.build(), name=case.file_name)
            assert all(peak_memory(child) < 256 * MEBIBYTE for child in children if is_running(child)), case.name
    # One child served them all: none of these files kills it.
    assert len(children) == 1


@needs_proc
def test_a_child_that_read_a_pdf_and_a_page_is_still_small(children):
    with Sandbox(workers=1) as pool:
        assert pool.sheets(printed.pdf_by_a_text_program()) and pool.sheets(pages.page())
        assert peak_memory(children[0]) < 100 * MEBIBYTE


def test_a_pdf_whose_drawings_draw_themselves_costs_a_child_and_nothing_else():
    with Sandbox(workers=1) as pool:
        assert pool.read(printed.pdf_whose_drawings_draw_themselves()).refused["code"] in ("X20", "X21", "X22")
        assert pool.read(printed.pdf_by_a_text_program()).refused is None


def test_a_marked_copy_of_a_pdf_is_a_workbook_of_what_was_read(pool):
    mark = {
        "severity": "E",
        "sheet": "",
        "cell": "B2",
        "place": "部门名称",
        "message": "错",
        "hint": "改",
        "example": "",
    }
    copy, is_anew = pool.marked(printed.pdf_by_a_text_program(), [mark], "甲.pdf")
    assert is_anew and copy.startswith(b"PK")


def test_a_fault_of_a_cell_becomes_a_problem_at_that_cell(pool):
    case = next(case for case in benign.CASES if case.name == "error_value")
    (table,) = pool.read(case.build(), name="表.xlsx").tables
    assert any(problem["cell"] == benign.BASIC and "#DIV/0!" in problem["message"] for problem in table["problems"])


def test_damaged_xls_files_cost_a_refusal_and_nothing_else(pool):
    good, chance = make.by_xlwt(), random.Random(7)
    for _ in range(60):
        data = bytearray(good)
        for _ in range(chance.choice((1, 3, 20))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        result = pool.read(bytes(data), name="表.xls")
        assert result.refused or result.tables
    assert pool.read(good, name="表.xls").refused is None


# --- results -------------------------------------------------------------------------------------


def test_the_result_has_the_shape_of_the_commands(pool, tmp_path):
    path = tmp_path / "2026年申报表.txt"
    path.write_bytes(GOOD)
    result = pool.read(path).to_json()
    assert list(result) == ["path", "sha256", "refused", "tables"]
    assert result["path"] == str(path)
    known = {"sheet", "edition", "table", "cells", "problems", "absent", "left_out", "questions", "not_run"}
    assert set(result["tables"][0]) == known
    assert json.loads(json.dumps(result)) == result


def test_the_bare_values_of_every_sheet(pool):
    day, noon = datetime.date(2026, 11, 1), datetime.datetime(2026, 11, 1, 12)
    data = workbook({"名单": [["代码", 1, 1.5, True], [None, day, noon]], "说明": [["空"]]})
    first, second = pool.sheets(data)
    assert first == {
        "name": "名单",
        "rows": [["代码", 1, 1.5, True], ["", "2026-11-01", "2026-11-01 12:00:00", ""]],
        "first_row": 1,
        "faults": {},
    }
    assert (second["name"], second["rows"]) == ("说明", [["空"]])


def test_cells_without_a_value_are_told(pool):
    faulty = next(case for case in benign.CASES if case.faults)
    faults = [sheet["faults"] for sheet in pool.sheets(faulty.build())]
    assert faulty.faults in faults


def test_bare_values_come_through_the_same_gate(pool):
    for data, code in ((b"", "X01"), (b"GIF89a", "X04"), (bytes(21 * MEBIBYTE), "X02")):
        with pytest.raises(Refused) as refused:
            pool.sheets(data)
        assert refused.value.code == code


def test_the_year_is_asked_for_or_taken_from_the_name(pool):
    assert pool.read(GOOD, name="2027年.txt").tables[0]["table"]["year"] == 2027
    assert pool.read(GOOD, name="2027年.txt", year=2025).tables[0]["table"]["year"] == 2025


def test_checks_are_run_unless_they_are_not_wanted(pool):
    def codes(**options):
        problems = pool.read(official_text(basic_expenditure=None).encode(), **options).tables[0]["problems"]
        return {problem["code"] for problem in problems}

    assert codes(checks=False) < codes()


def test_files_that_cannot_be_read_are_refused_without_their_path(pool, tmp_path):
    for path in (tmp_path / "没有.xlsx", tmp_path):
        result = pool.read(path)
        assert result.refused["code"] == "X23"
        assert str(tmp_path) not in result.refused["message"] + result.refused["hint"]


def test_a_file_too_large_is_not_loaded_but_has_its_hash(pool, tmp_path):
    path = tmp_path / "大.xlsx"
    path.write_bytes(bytes(21 * MEBIBYTE))
    result = pool.read(path)
    assert result.refused["code"] == "X02"
    assert result.sha256 == hashlib.sha256(bytes(21 * MEBIBYTE)).hexdigest()


def test_many_files_come_back_in_order_and_few_are_under_way():
    taken = []

    def items():
        for number in range(60):
            taken.append(number)
            yield f"{number}.txt", GOOD if number % 3 else b"GIF89a"

    with Sandbox(workers=2) as pool:
        for number, result in enumerate(pool.read_many(items())):
            assert result.path == f"{number}.txt"
            assert bool(result.refused) is (number % 3 == 0)
            assert len(taken) <= number + 7
    assert len(taken) == 60


def test_a_reader_of_many_files_may_stop_early():
    with Sandbox(workers=2) as pool:
        results = pool.read_many((f"{number}.txt", GOOD) for number in range(100))
        next(results)
        results.close()
        assert pool.read(GOOD).tables


# --- children that misbehave -----------------------------------------------------------------------

SLOW = "".join(f'<row r="{row}"><c r="A{row}" t="str"><v>字{row}</v></c></row>' for row in range(50, 9_000))
LARGE = "\t".join(["很长的内容" * 10] * 40).encode()


def slow_workbook():
    """A workbook within all limits that takes a while: 9,000 rows in each of 20 sheets."""
    sheets = [(f"表{number}", f"r{number}", "") for number in range(20)]
    parts = {f"xl/worksheets/sheet{number}.xml": make.sheet_xml([], [], inside=SLOW) for number in range(20)}
    listed = [(f"r{number}", "worksheet", f"worksheets/sheet{number}.xml") for number in range(20)]
    return make.xlsx(parts | {make.WORKBOOK: make.workbook_xml(sheets), make.WORKBOOK_LINKS: make.links(listed)})


@pytest.mark.confined
def test_a_file_that_takes_too_long_is_given_up_and_its_child_replaced(children):
    with Sandbox(workers=1, seconds=0.3) as pool:
        started = time.monotonic()
        result = pool.read(slow_workbook())
        assert result.refused["code"] == "X20" and "0.3 秒" in result.refused["message"]
        assert time.monotonic() - started < 3
        assert pool.read(GOOD).tables
    assert len(children) == 2 and not is_running(children[0])


@pytest.mark.confined
def test_a_file_that_needs_too_much_memory_is_refused_and_its_child_replaced(children):
    text = b"\n".join([LARGE] * 9_000)[: 19 * MEBIBYTE]
    with Sandbox(workers=1, memory=80 * MEBIBYTE) as pool:
        assert pool.read(GOOD).tables
        assert pool.read(text, name="表.txt").refused["code"] in ("X21", "X22")
        assert pool.read(GOOD).tables
    assert len(children) >= 2


def test_a_child_that_is_killed_from_outside_is_replaced_without_a_word(children):
    with Sandbox(workers=1) as pool:
        assert pool.read(GOOD).tables
        children[0].kill()
        assert pool.read(GOOD).tables
    assert len(children) == 2


def test_a_child_that_answers_nonsense_is_not_believed(children, monkeypatch):
    with Sandbox(workers=1) as pool:
        assert pool.read(GOOD).tables
        monkeypatch.setattr(children[0], "ask", lambda *_: b'{"refused": null, "tables": "all of them"}')
        assert pool.read(GOOD).tables[0]["table"]["department"] == DEPARTMENT
    assert len(children) == 2


def test_children_are_renewed_after_some_files(children):
    with Sandbox(workers=1, recycle_after=3) as pool:
        for _ in range(7):
            assert pool.read(GOOD).tables
    assert len(children) == 3
    assert not any(map(is_running, children))


@pytest.mark.confined
def test_other_files_do_not_notice_a_bad_one():
    bad = slow_workbook()
    with Sandbox(workers=2, seconds=0.5) as pool:
        items = [(f"{number}", bad if number == 5 else GOOD) for number in range(20)]
        results = list(pool.read_many(items))
    assert [number for number, result in enumerate(results) if result.refused] == [5]


def test_threads_share_a_pool():
    seen = []
    with Sandbox(workers=2) as pool:
        threads = [
            threading.Thread(
                target=lambda year=year: seen.append((year, pool.read(GOOD, year=year).tables[0]["table"]))
            )
            for year in range(2010, 2026)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(year for year, _ in seen) == list(range(2010, 2026))
    assert all(table["year"] == year for year, table in seen)


def test_closing_leaves_no_process_and_starting_is_left_to_the_first_file(children):
    with Sandbox(workers=2) as pool:
        assert children == []
        pool.read(GOOD)
        assert len(children) == 1 and is_running(children[0])
    assert not is_running(children[0])
    with pytest.raises(RuntimeError):
        pool.read(GOOD)


# --- what a child has ------------------------------------------------------------------------------


@needs_proc
@pytest.mark.confined
def test_a_child_inherits_no_descriptor_no_secret_and_no_folder(children, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "do-not-tell")
    with open(__file__, "rb") as held, Sandbox(workers=1) as pool:
        os.set_inheritable(held.fileno(), True)
        pool.read(GOOD)
        home = Path(f"/proc/{children[0].process.pid}")
        targets = [os.readlink(link) for link in (home / "fd").iterdir()]
        assert all(target.startswith("pipe:") or target == "/dev/null" for target in targets)
        variables = {line.split(b"=")[0] for line in (home / "environ").read_bytes().split(b"\0") if line}
        assert variables == {b"PYTHONPATH", b"PYTHONIOENCODING", b"PYTHONDONTWRITEBYTECODE"}
        assert os.readlink(home / "cwd") == "/"
        assert os.getsid(children[0].process.pid) == children[0].process.pid


@needs_proc
@pytest.mark.confined
def test_a_child_is_limited_by_the_system(children):
    with Sandbox(workers=1) as pool:
        pool.read(GOOD)
        text = Path(f"/proc/{children[0].process.pid}/limits").read_text()
    limits = {line[:26].strip(): line[26:].split()[:2] for line in text.splitlines()[1:]}
    assert limits["Max address space"] == [str(256 * MEBIBYTE)] * 2
    assert limits["Max file size"] == limits["Max core file size"] == limits["Max processes"] == ["0", "0"]
    assert int(limits["Max open files"][0]) <= 64
    assert int(limits["Max cpu time"][0]) <= 15


def run(code):
    """Python code in a process of its own: its output."""
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_child_starts_without_django():
    loaded = run(
        "import sys, declarations.files.guarding.worker; print('django' in sys.modules, 'openpyxl' in sys.modules)"
    )
    assert loaded.split() == ["False", "False"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_server_starts_children_of_its_own():
    code = """
import os
from declarations.files.guarding.sandbox import shared_sandbox
before = shared_sandbox().read(b'GIF89a').refused['code']
pid = os.fork()
after = shared_sandbox().read(b'GIF89a').refused['code']
if pid == 0:
    os._exit(0 if after == 'X04' else 1)
print(before, after, os.waitpid(pid, 0)[1])
"""
    assert run(code).split() == ["X04", "X04", "0"]


@needs_proc
def test_the_shared_pool_ends_with_its_process():
    code = """
from declarations.files.guarding import sandbox, child
from declarations.files.guarding.sandbox import shared_sandbox
shared_sandbox().read(b'GIF89a')
kept = shared_sandbox()._slots.get(); print(kept.process.pid); shared_sandbox()._slots.put(kept)
"""
    pid = int(run(code))
    assert not Path(f"/proc/{pid}").exists()

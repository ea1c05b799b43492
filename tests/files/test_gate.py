"""The gate: what a file is, by its content, and what is wrong with it before it is opened."""

import io
import re
import zipfile
import zlib

import pytest

from declarations.files.guarding import limits, refusals
from declarations.files.guarding.archive import is_archive, members_of
from declarations.files.guarding.bounds import area_size, column_number, judge_references, position_of
from declarations.files.guarding.gate import FileKind, admit_workbook
from declarations.files.guarding.markup import normal_xml
from declarations.files.guarding.package import Package, pack_parts
from declarations.files.opening.styles import cell_styles, is_percentage
from declarations.importing.files import taken_apart
from declarations.sheet.problems import Refused
from tests.workbooks import builders as make
from tests.workbooks import documents
from tests.workbooks.tables import official_text

CHINESE = re.compile("[\u4e00-\u9fff]")


def code_of(data):
    with pytest.raises(Refused) as refusal:
        admit_workbook(data)
    return refusal.value.code


@pytest.mark.parametrize(
    ("build", "kind"),
    [
        (make.xlsx, FileKind.XLSX),
        (make.by_openpyxl, FileKind.XLSX),
        (make.by_xlwt, FileKind.XLS),
        (make.ods, FileKind.ODS),
        (documents.docx, FileKind.DOCX),
        (lambda: official_text().encode("gb18030"), FileKind.TEXT),
    ],
)
def test_the_kind_is_decided_by_content(build, kind):
    assert admit_workbook(build()).kind is kind


def test_twenty_megabytes_are_allowed_and_not_one_byte_more():
    assert admit_workbook(b"a" * limits.FILE_BYTES).kind is FileKind.TEXT
    assert code_of(b"a" * (limits.FILE_BYTES + 1)) == "X02"


def test_a_refusal_says_what_the_file_is():
    with pytest.raises(Refused) as refusal:
        admit_workbook(b"GIF89a")
    assert "图片" in str(refusal.value)


def test_every_refusal_of_the_catalogue_is_chinese_with_a_hint_and_stands_in_the_documentation():
    documented = set(re.findall(r"^(X\d\d) ", refusals.__doc__, re.MULTILINE)) - {"X50"}
    assert set(refusals.CATALOGUE) == documented
    for message, hint in refusals.CATALOGUE.values():
        assert CHINESE.search(message) and message.endswith("。")
        assert CHINESE.search(hint) and hint.endswith("。")


def test_details_fill_the_message():
    assert str(refusals.refusal_of("X02", limit=20)) == "文件超过 20 MB，不予打开。"


# --- packages ----------------------------------------------------------------------------------


def test_a_packed_package_is_an_ordinary_zip():
    data = pack_parts([("a.xml", b"<a/>"), ("b/c.xml", "中文".encode())])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert archive.read("b/c.xml").decode() == "中文"


def test_parts_are_found_whatever_their_case():
    package = Package(make.zipped({"XL/Workbook.xml": "x"}))
    assert package.read("xl/workbook.XML") == b"x"


def test_what_is_unpacked_is_counted():
    package = Package(make.zipped({"a": b"x" * 600, "b": b"y" * 600}), unpacked_bytes=1_000)
    package.read("a")
    with pytest.raises(Refused) as refusal:
        package.read("b")
    assert refusal.value.code == "X11"


def test_a_directory_of_a_zip_is_no_part():
    assert list(Package(make.zipped({"xl/": b"", "xl/a.xml": b"a"})).entries) == ["xl/a.xml"]


def test_data_descriptors_and_zip64_records_are_read():
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(Unseekable(buffer), "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("a.xml", "w", force_zip64=True) as part,
    ):
        part.write(b"<a/>" * 50)
    assert Package(buffer.getvalue()).read("a.xml") == b"<a/>" * 50


class Unseekable(io.RawIOBase):
    """A stream that zips are written to in one go, as web servers do."""

    def __init__(self, target):
        self.target = target

    def writable(self):
        return True

    def write(self, data):
        return self.target.write(data)


# --- markup and bounds -------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_markup_becomes_utf_8_without_declaration(encoding):
    assert normal_xml('<?xml version="1.0"?><a>中</a>'.encode(encoding)) == "<a>中</a>".encode()


def test_a_text_full_of_equal_signs_is_no_attribute_bomb():
    text = "a = b; " * 2_000
    assert normal_xml(f"<a>{text}</a>".encode())


def test_references():
    assert position_of("B3") == (3, 2)
    assert position_of("$aa$12") == (12, 27)
    assert column_number("XFD") == 16_384
    assert area_size("A1:F2") == 12
    assert area_size("C3") == 1


@pytest.mark.parametrize("reference", ["", "3B", "A0", "A1:B2", "A-1", "ABCD1", "A12345678"])
def test_what_is_no_reference_is_refused(reference):
    with pytest.raises(Refused):
        position_of(reference)


def test_the_rectangle_of_the_content_is_measured():
    assert judge_references([]) == 0
    assert judge_references(["A1", "AB2000"]) == 28 * 2000
    with pytest.raises(Refused) as refusal:
        judge_references(["A1", "A20001"])
    assert "A20001" in str(refusal.value)


@pytest.mark.parametrize(
    ("code", "shown"),
    [("0%", True), ("0.00%_ ", True), ('0"%"', False), (r"0\%", False), ("0.00", False), ('[>1]0%;"-"', True)],
)
def test_a_percentage_has_a_percent_sign_outside_quotes(code, shown):
    assert is_percentage(code) is shown


def test_styles_without_percentages_cost_no_look():
    assert cell_styles(make.styles_xml((0, 14)).encode()).percent == frozenset()
    assert cell_styles(make.styles_xml((0, 10, 4)).encode()).percent == {"1"}


# --- archives ----------------------------------------------------------------------------------


def test_an_archive_is_told_from_a_workbook():
    assert is_archive(make.zipped({"甲.xlsx": make.xlsx()}))
    assert not is_archive(make.xlsx())
    assert not is_archive(make.ods())
    assert not is_archive("部门名称".encode())


def test_members_come_in_order_with_their_content(tmp_path):
    path = tmp_path / "批量.zip"
    path.write_bytes(make.zipped({"乙/表.xlsx": b"1", "甲.xls": b"22"}))
    assert [(member.name, member.content) for member in members_of(path)] == [("乙/表.xlsx", b"1"), ("甲.xls", b"22")]


def test_files_of_the_system_are_passed_over_and_said_so():
    archive = make.zipped({"__MACOSX/._表.xlsx": b"x", "~$表.xlsx": b"x", ".DS_Store": b"x", "表.xlsx": b"1"})
    found = {member.name: member for member in members_of(archive)}
    assert [name for name, member in found.items() if member.content] == ["表.xlsx"]
    assert found["~$表.xlsx"].ignored == "Office 的临时锁定文件"
    assert found[".DS_Store"].ignored == found["__MACOSX/._表.xlsx"].ignored == "系统自动生成的文件"


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_names_without_the_mark_of_utf_8_are_read(encoding):
    name = "水务局"
    placeholder = "x" * len(name.encode(encoding))
    archive = make.zipped({f"{placeholder}.xlsx": b"1"}).replace(placeholder.encode(), name.encode(encoding))
    assert [member.name for member in members_of(archive)] == [f"{name}.xlsx"]


def test_a_name_whose_gbk_bytes_hold_a_backslash_stays_whole():
    name = "誠"  # its second byte in GBK is 0x5C
    raw = name.encode("gbk")
    assert b"\\" in raw
    archive = make.zipped({"xx.xls": b"1"}).replace(b"xx.xls", raw + b".xls")
    assert [member.name for member in members_of(archive)] == [f"{name}.xls"]


def test_one_large_member_does_not_spoil_the_others():
    import random

    big = random.Random(6).randbytes(1_000_000) * 21
    archive = make.zipped({"大.xlsx": big, "小.xlsx": b"1"})
    first, second = members_of(archive)
    assert first.refused.code == "X02" and second.content == b"1"


def test_one_damaged_member_does_not_spoil_the_others():
    archive = make.zipped({"坏.xlsx": b"abcdef", "好.xlsx": b"1"}, zipfile.ZIP_STORED).replace(b"abcdef", b"abcdeX")
    first, second = members_of(archive)
    assert first.refused.code == "X09" and second.content == b"1"


@pytest.mark.parametrize(
    ("build", "code"),
    [
        (lambda: make.zipped({"a.xlsx": b"\0" * 40_000_000}), "X11"),
        (lambda: with_password(make.zipped({"a.xlsx": b"x"})), "X33"),
        (lambda: b"", "X01"),
        (lambda: b"PK\x03\x04abc", "X09"),
    ],
)
def test_an_archive_that_cannot_be_trusted_is_refused(build, code):
    with pytest.raises(Refused) as refusal:
        list(members_of(build()))
    assert refusal.value.code == code


def with_password(data):
    """The mark that an entry is encrypted, in its own header and in the directory."""
    return data.replace(b"PK\3\4\x14\0\0", b"PK\3\4\x14\0\1").replace(b"PK\1\2\x14\3\x14\0\0", b"PK\1\2\x14\3\x14\0\1")


@pytest.mark.parametrize("name", ["../a.xlsx", "b/../../a.xlsx", "/etc/a.xlsx", "C:/a.xlsx", "..\\a.xlsx"])
def test_a_name_that_leads_out_of_an_archive_costs_that_file_alone(name):
    first, second = members_of(make.zipped({name: b"1", "好.xlsx": b"2"}))
    assert (first.name, first.content) == ("好.xlsx", b"2")
    assert second.refused.code == "X30" and "压缩包以外" in str(second.refused)


def test_of_two_files_of_one_name_the_first_is_read_and_the_second_said():
    first, second, third = members_of(make.zipped([("表.xlsx", b"1"), ("表.xlsx", b"2"), ("表.XLSX", b"3")]))
    assert first.content == b"1"
    assert second.refused.code == third.refused.code == "X31"
    assert second.name != third.name, "each is told by itself"


@pytest.mark.parametrize(("stated", "is_believed"), [(b"____.xlsx", True), (b"xxxx.xlsx", False)])
def test_a_name_in_unicode_beside_the_stated_one_is_read_where_it_belongs_to_it(stated, is_believed):
    name = "水务局.xlsx".encode()
    field = b"\1" + zlib.crc32(b"____.xlsx").to_bytes(4, "little") + name
    info = zipfile.ZipInfo(stated.decode())
    info.extra = b"\x75\x70" + len(field).to_bytes(2, "little") + field
    (found,) = members_of(make.zipped([(info, b"1")]))
    assert found.name == ("水务局.xlsx" if is_believed else "xxxx.xlsx")


# --- archives in archives ----------------------------------------------------------------------


def told(data, name="全市.zip"):
    return {entry.name: entry.refused.code if entry.refused else entry.source for entry in taken_apart(name, data)}


def test_an_archive_in_an_archive_is_opened_and_one_in_that_is_not():
    inner = make.zipped({"甲.xlsx": b"1", "更里.zip": make.zipped({"乙.xlsx": b"2"})})
    found = told(make.zipped({"东区/东区.zip": inner, "丙.xlsx": b"3"}))
    assert found == {
        "全市.zip/东区/东区.zip/甲.xlsx": b"1",
        "全市.zip/东区/东区.zip/更里.zip": "X32",
        "全市.zip/丙.xlsx": b"3",
    }


def test_a_workbook_in_an_archive_in_an_archive_stays_whole():
    book = make.xlsx()
    assert told(make.zipped({"内.zip": make.zipped({"表.xlsx": book})})) == {"全市.zip/内.zip/表.xlsx": book}


def test_an_inner_archive_that_cannot_be_opened_costs_itself_alone():
    locked, broken = with_password(make.zipped({"a.xlsx": b"x"})), make.zipped({"a.xlsx": b"x"})[:30]
    found = told(make.zipped({"锁.zip": locked, "坏.zip": broken, "空.zip": make.zipped({"a/": b""}), "好.xlsx": b"1"}))
    assert found == {
        "全市.zip/锁.zip": "X33",
        "全市.zip/坏.zip": "X09",
        "全市.zip/空.zip": "X25",
        "全市.zip/好.xlsx": b"1",
    }


def test_the_advice_about_an_archive_is_about_packing():
    (entry,) = taken_apart("全市.zip", make.zipped({"a.xlsx": b"x"})[:30])
    assert "重新压缩" in entry.refused.hint


def test_archives_in_an_archive_unpack_together_to_no_more_than_one_alone(monkeypatch):
    monkeypatch.setattr("declarations.files.guarding.archive.limits.ARCHIVE_UNPACKED_BYTES", 5_000)
    inner = make.zipped({"a.bin": b"a" * 3_000})
    found = told(make.zipped({"一.zip": inner, "二.zip": inner}, zipfile.ZIP_STORED))
    assert list(found.values()) == [b"a" * 3_000, "X11"]


def test_a_missing_archive_is_refused_without_its_path(tmp_path):
    with pytest.raises(Refused) as refusal:
        list(members_of(tmp_path / "没有.zip"))
    assert refusal.value.code == "X23" and str(tmp_path) not in str(refusal.value) + refusal.value.hint

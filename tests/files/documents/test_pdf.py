"""The PDF: A4, Chinese fonts in it, labels and heads again on each page, and no text that is taken for markup."""

import re
from dataclasses import replace

import pytest
from typst import Fonts

from declarations.files.documents import fonts, pdf
from declarations.files.documents.printed import DocumentError, Stamp
from declarations.sheet.table import IndicatorRow
from tests.samples import sample

MARKUP = ("#set page(width: 3cm)", "$x^2$", "*粗*", "_斜_", "`码`", "@引用", "//注释", "/*不见*/", "\\\\行", "<标签>",
          "#panic()", '"引号"', "= 标题", "~", "#sys.inputs", "[[", "]]", "{", "}")  # fmt: skip


def long_table():
    """Sixty indicators and a goal of several pages."""
    table = sample()
    rows = tuple(replace(row, name=f"{row.name}{i}") for row in table.indicators for i in range(6))
    return replace(table, indicators=rows, overall_goal="推进治理体系建设，加强能力建设。" * 250)


def pages(poppler, table, stamp=None):
    """The words of each page, without white space."""
    text = poppler("pdftotext", pdf.write_table(table, stamp), "-raw")
    return [re.sub(r"[\s\u200b]", "", page) for page in text.split("\f") if page.strip()]


@pytest.mark.parametrize("edition", ["2023", "2026"])
def test_every_value_is_printed(poppler, edition):
    table = sample(edition)
    printed = "".join(pages(poppler, table))
    said = [table.department, *(row.name for row in (*table.key_tasks, *table.indicators)), "2,150.4567"]
    said += ["5,600,000.00" if edition == "2026" else "560.00"]
    assert [word for word in said if word not in printed] == []
    assert all(word in printed for word in ("填报人", "部门负责人", "公章", "年月日"))


def test_the_year_is_printed_where_the_title_has_none(poppler):
    assert "（2026年度）" in pages(poppler, sample())[0]
    assert pages(poppler, sample("2023"))[0].startswith("2024年市级部门整体预算绩效目标表部门名称")


def test_heads_and_merged_labels_come_again_on_every_page(poppler):
    printed = pages(poppler, long_table())
    assert len(printed) >= 5
    assert all("部门整体预算绩效目标申报表" in page for page in printed)
    goal = [page for page in printed if "推进治理体系建设" in page]
    assert len(goal) >= 3 and all("总体绩效" in page for page in goal)
    listed = [page for page in printed if "三级指标" in page]
    assert len(listed) >= 2 and all("年度指标值" in page and "绩效指标" in page for page in listed)
    last = listed[-1].partition("年度指标值")[2]
    assert "效益指标" in last and "服务对象满意度指标" in last


def test_pages_are_numbered_and_a_frozen_version_is_told(poppler):
    printed = pages(poppler, long_table(), Stamp(3, "0123456789abcdef" * 4))
    for number, page in enumerate(printed, 1):
        assert f"第{number}页共{len(printed)}页" in page
        assert "第3版校验码0123456789ab" in page and "0123456789abc" not in page
    assert "校验码" not in pages(poppler, sample())[0]


@pytest.mark.parametrize("text", MARKUP)
def test_no_text_is_taken_for_markup(poppler, text):
    table = replace(sample(), department=text, overall_goal=text)
    task, row = table.key_tasks[0], table.indicators[0]
    task = replace(task, name=text, content=text, expected_outcome=text)
    table = replace(table, key_tasks=(task,), indicators=(IndicatorRow(row.level1, text, text, text, text),))
    printed = "".join(pages(poppler, table))
    assert printed.count(re.sub(r"\s", "", text)) >= 8


def test_fonts_are_embedded_and_the_page_is_a4(poppler):
    data = pdf.write_table(sample())
    listed = [line.split() for line in poppler("pdffonts", data).splitlines()[2:]]
    assert listed and all(line[-5] == "yes" for line in listed)
    assert "(A4)" in poppler("pdfinfo", data)


def test_what_was_left_empty_is_printed_as_an_empty_form(poppler):
    printed = "".join(pages(poppler, replace(sample(), key_tasks=(), indicators=(), overall_goal="")))
    assert "数量指标" in printed and "服务对象满意度指标" in printed


def test_a_word_longer_than_its_column_is_broken(poppler):
    table = sample()
    address = "http://example.invalid/" + "a" * 120
    long = replace(table, key_tasks=(replace(table.key_tasks[0], name=address),))
    assert address in "".join(pages(poppler, long))
    boxes = re.findall(r'xMax="([\d.]+)"', poppler("pdftotext", pdf.write_table(long), "-bbox"))
    assert max(map(float, boxes)) < 595


def test_the_same_table_gives_the_same_bytes(chinese_font):
    assert pdf.write_table(sample(), Stamp(1, "a" * 64)) == pdf.write_table(sample(), Stamp(1, "a" * 64))


def test_without_a_chinese_font_nothing_is_printed_and_the_way_out_is_said(monkeypatch):
    monkeypatch.setattr(fonts, "find_fonts", lambda folders: Fonts(include_system_fonts=False))
    with pytest.raises(DocumentError) as refusal:
        pdf.write_table(sample())
    assert "没有中文字体" in str(refusal.value) and "fonts-noto-cjk" in str(refusal.value)


class Families:
    def __init__(self, *names):
        self.names = names

    def families(self):
        return self.names


def test_the_fonts_of_the_form_come_first_where_they_are_there():
    chosen = fonts.choose_fonts(Families("Noto Serif CJK SC", "FangSong", "SimHei", "Arial"))
    assert (chosen.heading[0], chosen.body[0]) == ("SimHei", "FangSong")
    chosen = fonts.choose_fonts(Families("Noto Sans CJK SC"))
    assert (chosen.heading, chosen.body) == (("Noto Sans CJK SC",), ("Noto Sans CJK SC",))

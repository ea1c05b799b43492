"""Files as they arrive at the import desk, each with what has to come of it, as data.

`ARRIVALS` is the table: what published tables were seen to contain and must be read for what it means, what
must be held up, and what must be refused. Each file is of a department of its own, so that all go into one batch.
`benign.py` and `hostile.py` hold what programs and attackers make of a file's bytes.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from declarations.files.documents.word import write_table
from declarations.sheet.table import Table
from tests.samples import find, rows_of, sample
from tests.workbooks import builders as make
from tests.workbooks import printed
from tests.workbooks.documents import letter_without_a_table, separated
from tests.workbooks.tables import official_merges, place_of

ARRIVALS = []
SECOND = "所属中心"
"""Ending of the name of the second department of a file that holds two."""
TITLE = "2026年部门整体预算绩效目标申报表"


@dataclass(frozen=True)
class Arrival:
    """``build(department)`` gives the file.

    ``comes``: new, changed, same or blocked for each table in order, ``refused`` for a file or a member that
    is none. ``found``: code and cell (where it has one) of everything that reading, planning or opening says of it.
    ``says(department)``: the first table as it has to be read. ``stands``: what the site holds of the department
    before: nothing, ``same`` or ``other`` imported history, a ``submitted`` declaration, or that it is ``closed``
    or ``unknown``.
    """

    name: str
    build: Callable[[str], bytes]
    comes: tuple[str, ...]
    found: tuple[str, ...] = ()
    says: Callable[[str], Table] | None = None
    stands: str = ""
    ending: str = "xlsx"

    @property
    def file_name(self):
        return f"{self.name}.{self.ending}"


def arriving(*comes, **expected):
    def enter(build):
        ARRIVALS.append(Arrival(build.__name__, build, comes, **expected))
        return build

    return enter


def said(**changes):
    return lambda department: sample(department=department, **changes)


def rows(department, **changes):
    """The official table with its year in the title, as offices write it."""
    table = sample(department=department, **changes)
    title, *others = rows_of(table)
    return [[f"{table.year}年{title[0]}", *title[1:]], *others]


def with_value(department, old, new):
    """The rows with one cell changed, found by its value."""
    changed = rows(department)
    i, j = find(changed, old)
    changed[i][j] = new
    return changed


def with_indicator(position, **changes):
    """What has to be read where one indicator differs."""
    listed = list(sample().indicators)
    listed[position] = replace(listed[position], **changes)
    return said(indicators=tuple(listed))


# --- what published tables contain, and what it means ----------------------------------------


@arriving("new", says=said())
def as_printed(department):
    return make.xlsx(rows=rows(department), after=make.merges_xml(official_merges()))


@arriving("new", says=said())
def leading_cells_lost_at_a_page_break(department):
    changed = rows(department)
    for text, lost in (("防汛抗旱", 1), ("可持续影响指标", 1), ("服务对象满意度指标", 2)):
        i, _ = find(changed, text)
        changed[i] = changed[i][lost:] + [None] * lost
    return make.xlsx(rows=changed)


@arriving("new", says=said(basic_expenditure=Decimal("82800.92"), fiscal_appropriation=Decimal("83750.92")))
def formula_results_with_binary_noise(department):
    changed = with_value(department, 2150.4567, 82800.92000000001)
    changed[find(changed, 3100.4567)[0]][find(changed, 3100.4567)[1]] = 83750.92
    plain, cell = make.book(changed), place_of(changed, 82800.92000000001)
    value = "<v>82800.92000000001</v>"
    formula = plain[make.SHEET].replace(f'<c r="{cell}">{value}', f'<c r="{cell}"><f>SUM(J1:J9)</f>{value}')
    return make.xlsx({make.SHEET: formula}, rows=changed)


@arriving("new", says=said())
def percentage_stored_as_one(department):
    changed = rows(department)
    place = place_of(changed, "100%")
    plain = make.book(changed)
    i, j = find(changed, "100%")
    text = make.cell_xml(place, changed[i][j], shared(changed))
    number = plain[make.SHEET].replace(text, f'<c r="{place}" s="1"><v>1</v></c>')
    return make.xlsx({make.SHEET: number}, rows=changed)


def shared(found):
    return list(dict.fromkeys(value for row in found for value in row if isinstance(value, str)))


@arriving("new", says=with_indicator(0, annual_value="≧30公里"))
def another_sign_for_at_least(department):
    return make.xlsx(rows=with_value(department, "≥30公里", "≧30公里"))


@arriving("new", says=said())
def line_breaks_and_spaces_in_labels(department):
    def broken(value):
        is_label = isinstance(value, str) and value in LABELS
        return f"{value[:2]}\n {value[2:]} " if is_label else value

    return make.xlsx(rows=[[broken(value) for value in row] for row in rows(department)])


LABELS = ("部门名称", "财政拨款", "其他资金", "总体绩效目标", "年度重点工作任务", "一级指标", "二级指标", "三级指标")


@arriving("new", says=said())
def amounts_as_text(department):
    changed = rows(department)
    for number, text in ((2150.4567, "2,150.4567"), (980.0, "９８０.00"), (3100.4567, " 3，100.4567 ")):
        i, j = find(changed, number)
        changed[i][j] = text
    return make.xlsx(rows=changed)


@arriving("new", says=said(basic_expenditure=Decimal("2150.456789")))
def six_decimals(department):
    return make.xlsx(rows=with_value(department, 2150.4567, 2150.456789))


@arriving("new", says=said())
def spacer_rows(department):
    return make.xlsx(rows=[row for line in rows(department) for row in (line, [None] * 6, ["", " ", None, "", "", ""])])


@arriving("new", says=said(indicators=sample().indicators[:7] + sample().indicators[8:]))
def a_category_left_empty(department):
    changed = rows(department)
    i, j = find(changed, "生态效益指标")
    changed[i][j + 1 :] = [None] * len(changed[i][j + 1 :])
    return make.xlsx(rows=changed)


@arriving("new", says=with_indicator(4, level2="服务对象满意度指标"))
def a_second_level_under_the_wrong_first_level(department):
    return make.xlsx(rows=with_value(department, "成本指标", "服务对象满意度指标"))


@arriving("new", found=("R10",), says=said())
def instructions_first(department):
    def change(workbook, sheet):
        workbook.create_sheet("填表说明", 0)["A1"] = "请如实填报，金额单位为万元。"
        sheet["A1"], sheet["B2"] = TITLE, department

    return make.by_openpyxl(change)


@arriving("new", says=said())
def not_at_a1(department):
    return make.xlsx(rows=rows(department), top=4, left=3)


@arriving("new", "new", says=said())
def two_departments_as_sheets(department):
    def change(workbook, sheet):
        other = workbook.copy_worksheet(sheet)
        sheet["A1"] = other["A1"] = TITLE
        sheet["B2"], other["B2"] = department, department + SECOND

    return make.by_openpyxl(change)


# --- programs and forms ----------------------------------------------------------------------


@arriving("new", says=said(), ending="xls")
def excel_97(department):
    def change(workbook, sheet):
        sheet.write(0, 0, TITLE)
        sheet.write(1, 1, department)

    return make.by_xlwt(change)


@arriving("new", says=said())
def saved_by_wps(department):
    properties = (
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
        "<Application>WPS Office</Application></Properties>"
    )
    return make.xlsx({"docProps/app.xml": properties}, rows=rows(department), before="<sheetPr/>")


@arriving("new", says=said(), ending="ods")
def saved_by_libreoffice(department):
    return make.ods(make.ods_table("申报表", rows(department)))


@arriving("new", says=said(), ending="docx")
def word_document_of_2026(department):
    """The form prints no year: it stands in the name of the file."""
    return write_table(sample(department=department))


@arriving("new", says=said(overall_goal="保障供水"), ending="csv")
def separated_values_in_gbk(department):
    return separated(",", rows(department, overall_goal="保障供水")).encode("gb18030")


@arriving("new", says=said(), ending="zip")
def zip_with_a_name_in_gbk(department):
    """As packed by older programs: the name's bytes are GBK, and nothing says so."""
    name, stand_in = "申报表.xlsx".encode("gbk"), b"#" * len("申报表.xlsx".encode("gbk"))
    return make.zipped({stand_in.decode(): as_printed(department)}).replace(stand_in, name)


@arriving("new", "new", says=said(), ending="zip")
def zip_in_a_zip(department):
    inner = make.zipped({"一/申报表.xlsx": as_printed(department)})
    return make.zipped({"甲.zip": inner, "乙.xlsx": as_printed(department + SECOND)})


# --- what the site holds already -------------------------------------------------------------


@arriving("same", says=said(), stands="same")
def nothing_new(department):
    return as_printed(department)


@arriving("changed", says=said(staff_count=87), stands="other")
def a_figure_corrected(department):
    return make.xlsx(rows=rows(department, staff_count=87))


# --- what is held up, and why ----------------------------------------------------------------


@arriving("new", found=("R02 C5",))
def formula_never_computed(department):
    changed = rows(department)
    sheet = make.book(changed)[make.SHEET].replace('<c r="C5"><v>2150.4567</v>', '<c r="C5"><f>SUM(J1:J9)</f>')
    return make.xlsx({make.SHEET: sheet}, rows=changed)


@arriving("new", found=("R01 C5",))
def an_amount_in_words(department):
    return make.xlsx(rows=with_value(department, 2150.4567, "约两千万"))


@arriving("blocked", found=("P01",), stands="unknown")
def a_department_nobody_knows(department):
    return as_printed("远山县林草事务中心")


@arriving("blocked", found=("P03", "R04"))
def no_year_anywhere(department):
    return make.xlsx(rows=rows_of(sample(department=department)))


@arriving("blocked", found=("P04",))
def a_year_far_ahead(department):
    return make.xlsx(rows=rows(department, year=2035))


@arriving("blocked", found=("P05",), stands="submitted")
def declared_in_the_system(department):
    return make.xlsx(rows=rows(department, year=2027))


@arriving("blocked", found=("P08",), stands="closed")
def a_department_no_longer_in_use(department):
    return make.xlsx(rows=rows(department, year=2027))


@arriving("blocked", "blocked", found=("P07",), ending="zip")
def two_files_that_contradict_each_other(department):
    return make.zipped({"一.xlsx": as_printed(department), "二.xlsx": make.xlsx(rows=rows(department, staff_count=5))})


# --- what is refused -------------------------------------------------------------------------


@arriving("refused", found=("X50",))
def another_table(department):
    return make.xlsx(rows=[["序号", "姓名", "金额"], ["1", department, 3.0]])


@arriving("refused", found=("X50",), ending="docx")
def a_letter(department):
    return letter_without_a_table()


@arriving("refused", found=("X01",))
def nothing_at_all(department):
    return b""


@arriving("refused", found=("X28",))
def a_scan_named_xlsx(department):
    return printed.pdf_that_was_scanned()


@arriving("new", "refused", found=("X28",), says=said(), ending="zip")
def zip_with_one_bad_file(department):
    return make.zipped({"一.xlsx": as_printed(department), "二.xlsx": a_scan_named_xlsx(department)})


@arriving("refused", found=("X08",), ending="zip")
def an_empty_zip(department):
    return make.zipped({})


@arriving("refused", found=("X25",), ending="zip")
def a_zip_of_what_a_system_leaves_behind(department):
    return make.zipped({"__MACOSX/._申报表.xlsx": b"x", ".DS_Store": b"x"})


@arriving("refused", found=("X32",), ending="zip")
def zip_in_a_zip_in_a_zip(department):
    inner = make.zipped({"丙.zip": make.zipped({"表.xlsx": as_printed(department)})})
    return make.zipped({"乙.zip": inner})

"""Lists on pages of their own: every difference is seen before anything is written, then exactly that is."""

import datetime
import io
from decimal import Decimal

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from declarations.administering.references import flow
from declarations.administering.references.kinds import LISTINGS
from declarations.models import (
    ControlFigures,
    Department,
    Disposal,
    Division,
    ListImport,
    ListKind,
    ListState,
    Membership,
    User,
)
from indicators.models import LibraryIndicator
from tests import factories

pytestmark = pytest.mark.django_db

PEOPLE = ("用户名", "姓名", "邮箱", "角色", "部门/科室代码", "生效日期", "失效日期")
DEPARTMENTS = ("部门代码", "部门名称", "曾用名", "上级部门代码", "资金主管科室代码", "在用")


@pytest.fixture
def bureau():
    return factories.bureau(name="云溪市财政局")


@pytest.fixture
def administrator(bureau):
    return factories.person("administrator", bureau, name="赵敏")


@pytest.fixture
def desk(client, administrator):
    client.force_login(administrator)
    return client


def workbook(*rows) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet("名单")
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return content.getvalue()


def brought(bureau, administrator, kind, *rows) -> ListImport:
    file = SimpleUploadedFile("名单.xlsx", workbook(*rows))
    listing = flow.take_in(bureau, ListKind(kind), file, administrator)
    listing.refresh_from_db()
    return listing


def applied(listing, administrator) -> ListImport:
    flow.apply_plan(listing, listing.digest, administrator)
    listing.refresh_from_db()
    assert listing.state == ListState.APPLIED
    return listing


def counts(listing):
    return tuple(listing.report[name] for name in ("new", "changed", "same", "error"))


def mistakes(listing):
    return [(line["row"], *mistake) for line in listing.lines for mistake in line["mistakes"]]


# --- what a file would change ----------------------------------------------------------------


def test_every_row_is_told_as_new_changed_or_the_same_with_what_it_said_before(bureau, administrator):
    factories.department(bureau, code="101", name="水利局")
    factories.department(bureau, code="102", name="教育局")
    listing = brought(
        bureau, administrator, "departments",
        DEPARTMENTS[:2], ("101", "水务局"), ("102", "教育局"), ("103", "民政局"),
    )  # fmt: skip
    assert counts(listing) == (1, 1, 1, 0)
    assert listing.lines[0]["old"] == {"部门名称": "水利局"} and listing.lines[0]["cells"][:2] == ["101", "水务局"]
    assert [line["row"] for line in listing.lines] == [2, 3, 4]
    assert Department.objects.count() == 2


def test_rows_keep_the_numbers_of_the_spreadsheet(bureau, administrator):
    listing = brought(bureau, administrator, "divisions", (), ("科室代码", "科室名称"), (), (), ("07", ""))
    assert mistakes(listing) == [(5, "科室名称", "", "必填，不能留空。")]


def test_one_wrong_row_keeps_the_whole_file_out(bureau, administrator):
    listing = brought(bureau, administrator, "divisions", ("科室代码", "科室名称"), ("07", "农业科"), ("08", ""))
    assert counts(listing) == (1, 0, 0, 1) and not listing.can_be_applied
    with pytest.raises(flow.NotNow):
        flow.apply_plan(listing, listing.digest, administrator)
    assert not Division.objects.exists()


def test_what_a_file_does_not_name_stays(bureau, administrator):
    kept = factories.department(bureau, code="101", name="水务局", former_names=["水利局"])
    applied(brought(bureau, administrator, "departments", DEPARTMENTS[:2], ("102", "教育局")), administrator)
    kept.refresh_from_db()
    assert (kept.name, kept.former_names, kept.is_active) == ("水务局", ["水利局"], True)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("101", "甲局"), ("101", "乙局")], (3, "部门代码", "101", "与第 2 行重复")),
        ([("101", "教育局")], (2, "部门名称", "教育局", "已由代码“001”使用")),
        ([("101", "甲局", "", "404")], (2, "上级部门代码", "404", "没有代码为“404”的部门")),
        ([("101", "甲局", "", "", "99")], (2, "资金主管科室代码", "99", "没有代码为“99”的资金主管科室")),
        ([("101", "甲局", "", "", "", "也许")], (2, "在用", "也许", "应为“是”或“否”")),
        ([("101", "甲局", "", "001"), ("001", "教育局", "", "101")], (3, "上级部门代码", "101", "不能是本部门")),
        ([("1" * 31, "甲局")], (2, "部门代码", "1" * 31, "不超过 30 字符")),
    ],
)
def test_a_wrong_department_is_told_by_row_column_and_what_is_expected(bureau, administrator, rows, expected):
    factories.department(bureau, code="001", name="教育局")
    told = mistakes(brought(bureau, administrator, "departments", DEPARTMENTS, *rows))
    assert [one[:3] for one in told] == [expected[:3]]
    assert expected[3] in told[0][3]


def test_a_new_department_may_stand_below_another_new_one(bureau, administrator):
    rows = (("101", "水务局", "水利局、水电局", "", "", "是"), ("101001", "河道处", "", "101", "", "否"))
    applied(brought(bureau, administrator, "departments", DEPARTMENTS, *rows), administrator)
    unit = Department.objects.get(code="101001")
    assert (unit.parent.code, unit.is_active, unit.initials) == ("101", False, "hdc")
    assert Department.objects.get(code="101").former_names == ["水利局", "水电局"]


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        (("a1", "王敏", "", "科长", "101"), "角色", "没有“科长”这一角色"),
        (("a1", "王敏", "", "填报人", "404"), "部门/科室代码", "没有代码为“404”的部门"),
        (("a1", "王敏", "", "填报人", ""), "部门/科室代码", "填报人须填写部门代码"),
        (("a 1", "王敏", "", "填报人", "101"), "用户名", "用户名"),
        (("a1", "", "", "填报人", "101"), "姓名", "不能留空"),
        (("a1", "王敏", "不是邮箱", "填报人", "101"), "邮箱", "有效的"),
        (("a1", "王敏", "", "填报人", "101", "去年"), "生效日期", "“去年”不是日期"),
        (("a1", "王敏", "", "填报人", "101", "2026-11-01", "2026-10-01"), "失效日期", "不能早于生效日期"),
        (("Taken", "王敏", "", "填报人", "101"), "用户名", "已被其他单位使用"),
        (("root", "王敏", "", "填报人", "101"), "用户名", "已被其他单位使用"),
        (("lone", "王敏", "", "填报人", "101"), "用户名", "已被其他单位使用"),
    ],
)
def test_a_wrong_person_is_told_under_the_column(bureau, administrator, row, column, said):
    factories.department(bureau, code="101")
    factories.person("filler", factories.department(), username="taken")
    factories.superuser(username="root")
    factories.user(username="lone")
    listing = brought(bureau, administrator, "people", PEOPLE, row + ("",) * (7 - len(row)))
    assert [(one[1], said in one[3]) for one in mistakes(listing)] == [(column, True)]


def test_rows_about_one_account_have_to_agree(bureau, administrator):
    factories.department(bureau, code="101")
    rows = (("a1", "王敏", "", "填报人", "101"), ("A1", "王明", "", "部门审核人", "101"))
    told = mistakes(brought(bureau, administrator, "people", PEOPLE[:5], *rows))
    assert told == [(3, "姓名", "王明", "同一用户名在第 2 行写的是“王敏”，请改为一致。")]


def test_people_come_in_one_role_a_row_without_a_password(bureau, administrator):
    department, division = factories.department(bureau, code="101"), factories.division(bureau, code="07")
    known = factories.person("filler", department, username="known", name="旧名")
    listing = brought(
        bureau, administrator, "people", PEOPLE,
        ("wangmin", "王敏", "w@example.cn", "填报人", "101", "2026-11-01", ""),
        ("wangmin", "王敏", "w@example.cn", "部门审核人", "101", "", "2027年12月31日"),
        ("lijun", "李军", "", "资金主管科室审核员", "07", "", ""),
        ("zhaoyan", "赵燕", "", "绩效科审核员", "", "", ""),
        ("known", "新名", "", "填报人", "101", "", ""),
    )  # fmt: skip
    assert counts(listing) == (4, 1, 0, 0)
    applied(listing, administrator)
    person = User.objects.get(username="wangmin")
    assert not person.has_usable_password() and person.email == "w@example.cn"
    assert {(item.role, item.department, item.valid_to) for item in person.memberships.all()} == {
        ("filler", department, None),
        ("head", department, datetime.date(2027, 12, 31)),
    }
    assert User.objects.get(username="lijun").memberships.get().division == division
    assert User.objects.get(username="zhaoyan").memberships.get().bureau == bureau
    known.refresh_from_db()
    assert known.name == "新名" and known.memberships.count() == 1


def test_a_changed_last_day_changes_the_role_and_does_not_give_it_twice(bureau, administrator):
    department = factories.department(bureau, code="101")
    held = factories.membership(factories.user(username="a1", name="王敏"), "filler", department)
    row = ("a1", "王敏", "", "填报人", "101", "", "2027-12-31")
    listing = applied(brought(bureau, administrator, "people", PEOPLE, row), administrator)
    assert listing.lines[0]["old"] == {"失效日期": ""}
    assert Membership.objects.get(user__username="a1").valid_to == datetime.date(2027, 12, 31)
    assert Membership.objects.get(user__username="a1").pk == held.pk


@pytest.mark.parametrize("kind", list(LISTINGS))
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_what_is_exported_comes_in_again_unchanged(desk, bureau, administrator, kind, form):
    division = factories.division(bureau, code="07")
    department = factories.department(bureau, code="0101", division=division, former_names=["水利局"])
    person = factories.person("filler", department, name="王敏")
    factories.membership(person, "filler", department, valid_from=datetime.date(2020, 1, 1))
    cycle = factories.cycle(bureau)
    ControlFigures.objects.create(cycle=cycle, department=department, basic_expenditure="1069.37")
    factories.library_entry(bureau)
    factories.department(name="邻市教育局")
    name = reverse(f"declarations:reference_{kind.replace('-', '_')}_export")
    file = desk.get(name, {"format": form}).content
    listing = flow.take_in(bureau, ListKind(kind), SimpleUploadedFile(f"a.{form}", file), administrator)
    new, changed, same, error = counts(listing)
    assert (new, changed, error) == (0, 0, 0) and same >= 1
    assert "邻市教育局" not in str(listing.lines)


def test_limits_come_in_and_a_wrong_amount_is_told(bureau, administrator):
    factories.cycle(bureau, year=2027)
    factories.department(bureau, code="101", name="水务局")
    head = ("申报年度", "部门代码", "部门名称", "基本支出（万元）")
    wrong = brought(bureau, administrator, "control-figures", head, ("2027", "101", "教育局", "约三万"), (2030, "101"))
    assert [one[:2] for one in mistakes(wrong)] == [(2, "部门名称"), (2, "基本支出（万元）"), (3, "申报年度")]
    assert "应填以万元为单位的数字，如 1069.37" in mistakes(wrong)[1][3]
    applied(brought(bureau, administrator, "control-figures", head, (2027, "101", "水务局", 1069.37)), administrator)
    again = brought(bureau, administrator, "control-figures", head, (2027, "101", "水务局", "1,100.00"))
    assert again.lines[0]["old"] == {"基本支出（万元）": "1069.37"}
    applied(again, administrator)
    assert ControlFigures.objects.get().basic_expenditure == Decimal("1100")


def test_library_entries_come_in_as_versions_with_who_brought_them(bureau, administrator):
    common, own = factories.library_entry(name="通用次数"), factories.library_entry(bureau, name="自有次数")
    head = ("功能领域", "二级指标", "指标名称", "计量单位")
    rows = (("水务", "数量指标", name, "回") for name in ("通用次数", "自有次数", "全新次数"))
    applied(brought(bureau, administrator, "library", head, *rows), administrator)
    common.refresh_from_db()
    assert common.unit == "次" and common.bureau_code == ""
    kept = {entry.name: entry for entry in LibraryIndicator.objects.filter(bureau_code=bureau.code)}
    assert {name: (entry.unit, entry.version) for name, entry in kept.items()} == {
        "通用次数": ("回", 2), "自有次数": ("回", 2), "全新次数": ("回", 1),
    }  # fmt: skip
    assert kept["通用次数"].replaces == common and kept["自有次数"].pk == own.pk
    assert {entry.versions.first().changed_by for entry in kept.values()} == {administrator}


# --- what is confirmed is what was looked at -------------------------------------------------


def test_what_changed_in_between_is_told_and_nothing_is_written(bureau, administrator):
    department = factories.department(bureau, code="101", name="水利局")
    listing = brought(bureau, administrator, "departments", DEPARTMENTS[:2], ("101", "水务局"), ("102", "教育局"))
    Department.objects.filter(pk=department.pk).update(name="水利水电局")
    with pytest.raises(flow.Moved, match="有了变化"):
        flow.apply_plan(listing, listing.digest, administrator)
    assert Department.objects.get().name == "水利水电局"
    listing.refresh_from_db()
    assert listing.state == ListState.READY and listing.lines[0]["old"] == {"部门名称": "水利水电局"}
    applied(listing, administrator)
    assert Department.objects.count() == 2


def test_a_row_that_became_impossible_in_between_is_told_as_a_mistake(bureau, administrator):
    listing = brought(bureau, administrator, "departments", DEPARTMENTS[:2], ("101", "水务局"), ("102", "教育局"))
    factories.department(bureau, code="999", name="水务局")
    with pytest.raises(flow.Moved):
        flow.apply_plan(listing, listing.digest, administrator)
    listing.refresh_from_db()
    assert counts(listing) == (1, 0, 0, 1) and Department.objects.count() == 1


def test_another_tab_that_saw_something_else_confirms_nothing(desk, bureau, administrator):
    listing = brought(bureau, administrator, "divisions", ("科室代码", "科室名称"), ("07", "农业科"))
    answer = desk.post(reverse("declarations:reference_apply", args=[listing.pk]), {"digest": "0" * 64}, follow=True)
    assert "没有执行" in str(next(iter(answer.context["messages"]))) and not Division.objects.exists()


def test_a_file_that_was_altered_on_disk_is_not_brought_in(bureau, administrator):
    listing = brought(bureau, administrator, "divisions", ("科室代码", "科室名称"), ("07", "农业科"))
    with open(listing.file.path, "wb") as file:
        file.write(workbook(("科室代码", "科室名称"), ("08", "别的科")))
    with pytest.raises(flow.Refused, match="与上传时不一致"):
        flow.apply_plan(listing, listing.digest, administrator)
    assert not Division.objects.exists()


def test_a_second_click_writes_nothing_again(bureau, administrator):
    listing = brought(bureau, administrator, "divisions", ("科室代码", "科室名称"), ("07", "农业科"))
    applied(listing, administrator)
    with pytest.raises(flow.NotNow):
        flow.apply_plan(listing, listing.digest, administrator)


def test_who_brought_it_who_confirmed_it_and_the_file_stay_on_record(desk, bureau, administrator):
    other = factories.person("administrator", bureau)
    content = workbook(("科室代码", "科室名称"), ("07", "农业科"))
    listing = flow.take_in(bureau, ListKind.DIVISIONS, SimpleUploadedFile("科室.xlsx", content), other)
    desk.post(reverse("declarations:reference_apply", args=[listing.pk]), {"digest": listing.digest})
    listing.refresh_from_db()
    assert (listing.created_by, listing.applied_by, listing.original_name) == (other, administrator, "科室.xlsx")
    answer = desk.get(reverse("declarations:reference_file_export", args=[listing.pk]))
    assert b"".join(answer) == content
    assert answer["Content-Type"] == "application/octet-stream" and answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment")


# --- files that are no such list -------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "文件是空的"),
        (b"%PDF-1.7", "PDF"),
        (workbook(("甲", "乙"), ("1", "2")), "缺少“科室代码”“科室名称”列"),
        (workbook(("科室代码", "科室名称")), "没有可导入的数据行"),
        (workbook(("科室代码", "科室名称", "科室代码"), ("1", "2", "3")), "出现了两次"),
    ],
)
def test_a_file_that_is_no_list_says_what_is_missing_and_is_kept(bureau, administrator, content, said):
    listing = flow.take_in(bureau, ListKind.DIVISIONS, SimpleUploadedFile("a.xlsx", content), administrator)
    assert listing.state == ListState.REFUSED and said in listing.report["refused"]["message"]
    assert listing.file and not listing.lines


def test_a_list_with_passwords_is_not_kept(bureau, administrator, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        row = ("a1", "王敏", "填报人", "101", "Yunxi-2026-Start")
        listing = brought(bureau, administrator, "people", ("用户名", "姓名", "角色", "部门/科室代码", "初始密码"), row)
    assert listing.state == ListState.REFUSED and "Yunxi" not in str((listing.report, listing.lines))
    assert not listing.file and Disposal.objects.get().reason == "passwords"


def test_columns_that_mean_nothing_are_told(bureau, administrator):
    listing = brought(bureau, administrator, "divisions", ("科室代码", "科室名称", "电话"), ("07", "农业科", "123"))
    assert listing.report["ignored"] == ["电话"] and listing.can_be_applied


# --- pages -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(LISTINGS))
def test_a_template_has_the_columns_and_explains_each(desk, kind):
    listing = LISTINGS[kind]
    name = reverse(f"declarations:reference_{kind.replace('-', '_')}_template_export")
    book = load_workbook(io.BytesIO(desk.get(name).content))
    head, explained = book.worksheets
    assert [cell.value for cell in head[1]] == list(listing.resource.columns)
    assert [row[0].value for row in explained.iter_rows(2, len(listing.columns) + 1)] == list(listing.resource.columns)


def test_nothing_is_brought_into_another_bureau(desk, bureau):
    other = factories.bureau()
    file = SimpleUploadedFile("a.xlsx", workbook(("科室代码", "科室名称"), ("07", "农业科")))
    answer = desk.post(reverse("declarations:reference_divisions"), {"file": file, "bureau": other.pk})
    assert answer.status_code == 404 and not ListImport.objects.exists()


def test_the_page_shows_what_asks_for_attention_first_a_hundred_rows_at_a_time(desk, bureau, administrator):
    rows = [(f"{n:03}", f"第{n}科") for n in range(150)]
    listing = brought(bureau, administrator, "divisions", ("科室代码", "科室名称"), *rows, ("x", ""))
    address = reverse("declarations:reference_import", args=[listing.pk])
    page = desk.get(address)
    assert page.context["shown"].outcome == "error" and "必填，不能留空" in page.content.decode()
    assert '<th scope="col">科室名称</th>' in desk.get(address, {"show": "new"}).content.decode()
    second = desk.get(address, {"show": "new", "page": "2"}).context["shown"]
    assert (len(second.lines), second.number, second.pages) == (50, 2, 2)
    for nonsense in ({"show": "none", "page": "-1"}, {"show": "new", "page": "٣"}, {"page": "9" * 30}):
        assert desk.get(address, nonsense).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_cost_the_same_however_many_rows(desk, bureau, administrator, rows, django_assert_num_queries):
    lines = [(f"a{n}", f"用户{n}", "", "填报人", "101") for n in range(rows)]
    factories.department(bureau, code="101")
    for _ in range(rows):
        listing = brought(bureau, administrator, "people", PEOPLE[:5], *lines)
    applied(listing, administrator)
    addresses = {
        reverse("declarations:references"): 5,
        reverse("declarations:reference_people"): 4,
        reverse("declarations:reference_import", args=[listing.pk]): 5,
        reverse("declarations:reference_people_export"): 6,
    }
    for address, expected in addresses.items():
        desk.get(address)
        with django_assert_num_queries(expected):
            assert desk.get(address).status_code == 200


@pytest.mark.parametrize("rows", [3, 300])
def test_an_import_asks_the_database_a_few_times_however_many_rows(bureau, administrator, rows):
    factories.department(bureau, code="101")
    lines = [(f"a{n}", f"用户{n}", "", "填报人", "101") for n in range(rows)]
    with CaptureQueriesContext(connection) as planning:
        listing = brought(bureau, administrator, "people", PEOPLE[:5], *lines)
    with CaptureQueriesContext(connection) as writing:
        applied(listing, administrator)
    assert (len(planning), len(writing)) == (15, 21)


# --- new accounts ----------------------------------------------------------------------------


def test_a_new_person_sets_the_password_by_a_link_that_works_once(desk, client, bureau, administrator):
    factories.department(bureau, code="101")
    row = ("wangmin", "王敏", "", "填报人", "101")
    listing = applied(brought(bureau, administrator, "people", PEOPLE[:5], row), administrator)
    file = desk.post(reverse("declarations:reference_links", args=[listing.pk])).content
    sheet = load_workbook(io.BytesIO(file)).active
    assert [cell.value for cell in sheet[2]][:2] == ["wangmin", "王敏"]
    link = sheet["D2"].value.removeprefix("http://testserver")
    client.logout()
    form = client.get(link, follow=True)
    short = client.post(form.redirect_chain[-1][0], {"password1": "Ab3-", "password2": "Ab3-"})
    assert "密码太短，至少要有 10 个字符。" in short.content.decode()
    given = {"password1": factories.PASSWORD, "password2": factories.PASSWORD}
    done = client.post(form.redirect_chain[-1][0], given, follow=True).content.decode()
    assert reverse("account_login") in done
    assert User.objects.get(username="wangmin").check_password(factories.PASSWORD)
    client.logout()
    again = client.get(link)
    assert again.context["token_fail"] and "请向系统管理员要新的链接" in again.content.decode()
    desk.force_login(administrator)
    assert desk.post(reverse("declarations:reference_links", args=[listing.pk])).status_code == 302


def test_links_are_given_for_unused_accounts_of_this_list_only(desk, bureau, administrator):
    factories.department(bureau, code="101")
    known = factories.person("filler", factories.department(bureau), username="known", name="老王")
    rows = (("known", "老王", "", "填报人", "101"), ("fresh", "小王", "", "填报人", "101"))
    listing = applied(brought(bureau, administrator, "people", PEOPLE[:5], *rows), administrator)
    sheet = load_workbook(io.BytesIO(desk.post(reverse("declarations:reference_links", args=[listing.pk])).content))
    assert [row[0].value for row in sheet.active.iter_rows(2)] == ["fresh"]
    assert known.memberships.count() == 2
    factories.membership(User.objects.get(username="fresh"), "filler", factories.department())
    assert desk.post(reverse("declarations:reference_links", args=[listing.pk])).status_code == 302


# --- forgotten passwords ---------------------------------------------------------------------


def reset(desk, *people):
    return desk.post(reverse("declarations:reference_resets"), {"person": [person.pk for person in people]})


def test_a_person_who_forgot_the_password_sets_a_new_one_by_a_link_and_the_old_one_is_over(desk, client, bureau):
    person = factories.person("filler", factories.department(bureau), name="王敏", password=factories.PASSWORD)
    sheet = load_workbook(io.BytesIO(reset(desk, person).content)).active
    assert [cell.value for cell in sheet[2]][:2] == [person.username, "王敏"]
    person.refresh_from_db()
    assert not person.has_usable_password()
    client.logout()
    form = client.get(sheet["D2"].value.removeprefix("http://testserver"), follow=True)
    fresh = "Neu-Kennwort-42"
    client.post(form.redirect_chain[-1][0], {"password1": fresh, "password2": fresh})
    person.refresh_from_db()
    assert person.check_password(fresh)


def test_only_people_of_ones_own_bureau_alone_are_offered_a_new_password(desk, bureau, administrator):
    shared = factories.person("filler", factories.department(bureau))
    factories.membership(shared, "filler", factories.department())
    strangers = (shared, factories.person("filler", factories.department()), factories.superuser(), administrator)
    shown = desk.get(reverse("declarations:reference_resets")).content.decode()
    for person in strangers:
        assert f'value="{person.pk}"' not in shown.split("<tbody>")[-1]
        assert reset(desk, person).status_code == 302


# --- several mistakes, sums, lost zeros ------------------------------------------------------


def test_every_mistake_of_a_row_is_told_at_once(bureau, administrator):
    row = ("a1", "王敏", "不是邮箱", "填报人", "404", "2026-11-01", "2026-10-01")
    told = mistakes(brought(bureau, administrator, "people", PEOPLE, row))
    assert {one[1] for one in told} == {"部门/科室代码", "邮箱", "失效日期"}


def test_a_row_that_adds_up_is_named_and_not_brought_in(bureau, administrator):
    listing = brought(bureau, administrator, "departments", DEPARTMENTS, ("101", "水务局"), ("合计", "1"))
    assert listing.report["sums"] == [[3, "合计"]] and listing.report["new"] == 1


def test_a_code_that_lost_its_zero_is_offered_with_it(bureau, administrator):
    factories.division(bureau, code="01", name="预算科")
    told = mistakes(brought(bureau, administrator, "departments", DEPARTMENTS, ("101", "水务局", "", "", "1")))
    assert "是“01”吗" in told[0][3]

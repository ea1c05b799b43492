"""The admin: for administrators, within their bureau, in Chinese; lists of departments and people in and out."""

import datetime
import io
import re

import pytest
import xlsxwriter
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from declarations.administering.resources import formats
from declarations.files.opening import opening
from declarations.models import (
    Bureau,
    CalendarDay,
    ControlFigures,
    Cycle,
    Department,
    Disposal,
    Division,
    Event,
    ImportBatch,
    Membership,
    Role,
    Snapshot,
    State,
    Upload,
    User,
)
from tests import factories
from tests.workbooks import hostile

pytestmark = pytest.mark.django_db

MODELS = [model for model in apps.get_app_config("declarations").get_models() if model in admin.site._registry]
WRITTEN_BY_HAND = {"calendarday", "bureau", "division", "department", "user", "cycle", "controlfigures"}


@pytest.fixture
def bureau():
    return factories.bureau(name="云溪市财政局")


@pytest.fixture
def as_administrator(client, bureau):
    client.force_login(factories.person("administrator", bureau, name="管理员甲"))
    return client


def address(model, page, *args):
    return reverse(f"admin:declarations_{model._meta.model_name}_{page}", args=args)


def one_of_each(bureau):
    """A row of every model within the bureau."""
    n = Bureau.objects.count()
    division = factories.division(bureau)
    department = factories.department(bureau, division=division)
    declaration = factories.declaration(department, state=State.SUBMITTED)
    snapshot = Snapshot.following(None, content={}, declaration=declaration, state=State.SUBMITTED, row_ids={})
    snapshot.save()
    states = {"from_state": State.CERTIFYING, "to_state": State.SUBMITTED}
    person = factories.person("filler", department)
    Event.objects.create(declaration=declaration, snapshot=snapshot, action="submit", actor=person, **states)
    batch = ImportBatch.objects.create(bureau=bureau, created_by=person)
    Upload.objects.create(batch=batch, original_name=f"{n}.xlsx", sha256="0" * 64, size=1)
    return {
        Bureau: bureau,
        Division: division,
        Department: department,
        User: person,
        Cycle: declaration.cycle,
        ControlFigures: ControlFigures.objects.create(cycle=declaration.cycle, department=department),
        CalendarDay: CalendarDay.objects.create(bureau=bureau, day="2026-09-30", name="停工放假"),
        type(declaration): declaration,
        Snapshot: snapshot,
        Event: declaration.events.get(),
        ImportBatch: batch,
        Upload: batch.uploads.get(),
        Disposal: Disposal.objects.create(bureau=bureau, original_name=f"{n}.xlsx", size=1, reason="abandoned"),
    }


def test_every_model_that_matters_is_there():
    names = {model._meta.model_name for model in MODELS}
    assert names == WRITTEN_BY_HAND | {"declaration", "snapshot", "event", "importbatch", "upload", "disposal"}


@pytest.mark.parametrize("role", Role.values)
def test_only_administrators_enter(client, bureau, role):
    place = {"filler": "department", "head": "department", "division": "division"}.get(role)
    client.force_login(factories.person(role, getattr(factories, place)(bureau) if place else bureau))
    status = client.get(reverse("admin:index")).status_code
    assert (status == 200) is (role == "administrator")


@pytest.mark.parametrize("how", ["ended", "disabled", "staff without a role"])
def test_former_administrators_do_not_enter(client, bureau, how):
    person = factories.person("administrator", bureau, is_staff=True)
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    if how == "ended":
        person.memberships.update(valid_from=yesterday, valid_to=yesterday)
    elif how == "disabled":
        User.objects.update(is_active=False)
    else:
        person.memberships.all().delete()
    client.force_login(person)
    assert client.get(reverse("admin:index")).status_code != 200


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_lists_and_forms_show_the_own_bureau_only(as_administrator, bureau, model):
    mine, theirs = one_of_each(bureau)[model], one_of_each(factories.bureau())[model]
    shown = as_administrator.get(address(model, "changelist")).context["cl"].queryset
    assert mine in shown and theirs not in shown
    assert as_administrator.get(address(model, "change", mine.pk)).status_code == 200
    for page in ("change", "delete", "history"):
        assert as_administrator.get(address(model, page, theirs.pk)).status_code in (302, 403)
        assert as_administrator.post(address(model, page, theirs.pk), {"post": "yes"}).status_code in (302, 403)
    assert model.objects.filter(pk=theirs.pk).exists()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
@pytest.mark.parametrize("rows", [1, 3])
def test_lists_cost_the_same_for_three_rows_as_for_one(as_administrator, bureau, model, rows):
    first = factories.bureau()
    one_of_each(bureau if model is not Bureau else first)
    as_administrator.force_login(factories.superuser())

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert as_administrator.get(address(model, "changelist")).status_code == 200
        return len(captured)

    queries()
    before = queries()
    for _ in range(rows - 1):
        one_of_each(factories.bureau())
    assert queries() == before


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_pages_are_in_chinese(as_administrator, bureau, model):
    one_of_each(bureau)
    page = as_administrator.get(address(model, "changelist")).content.decode()
    heading = re.search(r"<h1>(.*?)</h1>", page)[1]
    assert str(model._meta.verbose_name) in heading
    assert not re.search(r"[a-z]{3,}", heading)


@pytest.mark.parametrize("model", [m for m in MODELS if m._meta.model_name not in WRITTEN_BY_HAND])
def test_what_the_application_writes_is_read_only_even_for_the_operator(client, bureau, model):
    row = one_of_each(bureau)[model]
    client.force_login(factories.superuser())
    assert client.get(address(model, "change", row.pk)).status_code == 200
    assert client.get(address(model, "add")).status_code == 403
    assert client.post(address(model, "change", row.pk), {}).status_code == 403
    assert client.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403


def test_a_declarations_content_is_not_shown(as_administrator, bureau):
    rows = one_of_each(bureau)
    declaration = next(row for model, row in rows.items() if model.__name__ == "Declaration")
    page = as_administrator.get(address(type(declaration), "change", declaration.pk)).content.decode()
    assert declaration.overall_goal[:10] not in page


def test_foreign_rows_are_no_choice_in_forms(as_administrator, bureau):
    own, foreign = factories.division(bureau), factories.division()
    parent = factories.department()
    given = {"bureau": foreign.bureau.pk, "code": "001", "name": "水务局", "division": foreign.pk, "is_active": "on"}
    page = as_administrator.post(address(Department, "add"), given | {"parent": parent.pk})
    assert set(page.context["adminform"].form.errors) == {"bureau", "division", "parent"}
    as_administrator.post(address(Department, "add"), given | {"bureau": bureau.pk, "division": own.pk})
    assert Department.objects.get(code="001").bureau == bureau


@pytest.mark.parametrize("model", [Division, Department, Cycle], ids=lambda model: model.__name__)
def test_a_row_stays_in_its_bureau(as_administrator, bureau, model):
    """Even for who administers both: its declarations and reviewers would be left in the other one."""
    both = factories.person("administrator", bureau)
    factories.membership(both, Role.ADMINISTRATOR, factories.bureau())
    row, other = one_of_each(bureau)[model], both.memberships.last().bureau
    as_administrator.force_login(both)
    form = as_administrator.get(address(model, "change", row.pk)).context["adminform"].form
    given = {name: value for name in form.fields if (value := form[name].value()) is not None} | {"bureau": other.pk}
    given |= {"opens_at_0": "2026-11-01", "opens_at_1": "09:00", "deadline_0": "2099-12-01", "deadline_1": "18:00"}
    assert as_administrator.post(address(model, "change", row.pk), given).status_code == 302
    row.refresh_from_db()
    assert row.bureau == bureau


def test_second_factors_are_taken_away_by_the_operator_without_seeing_the_secret(as_administrator, client, bureau):
    person = factories.person("observer", bureau)
    factor = Authenticator.objects.create(user=person, type="totp", data={"secret": "S3CR3T"})
    page = reverse("admin:mfa_authenticator_change", args=[factor.pk])
    gone = reverse("admin:mfa_authenticator_delete", args=[factor.pk])
    assert as_administrator.get(page).status_code == 403
    assert as_administrator.post(gone, {"post": "yes"}).status_code == 403
    client.force_login(factories.superuser())
    shown = client.get(page)
    assert shown.status_code == 200 and "S3CR3T" not in shown.content.decode()
    assert client.post(gone, {"post": "yes"}).status_code == 302
    assert not Authenticator.objects.exists()


def test_the_operator_is_offered_no_groups_nor_addresses(client):
    client.force_login(factories.superuser())
    page = client.get(reverse("admin:index")).content.decode()
    assert "/admin/declarations/user/" in page
    assert "/admin/auth/group/" not in page and "emailaddress" not in page


def role_rows(*rows, **management):
    data = {"memberships-TOTAL_FORMS": len(rows), "memberships-INITIAL_FORMS": 0} | management
    for i, row in enumerate(rows):
        data |= {f"memberships-{i}-{name}": value for name, value in row.items()}
    return data


def new_person(**values):
    password = {"usable_password": "true", "password1": factories.PASSWORD, "password2": factories.PASSWORD}
    return {"username": "wangmin", "name": "王敏"} | password | values


def test_an_administrator_makes_an_account_with_a_role(as_administrator, client, bureau):
    department = factories.department(bureau)
    role = {"role": "filler", "department": department.pk, "valid_from": "2026-11-01"}
    as_administrator.post(address(User, "add"), new_person() | role_rows(role))
    person = User.objects.get(username="wangmin")
    assert (person.name, person.check_password(factories.PASSWORD)) == ("王敏", True)
    assert [item.place for item in person.memberships_now] == [department]
    assert not (person.is_staff or person.is_superuser)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "至少"),
        ([{"role": "filler", "valid_from": "2026-11-01"}], "须且只须指定部门"),
        ([{"role": "administrator", "bureau": "own", "valid_from": "2026-11-01"}] * 2, "填写了两次"),
        ([{"role": "administrator", "bureau": "foreign", "valid_from": "2026-11-01"}], "选择一个有效的选项"),
    ],
)
def test_an_account_is_not_made_without_a_sound_role(as_administrator, bureau, rows, message):
    bureaus = {"own": bureau.pk, "foreign": factories.bureau().pk}
    given = [row | ({"bureau": bureaus[row["bureau"]]} if "bureau" in row else {}) for row in rows]
    page = as_administrator.post(address(User, "add"), new_person() | role_rows(*given))
    assert page.status_code == 200 and not User.objects.filter(username="wangmin").exists()
    formset = page.context["inline_admin_formsets"][0].formset
    assert message in str(formset.errors) + str(formset.non_form_errors())


def test_nobody_gets_at_an_account_that_has_a_role_elsewhere_too(as_administrator, bureau):
    shared = factories.person("observer", bureau, password=factories.PASSWORD)
    factories.membership(shared, Role.ADMINISTRATOR, factories.bureau())
    password = {"usable_password": "true", "password1": "Other-1234567", "password2": "Other-1234567"}
    reset = reverse("admin:auth_user_password_change", args=[shared.pk])
    assert as_administrator.post(reset, password).status_code == 403
    assert as_administrator.post(address(User, "change", shared.pk), {"username": "x"}).status_code == 403
    shared.refresh_from_db()
    assert shared.check_password(factories.PASSWORD)


def test_an_administrator_sets_the_password_of_the_own_people(as_administrator, bureau):
    person = factories.person("observer", bureau)
    reset = reverse("admin:auth_user_password_change", args=[person.pk])
    password = {"usable_password": "true", "password1": "Other-1234567", "password2": "Other-1234567"}
    assert as_administrator.post(reset, password).status_code == 302
    person.refresh_from_db()
    assert person.check_password("Other-1234567")


def test_operators_are_out_of_reach(as_administrator, bureau):
    operator = factories.superuser()
    factories.membership(operator, Role.OBSERVER, bureau)
    assert as_administrator.get(address(User, "change", operator.pk)).status_code == 302
    assert operator not in as_administrator.get(address(User, "changelist")).context["cl"].queryset


def test_the_edition_of_a_year_is_chosen_among_those_described(as_administrator, bureau):
    form = as_administrator.get(address(Cycle, "add")).context["adminform"].form
    assert [code for code, _ in form.fields["edition"].choices] == ["2023", "2026"]
    assert form.fields["edition"].initial == "2026", "a new year begins with the newest"


# lists in and out


def workbook(*rows):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet("名单")
        for i, row in enumerate(rows):
            sheet.write_row(i, 0, row)
    return content.getvalue()


def upload(client, model, bureau, *rows):
    file = io.BytesIO(workbook(*rows))
    file.name = "名单.xlsx"
    given = {"bureau": bureau.pk, "import_file": file, "format": "0", "resource": "0"}
    return client.post(address(model, "import"), given)


def confirm(client, model, page):
    form = page.context["confirm_form"]
    given = {name: form[name].value() for name in form.fields}
    return client.post(address(model, "process_import"), given, follow=True)


DEPARTMENT_COLUMNS = ("部门代码", "部门名称", "曾用名", "上级部门代码", "资金主管科室代码", "在用")
PEOPLE_COLUMNS = ("用户名", "姓名", "角色", "部门/科室代码", "生效日期", "失效日期", "初始密码")


def test_departments_come_in_from_a_workbook(as_administrator, bureau):
    division = factories.division(bureau, code="07")
    kept = factories.department(bureau, code="101001", name="水利局")
    page = upload(
        as_administrator,
        Department,
        bureau,
        DEPARTMENT_COLUMNS,
        (101001, "水务局", "水利局、水利水电局", "", "07", "是"),
        ("101001002", "河道管理处", "", "101001", "", "否"),
    )
    assert Department.objects.count() == 1
    done = confirm(as_administrator, Department, page)
    kept.refresh_from_db()
    assert (kept.name, kept.former_names, kept.division) == ("水务局", ["水利局", "水利水电局"], division)
    unit = Department.objects.get(code="101001002")
    assert (unit.parent, unit.bureau, unit.is_active, unit.initials) == (kept, bureau, False, "hdglc")
    assert "导入" in str(next(iter(done.context["messages"])))


def test_every_mistake_is_told_with_row_and_column_and_nothing_is_written(as_administrator, bureau):
    factories.division(code="07")
    page = upload(
        as_administrator,
        Department,
        bureau,
        DEPARTMENT_COLUMNS,
        ("101001", "水务局", "", "", "", "是"),
        ("101002", "", "", "999", "07", "也许"),
    )
    row = page.context["result"].invalid_rows[0]
    assert row.number == 2
    assert row.field_specific_errors == {
        "上级部门代码": ["没有代码为“999”的部门，请先建立该部门或更正代码。"],
        "资金主管科室代码": ["没有代码为“07”的资金主管科室，请先建立该资金主管科室或更正代码。"],
        "在用": ["“也许”应为“是”或“否”。"],
    }
    assert "confirm_form" not in page.context or page.context["confirm_form"] is None
    assert not Department.objects.exists()


def test_an_empty_name_is_told_under_its_label(as_administrator, bureau):
    page = upload(as_administrator, Department, bureau, DEPARTMENT_COLUMNS[:2], ("101002", ""))
    assert page.context["result"].invalid_rows[0].field_specific_errors == {"部门名称": ["此字段不能为空。"]}


def test_a_file_without_the_columns_says_which(as_administrator, bureau):
    page = upload(as_administrator, Department, bureau, ("代码", "部门名称"), ("1", "水务局"))
    errors = page.context["result"].invalid_rows[0].non_field_specific_errors
    assert errors == ["文件缺少“部门代码”列，第一行应为列名。"]


@pytest.mark.parametrize("content", [b"\x00\x01", workbook(DEPARTMENT_COLUMNS), workbook(), b"PK\x03\x04broken"])
@pytest.mark.parametrize("kind", ["0", "1"])
def test_a_file_that_is_no_list_is_refused_in_chinese(as_administrator, bureau, content, kind):
    given = {"bureau": bureau.pk, "import_file": io.BytesIO(content), "format": kind, "resource": "0"}
    given["import_file"].name = "x.xlsx"
    page = as_administrator.post(address(Department, "import"), given)
    (error,) = page.context["form"].errors["import_file"]
    assert not re.search(r"[A-Z]\w+Error", error) and re.search("[\u4e00-\u9fff]", error)


@pytest.mark.parametrize("case", hostile.CASES, ids=lambda case: case.name)
def test_a_hostile_file_gets_an_answer_in_chinese(as_administrator, bureau, case):
    file = io.BytesIO(case.build())
    file.name = "名单.xlsx"
    given = {"bureau": bureau.pk, "import_file": file, "format": "0", "resource": "0"}
    page = as_administrator.post(address(Department, "import"), given)
    assert page.status_code == 200 and not Department.objects.exists()
    errors = page.context["form"].errors.get("import_file") or said_of_rows(page.context["result"])
    assert errors and all(re.search("[\u4e00-\u9fff]", error) and "Error" not in error for error in errors)


def said_of_rows(result):
    """Some that are hostile as declarations are but a list of the wrong columns."""
    return [error for row in result.invalid_rows for error in row.non_field_specific_errors]


def test_a_workbook_is_opened_in_a_child_process_only(as_administrator, bureau, monkeypatch):
    monkeypatch.setattr(opening, "admit_workbook", None)
    page = upload(as_administrator, Department, bureau, DEPARTMENT_COLUMNS[:2], ("101001", "水务局"))
    assert page.context["confirm_form"]


def test_a_cell_that_was_never_computed_is_not_taken_for_an_empty_one(as_administrator, bureau):
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, DEPARTMENT_COLUMNS[:2])
        sheet.write(1, 0, "101001")
        sheet.write_formula(1, 1, "=Sheet9!A1", value="#REF!")
    file.name = "名单.xlsx"
    file.seek(0)
    given = {"bureau": bureau.pk, "import_file": file, "format": "0", "resource": "0"}
    page = as_administrator.post(address(Department, "import"), given)
    (error,) = page.context["form"].errors["import_file"]
    assert "单元格 B2" in error and "公式" in error


def test_a_list_of_too_many_rows_is_refused(as_administrator, bureau, monkeypatch):
    monkeypatch.setattr(formats, "MOST_ROWS", 2)
    page = upload(as_administrator, Department, bureau, DEPARTMENT_COLUMNS[:2], *[(n, f"第{n}局") for n in range(3)])
    assert "名单超过" in page.context["form"].errors["import_file"][0]


def test_a_second_click_on_confirm_is_answered(as_administrator, bureau):
    page = upload(as_administrator, Department, bureau, DEPARTMENT_COLUMNS[:2], ("101001", "水务局"))
    assert "新增1条" in told(confirm(as_administrator, Department, page))
    assert "已经导入" in told(confirm(as_administrator, Department, page))


def test_what_came_between_preview_and_confirmation_is_told_and_nothing_is_written(as_administrator, bureau):
    rows = [("101001", "水务局"), ("101002", "林业局")]
    page = upload(as_administrator, Department, bureau, DEPARTMENT_COLUMNS[:2], *rows)
    factories.department(bureau, code="900", name="林业局")
    said = told(confirm(as_administrator, Department, page))
    assert "没有导入任何一行" in said and "成功" not in said
    assert [item.code for item in Department.objects.all()] == ["900"]
    assert not LogEntry.objects.exists()


def told(page):
    return "".join(str(message) for message in page.context["messages"])


def test_a_first_password_is_not_shown(as_administrator, bureau):
    factories.department(bureau, code="101001")
    for code in ("101001", "404"):
        row = ("wangmin", "王敏", "填报人", code, "", "", "Yunxi-Start-2026")
        page = upload(as_administrator, User, bureau, PEOPLE_COLUMNS, row)
        assert "王敏" in page.content.decode() and "Yunxi-Start-2026" not in page.content.decode()


def test_nothing_is_imported_into_another_bureau(as_administrator, bureau):
    other = factories.department(code="101001", name="邻市水务局")
    refused = upload(as_administrator, Department, other.bureau, DEPARTMENT_COLUMNS[:2], ("101001", "改名"))
    assert "bureau" in refused.context["form"].errors
    page = upload(as_administrator, Department, bureau, DEPARTMENT_COLUMNS[:2], ("101001", "水务局"))
    form = page.context["confirm_form"]
    forged = {name: form[name].value() for name in form.fields} | {"bureau": other.bureau.pk}
    as_administrator.post(address(Department, "process_import"), forged)
    confirm(as_administrator, Department, page)
    other.refresh_from_db()
    assert other.name == "邻市水务局"
    assert Department.objects.get(bureau=bureau).name == "水务局"


def test_people_come_in_one_role_a_row(as_administrator, bureau):
    department = factories.department(bureau, code="101001")
    division = factories.division(bureau, code="07")
    page = upload(
        as_administrator,
        User,
        bureau,
        PEOPLE_COLUMNS,
        ("wangmin", "王敏", "填报人", "101001", "2026-11-01", "", "Yunxi-Start-2026"),
        ("wangmin", "王敏", "部门审核人", "101001", "", "2027年12月31日", ""),
        ("lijun", "李军", "资金主管科室审核员", "07", "", "", ""),
        ("zhaoyan", "赵燕", "绩效科审核员", "", "", "", ""),
        ("sunli", "孙丽", "查阅", "101001", "", "", ""),
    )
    assert not User.objects.filter(username="wangmin").exists()
    confirm(as_administrator, User, page)
    person = User.objects.get(username="wangmin")
    assert person.check_password("Yunxi-Start-2026")
    assert {(item.role, item.department, item.valid_to) for item in person.memberships.all()} == {
        ("filler", department, None),
        ("head", department, datetime.date(2027, 12, 31)),
    }
    assert User.objects.get(username="lijun").memberships.get().division == division
    assert User.objects.get(username="zhaoyan").memberships.get().bureau == bureau
    assert User.objects.get(username="sunli").memberships.get().department == department
    assert not User.objects.get(username="lijun").has_usable_password()


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        (("a1", "王敏", "科长", "101001"), "角色", "没有“科长”这一角色"),
        (("a1", "王敏", "填报人", "404"), "部门/科室代码", "没有代码为“404”的部门"),
        (("a1", "王敏", "填报人", ""), "部门/科室代码", "填报人须填写部门代码"),
        (("a 1", "王敏", "填报人", "101001"), "用户名", "用户名"),
        (("a1", "", "填报人", "101001"), "姓名", "不能为空"),
        (("a1", "王敏", "填报人", "101001", "去年"), "生效日期", "“去年”不是日期"),
        (("a1", "王敏", "填报人", "101001", "", "", "123"), "初始密码", "密码"),
        (("taken", "王敏", "填报人", "101001"), "用户名", "已被其他单位使用"),
        (("root", "王敏", "填报人", "101001"), "用户名", "已被其他单位使用"),
        (("Taken", "王敏", "填报人", "101001"), "用户名", "已被其他单位使用"),
    ],
)
def test_mistakes_in_people_are_told_under_their_column(as_administrator, bureau, row, column, message):
    factories.department(bureau, code="101001")
    taken = factories.person("filler", factories.department(), username="taken", name="原名")
    factories.superuser(username="root")
    page = upload(as_administrator, User, bureau, PEOPLE_COLUMNS, row + ("",) * (7 - len(row)))
    errors = page.context["result"].invalid_rows[0].field_specific_errors
    assert message in "".join(errors[column])
    taken.refresh_from_db()
    assert taken.name == "原名" and not User.objects.filter(username="a1").exists()


def test_importing_the_same_people_again_changes_nothing(as_administrator, bureau):
    factories.department(bureau, code="101001")
    rows = (PEOPLE_COLUMNS, ("wangmin", "王敏", "填报人", "101001", "2026-11-01", "", "Yunxi-Start-2026"))
    confirm(as_administrator, User, upload(as_administrator, User, bureau, *rows))
    again = upload(as_administrator, User, bureau, *rows)
    assert again.context["result"].totals["skip"] == 1
    confirm(as_administrator, User, again)
    assert Membership.objects.filter(user__username="wangmin").count() == 1


@pytest.mark.parametrize(("model", "mine"), [(Department, "水务局"), (User, "王敏")])
def test_lists_go_out_with_the_own_rows_only(as_administrator, bureau, model, mine):
    department = factories.department(bureau, name="水务局", former_names=["=HYPERLINK(1)"])
    factories.person("filler", department, name="王敏")
    factories.person("head", department, name="+1+1")
    foreign = factories.person("filler", factories.department(name="邻市水利局"), name="邻市张三")
    given = {"format": "1", "resource": "0"}
    text = as_administrator.post(address(model, "export"), given).content.decode()
    assert mine in text and not re.search("^[=+@-]|,[=+@-]", text, re.MULTILINE)
    assert foreign.name not in text and "邻市水利局" not in text


LIMIT_COLUMNS = ("申报年度", "部门代码", "部门名称", "基本支出（万元）", "项目支出（万元）")


def test_limits_come_in_from_a_workbook_and_the_same_file_again_changes_nothing(as_administrator, bureau):
    department = factories.department(bureau, code="101001", name="水务局")
    factories.cycle(bureau, year=2027)
    rows = (LIMIT_COLUMNS, (2027, 101001, "水务局", 1069.37, "７１．８６"))
    confirm(as_administrator, ControlFigures, upload(as_administrator, ControlFigures, bureau, *rows))
    issued = {name: str(value) for name, value in ControlFigures.objects.get(department=department).issued.items()}
    assert issued == {"basic_expenditure": "1069.370000", "project_expenditure": "71.860000"}
    again = upload(as_administrator, ControlFigures, bureau, *rows)
    assert again.context["result"].totals["skip"] == 1


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        ((2026, "101001"), "申报年度", "没有“2026”这一申报年度"),
        ((2027, "999"), "部门代码", "没有代码为“999”的部门"),
        ((2027, "101001", "", "约七十"), "基本支出（万元）", "“约七十”不是金额"),
        ((2027, "101001", "", -1), "基本支出（万元）", "是负数"),
    ],
)
def test_mistakes_in_limits_are_told_under_their_column(as_administrator, bureau, row, column, message):
    factories.department(bureau, code="101001")
    factories.cycle(bureau, year=2027)
    text = upload(as_administrator, ControlFigures, bureau, LIMIT_COLUMNS, row).content.decode()
    assert column in text and message in text
    assert not ControlFigures.objects.exists()

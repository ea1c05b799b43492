"""A list of people with its preview, against django-import-export's own admin page with the simplest resource."""

import io
from datetime import date

from django.contrib.admin import AdminSite
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from import_export.admin import ImportExportModelAdmin
from import_export.resources import ModelResource
from xlsxwriter import Workbook

from declarations.administering.references import flow
from declarations.administering.references.kinds import PEOPLE
from declarations.models import ListKind, ListState, Membership, User
from tests import factories
from tests.bench.timing import clock, ratio

AIM = 10


class StockResource(ModelResource):
    class Meta:
        model = User
        fields = ("username", "name", "email")
        import_id_fields = ("username",)


class StockAdmin(ImportExportModelAdmin):
    resource_classes = (StockResource,)


def workbook(columns, rows):
    file = io.BytesIO()
    with Workbook(file) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate((columns, *rows)):
            sheet.write_row(at, 0, row)
    return file.getvalue()


def people(count, code):
    first = date(2026, 11, 1).isoformat()
    return [(f"u{n:05}", f"用户{n}", f"u{n}@example.cn", "填报人", code, first, "") for n in range(count)]


def theirs(rows, operator):
    """Upload and preview of names and addresses only: no roles, no departments."""
    content = workbook(("username", "name", "email"), [row[:3] for row in rows])
    site = AdminSite()
    page = StockAdmin(User, site)
    sheet = SimpleUploadedFile("people.xlsx", content)
    kind = [form.__name__ for form in page.get_import_formats()].index("XLSX")
    request = RequestFactory().post("/import/", {"resource": "", "format": str(kind), "import_file": sheet})
    request.user, request.session = operator, {}
    request._messages = CookieStorage(request)
    answer = page.import_action(request)
    answer.render()
    assert answer.context_data["result"].totals["new"] == len(rows)


def main(count=10_000):
    bureau = factories.bureau(name="云溪市财政局")
    department = factories.department(bureau, code="101001")
    operator, administrator = factories.superuser(), factories.person("administrator", bureau)
    rows = people(count, department.code)
    with clock() as slow:
        theirs(rows, operator)
    file = ContentFile(workbook(PEOPLE.resource.columns, rows), "人员.xlsx")
    small = ContentFile(workbook(("部门代码", "部门名称"), [("1", "甲")]), "部门.xlsx")
    flow.take_in(bureau, ListKind.DEPARTMENTS, small, administrator)  # the sandbox starts once and stays
    with clock() as first:
        listing = flow.take_in(bureau, ListKind.PEOPLE, file, administrator)
    assert listing.report["new"] == count and not Membership.objects.filter(department=department).exists()
    with clock() as written:
        flow.apply_plan(listing, listing.digest, administrator)
    listing.refresh_from_db()
    assert listing.state == ListState.APPLIED and Membership.objects.filter(department=department).count() == count
    with clock() as again:
        listing = flow.take_in(bureau, ListKind.PEOPLE, file, administrator)
    assert listing.report["same"] == count
    times, worked = ratio(first.seconds, slow.seconds), ratio(first.processor, slow.processor)
    print(
        f"{count} people with roles, from upload to preview: {first.seconds:.1f} s against {slow.seconds:.1f} s of the "
        f"stock admin page with names only, {times} times faster (aim {AIM}); "
        f"of processors {first.processor:.1f} against {slow.processor:.1f} s, {worked}; "
        f"confirming them {written.seconds:.1f} s, the same file again {again.seconds:.1f} s"
    )

"""Whether a text is the approved one: by its check code, and by a file whatever program saved it."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from declarations.files.writing.writer import write_table
from declarations.models import Declaration, Snapshot
from declarations.record import store
from declarations.record.authenticity import Verdict, judge_code, judge_table, read_code
from declarations.reviewing import workflow
from tests import factories

URL = reverse("declarations:authenticity")
pytestmark = pytest.mark.django_db


class Approved:
    """An approved declaration with the people around it."""

    def __init__(self):
        self.department = factories.department(division=factories.division())
        self.declaration = factories.declaration(self.department)
        places = (self.department, self.department, self.department.division, self.department.bureau)
        roles = ("filler", "head", "division", "performance")
        self.people = {role: factories.person(role, place) for role, place in zip(roles, places, strict=True)}
        for action, role in zip(("send_to_head", "submit", "pass", "approve"), roles, strict=True):
            workflow.perform_move(self.declaration.pk, action, self.people[role])
        self.snapshots = list(self.declaration.snapshots.order_by("number"))

    @property
    def table(self):
        return store.table_of(Declaration.objects.get(pk=self.declaration.pk))


@pytest.fixture
def approved():
    return Approved()


def test_the_code_of_an_approved_version_is_told_from_that_of_an_earlier_one(approved):
    everything = Snapshot.objects.all()
    assert judge_code(approved.snapshots[3].code, everything).verdict is Verdict.APPROVED
    assert judge_code(approved.snapshots[1].hash, everything).verdict is Verdict.OTHER_VERSION
    assert judge_code("0" * 12, everything).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize("typed", ["{}", " {} ", "{0:.4}-{0:.99}", "校验码"])
def test_a_code_is_read_however_it_is_typed(approved, typed):
    code = approved.snapshots[3].code
    text = {"{}": code, " {} ": f" {code.upper()} ", "校验码": "校验码"}.get(typed, f"{code[:4]} - {code[4:]}")
    assert read_code(text) == ("" if typed == "校验码" else code)


def test_a_table_is_the_approved_one_as_long_as_it_says_the_same(approved):
    assert judge_table(approved.table, Snapshot.objects.all()).verdict is Verdict.APPROVED


def test_of_an_altered_table_the_differences_from_the_approved_one_are_named(approved):
    altered = factories.table(department=approved.department.name, staff_count=34)
    judged = judge_table(altered, Snapshot.objects.all())
    assert judged.verdict is Verdict.DIFFERENT
    assert [(one.field, one.old, one.new) for one in judged.changes] == [("staff_count", "33", "34")]


def test_an_approved_text_that_was_moved_on_since_is_no_longer_the_one(approved):
    last = approved.snapshots[3]
    Snapshot.following(
        last, content=last.content, declaration=approved.declaration, state="returned", row_ids=last.row_ids
    ).save()
    assert judge_code(last.code, Snapshot.objects.all()).verdict is Verdict.SUPERSEDED


def test_a_workbook_that_was_exported_is_found_again(client, approved):
    file = io.BytesIO()
    write_table(approved.table, file)
    client.force_login(approved.people["filler"])
    upload = SimpleUploadedFile("批复表.xlsx", file.getvalue())
    page = client.post(URL, {"file": upload}).content.decode()
    assert Verdict.APPROVED.label in page
    assert approved.department.name in page


def test_nobody_learns_of_a_text_that_is_not_for_them(client, approved):
    client.force_login(factories.person("filler", factories.department()))
    page = client.get(URL, {"code": approved.snapshots[3].code}).content.decode()
    assert Verdict.UNKNOWN.label in page
    assert approved.department.name not in page


@pytest.mark.parametrize(
    ("posted", "words"),
    [({}, "请填写校验码"), ({"code": "第三版"}, "数字和字母"), ({"code": "\0" * 12}, "数字和字母")],
)
def test_what_cannot_be_looked_up_is_told(client, approved, posted, words):
    client.force_login(approved.people["filler"])
    response = client.post(URL, posted)
    assert response.status_code == 422
    assert words in response.content.decode()


def test_a_file_that_is_no_table_is_told(client, approved):
    client.force_login(approved.people["filler"])
    response = client.post(URL, {"file": SimpleUploadedFile("说明.pdf", b"%PDF-1.7")})
    assert response.status_code == 422
    assert "说明.pdf" in response.content.decode()


def test_the_printed_table_carries_its_version_and_code(client, approved):
    client.force_login(approved.people["filler"])
    page = client.get(reverse("declarations:print", args=[approved.declaration.pk])).content.decode()
    assert f"第 4 版（已批复）　校验码 {approved.snapshots[3].code}" in page


def test_a_draft_is_printed_as_one(client, approved):
    draft = factories.declaration(approved.department, cycle=factories.cycle(approved.department.bureau, year=2028))
    client.force_login(approved.people["filler"])
    assert "尚未留存版本" in client.get(reverse("declarations:print", args=[draft.pk])).content.decode()

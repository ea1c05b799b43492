"""The library brought in from a workbook: checked first, in words, row by row; then each row a version."""

from __future__ import annotations

import io

import pytest
import xlsxwriter
from django.urls import reverse

from declarations.administering.resources import LibraryResource
from indicators.library import COLUMNS
from indicators.models import LibraryIndicator, LibraryVersion
from tests import factories
from tests.filling.fill_helpers import client_of

HEADS = [*COLUMNS, "在用"]
ROW = ("水务", "数量指标", "湿地巡护次数", "次", "≥", "24", "巡护的次数。", "各次之和", "巡护记录", "", "是")


def address(page: str) -> str:
    return reverse(f"admin:indicators_libraryindicator_{page}")


@pytest.fixture
def bureau(db):
    return factories.bureau()


@pytest.fixture
def administrator(bureau):
    return client_of(factories.person("administrator", bureau, is_staff=True))


def workbook(*rows) -> io.BytesIO:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_numbers": False}) as book:
        sheet = book.add_worksheet()
        for i, row in enumerate([HEADS, *rows]):
            sheet.write_row(i, 0, row)
    file.seek(0)
    file.name = "指标库.xlsx"
    return file


def preview(client, bureau, *rows):
    given = {"bureau": bureau.pk, "import_file": workbook(*rows), "format": "0", "resource": "0"}
    return client.post(address("import"), given)


def bring_in(client, bureau, *rows):
    form = preview(client, bureau, *rows).context["confirm_form"]
    given = {name: form[name].value() or "" for name in form.fields}
    return client.post(address("process_import"), given, follow=True)


def test_the_preview_writes_nothing(administrator, bureau):
    assert preview(administrator, bureau, ROW).context["confirm_form"]
    assert LibraryIndicator.objects.count() == LibraryVersion.objects.count() == 0


def test_new_changed_and_common_entries_come_in_as_versions(administrator, bureau):
    own = factories.library_entry(bureau, name="河道巡查次数")
    common = factories.library_entry(name="服务对象满意度")
    changed = [("水务", "数量指标", name, "次", "≥", "99", "解释", "公式", "来源", "", "是") for name in (own, common)]
    bring_in(administrator, bureau, ROW, *([*map(str, row)] for row in changed))
    found = LibraryIndicator.objects.filter(bureau_code=bureau.code).order_by("name")
    assert {(entry.name, entry.usual_value, entry.version) for entry in found} == {
        ("湿地巡护次数", "24", 1),
        ("河道巡查次数", "99", 2),
        ("服务对象满意度", "99", 2),
    }
    common.refresh_from_db()
    assert (common.usual_value, common.version) == ("48", 1)
    latest = LibraryVersion.objects.filter(entry__in=found, reason="从文件导入")
    assert {version.changed_by.pk for version in latest} == {int(administrator.session["_auth_user_id"])}
    assert latest.count() == 3


def test_the_same_file_again_changes_nothing(administrator, bureau):
    for _ in range(2):
        bring_in(administrator, bureau, ROW)
    assert LibraryVersion.objects.count() == 1


@pytest.mark.parametrize(
    ("at", "text", "told"),
    [
        (1, "数目指标", "“数目指标”应为以下之一：数量指标、"),
        (0, "水利", "“水利”应为以下之一："),
        (2, "", "指标名称"),
        (10, "或许", "“或许”应为“是”或“否”"),
    ],
)
def test_a_wrong_cell_is_told_in_words_and_nothing_comes_in(administrator, bureau, at, text, told):
    row = [*ROW]
    row[at] = text
    page = preview(administrator, bureau, row, [*ROW[:2], "另一项指标", *ROW[3:]])
    assert "confirm_form" not in page.context or not page.context["confirm_form"]
    errors = [str(error.error) for error in page.context["result"].invalid_rows]
    assert any(told in error for error in errors), errors
    assert LibraryIndicator.objects.count() == 0


def test_the_admin_shows_the_own_and_the_common_entries_and_changes_none(administrator, bureau):
    own, common = factories.library_entry(bureau), factories.library_entry()
    factories.library_entry(factories.bureau())
    shown = administrator.get(address("changelist")).context["cl"].queryset
    assert {entry.pk for entry in shown} == {own.pk, common.pk}
    assert administrator.get(address("add")).status_code == 403


def test_what_is_taken_away_comes_back_unchanged(bureau):
    entry = factories.library_entry(bureau, aliases="巡查次数、巡河")
    exported = LibraryResource().export(LibraryIndicator.objects.all())
    result = LibraryResource(bureau=bureau).import_data(exported, dry_run=False)
    assert result.totals["skip"] == 1
    entry.refresh_from_db()
    assert entry.version == 1

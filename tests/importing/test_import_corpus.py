"""The whole corpus through the whole desk: every file uploaded, read and planned, and what has to come of it."""

from collections import defaultdict
from dataclasses import replace

import pytest
from django.core.files.base import ContentFile

from declarations.files.guarding import sandbox
from declarations.importing.batch import desk
from declarations.importing.batch.outlines import outlines_of
from declarations.importing.batch.plan import ImportSource, Planner
from declarations.importing.batch.writing import BatchWriter
from declarations.models import State, Upload
from declarations.models.upload import ImportState
from declarations.sheet.table import Table
from tests import factories
from tests.samples import sample
from tests.workbooks import arriving, benign, hostile
from tests.workbooks.arriving import ARRIVALS

pytestmark = pytest.mark.django_db
NAMES = {arrival.name: f"云溪市{chr(0x4E00 + 700 * i)}{chr(0x5000 + 500 * i)}局" for i, arrival in enumerate(ARRIVALS)}
"""Names that nothing likens to each other."""


@pytest.fixture
def bureau():
    made = factories.bureau(name="云溪市财政局")
    factories.cycle(made)
    return made


def prepare(bureau, arrival):
    """What the site holds before the file comes."""
    name, stands = NAMES[arrival.name], arrival.stands
    if stands == "unknown":
        return
    department = factories.department(bureau, name=name, is_active=stands != "closed")
    if arrival.comes == ("new", "new"):
        factories.department(bureau, name=name + arriving.SECOND)
    if stands == "submitted":
        factories.declaration(department, state=State.SUBMITTED)
    if stands in ("same", "other"):
        before = sample(department=name, staff_count=86)
        BatchWriter(Planner(bureau)).write([ImportSource(("before", 0), "去年.xlsx", "Sheet1", before)])


def read(bureau, files, year=None):
    """A batch with these files, through all of the desk up to the page where a person looks at it."""
    batch = desk.new_batch(bureau, None, year)
    for name, content in files:
        desk.add_file(batch, name, ContentFile(content))
    assert desk.read_batch(batch, sandbox.shared_sandbox())
    assert batch.state == ImportState.READY
    return batch


def by_file(batch):
    """What came of each file that was uploaded, of the members of an archive together, in order."""
    found = defaultdict(list)
    for outline in outlines_of(batch):
        if outline.archive is None:
            found[outline.file.partition("/")[0]].append(outline)
    return found


def outcomes(outlines):
    return [
        outcome for one in outlines for outcome in (["refused"] if one.refused else [row.effective for row in one.rows])
    ]


def findings(outlines):
    """Codes with cells of what reading, planning and opening said; what the checks say of the content is theirs."""
    results = Upload.objects.in_bulk([one.pk for one in outlines])
    tables = [table for one in outlines for table in results[one.pk].result["tables"]]
    said = [problem for table in tables for problem in table["problems"] if problem["code"].startswith("R")]
    said += [reason for one in outlines for row in one.rows for reason in row.reasons]
    said += [one.refused for one in outlines if one.refused]
    return {f"{one['code']} {one.get('cell', '')}".strip() for one in said}


def test_every_file_that_arrives_comes_to_what_the_table_of_the_corpus_says(bureau):
    for arrival in ARRIVALS:
        prepare(bureau, arrival)
    batch = read(bureau, [(arrival.file_name, arrival.build(NAMES[arrival.name])) for arrival in ARRIVALS])
    found = by_file(batch)
    assert {name: outcomes(ones) for name, ones in found.items()} == {
        arrival.file_name: list(arrival.comes) for arrival in ARRIVALS
    }
    assert {name: findings(ones) for name, ones in found.items()} == {
        arrival.file_name: set(arrival.found) for arrival in ARRIVALS
    }


def test_what_was_read_of_it_is_what_its_author_meant(bureau):
    meant = [arrival for arrival in ARRIVALS if arrival.says]
    batch = read(bureau, [(arrival.file_name, arrival.build(NAMES[arrival.name])) for arrival in meant])
    found = by_file(batch)
    for arrival in meant:
        first = Upload.objects.get(pk=found[arrival.file_name][0].pk).result["tables"][0]["table"]
        department = NAMES[arrival.name] + (arriving.SECOND if arrival.name == "zip_in_a_zip" else "")
        assert replace(Table.from_json(first), department=department) == arrival.says(department), arrival.name


SLOW = {"deep_nesting", "millions_of_empty_cells", "too_many_cells_in_a_document", "a_hundred_thousand_sheets"}
"""Megabytes each; `test_sandbox` opens them."""
AS_ARCHIVES = {"larger_than_20_megabytes": "X09", "encrypted_zip_entries": "X33"}
"""Refused for another reason here: the desk takes zips apart, which may be larger and are packed with passwords."""
ARCHIVES = {"zip_of_workbooks", "archive_in_a_workbook_name"}
"""Which the desk reads."""


def test_files_of_any_program_and_of_any_attacker_come_to_what_is_expected_of_them(bureau):
    """They are all of one department, so what other files of the batch claim is left aside."""
    factories.department(bureau, name="云溪市水务局")
    cases = [one for one in (*benign.CASES, *hostile.CASES) if one.name not in SLOW | ARCHIVES]
    batch = read(bureau, [(f"{one.name}@{one.file_name}", one.build()) for one in cases], year=2026)
    found = by_file(batch)
    refused = {name: ones[0].refused["code"] for name, ones in found.items() if ones[0].refused}
    assert refused == {f"{one.name}@{one.file_name}": AS_ARCHIVES.get(one.name, one.code) for one in cases if one.code}
    planned = {name: {row.outcome for row in ones[0].rows} for name, ones in found.items() if not ones[0].refused}
    assert planned == {f"{one.name}@{one.file_name}": {"new"} for one in cases if not one.code}

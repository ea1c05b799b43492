"""A year's tables as one zip: streamed and with few queries, against openpyxl with queries for each table."""

import io
import tempfile
import zipfile
from dataclasses import replace

from django.db import connection, reset_queries
from django.test.utils import CaptureQueriesContext

from declarations.exporting import choosing, making
from declarations.exporting.archive import stream_zip
from declarations.exporting.rendering import FORMS
from declarations.models import Cycle, Declaration, Department, Snapshot, State
from declarations.models.export import TableState
from declarations.record import store
from tests import factories
from tests.bench.corpus import department, tables
from tests.bench.timing import clock, resident_megabytes, say
from tests.bench.writing import by_openpyxl

AIM, AIM_AGAIN = 14, 100
YEAR = 2031


def city(count):
    """That many approved declarations, each with the snapshot of its approval."""
    bureau = factories.bureau(name="云溪市财政局")
    cycle = factories.cycle(bureau, year=YEAR)
    places = Department.objects.bulk_create(
        Department(bureau=bureau, code=f"E{i:05d}", name=department(i)) for i in range(count)
    )
    said = [replace(table, year=YEAR) for table in tables(count)]
    made = [Declaration(department=place, cycle=cycle, state=State.APPROVED) for place in places]
    store.insert_new(zip(made, said, strict=True))
    frozen = [
        Snapshot.following(None, content=table.to_json(), declaration=one, state=State.APPROVED, row_ids={})
        for one, table in zip(made, said, strict=True)
    ]
    Snapshot.objects.bulk_create(frozen, batch_size=250)
    return Declaration.objects.filter(cycle=cycle)


def ours(declarations):
    """Bytes that went out, and the most memory that a growing archive took on the way."""
    before, most, sent = resident_megabytes(), 0.0, 0
    for i, piece in enumerate(stream_zip(choosing.approved_exports(declarations, FORMS["xlsx"]), FORMS["xlsx"])):
        sent += len(piece)
        if i % 50 == 0:
            most = max(most, resident_megabytes() - before)
    return sent, most


def theirs(declarations):
    """Each table looked up by itself, as a loop over rows does, and the archive built in memory."""
    with zipfile.ZipFile(io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as archive:
        for key in list(declarations.values_list("pk", flat=True)):
            one = Declaration.objects.get(pk=key)
            table = replace(store.table_of(one), department=Department.objects.get(pk=one.department_id).name)
            table = replace(table, year=Cycle.objects.get(pk=one.cycle_id).year)
            file = io.BytesIO()
            by_openpyxl(table, file)
            archive.writestr(f"{table.department}.xlsx", file.getvalue())


def by_job(declarations):
    """The same as an administrator asks for it: a job that notes every table, part by part; see `ours`."""
    person = factories.person("administrator", declarations[0].department.bureau)
    export = making.begin_export(person, declarations.order_by("department__code"), "xlsx")
    before = resident_megabytes()
    assert making.make_export(export)
    assert export.tables.filter(state=TableState.MADE).count() == export.total
    return export.path.stat().st_size, resident_megabytes() - before


def twice(run, declarations):
    """Clocks of the first time, when every file is made, and of the second; what is to be said of both."""
    from django.conf import settings

    spent, asked, grown = [], [], 0.0
    with tempfile.TemporaryDirectory() as folder:
        settings.MEDIA_ROOT = folder
        for _ in range(2):
            reset_queries()
            with CaptureQueriesContext(connection) as queries, clock() as one:
                _, more = run(declarations)
            spent, asked, grown = [*spent, one], [*asked, len(queries)], max(grown, more)
    return *spent, f"{asked[0]} queries the first time, {asked[1]} again; memory grew by {grown:.0f} MB"


def main(count=1_000):
    declarations = city(count)
    streamed, streamed_again, of_stream = twice(ours, declarations)
    made, made_again, of_job = twice(by_job, declarations)
    with clock() as slow:
        theirs(declarations)
    print(f"{count} tables as a zip: {of_stream}; by a job: {of_job}")
    say(f"{count} tables as a zip, against openpyxl and a query a row set", streamed, slow, count, AIM)
    say("the same again, from kept files", streamed_again, slow, count, AIM_AGAIN)
    say(f"{count} tables as a zip by a job", made, slow, count, AIM)
    say("the same again by a job", made_again, slow, count, AIM_AGAIN)

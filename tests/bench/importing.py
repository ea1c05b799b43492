"""Importing: files to declarations with previews, snapshots and events, against openpyxl and row-by-row `save()`."""

import tempfile

from openpyxl import load_workbook

from declarations.files.guarding.sandbox import Sandbox
from declarations.management.importing import Run, Spool
from declarations.models import Bureau, Cycle, Declaration, Department, Event, Indicator, KeyTask, Snapshot
from tests import factories
from tests.bench.corpus import department, write_corpus
from tests.bench.timing import clock, say

AIM, AIM_AGAIN = 20, 10
YEAR = 2026


def city(count):
    bureau = factories.bureau(name="云溪市财政局")
    factories.cycle(bureau)
    Department.objects.bulk_create(
        Department(bureau=bureau, code=f"D{i:05d}", name=department(i)) for i in range(count)
    )
    return bureau


def ours(bureau, folder, sandbox):
    """As `import_tables --apply` does it."""
    with Spool.opened() as spool:
        run = Run(bureau, None, spool, [YEAR])
        run.read([folder], sandbox)
        run.apply()
    return run


def theirs(paths, bureau):
    """The values only, by position, without looking for labels, checking, previewing or recording."""
    cycle = Cycle.objects.get(bureau=bureau, year=2027)
    found = {one.name: one for one in Department.objects.filter(bureau=bureau)}
    for path in paths:
        sheet = load_workbook(path).active
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        declaration = Declaration(department=found[rows[1][1]], cycle=cycle, overall_goal=rows[9][1])
        declaration.save()
        for position, row in enumerate(rows[11:20]):
            KeyTask(declaration=declaration, position=position, name=row[1] or "", content=str(row[2] or "")).save()
        for position, row in enumerate(rows[20:]):
            values = {"name": row[3] or "", "annual_value": str(row[5] or "")}
            Indicator(declaration=declaration, position=position, **values).save()


def main(count=500):
    with tempfile.TemporaryDirectory() as folder, Sandbox() as sandbox:
        paths = write_corpus(folder, count)
        bureau, other = city(count), city(count)
        list(sandbox.read_many(paths[:8]))  # the children start once and stay
        with clock() as first:
            run = ours(bureau, folder, sandbox)
        assert run.counts["result_written"] == count == Snapshot.objects.count() == Event.objects.count()
        with clock() as again:
            run = ours(bureau, folder, sandbox)
        assert run.counts["same"] == count == Snapshot.objects.count() and run.batch is None
        with clock() as slow:
            theirs(paths, other)
    assert Bureau.objects.count() == 2
    say(f"importing {count} files, against openpyxl and save()", first, slow, count, AIM)
    say("the same files again, against the first time", again, first, count, AIM_AGAIN)

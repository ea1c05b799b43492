"""Reading: gate, sandbox, reader and checks together, against openpyxl merely opening the same files."""

import tempfile

from openpyxl import load_workbook

from declarations.workbook.sandbox import Sandbox
from tests.bench.corpus import write_corpus
from tests.bench.timing import clock, say

AIM = 30


def main(count=500):
    with tempfile.TemporaryDirectory() as folder:
        paths = write_corpus(folder, count)
        with Sandbox() as sandbox:
            list(sandbox.read_many(paths[:8]))  # the children start once and stay
            with clock() as ours:
                results = list(sandbox.read_many(paths))
        assert all(result.refused is None and len(result.tables) == 1 for result in results)
        with clock() as theirs:
            for path in paths:
                load_workbook(path)
    say(f"reading {count} tables with every check, against load_workbook", ours.seconds, theirs.seconds, count, AIM)

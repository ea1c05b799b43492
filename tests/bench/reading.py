"""Reading: gate, sandbox, reader and checks together, against openpyxl merely opening the same files."""

import tempfile

from openpyxl import load_workbook

from declarations.files.guarding.sandbox import Sandbox
from tests.bench.corpus import write_corpus
from tests.bench.timing import best_of, say

AIM, ROUNDS = 30, 3


def main(count=500):
    with tempfile.TemporaryDirectory() as folder:
        paths = write_corpus(folder, count)
        with Sandbox() as sandbox:
            list(sandbox.read_many(paths[:8]))  # the children start once and stay
            times = best_of(ROUNDS, lambda: ours(sandbox, paths), lambda: theirs(paths))
    say(f"reading {count} tables with every check, against load_workbook", *times, count, AIM)


def ours(sandbox, paths):
    assert all(result.refused is None and len(result.tables) == 1 for result in sandbox.read_many(paths))


def theirs(paths):
    for path in paths:
        load_workbook(path)

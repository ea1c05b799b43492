"""Memory stays flat: five thousand files take no more of it than five hundred, in the parent and in its children."""

import tempfile
from itertools import islice

import psutil

from declarations.files.guarding.sandbox import Sandbox
from tests.bench.corpus import write_corpus
from tests.bench.timing import resident_megabytes


def main(files=5_000, distinct=100):
    with tempfile.TemporaryDirectory() as folder, Sandbox() as sandbox:
        paths = write_corpus(folder, distinct)
        many = sandbox.read_many(paths[i % distinct] for i in range(files))
        for _ in islice(many, files // 10):
            pass
        early = resident_megabytes(), children_megabytes()
        for _ in many:
            pass
        late = resident_megabytes(), children_megabytes()
    print(
        f"memory after {files // 10} files and after {files}: parent {early[0]:.0f} and {late[0]:.0f} MB, "
        f"its largest child {early[1]:.0f} and {late[1]:.0f} MB: {late[0] / early[0]:.2f} times as much (aim 1.0)"
    )


def children_megabytes():
    return max((child.memory_info().rss / 2**20 for child in psutil.Process().children()), default=0)

"""PDFs of the official table: typst against LibreOffice, which gets all documents in one batch, as it likes best."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from declarations.files.documents import pdf, word
from tests.bench.corpus import tables
from tests.bench.timing import clock, say

AIM = 5
PROGRAMS = ("soffice", "libreoffice")


def main(count=200):
    made = list(tables(count))
    pdf.write_table(made[0])  # the fonts are looked up once a process
    with clock() as ours:
        for table in made:
            pdf.write_table(table)
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        each = ours.seconds / count * 1000
        print(f"{count} PDFs: {each:.1f} ms each. NOT COMPARED: there is no LibreOffice here (libreoffice-writer)")
        return
    say(f"{count} PDFs, against LibreOffice in one batch", ours, by_libreoffice(program, made), count, AIM)


def by_libreoffice(program, made):
    """What it takes for the same tables as Word documents, writing these not counted."""
    with tempfile.TemporaryDirectory() as folder:
        for i, table in enumerate(made):
            Path(folder, f"{i:05d}.docx").write_bytes(word.write_table(table))
        home = f"-env:UserInstallation=file://{folder}/profile"
        command = [program, home, "--headless", "--convert-to", "pdf", "--outdir", f"{folder}/out"]
        with clock() as theirs:
            subprocess.run([*command, *sorted(Path(folder).glob("*.docx"))], capture_output=True, check=True)
        assert len(list(Path(folder, "out").glob("*.pdf"))) == len(made)
    return theirs

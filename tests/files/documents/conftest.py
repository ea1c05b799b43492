"""What tests of documents need of the machine; without it they are skipped and say what to install."""

import shutil
import subprocess

import pytest

from declarations.files.documents import fonts
from declarations.files.documents.printed import DocumentError


@pytest.fixture(scope="session")
def chinese_font():
    try:
        fonts.machine_fonts()
    except DocumentError:
        pytest.skip("no Chinese font found: install one (Debian: apt-get install fonts-noto-cjk)")


@pytest.fixture
def poppler(tmp_path, chinese_font):
    """Run a program of poppler on a PDF: ``poppler("pdftotext", data, "-layout")`` gives what it prints."""

    def run(program, data, *options):
        if shutil.which(program) is None:
            pytest.skip(f"{program} not found: install it (Debian: apt-get install poppler-utils)")
        (tmp_path / "a.pdf").write_bytes(data)
        after = ["-"] if program == "pdftotext" else []
        command = [program, *options, str(tmp_path / "a.pdf"), *after]
        return subprocess.run(command, capture_output=True, check=True, timeout=60).stdout.decode()

    return run

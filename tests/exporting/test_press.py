"""Many renderings are made by helper processes, and are what this process would have made."""

import io
import subprocess
import sys
from dataclasses import replace

import pytest
from docx import Document

from declarations.exporting import choosing, kept, press
from declarations.exporting.press import Helper, Press, render_here
from declarations.exporting.rendering import FORMS, RenderError
from declarations.files.documents.printed import Stamp
from declarations.models import Declaration, State
from tests import factories
from tests.samples import sample

STAMP = Stamp(3, "0123456789abcdef")


def test_a_helper_makes_the_same_file():
    content = sample().to_json()
    with Press(helpers=1) as one:
        made = [one.render(FORMS["xlsx"], content, STAMP) for _ in range(2)]
    assert made == [render_here(FORMS["xlsx"], content, STAMP)] * 2


def test_a_helper_makes_documents_with_the_stamp_of_their_version():
    with Press(helpers=1) as one:
        made = Document(io.BytesIO(one.render(FORMS["docx"], sample().to_json(), STAMP)))
    assert str(STAMP) in "".join(made.sections[0].footer._element.itertext())


def test_why_there_is_no_file_comes_back_in_the_same_words():
    content = replace(sample(), overall_goal="字" * 40_000).to_json()
    with pytest.raises(RenderError) as here:
        render_here(FORMS["xlsx"], content, STAMP)
    with Press(helpers=1) as one, pytest.raises(RenderError, match=str(here.value)):
        one.render(FORMS["xlsx"], content, STAMP)


def test_where_a_helper_ends_early_the_file_is_made_here(monkeypatch):
    monkeypatch.setattr(press.sys, "executable", "/bin/true")
    content = sample().to_json()
    with Press(helpers=1) as one:
        assert one.render(FORMS["xlsx"], content, STAMP) == render_here(FORMS["xlsx"], content, STAMP)


def test_no_helper_is_left_behind(monkeypatch):
    started = []

    def noted(*arguments):
        started.append(Helper(*arguments))
        return started[-1]

    monkeypatch.setattr(press, "Helper", noted)
    with Press(helpers=1) as one:
        one.render(FORMS["xlsx"], sample().to_json(), STAMP)
    assert [helper.process.poll() is not None for helper in started] == [True]


@pytest.mark.django_db
def test_many_frozen_versions_leave_in_order_as_if_made_one_by_one(monkeypatch, settings, tmp_path):
    for _ in range(3):
        factories.freeze(factories.declaration(state=State.APPROVED))
    one_by_one = list(choosing.approved_exports(Declaration.objects.all(), FORMS["xlsx"]))
    settings.MEDIA_ROOT = tmp_path / "empty"
    monkeypatch.setattr(kept, "WORTH_HELPERS", 2)
    assert list(choosing.approved_exports(Declaration.objects.all(), FORMS["xlsx"])) == one_by_one
    assert len(list((tmp_path / "empty").rglob("*.xlsx"))) == 3


def test_a_helper_starts_without_django():
    code = "import sys, declarations.exporting.pressing; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

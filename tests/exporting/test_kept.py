"""What was frozen is rendered once per form and version of its writer, and served again as it was."""

from dataclasses import replace

import pytest

from declarations.exporting import choosing, kept
from declarations.exporting.rendering import FORMS, RenderError
from declarations.models import Declaration, State
from tests import factories

pytestmark = pytest.mark.django_db
FORM = FORMS["docx"]


@pytest.fixture
def snapshot():
    return factories.freeze(factories.declaration(state=State.APPROVED))


def never(*_):
    raise AssertionError("rendered again")


def test_a_frozen_version_is_rendered_once(snapshot):
    first = kept.kept_or_rendered(snapshot, FORM)
    assert kept.kept_or_rendered(snapshot, replace(FORM, write=never)) == first


def test_a_new_version_of_the_writer_renders_anew(snapshot):
    kept.kept_or_rendered(snapshot, FORM)
    newer = replace(FORM, version=FORM.version + 1, write=lambda table, stamp: b"new")
    assert kept.kept_or_rendered(snapshot, newer) == b"new"


def test_two_snapshots_never_share_a_file(snapshot):
    other = factories.freeze(snapshot.declaration)
    assert other.content == snapshot.content
    assert kept.place_of_file(other, FORM) != kept.place_of_file(snapshot, FORM)


def test_the_document_names_the_version_that_it_shows(snapshot):
    seen = []
    kept.kept_or_rendered(snapshot, replace(FORM, write=lambda table, stamp: seen.append(stamp) or b""))
    assert (seen[0].number, seen[0].hash) == (snapshot.number, snapshot.hash)


def test_files_lie_below_the_uploads_readable_for_the_site_alone(snapshot, settings):
    kept.kept_or_rendered(snapshot, FORM)
    path = kept.place_of_file(snapshot, FORM)
    assert str(path).startswith(str(settings.MEDIA_ROOT))
    assert path.stat().st_mode & 0o077 == 0


def test_where_nothing_can_be_kept_the_file_is_made_all_the_same(snapshot, settings, tmp_path):
    (tmp_path / "file").write_text("")
    settings.MEDIA_ROOT = tmp_path / "file"
    assert kept.kept_or_rendered(snapshot, FORM).startswith(b"PK")


def test_what_cannot_be_rendered_leaves_no_file(snapshot):
    def fail(*_):
        raise RenderError("不能")

    with pytest.raises(RenderError):
        kept.kept_or_rendered(snapshot, replace(FORM, write=fail))
    assert not kept.place_of_file(snapshot, FORM).exists()


@pytest.mark.parametrize(("count", "queries"), [(1, 2), (3, 2)])
def test_many_are_taken_out_with_the_same_queries_and_again_with_one(count, queries, django_assert_num_queries):
    for _ in range(count):
        factories.freeze(factories.declaration(state=State.APPROVED))
    with django_assert_num_queries(queries):
        first = list(choosing.approved_exports(Declaration.objects.all(), FORM))
    with django_assert_num_queries(1):
        again = list(choosing.approved_exports(Declaration.objects.all(), replace(FORM, write=never)))
    assert len(first) == count and again == first

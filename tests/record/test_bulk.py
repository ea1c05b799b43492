"""Many rows in one statement: what is written, and that nothing else is."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from declarations.models import ImportBatch, Upload
from declarations.models.upload import UploadState
from declarations.record import bulk
from tests import factories

pytestmark = pytest.mark.django_db
ODD = {"rows": [{"said": "“100%”、%s、'引号'、\"\\\\", "version": None, "is": True}], "空": {}}


@pytest.fixture
def uploads():
    batch = ImportBatch.objects.create(bureau=factories.bureau())
    return [Upload.objects.create(batch=batch, original_name=f"{n}.xlsx", sha256="0" * 64, size=n) for n in range(4)]


def test_the_named_fields_of_the_given_rows_are_written_and_no_others(uploads):
    for upload in uploads:
        upload.state, upload.result, upload.original_name = UploadState.READ, ODD | {"n": upload.size}, "另一个"
    with CaptureQueriesContext(connection) as queries:
        bulk.update_rows(uploads[:3], ["state", "result"])
    assert len(queries) == 1
    kept = Upload.objects.order_by("size").values_list("original_name", "state", "result")
    assert list(kept) == [
        *((f"{n}.xlsx", UploadState.READ, ODD | {"n": n}) for n in range(3)),
        ("3.xlsx", UploadState.STORED, {}),
    ]


def test_a_reference_may_become_empty(uploads):
    first, second = uploads[:2]
    first.replaces = second
    bulk.update_rows([first], ["replaces"])
    assert Upload.objects.get(pk=first.pk).replaces == second
    first.replaces = None
    bulk.update_rows([first], ["replaces"])
    assert Upload.objects.get(pk=first.pk).replaces is None


def test_no_rows_are_no_statement(uploads):
    with CaptureQueriesContext(connection) as queries:
        bulk.update_rows([], ["state"])
    assert not queries

"""Letting a department report late: by name and with a reason, ended by a further record, within one's bureau."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from declarations.models import Extension
from tests import factories

URL = reverse("declarations:extensions")
DAY = datetime.timedelta(days=1)


@pytest.fixture
def cycle(db):
    return factories.cycle(deadline=timezone.now() - DAY)


@pytest.fixture
def reviewer(client, cycle):
    person = factories.person("performance", cycle.bureau)
    client.force_login(person)
    return person


def posted(cycle, department, **values) -> dict:
    until = timezone.localtime(timezone.now() + 3 * DAY)
    given = {"cycle": cycle.pk, "department": department.pk, "until": f"{until:%Y-%m-%dT%H:%M}", "reason": "人员变动"}
    return given | values


def test_a_department_is_let_in_late_by_name_and_with_a_reason(client, reviewer, cycle):
    department = factories.department(cycle.bureau)
    page = client.post(URL, posted(cycle, department), follow=True).content.decode()
    extension = Extension.objects.get()
    assert (extension.department, extension.granted_by, extension.reason) == (department, reviewer, "人员变动")
    assert "已办理" in page
    assert "生效中" in page


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"reason": ""}, "必填"),
        ({"until": "2020-01-01T00:00"}, "将来的时间"),
        ({"until": "明天"}, "有效"),
        ({"department": "0"}, "有效"),
    ],
)
def test_what_is_missing_or_wrong_is_told_and_nothing_is_granted(client, reviewer, cycle, wrong, words):
    response = client.post(URL, posted(cycle, factories.department(cycle.bureau)) | wrong)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Extension.objects.exists()


def test_no_extension_is_needed_before_the_deadline(client, reviewer, cycle):
    cycle.deadline = timezone.now() + 9 * DAY
    cycle.save()
    response = client.post(URL, posted(cycle, factories.department(cycle.bureau)))
    assert "不需要延期" in response.content.decode()


def test_another_bureau_s_department_cannot_be_let_in(client, reviewer, cycle):
    assert client.post(URL, posted(cycle, factories.department())).status_code == 422
    assert not Extension.objects.exists()


def test_an_extension_is_ended_by_one_that_follows_it(client, reviewer, cycle):
    client.post(URL, posted(cycle, factories.department(cycle.bureau)))
    first = Extension.objects.get()
    page = client.post(reverse("declarations:extension_end", args=[first.pk]), follow=True).content.decode()
    assert Extension.objects.count() == 2
    assert not Extension.objects.first().is_running(timezone.now() + datetime.timedelta(seconds=1))
    assert "生效中" not in page


def test_another_bureau_s_extension_cannot_be_ended(client, reviewer):
    other = factories.cycle(deadline=timezone.now() - DAY)
    extension = Extension.objects.create(
        cycle=other,
        department=factories.department(other.bureau),
        until=timezone.now() + DAY,
        reason="其他局",
        granted_by=reviewer,
    )
    assert client.post(reverse("declarations:extension_end", args=[extension.pk])).status_code == 404
    assert Extension.objects.count() == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_takes_the_same_queries_however_long_it_is(client, reviewer, cycle, rows, django_assert_num_queries):
    for _ in range(rows):
        client.post(URL, posted(cycle, factories.department(cycle.bureau)))
    client.get(URL)
    with django_assert_num_queries(7):
        response = client.get(URL)
    assert len(response.context["rows"]) == rows

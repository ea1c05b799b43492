"""One decision for many: only clean ones are offered, they are confirmed by name, and each has its own result."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from declarations.models import Declaration, Event, State
from declarations.reviewing import workflow
from tests import factories

URL = reverse("declarations:batch") + "?action=approve"


@pytest.fixture
def bureau(db):
    return factories.bureau()


@pytest.fixture
def reviewer(client, bureau):
    person = factories.person("performance", bureau)
    client.force_login(person)
    return person


def reviewed(bureau, **values):
    department = factories.department(bureau, division=factories.division(bureau))
    return factories.declaration(department, state=State.REVIEWED, **values)


def choice(declaration, version: int = 0) -> str:
    return f"{declaration.pk}:{version or declaration.version}"


def state_of(declaration) -> str:
    return Declaration.objects.get(pk=declaration.pk).state


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_the_list_takes_the_same_queries_however_long_it_is(client, reviewer, bureau, rows, django_assert_num_queries):
    for _ in range(rows):
        reviewed(bureau)
    with django_assert_num_queries(18):
        response = client.get(URL)
    assert len(response.context["candidates"]) == rows


def test_one_with_findings_is_listed_with_the_reason_and_cannot_be_chosen(client, reviewer, bureau):
    clean, doubtful = reviewed(bureau), reviewed(bureau, said=factories.table(overall_goal=""))
    page = client.get(URL)
    hindrances = {one.declaration.pk: one.hindrance for one in page.context["candidates"]}
    assert hindrances[clean.pk] == ""
    assert "检查提示" in hindrances[doubtful.pk]
    assert choice(doubtful) not in page.content.decode()
    asked = client.post(URL, {"choice": [choice(clean), choice(doubtful)]})
    assert [one.declaration.pk for one in asked.context["chosen"]] == [clean.pk]


def test_waiting_is_told_in_working_days_as_in_the_inbox(client, reviewer, bureau):
    reviewed(bureau)
    Declaration.objects.update(updated_at=timezone.now() - datetime.timedelta(days=14))
    told = client.get(reverse("declarations:home") + "?show=waiting").context["parts"][0].context["listed"]
    asked = client.get(URL)
    assert [one.days for one in asked.context["candidates"]] == [line.days for line in told]
    assert f"已等 {told[0].days} 个工作日" in asked.content.decode()


def test_nothing_is_decided_before_it_was_confirmed_by_name(client, reviewer, bureau):
    declaration = reviewed(bureau)
    page = client.post(URL, {"choice": choice(declaration)}).content.decode()
    assert declaration.department.name in page
    assert state_of(declaration) == State.REVIEWED
    client.post(URL, {"choice": choice(declaration), "confirmed": "yes"})
    assert state_of(declaration) == State.APPROVED


def test_each_has_its_own_result_and_one_refusal_keeps_no_other(client, reviewer, bureau):
    good, changed, gone = reviewed(bureau), reviewed(bureau), reviewed(bureau)
    other = factories.person("performance", bureau, name="另一审核员")
    workflow.perform_move(gone.pk, "approve", other)
    choices = [choice(good), choice(changed, changed.version + 1), choice(gone)]
    outcomes = client.post(URL, {"choice": choices, "confirmed": "yes"}).context["outcomes"]
    words = {one.declaration.pk: (one.done, one.words) for one in outcomes}
    assert words[good.pk][0] is True
    assert words[changed.pk][0] is False
    assert "不是最新内容" in words[changed.pk][1]
    assert "另一审核员已于" in words[gone.pk][1]
    assert (state_of(changed), Event.objects.filter(declaration=good).count()) == (State.REVIEWED, 1)


def test_whoever_filled_it_in_is_barred_here_too(client, reviewer, bureau):
    declaration = reviewed(bureau)
    declaration.editors.add(reviewer)
    assert "参与过填报" in client.get(URL).context["candidates"][0].hindrance
    outcomes = client.post(URL, {"choice": choice(declaration), "confirmed": "yes"}).context["outcomes"]
    assert not outcomes[0].done
    assert state_of(declaration) == State.REVIEWED


def test_a_stranger_s_declaration_is_as_if_it_were_not_there(client, reviewer):
    declaration = reviewed(factories.bureau())
    assert client.post(URL, {"choice": choice(declaration), "confirmed": "yes"}).context["outcomes"] == []
    assert state_of(declaration) == State.REVIEWED


@pytest.mark.parametrize("posted", ["", "x", "-" * 36 + ":1", "1:1", "\0"])
def test_nonsense_is_as_if_nothing_were_chosen(client, reviewer, bureau, posted):
    reviewed(bureau)
    response = client.post(URL, {"choice": posted})
    assert response.status_code == 200
    assert "没有选中" in response.content.decode()


@pytest.mark.parametrize(
    ("role", "asked", "offered"),
    [("division", "approve", "初审通过"), ("performance", "pass", "批复"), ("performance", "adjust", "批复")],
)
def test_an_action_that_is_not_for_this_person_is_not_offered(client, bureau, role, asked, offered):
    place = factories.division(bureau) if role == "division" else bureau
    client.force_login(factories.person(role, place))
    page = client.get(reverse("declarations:batch"), {"action": asked})
    assert page.context["move"].label == offered

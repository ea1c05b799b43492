"""A reviewer may say that a finding is wrong: it then counts nowhere, until its text changes or it is taken back."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.urls import reverse

from declarations.findings import examination
from declarations.findings.doubts import fingerprint_of, key_of
from declarations.models import Declaration, Dismissal, State
from declarations.record import store
from declarations.reviewing import workflow
from declarations.sheet.problems import Problem, Severity
from declarations.views.reviewing.finding_lists import finding_tallies
from tests import factories
from tests.filling.fill_helpers import address, client_of, filler_of

pytestmark = pytest.mark.django_db
SAID = {"special_funds": Decimal("2000"), "municipal_level_funds": Decimal("2000")}


@pytest.fixture
def declaration():
    """Reported, with one doubt."""
    department = factories.department(division=factories.division())
    return factories.declaration(department, state=State.SUBMITTED, said=factories.table(**SAID))


@pytest.fixture
def reviewer(declaration):
    return factories.person("division", declaration.department.division)


def identity(declaration):
    """Key and fingerprint of the one finding, dismissed or not."""
    found = examination.examine(declaration, store.table_of(declaration))
    [problem] = found.problems + [problem for problem, _ in found.dismissed]
    return {"key": key_of(found.table, problem), "fingerprint": fingerprint_of(found.table, problem)}


def dismiss(person, declaration, reason="含上年结转，已核实", **data):
    sent = identity(declaration) | {"reason": reason} | data
    return client_of(person).post(address(declaration, "dismiss"), sent, follow=True)


def counted(person, declaration):
    declaration = store.with_rows(Declaration.objects.all()).get(pk=declaration.pk)
    told = finding_tallies(person, [declaration])[declaration.pk]
    return told.errors, told.warnings, told.infos


def test_a_dismissed_finding_is_shown_as_such_and_not_counted(declaration, reviewer):
    assert counted(reviewer, declaration) == (0, 1, 0)
    text = dismiss(reviewer, declaration).content.decode()
    assert "已标记为不成立（1）" in text and "含上年结转，已核实" in text
    assert counted(reviewer, declaration) == (0, 0, 0)


def test_it_can_be_taken_back_and_both_words_are_kept(declaration, reviewer):
    dismiss(reviewer, declaration)
    assert "已恢复这条检查提示" in dismiss(reviewer, declaration, reason="", back="yes").content.decode()
    assert counted(reviewer, declaration) == (0, 1, 0)
    assert [row.is_taken_back for row in Dismissal.objects.all()] == [False, True]


def test_it_lapses_when_the_text_changes_and_holds_again_when_it_is_as_it_was(declaration, reviewer):
    dismiss(reviewer, declaration)
    for special, counts in (("2100", (0, 1, 0)), ("2000", (0, 0, 0))):
        amounts = {"special_funds": Decimal(special), "municipal_level_funds": Decimal(special)}
        said = factories.linked(factories.table(**amounts))
        fresh = Declaration.objects.get(pk=declaration.pk)
        store.save_table(fresh, said)
        assert counted(reviewer, declaration) == counts


def test_it_stays_with_its_row_when_the_row_moves():
    table = store.table_of(factories.declaration())

    def found(table, i):
        message = f"绩效指标第{i + 1}项“{table.indicators[i].name}”的二级指标不当"
        return Problem("T03", Severity.WARNING, message, "", f"indicators.{i}.level2")

    moved = replace(table, indicators=(table.indicators[1], table.indicators[0], *table.indicators[2:]))
    first = key_of(table, found(table, 0)), fingerprint_of(table, found(table, 0))
    assert (key_of(moved, found(moved, 1)), fingerprint_of(moved, found(moved, 1))) == first
    assert (key_of(moved, found(moved, 0)), fingerprint_of(moved, found(moved, 0))) != first


def test_the_department_needs_no_reason_for_what_was_dismissed(declaration, reviewer):
    dismiss(reviewer, declaration)
    workflow.perform_move(declaration.pk, "return", reviewer, comment="请补充任务。")
    declaration.refresh_from_db()
    factories.answer(declaration, filler_of(declaration))
    event = workflow.perform_move(declaration.pk, "send_to_head", filler_of(declaration))
    assert event.confirmations == {}


def test_a_reason_is_needed(declaration, reviewer):
    for reason in ("", "  ", "长" * 501):
        assert "没有标记" in dismiss(reviewer, declaration, reason=reason).content.decode()
    assert not Dismissal.objects.exists()


def test_an_error_is_never_dismissed(reviewer, declaration):
    said = factories.table(staff_count=None)
    wrong = factories.declaration(
        factories.department(division=declaration.department.division), state=State.SUBMITTED, said=said
    )
    page = client_of(reviewer).get(address(wrong, "detail")).content.decode()
    assert "标记为不成立" not in page
    dismiss(reviewer, wrong)
    assert not Dismissal.objects.exists()


def test_what_changed_since_the_page_was_opened_is_not_dismissed(declaration, reviewer):
    answer = dismiss(reviewer, declaration, fingerprint="0" * 64)
    assert "已经变化，没有标记" in answer.content.decode()
    assert not Dismissal.objects.exists()


@pytest.mark.parametrize("state", [State.DRAFT, State.CERTIFYING, State.RETURNED, State.APPROVED])
def test_only_while_it_is_under_review(declaration, reviewer, state):
    Declaration.objects.filter(pk=declaration.pk).update(state=state)
    assert "标记为不成立</button>" not in client_of(reviewer).get(address(declaration, "detail")).content.decode()
    dismiss(reviewer, declaration)
    assert not Dismissal.objects.exists()


def test_nobody_who_had_a_hand_in_it(declaration, reviewer):
    declaration.editors.add(reviewer)
    dismiss(reviewer, declaration)
    assert not Dismissal.objects.exists()


@pytest.mark.parametrize(
    ("role", "status"), [("filler", 403), ("head", 403), ("administrator", 403), ("observer", 403)]
)
def test_nobody_but_reviewers(declaration, role, status):
    place = declaration.department.bureau if role in ("administrator", "observer") else declaration.department
    assert dismiss(factories.person(role, place), declaration).status_code == 403


def test_another_bureaus_reviewer_does_not_find_it(declaration):
    assert dismiss(factories.person("performance", factories.bureau()), declaration).status_code == 404


def test_the_settings_count_what_was_dismissed(declaration, reviewer):
    bureau = declaration.department.bureau
    other = factories.declaration(
        factories.department(division=declaration.department.division),
        state=State.SUBMITTED,
        said=factories.table(**SAID),
    )
    chief = client_of(factories.person("performance", bureau))
    url = reverse("declarations:check_settings", args=[declaration.cycle.pk])
    for one in (declaration, other):
        dismiss(reviewer, one)
    assert "2 处 / 2 份" in chief.get(url).content.decode()
    dismiss(reviewer, other, reason="", back="yes")
    assert "1 处 / 1 份" in chief.get(url).content.decode()


def test_the_record_of_dismissals_stays(declaration, reviewer):
    dismiss(reviewer, declaration)
    with pytest.raises(Exception, match="append_only"):
        Dismissal.objects.all().delete()

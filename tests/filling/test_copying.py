"""Brought values: one save, each with where it came from, confirmed or taken back."""

import pytest

from declarations.filling.bringing import copying
from declarations.filling.bringing.bringing import Bringing, BringingDecision
from declarations.filling.bringing.copying import CopyingSource
from declarations.filling.bringing.rollforward import ADD, TAKE
from declarations.filling.changes import Changes
from declarations.filling.desk import FillingDesk
from declarations.filling.drafts import save_changes
from declarations.models import Copying, Origin, StaleVersion
from declarations.sheet.controls import control_name, texts_of
from tests import factories
from tests.filling.fill_helpers import filler_of
from tests.filling.last_year_helpers import brought, drafted, fresh, table
from tests.samples import sample

pytestmark = pytest.mark.django_db


def waiting(draft):
    return copying.unconfirmed_values(fresh(draft), texts_of(table(draft)))


def edit(draft, person, **changes):
    declaration = fresh(draft)
    return save_changes(FillingDesk(declaration, person), Changes(declaration.version, **changes))


@pytest.fixture
def draft():
    return drafted()


@pytest.fixture
def person(draft):
    return filler_of(draft)


def test_a_whole_table_comes_in_with_one_version_and_marks_every_value(draft, person):
    brought(draft, person)
    said = table(draft)
    assert fresh(draft).version == draft.version + 1
    assert said.staff_count == 86 and len(said.key_tasks) == 4 and len(said.indicators) == 10
    assert said.key_tasks[0].funding == sample().key_tasks[0].funding
    assert said.key_tasks[3].is_optional
    texts = {name: text for name, text in texts_of(said).items() if text and not name.endswith(("level1", "level2"))}
    assert {origin.name for origin in waiting(draft)} == texts.keys()


def test_an_origin_says_where_the_value_stood_and_what_it_said(draft, person):
    source = CopyingSource("文件“水务.xlsx”", sample("2023"), "Sheet1", {"key_tasks.0.funding": "D16"})
    brought(draft, person, source)
    name = control_name("key_tasks", table(draft).key_tasks[0].id, "funding")
    origin = Origin.objects.get(name=name)
    assert (origin.place, origin.original, origin.text) == (
        "文件“水务.xlsx” Sheet1!D16",
        "560.00 万元",
        "5,600,000.00",
    )


def test_indicators_stand_in_the_order_of_this_years_form(draft, person):
    brought(draft, person)
    ranks = [table(draft).form.levels.index((row.level1, row.level2)) for row in table(draft).indicators]
    assert ranks == sorted(ranks)


def test_editing_a_value_ends_its_mark_and_saving_others_does_not(draft, person):
    brought(draft, person)
    before = len(waiting(draft))
    edit(draft, person, fields={"overall_goal": "按本年情况重写"})
    assert len(waiting(draft)) == before - 1
    edit(draft, person, fields={"overall_goal": sample().overall_goal})
    assert len(waiting(draft)) == before, "what says again what was brought is unconfirmed again"


def test_a_mark_survives_moving_and_goes_with_its_row(draft, person):
    brought(draft, person)
    tasks = [row.id for row in table(draft).key_tasks]
    before = {origin.name for origin in waiting(draft)}
    edit(draft, person, order={"key_tasks": tasks[::-1]})
    assert {origin.name for origin in waiting(draft)} == before
    edit(draft, person, deleted={"key_tasks": tasks[:1]})
    assert {origin.name for origin in waiting(draft)} == {name for name in before if tasks[0] not in name}


def test_confirming_touches_no_version_and_stays(draft, person):
    brought(draft, person)
    version = fresh(draft).version
    assert copying.confirm_values(draft, ["staff_count"], person) == 1
    assert copying.confirm_values(draft, ["staff_count"], person) == 0
    assert "staff_count" not in {origin.name for origin in waiting(draft)}
    copying.confirm_values(draft, None, person)
    assert waiting(draft) == [] and fresh(draft).version == version
    assert Origin.objects.get(name="staff_count").confirmed_by == person


def test_what_was_written_while_bringing_in_counts_as_seen(draft, person):
    brought(draft, person, actions={}, staff_count=BringingDecision(TAKE, {"staff_count": "90"}))
    assert table(draft).staff_count == 90
    assert waiting(draft) == []
    assert Origin.objects.get().original == "86"


def test_undo_restores_the_draft_as_it_was():
    draft = drafted(said=factories.table(key_tasks=(factories.task(name="中小河流治理"),)))
    person = filler_of(draft)
    before = table(draft)
    actions = {"key_tasks.0": TAKE, "key_tasks.1": ADD, "indicators.0": ADD, "basic_expenditure": TAKE}
    made = brought(draft, person, actions=actions)
    assert table(draft) != before and len(table(draft).key_tasks) == 2
    assert copying.undo_copying(made, FillingDesk(fresh(draft), person)) == 0
    assert table(draft) == before
    assert [row.id for row in table(draft).indicators] == [row.id for row in before.indicators]
    assert not Origin.objects.exists() and copying.last_copying(draft) is None


def test_undo_keeps_what_was_edited_since(draft, person):
    made = brought(draft, person)
    task = table(draft).key_tasks[0].id
    edit(draft, person, fields={"staff_count": "90"}, rows={"key_tasks": {task: {"content": "新写的内容"}}})
    assert copying.undo_copying(made, FillingDesk(fresh(draft), person)) == 2
    said = table(draft)
    assert said.staff_count == 90 and said.basic_expenditure is None
    assert [row.content for row in said.key_tasks] == ["新写的内容"] and said.indicators == ()
    assert {origin.name.rpartition("-")[2] for origin in waiting(draft)} == {"name", "funding", "expected_outcome"}


def test_bringing_into_a_draft_that_moved_on_changes_nothing(draft, person):
    stale, bringing = fresh(draft), Bringing(fields={"staff_count": "7"})
    edit(draft, person, fields={"staff_count": "5"})
    with pytest.raises(StaleVersion):
        copying.bring_values(FillingDesk(stale, person), CopyingSource("上年", sample()), bringing, version=1)
    assert not Copying.objects.exists() and table(draft).staff_count == 5


def test_a_second_copying_takes_over_the_marks_of_the_same_values(draft, person):
    brought(draft, person, actions={"staff_count": TAKE})
    brought(draft, person, CopyingSource("文件“新.xlsx”", sample(staff_count=91)), actions={"staff_count": TAKE})
    assert Origin.objects.get().place == "文件“新.xlsx”"
    assert copying.last_copying(draft).source == "文件“新.xlsx”"


def test_only_the_department_sees_how_its_table_came_about(draft, person):
    made = brought(draft, person)
    other = factories.person("filler", factories.department(draft.department.bureau))
    reviewer = factories.person("performance", draft.department.bureau)
    assert list(Copying.objects.visible_to(person)) == [made]
    assert not Copying.objects.visible_to(other) and not Copying.objects.visible_to(reviewer)
    assert Origin.objects.visible_to(person).exists() and not Origin.objects.visible_to(reviewer).exists()

"""The pages of the library: who sees, changes and proposes what, what is kept, and a constant number of queries."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from declarations.models import State
from indicators import library
from indicators.models import LibraryIndicator, LibraryVersion, Proposal, ProposalState
from tests import factories
from tests.filling.fill_helpers import client_of

LIST = reverse("declarations:library")
LIST_QUERIES = 7
"""Session, person, memberships; the kept bureaus, those waiting, the entries, and whether a common one was replaced."""


@pytest.fixture
def bureau(db):
    return factories.bureau()


@pytest.fixture
def department(bureau):
    return factories.department(bureau, name="云溪市水务局")


@pytest.fixture
def keeper(bureau):
    return client_of(factories.person("performance", bureau))


@pytest.fixture
def filler(department):
    return client_of(factories.person("filler", department))


def names(response) -> list[str]:
    return [entry.name for entry in response.context["page"].rows]


def at(name: str, *args) -> str:
    return reverse(f"declarations:library_{name}", args=args)


def said(entry, **changes) -> dict[str, object]:
    """The form of an entry as the page posts it."""
    return library.content_of(entry) | {"is_active": "on", "version": entry.version, "reason": "按新办法调整"} | changes


# --- seeing ----------------------------------------------------------------------------------


def test_one_sees_the_common_entries_and_those_of_the_own_bureau(filler, bureau):
    factories.library_entry(name="通用指标")
    factories.library_entry(bureau, name="本市指标")
    factories.library_entry(factories.bureau(), name="外市指标")
    assert sorted(names(filler.get(LIST))) == ["本市指标", "通用指标"]


def test_somebody_without_a_role_sees_nothing(db):
    factories.library_entry()
    assert names(client_of(factories.user()).get(LIST)) == []


@pytest.mark.parametrize("rows", [1, 3, 31])
def test_the_list_takes_the_same_queries_however_long_it_is(filler, bureau, rows, django_assert_max_num_queries):
    for _ in range(rows):
        factories.library_entry(bureau)
    with django_assert_max_num_queries(LIST_QUERIES):
        page = filler.get(LIST).context["page"]
    assert len(page.rows) == min(rows, 30)
    assert bool(page.next) is (rows > 30)


def test_the_list_is_searched_and_filtered(filler):
    factories.library_entry(name="河道巡查次数", kind="数量指标", area="水务")
    factories.library_entry(name="巡查发现问题整改率", kind="质量指标", area="水务", unit="%")
    factories.library_entry(name="校园巡查次数", kind="数量指标", area="教育")
    assert names(filler.get(LIST, {"q": "hdxccs"}))[0] == "河道巡查次数"
    assert names(filler.get(LIST, {"q": "巡查", "kind": "质量指标"})) == ["巡查发现问题整改率"]
    assert names(filler.get(LIST, {"area": "教育"})) == ["校园巡查次数"]
    assert len(names(filler.get(LIST, {"kind": "没有", "area": "没有", "after": "没有"}))) == 3


@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_of_one_entry_takes_the_same_queries(filler, bureau, department, rows, django_assert_max_num_queries):
    entry = factories.library_entry(bureau, name="河道巡查次数")
    for year in range(2027, 2027 + rows):
        factories.declaration(department, cycle=factories.cycle(bureau, year=year))
    with django_assert_max_num_queries(8):
        response = filler.get(at("detail", entry.pk))
    assert len(response.context["uses"].rows) == rows


def test_who_uses_it_counts_only_what_the_person_may_read(bureau, department, keeper, filler):
    entry = factories.library_entry(bureau, name="河道巡查次数")
    factories.declaration(department)
    factories.declaration(factories.department(bureau), state=State.APPROVED)
    factories.declaration(factories.department(bureau))
    observer = client_of(factories.person("observer", bureau))
    counts = [client.get(at("detail", entry.pk)).context["uses"].count for client in (filler, keeper, observer)]
    assert counts == [1, 1, 1]
    page = keeper.get(at("detail", entry.pk)).content.decode()
    assert "≥48次" in page and department.name not in page


# --- changing --------------------------------------------------------------------------------


def test_a_change_leaves_the_earlier_version_and_the_reason(keeper, bureau):
    entry = factories.library_entry(bureau)
    response = keeper.post(at("edit", entry.pk), said(entry, usual_value="60"))
    assert response.url == at("detail", entry.pk)
    versions = LibraryVersion.objects.filter(entry=entry).order_by("number")
    assert [(v.number, v.content["usual_value"], v.reason) for v in versions] == [
        (1, "48", "新增"),
        (2, "60", "按新办法调整"),
    ]
    page = keeper.get(response.url).content.decode()
    assert "<del>48</del> → <ins>60</ins>" in page


def test_changing_a_common_entry_makes_it_the_bureaus_own(keeper, bureau, filler):
    entry = factories.library_entry(name="服务对象满意度")
    response = keeper.post(at("edit", entry.pk), said(entry, usual_value="95"))
    own = LibraryIndicator.objects.get(replaces=entry)
    assert response.url == at("detail", own.pk)
    assert (own.bureau_code, own.usual_value, own.version) == (bureau.code, "95", 2)
    entry.refresh_from_db()
    assert (entry.usual_value, entry.version) == ("48", 1)
    assert [found.pk for found in filler.get(LIST).context["page"].rows] == [own.pk]
    elsewhere = client_of(factories.person("observer", factories.bureau()))
    assert [found.pk for found in elsewhere.get(LIST).context["page"].rows] == [entry.pk]


def test_an_entry_is_taken_out_of_use_and_found_again(keeper, bureau):
    entry = factories.library_entry(bureau)
    values = said(entry)
    del values["is_active"]
    keeper.post(at("edit", entry.pk), values)
    assert names(keeper.get(LIST)) == []
    assert names(keeper.get(LIST, {"state": "off"})) == [entry.name]


def test_who_changed_it_first_wins_and_nothing_typed_is_lost(keeper, bureau):
    entry = factories.library_entry(bureau)
    values = said(entry, usual_value="60")
    keeper.post(at("edit", entry.pk), said(entry, usual_value="50"))
    response = keeper.post(at("edit", entry.pk), values)
    assert response.status_code == 422
    assert library.Changed.message in response.content.decode()
    assert 'value="60"' in response.content.decode()
    entry.refresh_from_db()
    assert entry.usual_value == "50"


@pytest.mark.parametrize("missing", ["name", "kind", "reason"])
def test_a_change_without_name_kind_or_reason_is_refused(keeper, bureau, missing):
    entry = factories.library_entry(bureau)
    response = keeper.post(at("edit", entry.pk), said(entry, **{missing: ""}))
    assert response.status_code == 422
    assert LibraryVersion.objects.count() == 1


def test_a_new_entry_is_the_bureaus_and_no_name_stands_twice(keeper, bureau):
    common = factories.library_entry(name="服务对象满意度")
    values = said(common, reason="新增", bureau_code=bureau.code)
    response = keeper.post(at("new"), values)
    assert "指标库中已有同名指标" in response.content.decode()
    keeper.post(at("new"), values | {"name": "沿河居民满意度"})
    assert LibraryIndicator.objects.get(name="沿河居民满意度").bureau_code == bureau.code


def test_nobody_changes_another_bureaus_entry(keeper):
    entry = factories.library_entry(factories.bureau())
    assert keeper.post(at("edit", entry.pk), said(entry)).status_code == 404
    keeper.post(at("new"), said(entry, name="新名称", bureau_code=entry.bureau_code))
    assert LibraryIndicator.objects.filter(bureau_code=entry.bureau_code).get() == entry


def test_the_operator_changes_what_all_have_in_common(db):
    entry = factories.library_entry()
    operator = client_of(factories.superuser())
    assert operator.post(at("edit", entry.pk), said(entry, usual_value="51")).status_code == 302
    entry.refresh_from_db()
    assert (entry.usual_value, entry.bureau_code) == ("51", "")


def test_everybody_takes_the_list_away_as_a_workbook(filler, bureau):
    entry = factories.library_entry(bureau, name="=1+1")
    sheet = load_workbook(io.BytesIO(filler.get(at("export")).content)).active
    head, row = [[cell.value for cell in line] for line in sheet.iter_rows()]
    assert head == [*library.COLUMNS, "在用"]
    assert sheet["C2"].data_type != "f"
    assert row[head.index("参考指标值")] == entry.usual_value


# --- the picker's question ------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_the_picker_takes_the_same_queries_and_tells_value_and_use(
    filler, bureau, department, rows, django_assert_max_num_queries
):
    declaration = factories.declaration(department)
    for n in range(rows):
        factories.library_entry(bureau, name=f"河道巡查次数{n or ''}")
    factories.declaration(factories.department(bureau), state=State.APPROVED)
    asked = {"q": "hdxccs", "kind": "数量指标", "declaration": declaration.pk}
    filler.get(at("suggest"), asked)
    with django_assert_max_num_queries(8):
        found = filler.get(at("suggest"), asked).json()["entries"]
    assert len(found) == rows
    first = next(entry for entry in found if entry["name"] == "河道巡查次数")
    assert (first["value"], first["level1"], first["level2"], first["used"]) == ("≥48次", "产出指标", "数量指标", 1)


@pytest.mark.parametrize("asked", [{}, {"q": "x" * 5000}, {"declaration": "nonsense"}, {"kind": "没有", "q": "\0"}])
def test_the_picker_answers_whatever_is_asked(filler, asked):
    assert filler.get(at("suggest"), asked).status_code == 200


def test_a_declaration_of_others_tells_the_picker_nothing(filler):
    other = factories.department()
    factories.library_entry(other.bureau)
    assert filler.get(at("suggest"), {"declaration": factories.declaration(other).pk}).json()["entries"] == []


# --- proposals ------------------------------------------------------------------------------


@pytest.fixture
def row(department):
    return factories.declaration(department).indicators.first()


def proposed(row) -> str:
    return at("propose", row.declaration_id, row.pk)


def test_a_row_is_proposed_and_its_value_taken_apart(filler, row, department):
    initial = {name: text for name, text in filler.get(proposed(row)).context["form"].initial.items() if text}
    assert initial == {
        "name": "河道巡查次数",
        "kind": "数量指标",
        "area": "水务",
        "usual_value": "48",
        "unit": "次",
        "operator": "≥",
    }
    filler.post(proposed(row), initial | {"why": "各区都用得上。"})
    made = Proposal.objects.get()
    assert (made.department, made.bureau_code, made.state) == (department.name, department.bureau.code, "waiting")


def test_what_the_library_has_or_somebody_proposed_is_not_proposed_again(filler, row, bureau, department):
    form = filler.get(proposed(row)).context["form"].initial | {"why": "各区都用得上。"}
    factories.proposal(department, name="河道巡查次数")
    assert "正在等待财政局处理" in filler.post(proposed(row), form).content.decode()
    factories.library_entry(bureau, name="河道巡查长度")
    assert "已有同名指标" in filler.post(proposed(row), form | {"name": "河道巡查长度"}).content.decode()
    assert Proposal.objects.count() == 1


def test_two_proposals_at_the_same_moment_are_one(filler, row, department, monkeypatch):
    form = filler.get(proposed(row)).context["form"].initial | {"why": "各区都用得上。"}
    factories.proposal(department, name="河道巡查次数")
    monkeypatch.setattr(Proposal, "full_clean", lambda proposal, **options: None)  # the other one came after the check
    assert "刚刚有人保存了同名的指标" in filler.post(proposed(row), form).content.decode()
    assert Proposal.objects.count() == 1


def test_nobody_proposes_a_row_of_another_department(row):
    other = client_of(factories.person("filler", factories.department(row.declaration.department.bureau)))
    assert other.get(proposed(row)).status_code == 404


def decision(proposal, **changes) -> dict[str, object]:
    return library.said_by(proposal) | changes


def test_an_accepted_proposal_becomes_an_entry_and_the_proposer_sees_it(keeper, filler, department):
    person = factories.person("filler", department)
    proposal = factories.proposal(department, proposed_by=person)
    keeper.post(at("proposal", proposal.pk), decision(proposal, decision="accept", definition="修复后通过验收的面积。"))
    proposal.refresh_from_db()
    assert (proposal.state, proposal.entry.name) == (ProposalState.ACCEPTED, proposal.name)
    assert proposal.entry.definition == "修复后通过验收的面积。"
    page = client_of(person).get(at("proposals")).content.decode()
    assert "已入库" in page and at("detail", proposal.entry_id) in page
    assert proposal.name not in filler.get(at("proposals")).content.decode()


def test_a_refusal_needs_a_reason_which_the_proposer_reads(keeper, department):
    proposal = factories.proposal(department)
    silent = keeper.post(at("proposal", proposal.pk), decision(proposal, decision="refuse"))
    assert silent.status_code == 422
    keeper.post(at("proposal", proposal.pk), decision(proposal, decision="refuse", answer="与已有指标重复。"))
    page = client_of(proposal.proposed_by).get(at("proposals")).content.decode()
    assert "未采纳" in page and "与已有指标重复。" in page


def test_a_proposal_is_decided_once(keeper, department):
    proposal = factories.proposal(department)
    keeper.post(at("proposal", proposal.pk), decision(proposal, decision="refuse", answer="重复。"))
    second = keeper.post(at("proposal", proposal.pk), decision(proposal, decision="accept"))
    assert second.status_code == 422
    assert LibraryIndicator.objects.count() == 0


def test_no_decision_is_a_default(keeper, department):
    proposal = factories.proposal(department)
    assert keeper.post(at("proposal", proposal.pk), decision(proposal)).status_code == 422
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.WAITING


@pytest.mark.parametrize("rows", [1, 3])
def test_the_proposals_take_the_same_queries(keeper, department, rows, django_assert_max_num_queries):
    for _ in range(rows):
        factories.proposal(department)
    with django_assert_max_num_queries(6):
        assert len(keeper.get(at("proposals")).context["page"].rows) == rows

"""A doubt is mended or explained before a declaration is sent on; what was typed stays, and the reviewer reads it."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from declarations.findings import examination, explanations
from declarations.findings.doubts import place_of
from declarations.models import Event, Explanation, State
from declarations.record import store
from declarations.reviewing import workflow
from declarations.sheet.problems import Problem, Severity
from tests import factories
from tests.filling.fill_helpers import address, client_of, filler_of, row_id, send

pytestmark = pytest.mark.django_db
B03 = "reason:B03 special_funds"


def doubtful(**values):
    """A declaration in which more is spent on development than is spent at all: one doubt."""
    said = factories.table(special_funds=Decimal("2000"), municipal_level_funds=Decimal("2000"))
    return factories.declaration(factories.department(division=factories.division()), said=said, **values)


@pytest.fixture
def three_doubts(monkeypatch):
    """Whatever is checked, three indicators are doubtful for the same check."""

    def found(table, *, context):
        rows = range(min(3, len(table.indicators)))
        return [Problem("T03", Severity.WARNING, f"第{i + 1}项分类不当", "", f"indicators.{i}.level2") for i in rows]

    monkeypatch.setattr(examination, "check", found)


def key_of(declaration, at):
    return f"T03 indicators-{row_id(declaration, 'indicators', at)}-level2"


def page_of(client, declaration) -> str:
    return client.get(address(declaration, "fill_check")).content.decode()


def sending(client, declaration, action="send_to_head", **data):
    declaration.refresh_from_db()
    return client.post(address(declaration, "fill_check"), {"action": action, "version": declaration.version, **data})


def test_the_place_of_a_finding_is_that_of_its_row_wherever_the_row_moves():
    table = store.table_of(factories.declaration())
    assert place_of(table, "indicators.1.name") == f"indicators-{table.indicators[1].id}-name"
    assert [place_of(table, path) for path in ("", "staff_count", "indicators", "indicators.99.name")] == [
        "",
        "staff_count",
        "indicators",
        "indicators.99.name",
    ]


def test_a_doubt_without_a_reason_is_not_sent_on():
    declaration = doubtful()
    answer = sending(client_of(filler_of(declaration)), declaration)
    declaration.refresh_from_db()
    assert (answer.status_code, declaration.state) == (409, State.DRAFT)
    text = answer.content.decode()
    assert "还有 1 处疑点没有改正，也没有说明理由" in text
    assert 'href="#send-doubt-B03"' in text
    assert not Event.objects.exists()


def test_white_space_is_no_reason():
    declaration = doubtful()
    assert sending(client_of(filler_of(declaration)), declaration, **{B03: " 　 "}).status_code == 409


def test_a_doubt_with_a_reason_is_sent_on_and_the_reason_recorded():
    declaration = doubtful()
    assert sending(client_of(filler_of(declaration)), declaration, **{B03: "含上年结转"}).status_code == 302
    assert Event.objects.get().confirmations == {"B03 special_funds": "含上年结转"}


def test_a_mended_doubt_needs_no_reason():
    declaration = doubtful()
    client = client_of(filler_of(declaration))
    send(client, declaration, fields={"special_funds": "0", "municipal_level_funds": "0"})
    assert sending(client, declaration).status_code == 302
    assert Event.objects.get().confirmations == {}


def test_all_unexplained_doubts_are_told_at_once(three_doubts):
    declaration = factories.declaration()
    with pytest.raises(workflow.Unexplained) as refused:
        workflow.perform_move(declaration.pk, "send_to_head", filler_of(declaration))
    assert [doubt.key for doubt in refused.value.doubts] == [key_of(declaration, i) for i in range(3)]


def test_one_reason_covers_all_doubts_of_a_check(three_doubts):
    declaration = factories.declaration()
    client = client_of(filler_of(declaration))
    names = re.findall(r'name="((?:reason|common):[^"]+)"', page_of(client, declaration))
    assert names == ["common:T03", *(f"reason:{key_of(declaration, i)}" for i in range(3))]
    sent = dict.fromkeys(names, "") | {"common:T03": "沿用上年分类"}
    assert sending(client, declaration, **sent).status_code == 302
    assert Event.objects.get().confirmations == {key_of(declaration, i): "沿用上年分类" for i in range(3)}


def test_a_reason_of_its_own_comes_before_the_common_one(three_doubts):
    declaration = factories.declaration()
    own = {f"reason:{key_of(declaration, 1)}": "主管部门要求", "common:T03": "沿用上年分类"}
    sending(client_of(filler_of(declaration)), declaration, **own)
    reasons = Event.objects.get().confirmations
    assert [reasons[key_of(declaration, i)] for i in range(3)] == ["沿用上年分类", "主管部门要求", "沿用上年分类"]


def test_what_was_typed_stays_when_the_sending_is_refused(three_doubts):
    declaration = factories.declaration()
    client = client_of(filler_of(declaration))
    typed = {f"reason:{key_of(declaration, 0)}": "沿用上年分类"}
    answer = sending(client, declaration, **typed)
    assert answer.status_code == 409
    assert "2 处未说明" in answer.content.decode()
    assert 'value="沿用上年分类"' in answer.content.decode()
    assert 'value="沿用上年分类"' in page_of(client, declaration), "and it is there the next day"


def test_reasons_are_kept_while_they_are_typed_without_sending_anything():
    declaration = doubtful()
    filler = filler_of(declaration)
    answer = client_of(filler).post(
        address(declaration, "reasons"), {B03: "含上年结转"}, headers={"Accept": "application/json"}
    )
    assert answer.status_code == 200 and "说明已保存" in answer.json()["said"]
    assert explanations.standing_reasons(declaration) == {"B03 special_funds": "含上年结转"}
    declaration.refresh_from_db()
    assert (declaration.state, declaration.version) == (State.DRAFT, 1)
    assert 'value="含上年结转"' in page_of(client_of(filler), declaration)


def test_the_same_text_is_written_once_and_an_emptied_one_is_taken_back():
    declaration = doubtful()
    filler = filler_of(declaration)
    for reason in ("含上年结转", "含上年结转", ""):
        explanations.keep_reasons(declaration, filler, {"B03 special_funds": reason})
    assert [row.reason for row in Explanation.objects.all()] == ["含上年结转", ""]
    assert explanations.standing_reasons(declaration) == {}


def test_nothing_anybody_gave_as_a_reason_can_be_changed_or_removed():
    declaration = doubtful()
    explanations.keep_reasons(declaration, filler_of(declaration), {"B03 special_funds": "含上年结转"})
    with pytest.raises(Exception, match="append_only"):
        Explanation.objects.all().delete()


def test_the_head_sees_the_fillers_reason_and_may_change_it():
    declaration = doubtful()
    sending(client_of(filler_of(declaration)), declaration, **{B03: "含上年结转"})
    head = client_of(factories.person("head", declaration.department))
    for page in ("fill_check", "detail"):
        assert 'value="含上年结转"' in head.get(address(declaration, page)).content.decode()
    assert sending(head, declaration, "submit", **{B03: "含上年结转，已经会审"}).status_code == 302
    assert Event.objects.get(action="submit").confirmations == {"B03 special_funds": "含上年结转，已经会审"}


def test_the_head_needs_not_type_the_fillers_reason_again():
    declaration = doubtful()
    factories.explain(declaration, reason="含上年结转")
    workflow.perform_move(declaration.pk, "send_to_head", filler_of(declaration))
    event = workflow.perform_move(declaration.pk, "submit", factories.person("head", declaration.department))
    assert event.confirmations == {"B03 special_funds": "含上年结转"}


def test_a_refused_report_keeps_the_heads_words_in_the_open_panel():
    declaration = doubtful(state=State.CERTIFYING)
    head = client_of(factories.person("head", declaration.department))
    url = reverse("declarations:move", args=[declaration.pk, "submit"])
    answer = head.post(url, {"version": declaration.version, "comment": "请尽快", B03: ""})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "还有 1 处疑点没有改正" in text and ">请尽快</textarea>" in text


def test_the_reviewer_reads_each_reason_beside_its_finding():
    declaration = doubtful()
    factories.explain(declaration, reason="含上年结转")
    workflow.perform_move(declaration.pk, "send_to_head", filler_of(declaration))
    workflow.perform_move(declaration.pk, "submit", factories.person("head", declaration.department))
    reviewer = client_of(factories.person("division", declaration.department.division))
    assert "部门说明：含上年结转" in reviewer.get(address(declaration, "detail")).content.decode()


def test_the_reviewer_reads_the_reason_as_it_was_reported_not_as_it_is_being_rewritten():
    declaration = doubtful()
    filler, reviewer = filler_of(declaration), factories.person("division", declaration.department.division)
    factories.explain(declaration, filler, reason="含上年结转")
    workflow.perform_move(declaration.pk, "send_to_head", filler)
    workflow.perform_move(declaration.pk, "submit", factories.person("head", declaration.department))
    workflow.perform_move(declaration.pk, "return", reviewer, comment="请核实。")
    explanations.keep_reasons(declaration, filler, {"B03 special_funds": "还没想好"})
    text = client_of(reviewer).get(address(declaration, "detail")).content.decode()
    assert "部门说明：含上年结转" in text and "还没想好" not in text
    assert 'value="还没想好"' in page_of(client_of(filler), declaration)


def test_the_filler_may_not_change_reasons_while_the_head_has_it():
    declaration = doubtful(state=State.CERTIFYING)
    answer = client_of(filler_of(declaration)).post(
        address(declaration, "reasons"), {B03: "改一下"}, headers={"Accept": "application/json"}
    )
    assert answer.status_code == 409 and "部门审核人退回" in answer.json()["said"]
    assert not Explanation.objects.exists()


def test_another_departments_filler_finds_nothing_to_explain():
    answer = client_of(filler_of(factories.declaration())).post(address(doubtful(), "reasons"), {B03: "越权"})
    assert answer.status_code == 404
    assert not Explanation.objects.exists()


def test_a_reason_for_what_is_no_longer_found_is_kept_and_a_key_of_nothing_is_not():
    declaration = factories.declaration()
    data = {B03: "含上年结转", "reason:Z99 nowhere": "没有", "common:T03": "没有", f"reason:B03 {'x' * 500}": "太长"}
    client_of(filler_of(declaration)).post(address(declaration, "reasons"), data)
    assert explanations.standing_reasons(declaration) == {"B03 special_funds": "含上年结转"}


def test_information_needs_no_reason(monkeypatch):
    found = [Problem("B05", Severity.INFO, "资金偏少", "", "key_tasks")]
    monkeypatch.setattr(examination, "check", lambda table, *, context: found)
    declaration = factories.declaration()
    workflow.perform_move(declaration.pk, "send_to_head", filler_of(declaration))
    assert Event.objects.get().confirmations == {}

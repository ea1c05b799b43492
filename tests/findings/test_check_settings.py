"""How the bureau changes the checks of a year: with a reason, at once, back again, and never by the way."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from declarations.checks import CATALOGUE, Context, check
from declarations.findings import check_settings
from declarations.findings.context import context_of
from declarations.models import CheckSetting, Level, State
from declarations.models.setting import Overtaken, Unchanged
from declarations.reviewing import workflow
from declarations.sheet.official import EDITIONS
from declarations.sheet.official.shape import Section
from declarations.sheet.problems import Severity
from declarations.sheet.totals import blocks_of
from tests import factories
from tests.filling.fill_helpers import client_of, filler_of

pytestmark = pytest.mark.django_db
CHANGE = {"level": "W", "parameter-tolerance": "5", "reason": "按市财政局2026年第8号通知", "seen": ""}


@pytest.fixture
def cycle():
    return factories.cycle()


@pytest.fixture
def person(cycle):
    return factories.person("performance", cycle.bureau)


def url_of(cycle, code="B01"):
    return reverse("declarations:check_setting", args=[cycle.pk, code])


def post(person, cycle, code="B01", **data):
    return client_of(person).post(url_of(cycle, code), CHANGE | data)


def change(cycle, person, code="B01", *, level=Level.WARNING, seen=None, **values):
    return check_settings.change_check(cycle, CATALOGUE[code], person, "试行", level=level, values=values, seen=seen)


def unbalanced(cycle, by="1"):
    """A declaration whose income is ``by`` 万元 more than its expenditure."""
    said = factories.table(fiscal_appropriation=Decimal("1141.23") + Decimal(by))
    return factories.declaration(factories.department(cycle.bureau), cycle=cycle, said=said)


def found_in(declaration):
    table = factories.store.table_of(declaration)
    return [(one.code, one.severity) for one in check(table, context=context_of(declaration))]


@pytest.mark.parametrize("role", ["performance", "administrator"])
def test_the_list_shows_every_check_with_its_level_and_its_parameters(cycle, role):
    client = client_of(factories.person(role, cycle.bureau))
    text = client.get(reverse("declarations:check_settings", args=[cycle.pk])).content.decode()
    for one in CATALOGUE.values():
        assert f"{one.code} {one.title}" in text
        assert all(parameter.label in text for parameter in one.parameters)
    assert "已调整" not in text


def test_the_latest_year_comes_first(person, cycle):
    factories.cycle(cycle.bureau, year=2026)
    answer = client_of(person).get(reverse("declarations:check_years"))
    assert answer.headers["Location"] == reverse("declarations:check_settings", args=[cycle.pk])


def test_a_bureau_without_a_year_is_told_what_is_lacking():
    client = client_of(factories.person("performance", factories.bureau()))
    assert "还没有申报年度" in client.get(reverse("declarations:check_years")).content.decode()


def test_a_change_applies_at_once_to_the_declarations_of_the_year(cycle, person):
    near, far = unbalanced(cycle, "1"), unbalanced(cycle, "6")
    assert found_in(near) == found_in(far) == [("B01", Severity.ERROR)]
    assert post(person, cycle).status_code == 302
    assert (found_in(near), found_in(far)) == ([], [("B01", Severity.WARNING)])
    factories.explain(far)
    assert workflow.perform_move(far.pk, "send_to_head", filler_of(far)).to_state == State.CERTIFYING


def test_the_balance_bar_allows_what_the_check_of_the_year_allows(cycle, person):
    declaration = unbalanced(cycle, "1")
    client = client_of(filler_of(declaration))
    assert "不平衡，相差 1.00 万元" in client.get(reverse("declarations:fill", args=[declaration.pk])).content.decode()
    post(person, cycle)
    text = client.get(reverse("declarations:fill", args=[declaration.pk])).content.decode()
    assert "不平衡" not in text and 'data-balance="5"' in text


def test_every_pair_of_sums_has_a_check_that_says_how_far_they_may_differ():
    sections = [part for one in EDITIONS.values() for part in one.sections if isinstance(part, Section)]
    pairs = [block for part in sections for block in blocks_of(part) if len(block) == 2]
    assert {check_settings.tolerance_of(block, Context()) for block in pairs} == {Decimal("0.01")}


def test_a_change_is_listed_with_who_and_why(cycle, person):
    post(person, cycle)
    listed = client_of(person).get(reverse("declarations:check_settings", args=[cycle.pk])).content.decode()
    page = client_of(person).get(url_of(cycle)).content.decode()
    for text in (listed, page):
        assert str(person) in text and CHANGE["reason"] in text and "已调整" in text


@pytest.mark.parametrize("reason", ["", "  　", "长" * 501])
def test_no_change_without_a_reason(cycle, person, reason):
    answer = post(person, cycle, reason=reason)
    assert answer.status_code == 422
    assert not CheckSetting.objects.exists()
    assert 'value="5"' in answer.content.decode(), "what was typed stays"


@pytest.mark.parametrize("value", ["很小", "NaN", "1e9999999", ""])
def test_a_threshold_is_a_number(cycle, person, value):
    answer = post(person, cycle, **{"parameter-tolerance": value})
    assert answer.status_code == 422
    assert "应为数字" in answer.content.decode()


def test_an_error_is_lowered_to_a_doubt_at_the_most(cycle, person):
    levels = re.findall(r'<option value="(\w+)"', client_of(person).get(url_of(cycle)).content.decode())
    assert levels == ["E", "W"]
    for level in ("I", "off"):
        assert post(person, cycle, level=level).status_code == 422
    assert not CheckSetting.objects.exists()


def test_a_doubt_may_be_switched_off_and_that_is_said(cycle, person):
    said = factories.table(special_funds=Decimal("2000"), municipal_level_funds=Decimal("2000"))
    declaration = factories.declaration(factories.department(cycle.bureau), cycle=cycle, said=said)
    assert found_in(declaration) == [("B03", Severity.WARNING)]
    assert post(person, cycle, "B03", level="off").status_code == 302
    assert found_in(declaration) == []
    page = client_of(filler_of(declaration)).get(reverse("declarations:fill", args=[declaration.pk]))
    assert f"未检查：财政局已停用（{CHANGE['reason']}）" in page.content.decode()


def with_words():
    """A check with a word list: its code and the name of the list."""
    return next((c.code, p.name) for c in CATALOGUE.values() for p in c.parameters if isinstance(p.default, tuple))


def test_a_word_list_is_edited_one_word_a_line(cycle, person):
    code, name = with_words()
    level = CATALOGUE[code].severity.value
    words = {f"parameter-{p.name}": str(p.default) for p in CATALOGUE[code].parameters if p.name != name}
    sent = words | {"level": level, f"parameter-{name}": " 甲词\r\n\r\n乙 词\n甲词 "}
    assert post(person, cycle, code, **sent).status_code == 302
    assert CheckSetting.objects.get().parameters[name] == ["甲词", "乙 词"]
    assert ">甲词\n乙 词</textarea>" in client_of(person).get(url_of(cycle, code)).content.decode().replace(">\n", ">")


def test_only_what_differs_from_the_catalogue_is_kept(cycle, person):
    post(person, cycle, **{"parameter-tolerance": str(CATALOGUE["B01"].parameters[0].default)})
    assert [(row.level, row.parameters) for row in CheckSetting.objects.all()] == [("W", {})]


def test_back_to_the_default_with_a_reason_and_the_history_stays(cycle, person):
    declaration = unbalanced(cycle)
    post(person, cycle)
    seen = CheckSetting.objects.get().pk
    assert post(person, cycle, default="yes", reason="", seen=seen).status_code == 422
    assert post(person, cycle, default="yes", reason="试行结束", seen=seen).status_code == 302
    assert found_in(declaration) == [("B01", Severity.ERROR)]
    text = client_of(person).get(url_of(cycle)).content.decode()
    assert "恢复默认设置" in text and "试行结束" in text and CHANGE["reason"] in text
    assert CheckSetting.objects.count() == 2


def test_what_changes_nothing_is_not_written(cycle, person):
    change(cycle, person)
    with pytest.raises(Unchanged):
        change(cycle, person, seen=CheckSetting.objects.get().pk)
    assert post(person, cycle, **{"parameter-tolerance": "0.01"}, seen=CheckSetting.objects.get().pk).status_code == 422
    assert CheckSetting.objects.count() == 1


def test_two_people_at_one_check_the_second_is_asked_and_keeps_what_was_typed(cycle, person):
    first = change(cycle, factories.person("administrator", cycle.bureau, name="先改的人"))
    with pytest.raises(Overtaken):
        change(cycle, person, tolerance=Decimal(9))
    answer = post(person, cycle)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "先改的人刚刚调整过" in text and 'value="5"' in text
    assert CheckSetting.objects.count() == 1
    assert f'name="seen" value="{first.pk}"' in text
    assert post(person, cycle, seen=first.pk).status_code == 302


def test_settings_of_checks_or_parameters_that_are_gone_are_as_if_they_were_not_there(cycle, person):
    declaration = unbalanced(cycle)
    for code, level, parameters in (("Z99", "off", {}), ("B01", "off", {"gone": "1", "tolerance": ["无"]})):
        CheckSetting.objects.create(
            cycle=cycle, code=code, level=level, parameters=parameters, author=person, reason="以前的"
        )
    assert found_in(declaration) == [("B01", Severity.ERROR)]
    assert client_of(person).get(reverse("declarations:check_settings", args=[cycle.pk])).status_code == 200


def test_the_history_can_neither_be_changed_nor_removed(cycle, person):
    row = change(cycle, person)
    row.reason = "别的"
    with pytest.raises(Exception, match="append_only"):
        row.save()


@pytest.mark.parametrize("role", ["division", "filler", "head", "observer"])
def test_nobody_else_may_look_or_change(cycle, role):
    place = {"division": factories.division(cycle.bureau)}.get(role) or factories.department(cycle.bureau)
    someone = factories.person(role, place)
    assert post(someone, cycle).status_code == 403
    assert client_of(someone).get(reverse("declarations:check_settings", args=[cycle.pk])).status_code == 403


def test_another_bureaus_year_is_not_there(cycle):
    someone = factories.person("performance", factories.bureau())
    assert post(someone, cycle).status_code == 404
    assert CheckSetting.objects.visible_to(someone).count() == 0


def test_a_filler_who_administers_another_bureau_does_not_set_this_ones_checks(cycle):
    someone = factories.person("administrator", factories.bureau())
    factories.membership(someone, "filler", factories.department(cycle.bureau))
    assert post(someone, cycle).status_code == 404


def test_an_unknown_check_is_not_there(cycle, person):
    assert client_of(person).get(url_of(cycle, "Z99")).status_code == 404


@pytest.mark.parametrize("number", [1, 3, 30])
def test_the_pages_take_the_same_queries_however_much_was_changed(cycle, person, number, django_assert_num_queries):
    seen = None
    for n in range(number):
        seen = change(cycle, person, seen=seen, level=(Level.WARNING, Level.ERROR)[n % 2], tolerance=Decimal(n + 2)).pk
    client = client_of(person)
    with django_assert_num_queries(7):
        client.get(reverse("declarations:check_settings", args=[cycle.pk]))
    with django_assert_num_queries(7):
        client.get(url_of(cycle))


def test_home_leads_the_bureau_to_the_settings(cycle):
    link = reverse("declarations:check_settings", args=[cycle.pk])
    for role in ("administrator", "performance"):
        assert link in client_of(factories.person(role, cycle.bureau)).get("/").content.decode()
    reviewer = factories.person("division", factories.division(cycle.bureau))
    assert link not in client_of(reviewer).get("/").content.decode()

"""The pages around whose task it is: hand-over, 经办分工, stand-ins, 催报, and the administrator's figures."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from declarations.models import Assignment, Role, StandIn, StandInEnding, State, Urging, User
from declarations.notifying import urging
from declarations.people import setting_up
from declarations.reviewing import assigning, workflow
from tests import factories

HOME = reverse("declarations:home")


@pytest.fixture
def division(db):
    return factories.division()


@pytest.fixture
def department(division):
    return factories.department(division=division)


@pytest.fixture
def reviewer(client, division):
    person = factories.person("division", division, name="李文静")
    client.force_login(person)
    return person


@pytest.fixture
def colleague(division):
    return factories.person("division", division, name="郑晓东")


def post(client, name, *args, **data) -> str:
    """What the page says after it."""
    response = client.post(reverse(f"declarations:{name}", args=args), data, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def detail(client, declaration) -> str:
    return client.get(reverse("declarations:detail", args=[declaration.pk])).content.decode()


# --- hand-over ---------------------------------------------------------------------------------


def test_a_declaration_is_handed_over_on_its_page_and_both_see_it(client, department, reviewer, colleague):
    declaration = factories.declaration(department, state=State.SUBMITTED)
    assert "已审 0/1" in detail(client, declaration)
    text = post(client, "hand_over", declaration.pk, to=colleague.pk, reason="出差一周")
    assert "已转办" in text and "出差一周" in text and "取回，由我经办" in text and "已审 0/0" in text
    client.force_login(colleague)
    assert "出差一周" in detail(client, declaration)
    assert "已转由您经办" in post(client, "take_over", declaration.pk)
    assert [row.reviewer for row in Assignment.objects.all()] == [colleague, colleague]


def test_a_hand_over_that_is_refused_says_why_and_writes_nothing(client, department, reviewer, colleague):
    declaration = factories.declaration(department, state=State.SUBMITTED)
    assert "须写明转办的原因" in post(client, "hand_over", declaration.pk, to=colleague.pk, reason="")
    for to in ("", "x", "99999999999", reviewer.pk):
        assert "所选的人不能经办" in post(client, "hand_over", declaration.pk, to=to, reason="请假")
    assert not Assignment.objects.exists()


def test_departments_and_observers_see_nothing_of_who_has_which_task(client, department, reviewer, colleague):
    declaration = factories.declaration(department, state=State.APPROVED)
    assigning.assign_departments(reviewer, Role.DIVISION, [department], colleague)
    for role in ("filler", "head", "observer", "administrator"):
        place = department if role in ("filler", "head", "observer") else department.bureau
        client.force_login(factories.person(role, place))
        text = detail(client, declaration)
        assert "已审" not in text and "经办人" not in text and colleague.name not in text


def test_what_one_decided_counts_as_done_until_it_waits_again(client, division, reviewer):
    made = [factories.declaration(factories.department(division=division), state=State.SUBMITTED) for _ in range(3)]
    workflow.perform_move(made[0].pk, "pass", reviewer)
    workflow.perform_move(made[1].pk, "return", reviewer, comment="请补充。")
    assert "已审 2/3" in detail(client, made[2])


# --- 经办分工 -----------------------------------------------------------------------------------


def test_a_reviewer_shares_out_the_departments_of_the_division(client, department, reviewer, colleague):
    page = reverse("declarations:assignments")
    assert "未指定" in client.get(page).content.decode()
    assert "1 个部门，经办人为郑晓东" in post(client, "assignments", department=department.pk, to=colleague.pk)
    shown = client.get(page).context["rows"]
    assert shown == [(department, colleague)]
    assert "不再指定经办人" in post(client, "assignments", department=department.pk, to="")
    assert "请先勾选部门" in post(client, "assignments", to=colleague.pk)
    assert "请重新选择" in post(client, "assignments", department=department.pk, to=999_999)


def test_nobody_shares_out_the_departments_of_others(client, division, reviewer, colleague):
    elsewhere = factories.department(division=factories.division(division.bureau))
    assert "请先勾选部门" in post(client, "assignments", department=elsewhere.pk, to=colleague.pk)
    assert not Assignment.objects.exists()


def test_an_administrator_shares_out_both_stages(client, department, colleague):
    second = factories.person("performance", department.bureau)
    client.force_login(factories.person("administrator", department.bureau))
    url = reverse("declarations:assignments") + "?role=performance"
    client.post(url, {"department": department.pk, "to": second.pk})
    client.post(reverse("declarations:assignments"), {"department": department.pk, "to": colleague.pk})
    assert {(row.role, row.reviewer) for row in Assignment.objects.all()} == {
        ("performance", second),
        ("division", colleague),
    }


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_of_assignments_takes_the_same_queries(
    client, division, reviewer, colleague, rows, django_assert_num_queries
):
    departments = [factories.department(division=division) for _ in range(rows)]
    assigning.assign_departments(reviewer, Role.DIVISION, departments, colleague)
    with django_assert_num_queries(5):
        client.get(reverse("declarations:assignments"))


# --- stand-ins ---------------------------------------------------------------------------------


def test_a_reviewer_names_a_stand_in_who_then_has_the_tasks_and_ends_it(client, division, department, reviewer):
    helper = factories.person("division", factories.division(division.bureau), name="郑晓东")
    today = timezone.localdate()
    given = {"reviewer": reviewer.pk, "first_day": today, "last_day": today, "reason": "年休假"}
    assert "郑晓东代李文静" in post(client, "stand_ins", stand_in=helper.pk, **given)
    declaration = factories.declaration(department, state=State.SUBMITTED)
    assert "由 郑晓东 代为办理" in client.get(HOME).content.decode()

    client.force_login(helper)
    text = client.get(HOME).content.decode()
    assert "您正在代 李文静 办理" in text and department.name in text
    workflow.perform_move(declaration.pk, "pass", User.objects.get(pk=helper.pk))
    assert "郑晓东（资金主管科室审核员，代李文静）" in detail(client, declaration)
    log = client.get(reverse("declarations:log")).content.decode()
    assert "代李文静" in log

    assert "已结束" in post(client, "stand_in_end", StandIn.objects.get().pk)
    assert StandInEnding.objects.get().ended_by == helper
    assert client.get(reverse("declarations:detail", args=[declaration.pk])).status_code == 404


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"stand_in": ""}, "这个字段是必填项"),
        ({"reason": ""}, "这个字段是必填项"),
        ({"last_day": "2020-01-01"}, "起止日期不对"),
        ({"reviewer": "other"}, "选择一个有效的选项"),
        ({"stand_in": "self"}, "所选的人不能代办"),
    ],
)
def test_a_stand_in_that_is_refused_says_at_its_field_why(client, reviewer, colleague, change, says):
    today = timezone.localdate()
    given = {"reviewer": reviewer.pk, "stand_in": colleague.pk, "first_day": today, "last_day": today, "reason": "休假"}
    keys = {"other": colleague.pk, "self": reviewer.pk}
    given |= {name: keys.get(value, value) for name, value in change.items()}
    response = client.post(reverse("declarations:stand_ins"), given)
    assert (response.status_code, StandIn.objects.count()) == (422, 0)
    assert says in response.content.decode()


def test_others_do_not_end_a_stand_in(client, division, reviewer, colleague):
    today = timezone.localdate()
    row = StandIn.objects.create(
        bureau=division.bureau,
        reviewer=reviewer,
        stand_in=colleague,
        first_day=today,
        last_day=today,
        reason="休假",
        named_by=reviewer,
    )
    url = reverse("declarations:stand_in_end", args=[row.pk])
    client.force_login(factories.person("division", division))
    assert client.post(url).status_code == 404
    client.force_login(factories.person("performance", division.bureau))
    assert "没有结束" in client.post(url, follow=True).content.decode()
    assert not StandInEnding.objects.exists()


# --- 催报 --------------------------------------------------------------------------------------


def test_those_that_were_ticked_are_reminded_and_see_it_until_they_report(client, division, department, reviewer):
    factories.cycle(division.bureau)
    others = [factories.department(division=division) for _ in range(2)]
    text = post(client, "urge", department=[department.pk, others[0].pk], text="请抓紧报送。", back="show=missing")
    assert "已催报 2 个部门" in text
    assert {row.department for row in Urging.objects.all()} == {department, others[0]}
    filler = factories.person("filler", department)
    client.force_login(filler)
    assert "请抓紧报送。" in client.get(HOME).content.decode()
    factories.declaration(department, state=State.SUBMITTED)
    assert "请抓紧报送。" not in client.get(HOME).content.decode()


def test_all_of_the_list_as_it_is_filtered(client, division, department, reviewer):
    factories.cycle(division.bureau)
    found = factories.department(division=division, name="云溪市体育局")
    post(client, "urge", which="all", back="show=missing&q=yxstyj")
    assert [row.department for row in Urging.objects.all()] == [found]


def test_a_second_time_on_one_day_is_asked_for(client, division, department, reviewer):
    cycle = factories.cycle(division.bureau)
    urging.urge_departments(reviewer, cycle, [department], "")
    other = factories.department(division=division)
    text = post(client, "urge", department=[department.pk, other.pk])
    assert "今天已经催报过" in text and "已催报 1 个部门" in text and Urging.objects.count() == 2
    assert "已催报 1 个部门" in post(client, "urge", department=department.pk, again="yes")
    assert Urging.objects.filter(department=department).count() == 2


def test_without_a_choice_it_says_what_to_do(client, division, reviewer):
    factories.cycle(division.bureau)
    elsewhere = factories.department(division=factories.division(division.bureau))
    assert "请先在列表中勾选" in post(client, "urge", department=[elsewhere.pk, "x"])
    assert not Urging.objects.exists()


# --- the other homes ---------------------------------------------------------------------------


def test_a_returned_declaration_says_how_many_comments_wait(client, department, reviewer):
    declaration = factories.declaration(department)
    filler, head = factories.person("filler", department), factories.person("head", department)
    workflow.perform_move(declaration.pk, "send_to_head", filler)
    workflow.perform_move(declaration.pk, "submit", head)
    workflow.perform_move(declaration.pk, "return", reviewer, comment="请补充。")
    client.force_login(filler)
    text = client.get(HOME).content.decode()
    assert "退回意见 1 条，逐条查看" in text
    assert f"{reverse('declarations:detail', args=[declaration.pk])}#earlier" in text


def test_the_administrators_figures_are_links_to_as_many_rows(client, department):
    bureau = department.bureau
    factories.person("filler", department)
    gone = factories.department(bureau)
    factories.membership(factories.user(), "filler", gone, valid_from="2020-01-01", valid_to="2020-12-31")
    factories.department(bureau, parent=department)
    factories.department(bureau, is_active=False)
    factories.declaration(gone, state=State.RETURNED)
    client.force_login(factories.person("administrator", bureau, is_staff=True))
    part = client.get(HOME).context["parts"][0].context
    assert part["to_set_up"] == {"declaring": 2, "without_division": 1, "without_filler": 1}
    listed = reverse("admin:declarations_department_changelist")
    for need in setting_up.NEEDS:
        assert client.get(listed, {"need": need}).context["cl"].result_count == part["to_set_up"][need], need
    people = client.get(reverse("admin:declarations_user_changelist")).context["cl"].result_count
    assert people == part["accounts"]
    reported = client.get(reverse("declarations:list"), {"year": 2027, "state": "reported"}).context["listed"]
    assert len(reported) == part["cycles"][0].reported == 1

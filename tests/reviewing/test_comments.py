"""Comments: who writes, sees and settles them, what a return sends, what the department owes, and that none is lost."""

from __future__ import annotations

import threading

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from declarations.models import Code, Comment, Declaration, Event, Resolution, Role, State
from declarations.people import permissions
from declarations.record import store
from declarations.reviewing import comments, threads
from declarations.reviewing.workflow import MoveRefused, perform_move
from declarations.sheet.controls import name_of
from declarations.sheet.table import Table
from tests import factories

pytestmark = pytest.mark.django_db
WORDS = "指标值偏低，请结合上年完成情况调整。"


class Desk:
    """A declaration that was submitted in the ordinary way, and the people around it."""

    def __init__(self):
        self.department = factories.department(division=factories.division())
        self.declaration = factories.declaration(self.department)
        places = {
            "filler": self.department,
            "head": self.department,
            "division": self.department.division,
            "performance": self.department.bureau,
            "administrator": self.department.bureau,
            "observer": self.department.bureau,
        }
        self.people = {role: factories.person(role, place) for role, place in places.items()}
        self.take("send_to_head", "filler")
        self.take("submit", "head")

    def take(self, action, role, **values) -> Event:
        event = perform_move(self.declaration.pk, action, self.people[role], **values)
        self.declaration.refresh_from_db()
        return event

    @property
    def table(self) -> Table:
        return store.table_of(Declaration.objects.get(pk=self.declaration.pk))

    def control(self, path) -> str:
        return name_of(self.table, path)

    def comment(self, path="indicators.0.annual_value", role="division", **values) -> Comment:
        given = {"field": self.control(path) if path else "", "code": Code.VALUE, "text": WORDS, "number": None}
        return comments.write_comment(self.people[role], self.declaration, **given | values)

    def change(self, **values) -> None:
        """The department writes another value into the first indicator."""
        row = self.declaration.indicators.order_by("position").first()
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
        factories.explain(self.declaration, self.people["filler"])

    def due(self) -> list[str]:
        return [thread.comment.text for thread in threads.threads_due(self.declaration, self.table)]

    def post(self, client, role, **data):
        client.force_login(self.people[role])
        return client.post(reverse("declarations:comment", args=[self.declaration.pk]), data)

    def page(self, client, role, name="detail", **more) -> str:
        client.force_login(self.people[role])
        return client.get(reverse(f"declarations:{name}", args=[self.declaration.pk]), **more).content.decode()


@pytest.fixture
def desk():
    return Desk()


# --- the record --------------------------------------------------------------------------------


def test_a_comment_knows_its_place_its_version_and_what_stood_there(desk):
    made = desk.comment()
    assert (made.label, made.quoted) == ("绩效指标第1项“河道巡查次数”的年度指标值", "≥48次")
    assert made.snapshot == desk.declaration.snapshots.latest("number")
    assert (made.acting_role, made.sent_with, made.code) == (Role.DIVISION, None, Code.VALUE)


@pytest.mark.parametrize(
    "order",
    [
        "UPDATE {table} SET created_at = now()",
        "UPDATE declarations_comment SET text = '改过'",
        "DELETE FROM {table}",
        "TRUNCATE {table} CASCADE",
    ],
)
@pytest.mark.parametrize("model", [Comment, Resolution])
def test_what_was_written_can_be_neither_changed_nor_removed(desk, model, order):
    comments.decide_comment(desk.people["division"], desk.comment(), "resolved")
    with pytest.raises(DatabaseError, match=r"(?i)pgtrigger: cannot"), transaction.atomic():
        connection.cursor().execute(f"SET CONSTRAINTS ALL IMMEDIATE; {order.format(table=model._meta.db_table)}")
    assert (Comment.objects.get().text, Resolution.objects.count()) == (WORDS, 1)


def test_a_comment_is_sent_once(desk):
    desk.comment()
    desk.take("return", "division")
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        Comment.objects.update(sent_with=None)


@pytest.mark.django_db(transaction=True)
def test_only_flush_empties_the_comments():
    comments.decide_comment((desk := Desk()).people["division"], desk.comment(), "resolved")
    call_command("flush", interactive=False, verbosity=0)
    assert not Comment.objects.exists()


# --- who sees and who writes -------------------------------------------------------------------


def seen(desk, role) -> bool:
    return Comment.objects.visible_to(desk.people[role]).exists()


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("sent", [False, True])
def test_the_department_reads_what_was_sent_the_bureau_all_and_observers_nothing(desk, role, sent):
    desk.comment()
    if sent:
        desk.take("return", "division")
    assert seen(desk, role) is (role in {"division", "performance", "administrator"} or (sent and role != "observer"))


@pytest.mark.parametrize("role", Role.values)
def test_nobody_of_another_department_or_bureau_reads_it(desk, role):
    desk.comment()
    desk.take("return", "division")
    assert not Comment.objects.visible_to(Desk().people[role]).exists()


def test_the_bureau_reads_a_reply_when_it_was_submitted(desk):
    comment = desk.comment()
    desk.take("return", "division")
    made = comments.write_reply(desk.people["filler"], comment, "已核实。")
    readers = [made in Comment.objects.visible_to(desk.people[role]) for role in ("filler", "head", "division")]
    assert readers == [True, True, False]
    desk.take("send_to_head", "filler")
    event = desk.take("submit", "head")
    made.refresh_from_db()
    assert made.sent_with == event and made in Comment.objects.visible_to(desk.people["division"])


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("state", State.values)
def test_comments_are_written_by_reviewers_while_it_is_under_review(desk, role, state):
    made = factories.declaration(factories.department(desk.department.bureau, division=desk.department.division))
    Declaration.objects.filter(pk=made.pk).update(state=state)
    made.refresh_from_db()
    factories.freeze(made)
    places = {"filler": made.department, "head": made.department}
    person = factories.person(role, places[role]) if role in places else desk.people[role]
    allowed = role in ("division", "performance") and state in (State.SUBMITTED, State.REVIEWED)
    try:
        comments.write_comment(person, made, field="", code=Code.OTHER, text=WORDS, number=None)
    except comments.NotWritten:
        assert not allowed
    else:
        assert allowed
    assert Comment.objects.count() == allowed


def test_nobody_comments_on_what_they_filled_in(desk):
    desk.declaration.editors.add(desk.people["division"])
    with pytest.raises(comments.NotWritten, match="参与过"):
        desk.comment()


def test_only_the_author_withdraws_and_only_what_is_unsent(desk):
    comment = desk.comment()
    with pytest.raises(comments.NotWritten, match="填写人"):
        comments.decide_comment(desk.people["performance"], comment, "withdrawn")
    comments.decide_comment(desk.people["division"], comment, "withdrawn")
    other = desk.comment(text="另一条")
    desk.take("return", "division")
    assert [one.text for one in Comment.objects.visible_to(desk.people["filler"])] == ["另一条"]
    comment.refresh_from_db()
    assert (comment.text, comment.sent_with) == (WORDS, None)
    assert Comment.objects.get(pk=other.pk).sent_with is not None


OFFERED = (
    ("division", [], ["resolved", "withdrawn"]),
    ("performance", [], ["resolved"]),
    ("filler", [], []),
    ("division", ["resolved"], ["reopened"]),
    ("performance", ["resolved"], ["reopened"]),
    ("division", ["withdrawn"], []),
)


@pytest.mark.parametrize(("role", "decided", "offered"), OFFERED)
def test_a_person_is_offered_what_they_may_decide(desk, role, decided, offered):
    comment = desk.comment()
    for kind in decided:
        comments.decide_comment(desk.people["division"], comment, kind)
    (thread,) = threads.threads_of(threads.with_all(Comment.objects.filter(pk=comment.pk)), desk.table)
    person = desk.people[role]
    rights = {
        "may_comment": permissions.may_comment(person, desk.declaration),
        "may_settle": permissions.may_dismiss(person, desk.declaration),
    }
    assert comments.decisions_on(thread, person, **rights) == offered


# --- moves -------------------------------------------------------------------------------------


def test_a_return_needs_a_comment_of_one_kind_or_the_other(desk):
    with pytest.raises(MoveRefused, match="须填写意见"):
        desk.take("return", "division")
    comment = desk.comment()
    comments.decide_comment(desk.people["division"], comment, "resolved")
    with pytest.raises(MoveRefused, match="须填写意见"):
        desk.take("return", "division")
    comments.decide_comment(desk.people["division"], comment, "reopened")
    assert desk.take("return", "division").comment == ""


def test_a_return_sends_all_that_is_unsent(desk):
    first, second = desk.comment(), desk.comment("key_tasks.0.funding")
    event = desk.take("return", "division", comment="总体意见：请细化。")
    assert set(Comment.objects.values_list("pk", "sent_with")) == {(first.pk, event.pk), (second.pk, event.pk)}


def test_what_was_settled_before_it_was_sent_stays_with_the_bureau(desk):
    for decision in ("resolved", "withdrawn"):
        settled = desk.comment(text=decision)
        comments.write_reply(desk.people["division"], settled, "不必了。")
        comments.decide_comment(desk.people["division"], settled, decision)
    kept = desk.comment()
    extra = comments.write_reply(desk.people["division"], kept, "见上年决算。")
    desk.take("return", "division")
    assert set(Comment.objects.visible_to(desk.people["filler"])) == {kept, extra}


@pytest.mark.parametrize(("code", "kept"), [("", Code.OTHER), ("nonsense", Code.OTHER), (Code.VAGUE, Code.VAGUE)])
def test_an_overall_text_alone_becomes_a_comment_on_the_whole_table(desk, code, kept):
    event = desk.take("return", "division", comment="请补充数量指标。", code=code)
    made = Comment.objects.get()
    assert (made.field, made.label, made.text, made.code) == ("", "整张申报表", "请补充数量指标。", kept)
    assert (made.sent_with, made.snapshot) == (event, event.snapshot)


@pytest.mark.parametrize("how", ["change", "reply"])
def test_the_department_changes_or_answers_before_it_sends_on(desk, how):
    comment = desk.comment()
    desk.take("return", "division")
    with pytest.raises(MoveRefused) as refused:
        desk.take("send_to_head", "filler")
    assert refused.value.code == "unanswered"
    assert [thread.comment for thread in refused.value.threads] == [comment]
    if how == "change":
        desk.change(annual_value="≥60次")
    else:
        comments.write_reply(desk.people["filler"], comment, "受河道封闭施工影响，维持原值。")
    desk.take("send_to_head", "filler")
    assert desk.take("submit", "head").to_state == State.SUBMITTED


def test_a_change_elsewhere_answers_nothing_but_a_comment_on_the_whole(desk):
    desk.comment()
    desk.comment("", text="整体偏粗")
    desk.take("return", "division")
    assert desk.due() == [WORDS, "整体偏粗"]
    desk.change(name="河道日常巡查次数")
    assert desk.due() == [WORDS]


def test_a_row_is_known_by_its_identity_and_removing_it_is_a_change(desk):
    desk.comment()
    desk.take("return", "division")
    desk.declaration.indicators.order_by("position").last().delete()
    assert desk.due() == [WORDS]
    desk.declaration.indicators.order_by("position").first().delete()
    [thread] = threads.seen_by(desk.people["filler"], desk.declaration, desk.table)
    assert (thread.is_due, thread.is_gone, thread.texts) == (False, True, ("≥48次", "（这一行已删除）"))


def test_a_second_return_asks_again_for_what_is_still_open(desk):
    comment = desk.comment()
    desk.take("return", "division")
    desk.change(annual_value="≥50次")
    desk.take("send_to_head", "filler")
    desk.take("submit", "head")
    desk.take("return", "division")
    assert desk.due() == [WORDS]
    comments.write_reply(desk.people["filler"], comment, "已按上年数核定。")
    assert desk.due() == []


def test_an_old_comment_does_not_swallow_the_words_of_a_second_return(desk):
    comment = desk.comment()
    desk.take("return", "division")
    comments.write_reply(desk.people["filler"], comment, "已核实。")
    desk.take("send_to_head", "filler")
    desk.take("submit", "head")
    desk.take("return", "division", comment="另请补充质量指标。")
    assert desk.due() == [WORDS, "另请补充质量指标。"]


def test_what_the_reviewer_marked_resolved_is_owed_no_more(desk):
    comment = desk.comment()
    desk.comment("", text="整体偏粗")
    desk.take("return", "division")
    desk.change(name="河道日常巡查次数")
    assert desk.due() == [WORDS]
    comments.write_reply(desk.people["filler"], comment, "维持原值。")
    desk.take("send_to_head", "filler")
    desk.take("submit", "head")
    comments.decide_comment(desk.people["division"], comment, "resolved")
    desk.take("return", "division", comment="")
    assert desk.due() == ["整体偏粗"]


def test_passing_leaves_unsent_comments_with_the_bureau(desk, client):
    desk.comment()
    assert "1 条意见没有发给部门" in desk.page(client, "division")
    desk.take("pass", "division")
    assert (seen(desk, "filler"), seen(desk, "performance")) == (False, True)
    desk.take("approve", "performance")
    assert not seen(desk, "filler")


@pytest.mark.django_db(transaction=True)
def test_a_comment_falls_before_a_decision_or_after_it_never_between():
    desk = Desk()
    outcomes = []

    def write():
        try:
            desk.comment()
            outcomes.append("written")
        except comments.NotWritten:
            outcomes.append("refused")
        finally:
            connection.close()

    def decide():
        perform_move(desk.declaration.pk, "return", desk.people["performance"], comment="请补充。")
        connection.close()

    desk.take("pass", "division")
    runners = [threading.Thread(target=run) for run in (write, decide)]
    for one in runners:
        one.start()
    for one in runners:
        one.join()
    assert outcomes == (["written"] if Comment.objects.filter(text=WORDS, sent_with__isnull=False) else ["refused"])
    assert not Comment.objects.filter(sent_with__isnull=True).exists()


# --- pages -------------------------------------------------------------------------------------


def test_a_comment_is_kept_by_the_page_and_decides_nothing(desk, client):
    field = desk.control("indicators.0.annual_value")
    assert f'href="?comment={field}#comment-form"' in desk.page(client, "division")
    response = desk.post(client, "division", field=field, code="value", text=WORDS, number="2")
    assert response.status_code == 302
    desk.declaration.refresh_from_db()
    assert desk.declaration.state == State.SUBMITTED
    assert WORDS in desk.page(client, "division")


def test_without_scripts_the_form_is_about_the_cell_that_was_chosen(desk, client):
    client.force_login(desk.people["division"])
    field = desk.control("indicators.0.annual_value")
    url = reverse("declarations:detail", args=[desk.declaration.pk])
    page = client.get(f"{url}?comment={field}").context["board"]
    assert (page.field, page.label) == (field, "绩效指标第1项“河道巡查次数”的年度指标值")
    assert client.get(f"{url}?comment=nonsense").context["board"].field == ""


@pytest.mark.parametrize("text", ["  ", "长" * 32_001])
def test_what_cannot_be_taken_is_shown_again(desk, client, text):
    response = desk.post(client, "division", field="", code="other", text=text)
    assert response.status_code == 409
    assert "没有保存" in response.content.decode()
    assert text.strip()[:50] in response.content.decode()
    assert not Comment.objects.exists()


def test_a_comment_that_comes_after_somebody_elses_decision_is_not_lost(desk, client):
    desk.take("return", "division", comment="请补充。")
    response = desk.post(client, "division", field="", code="other", text=WORDS)
    assert response.status_code == 409 and WORDS in response.content.decode()


def test_a_place_that_the_version_does_not_have_is_refused(desk, client):
    response = desk.post(client, "division", field="indicators-nonsense", code="other", text=WORDS)
    assert response.status_code == 409 and WORDS in response.content.decode()


def test_the_fill_page_lists_each_with_a_link_to_its_field_and_a_reply_box(desk, client):
    comment = desk.comment()
    desk.take("return", "division")
    text = desk.page(client, "filler", "fill")
    assert "审核意见 1 条" in text and WORDS in text and "没有修改，也没有答复" in text
    assert f'href="#{comment.field}"' in text and f'id="{comment.field}"' in text
    response = desk.post(client, "filler", parent=comment.pk, text="维持原值。", page="fill")
    expected = reverse("declarations:fill", args=[desk.declaration.pk])
    assert response.headers["Location"] == f"{expected}#comment-{comment.pk}"
    assert "维持原值。" in desk.page(client, "filler", "fill")


def test_the_refused_submission_lists_what_is_owed_with_links(desk, client):
    comment = desk.comment()
    desk.take("return", "division")
    client.force_login(desk.people["filler"])
    url = reverse("declarations:fill_check", args=[desk.declaration.pk])
    response = client.post(url, {"action": "send_to_head", "version": desk.declaration.version})
    text = response.content.decode()
    assert response.status_code == 409
    assert "1 条审核意见既没有修改，也没有答复" in text
    assert f'{reverse("declarations:fill", args=[desk.declaration.pk])}#{comment.field}"' in text
    assert f'href="#comment-{comment.pk}"' in text


def test_the_reviewer_reads_what_was_changed_under_what_was_asked(desk, client):
    desk.comment()
    desk.take("return", "division")
    desk.change(annual_value="≥60次")
    desk.take("send_to_head", "filler")
    desk.take("submit", "head")
    text = desk.page(client, "division")
    assert "上次意见与修改" in text
    assert "<del>48</del><ins>60</ins>" in text


def test_a_comment_is_settled_by_the_page(desk, client):
    comment = desk.comment()
    client.force_login(desk.people["division"])
    url = reverse("declarations:comment_decide", args=[desk.declaration.pk, comment.pk])
    for kind in ("resolved", "reopened", "withdrawn", "asked", "reopened"):
        client.post(url, {"kind": kind})
    assert [one.kind for one in comment.resolutions.all()] == ["resolved", "reopened", "withdrawn"]


def test_a_comment_of_another_declaration_is_not_found_under_this_one(desk, client):
    other = Desk().comment()
    assert desk.post(client, "division", parent=other.pk, text="?").status_code == 404


def test_neighbours_in_the_list_of_what_waits(desk, client):
    rows = [desk.declaration]
    for _ in range(2):
        home = factories.department(desk.department.bureau, division=desk.department.division)
        rows.append(factories.declaration(home, state=State.SUBMITTED))
    client.force_login(desk.people["division"])
    queues = [client.get(reverse("declarations:detail", args=[row.pk])).context["queue"] for row in rows]
    assert [queue.number for queue in queues] == [1, 2, 3]
    assert [queue.before for queue in queues] == [None, rows[0].pk, rows[1].pk]
    assert [queue.after for queue in queues] == [rows[1].pk, rows[2].pk, None]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("role", "name", "queries"), [("division", "detail", 25), ("filler", "fill", 17)])
def test_the_pages_cost_the_same_queries_however_many_comments(
    desk, client, django_assert_num_queries, role, name, queries, count
):
    for n in range(count):
        comments.write_reply(desk.people["division"], desk.comment(f"indicators.{n}.annual_value"), "见常用指标。")
    desk.take("return", "division")
    if role == "division":
        factories.answer(desk.declaration, desk.people["filler"])
        desk.take("send_to_head", "filler")
        desk.take("submit", "head")
    client.force_login(desk.people[role])
    with django_assert_num_queries(queries):  # one of them marks the notice of it as read, this first time
        assert client.get(reverse(f"declarations:{name}", args=[desk.declaration.pk])).status_code == 200


def test_an_open_comment_keeps_a_declaration_out_of_a_batch(desk, client):
    comment = desk.comment()
    client.force_login(desk.people["division"])
    url = reverse("declarations:batch") + "?action=pass"
    [listed] = client.get(url).context["candidates"]
    assert listed.hindrance == "有 1 条未解决的审核意见，请逐份审核"
    client.post(url, {"choice": [listed.choice], "confirmed": "yes"})
    desk.declaration.refresh_from_db()
    assert desk.declaration.state == State.SUBMITTED
    comments.decide_comment(desk.people["division"], comment, "resolved")
    client.post(url, {"choice": [listed.choice], "confirmed": "yes"})
    desk.declaration.refresh_from_db()
    assert desk.declaration.state == State.REVIEWED

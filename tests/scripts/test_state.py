"""What was typed waits until the server has it, and nothing of it is lost on the way."""

import pytest

pytestmark = pytest.mark.browser

SCRIPT = "filling/saving/state.js"
BEGIN = """((changes) => { %s })((() => {
    const form = document.createElement("form");
    form.innerHTML = '<input data-kind="text" name="overall_goal" value="目标">';
    return new script.Changes(form);
})())"""


def run(call, steps):
    return call(SCRIPT, BEGIN % steps)


def test_a_form_that_nobody_touched_has_nothing_to_save(call):
    assert run(call, 'return [changes.pending(), changes.base("overall_goal")]') == [False, "目标"]


def test_what_was_typed_is_the_body_of_a_save(call):
    body = run(call, 'changes.set("overall_goal", "新目标"); return changes.take(3, () => [])')
    assert body == {"version": 3, "fields": {"overall_goal": "新目标"}, "rows": {}, "order": {}, "deleted": {}}


def test_what_did_not_arrive_waits_behind_what_was_typed_since(call):
    texts = run(
        call,
        """changes.set("overall_goal", "一"); changes.set("department", "甲"); changes.take(1, () => []);
        changes.set("overall_goal", "二"); changes.putBack(); return [...changes.unsavedTexts()]""",
    )
    assert dict(texts) == {"overall_goal": "二", "department": "甲"}


def test_what_the_server_refused_is_still_unsaved(call):
    unsaved = run(
        call,
        """changes.set("staff_count", "三"); changes.take(1, () => []);
        changes.confirm({}, { staff_count: "不是整数" }); return [changes.pending(), changes.waits()]""",
    )
    assert unsaved == [True, False]


def test_removing_a_row_drops_what_was_typed_in_it(call):
    body = run(
        call,
        """const row = "2b1f0f5e-0f55-4f65-8a0c-6d5b7e4f1c11";
        changes.set(`key_tasks-${row}-name`, "巡查"); changes.removeRow("key_tasks", row);
        return changes.take(1, () => [])""",
    )
    assert body["rows"] == {} and body["deleted"] == {"key_tasks": ["2b1f0f5e-0f55-4f65-8a0c-6d5b7e4f1c11"]}

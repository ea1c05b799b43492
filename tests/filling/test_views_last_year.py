"""从上年复制: what the page offers, what it brings in, and that it never overwrites unasked."""

import json
import re

import pytest
from django.urls import reverse

from declarations.filling.bringing.rollforward import KEEP, TAKE
from declarations.models import Copying, State
from tests import factories
from tests.filling.fill_helpers import client_of, filler_of, send
from tests.filling.last_year_helpers import brought, drafted, fresh, table
from tests.samples import sample

pytestmark = pytest.mark.django_db


def url(declaration, page="fill_last_year", *more):
    return reverse(f"declarations:{page}", args=[declaration.pk, *more])


@pytest.fixture
def draft():
    return drafted()


@pytest.fixture
def client(draft):
    return client_of(filler_of(draft, name="陈晓"))


def posted(html):
    """What a browser would send of the page as it stands."""
    data = {}
    form = html[html.index('<form id="bring"') : html.index("</form>", html.index('<form id="bring"'))]
    for tag in re.findall(r"<input[^>]*>", form):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if attributes.get("type") in ("radio", "checkbox") and " checked" not in tag:
            continue
        data.setdefault(attributes.get("name"), []).append(attributes.get("value", ""))
    for name, text in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>\n?(.*?)</textarea>', form, re.S):
        data[name] = [text]
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.S):
        data[name] = re.findall(r'value="([^"]*)" selected', options)
    return data


def page(client, draft, **query):
    return client.get(url(draft), query).content.decode()


def bring(client, draft):
    """The page sent as it stands."""
    return client.post(url(draft), posted(page(client, draft)) | {"do": "bring"}, follow=True)


def test_an_old_table_comes_into_this_years_form_as_it_stands(client, draft):
    response = bring(client, draft)
    assert "已带入" in response.content.decode()
    said = table(draft)
    assert said.indicators[4].level1 == "效益指标" and said.indicators[4].name == "单位河长治理成本"
    assert said.indicators[-1].level2 == "服务对象满意度指标" and said.indicators[-1].level1 == "效益指标"
    assert said.key_tasks[0].funding == sample().key_tasks[0].funding
    assert said.overall_goal == sample().overall_goal
    assert said.indicators[3].annual_value == "2026年12月31日前", "no year moves unless it is chosen"


def test_the_mapping_between_editions_is_shown_and_can_be_changed(client, draft):
    html = page(client, draft)
    assert "2023年版" in html and html.count("类别有变化") == 2
    assert "满意度指标 / 服务对象满意度指标 →" in html
    data = posted(html) | {"do": "bring", "level:indicators.4": "产出指标|数量指标"}
    client.post(url(draft), data)
    moved = next(row for row in table(draft).indicators if row.name == "单位河长治理成本")
    assert (moved.level1, moved.level2) == ("产出指标", "数量指标")


def test_nothing_of_the_draft_is_overwritten_unless_chosen():
    draft = drafted(said=factories.table(key_tasks=(factories.task(name="中小河流治理"),)))
    client = client_of(filler_of(draft))
    before = table(draft)
    bring(client, draft)
    after = table(draft)
    assert after.staff_count == before.staff_count and after.overall_goal == before.overall_goal
    assert after.key_tasks[0] == before.key_tasks[0] and len(after.key_tasks) == 4
    data = posted(page(client, draft)) | {"do": "bring", "take:key_tasks.0": TAKE, "take:staff_count": TAKE}
    client.post(url(draft), data)
    assert table(draft).staff_count == 86
    assert table(draft).key_tasks[0].content == sample().key_tasks[0].content
    assert len(table(draft).key_tasks) == 4


def test_a_row_can_be_edited_or_dropped_on_the_way(client, draft):
    data = posted(page(client, draft)) | {"do": "bring", "take:key_tasks.1": KEEP}
    data["text:key_tasks.0:content"] = "治理清溪河。"
    client.post(url(draft), data)
    said = table(draft)
    assert [row.name for row in said.key_tasks] == ["中小河流治理", "防汛抗旱", "节水宣传"]
    assert said.key_tasks[0].content == "治理清溪河。"


def test_years_move_only_where_ticked_and_the_changed_places_are_marked(client, draft):
    html = page(client, draft)
    assert "2026年12月31日 → 2029年12月31日" in html and "<del>" in html
    data = posted(html) | {"years": ["2026年12月31日"], "do": "years"}
    shown = client.post(url(draft), data).content.decode()
    assert "<del>2026年12月31日</del><ins>2029年12月31日</ins>前" in shown
    assert table(draft).indicators == ()
    client.post(url(draft), posted(shown) | {"do": "bring"})
    assert table(draft).indicators[3].annual_value == "2029年12月31日前"


def test_a_text_changed_by_hand_stays_when_years_are_chosen_afterwards(client, draft):
    data = posted(page(client, draft)) | {"years": ["2026年12月31日"], "do": "years"}
    data["text:indicators.3:annual_value"] = "2026年12月31日前试运行"
    shown = client.post(url(draft), data).content.decode()
    assert ">\n2026年12月31日前试运行</textarea>" in shown
    client.post(url(draft), posted(shown) | {"years": [], "do": "bring"})
    assert table(draft).indicators[3].annual_value == "2026年12月31日前试运行"


def test_a_whole_part_is_taken_or_left_without_a_script(client, draft):
    shown = client.post(url(draft), posted(page(client, draft)) | {"all": "keep|绩效指标"}).content.decode()
    client.post(url(draft), posted(shown) | {"do": "bring"})
    assert table(draft).indicators == () and len(table(draft).key_tasks) == 4


def test_another_year_can_be_chosen(client, draft):
    older = factories.cycle(
        draft.department.bureau, year=2023, edition="2023", opens_at="2022-09-01T00:00Z", deadline="2022-12-31T00:00Z"
    )
    past = factories.declaration(
        draft.department, cycle=older, state=State.APPROVED, said=sample("2023", staff_count=70)
    )
    assert "来源：2024年度历史导入的申报表" in page(client, draft)
    html = page(client, draft, **{"from": past.pk})
    assert "来源：2023年度批复表" in html
    client.post(url(draft), posted(html) | {"do": "bring"})
    assert table(draft).staff_count == 70


def test_only_approved_tables_of_the_own_department_and_earlier_years_are_offered():
    draft = drafted(past=False)
    bureau = draft.department.bureau
    last = factories.cycle(bureau, year=2026, opens_at="2025-09-01T00:00Z", deadline="2025-12-31T00:00Z")
    factories.declaration(draft.department, cycle=last, state=State.SUBMITTED)
    factories.declaration(factories.department(bureau), cycle=last, state=State.APPROVED)
    assert "还没有可以复制的往年申报表" in page(client_of(filler_of(draft)), draft)


def test_somebody_who_saved_first_is_told_and_every_choice_is_kept(client, draft):
    data = posted(page(client, draft)) | {"do": "bring", "take:key_tasks.1": KEEP}
    data["text:key_tasks.0:content"] = "治理清溪河。"
    send(client_of(filler_of(draft, name="林一鸣")), draft, fields={"staff_count": "12"})
    response = client.post(url(draft), data)
    html = response.content.decode()
    assert response.status_code == 409 and "林一鸣已于" in html
    assert table(draft).staff_count == 12 and table(draft).key_tasks == ()
    again = posted(html)
    assert again["take:key_tasks.1"] == ["keep"] and again["text:key_tasks.0:content"] == ["治理清溪河。"]
    client.post(url(draft), again | {"do": "bring"})
    assert table(draft).key_tasks[0].content == "治理清溪河。"


def test_a_table_that_was_sent_on_meanwhile_takes_nothing_and_shows_what_was_written(client, draft):
    data = posted(page(client, draft)) | {"do": "bring", "text:key_tasks.0:content": "治理清溪河。"}
    type(draft).objects.filter(pk=draft.pk).update(state=State.CERTIFYING)
    response = client.post(url(draft), data)
    assert response.status_code == 409
    assert "治理清溪河。" in response.content.decode() and "带入草稿" not in response.content.decode()
    assert table(draft).key_tasks == ()


def test_the_whole_copying_is_taken_back_from_the_fill_page(client, draft):
    before = table(draft)
    html = bring(client, draft).content.decode()
    made = Copying.objects.get()
    assert url(draft, "fill_undo", made.pk) in html
    assert "已撤销带入" in client.post(url(draft, "fill_undo", made.pk), follow=True).content.decode()
    assert table(draft) == before
    assert client.post(url(draft, "fill_undo", made.pk), follow=True).status_code == 200
    assert table(draft) == before
    assert "撤销带入" not in client.get(url(draft, "fill")).content.decode()


def test_the_fill_page_says_where_each_value_came_from(client, draft):
    html = bring(client, draft).content.decode()
    said = json.loads(re.search(r'<script id="brought"[^>]*>(.*?)</script>', html)[1])
    assert said["staff_count"] == {"text": "86", "place": "2024年度历史导入的申报表", "original": "86"}
    assert f">{len(said)}</strong> 处带入的内容未确认" in html


def test_values_are_confirmed_by_name_by_section_and_all(client, draft):
    person = filler_of(draft)
    brought(draft, person)
    body = '{"names": ["staff_count", "nothing"]}'
    answer = client.post(url(draft, "fill_confirm"), body, content_type="application/json").json()
    assert answer["confirmed"] == 1
    client.post(url(draft, "fill_confirm"), {"section": "key_tasks"})
    assert not any("key_tasks" in origin.name for origin in fresh(draft).origins.filter(confirmed_at=None))
    client.post(url(draft, "fill_confirm"), {"all": "1"})
    assert not fresh(draft).origins.filter(confirmed_at=None).exists()


@pytest.mark.parametrize("body", [" ", "[]", '{"names": 3}', '{"names": [1]}', "{" * 5000])
def test_a_confirmation_that_no_page_sends_is_refused(client, draft, body):
    assert client.post(url(draft, "fill_confirm"), body, content_type="application/json").status_code == 400


def test_the_last_look_counts_what_is_unconfirmed_and_asks_before_sending():
    draft = drafted(said=factories.table())
    person = filler_of(draft)
    brought(draft, person, actions={"subordinate_unit_count": TAKE})
    client = client_of(person)
    html = client.get(url(draft, "fill_check")).content.decode()
    assert "有 1 处带入的内容未确认" in html and "下属二级单位数" in html
    sending = {"action": "send_to_head", "version": fresh(draft).version}
    response = client.post(url(draft, "fill_check"), sending)
    assert response.status_code == 409 and fresh(draft).state == State.DRAFT
    assert "有 1 处从往年申报表或文件带入的内容还没有确认" in response.content.decode()
    client.post(url(draft, "fill_check"), sending | {"brought": "read"})
    assert fresh(draft).state == State.CERTIFYING
    assert not draft.origins.filter(confirmed_at=None).exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_queries_however_many_rows(rows, django_assert_num_queries):
    said = sample("2023", key_tasks=sample("2023").key_tasks[:1] * rows)
    draft = drafted(past=said)
    client = client_of(filler_of(draft))
    client.get(url(draft))
    with django_assert_num_queries(9):
        client.get(url(draft))


def test_another_departments_filler_finds_nothing(draft):
    made = brought(draft, filler_of(draft))
    other = client_of(factories.person("filler", factories.department(draft.department.bureau)))
    assert other.get(url(draft)).status_code == 404
    assert other.post(url(draft, "fill_undo", made.pk)).status_code == 404
    assert other.post(url(draft, "fill_confirm"), {"all": "1"}).status_code == 404

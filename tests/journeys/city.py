"""A small city for journeys and pictures: a declaration in every state, somebody of each role, a year behind it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.test import Client
from django.utils import timezone

from declarations.models import Declaration, State, User
from declarations.reviewing import workflow
from declarations.sheet.table import Table
from tests import factories

NAMES = ("教育局", "公安局", "水务局", "民政局", "司法局", "生态环境局", "交通运输局", "农业农村局")
STEPS = ("send_to_head", "submit", "pass", "approve")
COMMENT = "“河道巡查次数”的实施周期指标值与年度指标值重复，请按三年周期补充；任务资金请细化到项目。"
TASKS = (
    (
        "义务教育学校运动场地改造",
        "改造12所学校的运动场地和配套照明，消除安全隐患。",
        "286500.00",
        "12所学校改造完成并通过验收。",
    ),
    ("教师业务培训", "分学科组织中小学骨干教师培训和跟岗学习。", "172100.00", "培训骨干教师不少于300人次。"),
    (
        "校园安全巡查",
        "每季度对全部公办学校开展消防、食品和校车安全巡查。",
        "150000.00",
        "全年巡查不少于4轮，问题整改率达到95%以上。",
    ),
    ("招生考试组织", "组织中考、高考和学业水平考试，保障考点运行。", "109960.00", "各类考试平稳有序，无重大差错。"),
)
GOAL = (
    "1、办好公平而有质量的基础教育，完成12所学校运动场地改造，改善办学条件。"
    "2、加强教师队伍建设，全年培训骨干教师不少于300人次，提高课堂教学质量。"
    "3、守牢校园安全底线，每季度巡查一轮，问题按期整改。"
    "4、规范组织各类考试，保障招生工作公开、公平、公正。"
)


@dataclass(frozen=True)
class City:
    """``people`` by role; ``own``: a draft with an error; ``waiting``: for the division; ``back``: returned."""

    people: dict[str, User]
    own: Declaration
    waiting: Declaration
    back: Declaration


def build() -> City:
    days = datetime.timedelta(days=1)
    bureau = factories.bureau(name="云溪市财政局")
    division = factories.division(bureau, name="行政政法科")
    departments = [factories.department(division=division, name=f"云溪市{name}") for name in NAMES]
    past = timezone.now() - 340 * days
    last = factories.cycle(bureau, year=2026, opens_at=past - 60 * days, deadline=past)
    factories.cycle(bureau, year=2027, deadline=timezone.now() + 22 * days)
    for department in departments[:6]:
        factories.declaration(department, cycle=last, state=State.APPROVED, is_imported=True)
    people = people_of(departments[0])
    made = [declare(department, n, people) for n, department in enumerate(departments[:7])]
    return City(people, own=made[0], waiting=made[1], back=made[5])


def people_of(department) -> dict[str, User]:
    names = {
        "filler": ("陈晓云", department),
        "head": ("周建民", department),
        "division": ("李文静", department.division),
        "performance": ("王志强", department.bureau),
        "administrator": ("赵敏", department.bureau),
        "observer": ("孙立", department.bureau),
    }
    return {role: factories.person(role, place, name=name) for role, (name, place) in names.items()}


def declare(department, n: int, people: dict[str, User]) -> Declaration:
    """The first is a draft with an error; the others stand one step further each; the sixth was returned."""
    said = said_of(n)
    declaration = factories.declaration(department, said=said)
    takers = {
        "send_to_head": factories.person("filler", department, name="林一鸣"),
        "submit": factories.person("head", department, name="何志远"),
        "pass": people["division"],
        "approve": people["performance"],
    }
    if n:
        factories.explain(declaration, takers["send_to_head"])
    for action in STEPS[: (0, 2, 3, 4, 1, 2, 2)[n]]:
        workflow.perform_move(declaration.pk, action, takers[action])
    if n == 5:
        workflow.perform_move(declaration.pk, "return", people["division"], comment=COMMENT)
    declaration.refresh_from_db()
    return declaration


def said_of(n: int) -> Table:
    names = ("name", "content", "funding", "expected_outcome")
    tasks = [dict(zip(names, row, strict=True)) for row in TASKS]
    rows = tuple(factories.task(**row | {"funding": Decimal(row["funding"])}) for row in tasks)
    return factories.table(staff_count=None if n == 0 else 33 + n, overall_goal=GOAL, key_tasks=rows)


def sign_in(context, live_server, person: User | None) -> None:
    """Gives a browser the session of somebody, or of nobody.

    The token against forged requests stays: the last requests of a page that is being left would get another one,
    with which the next page could send nothing.
    """
    context.clear_cookies(name="sessionid")
    if person is None:
        return
    client = Client()
    client.force_login(person)
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])

"""Plain functions that make what a test is about, with everything else filled in."""

from __future__ import annotations

import datetime
import itertools
import uuid
from dataclasses import replace
from decimal import Decimal

from django.utils import timezone

from declarations.findings import explanations
from declarations.findings.doubts import doubts_of
from declarations.findings.examination import examine
from declarations.models import (
    Bureau,
    Cycle,
    Declaration,
    Department,
    Division,
    Membership,
    Role,
    ScoreSheet,
    Snapshot,
    State,
    User,
)
from declarations.record import store
from declarations.reviewing import comments, threads
from declarations.reviewing.scoring import score_sheets
from declarations.sheet.criteria import DEFAULT_WEIGHTS
from declarations.sheet.table import IndicatorRow, KeyTaskRow, Table
from indicators import library
from indicators.models import LibraryIndicator, Proposal

counter = itertools.count(1)
PASSWORD = "绩效-Trial-2026"


def bureau(**values) -> Bureau:
    n = next(counter)
    return Bureau.objects.create(**{"code": f"{900000 + n}", "name": f"第{n}市财政局"} | values)


def division(of: Bureau | None = None, **values) -> Division:
    n = next(counter)
    return Division.objects.create(bureau=of or bureau(), **{"code": f"K{n}", "name": f"第{n}科"} | values)


def department(of: Bureau | None = None, **values) -> Department:
    """A department of bureau ``of`` (or of the division's, or of a new one)."""
    n = next(counter)
    home = of or (values["division"].bureau if values.get("division") else bureau())
    return Department.objects.create(bureau=home, **{"code": f"{n:06}", "name": f"第{n}局"} | values)


def cycle(of: Bureau | None = None, **values) -> Cycle:
    """A year that opened a month ago and stays open for three weeks."""
    now = timezone.now()
    days = datetime.timedelta(days=1)
    given = {"year": 2027, "edition": "2026", "opens_at": now - 30 * days, "deadline": now + 21 * days} | values
    return Cycle.objects.create(bureau=of or bureau(), **given)


def user(**values) -> User:
    n = next(counter)
    password = values.pop("password", None)
    person = User(**{"username": f"user{n}", "name": f"用户{n}"} | values)
    if password is None:
        person.set_unusable_password()
    else:
        person.set_password(password)
    person.save()
    return person


def membership(person: User, role: str, place: Bureau | Division | Department, **values) -> Membership:
    given = {type(place).__name__.lower(): place}
    made = Membership.objects.create(user=person, role=role, **given | values)
    person.forget_memberships()
    return made


def person(role: str, place: Bureau | Division | Department, **values) -> User:
    """Somebody with one role: ``person("filler", department)``."""
    someone = user(**values)
    membership(someone, Role(role), place)
    return someone


def superuser(**values) -> User:
    return user(is_superuser=True, is_staff=True, **values)


def table(**values) -> Table:
    """A table that no check objects to, for 2027 in edition 2026."""
    given = {
        "edition": "2026",
        "department": "",
        "year": 2027,
        "staff_count": 33,
        "subordinate_unit_count": 1,
        "basic_expenditure": Decimal("1069.37"),
        "project_expenditure": Decimal("71.86"),
        "fiscal_appropriation": Decimal("1141.23"),
        "other_funds": Decimal("0"),
        "special_funds": Decimal("0"),
        "other_development_expenditure": Decimal("0"),
        "municipal_level_funds": Decimal("0"),
        "transfer_payment_funds": Decimal("0"),
        "overall_goal": GOAL,
        "key_tasks": (task(),),
        "indicators": indicators(),
    }
    return Table(**given | values)


GOAL = (
    "围绕市委、市政府年度中心工作，保障机关正常运转和各项业务有序开展，年底前完成年度巡查、培训和公共服务任务，"
    "规范资金使用，提高预算执行效率，使服务对象的办事体验得到改善。"
)


def task(**values) -> KeyTaskRow:
    given = {
        "name": "河道巡查项目",
        "content": "对城区12条河道开展日常巡查和问题整改。",
        "funding": Decimal("700000.00"),
        "expected_outcome": "全年巡查不少于48次，发现的问题按期整改。",
    }
    return KeyTaskRow(**given | values)


def indicator(**values) -> IndicatorRow:
    given = {
        "level1": "产出指标",
        "level2": "数量指标",
        "name": "河道巡查次数",
        "cycle_value": "≥144次",
        "annual_value": "≥48次",
    }
    return IndicatorRow(**given | values)


def indicators() -> tuple[IndicatorRow, ...]:
    rows = (
        ("产出指标", "数量指标", "河道巡查次数", "≥144次", "≥48次"),
        ("产出指标", "质量指标", "问题整改合格率", "≥97%", "≥95%"),
        ("产出指标", "时效指标", "资金支付及时率", "≥96%", "≥94%"),
        ("效益指标", "成本指标", "单次巡查成本", "≤1.5万元", "≤1.4万元"),
        ("效益指标", "社会效益指标", "水质达标河道占比", "≥92%", "≥90%"),
        ("效益指标", "服务对象满意度指标", "沿河居民满意度", "≥91%", "≥89%"),
    )
    names = ("level1", "level2", "name", "cycle_value", "annual_value")
    return tuple(IndicatorRow(**dict(zip(names, row, strict=True))) for row in rows)


def declaration(of: Department | None = None, *, state: str = State.DRAFT, said: Table | None = None, **values):
    """A declaration of department ``of`` that says ``said`` (default: nothing wrong with it), its tasks `linked`."""
    home = of or department()
    year = (
        values.pop("cycle", None) or Cycle.objects.filter(bureau=home.bureau, year=2027).first() or cycle(home.bureau)
    )
    reported = state not in (State.DRAFT, State.CERTIFYING)
    made = Declaration(department=home, cycle=year, state=state, **{"submissions": int(reported)} | values)
    store.insert_new([(made, linked(said or table()))])
    if state == State.RETURNED:
        freeze(made)
    return made


def explain(declaration: Declaration, by: User | None = None, reason: str = "已核实，与年度工作计划一致。") -> None:
    """Gives every doubt of a declaration the same reason, as its filler would on the page before sending."""
    said = store.table_of(declaration)
    doubts = doubts_of(said, examine(declaration, said).problems, {})
    author = by or person("filler", declaration.department)
    explanations.keep_reasons(declaration, author, {doubt.key: reason for doubt in doubts})


def answer(declaration: Declaration, by: User, text: str = "已按意见核实，情况见附件说明。") -> None:
    """Replies to every comment to which the department still owes something."""
    for thread in threads.threads_due(declaration, store.table_of(declaration)):
        comments.write_reply(by, thread.comment, text)


def score(declaration: Declaration, by: User, **typed: str) -> ScoreSheet:
    """A confirmed sheet with all points, but for those that ``typed`` gives by criterion (and remarks)."""
    full = {name: str(most) for name, most in DEFAULT_WEIGHTS.items()}
    return score_sheets.confirm_sheet(by, declaration, full | typed)


def library_entry(of: Bureau | None = None, **values) -> LibraryIndicator:
    """An entry of the library of bureau ``of``, or one that all bureaus have in common."""
    n = next(counter)
    given = {"name": f"第{n}项巡查次数", "kind": "数量指标", "area": "水务", "unit": "次", "operator": "≥"}
    given |= {
        "usual_value": "48",
        "definition": "年度内完成的巡查次数。",
        "formula": "各次巡查之和",
        "data_source": "巡查记录",
    }
    return library.create(of.code if of else "", given | values, None, "新增")


def proposal(of: Department, **values) -> Proposal:
    """Somebody of department ``of`` proposes an indicator, and waits."""
    n = next(counter)
    given = {"name": f"第{n}项修复面积", "kind": "数量指标", "area": "水务", "why": "多个单位都用得上。"} | values
    by = given.pop("proposed_by", None) or person("filler", of)
    return Proposal.objects.create(bureau_code=of.bureau.code, department=of.name, proposed_by=by, **given)


def linked(said: Table) -> Table:
    """The same table with its first indicator linked to every task; one whose rows have identities stays as it is."""
    if not said.indicators or any(row.id for row in (*said.key_tasks, *said.indicators)):
        return said
    tasks = tuple(replace(row, id=str(uuid.uuid4())) for row in said.key_tasks)
    first, *others = said.indicators
    return replace(said, key_tasks=tasks, indicators=(replace(first, tasks=tuple(row.id for row in tasks)), *others))


def freeze(declaration: Declaration) -> Snapshot:
    """The snapshot that the move to its present state would have left."""
    said = store.table_of(declaration)
    snapshot = Snapshot.following(
        declaration.snapshots.order_by("-number").first(),
        declaration=declaration,
        state=declaration.state,
        content=said.to_json(),
        row_ids=store.row_identities(said),
    )
    snapshot.save()
    return snapshot

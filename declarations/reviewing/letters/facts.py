"""What is true of a decision of the bureau, read from the record: the event, the version it froze, its comments."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from decimal import Decimal

from django.db.models import Count, DateTimeField, IntegerField, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from declarations.files.documents.letter import LetterGrid, Paragraph
from declarations.models import Action, Bureau, Comment, Cycle, Event, Resolution, Round, Snapshot, scope_of
from declarations.people.moves import LETTERS
from declarations.record import store
from declarations.reviewing.letters.composing import Facts
from declarations.reviewing.letters.wording import APPROVALS, MARKS, OPINIONS
from declarations.reviewing.scoring.score import ScoreResult, results_at
from declarations.sheet.criteria import WHOLE
from declarations.sheet.table import Table
from declarations.sheet.units import grouped_amount, shorten_text

LONGEST_QUOTE = 60
ASKED_AGAIN = "（再次提出）"


def decisions_readable_by(user) -> QuerySet:
    """The returns and approvals of which this person may have the letter: the department's own people, the bureau's.

    Those who were only given to read get none, for a letter tells the comments.
    """
    mine = scope_of(user).assigned("declaration__department__")
    return Event.objects.visible_to(user).filter(mine, action__in=LETTERS, declaration__is_imported=False)


def with_facts(events: QuerySet) -> QuerySet:
    """With all that `facts_of_each` reads, in three queries however many there are."""
    submitted = Event.objects.filter(
        declaration=OuterRef("declaration"), action=Action.SUBMIT, created_at__lte=OuterRef("created_at")
    ).order_by()
    last = submitted.order_by("-created_at", "-pk").values("created_at")[:1]
    times = submitted.values("declaration").annotate(n=Count("pk")).values("n")
    asked_again = Resolution.objects.filter(kind=Resolution.Kind.ASKED).select_related("comment").order_by("comment")
    related = ("declaration__department__bureau", "declaration__cycle", "snapshot", "actor")
    return (
        events.select_related(*related)
        .annotate(
            submitted_at=Subquery(last, output_field=DateTimeField()),
            submission=Coalesce(Subquery(times, output_field=IntegerField()), 0),
        )
        .prefetch_related(
            Prefetch("comments", Comment.objects.filter(parent=None).order_by("created_at", "pk"), to_attr="asks"),
            Prefetch("asked_again", asked_again, to_attr="asks_again"),
        )
    )


def facts_of_each(events: Iterable[Event]) -> list[Facts]:
    """Of events that came through `with_facts`; two queries more for their scores."""
    rows = list(events)
    results = results_at((event.declaration, event.submission) for event in rows)
    return [_facts(event, results[event.declaration_id, event.submission]) for event in rows]


def _facts(event: Event, result: ScoreResult) -> Facts:
    opinions = list(opinions_of(event))
    words = _words_of_decision(event) | _words_of_table(event.snapshot)
    words |= {"总体意见": _overall(event), "意见条数": str(len(opinions)) if opinions else ""}
    words |= {"得分": str(result.total), "等级": result.grade.label} if result.counting else {"得分": "", "等级": ""}
    blocks = {
        OPINIONS: tuple(Paragraph(f"{i}．{text}") for i, text in enumerate(opinions, 1)),
        MARKS: (_marks(result),) if result.counting else (),
    }
    return Facts(words, blocks, date=in_words(event.created_at), foot=_foot(event.snapshot))


def _marks(result: ScoreResult) -> LetterGrid:
    """The dimensions of the review sheet with their points, and all of them together."""
    rows = [(part.dimension.label, str(part.most), str(part.mark), "；".join(part.remarks)) for part in result.parts]
    rows.append(("合计", str(WHOLE), str(result.total), result.grade.label))
    return LetterGrid(("评分维度", "满分", "得分", "评语"), tuple(rows), (16, 10, 12, 52), frozenset({1, 2}))


def _words_of_decision(event: Event) -> dict[str, str]:
    declaration = event.declaration
    cycle = declaration.cycle
    return {
        "部门": declaration.department.name,
        "年度": str(cycle.year),
        "轮次": Round(declaration.round).label,
        "报送次数": str(event.submission or ""),
        "报送日期": in_words(event.submitted_at) if event.submitted_at else "",
        "财政局": declaration.department.bureau.name,
        "办理日期": in_words(event.created_at),
        "办理人": str(event.actor or ""),
        "修改期限": in_words(cycle.deadline) if cycle.deadline > event.created_at else "",
    }


def _words_of_table(snapshot: Snapshot | None) -> dict[str, str]:
    """Amounts in 万元 as the table holds them."""
    if snapshot is None:
        return {}
    table = store.frozen_table(snapshot)
    return {
        "版本": str(snapshot.number),
        "校验码": snapshot.code,
        "支出合计": amount_in_words(total_expenditure(table)),
        "基本支出": amount_in_words(table.basic_expenditure),
        "项目支出": amount_in_words(table.project_expenditure),
        "任务数": str(len(table.key_tasks)),
        "指标数": str(len(table.indicators)),
    }


def opinions_of(event: Event) -> Iterator[str]:
    """What the department was asked for, in the order in which it was written; what was asked before is named so."""
    for asked in event.asks_again:
        yield ASKED_AGAIN + opinion_of(asked.comment)
    yield from map(opinion_of, event.asks)


def opinion_of(comment: Comment) -> str:
    quoted = f"（原文：{shorten_text(comment.quoted, LONGEST_QUOTE)}）" if comment.quoted else ""
    return f"【{comment.get_code_display()}】{comment.label}{quoted}：{comment.text}"


def _overall(event: Event) -> str:
    """What was written with the decision, unless it stands among the comments already."""
    return "" if any(comment.text == event.comment for comment in event.asks) else event.comment


def total_expenditure(table: Table) -> Decimal | None:
    """部门预算支出, in 万元; None where neither part is filled in."""
    parts = [part for part in (table.basic_expenditure, table.project_expenditure) if part is not None]
    return sum(parts, Decimal()) if parts else None


def amount_in_words(value: Decimal | None) -> str:
    return "" if value is None else grouped_amount(value)


def in_words(moment: datetime.datetime) -> str:
    """The day of a moment, as an official document writes it (GB/T 9704—2012, 7.3.5.4)."""
    day = timezone.localtime(moment)
    return f"{day.year}年{day.month}月{day.day}日"


def _foot(snapshot: Snapshot | None) -> str:
    if snapshot is None:
        return ""
    return f"所依据的申报表：第{snapshot.number}版　校验码 {snapshot.code}"


# --- the list of a year ------------------------------------------------------------------------

HEAD = ("序号", "部门", "部门预算支出（万元）", "项目支出（万元）", "批复日期", "版本", "校验码")
WIDTHS = (5, 24, 15, 14, 15, 6, 15)
NUMERIC = frozenset({2, 3})


def approvals_of(user, cycle: Cycle) -> QuerySet:
    """The approvals of a year that stand, one a department, by name."""
    found = decisions_readable_by(user).filter(action=Action.APPROVE, declaration__cycle=cycle)
    last = found.order_by("declaration_id", "-created_at", "-pk").distinct("declaration_id").values("pk")
    related = ("declaration__department", "snapshot")
    return Event.objects.filter(pk__in=last).select_related(*related).order_by("declaration__department__pinyin", "pk")


def facts_of_list(bureau: Bureau, cycle: Cycle, events: Iterable[Event], now: datetime.datetime) -> Facts:
    rows, sums = [], []
    for number, event in enumerate(events, 1):
        table = Table.from_json(event.snapshot.content)
        sums.append(total_expenditure(table) or Decimal())
        rows.append(_row(number, event, table))
    words = {
        "年度": str(cycle.year),
        "财政局": bureau.name,
        "部门数": str(len(rows)),
        "支出合计": amount_in_words(sum(sums, Decimal())),
        "办理日期": in_words(now),
    }
    return Facts(words, {APPROVALS: (LetterGrid(HEAD, tuple(rows), WIDTHS, NUMERIC),)}, date=in_words(now))


def _row(number: int, event: Event, table: Table) -> tuple[str, ...]:
    day, code = in_words(event.created_at), event.snapshot.code
    figures = amount_in_words(total_expenditure(table)), amount_in_words(table.project_expenditure)
    return (str(number), event.declaration.department.name, *figures, day, str(event.snapshot.number), code)

"""A declaration under review with the people who score it, and sheets with a given total."""

from __future__ import annotations

import datetime
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone

from declarations.models import Event, Scorers, ScoreSetting, ScoreSheet
from declarations.people import invitations
from declarations.reviewing.scoring import score_settings, score_sheets
from declarations.reviewing.workflow import perform_move
from declarations.sheet.criteria import DEFAULT_WEIGHTS
from tests import factories

DAY = datetime.timedelta(days=1)


def marks_of(total: str | Decimal) -> dict[str, str]:
    """Marks as typed that add up to a total: each criterion is filled up in turn."""
    rest, marks = Decimal(total), {}
    for name, most in DEFAULT_WEIGHTS.items():
        marks[name] = str(min(rest, Decimal(most)))
        rest -= Decimal(marks[name])
    return marks


class Review:
    """A declaration that was submitted in the ordinary way, and the people around it."""

    def __init__(self, bureau=None):
        self.department = factories.department(division=factories.division(bureau))
        self.bureau = self.department.bureau
        self.declaration = factories.declaration(self.department)
        self.cycle = self.declaration.cycle
        places = {
            "filler": self.department,
            "head": self.department,
            "division": self.department.division,
            "colleague": self.department.division,
            "performance": self.bureau,
            "administrator": self.bureau,
            "observer": self.bureau,
        }
        roles = {"colleague": "division"}
        self.people = {name: factories.person(roles.get(name, name), place) for name, place in places.items()}
        self.people["expert"] = factories.user()
        self.submit()

    def take(self, action, name, **values) -> Event:
        event = perform_move(self.declaration.pk, action, self.people[name], **values)
        self.declaration.refresh_from_db()
        return event

    def submit(self) -> None:
        self.take("send_to_head", "filler")
        self.take("submit", "head")

    def to(self, state: str) -> None:
        """From submitted on to another state, in the ordinary way."""
        steps = {"returned": [("return", "division")], "reviewed": [("pass", "division")]}
        steps["approved"] = [*steps["reviewed"], ("approve", "performance")]
        steps["draft"] = [("withdraw", "head")]
        steps["certifying"] = [*steps["draft"], ("send_to_head", "filler")]
        for action, name in steps.get(state, []):
            self.take(action, name, comment="请细化。" if action == "return" else "")

    def come_back(self, name="division") -> None:
        """Returned, answered and submitted once more; the comment of the return is settled."""
        self.take("return", name, comment="请细化指标。")
        factories.answer(self.declaration, self.people["filler"])
        self.submit()
        for comment in self.declaration.comments.filter(parent__isnull=True):
            comment.resolutions.create(kind="resolved", author=self.people["division"])

    def score(self, total="86", name="division", **remarks) -> ScoreSheet:
        return score_sheets.confirm_sheet(self.people[name], self.declaration, marks_of(total) | remarks)

    def rescore(self, total, name="division") -> ScoreSheet:
        """Scores, or corrects what was scored."""
        kept = score_sheets.own_sheet(self.people[name], self.declaration)
        if kept and kept.is_confirmed:
            score_sheets.correct_sheet(self.people[name], self.declaration, "核对后更正")
        return self.score(total, name)

    def set(self, name="performance", **values) -> None:
        now = score_settings.standing_settings(self.cycle)
        kept = {key: getattr(now, key) for key in ScoreSetting.VALUES}
        score_settings.change_settings(self.cycle, self.people[name], "按今年的办法", seen=now.pk, **kept | values)

    def ask_for_two(self) -> None:
        self.set(scorers=Scorers.TWO)

    def invite(self, name="expert", **values):
        now = timezone.now()
        given = {"starts_at": now - DAY, "until": now + DAY, "reason": "第三方评审"} | values
        made = invitations.invite_person(
            self.people["performance"], self.people[name], self.cycle, [self.department], **given
        )
        self.people[name].refresh_from_db()
        return made[0]

    def end(self, invitation) -> None:
        invitations.end_invitation(self.people["performance"], invitation)
        self.people["expert"].refresh_from_db()

    def url(self, name="detail") -> str:
        return reverse(f"declarations:{name}", args=[self.declaration.pk])

    def page(self, client, name, url="") -> str:
        client.force_login(self.people[name])
        return client.get(url or self.url()).content.decode()

    def post(self, client, name, url="", **data):
        client.force_login(self.people[name])
        return client.post(url or self.url("score"), data)

"""Why a move did not happen, in words for the person who wanted it."""

from __future__ import annotations

from declarations.findings.doubts import Doubt
from declarations.people.refusals import MoveRefused
from declarations.reviewing.threads import Thread
from declarations.sheet.problems import Problem, blocking_problems


class Blocked(MoveRefused):
    """Findings of severity E stand against it: ``problems``, all that were found."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        count = len(blocking_problems(problems))
        super().__init__("blocked", f"有 {count} 处错误，改正后才能报送。", "请按检查提示逐处改正。")


class Unexplained(MoveRefused):
    """Doubts were neither mended nor explained: ``doubts``, all of those."""

    def __init__(self, doubts: list[Doubt]) -> None:
        self.doubts = doubts
        message = f"还有 {len(doubts)} 处疑点没有改正，也没有说明理由。"
        hint = "请逐处改正，或者写明不改的理由，同一类的疑点可以共用一条；已经写好的说明都保留着。"
        super().__init__("reasons", message, hint)


class Unanswered(MoveRefused):
    """Comments of the review have neither a change nor a reply: ``threads``, all of those."""

    def __init__(self, threads: list[Thread]) -> None:
        self.threads = threads
        message = f"还有 {len(threads)} 条审核意见既没有修改，也没有答复。"
        super().__init__("unanswered", message, "请按意见逐条修改，或者写明答复。")

"""What is done to a declaration, by the names under which the record keeps it."""

from __future__ import annotations

from django.db import models


class Action(models.TextChoices):
    """The moves of `declarations.people.moves`, and what an import does."""

    SEND_TO_HEAD = "send_to_head", "送部门审定"
    SEND_BACK = "send_back", "退回填报人"
    SUBMIT = "submit", "报送"
    WITHDRAW = "withdraw", "撤回"
    PASS = "pass", "初审通过"
    RETURN = "return", "退回修改"
    APPROVE = "approve", "批复"
    ADJUST = "adjust", "调整"
    SECOND_ROUND = "second_round", "转入二上"
    IMPORT = "import", "导入"
    UNDO_IMPORT = "undo_import", "撤销导入"

    @property
    def is_of_import(self) -> bool:
        """Whether an import does it, and no move."""
        return self in (Action.IMPORT, Action.UNDO_IMPORT)

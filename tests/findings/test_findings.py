"""What is said beside a field leaves out the place, and still reads as a sentence."""

from __future__ import annotations

import pytest

from declarations.findings.listing import ListedFinding
from declarations.sheet.problems import Problem, Severity


@pytest.mark.parametrize(
    ("message", "where", "short"),
    [
        ("项目支出：未填写", "项目支出", "未填写"),
        ("任务第1项的期望达到的目标中的“12所”没有指标承接", "任务第1项的期望达到的目标", "“12所”没有指标承接"),
        ("重点任务第5项“泵站”安排了资金，但没有指标", "重点任务第5项“泵站”的名称", "安排了资金，但没有指标"),
        ("绩效指标第3项与第2项的名称相同", "绩效指标第3项的三级指标", "与第2项的名称相同"),
        ("总体绩效目标、任务和指标的文字与上年相同", "总体绩效目标", "总体绩效目标、任务和指标的文字与上年相同"),
        ("项目支出 3 万元，上年 2 万元", "项目支出", "项目支出 3 万元，上年 2 万元"),
    ],
)
def test_the_short_words_begin_where_the_place_ends(message, where, short):
    assert ListedFinding(Problem("", Severity.WARNING, message), where, "").short == short

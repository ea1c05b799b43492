"""Which indicator measures which task: by the links of the form, and where there are none by figures and words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from declarations.checks.promises import Figure, Promise, is_carried, pairs_of
from declarations.sheet.table import IndicatorRow, KeyTaskRow, Table
from indicators.value_grammar import words_of

GENERAL = re.compile(
    "|".join(
        words_of(r"""
        年度 20\d\d年? 本年 全年 全市 我市 市级 市本级 工作 项目 任务 经费 资金 专项 开展 实施 推进 推动 加强
        做好 保障
        完成 办公 机关 单位 保障性 支持 扶持 购买 采购 购置 落实 提升 提高 促进 强化 深化 优化 完善 健全 建设
        管理 服务 活动 工程 体系 机制 制度 能力 水平
        日常 运转 运行
        正常 企业 群众 各项 其他 相关 有关 支出 费用 补助 补贴 行动 计划 事业 发展 数量 数 次数 人数 人次 场次
        户数 面积 比例
        占比 及时率 完成率 合格率 覆盖率 达标率 满意度 及时性 率 和 及 与 的 等 情况 时间
        """)
    )
)
"""What is said of any task and measures none of them."""
COVERING = 0.33
"""The part of the words of an indicator that a task must speak of for the indicator to measure it."""


ONE_MATTER = 7
"""Pairs of characters up to which the name of a department speaks of one matter: 云溪市统计局."""


@lru_cache(maxsize=4096)
def special_pairs(text: str) -> frozenset[str]:
    """Return the pairs of characters of a text that are its own, without what is said of any task."""
    parts = GENERAL.split(text[:200])
    return frozenset(pair for part in parts for pair in pairs_of(part))


def can_tell_links(table: Table) -> bool:
    """Whether it can be said which task has no indicator: by links, or by names on both sides with their own words."""
    if any(row.tasks for row in table.indicators):
        return True
    if not any(row.name.strip() and special_pairs(row.name) for row in table.indicators):
        return False
    return any(special_pairs(task.name) for task in table.key_tasks if task.funding)


def measures_by_words(task: KeyTaskRow, measured: Iterable[frozenset[str]], department: str = "") -> bool:
    """Return whether an indicator shares words with the task's name, or has its words in the task's texts.

    ``measured`` holds the special pairs of each indicator's name. The word of a department of one matter
    (统计局: 统计) is in all that it does and tells nothing.
    """
    of_all = special_pairs(department)
    own = special_pairs(task.name) - (of_all if len(of_all) <= ONE_MATTER else frozenset())
    if any(not own.isdisjoint(pairs) for pairs in measured):
        return True
    said = own | special_pairs(task.content) | special_pairs(task.expected_outcome)
    return any(len(pairs & said) >= COVERING * len(pairs) for pairs in measured if pairs)


def unmeasured_tasks(
    table: Table,
    funded: list[int],
    rows: list[IndicatorRow],
    carried: Mapping[Figure, list[str]],
    promised: list[list[Promise]],
) -> list[int]:
    """Return which of the funded tasks no indicator measures, as far as links, figures and words tell.

    ``carried`` holds the figures of the indicators, ``promised`` those of each task's outcome. A task whose words
    are all general (日常运转) is not judged by words.
    """
    linked = {key for row in rows for key in row.tasks}
    measured = [] if linked else [special_pairs(row.name) for row in rows]
    unmeasured = []
    for i in funded:
        task = table.key_tasks[i]
        if task.id in linked or (not linked and not special_pairs(task.name)):
            continue
        if not linked and measures_by_words(task, measured, table.department):
            continue
        if not any(is_carried(promise, carried) for promise in promised[i]):
            unmeasured.append(i)
    return unmeasured

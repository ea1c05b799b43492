"""Labels as offices print them, and how two of them are compared."""

from __future__ import annotations

import re
import unicodedata

from declarations.sheet.units import Unit

UNIT_IN_LABEL = re.compile(r"\((?:金额)?(?:单位)?:?(万元|元)\)|(?:金额)?单位:(万元|元)$")

VARIANTS: dict[str, tuple[str, ...]] = {
    "department": ("部门(单位)名称", "单位名称", "部门"),
    "staff_count": ("财政供养人数", "财政供养人员", "财政供养人员总数"),
    "subordinate_unit_count": ("下属二级单位个数", "下属单位数", "二级单位数", "下属二级单位数量"),
    "fiscal_appropriation": ("财政拨款收入",),
    "other_funds": ("其他资金收入", "其他收入"),
    "special_funds": ("财政专项",),
    "municipal_level_funds": ("本级使用资金", "市级使用资金", "省本级使用资金", "县本级使用资金", "区本级使用资金"),
    "transfer_payment_funds": (
        "拟用于对下转移支付资金",
        "拟用于向下转移支付资金",
        "用于对下转移支付资金",
        "用于向下转移支付资金",
        "对下转移支付资金",
        "向下转移支付资金",
    ),
    "overall_goal": ("整体绩效目标", "部门总体绩效目标", "年度总体绩效目标", "总体目标"),
    "key_tasks": ("年度主要任务", "年度重点任务", "重点工作任务"),
    "optional_tasks": ("其他需完成的任务", "其他需完成的任务(可选项)", "其他需完成的任务(可选填)", "其他任务"),
    "indicators": ("年度绩效指标", "绩效目标指标"),
    "name": ("任务名称", "工作任务名称", "重点工作任务名称", "指标名称"),
    "content": ("主要内容", "实施内容", "工作内容"),
    "funding": ("拟投入资金", "投入资金", "拟投入资金金额", "资金"),
    "expected_outcome": ("期望达到的目标", "预期目标", "期望目标", "期望达到的目标概述"),
    "cycle_value": ("实施周期目标值",),
    "annual_value": ("年度目标值", "目标值", "年度指标值", "指标值"),
}
"""Spellings seen in real files, by the field (or grid) they stand for; every edition knows them all."""


def label_key(text: object) -> str:
    """A label as it is compared: full-width forms folded, no white space, no unit, no closing colon."""
    return UNIT_IN_LABEL.sub("", fold_text(text)).rstrip(":")


def fold_text(text: object) -> str:
    return re.sub(r"[\s\u200b\ufeff]", "", unicodedata.normalize("NFKC", str(text)))


def unit_in(text: object) -> Unit | None:
    """The unit that a label names: ``预算金额（万元）`` is 万元; None where it names none."""
    match = UNIT_IN_LABEL.search(fold_text(text))
    return Unit(match[1] or match[2]) if match else None

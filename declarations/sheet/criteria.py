"""The review sheet: four dimensions, eight criteria, what their marks mean, and what a total leads to.

After 财预〔2015〕88号 (中央部门预算绩效目标管理办法), annexed 绩效目标审核表. Marks are Decimal, in points of 100.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

WHOLE = 100
QUANTUM = Decimal("0.01")


@dataclass(frozen=True)
class Criterion:
    """``name``: the column that keeps its mark; ``most``: points by default; ``full``, ``half``: marks in words."""

    name: str
    label: str
    most: int
    full: str
    half: str


@dataclass(frozen=True)
class Dimension:
    name: str
    label: str
    criteria: tuple[Criterion, ...]

    @property
    def remark(self) -> str:
        """The column that keeps its remark."""
        return f"{self.name}_remark"


DIMENSIONS = (
    Dimension(
        "completeness",
        "完整性",
        (
            Criterion(
                "norm",
                "规范完整性",
                10,
                "格式规范，内容完整、准确、详实，没有缺项、错项。",
                "主要内容已填，有个别缺项、错项或表述不规范。",
            ),
            Criterion(
                "clarity",
                "明确清晰性",
                10,
                "目标明确、清晰，能反映主要工作，产出和效果说得充分、恰当。",
                "能看出主要工作，产出和效果说得笼统。",
            ),
        ),
    ),
    Dimension(
        "relevance",
        "相关性",
        (
            Criterion(
                "alignment",
                "目标相关性",
                15,
                "符合法规、规划和年度部署，与部门职能、任务密切相关。",
                "与职能、任务基本相关，有的任务或指标联系不清。",
            ),
            Criterion(
                "measures",
                "指标科学性",
                15,
                "指标全面、充分、细化、量化，选取了关键指标并有明确的指标值。",
                "有关键指标，但量化不足、归类不准或难以衡量。",
            ),
        ),
    ),
    Dimension(
        "appropriateness",
        "适当性",
        (
            Criterion(
                "reasonableness",
                "绩效合理性",
                15,
                "预期绩效显著，符合行业正常水平，与上年和同类部门相比合理。",
                "预期绩效一般，有的指标值偏高或偏低，依据不足。",
            ),
            Criterion(
                "funding_match",
                "资金匹配性",
                15,
                "目标与资金量、支出内容匹配，既不过高也不过低。",
                "大体匹配，有的任务资金与内容、目标不相称。",
            ),
        ),
    ),
    Dimension(
        "feasibility",
        "可行性",
        (
            Criterion(
                "attainability",
                "实现可能性",
                10,
                "经过充分论证和合理测算，措施切实可行，能够如期实现。",
                "有措施和测算，但论证不够，能否如期实现不确定。",
            ),
            Criterion(
                "conditions",
                "条件充分性",
                10,
                "实施方案合理，组织能力和条件充分，内部管理制度健全。",
                "基本具备条件，方案或管理制度有欠缺。",
            ),
        ),
    ),
)
CRITERIA = {criterion.name: criterion for dimension in DIMENSIONS for criterion in dimension.criteria}
REMARKS = tuple(dimension.remark for dimension in DIMENSIONS)
DEFAULT_WEIGHTS = {name: criterion.most for name, criterion in CRITERIA.items()}

BEARING = {
    "completeness": "B06 F01 F03 F04 F05 Y01 T01 V01 V02 V03 V04 V05 V13 V16 T09 W01 W02 W03 S01",
    "relevance": "C01 T02 T03 T04 T05 T06 T07 T08 V06 V09 V10 V11 V14 L01 L02 T10 T11 V15 V17 V18 L06",
    "appropriateness": "B01 B02 B03 B04 B05 B07 B08 B09 V12 L04 L05",
    "feasibility": "Y02 V07 V08",
}
"""The codes of the checks whose findings bear on each dimension: each code of the catalogue exactly once.

A check whose reason names a criterion of the sheet stands under that; the others where they fit best.
"""
DIMENSION_OF = {code: name for name, codes in BEARING.items() for code in codes.split()}
REASONS = {
    "completeness": "incomplete no_output no_benefit no_satisfaction wording",
    "relevance": "vague unrelated value class",
    "appropriateness": "funding",
    "feasibility": "",
}
"""The coded reasons of comments (`models.Code`) that bear on each dimension; 其他 bears on none."""
DIMENSION_OF_REASON = {code: name for name, codes in REASONS.items() for code in codes.split()}


class Grade(StrEnum):
    """``label`` as printed, ``least`` the total from which it is given, ``consequence`` as the regulation has it."""

    EXCELLENT = "excellent", "优", 90, "进入下一步预算安排流程。"
    GOOD = "good", "良", 80, "修改完善后进入下一步：退回后部门已修改重新报送、审核意见全部解决的，才能审核通过。"
    FAIR = "fair", "中", 60, "不能审核通过，须退回修改，重新报送审核。"
    POOR = "poor", "差", 0, "不得进入下一步预算安排流程，只能退回。"

    label: str
    least: int
    consequence: str

    def __new__(cls, value: str, label: str, least: int, consequence: str) -> Grade:
        grade = str.__new__(cls, value)
        grade._value_ = value
        grade.label, grade.least, grade.consequence = label, least, consequence
        return grade


def grade_of(total: Decimal) -> Grade:
    """The grade of a total of 0 to 100 points: a boundary belongs to the better grade (90 is 优, 89.99 is 良)."""
    return next(grade for grade in Grade if total >= grade.least)


def mean_points(marks: list[Decimal]) -> Decimal:
    """The average to 0.01 points, half a hundredth up; of at least one mark."""
    return (sum(marks, Decimal(0)) / len(marks)).quantize(QUANTUM, ROUND_HALF_UP)


def most_of(dimension: Dimension, weights: Mapping[str, int]) -> int:
    """The points that a dimension can bring."""
    return sum(weights[criterion.name] for criterion in dimension.criteria)

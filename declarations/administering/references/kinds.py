"""The lists there are: what each is for, its columns as people fill them in, and the resource that knows it."""

from __future__ import annotations

from dataclasses import dataclass

from declarations.administering.references.base import PlannedReference
from declarations.administering.references.figures import PlannedControlFigures
from declarations.administering.references.library import PlannedLibrary
from declarations.administering.references.organisation import PlannedDepartments, PlannedDivisions
from declarations.administering.references.people import PlannedPeople
from declarations.administering.resources.control_figures import LABELS
from declarations.models import ListKind, Role
from declarations.sheet.official.fields import AMOUNTS
from indicators.areas import AREAS
from indicators.models import INDICATOR_KINDS, OPERATORS

YES_NO = ("是", "否")


@dataclass(frozen=True)
class ListingColumn:
    """``choices``: what may stand in it, offered as a list in the template."""

    label: str
    rule: str
    example: str
    width: int = 16
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Listing:
    """One list. ``about``: what it is, ``key``: by what a row is recognised, both in words."""

    kind: ListKind
    resource: type[PlannedReference]
    about: str
    key: str
    columns: tuple[ListingColumn, ...]

    @property
    def label(self) -> str:
        return self.kind.label

    @property
    def labels(self) -> tuple[str, ...]:
        """The columns in their order, as a row of `Line.cells` has them."""
        return self.resource.columns

    def demands(self, label: str) -> bool:
        return label in self.resource.demanded

    @property
    def described(self) -> list[tuple[ListingColumn, bool]]:
        """Each column, and whether a file has to have it."""
        return [(column, self.demands(column.label)) for column in self.columns]


DEPARTMENTS = Listing(
    ListKind.DEPARTMENTS,
    PlannedDepartments,
    "申报的部门和下属单位，以及负责初审的科室。",
    "按部门代码识别：代码已有的是修改，没有的是新增。",
    (
        ListingColumn("部门代码", "本财政局内不重复", "101001", 16),
        ListingColumn("部门名称", "单位全称，本财政局内不重复", "云溪市水务局", 36),
        ListingColumn("曾用名", "多个用顿号分开；导入申报表时也按它认部门", "水利局、水利水电局", 28),
        ListingColumn("上级部门代码", "下属单位填，已有的或写在前面行的部门", "101", 18),
        ListingColumn("资金主管科室代码", "已有的科室", "07", 20),
        ListingColumn("在用", "停用的部门不再申报，往年资料保留", "是", 10, YES_NO),
    ),
)
DIVISIONS = Listing(
    ListKind.DIVISIONS,
    PlannedDivisions,
    "财政局负责初审的资金主管科室。",
    "按科室代码识别。",
    (
        ListingColumn("科室代码", "本财政局内不重复", "07", 16),
        ListingColumn("科室名称", "本财政局内不重复", "农业农村科", 30),
    ),
)
PEOPLE = Listing(
    ListKind.PEOPLE,
    PlannedPeople,
    "账号和角色，一人有几个角色就写几行。",
    "按用户名、角色和所属识别；用户名没有的，建立新账号。",
    (
        ListingColumn("用户名", "登录用，不分大小写；全系统不重复", "wangmin", 18),
        ListingColumn("姓名", "同一用户名的各行要一致", "王敏", 14),
        ListingColumn("邮箱", "可不填", "wangmin@example.cn", 26),
        ListingColumn("角色", "从下拉列表选", Role.FILLER.label, 22, tuple(Role.labels)),
        ListingColumn(
            "部门/科室代码", "填报人、部门审核人填部门，资金主管科室审核员填科室，全局的角色留空", "101001", 18
        ),
        ListingColumn("生效日期", "留空为导入当天", "2026-11-01", 14),
        ListingColumn("失效日期", "留空为长期有效", "2027-12-31", 14),
    ),
)
LIBRARY = Listing(
    ListKind.LIBRARY,
    PlannedLibrary,
    "填报时可选用的指标。",
    "按指标名称识别；改动通用指标，成为本财政局自己的一条。",
    (
        ListingColumn("功能领域", "从下拉列表选", "水务", 16, tuple(AREAS)),
        ListingColumn(
            "二级指标", "从下拉列表选", str(INDICATOR_KINDS[0]), 20, tuple(str(kind) for kind in INDICATOR_KINDS)
        ),
        ListingColumn("指标名称", "不重复", "河道巡查次数", 30),
        ListingColumn("计量单位", "可不填", "次", 12),
        ListingColumn("常用符号", "可不填", OPERATORS[0], 12, tuple(OPERATORS)),
        ListingColumn("参考指标值", "不含符号和单位", "48", 14),
        ListingColumn("指标解释", "可不填", "年度内完成的巡查次数。", 36),
        ListingColumn("计算公式", "可不填", "各次巡查之和", 30),
        ListingColumn("数据来源", "可不填", "巡查记录", 20),
        ListingColumn("其他叫法", "多个用顿号分开，查找时也认得", "巡河次数", 20),
        ListingColumn("在用", "停用的不再供选用", "是", 10, YES_NO),
    ),
)
CONTROL_FIGURES = Listing(
    ListKind.CONTROL_FIGURES,
    PlannedControlFigures,
    "二上时下达的控制数，申报表据此核对。",
    "按申报年度和部门代码识别。",
    (
        ListingColumn("申报年度", "已建立的年度", "2027", 12),
        ListingColumn("部门代码", "已有的部门", "101001", 16),
        ListingColumn("部门名称", "可不填；填了就与代码核对", "云溪市水务局", 30),
        *(ListingColumn(LABELS[name], "没有下达的留空", "1069.37", 24) for name in AMOUNTS),
    ),
)
LISTINGS: dict[str, Listing] = {
    listing.kind.value: listing for listing in (DEPARTMENTS, DIVISIONS, PEOPLE, LIBRARY, CONTROL_FIGURES)
}

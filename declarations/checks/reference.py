"""The catalogue as a page for people: ``python -m declarations.checks.reference > docs/checks.md``."""

from __future__ import annotations

from declarations.checks import Check
from declarations.checks.catalogue import Parameter, in_code_order

HEAD = """\
# 检查目录

<!-- Made from the catalogue by `python -m declarations.checks.reference > docs/checks.md`; do not edit by hand. -->

填报时、审核时、导入预览和命令行用的是同一套检查。代码固定不变，不会改作他用。

- **E 错误**：不影响保存，但报送前必须改正。导入的往年申报表不受限制，E 按 W 显示。
- **W 疑点**：须改正，或者说明理由。
- **I 提示**：供参考。

缺少所需资料时，该项检查列为“未检查”，不算通过。参数可按年度调整。
"""


def reference_page() -> str:
    """The whole page in Markdown."""
    checks = in_code_order()
    rows = [
        f"| {check.code} | {check.severity.value} {check.severity.label} | {check.title} | {check.reason} |"
        for check in checks
    ]
    table = ["| 代码 | 级别 | 检查内容 | 依据 |", "|---|---|---|---|", *rows]
    return "\n".join([HEAD, *table, "", "## 参数和所需资料", "", *filter(None, map(_details, checks)), ""])


def _details(check: Check) -> str:
    needs = [f"需要{need}" for need in sorted(check.needs)]
    said = "；".join([*needs, *map(_parameter, check.parameters)])
    return f"- **{check.code} {check.title}**：{said}。" if said else ""


def _parameter(parameter: Parameter) -> str:
    default = parameter.default
    value = "、".join(f"`{word}`" for word in default) if isinstance(default, tuple) else str(default)
    return f"{parameter.label}：{value}"


if __name__ == "__main__":
    print(reference_page(), end="")

"""S01: what must not be published with the table."""

from __future__ import annotations

import re
from collections.abc import Iterator

from declarations.checks.case import CheckedCase
from declarations.checks.catalogue import CheckFinding, enters
from declarations.checks.words import any_of, has_any
from declarations.sheet.problems import Severity
from indicators.value_grammar import words_of

SECRETS = words_of("涉密 绝密 机密 秘密 密级 保密 内部资料 内部文件 不得公开 不宜公开 不予公开 严禁外传")
DIGITS = re.compile(r"[0-9０-９](?:[0-9０-９]{6}|-)")
"""In every telephone or identity number."""
MOBILE = re.compile(r"(?<![\dA-Za-z.])(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?![\d.])", re.ASCII)
LANDLINE = re.compile(r"(?<![\d.])(?:\(0\d{2,3}\)|0\d{2,3}[- ])\d{7,8}(?!\d)", re.ASCII)
IDENTITY = re.compile(
    r"(?<!\d)[1-9]\d{5}(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dA-Za-z])", re.ASCII
)
HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@enters(
    "S01",
    Severity.WARNING,
    "公开前应核对的内容",
    "申报表随预算公开，涉密内容和个人信息不得公开（《保守国家秘密法》《个人信息保护法》《政府信息公开条例》）",
    secrets="涉密用语",
)
def text_must_not_be_published(case: CheckedCase, *, secrets: tuple[str, ...] = SECRETS) -> Iterator[CheckFinding]:
    """One a cell and kind. Numbers are shown without their middle: a finding must not publish them either."""
    is_secret, has_digits = any_of(secrets).search, DIGITS.search
    has_secrets = has_any(secrets, case.all_text)
    if not has_secrets and not may_hold_numbers(case.all_text):
        return
    for path, text in case.texts():
        if has_secrets and (found := is_secret(text)):
            message = f"{case.place(path)}含有“{found[0]}”，公开前须确认不涉及国家秘密和工作秘密"
            yield CheckFinding(path, message, "请由保密工作人员审核；涉密内容应删去或者概括表述。")
        for what, number in personal_numbers(text) if has_digits(text) else ():
            message = f"{case.place(path)}含有{what}“{mask_number(number)}”"
            yield CheckFinding(path, message, f"请删去{what}；公开的联系方式请用单位的公开电话，并说明理由。")


def may_hold_numbers(text: str) -> bool:
    """Whether there is a number in any of many texts, each on lines of its own: none goes over the end of a line."""
    return any(DIGITS.search(line) and any(personal_numbers(line)) for line in text.split("\n"))


def personal_numbers(text: str) -> Iterator[tuple[str, str]]:
    """What kind of number, and the number: an identity number by its checksum, the first of each kind."""
    plain = text.translate(HALF_WIDTH)
    found = {
        "身份证号码": next((match[0] for match in IDENTITY.finditer(plain) if is_identity(match[0])), ""),
        "手机号码": _first(MOBILE, plain),
        "电话号码": _first(LANDLINE, plain),
    }
    yield from ((what, number) for what, number in found.items() if number)


def _first(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match[0] if match else ""


def is_identity(number: str) -> bool:
    """Whether the eighteenth character is the checksum of the others (GB 11643—1999)."""
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == number[17].upper()


def mask_number(number: str) -> str:
    return number[:3] + "*" * (len(number) - 5) + number[-2:]

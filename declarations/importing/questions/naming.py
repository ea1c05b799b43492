"""What the names of a file and of its folders say, held against whose table it is and of which year."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from declarations.importing.matching import Matcher, fold_name
from declarations.models import Department

YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
NO_YEAR_OF_A_TABLE = re.compile(r"20\d\d年?[.\-/月]?\d{1,2}月|[〔\[【(]20\d\d[〕\]】)]\d*号?")
"""Dates and numbers of documents: a table of 2027 is filled in, and asked for, in the year before."""
AROUND_NAMES = re.compile(
    r"[(（〔\[【].*?[)）〕\]】]|20\d\d年?度?|附件\d*|^\d{1,3}(?=\D)|部门整体|整体|预算|绩效目标|支出|申报表|申报|[-_—、.\s]+"
)


def parts_of(file: str) -> list[str]:
    """``全市.zip/公安局/2026年申报表.xlsx`` -> ``["公安局", "2026年申报表"]``: folders and stem, no archives."""
    path = PurePosixPath(file.replace("\\", "/"))
    folders = [part for part in path.parts[:-1] if not part.lower().endswith(".zip") and part not in ("/", "..")]
    return [*folders, path.stem]


def doubts_of(
    file: str, year: int | None, department: Department | None, matcher: Matcher, departments: dict[int, Department]
) -> Iterator[str]:
    """Sentences about each contradiction; ``year`` or ``department`` None: nothing to hold the names against."""
    for part in parts_of(file):
        years = {int(found) for found in YEAR.findall(NO_YEAR_OF_A_TABLE.sub("", part))}
        if year is not None and years and year not in years:
            yield f"文件或文件夹名“{part}”与表中的{year}年度不一致"
        named = named_in(part, matcher, departments) if department else None
        if department and named and named.pk not in (department.pk, department.parent_id):
            yield f"文件或文件夹名“{part}”像是“{named}”，表中却是“{department}”"


def named_in(part: str, matcher: Matcher, departments: dict[int, Department]) -> Department | None:
    """The one department whose name, short name or code a part of the path is, once what surrounds names is off."""
    bare = AROUND_NAMES.sub("", fold_name(part))
    key = matcher.exact(bare) if len(bare) > 1 else None
    return None if key is None else departments.get(key)

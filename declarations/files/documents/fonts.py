"""Which Chinese fonts there are: 黑体 for the title and 仿宋 for the body where the system has them, else another."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from typst import Fonts

from declarations.files.documents.printed import DocumentError

HEADING = ("SimHei", "黑体", "STHeiti", "Heiti SC", "FZHei-B01", "Microsoft YaHei", "PingFang SC", "Noto Sans CJK SC",
           "Source Han Sans SC", "Noto Sans SC", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei")  # fmt: skip
BODY = ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋", "STFangsong", "FZFangSong-Z02", "Noto Serif CJK SC",
        "Source Han Serif SC", "Noto Serif SC", "SimSun", "宋体", "STSong", "Songti SC", "AR PL UMing CN")  # fmt: skip
"""Families by preference, as their files name them. What only the other list has is better than nothing."""
MISSING = (
    "服务器上没有中文字体，不能生成 PDF。请系统管理员安装仿宋、黑体，或执行 apt-get install fonts-noto-cjk，"
    "也可以用环境变量 FONT_PATHS 指明字体所在的文件夹，然后重新启动服务。"
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The families to try in order, for the title and for the body; ``all`` are the fonts that were found."""

    heading: tuple[str, ...]
    body: tuple[str, ...]
    all: Fonts


def machine_fonts() -> Chosen:
    """The fonts of this machine; raises `DocumentError` where none of them is Chinese."""
    return choose_fonts(find_fonts(os.environ.get("FONT_PATHS", "")))


@cache
def find_fonts(folders: str) -> Fonts:
    """All fonts of the system and of the folders named; looked up once a process, since it takes a while."""
    return Fonts(include_embedded_fonts=True, font_paths=[Path(name) for name in folders.split(os.pathsep) if name])


def choose_fonts(fonts: Fonts) -> Chosen:
    families = {family.casefold(): family for family in fonts.families()}
    heading, body = (
        tuple(families[name.casefold()] for name in names if name.casefold() in families)
        for names in ((*HEADING, *BODY), (*BODY, *HEADING))
    )
    if not body:
        raise DocumentError(MISSING)
    return Chosen(heading, body, fonts)

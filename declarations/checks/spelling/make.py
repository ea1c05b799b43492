"""Makes the table of syllables, `syllables.txt`: ``python -m declarations.checks.spelling.make``, which prints it."""

from __future__ import annotations

from collections import defaultdict

from pypinyin import lazy_pinyin

HEAD = "# 每行一个音节（不计声调）和读这个音的字。由 python -m declarations.checks.spelling.make 生成，请勿手工修改。"


def hanzi() -> str:
    """The characters of GB 2312, which official prose seldom leaves."""
    codes = ((high, low) for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF))
    return "".join(bytes(code).decode("gb2312", errors="ignore") for code in codes)


def syllable_table() -> str:
    """The file: each character once, under its usual reading."""
    read: dict[str, list[str]] = defaultdict(list)
    for character in hanzi():
        read[lazy_pinyin(character)[0]].append(character)
    return "\n".join([HEAD, *(f"{syllable} {''.join(found)}" for syllable, found in sorted(read.items())), ""])


if __name__ == "__main__":
    print(syllable_table(), end="")

"""Makes the sprite of icons from an unpacked bootstrap-icons package: python scripts/icons.py FOLDER"""

import re
import sys
from pathlib import Path

SPRITE = Path(__file__).parent.parent / "static/vendored/bootstrap-icons/icons.svg"
NAMES = [
    "arrow-counterclockwise",
    "arrow-down",
    "arrow-left",
    "arrow-return-left",
    "arrow-right",
    "arrow-up",
    "box-arrow-right",
    "building",
    "calendar-event",
    "chat-left-text",
    "check-circle-fill",
    "check-lg",
    "chevron-down",
    "chevron-left",
    "chevron-right",
    "clipboard",
    "clock-history",
    "copy",
    "dash-lg",
    "download",
    "exclamation-circle-fill",
    "exclamation-triangle-fill",
    "eye",
    "file-earmark-arrow-up",
    "file-earmark-spreadsheet",
    "file-earmark-text",
    "filter",
    "gear",
    "grip-vertical",
    "hourglass-split",
    "house",
    "inbox",
    "info-circle-fill",
    "key",
    "list-check",
    "list-ul",
    "lock",
    "moon",
    "pencil-square",
    "people",
    "person-check",
    "person-circle",
    "plus-lg",
    "printer",
    "question-circle",
    "save",
    "search",
    "send",
    "shield-lock",
    "sort-down",
    "sort-up",
    "sun",
    "table",
    "trash",
    "upload",
    "wifi-off",
    "x-circle-fill",
    "x-lg",
    "x-octagon-fill",
]


def symbol(package: Path, name: str) -> str:
    svg = (package / "icons" / f"{name}.svg").read_text()
    inner = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.DOTALL)[1].strip()
    return f'<symbol id="{name}" viewBox="0 0 16 16" fill="currentColor">{inner}</symbol>'


def main(package: Path) -> None:
    symbols = "\n".join(symbol(package, name) for name in NAMES)
    SPRITE.write_text(f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n')


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""What the styles of a web page say about a cell: struck out, not displayed. All other looks are passed over."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

RULE = re.compile(r"([^{}]{1,2000})\{([^{}]{0,5000})\}")
CLASS = re.compile(r"\.([A-Za-z_][\w-]*)\s*$")
GONE = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)", re.IGNORECASE)
LINE_THROUGH = re.compile(r"text-decoration(?:-line)?\s*:[^;]*line-through", re.IGNORECASE)
LARGEST_STYLE = 500_000


def is_gone(looks: str) -> bool:
    return bool(GONE.search(looks))


def is_struck(looks: str) -> bool:
    return bool(LINE_THROUGH.search(looks))


@dataclass(slots=True)
class PageLooks:
    """The declarations of the classes that hide or strike out, by name."""

    classes: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of_page(cls, text: str) -> PageLooks:
        """From the style elements of a page: rules for one class, as office programs write them."""
        looks = cls()
        for style in styles_of(text):
            for selectors, body in RULE.findall(style):
                if is_gone(body) or is_struck(body):
                    names = (CLASS.search(selector.strip()) for selector in selectors.split(","))
                    looks.classes |= {match[1]: body for match in names if match}
        return looks

    def of(self, known: dict[str, str]) -> str:
        """The declarations that hold for an element with these attributes."""
        own = known.get("style", "")
        if "hidden" in known:
            own += ";display:none"
        names = known.get("class", "").split() if self.classes else ()
        return ";".join([own, *(self.classes[name] for name in names if name in self.classes)])


def styles_of(text: str) -> list[str]:
    """The contents of the style elements, not more than a page needs."""
    found, left, lower = [], LARGEST_STYLE, text.lower()
    start = lower.find("<style")
    while start >= 0 and left > 0:
        begin, end = text.find(">", start) + 1, text.find("</", start)
        if not begin or end < 0:
            break
        found.append(text[begin : min(end, begin + left)])
        left -= len(found[-1])
        start = lower.find("<style", end)
    return found

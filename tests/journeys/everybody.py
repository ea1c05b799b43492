"""Whether a page is for everybody: what axe and the eye object to, light and dark, wide and on a phone."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

AXE = (Path(__file__).parent.parent / "vendored/axe-core/axe.min.js").read_text()
RUN = """async only => (await axe.run({resultTypes: ["violations"], ...(only ? {runOnly: only} : {})})).violations
  .filter(found => ["serious", "critical"].includes(found.impact))
  .map(found => `${found.id}: ${found.nodes.map(node => node.html.slice(0, 160)).join(" | ")}`)"""
THEME = "theme => { document.documentElement.dataset.bsTheme = theme; }"
CONTRAST = ["color-contrast"]
LOOKS = ((1280, "light", None), (1280, "dark", CONTRAST), (390, "dark", None))
"""Width, theme and the rules to look at: all of them, or what the theme alone can change."""
HEIGHT = 900


def objections(page: Page, *widths: int) -> list[str]:
    """Of the page as it stands, which is shown in each look in turn and then again as it was.

    ``widths``: other ones than those of `LOOKS`.
    """
    size, theme = page.viewport_size, page.evaluate("document.documentElement.dataset.bsTheme")
    page.emulate_media(reduced_motion="reduce")  # colours do not fade while axe looks
    page.evaluate(AXE)
    found = [what for look in looks(widths) for what in _in_one_look(page, *look)]
    page.set_viewport_size(size)
    page.evaluate(THEME, theme)
    return found


def looks(widths: tuple[int, ...]) -> list[tuple[int, str, list[str] | None]]:
    if not widths:
        return list(LOOKS)
    return [(width, theme, rules) for width in widths for theme, rules in (("light", None), ("dark", CONTRAST))]


def _in_one_look(page: Page, width: int, theme: str, rules: list[str] | None) -> list[str]:
    page.set_viewport_size({"width": width, "height": HEIGHT})
    page.evaluate(THEME, theme)
    runs_off = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    found = [*page.evaluate(RUN, rules), *(["runs off"] if runs_off else [])]
    return [f"{page.url} {theme} {width}: {what}" for what in found]

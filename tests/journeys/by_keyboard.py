"""What a reviewer does without a mouse: going to a place, a comment, a score, a decision."""

from __future__ import annotations

from playwright.sync_api import Page, expect


def tab_to(page: Page, selector: str, key: str = "Tab") -> None:
    """Presses Tab (or an arrow) until the focus is there, as somebody without a mouse does."""
    for _ in range(120):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press(key)
    raise AssertionError(f"no way to {selector} by {key}")


def score(page: Page, marks: tuple[str, ...]) -> None:
    """S, the marks with Enter after each, Enter on the button."""
    page.keyboard.press("s")
    for mark in marks:
        page.keyboard.type(mark)
        page.keyboard.press("Enter")
    page.keyboard.press("Enter")


def decide(page: Page, label: str) -> None:
    """R, on to the decision, Enter, on to its button, Enter."""
    if page.locator("details.move[open]").count():
        page.keyboard.press("Escape")
    page.keyboard.press("r")
    for _ in range(6):
        if page.evaluate("label => document.activeElement.textContent.trim().startsWith(label)", label):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    tab_to(page, ".move[open] button[type=submit]")
    page.keyboard.press("Enter")


def comment_by_keyboard(page: Page, grid: str, text: str) -> None:
    """Along the table to the first cell of a grid, C, a kind, the words, and Enter on the button: no mouse."""
    tab_to(page, ".official [data-comment]")
    tab_to(page, f'.official [data-comment^="{grid}"]', "ArrowDown")
    page.keyboard.press("c")
    expect(page.locator("#comment-code")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type(text)
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("退回时一并发给部门").first).to_be_visible()
    expect(page.locator("#comments").get_by_text(text)).to_be_visible()

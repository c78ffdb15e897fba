"""Goes through the main menu as a person does: opens the group, then follows the entry."""

from __future__ import annotations

from playwright.sync_api import Page


def follow(page: Page, entry: str) -> None:
    """Follows the menu's `entry`, wherever it stands. Fails where the person's menu has none."""
    menu = page.get_by_role("navigation", name="주 메뉴")
    link = page.get_by_role("link", name=entry, exact=True, include_hidden=True)
    menu.locator(link).wait_for(state="attached")
    closed = menu.locator("details:not([open])").filter(has=link)
    if closed.count():
        closed.locator("summary").click()
    menu.get_by_role("link", name=entry, exact=True).click()

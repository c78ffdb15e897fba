"""Looks at a page in both widths, as people with a desk and people with a telephone see it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect


def look(page: Page, name: str, check: Callable[[Page], None]) -> None:
    """Accessible, and nothing sticks out at the side on a phone; a picture where IEUM_SCREENSHOTS names a folder."""
    check(page)
    before = page.viewport_size or {"width": 1280, "height": 800}
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, (name, width)
        if folder := os.environ.get("IEUM_SCREENSHOTS"):
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
    page.set_viewport_size(before)


def tick_all(page: Page, title: str) -> None:
    """Ticks every box of the page with this title. `all` does not wait: on the page before there may be none."""
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
    for box in page.get_by_role("checkbox").all():
        box.check()

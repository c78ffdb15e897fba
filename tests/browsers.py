"""Headless Chromium for the tests: one for each worker, because Playwright runs once in a process."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

from playwright.sync_api import Browser, expect, sync_playwright

PATIENCE = 45_000  # milliseconds: a busy machine is slow, not wrong
# The shell first: it has no window to draw, and a whole browser draws its own even where nobody sees it.
_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def launched() -> Iterator[Browser]:
    """The browser while it runs. RuntimeError where none is installed."""
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if found is None:
        raise RuntimeError("No Chromium: apt-get install chromium-headless-shell (or your system's package)")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, headless=True, args=_ARGUMENTS)
        yield browser
        browser.close()

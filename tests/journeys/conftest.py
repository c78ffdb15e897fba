"""Journeys: a live server in a process of its own, real browsers, and a guard over what their pages do."""

from __future__ import annotations

import multiprocessing
import socket
import urllib.request
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request
from playwright.sync_api import Error as BrowserError
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from portal.config import Settings
from tests import browsers, databases
from tests.journeys.serve import serve
from tests.journeys.work import work

# Without preloading, axe inserts no style elements of its own, which the pages' policy would report. Of what it finds
# in order, which nobody reads, it would describe every element of the page.
AXE = {"preload": False, "resultTypes": ["violations"]}


@dataclass(frozen=True)
class Server:
    """A live portal; `session()` is a look behind the pages, committed at its end."""

    url: str
    settings: Settings

    @contextmanager
    def session(self) -> Generator[Session]:
        engine = create_engine(self.settings.database_url)
        with Session(engine) as made, made.begin():
            yield made
        engine.dispose()


@pytest.fixture(scope="session")
def forking() -> ForkServerContext:
    """Starts processes from one that has imported the portal: a server is up in a tenth of a second."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.journeys.serve", "tests.journeys.work"])
    return context


@pytest.fixture
def server(tmp_path: Path, at: datetime, forking: ForkServerContext) -> Iterator[Server]:
    """Its own process and SQLite database; the clock starts at `at`."""
    settings = databases.settings_for(databases.copy_sqlite(tmp_path / "ieum.sqlite"), tmp_path)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(128)
        process = forking.Process(target=serve, args=(listening, at, settings.database_url, tmp_path), daemon=True)
        process.start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    try:
        # The socket is open before the server is: this waits in its queue, as long as it takes to start.
        urllib.request.urlopen(f"{url}/healthz", timeout=60).close()
        yield Server(url, settings)
    finally:
        process.terminate()
        process.join(10)
    assert "Traceback" not in (tmp_path / "server.log").read_text("utf-8"), "the server had a mishap"


@pytest.fixture
def start_worker(server: Server, at: datetime, forking: ForkServerContext) -> Iterator[Callable[[], None]]:
    """Starts a worker beside the server; it ends with the test."""
    place = server.settings.instance
    process = forking.Process(target=work, args=(at, server.settings.database_url, place), daemon=True)
    yield process.start
    if process.is_alive():
        process.terminate()
        process.join(20)
    log = place / "worker.log"
    assert not log.exists() or "Traceback" not in log.read_text("utf-8"), "the worker had a mishap"


class Guard:
    """Collects what no page may do: ask another host, log an error, break the content security policy, throw."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.breaches: list[str] = []

    def watch(self, context: BrowserContext) -> None:
        context.on("request", self._request)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.breaches.append(f"script error: {error.error}"))

    def _request(self, request: Request) -> None:
        if not request.url.startswith((f"{self._url}/", "data:", "blob:", "about:")):
            self.breaches.append(f"asked {request.url}")

    def _console(self, message: ConsoleMessage) -> None:
        # Chromium itself logs every answer of 400 and above; refusals are part of journeys.
        if message.type == "error" and not message.text.startswith("Failed to load resource: the server responded"):
            self.breaches.append(f"console: {message.text}")


@pytest.fixture
def new_page(server: Server, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Makes a page in a browser of its own."""
    guard = Guard(server.url)
    contexts: list[BrowserContext] = []

    def make(width: int = 1280, height: int = 800, *, javascript: bool = True) -> Page:
        context = browser.new_context(
            base_url=server.url,
            viewport={"width": width, "height": height},
            locale="ko-KR",
            timezone_id="Asia/Seoul",
            java_script_enabled=javascript,
            service_workers="block",
        )
        context.set_default_timeout(browsers.PATIENCE)
        guard.watch(context)
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
    assert guard.breaches == []


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    return new_page()


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """Asserts that the page as it stands has no accessibility violation axe can see."""

    def run(page: Page) -> dict[str, Any]:
        """What axe finds; a page that left while it was being looked at (a link just followed) is looked at anew."""
        for _ in range(3):
            try:
                return dict(Axe().run(page, options=AXE).response)
            except BrowserError as left:
                page.wait_for_load_state()
                if "documentElement" not in left.message and "context was destroyed" not in left.message:
                    raise
        raise AssertionError(f"{page.url} does not come to rest")

    def check(page: Page) -> None:
        found = run(page)
        violations = [
            f"{violation['id']}: {node['target']} {node['html'][:160]}"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]
        assert violations == [], page.url

    return check

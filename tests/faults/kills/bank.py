"""A bank of the harness's own process, which nobody kills: the outside witness of what was told it, and how often.

It pays every order that reaches it, also one that came before, and writes it down before it answers.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.faults.book import Book

QUIET = 10  # looks at an empty desk, two milliseconds apart


@dataclass
class Bank:
    """What it knows is in its book alone."""

    book: Book
    port: int = 0
    at_desk: int = 0

    @property
    def told(self) -> list[dict[str, Any]]:
        """The orders since it last forgot, one entry each time one came."""
        entries = [json.loads(line) for line in self.book.path.read_text(encoding="utf-8").splitlines()]
        last = max((number for number, entry in enumerate(entries) if entry["kind"] == "forgot"), default=-1)
        return entries[last + 1 :]

    def take(self, order: dict[str, Any]) -> dict[str, Any]:
        self.book.write(kind="told", **order)
        return _paid(order)

    def tell(self, reference: str) -> dict[str, Any]:
        order = next((each for each in self.told if each["id"] == reference), None)
        return {"id": reference, "status": "never_heard"} if order is None else _paid(order)

    def forget(self) -> None:
        self.book.write(kind="forgot")

    def wait_until_quiet(self) -> None:
        """Until what reached it before its sender was killed has been heard to the end."""
        quiet = 0
        while quiet < QUIET:
            time.sleep(0.002)
            quiet = 0 if self.at_desk else quiet + 1


def _paid(order: dict[str, Any]) -> dict[str, Any]:
    said = {name: order[name] for name in ("id", "amount", "bank_code", "account_number")}
    return said | {"status": "done", "bank_reference": "BK1", "reason": "", "executed_on": "2026-06-15"}


@contextmanager
def banking(book: Path) -> Generator[Bank]:
    """The bank while it is open, on a port of loopback."""
    bank = Bank(Book(book))

    class Desk(BaseHTTPRequestHandler):
        wbufsize = -1  # an answer goes out in one piece: whoever reads it passes the same moments every time

        def handle(self) -> None:
            bank.at_desk += 1
            try:
                super().handle()
            finally:
                bank.at_desk -= 1

        def do_POST(self) -> None:
            try:
                order = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            except ValueError:  # whoever sent it was killed in the middle
                return
            self._answer(bank.take(order))

        def do_GET(self) -> None:
            self._answer(bank.tell(self.path.rsplit("/", 1)[-1]))

        def _answer(self, said: dict[str, Any]) -> None:
            body = json.dumps(said).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            """Its book is enough."""

        def finish(self) -> None:
            with suppress(OSError):  # nobody is there to hear the answer any more
                super().finish()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    server.handle_error = lambda *_: None  # ty: ignore[invalid-assignment]
    bank.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield bank
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        bank.book.close()

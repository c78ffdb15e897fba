"""A bank in a process of its own, as hostile as its seed says: `python -m tests.faults.bank.simulator`.

Its book is an append-only file, on the disk before anything is answered. It pays every order that reaches it, also one
that came before: whoever sends twice pays twice. What becomes of an order depends on the seed and its reference alone.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from typing import Any

from portal.domain.periods import korean_date
from portal.domain.signatures import HEADER, of_request, sign
from tests.faults.book import Book

TRIES = 4  # of a call that nobody took


@dataclass(frozen=True, slots=True)
class Fate:
    """What will become of an order; drawn in one go, so that nothing depends on what came before."""

    lost: bool  # on its way here: it is not booked, and nobody answers
    refused: bool
    silent: str  # no answer although it was booked: "", "cut" or "hangs"
    accepted: int  # so many questions are answered "accepted" first
    wrong: str  # what the answer says wrongly: "", "amount" or "account"
    returned: bool
    calls: tuple[str, ...]  # callbacks about it: "early", "plain", "again", "amount", "account"
    tells_return: bool
    deaf: float  # share of questions that get no answer

    @classmethod
    def of(cls, seed: int, reference: str) -> Fate:
        drawn = Random(f"{seed}:{reference}")
        one = drawn.random()
        calls = ("early", "plain", "again", "amount", "account") if drawn.random() < 0.2 else ()
        return cls(
            lost=one < 0.02,
            silent=("hangs" if one < 0.03 else "cut") if 0.02 <= one < 0.07 else "",
            refused=0.07 <= one < 0.12,
            accepted=drawn.randint(1, 3) if 0.12 <= one < 0.20 else 0,
            wrong=("amount" if one < 0.22 else "account") if 0.20 <= one < 0.23 else "",
            returned=drawn.random() < 0.02,
            calls=tuple(drawn.sample(calls, drawn.randint(1, len(calls)))) if calls else (),
            tells_return=drawn.random() < 0.5,
            deaf=0.1,
        )


@dataclass
class Bank:
    """Its accounts of orders, its book, and what it still has to do. Threads share it."""

    seed: int
    key: str
    book: Book
    callback: str
    orders: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)
    pending: int = 0
    lock: threading.RLock = field(default_factory=threading.RLock)

    def take(self, order: dict[str, Any]) -> dict[str, Any] | None:
        """Books an order and answers it; None: no answer."""
        reference, fate = order["id"], Fate.of(self.seed, order["id"])
        if fate.lost:
            return None
        with self.lock:
            kind = "refused" if fate.refused else "paid"
            self.book.write(kind=kind, reference=reference, amount=order["amount"], account=order["account_number"])
            self.orders[reference] = order | {"status": "refused" if fate.refused else "done"}
        if kind == "paid":
            for call in fate.calls:
                self._later(0 if call == "early" else 0.3, lambda call=call: self._call(reference, call))
            if "early" in fate.calls:
                time.sleep(0.05)  # the call comes before the answer
            if fate.returned:
                self._later(0.8, lambda: self._give_back(reference, tells=fate.tells_return))
        if fate.silent == "hangs":
            time.sleep(2)
        if fate.silent:
            return None
        if fate.accepted:
            return self._said(reference) | {"status": "accepted", "executed_on": None}
        return self._said(reference) | self._lie(reference, fate.wrong)

    def tell(self, reference: str) -> dict[str, Any] | None:
        """Answers a question; None: no answer."""
        fate = Fate.of(self.seed, reference)
        with self.lock:
            times = self.asked[reference] = self.asked.get(reference, 0) + 1
            if Random(f"{self.seed}:{reference}:{times}").random() < fate.deaf:
                return None
            if reference not in self.orders:
                return {"id": reference, "status": "never_heard"}
            said = self._said(reference)
        if times <= fate.accepted and said["status"] == "done":
            return said | {"status": "accepted", "executed_on": None}
        return said

    def _said(self, reference: str) -> dict[str, Any]:
        order = self.orders[reference]
        paid = order["status"] in ("done", "returned")
        reasons = {"refused": "ACCOUNT_CLOSED", "returned": "RETURNED"}
        return {
            "id": reference,
            "status": order["status"],
            "amount": order["amount"],
            "bank_code": order["bank_code"],
            "account_number": order["account_number"],
            "bank_reference": f"BK{hashlib.sha256(reference.encode()).hexdigest()[:10]}",
            "reason": reasons.get(order["status"], ""),
            "executed_on": korean_date(datetime.now(UTC)).isoformat() if paid else None,
        }

    def _lie(self, reference: str, about: str) -> dict[str, Any]:
        if about == "amount":
            return {"amount": self.orders[reference]["amount"] + 1}
        return {"account_number": "99999999999"} if about == "account" else {}

    def _give_back(self, reference: str, *, tells: bool) -> None:
        with self.lock:
            order = self.orders[reference]
            self.book.write(kind="returned", reference=reference, amount=order["amount"])
            order["status"] = "returned"
        if tells:
            self._call(reference, "plain")

    def _call(self, reference: str, how: str) -> None:
        """Calls the portal; "again" is the very same call twice."""
        with self.lock:
            body = json.dumps(self._said(reference) | self._lie(reference, how)).encode()
        path = "/" + self.callback.split("/", 3)[3]
        said = of_request("POST", path, hashlib.sha256(body).hexdigest())
        headers = {"Content-Type": "application/json", HEADER: sign(self.key, said, at=datetime.now(UTC))}
        for _ in range(2 if how == "again" else 1):
            self.book.write(kind="called", reference=reference, how=how, answer=self._posted(body, headers))

    def _posted(self, body: bytes, headers: dict[str, str]) -> int:
        for _ in range(TRIES):
            try:
                with urllib.request.urlopen(
                    urllib.request.Request(self.callback, body, headers, method="POST"), timeout=10
                ) as answer:
                    return answer.status
            except urllib.error.HTTPError as refused:
                return refused.code
            except OSError:
                time.sleep(0.2)
        return 0

    def _later(self, seconds: float, act: Any) -> None:
        def do() -> None:
            try:
                act()
            finally:
                with self.lock:
                    self.pending -= 1

        with self.lock:
            self.pending += 1
        threading.Timer(seconds, do).start()


def serve(bank: Bank, port: int) -> None:
    class Desk(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            try:
                order = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            except ValueError:  # whoever sent it was killed in the middle
                return self._answer(None)
            return self._answer(bank.take(order))

        def do_GET(self) -> None:
            last = self.path.rsplit("/", 1)[-1]
            self._answer({"pending": bank.pending} if last == "pending" else bank.tell(last))

        def _answer(self, said: dict[str, Any] | None) -> None:
            if said is None:
                self.close_connection = True
                return
            body = json.dumps(said).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Its book is enough."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Desk)
    server.daemon_threads = True
    server.serve_forever()


def main() -> None:
    told = argparse.ArgumentParser()
    for name in ("port", "seed"):
        told.add_argument(f"--{name}", type=int, required=True)
    for name in ("key", "book", "callback"):
        told.add_argument(f"--{name}", required=True)
    given = told.parse_args()
    serve(Bank(given.seed, given.key, Book(Path(given.book)), given.callback), given.port)


if __name__ == "__main__":
    main()

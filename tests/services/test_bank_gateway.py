"""Speaking to a bank over HTTP: what was agreed is an answer; everything else is none, and nothing is sent twice."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from portal.domain.bank_orders import BankAccess, Order, Outcome
from portal.domain.signatures import HEADER, fault, of_request
from portal.gateways import bank
from tests.factories import AT

KEY = "k" * 40
ORDER = Order(1, "t", False, 0, "R20260615-0000ABCD-00001", 70_010, "004", "12345678901", "홍길동", "2026-05")
SAID = {
    "id": ORDER.reference, "status": "done", "amount": 70_010, "bank_code": "004", "account_number": "12345678901",
    "bank_reference": "BK1", "executed_on": "2026-06-15",
}  # fmt: skip


@dataclass
class Wire:
    """A server that answers raw bytes, or whatever `answer` does with the connection; `asked`: what came in."""

    answer: Callable[[socket.socket], None]
    asked: list[bytes] = field(default_factory=list)
    url: str = ""


def http(body: object, status: str = "200 OK", more: str = "") -> Callable[[socket.socket], None]:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(raw)}\r\n{more}\r\n".encode()
    return lambda line: line.sendall(head + raw)


def _request(line: socket.socket) -> bytes:
    """Head and body, whole."""
    come = b""
    while b"\r\n\r\n" not in come:
        come += line.recv(65_536)
    head, _, body = come.partition(b"\r\n\r\n")
    found = re.search(rb"(?i)content-length: *([0-9]+)", head)
    length = int(found[1]) if found else 0
    while len(body) < length:
        body += line.recv(65_536)
    return head + b"\r\n\r\n" + body


@pytest.fixture
def wire() -> Iterator[Wire]:
    made = Wire(http(SAID))
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        made.url = f"http://127.0.0.1:{listening.getsockname()[1]}"

        def serve() -> None:
            while True:
                try:
                    line, _ = listening.accept()
                except OSError:
                    return
                with line, contextlib.suppress(OSError):
                    made.asked.append(_request(line))
                    made.answer(line)

        threading.Thread(target=serve, daemon=True).start()
        yield made


def spoken(wire: Wire, order: Order = ORDER, *, asks: bool = False) -> bank.Word:
    with bank.connected(BankAccess(wire.url, KEY, wait=timedelta(seconds=0.3))) as line:
        return line.ask(order, at=AT) if asks else line.send(order, at=AT)


def test_an_order_is_signed_and_its_answer_read(wire: Wire) -> None:
    word = spoken(wire)
    assert (word.outcome, word.amount, word.account_number) == (Outcome.DONE, 70_010, "12345678901")
    head, body = wire.asked[0].split(b"\r\n\r\n", 1)
    assert json.loads(body)["id"] == ORDER.reference
    assert json.loads(body)["account_number"] == ORDER.account_number
    signed = next(line for line in head.decode().splitlines() if line.lower().startswith(HEADER.lower()))
    said = of_request("POST", "/transfers", hashlib.sha256(body).hexdigest())
    assert fault(signed.split(": ", 1)[1], KEY, said, at=AT) == ""


@pytest.mark.parametrize(
    "answer",
    [
        http({**SAID, "status": "sent"}),
        http({**SAID, "amount": "70010"}),
        http({**SAID, "amount": 70_010.0}),
        http({**SAID, "executed_on": None}),
        http({**SAID, "executed_on": "15.06.2026"}),
        http({**SAID, "id": "R20260615-0000ABCD-00002"}),
        http({**SAID, "id": ""}),
        http({"id": ORDER.reference, "status": "never_heard"}),
        http(b"<html>502</html>", "502 Bad Gateway"),
        http(b"", "302 Found", "Location: http://127.0.0.1:1/\r\n"),
        http(b"[" * 100_000),
        lambda line: None,
        lambda line: line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{"),
        lambda line: time.sleep(0.6),
        lambda line: [line.sendall(part) or time.sleep(0.1) for part in (b"HTTP/1.1 200 OK\r\n\r\n", *[b" "] * 8)],
    ],
)  # fmt: skip
def test_what_was_not_agreed_is_no_answer_to_an_order(wire: Wire, answer: Callable[[socket.socket], None]) -> None:
    wire.answer = answer
    assert spoken(wire).outcome is Outcome.NO_ANSWER
    assert len(wire.asked) == 1


def test_never_heard_of_it_is_an_answer_to_a_question_in_the_banks_own_words(wire: Wire) -> None:
    wire.answer = http({"id": ORDER.reference, "status": "never_heard"}, "404 Not Found")
    assert spoken(wire, asks=True).outcome is Outcome.NEVER_HEARD
    wire.answer = http(b"not found", "404 Not Found")  # some proxy's
    assert spoken(wire, asks=True).outcome is Outcome.NO_ANSWER


def test_where_nobody_listens_nothing_was_sent(wire: Wire) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        wire.url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        assert spoken(wire).outcome is Outcome.NOT_SENT
        assert spoken(wire, asks=True).outcome is Outcome.NO_ANSWER

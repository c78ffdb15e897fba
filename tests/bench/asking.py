"""Those who ask a portal while it is measured: one page at a steady pace, and batches of rows as platforms send them.

Both keep a connection and have their bytes ready before they begin, so that the machine's cores are the server's.
"""

from __future__ import annotations

import http.client
import itertools
import json
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from statistics import quantiles

from portal.demo.orders import Store, month_of_orders

ROWS, BAD = 500, 5
MONTH = "2026-10"
PAGE = "/office/applications"
PACE = 12  # pages a second: what a hundred officials at work ask for
_SEED = 4


def batches(count: int, start: int) -> list[bytes]:
    """JSON batches of the demo's orders under numbers that nobody has used, each with a few rows to refuse."""
    random = Random(_SEED)
    store = Store("baemin", "BM100007", 4 * ROWS)
    orders = list(itertools.islice(itertools.cycle(month_of_orders([store], MONTH, random)["baemin"]), ROWS))
    fixed = [{**_row(order), "order_no": ""} for order in orders]
    for row in fixed[:BAD]:
        row["delivery_fee"] = "3,000원"
    return [_body(fixed, start + number) for number in range(count)]


def _row(order: object) -> dict[str, object]:
    names = order.__slots__  # ty: ignore[missing-attribute]
    values = {name: getattr(order, name) for name in names}
    return {name: str(value) if name == "ordered_at" else value for name, value in values.items()}


def _body(rows: Sequence[dict[str, object]], number: int) -> bytes:
    numbered = [{**row, "order_no": f"BENCH-{number:06}-{place:04}"} for place, row in enumerate(rows)]
    return json.dumps({"period": MONTH, "rows": numbered}, ensure_ascii=False).encode()


@dataclass(slots=True)
class Prober(threading.Thread):
    """Asks for the page `PACE` times a second, whether the last answer was slow or not; `seconds` of each."""

    port: int
    cookie: str
    for_seconds: float
    seconds: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        threading.Thread.__init__(self)

    __hash__ = threading.Thread.__hash__

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        began = time.perf_counter()
        for number in range(int(self.for_seconds * PACE)):
            due = began + number / PACE
            time.sleep(max(0.0, due - time.perf_counter()))
            connection.request("GET", PAGE, headers={"Cookie": self.cookie})
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != 200 or b"<table" not in body:
                raise RuntimeError(f"the page answered {answer.status}")
            self.seconds.append(time.perf_counter() - due)  # waiting for its turn is part of what a person waits


@dataclass(frozen=True, slots=True)
class Sent:
    """`rows` that were acknowledged within `seconds`, and how long each answer took."""

    rows: int
    seconds: float
    answers: Sequence[float]


def send(port: int, token: str, bodies: Iterator[bytes], *, seconds: float, rate: float = 0, at_once: int = 1) -> Sent:
    """Sends batches for so long: `rate` a second, or as fast as `at_once` connections can."""
    senders = [_Sender(port, token, bodies, seconds, rate / at_once) for _ in range(at_once)]
    began = time.perf_counter()
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    took = time.perf_counter() - began
    faults = [sender.fault for sender in senders if sender.fault]
    if faults:
        raise RuntimeError(faults[0])
    answers = [each for sender in senders for each in sender.answers]
    return Sent(len(answers) * ROWS, took, answers)


class _Sender(threading.Thread):
    def __init__(self, port: int, token: str, bodies: Iterator[bytes], seconds: float, rate: float) -> None:
        super().__init__()
        self.answers: list[float] = []
        self.fault = ""
        self._port, self._token, self._bodies, self._seconds, self._rate = port, token, bodies, seconds, rate

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        began = time.perf_counter()
        while not self.fault and time.perf_counter() - began < self._seconds:
            if self._rate:
                time.sleep(max(0.0, began + len(self.answers) / self._rate - time.perf_counter()))
            body, sent = next(self._bodies), time.perf_counter()
            connection.request("POST", "/api/v1/batches", body, self._headers(body))
            answer = connection.getresponse()
            said = answer.read()
            self.answers.append(time.perf_counter() - sent)
            found = json.loads(said)
            if answer.status != 201 or (found["accepted"], found["refused"]) != (ROWS - BAD, BAD):
                self.fault = f"{answer.status} {said[:300]!r}"

    def _headers(self, body: bytes) -> dict[str, str]:
        number = body[body.index(b"BENCH-") :][:12].decode()
        return {
            "Authorization": f"Bearer {self._token}",
            "Content-Type": "application/json",
            "Idempotency-Key": f"{number}-{time.time_ns()}",
        }


def p95(seconds: Sequence[float]) -> float:
    return quantiles(seconds, n=20)[-1]

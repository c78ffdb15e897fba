"""Throws hostile files at a live portal by every way in, and looks at what it says and at what it cost the server."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import psutil

from tests import pages
from tests.faults.desk import NEW, Desk, delivery_of, receipt_of
from tests.faults.hostile.corpus import FILES, NDJSON, PERIOD, Hostile
from tests.faults.ingestion.platforms import API, Letter, Program
from tests.faults.processes import WebServer

READ = 120  # seconds for a worker to be done with one file


@dataclass(frozen=True, slots=True)
class Thrown:
    """What came of it. `cpu`: seconds that the process which answers requests spent itself; `said`: its sentences."""

    way: str
    what: str
    status: int
    said: str
    cpu: float
    seconds: float
    taken: bool
    may_be_taken: bool

    @property
    def answered_well(self) -> bool:
        """Refused clearly, or, where that does no harm, taken in row by row."""
        return (self.taken and self.may_be_taken) or (400 <= self.status < 500 and bool(self.said.strip()))


@dataclass
class Thrower:
    """An official at the page and a platform's program at the API."""

    server: WebServer
    desk: Desk
    program: Program

    def sample(self) -> Iterator[Thrown]:
        """What does not take long, each by one way only: texts by the API, everything else by the page."""
        for hostile in (each for each in FILES if not each.long):
            if hostile.filename.endswith((".csv", ".gz")):
                yield self._stream(hostile.what, "text/csv", hostile.make(), taken=hostile.taken)
            else:
                yield self._upload(hostile, hostile.make())
        for what, make in NDJSON[:-1]:  # the last is the long one
            yield self._stream(what, "application/x-ndjson", make(), taken=True)

    def everything(self) -> Iterator[Thrown]:
        yield from self.files(FILES)
        for what, make in NDJSON:
            yield self._stream(what, "application/x-ndjson", make(), taken=True)

    def files(self, files: Sequence[Hostile]) -> Iterator[Thrown]:
        """Each by the page, and by the API, as another platform's, where it is a text or a packed one."""
        for hostile in files:
            content = hostile.make()
            yield self._upload(hostile, content)
            if hostile.filename.endswith((".csv", ".gz")):
                yield self._stream(hostile.what, "text/csv", content, taken=hostile.taken)

    def _upload(self, hostile: Hostile, content: bytes) -> Thrown:
        """Its cost is that of handing it in; a worker reads it, and the receipt says what came of it."""
        url = self.server.url
        self.desk.token(url, NEW)  # signed in already: that costs, too
        before, began = self._cpu(), time.monotonic()
        answer = self.desk.upload(url, "yogiyo", PERIOD, hostile.filename, content, password=hostile.password)
        cost = self._cpu() - before, time.monotonic() - began
        said = " ".join(pages.said(answer.text)) or pages.text_of(answer.text)
        status, taken, receipt = answer.status_code, delivery_of(answer) is not None, receipt_of(answer)
        if receipt is not None:
            state, said = self._read(receipt)
            status, taken = (302, True) if state == "stored" else (422, False)
        return Thrown("page", hostile.what, status, said, *cost, taken, hostile.taken)

    def _read(self, receipt: int) -> tuple[str, str]:
        """Once the worker is done with it. AssertionError when it takes too long."""
        ends = time.monotonic() + READ
        while time.monotonic() < ends:
            state, _, page = self.desk.look(self.server.url, receipt)
            if state != "moving":
                return state, pages.text_of(page)
            time.sleep(0.1)
        raise AssertionError(f"receipt {receipt} is still being read")

    def _stream(self, what: str, kind: str, content: bytes, *, taken: bool) -> Thrown:
        headers = {"Content-Type": kind, "Idempotency-Key": f"hostile-{time.monotonic_ns()}"}
        headers |= {"Content-Encoding": "gzip"} if content.startswith(b"\x1f\x8b") else {}
        before, began = self._cpu(), time.monotonic()
        answer = self.program.send(self.server.port, Letter(f"{API}/batches/stream?period={PERIOD}", content, headers))
        cost = self._cpu() - before, time.monotonic() - began
        told = answer.json
        said = " ".join(problem["message"] for problem in told.get("problems", [])) or told.get("detail", "")
        return Thrown("API", what, answer.status, said, *cost, answer.status == 201, taken)

    def _cpu(self) -> float:
        spent = psutil.Process(self.server.serving()).cpu_times()
        return spent.user + spent.system

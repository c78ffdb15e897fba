"""A platform's program as the portal meets it: a token for each server, and parcels in all the forms the API takes."""

from __future__ import annotations

import base64
import gzip
import json
import threading
import urllib.parse
from dataclasses import dataclass, field
from typing import Any

from portal.services.api_clients import Issued
from tests.faults import http
from tests.faults.http import Answer
from tests.faults.ingestion.world import Parcel

API = "/api/v1"


@dataclass(frozen=True, slots=True)
class Letter:
    """A request as it is written down once and sent as often as it takes."""

    path: str
    body: bytes
    headers: dict[str, str]


def letter(parcel: Parcel, way: str, key: str) -> Letter:
    """`way`: csv or gzip (CSV plain or packed), lines or ndjson (NDJSON plain or packed), json."""
    stream = f"{API}/batches/stream?period={parcel.block.period}"
    headers = {"Idempotency-Key": key}
    if way == "json":
        body = json.dumps({"period": parcel.block.period, "rows": parcel.as_objects()}).encode()
        return Letter(f"{API}/batches", body, headers | {"Content-Type": "application/json"})
    table = way in ("csv", "gzip")
    kind, body = ("text/csv", parcel.as_table()) if table else ("application/x-ndjson", parcel.as_ndjson())
    if way in ("csv", "lines"):
        return Letter(stream, body, headers | {"Content-Type": kind})
    packed = gzip.compress(body, 1, mtime=0)
    return Letter(stream, packed, headers | {"Content-Type": kind, "Content-Encoding": "gzip"})


@dataclass
class Program:
    """Asks in the name of one platform's client. Threads share it."""

    public_id: str
    secret: str = field(repr=False)
    _tokens: dict[int, str] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @classmethod
    def of(cls, issued: Issued) -> Program:
        return cls(issued.client.public_id, issued.secret)

    def send(self, port: int, written: Letter) -> Answer:
        """Raises one of http.CUT. A token that has ended is renewed, once."""
        answer = http.ask(port, "POST", written.path, written.body, self._with_token(port, written))
        if answer.status == 401:
            self._tokens.pop(port, None)
            answer = http.ask(port, "POST", written.path, written.body, self._with_token(port, written))
        return answer

    def send_and_leave(self, port: int, written: Letter, *, share: float, chunked: bool) -> None:
        headers = self._with_token(port, written)
        http.ask_and_leave(port, written.path, written.body, headers, share=share, chunked=chunked)

    def get(self, port: int, path: str) -> Any:
        return self._done(self._told(port, "GET", path, None))

    def put(self, port: int, path: str, body: object) -> Any:
        return self._done(self._told(port, "PUT", path, body))

    def _told(self, port: int, method: str, path: str, body: object) -> Answer:
        for _ in range(2):
            content = b"" if body is None else json.dumps(body).encode()
            headers = {"Authorization": f"Bearer {self._token(port)}", "Content-Type": "application/json"}
            answer = http.ask(port, method, f"{API}{path}", content, headers)
            if answer.status != 401:
                break
            self._tokens.pop(port, None)
        return answer

    def _done(self, answer: Answer) -> Any:
        assert answer.status < 300, (answer.status, answer.body[:500])
        return answer.json

    def _with_token(self, port: int, written: Letter) -> dict[str, str]:
        return {**written.headers, "Authorization": f"Bearer {self._token(port)}"}

    def _token(self, port: int) -> str:
        with self._lock:
            if port not in self._tokens:
                pair = ":".join(map(urllib.parse.quote, (self.public_id, self.secret)))
                headers = {
                    "Authorization": "Basic " + base64.b64encode(pair.encode()).decode(),
                    "Content-Type": "application/x-www-form-urlencoded",
                }
                answer = http.ask(port, "POST", f"{API}/token", b"grant_type=client_credentials", headers)
                if answer.status != 200:
                    raise ConnectionError(f"no token: {answer.status} {answer.body[:200]!r}")
                self._tokens[port] = answer.json["access_token"]
            return self._tokens[port]

"""Speaks HTTP as rudely as the world does: bodies cut in the middle, answers nobody waits for."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

CUT = (http.client.HTTPException, OSError)  # the other side is gone, or was never there


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The stable code of a refusal, empty where it has none."""
        try:
            told = self.json
        except ValueError:
            return ""
        return str(told.get("code", "")) if isinstance(told, dict) else ""


def ask(
    port: int,
    method: str,
    path: str,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    *,
    patience: int = 120,
) -> Answer:
    """One request on a connection of its own. Raises one of CUT."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)
    try:
        connection.request(method, path, body, dict(headers or {}))
        answer = connection.getresponse()
        return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
    finally:
        connection.close()


def ask_and_leave(
    port: int, path: str, body: bytes, headers: Mapping[str, str], *, share: float = 1.0, chunked: bool = False
) -> None:
    """Posts that share of the body and hangs up; the headers promise all of it. Raises one of CUT."""
    length = {"Transfer-Encoding": "chunked"} if chunked else {"Content-Length": str(len(body))}
    lines = [f"POST {path} HTTP/1.1", f"Host: 127.0.0.1:{port}"]
    lines += [f"{name}: {value}" for name, value in {**headers, **length}.items()]
    sent = body[: int(len(body) * share)]
    if chunked:
        sent = b"%x\r\n%b\r\n" % (len(sent), sent) if sent else b""
        sent += b"0\r\n\r\n" if share >= 1 else b""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as out:
        out.sendall("\r\n".join([*lines, "", ""]).encode() + sent)

"""A mail server on loopback for tests (RFC 5321): takes mail, and answers as it is told."""

from __future__ import annotations

import asyncio
import base64
import ssl
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from portal.domain.messages import MailAccess

OK = "250 2.0.0 ok"


@dataclass(slots=True)
class Mailbox:
    """`answers`: by verb, what is said to its next uses instead of yes; "drop" takes all and hangs up without a word.

    `took`: envelopes (from, to, bytes) of what was taken, `said` every line of the clients.
    """

    port: int = 0
    answers: dict[str, list[str]] = field(default_factory=dict)
    took: list[tuple[str, str, bytes]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    connections: int = 0
    login: tuple[str, str] | None = None
    tls: ssl.SSLContext | None = None

    def access(self, tls: str = "none", user: str = "", password: str = "", authority: str = "") -> MailAccess:
        return MailAccess("127.0.0.1", self.port, tls, "portal@example.kr", user, password, authority=authority)

    @property
    def mails(self) -> list[EmailMessage]:
        return [message_from_bytes(raw, policy=default) for _, _, raw in self.took]

    def next(self, verb: str, usual: str) -> str:
        waiting = self.answers.get(verb)
        return waiting.pop(0) if waiting else usual


class _Conversation:
    def __init__(self, box: Mailbox, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.box, self.reader, self.writer = box, reader, writer
        self.sender = self.to = ""
        self.signed_in = box.login is None

    async def hold(self) -> None:
        self.box.connections += 1
        await self.answer(self.box.next("GREETING", "220 mail.example.kr ESMTP"))
        while line := (await self.reader.readline()).decode().rstrip("\r\n"):
            self.box.said.append(line)
            verb = line.split(":", 1)[0].split(" ", 1)[0].upper()
            if not await self.step(verb, line):
                break

    async def step(self, verb: str, line: str) -> bool:
        """Answers one command; False where the conversation is over."""
        match verb:
            case "EHLO":
                offers = ["STARTTLS"] if self.box.tls else []
                offers += ["AUTH PLAIN"] if self.box.login else []
                lines = ["mail.example.kr", *offers, "8BITMIME"]
                await self.answer(*(f"250-{each}" for each in lines[:-1]), f"250 {lines[-1]}")
            case "STARTTLS":
                await self.answer("220 go ahead")
                await self.writer.start_tls(self.box.tls)  # ty: ignore[invalid-argument-type]
            case "AUTH":
                given = base64.b64decode(line.rsplit(maxsplit=1)[-1]).decode().split("\0")[1:]
                self.signed_in = tuple(given) == self.box.login
                await self.answer("235 2.7.0 ok" if self.signed_in else "535 5.7.8 no")
            case "MAIL":
                self.sender = line[10:].split(">", maxsplit=1)[0].strip("< ")
                await self.answer(self.box.next("MAIL", OK if self.signed_in else "530 5.7.0 sign in first"))
            case "RCPT":
                self.to = line[8:].strip("<> ")
                await self.answer(self.box.next("RCPT", OK))
            case "DATA":
                return await self.data()
            case "QUIT":
                await self.answer("221 bye")
                return False
            case _:
                await self.answer(OK)
        return True

    async def data(self) -> bool:
        await self.answer("354 go on")
        raw = b""
        while (line := await self.reader.readline()) != b".\r\n":
            raw += line.removeprefix(b".") if line.startswith(b"..") else line
        said = self.box.next("DATA", OK)
        if said == "drop" or said.startswith("250"):
            self.box.took.append((self.sender, self.to, raw))
        if said == "drop":
            return False
        await self.answer(said)
        return True

    async def answer(self, *lines: str) -> None:
        self.writer.write("".join(f"{line}\r\n" for line in lines).encode())
        await self.writer.drain()


@contextmanager
def receiving(box: Mailbox | None = None, *, at_once: bool = False) -> Generator[Mailbox]:
    """The server while it runs; `at_once`: TLS from the first byte."""
    box, loop, ready = box or Mailbox(), asyncio.new_event_loop(), threading.Event()
    stop = asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await _Conversation(box, reader, writer).hold()
        writer.close()

    async def serve() -> None:
        server = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=box.tls if at_once else None)
        box.port = server.sockets[0].getsockname()[1]
        ready.set()
        await stop.wait()
        server.close()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield box
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        loop.close()

"""Delivers parcels until each is acknowledged: by the API, by command, by folder; rudely, and again after every cut."""

from __future__ import annotations

import re
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import httpx

from tests.faults import http
from tests.faults.book import Book
from tests.faults.desk import Desk, delivery_of, receipt_of
from tests.faults.http import Answer
from tests.faults.ingestion.platforms import Letter, Program, letter
from tests.faults.ingestion.sends import Send
from tests.faults.ingestion.world import Parcel, World, mixed
from tests.faults.killer import Killer
from tests.faults.processes import Deployment, Running, WebServer

PASSING = {409: "in_flight", 429: "", 503: ""}  # refusals after which the same is sent again
LOST = 50  # tries of a request without an answer, before another parcel has its turn
TOLD = re.compile(r"delivery: (\d+).*?rows: (\d+)\naccepted: (\d+)\nrefused: (\d+)", re.DOTALL)


@dataclass
class Post:
    """What the senders share: who is asked, the book, and what is still to be sent."""

    deployment: Deployment
    servers: Sequence[WebServer]
    programs: dict[str, Program]
    folder: Path
    desk: Desk
    book: Book
    killer: Killer
    waiting: deque[Send]
    wrong: list[str] = field(default_factory=list)
    tries: Counter[str] = field(default_factory=Counter)
    dropped: dict[str, Send] = field(default_factory=dict)
    received: dict[int, Send] = field(default_factory=dict)

    def work(self, seed: int) -> None:
        """One sender: until nothing waits any more. A mishap of the harness itself is a wrong, not a silent end."""
        random = Random(seed)
        while True:
            try:
                send = self.waiting.popleft()
            except IndexError:
                return
            try:
                if not self._delivered(send, random):
                    self.waiting.append(send)
                    time.sleep(0.05)
            except Exception as mishap:
                self.wrong.append(f"{send.key}: the harness itself: {mishap!r}")

    def _delivered(self, send: Send, random: Random) -> bool:
        """Whether it is done with; otherwise it is tried again later."""
        self.tries[send.way] += 1
        if send.way == "folder":
            return self._drop(send, random)
        if send.way == "command":
            return self._command(send)
        if send.way == "page":
            return self._upload(send, random)
        return self._ask(send, random)

    # By the API ---------------------------------------------------------------------------------------------------

    def _ask(self, send: Send, random: Random) -> bool:
        """The same bytes under the same key until there is an answer, by whichever server is up."""
        program = self.programs[send.parcel.block.platform]
        written = letter(send.parcel, send.way, send.key)
        for _ in range(LOST):
            port = random.choice(self.servers).port
            try:
                self._rudely(program, port, written, random)
                answer = program.send(port, written)
            except http.CUT:
                self.tries["connection lost"] += 1
                time.sleep(0.2)
            else:
                return self._answered(send, answer, written, random)
        return False

    def _rudely(self, program: Program, port: int, written: Letter, random: Random) -> None:
        """Now and then it was begun before: the body broke off, or the answer was not waited for."""
        if random.random() < 0.3:
            share = random.choice((0.1, 0.5, 0.9, 0.999))
            program.send_and_leave(port, written, share=share, chunked=random.random() < 0.2)
            self.tries["cut"] += 1
            time.sleep(random.choice((0, 0.3)))
        if random.random() < 0.05:
            program.send_and_leave(port, written, share=1, chunked=False)
            self.tries["hung up"] += 1

    def _answered(self, send: Send, answer: Answer, written: Letter, random: Random) -> bool:
        if answer.status == 201:
            told = answer.json
            self._acknowledge(send, told["id"], told["received_rows"], told["accepted"], told["refused"])
            if random.random() < 0.1:
                self._probe(send, written, told["id"], random)
            return True
        if answer.status in PASSING and answer.code in ("in_flight", "busy", "conflict", "too_many_requests"):
            self.tries[answer.code] += 1
            time.sleep(0.3)
            return False
        self.wrong.append(f"{send.key}: answered {answer.status} {answer.body[:300]!r}")
        return True

    def _probe(self, send: Send, written: Letter, number: int, random: Random) -> None:
        """An acknowledged key answers the same again, and refuses another body."""
        program, port = self.programs[send.parcel.block.platform], random.choice(self.servers).port
        other = Letter(written.path, written.body + b"\n", written.headers)
        try:
            again, misused = program.send(port, written), program.send(port, other)
        except http.CUT:
            return
        if again.status == 201 and again.json["id"] != number:
            self.wrong.append(f"{send.key}: first answered {number}, then {again.json['id']}")
        for answer, replays in ((again, True), (misused, False)):
            told = answer.headers.get("idempotency-replayed") == "true"
            if answer.status < 500 and answer.status not in PASSING and (answer.status == 201, told) != (replays,) * 2:
                self.wrong.append(f"{send.key}: its key {'was forgotten' if replays else 'took another body'}")
            self.tries["key probed"] += 1

    # By command and folder ----------------------------------------------------------------------------------------

    def _command(self, send: Send) -> bool:
        block, instance = send.parcel.block, self.deployment.settings.instance
        path = instance / "outbox" / f"{send.key}.csv"
        path.write_bytes(send.parcel.as_table())
        arguments = ["settlement", "deliver", str(path), "--platform", block.platform, "--period", block.period]
        command = self.deployment.flask(*arguments, "--by", self.desk.login)
        running = Running(f"outbox/{send.key}", command, self.deployment, kind="command")
        running.log.unlink(missing_ok=True)
        running.start()
        self.killer.passing.add(running)
        code = running.ended()
        self.killer.passing.discard(running)
        said = running.log.read_text()
        found = TOLD.search(said)
        if code == 0 and found:
            self._acknowledge(send, *map(int, found.groups()))
        elif code == 2 or (code > 0 and "database is locked" not in said):
            self.wrong.append(f"{send.key}: exit {code}, {said[-600:]}")
        else:
            self.tries["command killed" if code < 0 else "command found the database busy"] += 1
            return False
        return True

    def _drop(self, send: Send, random: Random) -> bool:
        """Renamed when whole, as an SFTP server does; what broke off on the way stays a `.part`."""
        folder = self.folder / send.parcel.block.platform / send.parcel.block.period
        content, name = send.parcel.as_table(), f"{send.key}.csv"
        if random.random() < 0.2:
            (folder / f"broken-{name}.part").write_bytes(content[: len(content) // 2])
        part = folder / f"{name}.part"
        part.write_bytes(content)
        self.dropped[name] = send
        part.rename(folder / name)
        return True

    # By the page --------------------------------------------------------------------------------------------------

    def _upload(self, send: Send, random: Random) -> bool:
        """An official hands it in: it is received, and read by a worker later, or the same bytes are known."""
        block, name = send.parcel.block, f"{send.key}.csv"
        url = random.choice(self.servers).url
        try:
            answer = self.desk.upload(url, block.platform, block.period, name, send.parcel.as_table())
        except httpx.HTTPError:
            self.tries["connection lost"] += 1
            return False
        return self._received(send, answer)

    def _received(self, send: Send, answer: httpx.Response) -> bool:
        number, receipt = delivery_of(answer), receipt_of(answer)
        if receipt is not None:
            self.received[receipt] = send
        elif number is not None:
            self._acknowledge(send, number)
        elif answer.status_code not in (302, 401, 503):  # signed out, or busy: again
            self.wrong.append(f"{send.key}: the page answered {answer.status_code}")
        return receipt is not None or number is not None

    def _look(self, receipt: int, send: Send) -> None:
        """An official looks what became of a file, and has it read again where several workers were lost over it."""
        url = self.servers[0].url
        state, number, _ = self.desk.look(url, receipt)
        if state == "moving":
            return
        del self.received[receipt]
        if state == "stored":
            self._acknowledge(send, number)
        elif not self._received(send, self.desk.read_again(url, receipt)):
            self.wrong.append(f"{send.key}: received as {receipt}, and nothing comes of it")
        else:
            self.tries["read again"] += 1

    def collect(self) -> None:
        """Acknowledges what watcher and worker have taken by now. A dropped file that was refused is wrong."""
        for receipt, send in list(self.received.items()):
            try:
                self._look(receipt, send)
            except httpx.HTTPError:
                self.tries["connection lost"] += 1
        for path in self.folder.glob("*/*/taken/*.csv"):
            number, _, name = path.name.partition("-")
            send = self.dropped.pop(name, None)
            if send is not None:
                self._acknowledge(send, int(number))
        for path in self.folder.glob("*/*/refused/*.csv"):
            if self.dropped.pop(path.name, None) is not None:
                self.wrong.append(f"{path.name}: refused, {path.with_suffix('.csv.txt').read_text()[:300]}")

    def _acknowledge(self, send: Send, number: int, *counts: int) -> None:
        parcel = send.parcel
        self.book.write(
            kind="acknowledged", parcel=parcel.number, way=send.way, key=send.key, delivery=number, counts=counts
        )


def several(post: Post, count: int, seed: int) -> list[threading.Thread]:
    """Senders at work."""
    threads = [threading.Thread(target=post.work, args=(mixed(seed, number, 12),)) for number in range(count)]
    for thread in threads:
        thread.start()
    return threads


def unheard(post: Post, world: World) -> Iterator[Parcel]:
    """Sends a few tables more and never waits for an answer: of each, nothing or everything may be stored."""
    random = Random(mixed(world.seed, 13))
    for block in random.sample(world.blocks, min(len(world.blocks), 12)):
        parcel = Parcel(world, len(world.parcels) + block.number, block, 9, 0, 1, "table", 1)
        written = letter(parcel, "csv", f"{parcel.name}-unheard")
        yield parcel
        try:
            port = random.choice(post.servers).port
            post.programs[block.platform].send_and_leave(port, written, share=1, chunked=False)
        except http.CUT:
            continue

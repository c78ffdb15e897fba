"""Runs a reader of foreign files in a process of its own, with hard limits, so that a hostile file costs one child."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from portal.storage.sandbox_children import Bounds, Child, Stillborn, child

_LOOK = 0.5  # seconds between two looks at how far the child has come
_TAIL = 4000  # bytes of the child's stderr kept for the log


class Ending(Enum):
    """How the child ended: it said so itself (`answered`), a limit stopped it, or it is our fault or the machine's."""

    ANSWERED = "answered"
    LIMIT = "limit"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Ran:
    ending: Ending
    answer: dict[str, Any]
    said: str


Heard = Callable[[int, int], None]


def unheard(_done: int, _of: int) -> None:
    """For who does not want to know."""


class ReaderFailed(Exception):
    """The reader broke for a reason that is not the file's: a full disk, a killed host, a fault of ours. Try again."""


OUT_OF_MEMORY = 75  # what a child says when a limit on memory or file size stopped it; 0 means it left an answer
# SIGKILL is not among them: nothing here sends it while the child may still answer, so it came from the machine.
_LIMIT_SIGNALS = {signal.SIGXCPU, signal.SIGABRT, signal.SIGSEGV, signal.SIGBUS, signal.SIGXFSZ}


def run(module: str, job: dict[str, Any], *, into: Path, bounds: Bounds, heard: Heard = unheard) -> Ran:
    """Run `module.main()` on `job` (JSON) inside `bounds`; it works in `into` and leaves `into/answer.json`.

    `heard(done, of)` is called twice a second with what the child said last by `tell`; what it raises ends the child.

    The child has an environment of its own: no settings, no secrets, no handles of the parent. The job travels through
    a pipe: it may hold a password, and a command line can be read by anybody on the machine. The whole process group is
    dead when this returns, whatever happened.
    """
    answer, log = into / "answer.json", into / "child.log"
    answer.unlink(missing_ok=True)
    try:
        with log.open("wb") as said, child(module, json.dumps(job).encode(), into=into, bounds=bounds, log=said) as one:
            code = _waited(one, bounds.seconds, lambda: heard(*_told(into)))
    except Stillborn as wrong:
        return Ran(Ending.FAILED, {}, str(wrong))
    said_last = log.read_bytes()[-_TAIL:].decode(errors="replace")
    log.unlink()
    if code == 0 and answer.is_file():
        return Ran(Ending.ANSWERED, json.loads(answer.read_text()), said_last)
    stopped = code is None or code == OUT_OF_MEMORY or (code < 0 and -code in _LIMIT_SIGNALS)
    return Ran(Ending.LIMIT if stopped else Ending.FAILED, {}, said_last)


def tell(into: Path, done: int, of: int) -> None:
    """Says from inside the child how far it has come: written whole, so that no half of a number is read."""
    aside = into / "progress.new"
    aside.write_text(f"{done} {of}")
    aside.replace(into / "progress")


def _told(into: Path) -> tuple[int, int]:
    """What the child said last; it is foreign code's neighbour, so anything else than two numbers is nothing."""
    try:
        done, of = (into / "progress").read_text()[:40].split()
        return int(done), int(of)
    except (OSError, ValueError):
        return 0, 0


def _waited(one: Child, seconds: float, look: Callable[[], None]) -> int | None:
    """The child's exit code, None where its time was up."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        if one.ended(min(_LOOK, left)):
            return one.code
        look()
    return None

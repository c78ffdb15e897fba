"""The moments at which a step can be ended: before every statement and commit, at every file's opening, writing, fsync
and renaming, at every connection to somebody outside, before every look at its answer. For forked children only:
nothing is ever put back."""

from __future__ import annotations

import errno
import os
import random
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from fsspec.implementations.local import LocalFileOpener
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from portal.storage import durable

_MOVES = ("os.rename", "os.mkdir", "os.remove")
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
FILES = ("open", "write", "fsync", *_MOVES)  # where a disk can be full or broken
Act = Callable[[str], None]


class Points:
    """Counts moments, and at the one numbered `at` (from 1) does `act`. `kinds`: those that count, all unless told."""

    def __init__(self, at: int, act: Act, *, kinds: tuple[str, ...] = ()) -> None:
        self.at, self.act, self.kinds = at, act, kinds
        self.passed: list[str] = []

    def pass_(self, kind: str) -> None:
        if self.kinds and kind not in self.kinds:
            return
        self.passed.append(kind)
        if len(self.passed) == self.at:
            self.act(kind)


def kill(_kind: str) -> None:
    """No handler, no farewell, nothing flushed."""
    os.kill(os.getpid(), signal.SIGKILL)


def broken(number: int) -> Act:
    """What a disk does that is full (ENOSPC) or broken (EIO), at one moment."""

    def fail(kind: str) -> None:
        raise OSError(number, f"{os.strerror(number)} (at {kind})")

    return fail


FULL, BROKEN = broken(errno.ENOSPC), broken(errno.EIO)


def install(points: Points, folder: Path) -> None:
    """Watches this process; files are those under `folder`."""
    event.listen(Engine, "before_cursor_execute", lambda *_: points.pass_("statement"))
    event.listen(Engine, "commit", lambda _connection: points.pass_("commit"))
    event.listen(Session, "after_commit", lambda _session: points.pass_("committed"))
    sys.addaudithook(lambda name, arguments: _audited(points, str(folder), name, arguments))
    _watch_fsync(points)
    _watch_writes(points)
    _watch_answers(points)


def seeded(random_: Random) -> None:
    """Chance is the same again: what is done a second time can be compared with the first to the byte."""
    os.urandom = random._urandom = random_.randbytes  # ty: ignore


def _audited(points: Points, folder: str, name: str, arguments: tuple[Any, ...]) -> None:
    if name == "open":
        path, _mode, flags = arguments
        if isinstance(flags, int) and flags & _WRITES and str(path).startswith(folder):
            points.pass_("open")
    elif name in _MOVES:
        if str(arguments[0]).startswith(folder):
            points.pass_(name)
    elif name == "socket.connect" and isinstance(arguments[1], tuple):
        points.pass_("send")


def _watch_fsync(points: Points) -> None:
    whole = durable.fsync

    def watched(descriptor: int) -> None:
        points.pass_("fsync")
        whole(descriptor)

    for module in list(sys.modules.values()):
        if getattr(module, "fsync", None) is whole:
            module.fsync = watched  # ty: ignore[missing-attribute]


def _watch_writes(points: Points) -> None:
    """The disk takes half of a block before the moment comes."""
    whole = LocalFileOpener.write

    def halved(self: LocalFileOpener, data: bytes) -> int:
        whole(self, data[: len(data) // 2])
        self.flush()
        points.pass_("write")
        return whole(self, data[len(data) // 2 :])

    LocalFileOpener.write = halved


def _watch_answers(points: Points) -> None:
    """What was sent has left; what is answered to it has not been looked at."""
    whole = socket.socket.recv

    def watched(self: socket.socket, *arguments: int) -> bytes:
        points.pass_("answer")
        return whole(self, *arguments)

    socket.socket.recv = watched  # ty: ignore[invalid-assignment]

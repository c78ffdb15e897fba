"""Children for the sandbox: has a nursery (sandbox_nursery) fork one, and sees to it that none outlives its use.

A nursery has imported what its children read with, so a file costs a fork and not a third of a second of imports. All
children of a nursery have the same random layout of memory: one that died of a signal, which is what an attack on a
reader looks like that did not quite succeed, was its nursery's last; otherwise a hundred may follow each other.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

_ROOT = Path(__file__).resolve().parents[2]
_CHILDREN = 100  # of one nursery
NUMBER = struct.Struct("!i")  # what a nursery says of a child: its process number, then how it ended


class Stillborn(Exception):
    """No child could be started, which is no file's fault."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one child may use. `memory` is address space in bytes, `file` the largest file it may write."""

    seconds: float
    cpu_seconds: int
    memory: int
    file: int
    open_files: int = 256


@dataclass(slots=True)
class Child:
    """A process with a group of its own. `code` once it has ended: its exit code, or minus the signal it died of."""

    pid: int
    link: socket.socket
    code: int | None = None

    def ended(self, seconds: float | None) -> bool:
        """Whether it ends within `seconds` (None: waits for it). With it its whole group is dead."""
        if self.code is None:
            self.link.settimeout(seconds)
            with contextlib.suppress(TimeoutError):
                self.code = _said(self.link)
                if self.code is None:  # the nursery itself was killed
                    _kill(self.pid)
                    self.code = -signal.SIGKILL
        return self.code is not None

    def end(self) -> None:
        with contextlib.suppress(OSError):  # it has ended, and so has the link
            self.link.shutdown(socket.SHUT_WR)
        self.ended(None)


@dataclass(slots=True)
class _Nursery:
    process: subprocess.Popen[bytes]
    control: socket.socket
    left: int = _CHILDREN


@dataclass(slots=True)
class _Nurseries:
    """Of this process: those that take orders, by the module that their children run, and those that come to an end."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    open: dict[str, _Nursery] = field(default_factory=dict)
    closed: list[_Nursery] = field(default_factory=list)

    def asked(self, module: str, theirs: socket.socket) -> _Nursery:
        """The nursery of that module, begun where there is none, told to fork a child for the link. BrokenPipeError."""
        with self.lock:
            nursery = self.open.get(module) or self.open.setdefault(module, _begun(module))
            nursery.left -= 1
            if not nursery.left:
                del self.open[module]
                self.closed.append(nursery)
            socket.send_fds(nursery.control, [b"1"], [theirs.fileno()])
            self._tidy()
            return nursery

    def close(self, module: str, nursery: _Nursery | None = None) -> None:
        """No more children of this one; those it has come to their end."""
        with self.lock:
            found = self.open.get(module)
            if found is not None and nursery in (None, found):
                self.closed.append(self.open.pop(module))
            self._tidy()

    def close_all(self) -> None:
        """At the end of this process, which has no children any more: its nurseries go with it."""
        for module in list(self.open):
            self.close(module)
        for nursery in self.closed:
            with contextlib.suppress(subprocess.TimeoutExpired):
                nursery.process.wait(1)

    def forget(self) -> None:
        """In a forked copy of this process, which has no nurseries."""
        for nursery in (*self.open.values(), *self.closed):
            nursery.control.close()
            nursery.process.returncode = 0  # somebody else's to wait for
        self.lock, self.open, self.closed = threading.Lock(), {}, []

    def _tidy(self) -> None:
        for nursery in self.closed:
            nursery.control.close()
        self.closed = [nursery for nursery in self.closed if nursery.process.poll() is None]


_nurseries = _Nurseries()
atexit.register(_nurseries.close_all)
os.register_at_fork(after_in_child=_nurseries.forget)


def close_all() -> None:
    """Ends the nurseries of this process; the next child begins one anew."""
    _nurseries.close_all()


@contextmanager
def child(module: str, job: bytes, *, into: Path, bounds: Bounds, log: IO[bytes]) -> Generator[Child]:
    """A new child that runs `module.main()` in `into` inside `bounds`, with `job` as its standard input. It and its
    group are dead when the context ends. Raises Stillborn."""
    order = json.dumps({"into": str(into), "bounds": asdict(bounds)}).encode()
    reads, writes = os.pipe()
    with open(writes, "wb") as given:
        with open(reads, "rb") as taken:
            one, nursery = _born(module, order, [taken.fileno(), log.fileno()])
        with one.link:
            try:
                with contextlib.suppress(BrokenPipeError):  # it is dead already
                    given.write(job)
                    given.close()
                yield one
            finally:
                one.end()
                if one.code is not None and one.code < 0:
                    _nurseries.close(module, nursery)


def _born(module: str, order: bytes, streams: list[int]) -> tuple[Child, _Nursery]:
    """Once more by a new nursery where the one there was has just gone."""
    for _ in range(2):
        ours, theirs = socket.socketpair()
        socket.send_fds(ours, [order], streams)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError), theirs:
            nursery = _nurseries.asked(module, theirs)
            theirs.close()
            pid = _said(ours)
            if pid is not None:
                return Child(pid, ours), nursery
        ours.close()
        _nurseries.close(module)
    raise Stillborn(f"no process can be forked for {module}")


def _begun(module: str) -> _Nursery:
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and modules
            [sys.executable, "-P", "-s", "-m", "portal.storage.sandbox_nursery", module],
            stdin=theirs.fileno(), stdout=subprocess.DEVNULL, cwd="/", env=_environment(), start_new_session=True,
        )  # fmt: skip
    return _Nursery(process, ours)


def _environment() -> dict[str, str]:
    """Of nurseries and their children: no settings, no secrets."""
    return {
        "PATH": os.defpath,
        "PYTHONPATH": str(_ROOT),
        "LANG": "C.UTF-8",
        "TZ": "Asia/Seoul",
        # Arenas reserve address space without holding anything: 64 MB a thread here, 1 GB at once in Arrow's own pool.
        "MALLOC_ARENA_MAX": "2",
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        "OMP_NUM_THREADS": "1",
    }


def _said(link: socket.socket) -> int | None:
    """The next number that the nursery says; None where there is none any more. TimeoutError."""
    try:
        told = link.recv(NUMBER.size)
    except ConnectionResetError:
        return None
    return NUMBER.unpack(told)[0] if len(told) == NUMBER.size else None


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)

"""Runs a reader of foreign files in a process of its own, with hard limits, so that a hostile file costs one child.

Run as a module it is the child's first stage: it takes on the limits, then runs the reader named on the command line.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import resource
import runpy
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parents[2]
_LOOK = 0.5  # seconds between two looks at how far the child has come
_GIVES_WAY = 10  # of 19: a page that wants the core gets most of it
_TAIL = 4000  # bytes of the child's stderr kept for the log


class Ending(Enum):
    """How the child ended: it said so itself (`answered`), a limit stopped it, or it is our fault or the machine's."""

    ANSWERED = "answered"
    LIMIT = "limit"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one child may use. `memory` is address space in bytes, `file` the largest file it may write."""

    seconds: float
    cpu_seconds: int
    memory: int
    file: int
    open_files: int = 256


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
    """Run `python -m module` on `job` (JSON) inside `bounds`; it works in `into` and leaves `into/answer.json`.

    `heard(done, of)` is called twice a second with what the child said last by `tell`; what it raises ends the child.

    The child gets an environment of its own: no settings, no secrets, no handles of the parent. The job travels through
    a pipe: it may hold a password, and a command line can be read by anybody on the machine. The whole process group is
    dead when this returns, whatever happened.
    """
    answer, log = into / "answer.json", into / "child.log"
    answer.unlink(missing_ok=True)
    command = [sys.executable, "-P", "-s", "-m", __name__, json.dumps(asdict(bounds)), module]
    with log.open("wb") as said:
        child = subprocess.Popen(  # noqa: S603 - our own interpreter and modules; the file's name travels inside JSON
            command, stdin=subprocess.PIPE, stdout=said, stderr=said, cwd=into, env=_environment(into),
            start_new_session=True, close_fds=True,
        )  # fmt: skip
        try:
            code = _waited(child, json.dumps(job).encode(), bounds.seconds, lambda: heard(*_told(into)))
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()
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


def _waited(child: subprocess.Popen[bytes], job: bytes, seconds: float, look: Callable[[], None]) -> int | None:
    """The child's exit code, None where its time was up."""
    until, sent = time.monotonic() + seconds, job
    while (left := until - time.monotonic()) > 0:
        try:
            child.communicate(sent, min(_LOOK, left))
        except subprocess.TimeoutExpired:
            sent = b""
            look()
        else:
            return child.returncode
    return None


def _environment(into: Path) -> dict[str, str]:
    return {
        "PATH": os.defpath,
        "PYTHONPATH": str(_ROOT),
        "LANG": "C.UTF-8",
        "TZ": "Asia/Seoul",
        "HOME": str(into),
        "TMPDIR": str(into),
        # Arenas reserve address space without holding anything: 64 MB a thread here, 1 GB at once in Arrow's own pool.
        "MALLOC_ARENA_MAX": "2",
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        "OMP_NUM_THREADS": "1",
    }


def _give_way() -> None:
    """To pages. A session of its own is, on a machine for people, also a group whose priority counts against others."""
    os.nice(_GIVES_WAY)
    with contextlib.suppress(OSError):  # only where the kernel groups sessions
        Path("/proc/self/autogroup").write_text(str(_GIVES_WAY))


def _confine(bounds: Bounds) -> None:
    # One second between the two, or the kernel kills at once and the parent cannot tell why.
    resource.setrlimit(resource.RLIMIT_CPU, (bounds.cpu_seconds, bounds.cpu_seconds + 1))
    for what, most in (
        (resource.RLIMIT_AS, bounds.memory),
        (resource.RLIMIT_FSIZE, bounds.file),
        (resource.RLIMIT_NOFILE, bounds.open_files),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def _first_stage(arguments: list[str]) -> None:
    bounds, module = arguments
    _give_way()
    _confine(Bounds(**json.loads(bounds)))
    # Arrow and the engine load what they find of these: a quarter of a second and 60 MB that no reader asks for.
    sys.modules.update(numpy=None, pandas=None)  # ty: ignore[invalid-argument-type]
    gc.disable()  # a reader is gone before its cycles matter; rows of cells would be searched for them again and again
    sys.argv = [module, sys.stdin.read()]
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except MemoryError:
        sys.exit(OUT_OF_MEMORY)


if __name__ == "__main__":
    _first_stage(sys.argv[1:])

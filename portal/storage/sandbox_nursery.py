"""The process that readers are forked from: it has imported their module once, and never sees a file or a job.

It is told where a child works and what it may use; the job goes to the child alone, so that no child finds in its
memory what an earlier one was given (a password).
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import resource
import selectors
import signal
import socket
import sys
import traceback
from pathlib import Path
from typing import Any

from portal.storage.sandbox import OUT_OF_MEMORY
from portal.storage.sandbox_children import NUMBER, Bounds

_GIVES_WAY = 10  # of 19: a page that wants the core gets most of it
_IDLE = 300  # seconds without a child after which it goes: what it has imported is memory
_ORDER = 65_536  # bytes, at most
_HANDLES = 65_536  # far more than a nursery has


class Nursery:
    """Forks a child for every link that comes through `control`; whose link closes, that child ends."""

    def __init__(self, module: str, control: socket.socket) -> None:
        self._module = module
        self._control = control
        self._open = True
        self._links: dict[int, socket.socket] = {}
        self._waiting = selectors.DefaultSelector()
        woken, wakes = os.pipe()
        os.set_blocking(wakes, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wakes)
        self._waiting.register(control, selectors.EVENT_READ, self._take)
        self._waiting.register(woken, selectors.EVENT_READ, lambda: os.read(woken, 4096))

    def serve(self) -> None:
        """Until nobody can ask for children any more, or has for a while, and the last child has gone."""
        while self._open or self._links:
            happened = self._waiting.select(None if self._links else _IDLE)
            if not happened:
                return
            for key, _ in happened:
                key.data()
            for pid in list(self._links):
                self._bury(pid)

    def _take(self) -> None:
        """One child is asked for by one byte and a link; all else comes through the link."""
        said, handles, _, _ = socket.recv_fds(self._control, 1, 1)
        if not said:
            self._open = False
            self._waiting.unregister(self._control)
            return
        link = socket.socket(fileno=handles[0])
        order, streams, _, _ = socket.recv_fds(link, _ORDER, 2)
        pid = os.fork()
        if pid == 0:
            _be_child(self._module, json.loads(order), *streams)
        for stream in streams:
            os.close(stream)
        self._links[pid] = link
        self._waiting.register(link, selectors.EVENT_READ, lambda: self._end(pid))
        _tell(link, pid)

    def _end(self, pid: int) -> None:
        """Nobody waits for this child any more, or its time is up."""
        self._waiting.unregister(self._links[pid])
        _kill(pid)

    def _bury(self, pid: int) -> None:
        """Tells how a child died that is dead. Its group dies before its number can become somebody else's."""
        if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            return
        _kill(pid)
        _, status = os.waitpid(pid, 0)
        with self._links.pop(pid) as link:
            with contextlib.suppress(KeyError):
                self._waiting.unregister(link)
            _tell(link, os.waitstatus_to_exitcode(status))


def _tell(link: socket.socket, number: int) -> None:
    with contextlib.suppress(OSError):  # nobody listens any more
        link.send(NUMBER.pack(number))


def _kill(pid: int) -> None:
    """The child's group, and the child, which has none yet if it was born this moment."""
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(pid, signal.SIGKILL)


def _be_child(module: str, order: dict[str, Any], job: int, log: int) -> None:
    """Never returns. A session, limits and a folder of its own; the job and a log are all the handles there are."""
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        for handle, place in ((log, 1), (log, 2), (job, 0)):
            os.dup2(handle, place)
        os.closerange(3, _HANDLES)
        os.chdir(order["into"])
        os.environ.update(HOME=order["into"], TMPDIR=order["into"])
        _give_way()
        _confine(Bounds(**order["bounds"]))
        sys.argv = [module, sys.stdin.read()]
        importlib.import_module(module).main()
        code = 0
    except MemoryError:
        code = OUT_OF_MEMORY
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


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


def _main(module: str) -> None:
    # Arrow and the engine load what they find of these: a quarter of a second and 60 MB that no reader asks for.
    sys.modules.update(numpy=None, pandas=None)  # ty: ignore[invalid-argument-type]
    gc.disable()  # a reader is gone before its cycles matter; rows of cells would be searched for them again and again
    importlib.import_module(module)
    gc.freeze()
    Nursery(module, socket.socket(fileno=os.dup(0))).serve()
    os._exit(0)  # nothing is left to be written, and what was frozen is not to be looked through


if __name__ == "__main__":
    _main(sys.argv[1])

"""Work in a child of this process that may be killed at any moment: forked, so that a kill costs milliseconds.

The parent never keeps a connection to a database open while it forks, and computes nothing with threads.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended: killed, with an answer, or in trouble (its traceback)."""

    killed: bool
    answer: Any = None
    trouble: str = ""

    @property
    def result(self) -> Any:
        assert not self.killed, "killed"
        assert not self.trouble, self.trouble
        return self.answer


def forked(work: Callable[[], Any], *, kill_after: float | None = None) -> Ended:
    """Runs `work` in a child; what it answers must be JSON. `kill_after`: seconds until SIGKILL, whatever it does."""
    reading, writing = os.pipe()
    gc.freeze()  # what is here already is not looked through, and so not copied, by the child
    child = os.fork()
    if child == 0:
        os.close(reading)
        _work(work, writing)
    gc.unfreeze()
    os.close(writing)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    with open(reading, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return Ended(killed=True)
    told = json.loads(said)
    return Ended(False, told.get("answer"), told.get("trouble", ""))


def _work(work: Callable[[], Any], writing: int) -> None:
    """Never returns, and leaves nothing to the handlers of the process it was forked from."""
    try:
        told = {"answer": work()}
    except BaseException:
        told = {"trouble": traceback.format_exc()}
    try:
        with open(writing, "wb") as pipe:
            pipe.write(json.dumps(told).encode())
    finally:
        os._exit(0)

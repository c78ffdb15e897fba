"""Makes transactions at once meet at a statement: each has done what comes before it when any goes on."""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Engine, event

PATIENCE = 1.0  # seconds; where one waits for the other's lock they cannot meet, and go on one after the other


@contextmanager
def meeting(engine: Engine, *, before: str = "", after: str = "", of: int = 2) -> Generator[None]:
    """Each thread waits once, before or after its first statement that begins so, until all are there."""
    gate, there = threading.Barrier(of), threading.local()

    def wait(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith(before or after) and not getattr(there, "been", False):
            there.been = True
            with suppress(threading.BrokenBarrierError):
                gate.wait(PATIENCE)

    name = "before_cursor_execute" if before else "after_cursor_execute"
    event.listen(engine, name, wait)
    try:
        yield
    finally:
        event.remove(engine, name, wait)

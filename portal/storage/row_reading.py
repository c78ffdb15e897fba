"""The door for rows that a program sent: judged in this process by the statements that judge every file.

A program's rows are cut already, so there is no foreign format to be afraid of and no child to start. They are few, and
judged one delivery at a time by a thread of their own, which gives way to the pages that this process serves.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from portal.domain.errors import FileRefused, Problem
from portal.domain.layouts import CANONICAL
from portal.domain.settlements import COLUMNS, FileFault
from portal.storage import layout_cells, line_judging, readers
from portal.storage.incoming import Incoming
from portal.storage.payload_rows import PayloadRows
from portal.storage.readers import Limits, ReadResult
from portal.storage.sandbox import ReaderFailed

LIMITS = Limits(rows=10_000, engine_memory=64 << 20, threads=1)

_NAMES = [column.name for column in COLUMNS]
_GIVES_WAY = 10  # of 19: a page that wants the core gets most of it


def read_rows(
    rows: Sequence[Sequence[str]], *, platform: str, period: str, delivery_number: int, into: Path
) -> ReadResult:
    """Judge rows of cells in the order of COLUMNS; a row with one cell is one that could not be cut.

    As `readers.read_delivery`: the same refusals row by row, the same files in `into`, the same errors.
    """
    job = readers.job(
        into, platform=platform, period=period, delivery_number=delivery_number, sent=readers.PLAIN, limits=LIMITS
    )
    source = PayloadRows(rows, line_bytes=LIMITS.line_bytes, most=LIMITS.rows)
    told = Incoming(source, layout_cells.canonical(_NAMES), len(_NAMES), CANONICAL, "utf-8")
    return readers.result(_judge().submit(_judged, told, job, into.resolve()).result(), into)


def _judged(told: Incoming, job: dict[str, Any], into: Path) -> dict[str, Any]:
    try:
        return line_judging.judge(told, job, into)
    except duckdb.OutOfMemoryException as error:
        raise FileRefused(problems=(Problem(FileFault.TOO_COSTLY.value),)) from error
    except duckdb.Error as error:
        raise ReaderFailed(str(error)) from error


@cache
def _judge() -> ThreadPoolExecutor:
    """The one thread that judges; made when it is first needed, in the process that needs it."""
    return ThreadPoolExecutor(1, "judge", initializer=_give_way)


def _give_way() -> None:
    with contextlib.suppress(OSError):  # a thread has a priority of its own on Linux alone
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _GIVES_WAY)

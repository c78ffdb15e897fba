"""The child that reads one delivery: cuts, checks, writes accepted lines and refused rows aside, leaves its answer.

Runs under portal.storage.sandbox only; the job and the answer are JSON.
"""

from __future__ import annotations

import contextlib
import errno
import json
import re
import sys
import time
from collections.abc import Generator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import duckdb

from portal.domain.errors import FileRefused
from portal.domain.layout_matching import LayoutUnknown
from portal.domain.layouts import from_plain
from portal.domain.settlements import FileFault
from portal.storage import incoming, line_judging, store_names, workbook_bounds, workbook_shares, workbook_sheets
from portal.storage.csv_rows import Heard
from portal.storage.csv_text import refuse
from portal.storage.file_kinds import Kind
from portal.storage.incoming import Incoming
from portal.storage.sandbox import OUT_OF_MEMORY, tell
from portal.storage.unpacking import unpacked

_PAUSE = 0.2  # seconds
_LIMITS_MET = re.compile("MemoryError|Out of memory|malloc of size|File too large")


def read(job: dict[str, Any], into: Path) -> dict[str, Any]:
    """Reads `job["source"]`; leaves accepted.parquet and refused.parquet in `into`. Raises FileRefused for the file."""
    source = Path(job["source"])
    size = source.stat().st_size
    if size == 0:
        raise refuse(FileFault.EMPTY_FILE)
    if size > job["bytes"]:
        raise refuse(FileFault.TOO_LARGE, value=str(size))
    kind, table = unpacked(source, job["filename"], job.pop("password"), into, job["unpacked"])
    shares = [table]
    if kind is Kind.XLSX:
        bounds = workbook_bounds.Bounds(columns=job["columns"])
        shares = workbook_shares.shared(table, into, bounds, 2 * job["threads"])
    try:
        return _judged(kind, shares, job, into)
    except workbook_sheets.Uneven:
        return _judged(kind, [table], job, into)


def _judged(kind: Kind, files: Sequence[Path], job: dict[str, Any], into: Path) -> dict[str, Any]:
    with _told(kind, files, job, into) as told:
        answer = line_judging.judge(told, job, into)
    store_names.write(told.layout, _told(kind, files, job, into), job, into)
    return answer


@contextlib.contextmanager
def _told(kind: Kind, files: Sequence[Path], job: dict[str, Any], into: Path) -> Generator[Incoming]:
    """The rows of the file, or of the shares of a workbook, which stay open while they are read."""
    layouts = [from_plain(layout) for layout in job["layouts"]]
    if kind is Kind.TEXT:
        yield incoming.of_text(files[0], job, layouts, _heard(into))
        return
    with workbook_sheets.opened(files, job["threads"]) as book:
        yield incoming.of_workbook(book, job, layouts, kind, _heard(into))


def _heard(into: Path) -> Heard:
    """Tells the parent how much of it is done, not more often than anybody looks."""
    last = -_PAUSE

    def heard(done: int, of: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= _PAUSE:
            last = now
            tell(into, done, of)

    return heard


def main() -> None:
    into = Path.cwd()
    try:
        answer = read(json.loads(sys.argv[1]), into)
    except FileRefused as refusal:
        answer = {"problems": [[p.code, p.field, p.value, p.row] for p in refusal.problems]}
        if isinstance(refusal, LayoutUnknown):
            answer["comparison"] = asdict(refusal.comparison)
    except (MemoryError, duckdb.OutOfMemoryException):
        sys.exit(OUT_OF_MEMORY)
    except OSError as error:
        if error.errno == errno.EFBIG:
            sys.exit(OUT_OF_MEMORY)
        raise
    except duckdb.Error as error:
        # A limit met while the engine was asking for rows or writing arrives as one of its own errors.
        if _LIMITS_MET.search(str(error)):
            sys.exit(OUT_OF_MEMORY)
        raise
    (into / "answer.json").write_text(json.dumps(answer))

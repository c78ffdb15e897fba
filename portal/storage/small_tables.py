"""The door to small tables that people upload, .xlsx, .xls or text: their cells as texts, read in the sandbox.

Run as a module it is the child, under portal.storage.sandbox only; the job and the answer are JSON.
"""

from __future__ import annotations

import csv
import itertools
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portal.domain.errors import FileRefused, Problem
from portal.domain.settlements import FileFault
from portal.storage import csv_text, sandbox, workbook_bounds, workbook_rows, workbook_shares, workbook_sheets
from portal.storage.csv_text import refuse
from portal.storage.file_kinds import Kind
from portal.storage.unpacking import unpacked

_MIB = 1 << 20
MOST_BYTES = 5 * _MIB
_MOST_ROWS = 2_000
_BOUNDS = workbook_bounds.Bounds(unpacked=50 * _MIB, columns=100, cells=500_000)
_CHILD = sandbox.Bounds(seconds=20, cpu_seconds=10, memory=768 * _MIB, file=100 * _MIB)


@dataclass(frozen=True, slots=True)
class Cells:
    """Rows of texts; `numbers`: (row, column) of what the workbook keeps as a number, its leading zeros gone."""

    rows: Sequence[Sequence[str]]
    numbers: frozenset[tuple[int, int]]


def cells_of(content: bytes, filename: str) -> Cells:
    """The first sheet with anything on it. Raises FileRefused; ReaderFailed where it is not the file's fault."""
    if not content:
        raise refuse(FileFault.EMPTY_FILE)
    if len(content) > MOST_BYTES:
        raise refuse(FileFault.TOO_LARGE, value=str(len(content)))
    with tempfile.TemporaryDirectory() as folder:
        into = Path(folder).resolve()
        source = into / "source"
        source.write_bytes(content)
        job = {"source": str(source), "filename": filename}
        ran = sandbox.run(__name__, job, into=into, bounds=_CHILD)
    if ran.ending is sandbox.Ending.LIMIT:
        raise refuse(FileFault.TOO_COSTLY)
    if ran.ending is sandbox.Ending.FAILED:
        raise sandbox.ReaderFailed(ran.said)
    if "problems" in ran.answer:
        raise FileRefused(problems=[Problem(code, field, value) for code, field, value in ran.answer["problems"]])
    return Cells(ran.answer["rows"], frozenset((row, column) for row, column in ran.answer["numbers"]))


def _read(job: dict[str, Any], into: Path) -> tuple[list[list[str]], list[tuple[int, int]]]:
    kind, table = unpacked(Path(job["source"]), job["filename"], "", into, _BOUNDS.unpacked)
    if kind is Kind.TEXT:
        return _of_text(table), []
    shares: Sequence[Path] = [table]
    if kind is Kind.XLSX:
        workbook_shares.shared(table, into, _BOUNDS, 1)  # refuses what unpacks to too much or reaches too far
    with workbook_sheets.opened(shares, 1) as book:
        for name in book.sheet_names:
            found = _first(book.sheet(name, _BOUNDS.cells).rows())
            rows = [list(map(workbook_rows.text, row)) for row in found]
            if any(any(row) for row in rows):
                numbers = [
                    (i, k) for i, row in enumerate(found) for k, cell in enumerate(row) if isinstance(cell, float)
                ]
                return rows, numbers
    raise refuse(FileFault.NO_ROWS)


def _first(rows: Iterator[list[Any]]) -> list[list[Any]]:
    found = list(itertools.islice(rows, _MOST_ROWS + 1))
    if len(found) > _MOST_ROWS:
        raise refuse(FileFault.TOO_MANY_ROWS, value=str(_MOST_ROWS))
    return found


def _of_text(path: Path) -> list[list[str]]:
    start = path.read_bytes()[:64]
    csv_text.check_signature(start)
    encoding = csv_text.survey(path, MOST_BYTES)
    lines = csv_text.first_lines(path, encoding, MOST_BYTES, _MOST_ROWS + 1)
    if len(lines) > _MOST_ROWS:
        raise refuse(FileFault.TOO_MANY_ROWS, value=str(_MOST_ROWS))
    return list(csv.reader(lines, delimiter=csv_text.delimiter_of(lines)))


def main() -> None:
    into = Path.cwd()
    try:
        rows, numbers = _read(json.loads(sys.argv[1]), into)
        answer: dict[str, Any] = {"rows": rows, "numbers": numbers}
    except FileRefused as refusal:
        answer = {"problems": [[each.code, each.field, each.value] for each in refusal.problems]}
    except MemoryError:
        sys.exit(sandbox.OUT_OF_MEMORY)
    (into / "answer.json").write_text(json.dumps(answer))


if __name__ == "__main__":
    main()

"""A workbook's archive unpacked once, within limits, and its large sheets shared out to be read at once."""

from __future__ import annotations

import contextlib
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

from portal.domain.settlements import FileFault
from portal.storage import workbook_bounds
from portal.storage.csv_text import refuse
from portal.storage.workbook_bounds import Bounds, Reach

LARGE: int = 4 << 20  # bytes of a sheet; a smaller one is read faster than shared out

_PIECE = 1 << 20
_END = b"</sheetData>"
_CLOSED = _END + b"</worksheet>"


def shared(path: Path, into: Path, bounds: Bounds, count: int) -> list[Path]:
    """The workbook itself, or where it has large sheets so many workbooks, each with the next rows of these.

    A sheet that is small or cannot be cut is in each of them as a whole.

    Unpacks every part once, counting real bytes, not declared ones. Raises FileRefused.
    """
    left = bounds.unpacked
    try:
        with zipfile.ZipFile(path) as archive, contextlib.ExitStack() as stack:
            members = archive.infolist()
            if len(members) > bounds.members:
                raise refuse(FileFault.TOO_LARGE, value=str(len(members)))
            is_shared = any(_is_sheet(member) and member.file_size >= LARGE for member in members)
            targets = [into / f"share-{number}.xlsx" for number in range(count if is_shared else 0)]
            shares = [stack.enter_context(zipfile.ZipFile(target, "w")) for target in targets]
            for member in members:
                content = _unpacked(archive, member, left, bounds)
                left -= len(content)
                reach = workbook_bounds.check(content, bounds) if _is_sheet(member) else None
                starts = _starts(content, reach, len(shares)) if reach and len(content) >= LARGE else [0]
                _share(member.filename, content, starts, shares)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as broken:
        raise refuse(FileFault.BROKEN_FILE) from broken
    return targets or [path]


def _is_sheet(member: zipfile.ZipInfo) -> bool:
    return "/worksheets/" in f"/{member.filename}" and member.filename.endswith(".xml")


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, left: int, bounds: Bounds) -> bytearray:
    content = bytearray()
    with archive.open(member) as part:
        while piece := part.read(_PIECE):
            content += piece
            if len(content) > left:
                raise refuse(FileFault.TOO_LARGE, value=str(bounds.unpacked))
    return content


def _share(name: str, content: bytearray, starts: Sequence[int], shares: Sequence[zipfile.ZipFile]) -> None:
    """What is before the first start into all of `shares`, and of what follows its part into each."""
    ends = [*starts[1:], len(content)]
    for number, share in enumerate(shares):
        with share.open(name, "w") as part, memoryview(content) as whole:
            if len(starts) == 1:
                part.write(whole)
                continue
            part.write(whole[: starts[0]])
            part.write(whole[starts[number] : ends[number]])
            if number < len(shares) - 1:
                part.write(_CLOSED)


def _starts(sheet: bytearray, reach: Reach, count: int) -> list[int]:
    """Where the rows of each share start, with those of all shares in order; only once where that cannot be said.

    Nothing is assumed: a sheet with comments, rows without their number or cells in other rows is not cut.
    """
    first, end = sheet.find(b"<row "), sheet.find(_END)
    if first < 0 or end < first or b"<!" in sheet:
        return [0]
    starts = [first, *(sheet.find(b"<row ", first + (end - first) * number // count) for number in range(1, count))]
    rows = [workbook_bounds.LAST_ROW.match(sheet, max(0, start)) for start in starts]
    numbers = [int(row[1]) for row in rows if row]
    if len(numbers) < count or numbers != sorted(set(numbers)):
        return [0]
    with memoryview(sheet) as cells:
        for start, until, row, following in zip(
            starts, [*starts[1:], len(sheet)], numbers, [*numbers[1:], reach.last_row + 1], strict=True
        ):
            if not Reach(row, following - 1, reach.columns).holds(cells[start:until]):
                return [0]
    return starts

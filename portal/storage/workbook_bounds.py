"""Looks at a workbook's archive before anything opens it: members, unpacked sizes, and how far its cells reach."""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from portal.domain.settlements import FileFault
from portal.storage.csv_text import refuse

_PIECE = 1 << 20
_OVERLAP = 64
# Whatever bears such an attribute counts as a cell: looking for the element around it takes ten times as long.
_COLUMN, _ROW = re.compile(rb'r="([A-Z]{1,4})\d{1,9}"'), re.compile(rb'r="[A-Z]{1,4}(\d{1,9})"')


@dataclass(frozen=True, slots=True)
class Bounds:
    """What an XLSX file may be: parts in its archive, bytes they unpack to, columns, and cells of its largest sheet."""

    members: int = 2_000
    unpacked: int = 256 << 20
    columns: int = 200
    cells: int = 10_000_000


def check(path: Path, bounds: Bounds) -> None:
    """Reads every part once, counting real bytes, not declared ones. Raises FileRefused.

    A sheet is held as the whole rectangle up to its last cell, so one cell far out would fill the memory.
    """
    left = bounds.unpacked
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if len(members) > bounds.members:
                raise refuse(FileFault.TOO_LARGE, value=str(len(members)))
            for member in members:
                left -= _check_member(archive, member, bounds, left)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as broken:
        raise refuse(FileFault.BROKEN_FILE) from broken


def _check_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, bounds: Bounds, left: int) -> int:
    is_sheet = "/worksheets/" in f"/{member.filename}" and member.filename.endswith(".xml")
    size, last_column, last_row, tail = 0, 0, 0, b""
    with archive.open(member) as part:
        while piece := part.read(_PIECE):
            size += len(piece)
            if size > left:
                raise refuse(FileFault.TOO_LARGE, value=str(bounds.unpacked))
            if not is_sheet:
                continue
            # The order of cells is the sender's, so all are looked at; those of the last row alone would not do.
            seen = tail + piece
            last_column = max(last_column, *map(_number, set(_COLUMN.findall(seen))), 0)
            last_row = max(last_row, *map(int, set(_ROW.findall(seen))), 0)
            tail = piece[-_OVERLAP:]
    if last_column > bounds.columns:
        raise refuse(FileFault.TOO_MANY_COLUMNS, value=str(last_column))
    if last_column * last_row > bounds.cells:
        raise refuse(FileFault.TOO_LARGE, value=str(last_column * last_row))
    return size


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number

"""Opens what wraps a table: one layer of gzip, and the password of a protected workbook. Runs in the child only."""

from __future__ import annotations

import gzip
import importlib
import zlib
from pathlib import Path, PurePath

from portal.domain.settlements import FileFault
from portal.storage.csv_text import refuse
from portal.storage.file_kinds import Kind, check_name, kind_of

_PIECE = 1 << 20


def unpacked(source: Path, filename: str, password: str, into: Path, most: int) -> tuple[Kind, Path]:
    """What kind of table the file holds, and where it lies open. `most`: bytes it may unpack to.

    Raises FileRefused: an ending of another kind, too large, broken, password_needed, password_wrong.
    """
    kind = _checked(source, filename)
    if kind is Kind.GZIP:
        source = _gunzipped(source, into / "unzipped", most)
        inner = PurePath(filename)
        kind = _checked(source, inner.stem if inner.suffix.lower() == ".gz" else "")
        if kind is Kind.GZIP:
            raise refuse(FileFault.WRONG_TYPE)
    if kind is Kind.COMPOUND:
        # Loaded when such a file comes: it would cost every CSV file a tenth of its time.
        opening = importlib.import_module("portal.storage.protection")
        source = opening.opened(source, password, into / "unlocked")
        kind = _checked(source, "")
    return kind, source


def _checked(source: Path, filename: str) -> Kind:
    with source.open("rb") as stream:
        kind = kind_of(stream.read(64))
    check_name(filename, kind)
    return kind


def _gunzipped(source: Path, target: Path, most: int) -> Path:
    size = 0
    try:
        with gzip.open(source) as packed, target.open("wb") as out:
            while piece := packed.read(_PIECE):
                size += len(piece)
                if size > most:
                    raise refuse(FileFault.TOO_LARGE, value=str(most))
                out.write(piece)
    except (EOFError, gzip.BadGzipFile, zlib.error) as broken:
        raise refuse(FileFault.BROKEN_FILE) from broken
    if size == 0:
        raise refuse(FileFault.EMPTY_FILE)
    return target

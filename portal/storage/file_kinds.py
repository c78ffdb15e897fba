"""What a foreign file is by its first bytes, and whether its name says the same."""

from __future__ import annotations

from enum import StrEnum
from pathlib import PurePath

from portal.domain.errors import FileRefused, Problem
from portal.domain.settlements import FileFault


class Kind(StrEnum):
    """`compound` is the container of old workbooks (.xls) and of protected ones, whatever they are called."""

    TEXT = "text"
    GZIP = "gzip"
    XLSX = "xlsx"
    COMPOUND = "compound"


_SIGNATURES = {b"PK\x03\x04": Kind.XLSX, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": Kind.COMPOUND, b"\x1f\x8b": Kind.GZIP}

# ending -> what such a file may be; a name that ends otherwise says nothing
ENDINGS = {
    ".csv": (Kind.TEXT,),
    ".tsv": (Kind.TEXT,),
    ".txt": (Kind.TEXT,),
    ".xlsx": (Kind.XLSX, Kind.COMPOUND),
    ".xls": (Kind.COMPOUND,),
    ".gz": (Kind.GZIP,),
}


def kind_of(start: bytes) -> Kind:
    """By the first bytes; whatever has no signature of these may be text."""
    return next((kind for signature, kind in _SIGNATURES.items() if start.startswith(signature)), Kind.TEXT)


def check_name(filename: str, kind: Kind) -> None:
    """FileRefused(other_ending) where the name ends like a file of another kind."""
    ending = PurePath(filename).suffix.lower()
    if kind not in ENDINGS.get(ending, tuple(Kind)):
        raise FileRefused(problems=(Problem(FileFault.OTHER_ENDING.value, value=filename[-60:]),))

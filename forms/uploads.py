"""Evidence as it is uploaded: ending, first bytes, declared type, size and picture size have to agree.

Nothing is decoded here: pictures are measured by their headers alone, so one that unpacks to gigabytes costs nothing.
"""

from __future__ import annotations

import hashlib
import struct
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath, PurePosixPath, PureWindowsPath
from typing import BinaryIO

from forms.file_fields import CSV, EVIDENCE, JPEG, MEBIBYTE, PDF, PNG, XLSX, Kind, file_problem
from portal.domain.errors import FileRefused, Problem

MAX_SIDE = 20_000  # pixels; a sheet of A4 at 600 dpi has 7,016
MAX_PIXELS = 120_000_000  # the largest telephone cameras make 108 million
MAX_NAME = 120
MAX_SEGMENTS = 2_000  # before the frame header of a JPEG; cameras write some dozens

MEDIA_TYPES: Mapping[Kind, tuple[str, ...]] = {
    PDF: ("application/pdf", "application/x-pdf"),
    PNG: ("image/png",),
    JPEG: ("image/jpeg", "image/jpg", "image/pjpeg"),
    # Windows with Excel calls a CSV a workbook of its own.
    CSV: ("text/csv", "text/plain", "application/csv", "application/vnd.ms-excel"),
    XLSX: ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/zip"),
}
# What browsers say when the computer does not know the ending: no declaration rather than a wrong one.
_UNDECLARED = ("", "application/octet-stream")
_SIZES_IN = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})  # JPEG markers that carry height and width


@dataclass(frozen=True, slots=True)
class CheckedUpload:
    """An upload that may be stored. `name` has no folders and nothing hidden; `media_type` is ours, not the sender's.

    `width` and `height` in pixels, 0 for what is no picture.
    """

    name: str
    media_type: str
    content: bytes
    sha256: str
    width: int = 0
    height: int = 0

    @property
    def size(self) -> int:
        return len(self.content)


def check_upload(
    filename: str,
    stream: BinaryIO,
    declared_type: str,
    allowed: Sequence[Kind] = EVIDENCE,
    max_bytes: int = 10 * MEBIBYTE,
) -> CheckedUpload:
    """Read at most `max_bytes` + 1 bytes and check them; the stream is left where reading stopped.

    Raises FileRefused with one of file_empty, file_too_large, file_kind_not_allowed, file_kind_mismatch,
    file_truncated (the file does not end, or its header is not whole), file_image_too_large; value = file name.
    """
    name = safe_name(filename)
    content = stream.read(max_bytes + 1)
    problem = file_problem(name, content[:16], len(content), kinds=allowed, max_bytes=max_bytes)
    if problem is not None:
        raise FileRefused(problems=(problem,))
    kind = next(kind for kind in allowed if PurePath(name).suffix.lower() in kind.endings)
    declared = declared_type.partition(";")[0].strip().lower()
    if declared not in (*_UNDECLARED, *MEDIA_TYPES[kind]):
        raise _refused("file_kind_mismatch", name)
    size = _MEASURES[kind](content)
    if size is None:
        raise _refused("file_truncated", name)
    width, height = size
    if max(size) > MAX_SIDE or width * height > MAX_PIXELS:
        raise _refused("file_image_too_large", name)
    return CheckedUpload(name, MEDIA_TYPES[kind][0], content, hashlib.sha256(content).hexdigest(), width, height)


def safe_name(filename: str) -> str:
    """The last part of the name, composed (NFC, as macOS sends it taken apart), without hidden characters."""
    last = PureWindowsPath(PurePosixPath(filename).name).name
    shown = "".join(char for char in unicodedata.normalize("NFC", last) if unicodedata.category(char)[0] != "C")
    ending = PurePath(shown).suffix[:10]
    stem = shown.removesuffix(ending).strip(" .") or "file"
    return stem[: MAX_NAME - len(ending)] + ending


def _pdf(content: bytes) -> tuple[int, int] | None:
    """Whole when the end mark is there; scanners append a little after it."""
    return (0, 0) if b"%%EOF" in content[-2048:] and content[5:6].isdigit() else None


def _png(content: bytes) -> tuple[int, int] | None:
    if len(content) < 33 or content[12:16] != b"IHDR" or b"IEND" not in content[-1024:]:
        return None
    width, height = struct.unpack(">II", content[16:24])
    return (width, height) if width and height else None


def _jpeg(content: bytes) -> tuple[int, int] | None:
    """Walks from marker to marker up to the frame header; the picture has to end after it."""
    at = 2
    for _ in range(MAX_SEGMENTS):
        if at + 9 > len(content) or content[at] != 0xFF:
            return None
        marker = content[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
            continue
        if marker in _SIZES_IN:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return (width, height) if width and height and content.rfind(b"\xff\xd9") > at else None
        at += 2 + int.from_bytes(content[at + 2 : at + 4])
    return None


def _xlsx(content: bytes) -> tuple[int, int] | None:
    """Whole when the end of the archive's directory is there; a comment of at most 64 KiB may follow it."""
    return (0, 0) if b"PK\x05\x06" in content[-65_557:] else None


def _csv(content: bytes) -> tuple[int, int] | None:
    """Text of one of the two encodings that Korean offices write."""
    for encoding in ("utf-8", "cp949"):
        try:
            return None if "\x00" in content.decode(encoding) else (0, 0)
        except UnicodeDecodeError:
            continue
    return None


_MEASURES: Mapping[Kind, Callable[[bytes], tuple[int, int] | None]] = {
    PDF: _pdf,
    PNG: _png,
    JPEG: _jpeg,
    CSV: _csv,
    XLSX: _xlsx,
}


def _refused(code: str, name: str) -> FileRefused:
    return FileRefused(problems=(Problem(code, value=name[-60:]),))

"""The bytes of a foreign CSV file as lines: blocks of whole lines in bounded memory, the encoding, the header.

A row is a physical line that is not blank. No quoting, however broken, makes two lines one row or one line two.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from portal.domain.errors import FileRefused, Problem
from portal.domain.settlements import FileFault
from portal.storage.csv_cells import valid_utf8
from portal.storage.in_order import in_order

BLOCK: int = 4 << 20
BOM = b"\xef\xbb\xbf"
TAB = "\t"
_READERS = 2
SEPARATOR = "\x1f"  # stands between cells from here on; a control character, so never inside one
CONTROLS = bytes({*range(32), 127} - {10})

# Signatures of what is no table at all; workbooks and archives are known to portal.storage.file_kinds.
_SIGNATURES = (b"PK", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8\xff", b"\xff\xfe", b"\xfe\xff",
               b"PAR1", b"Rar!", b"7z\xbc\xaf", b"{\\rtf", b"SQLite format 3")  # fmt: skip
_MARKUP = re.compile(rb"\s*(<|[{\[]\s*[\"{\[])")
# Hangul in UTF-8 begins with EA-ED; in CP949 text these are trail bytes, which UTF-8 decoding tells apart.
_HANGUL_UTF8 = re.compile(rb"[\xea-\xed][\x80-\xbf]{2}")


@dataclass(frozen=True, slots=True)
class Encoding:
    """`mixed`: both encodings were seen, so every line that is not ASCII has to prove which one it is in."""

    name: str
    mixed: bool = False


def refuse(fault: FileFault, *, field: str = "", value: str = "") -> FileRefused:
    return FileRefused(problems=(Problem(fault.value, field=field, value=value[:80]),))


def blocks(path: Path, line_bytes: int) -> Iterator[bytes]:
    """The file in blocks that end where a line ends. A line longer than a block is cut to `line_bytes` + 1 bytes."""
    carry, skipping = b"", False
    with path.open("rb") as stream:
        while data := stream.read(BLOCK):
            if skipping:
                newline = data.find(b"\n")
                if newline < 0:
                    continue
                data, skipping = data[newline:], False
            data = carry + data
            end = data.rfind(b"\n") + 1
            if end:
                yield data[:end]
            carry = data[end:]
            if len(carry) > line_bytes:
                carry, skipping = carry[: line_bytes + 1], True
    if carry:
        yield carry


def has_long_line(block: bytes, line_bytes: int) -> bool:
    """Hops from newline to newline at most `line_bytes` apart: a few hops a block, not one per line."""
    at = 0
    while len(block) - at > line_bytes:
        newline = block.rfind(b"\n", at, at + line_bytes + 1)
        if newline < 0:
            return True
        at = newline + 1
    return False


def survey(path: Path, line_bytes: int) -> Encoding:
    """UTF-8 where every byte agrees or a BOM says so; else by the number of characters each encoding can claim."""
    if all(in_order(valid_utf8, blocks(path, line_bytes), _READERS)):
        return Encoding("utf-8")
    utf8 = cp949 = 0
    broken = False
    for number, block in enumerate(blocks(path, line_bytes)):
        if number == 0 and block.startswith(BOM):
            return Encoding("utf-8")
        if block.isascii():
            continue
        if _decodes(block, "utf-8"):
            utf8 += len(_HANGUL_UTF8.findall(block))
            continue
        broken = True
        if not _HANGUL_UTF8.search(block) and _decodes(block, "cp949"):
            cp949 += _high_bytes(block) // 2
            continue
        for line in block.split(b"\n"):
            if _decodes(line, "utf-8"):
                utf8 += len(_HANGUL_UTF8.findall(line))
            elif _decodes(line, "cp949"):
                cp949 += _high_bytes(line) // 2
    if not broken or cp949 == 0:
        return Encoding("utf-8")
    return Encoding("cp949" if cp949 > utf8 else "utf-8", mixed=utf8 > 0)


def delimiter_of(lines: Sequence[str]) -> str:
    """A tab where the lines hold more of them than commas, else a comma."""
    text = "\n".join(lines)
    return TAB if text.count(TAB) > text.count(",") else ","


def first_lines(path: Path, encoding: Encoding, line_bytes: int, most: int) -> list[str]:
    """The text of the first lines, for those who look for a header; it ends where a line cannot be read."""
    found: list[str] = []
    with path.open("rb") as stream:
        while len(found) < most and (line := stream.readline(line_bytes + len(BOM) + 1)):
            text = decode_line(line.removeprefix(BOM).rstrip(b"\r\n"), encoding)
            if text is None or len(line) > line_bytes + len(BOM):
                break
            found.append(text)
    return found


def header(path: Path, encoding: Encoding, line_bytes: int, delimiter: str = ",") -> list[str]:
    """The names in the first line, trimmed and in lower case. Raises FileRefused for anything that is no such line."""
    with path.open("rb") as stream:
        first = stream.readline(line_bytes + len(BOM) + 1)
    check_signature(first)
    line = first.removeprefix(BOM).rstrip(b"\r\n")
    if b"\x00" in line or not line.strip():
        raise refuse(FileFault.WRONG_TYPE)
    if len(line) > line_bytes:
        raise refuse(FileFault.LINE_TOO_LONG, value=line[:80].decode(errors="replace"))
    try:
        text = line.decode(encoding.name)
    except UnicodeDecodeError:
        raise refuse(FileFault.BAD_ENCODING) from None
    names = split_quoted(text, delimiter)
    if names is None:
        raise refuse(FileFault.BAD_QUOTES, value=text)
    if len(names) == 1 and re.search(r"[;\t|]", text):
        raise refuse(FileFault.WRONG_DELIMITER, value=text)
    return [name.strip().lower() for name in names]


def check_signature(start: bytes) -> None:
    """FileRefused(wrong_type) when the first bytes are those of another kind of file."""
    if start.startswith(_SIGNATURES) or _MARKUP.match(start):
        raise refuse(FileFault.WRONG_TYPE)


def split_quoted(line: str, delimiter: str = ",") -> list[str] | None:
    """The cells of one line by RFC 4180, None when its quotes are not in order."""
    try:
        rows = list(csv.reader([line], strict=True, delimiter=delimiter))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None


def decode_line(line: bytes, encoding: Encoding) -> str | None:
    """The text of one line, None when it is not in the file's encoding."""
    if encoding.mixed and encoding.name == "cp949" and _HANGUL_UTF8.search(line) and _decodes(line, "utf-8"):
        return None
    try:
        return line.decode(encoding.name)
    except UnicodeDecodeError:
        return None


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _high_bytes(data: bytes) -> int:
    return len(data) - len(data.translate(None, bytes(range(128, 256))))

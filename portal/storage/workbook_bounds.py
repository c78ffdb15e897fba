"""How far the cells of a sheet reach, found out before anything opens it: it will be held as a whole rectangle."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from portal.domain.settlements import FileFault
from portal.storage.csv_text import refuse

_PIECE = 1 << 20
_OVERLAP = 64
_FIRST = 1 << 16  # bytes of rows that tell how wide a sheet is
_LETTERS, _DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"
# Whatever bears such an attribute counts as a cell: looking for the element around it takes ten times as long.
_COLUMN, _ROW = re.compile(rb'r="([A-Z]{1,4})\d{1,9}"'), re.compile(rb'r="[A-Z]{1,4}(\d{1,9})"')
LAST_ROW = re.compile(rb'<row r="([1-9]\d{0,8})"')


@dataclass(frozen=True, slots=True)
class Bounds:
    """What an XLSX file may be: parts in its archive, bytes they unpack to, columns, and cells of its largest sheet."""

    members: int = 2_000
    unpacked: int = 256 << 20
    columns: int = 200
    cells: int = 10_000_000


@dataclass(frozen=True, slots=True)
class Reach:
    """The rectangle in which a sheet says that its cells are: rows counted from 1, columns from A on."""

    first_row: int
    last_row: int
    columns: int

    def holds(self, cells: memoryview) -> bool:
        """Whether no cell is outside.

        One search for what must not be there, in a fraction of the time that listing what is there takes.
        """
        column = _after(_letters(self.columns), _LETTERS)
        row = f"{_after(str(self.last_row), _DIGITS)}|{_before(str(self.first_row))}"
        outside = rf'r="(?:(?:{column})\d|[A-Z]+(?:{row}))'
        ends = pa.py_buffer(bytes(4) + len(cells).to_bytes(4, "little"))
        whole = pa.Array.from_buffers(pa.binary(), 1, [None, ends, pa.py_buffer(cells)])
        return not pc.call_function("match_substring_regex", [whole], pc.MatchSubstringOptions(outside))[0].as_py()


def claimed(sheet: bytearray) -> Reach | None:
    """Up to the row that is written last and the widest of the first rows; None where they do not say."""
    last = LAST_ROW.match(sheet, max(0, sheet.rfind(b"<row ")))
    columns = max(map(_number, _COLUMN.findall(sheet, 0, _FIRST)), default=0)
    return Reach(1, int(last[1]), columns) if last and columns else None


def check(sheet: bytearray, bounds: Bounds) -> Reach | None:
    """How far the cells reach, if the sheet says it and none is outside. Refuses a sheet with a cell too far out.

    The order of cells is the sender's, so all of them are looked at.
    """
    reach = claimed(sheet)
    if reach and reach.columns <= bounds.columns and reach.columns * reach.last_row <= bounds.cells:
        with memoryview(sheet) as cells:
            if reach.holds(cells):
                return reach
    last_column = last_row = 0
    for start in range(0, len(sheet), _PIECE):
        piece = (max(0, start - _OVERLAP), start + _PIECE)
        last_column = max(last_column, *map(_number, set(_COLUMN.findall(sheet, *piece))), 0)
        last_row = max(last_row, *map(int, set(_ROW.findall(sheet, *piece))), 0)
    if last_column > bounds.columns:
        raise refuse(FileFault.TOO_MANY_COLUMNS, value=str(last_column))
    if last_column * last_row > bounds.cells:
        raise refuse(FileFault.TOO_LARGE, value=str(last_column * last_row))
    return None


def _after(text: str, alphabet: str) -> str:
    """A pattern of what comes after `text`: what begins with a longer word, or one as long and higher in order."""
    each = f"[{alphabet[0]}-{alphabet[-1]}]"
    words = [f"{each}{{{len(text) + 1},}}"]
    for place, letter in enumerate(text):
        if letter < alphabet[-1]:
            higher = chr(ord(letter) + 1)
            words.append(f"{text[:place]}[{higher}-{alphabet[-1]}]{each}{{{len(text) - place - 1}}}")
    return "|".join(words)


def _before(number: str) -> str:
    """A pattern of the attribute's end for numbers that are shorter, or as long and lower."""
    words = [rf'\d{{1,{len(number) - 1}}}"'] if len(number) > 1 else ['"']
    for place, digit in enumerate(number):
        if digit > "0":
            words.append(rf'{number[:place]}[0-{chr(ord(digit) - 1)}]\d{{{len(number) - place - 1}}}"')
    return "|".join(words)


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _letters(number: int) -> str:
    letters = ""
    while number:
        number, letter = divmod(number - 1, 26)
        letters = _LETTERS[letter] + letters
    return letters

"""Settlement rows as programs send them: JSON cut into cells, NDJSON written as the CSV that files are read from.

Nothing is judged here: a row that is no object of the known columns goes on as one cell, and the reader, which refuses
rows and says why, refuses it like any line with too few cells. So every row sent is a row accepted or refused there.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from marshmallow import EXCLUDE, Schema, fields, validate

from forms.api_payloads import PageSchema, a_month
from portal.domain.settlements import COLUMNS, ColumnKind

MOST_ROWS = 5_000
NAMES = tuple(column.name for column in COLUMNS)
LINE_BYTES = 1 << 16  # a longer line of NDJSON is cut, and refused by the reader for its length

_HEADER = "\ufeff" + ",".join(NAMES) + "\n"  # with a mark: the reader need not guess the encoding
_KINDS = {ColumnKind.WON: {"type": "integer"}, ColumnKind.TIME: {"type": "string", "example": "2026-05-03T12:30:00"}}
_KNOWN = frozenset(NAMES)
_NEEDS_QUOTES = frozenset(',"\r')
_NESTED = frozenset({dict, list})
_TEXTS: Mapping[type, Callable[[Any], str]] = {int: str}  # as json.dumps writes it, a few times as fast


def _row() -> dict[str, Any]:
    """One row in the words of a JSON schema."""
    properties = {
        column.name: {**_KINDS.get(column.kind, {"type": "string"}), "description": column.meaning}
        | ({"enum": list(column.choices)} if column.choices else {})
        for column in COLUMNS
    }
    needed = [column.name for column in COLUMNS if column.filled]
    return {"type": "object", "properties": properties, "required": needed, "additionalProperties": False}


class RowsSchema(Schema):
    """At most MOST_ROWS rows of one month; more go as a stream."""

    period = a_month()
    rows = fields.List(
        fields.Raw(allow_none=True, metadata=_row()), required=True, validate=validate.Length(1, MOST_ROWS)
    )


class StreamSchema(Schema):
    """What a stream cannot say in its body."""

    class Meta(Schema.Meta):
        unknown = EXCLUDE

    period = a_month()


class BatchPageSchema(PageSchema):
    pass


def cells_of(rows: Sequence[Any]) -> list[tuple[str, ...]]:
    """Each row as the texts of its cells, in the order of COLUMNS."""
    return [_cells(row) for row in rows]


def ndjson_as_csv(stream: BinaryIO) -> BinaryIO:
    """A file with the header and one line for each JSON line, standing at its beginning; blank lines are no rows."""
    return _written(_line_of(line) for line in _lines(stream) if line.strip())


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    while line := stream.readline(LINE_BYTES):
        yield line
        while not line.endswith(b"\n") and (line := stream.readline(LINE_BYTES)):
            pass  # the rest of a line that was cut


def _written(lines: Iterable[str]) -> BinaryIO:
    out = tempfile.TemporaryFile()  # noqa: SIM115 (the caller reads it)
    out.write(_HEADER.encode())
    for line in lines:
        out.write(line.encode("utf-8", "surrogatepass"))  # half a character is a bad row, not a broken request
    out.seek(0)
    return out


def _line_of(line: bytes) -> str:
    try:
        return ",".join(map(_cell, _cells(json.loads(line)))) + "\n"
    except (ValueError, RecursionError):
        return _cell(line.decode("utf-8", "replace").rstrip("\r\n")) + "\n"


def _cells(row: Any) -> tuple[str, ...]:
    """The cells of a row; one cell with all of it where it is no row of the known columns."""
    plain = isinstance(row, Mapping) and row.keys() <= _KNOWN
    if not plain or not _NESTED.isdisjoint(map(type, row.values())):
        return (json.dumps(row, ensure_ascii=False),)
    # Without a call for each cell: there are seven thousand in a batch, while pages wait for the same interpreter.
    return tuple(
        [
            value if (kind := type(value)) is str else "" if value is None else _TEXTS.get(kind, json.dumps)(value)
            for value in map(row.get, NAMES)
        ]
    )


def _cell(text: str) -> str:
    """One cell on one line: a line break inside becomes a control character, for which the reader refuses the row."""
    text = text.replace("\n", "\r")
    return '"' + text.replace('"', '""') + '"' if _NEEDS_QUOTES & set(text) else text

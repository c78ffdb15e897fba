"""Finding the input files and their headers: which columns a file has is settled before a single row is read."""

from __future__ import annotations

import csv
import glob
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from portal.assessment.columns import Column, Kind
from portal.domain.errors import FileRefused, Problem

_HEADER_BYTES = 65_536
_FITTING = {
    Kind.TEXT: lambda kind: False,
    Kind.INTEGER: pa.types.is_integer,
    Kind.WON: pa.types.is_integer,
    Kind.TIME: lambda kind: pa.types.is_timestamp(kind) and kind.tz is None,
    Kind.DATE: pa.types.is_date,
}
_WHOLE = ("int64", "int32", "int16", "int8")
_TYPED = {
    Kind.TEXT: ("string", "large_string"),
    Kind.INTEGER: _WHOLE,
    Kind.WON: _WHOLE,
    Kind.TIME: ("timestamp[us]", "timestamp[ms]"),
    Kind.DATE: ("date32[day]",),
}


@dataclass(frozen=True, slots=True)
class Part:
    """Files with the same columns in the same places, or rows that are in memory; `header` is empty but for CSV.

    `typed`: Parquet whose columns need no converting, in types and under names that every engine reads alike.
    """

    files: tuple[Path, ...] = ()
    header: tuple[str, ...] = ()
    rows: pa.Table | None = None
    typed: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """One of the three inputs. `name` stands for the file of rows in memory."""

    name: str
    columns: tuple[Column, ...]
    parts: tuple[Part, ...]


def from_files(name: str, columns: tuple[Column, ...], given: Sequence[Path | str]) -> Source:
    """CSV and Parquet files, globs and folders, read as one. Raises FileRefused with every problem of the headers."""
    source, problems = readable(name, columns, given)
    if problems:
        raise FileRefused(problems=problems)
    return source


def readable(name: str, columns: tuple[Column, ...], given: Sequence[Path | str]) -> tuple[Source, list[Problem]]:
    """The files that can be read, and what is wrong with the names, headers and types of all of them.

    A file with a column too many can be read; one in which a column is missing, repeated or of the wrong type cannot.
    """
    problems: list[Problem] = []
    parts: dict[tuple[bool, bool, tuple[str, ...]], list[Path]] = {}
    for file in _files(given, problems):
        wrong: list[Problem] = []
        try:
            parquet = _is_parquet(file)
            types = _parquet_types(file, columns, wrong) if parquet else {}
            names = list(types) if parquet else _csv_header(file)
        except (OSError, ValueError, csv.Error, pa.ArrowException) as failed:
            problems.append(Problem("unreadable", value=str(failed).splitlines()[0][:200], file=str(file)))
            continue
        wrong += _misnamed(file, names, columns) if names else [Problem("empty_file", file=str(file))]
        problems += wrong
        if all(one.code == "unknown_column" for one in wrong) and len(set(names)) == len(names):
            # columns of other types are other columns: Parquet is only read together where the types agree
            shape = tuple(f"{name} {kind}" for name, kind in types.items()) if parquet else tuple(names)
            parts.setdefault((parquet, parquet and _is_typed(file, types, columns), shape), []).append(file)
    alike = [
        Part(tuple(files), () if parquet else shape, typed=typed) for (parquet, typed, shape), files in parts.items()
    ]
    return Source(name, columns, tuple(alike)), problems


def from_rows(name: str, columns: tuple[Column, ...], rows: Iterable[object]) -> Source:
    """Records with the columns as attributes."""
    types = {Kind.TEXT: pa.string(), Kind.TIME: pa.timestamp("us"), Kind.DATE: pa.date32()}
    records = list(rows)
    arrays = {
        column.name: pa.array([getattr(record, column.name) for record in records], types.get(column.kind, pa.int64()))
        for column in columns
    }
    return Source(name, columns, (Part(rows=pa.table(arrays)),))


def _files(given: Sequence[Path | str], problems: list[Problem]) -> Iterator[Path]:
    seen: set[Path] = set()
    for one in given:
        path = Path(one)
        if path.is_dir():
            found = [file for suffix in ("csv", "parquet") for file in sorted(path.rglob(f"*.{suffix}"))]
            found = [file for file in found if not file.name.startswith((".", "_"))]
        else:
            found = [path] if path.is_file() else [Path(name) for name in sorted(glob.glob(str(one), recursive=True))]
        if not found:
            problems.append(Problem("not_found", file=str(one)))
        for file in found:
            if file.resolve() in seen:
                problems.append(Problem("repeated_file", file=str(file)))
            else:
                seen.add(file.resolve())
                yield file


def _is_parquet(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(4) == b"PAR1"


def _csv_header(file: Path) -> list[str]:
    with file.open("rb") as opened:
        first = opened.readline(_HEADER_BYTES)
    if len(first) == _HEADER_BYTES:
        raise ValueError("the header line is too long")
    return next(csv.reader([first.decode("utf-8-sig").rstrip("\r\n")], strict=True), [])


def _parquet_types(file: Path, columns: Sequence[Column], problems: list[Problem]) -> dict[str, str]:
    kinds = {column.name: column.kind for column in columns}
    schema = pq.read_schema(file)
    types: dict[str, str] = {}
    for field in schema:
        kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
        types[field.name] = str(kind)
        text = pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
        if field.name in kinds and not text and not _FITTING[kinds[field.name]](kind):
            zoned = kinds[field.name] is Kind.TIME and pa.types.is_timestamp(kind)
            problems.append(Problem("has_zone" if zoned else "wrong_type", field.name, str(kind), str(file)))
    if len(types) < len(schema):
        problems.append(Problem("repeated_column", file=str(file)))
    return types


def _is_typed(file: Path, types: dict[str, str], columns: Sequence[Column]) -> bool:
    odd = file.name.startswith((".", "_")) or ":" in str(file)  # not every engine reads files of such names
    return not odd and all(types.get(column.name) in _TYPED[column.kind] for column in columns)


def _misnamed(file: Path, header: Sequence[str], columns: Sequence[Column]) -> list[Problem]:
    known = [column.name for column in columns]
    missing = [Problem("missing_column", name, file=str(file)) for name in known if name not in header]
    unknown = [Problem("unknown_column", name[:80], file=str(file)) for name in header if name not in known]
    repeated = [Problem("repeated_column", name, file=str(file)) for name in known if list(header).count(name) > 1]
    return missing + unknown + repeated

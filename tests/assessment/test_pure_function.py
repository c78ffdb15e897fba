"""The order of rows and files, their format, memory, threads and the size of the parts change no byte of the claims."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import pyarrow.parquet as pq
import pytest

from portal.assessment import assess
from portal.domain.assessment import Enrolment, LinkPeriod
from tests.assessment.answers import crowded, in_parts
from tests.assessment.assessing import shuffled, started, terms_of
from tests.assessment.files import write_csv, write_parquet
from tests.assessment.worlds import World

Row = dict[str, Any]


@pytest.fixture(scope="module")
def one() -> World:
    return crowded(7)


@pytest.fixture(scope="module")
def plain(one: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The claims and decisions of one CSV file in one order, by one thread."""
    folder = tmp_path_factory.mktemp("plain")
    with started(one, folder, threads=1) as assessment:
        assessment.write_claims(folder / "claims.csv")
        assessment.write_lines(folder / "decided.parquet")
    assert (folder / "claims.csv").read_bytes().count(b"\n") > 100
    return folder


def as_csv(folder: Path, lines: list[Row]) -> None:
    write_csv(folder / "lines.csv", lines)


def as_parquet(folder: Path, lines: list[Row]) -> None:
    write_parquet(folder / "lines.parquet", lines)


def in_many_files(folder: Path, lines: list[Row]) -> None:
    """CSV with columns in three orders and times in three forms, Parquet whole and in a folder, one of them empty."""
    columns = list(lines[0])
    (folder / "more").mkdir()
    write_csv(folder / "none.csv", [], columns)
    write_csv(folder / "one.csv", lines[:1], columns[::-1])
    write_csv(folder / "some.csv", [_told(line, "T") for line in lines[1:300]], columns)
    write_csv(folder / "others.csv", [_told(line, " ") for line in lines[300:900]], sorted(columns))
    write_parquet(folder / "rest.parquet", lines[900:1500], columns[::-1])
    write_parquet(folder / "more" / "rest.parquet", lines[1500:], columns)


def _told(line: Row, between: str) -> Row:
    at: datetime = line["ordered_at"]
    digits = "minutes" if at.second == at.microsecond == 0 else "auto"
    return line | {"ordered_at": at.isoformat(between, timespec=digits)}


@pytest.mark.parametrize(
    ("sent", "parts", "options"),
    [
        (as_csv, 3, {"threads": 2}),
        (as_csv, 9, {"threads": 1}),
        (as_parquet, 1, {"memory": "150MB", "threads": 1}),
        (in_many_files, 3, {"memory": "400MB", "threads": 3}),
    ],
)
def test_no_byte_changes(
    sent: Callable[[Path, list[Row]], None],
    parts: int,
    options: dict[str, Any],
    one: World,
    plain: Path,
    tmp_path: Path,
) -> None:
    (tmp_path / "lines").mkdir()
    sent(tmp_path / "lines", shuffled(one.lines, 1))
    with assess(
        Random(2).sample(terms_of(one), len(one.terms)),
        lines=[tmp_path / "lines"],
        links=write_csv(tmp_path / "links.csv", shuffled(one.links, 3)),
        enrolments=write_parquet(tmp_path / "enrolments.parquet", shuffled(one.enrolments, 4)),
        until=one.until,
        work=tmp_path,
        rows_at_once=in_parts(one, parts),
        **options,
    ) as again:
        again.write_claims(tmp_path / "claims.csv")
        again.write_lines(tmp_path / "decided.parquet")
    assert (tmp_path / "claims.csv").read_bytes() == (plain / "claims.csv").read_bytes()
    assert _rows(tmp_path / "decided.parquet") == _rows(plain / "decided.parquet")


def test_records_and_files_are_the_same_to_it(one: World, plain: Path, tmp_path: Path) -> None:
    with assess(
        terms_of(one),
        lines=[write_csv(tmp_path / "lines.csv", one.lines)],
        links=[LinkPeriod(**link) for link in shuffled(one.links, 5)],
        enrolments=[Enrolment(**seat) for seat in shuffled(one.enrolments, 6)],
        until=one.until,
    ) as again:
        again.write_claims(tmp_path / "claims.csv")
    assert (tmp_path / "claims.csv").read_bytes() == (plain / "claims.csv").read_bytes()


def _rows(path: Path) -> list[Row]:
    return sorted(pq.read_table(path).to_pylist(), key=lambda row: tuple(row.values()))

"""Accepted settlement lines as Parquet, one file a delivery: `lines/<platform>/<period>/<number>.parquet`.

A file counts once a committed row names its number and SHA-256; until then it is a leftover that nobody reads.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from portal.domain.errors import Conflict, NotFound, Problem
from portal.domain.settlements import ROWS_PER_DELIVERY, is_period, is_platform_code
from portal.storage.durable import fsync_file, move_durably, write_durably


@dataclass(frozen=True, slots=True)
class Manifest:
    """What was published, to be compared with the delivery's row (invariant I15)."""

    platform: str
    period: str
    delivery_number: int
    sha256: str
    size: int
    rows: int


@dataclass(frozen=True, slots=True)
class StoreSeen:
    """A store id as it appears in the lines; `first_seen` and `last_seen`: its orders (Korean time)."""

    platform: str
    store_id: str
    lines: int
    last_seen: datetime
    first_seen: datetime


class LineStore:
    """`among` in the look-ups: the files that count, as committed rows name them; None means every file there is."""

    def __init__(self, root: Path) -> None:
        self.root = Path(root)
        self.aside().mkdir(parents=True, exist_ok=True)

    def aside(self) -> Path:
        """A folder on the same file system for work in progress; nothing in it is a stored line."""
        return self.root / "incoming"

    def tidy(self, *, before: datetime) -> list[str]:
        """Removes what work that was killed left aside and nobody has touched since; the names."""
        left = [path for path in self.aside().iterdir() if path.stat().st_mtime < before.timestamp()]
        for path in left:
            shutil.rmtree(path, ignore_errors=True)
        return [path.name for path in left]

    def path(self, platform: str, period: str, delivery_number: int) -> Path:
        """Where the lines of a delivery are or would be. ValueError for a platform code or month that is none."""
        if not is_platform_code(platform) or not is_period(period):
            raise ValueError(f"not a platform and month: {platform!r} {period!r}")
        return self.root / "lines" / platform / period / f"{delivery_number}.parquet"

    def renumber(self, parquet: Path, delivery_number: int) -> None:
        """Gives lines that were written for another delivery the receipts of this one; their order stays."""
        aside = parquet.with_name(f"{parquet.name}.renumbered")
        receipt = f"{delivery_number * ROWS_PER_DELIVERY} + received_seq % {ROWS_PER_DELIVERY}"
        with duckdb.connect(config={"threads": 2, "memory_limit": "256MiB"}) as engine:
            engine.execute(
                f"COPY (SELECT * REPLACE (({receipt})::BIGINT AS received_seq) FROM read_parquet($lines))"  # noqa: S608
                " TO $aside (FORMAT parquet, COMPRESSION zstd)",
                {"lines": str(parquet), "aside": str(aside)},
            )
        aside.replace(parquet)

    def publish(self, parquet: Path, platform: str, period: str, delivery_number: int) -> str:
        """Move a file of accepted lines (on the same file system) to its place; its SHA-256. Durable when this returns.

        What is there already under this number was left by a delivery that was never committed, and is replaced: the
        database never gives the number of a committed delivery again.
        """
        target = self.path(platform, period, delivery_number)
        fsync_file(parquet)
        sha256, rows = _sha256(parquet), pq.ParquetFile(parquet).metadata.num_rows
        manifest = Manifest(platform, period, delivery_number, sha256, parquet.stat().st_size, rows)
        # The manifest first, so that there is never a file of lines without one.
        write_durably(target.with_suffix(".json"), json.dumps(asdict(manifest)).encode())
        move_durably(parquet, target)
        return sha256

    def manifest(self, path: Path) -> Manifest:
        """What was published at `path`; NotFound when nothing was."""
        described = path.with_suffix(".json")
        if not described.is_file():
            raise NotFound("the lines of this delivery are missing")
        return Manifest(**json.loads(described.read_text()))

    def verify(self, platform: str, period: str, delivery_number: int, sha256: str) -> Manifest:
        """NotFound when the file is missing, Conflict when its bytes or its number of rows are others."""
        path = self.path(platform, period, delivery_number)
        manifest = self.manifest(path)
        if not path.is_file():
            raise NotFound("the lines of this delivery are missing")
        if _sha256(path) != sha256 or pq.ParquetFile(path).metadata.num_rows != manifest.rows:
            raise Conflict("stored lines are not what was published", (Problem("altered_file", value=sha256),))
        return manifest

    def paths(
        self, platforms: Collection[str] | None = None, until: str | None = None, since: str | None = None
    ) -> list[Path]:
        """Files of these platforms and of the months `since` to `until` (`YYYY-MM`, both inclusive), sorted."""
        return _chosen(self._files(), platforms, until, since)

    def stores(self, platforms: Collection[str] | None = None, among: Sequence[Path] | None = None) -> list[StoreSeen]:
        """Every store id with the number of its orders and the newest one: for finding stores nobody has linked."""
        rows = _ask(
            _chosen(self._counted(among), platforms),
            "SELECT platform, store_id, count(DISTINCT order_no), max(ordered_at), min(ordered_at)"
            " FROM lines GROUP BY ALL ORDER BY ALL",
        )
        return [StoreSeen(*row) for row in rows]

    def count(self, among: Sequence[Path] | None = None) -> int:
        """Stored lines, every statement counted, from the files themselves."""
        return sum(pq.ParquetFile(path).metadata.num_rows for path in self._counted(among))

    def _counted(self, among: Sequence[Path] | None) -> Sequence[Path]:
        return self._files() if among is None else among

    def _files(self) -> list[Path]:
        found = self.root.glob("lines/*/*/*.parquet")
        return sorted(found, key=lambda path: (path.parts[-3], path.parts[-2], int(path.stem)))


def _chosen(
    paths: Sequence[Path], platforms: Collection[str] | None, until: str | None = None, since: str | None = None
) -> list[Path]:
    """Platform and month are the two folders above a file."""
    return [
        path
        for path in paths
        if (platforms is None or path.parts[-3] in platforms)
        and (until is None or path.parts[-2] <= until)
        and (since is None or path.parts[-2] >= since)
    ]


def _ask(paths: list[Path], statement: str, **values: Any) -> list[tuple[Any, ...]]:
    """A look-up in our own files: `lines` in the statement are the rows of `paths`, no answer when there are none."""
    if not paths:
        return []
    with duckdb.connect(config={"threads": 2, "memory_limit": "256MiB"}) as engine:
        engine.execute("SET VARIABLE paths = $1", [[str(path) for path in paths]])
        engine.execute("CREATE TEMP VIEW lines AS SELECT * FROM read_parquet(getvariable('paths'))")
        return engine.execute(statement, values or None).fetchall()


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()

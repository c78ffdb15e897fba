"""Accepted settlement lines as Parquet, one file a delivery: `<platform>/<period>/<number>.<sha256>.parquet`.

The file of a delivery counts once a committed row names its SHA-256; until then it is an orphan that nobody reads.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from portal.domain.errors import Conflict, NotFound, Problem
from portal.domain.settlements import STORED_COLUMNS, SettlementLine, is_period, is_platform_code
from portal.storage.durable import fsync_file, move_durably, write_durably

_NAME = re.compile(r"(\d+)\.([0-9a-f]{64})\.parquet")
_COLUMNS = ", ".join(STORED_COLUMNS)


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
    """A store id as it appears in the lines; `last_seen` is the newest order (Korean time)."""

    platform: str
    store_id: str
    lines: int
    last_seen: datetime


@dataclass(frozen=True, slots=True)
class KnownOrder:
    """The statement that stands for an order: the one received last."""

    received_seq: int
    statements: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """A new delivery against what is stored: orders never told, told alike, told differently (these supersede)."""

    new: int
    repeated: int
    changed: int


class LineStore:
    """`deliveries` in every method: the `lines_sha256` of the committed deliveries; None means every file there is."""

    def __init__(self, root: Path) -> None:
        self.root = Path(root)
        self.root.mkdir(parents=True, exist_ok=True)

    def publish(self, parquet: Path, *, platform: str, period: str, delivery_number: int) -> Manifest:
        """Move a file of accepted lines (on the same file system) to its place. Durable when this returns.

        The manifest is written first: a Parquet file without one never exists. Running it again is harmless.
        """
        if not is_platform_code(platform) or not is_period(period):
            raise ValueError(f"not a platform and month: {platform!r} {period!r}")
        fsync_file(parquet)
        sha256 = _sha256(parquet)
        rows = pq.ParquetFile(parquet).metadata.num_rows
        manifest = Manifest(platform, period, delivery_number, sha256, parquet.stat().st_size, rows)
        target = self._path(manifest)
        write_durably(target.with_suffix(".json"), json.dumps(asdict(manifest)).encode())
        move_durably(parquet, target)
        return manifest

    def manifests(self) -> Iterator[Manifest]:
        """Everything published, orphans of interrupted deliveries included, in the order of the folders."""
        for path in self._files():
            yield Manifest(**json.loads(path.with_suffix(".json").read_text()))

    def verify(self, manifest: Manifest) -> None:
        """NotFound when the file is missing, Conflict when its bytes or its number of rows are not the manifest's."""
        path = self._path(manifest)
        if not path.is_file():
            raise NotFound("the lines of this delivery are missing")
        same = _sha256(path) == manifest.sha256 and pq.ParquetFile(path).metadata.num_rows == manifest.rows
        if not same:
            raise Conflict("stored lines are not what was published", (Problem("altered_file", value=manifest.sha256),))

    def paths(
        self,
        platforms: Collection[str] | None = None,
        until: str | None = None,
        deliveries: Collection[str] | None = None,
        since: str | None = None,
    ) -> list[Path]:
        """Files of these platforms and of the months `since` to `until` (`YYYY-MM`, both inclusive), sorted."""
        return [
            path
            for path in self._files()
            if (platforms is None or path.parts[-3] in platforms)
            and (until is None or path.parts[-2] <= until)
            and (since is None or path.parts[-2] >= since)
            and (deliveries is None or _parts(path)[1] in deliveries)
        ]

    def lines_of(
        self,
        stores: Collection[tuple[str, str]],
        *,
        period: str,
        deliveries: Collection[str] | None = None,
        limit: int = 500,
    ) -> list[SettlementLine]:
        """Every statement of these (platform, store id) pairs in one month, by time; superseded ones included."""
        paths = self.paths({platform for platform, _ in stores}, period, deliveries, period)
        if not stores:
            return []
        rows = _ask(
            paths,
            f"SELECT {_COLUMNS} FROM lines WHERE list_contains($wanted, platform || chr(31) || store_id) "  # noqa: S608
            "ORDER BY ordered_at, platform, order_no, received_seq LIMIT $limit",
            wanted=[f"{platform}\x1f{store_id}" for platform, store_id in stores],
            limit=limit,
        )
        return [SettlementLine(*row) for row in rows]

    def known_orders(
        self, platform: str, order_nos: Sequence[str], deliveries: Collection[str] | None = None
    ) -> dict[str, KnownOrder]:
        """Those of the orders that were delivered before, by order number."""
        rows = _ask(
            self.paths({platform}, None, deliveries),
            "SELECT order_no, max(received_seq), count(*) FROM lines WHERE list_contains($orders, order_no) GROUP BY 1",
            orders=list(order_nos),
        )
        return {order_no: KnownOrder(seq, statements) for order_no, seq, statements in rows}

    def compare(self, parquet: Path, *, platform: str, deliveries: Collection[str] | None = None) -> Comparison:
        """How the accepted lines of a delivery (its own file left out) stand to the newest stored statement of each."""
        others = [path for path in self.paths({platform}, None, deliveries) if path != parquet]
        total = pq.ParquetFile(parquet).metadata.num_rows
        content = ", ".join(name for name in STORED_COLUMNS if name != "received_seq")
        if not others:
            return Comparison(total, 0, 0)
        known, repeated = _ask(
            others,
            f"""
            WITH incoming AS (SELECT order_no, row({content}) AS content FROM read_parquet($parquet)),
            newest AS (SELECT order_no, arg_max(row({content}), received_seq) AS content FROM lines
                       WHERE order_no IN (SELECT order_no FROM incoming) GROUP BY 1)
            SELECT count(*), count(*) FILTER (incoming.content = newest.content)
            FROM incoming JOIN newest USING (order_no)
            """,  # noqa: S608
            parquet=str(parquet),
        )[0]
        return Comparison(total - known, repeated, known - repeated)

    def stores(
        self, platforms: Collection[str] | None = None, deliveries: Collection[str] | None = None
    ) -> list[StoreSeen]:
        """Every store id with the number of its orders and the newest one: for finding stores nobody has linked."""
        rows = _ask(
            self.paths(platforms, None, deliveries),
            "SELECT platform, store_id, count(DISTINCT order_no), max(ordered_at) FROM lines GROUP BY ALL ORDER BY ALL",
        )
        return [StoreSeen(*row) for row in rows]

    def count(self, deliveries: Collection[str] | None = None) -> int:
        """Stored lines, every statement counted, from the files themselves."""
        return sum(pq.ParquetFile(path).metadata.num_rows for path in self.paths(deliveries=deliveries))

    def _files(self) -> list[Path]:
        found = (path for path in self.root.glob("*/*/*.parquet") if _NAME.fullmatch(path.name))
        return sorted(found, key=lambda path: (path.parts[-3], path.parts[-2], _parts(path)))

    def _path(self, manifest: Manifest) -> Path:
        return self.root / manifest.platform / manifest.period / f"{manifest.delivery_number}.{manifest.sha256}.parquet"


def _parts(path: Path) -> tuple[int, str]:
    number, sha256, _ = path.name.split(".")
    return int(number), sha256


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

"""After the storm: what was acknowledged is stored, once, with the counts that were told; every order counts once, with
its true amounts; and nothing else is there. Each breach is a sentence."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from sqlalchemy import create_engine, text

from portal.config import ROOT
from portal.domain.settlements import WON_COLUMNS
from portal.storage.lines import LineStore
from tests.faults.book import Book
from tests.faults.ingestion.platforms import Program
from tests.faults.ingestion.world import PERIODS, PLATFORMS, Parcel, World
from tests.faults.processes import Deployment

FIRST = 20  # breaches of a kind that are told


@dataclass(frozen=True, slots=True)
class Stored:
    """A committed row of the portal's table of deliveries."""

    number: int
    platform: str
    period: str
    sha256: str
    received: int
    accepted: int
    refused: int
    codes: Mapping[str, int]


@dataclass
class Reckoning:
    """What the harness knows (`world`, `book`, `unheard`) beside what the portal holds."""

    world: World
    book: Book
    unheard: Sequence[Parcel]
    deployment: Deployment
    programs: Mapping[str, Program]
    port: int

    def __post_init__(self) -> None:
        self.engine = create_engine(self.deployment.settings.database_url)
        self.stored = {found.number: found for found in self._deliveries()}
        self.acknowledged = self.book.entries("acknowledged")

    def breaches(self) -> Iterator[str]:
        """Everything that is not as it must be; nothing when all holds."""
        for check in (
            self._acknowledged_is_stored,
            self._once,
            self._nothing_else,
            self._lines_are_told_ones,
            self._counts_once,
            self._keys_kept,
            self._reconciles,
        ):
            yield from list(check())[:FIRST]
        self.engine.dispose()

    def leftovers(self) -> tuple[int, int]:
        """Files that killed processes left and nobody reads: line files without a row, unfinished folders."""
        lines = LineStore(self.deployment.settings.store)
        named = {str(lines.path(found.platform, found.period, found.number)) for found in self.stored.values()}
        return sum(str(path) not in named for path in lines.paths()), len(list(lines.aside().iterdir()))

    def _deliveries(self) -> Iterator[Stored]:
        with self.engine.connect() as connection:
            for row in connection.execute(
                text("SELECT id, platform, period, sha256, received_rows, accepted, refused, outcome FROM delivery")
            ):
                codes = (json.loads(row[7]) if isinstance(row[7], str) else row[7])["problems_by_code"]
                yield Stored(*row[:7], codes)

    def _acknowledged_is_stored(self) -> Iterator[str]:
        """I8: with exactly the counts that were told, which come to what was sent."""
        for told in self.acknowledged:
            parcel, found = self.world.parcels[told["parcel"]], self.stored.get(told["delivery"])
            expected = parcel.expected()
            sent, refused = len(parcel.entries()), sum(expected.values())
            if found is None:
                yield f"{told['key']}: acknowledged as delivery {told['delivery']}, which is lost"
                continue
            counts = (found.received, found.accepted, found.refused)
            if told["counts"] and tuple(told["counts"]) != counts:
                yield f"{told['key']}: told {told['counts']}, stored {counts}"
            if counts != (sent, sent - refused, refused) or dict(found.codes) != expected:
                yield (
                    f"{told['key']}: accepted + refused is not what was sent:"
                    f" {counts} {found.codes}, sent {sent} {expected}"
                )

    def _once(self) -> Iterator[str]:
        """However often and by whichever way: one parcel is one delivery, and one delivery one parcel."""
        numbers, parcels = defaultdict(set), defaultdict(set)
        for told in self.acknowledged:
            numbers[told["parcel"]].add(told["delivery"])
            parcels[told["delivery"]].add(told["parcel"])
        for parcel, several in numbers.items():
            if len(several) > 1:
                yield f"parcel {parcel} was stored more than once: deliveries {sorted(several)}"
        for number, several in parcels.items():
            if len(several) > 1:
                yield f"delivery {number} stands for parcels {sorted(several)}"
        missing = {parcel.number for parcel in self.world.parcels} - numbers.keys()
        if missing:
            yield f"the harness itself: parcels {sorted(missing)[:FIRST]} were never acknowledged"

    def _nothing_else(self) -> Iterator[str]:
        """What was cut left nothing; what nobody waited for is there whole or not at all."""
        known = {told["delivery"] for told in self.acknowledged}
        whole = {hashlib.sha256(parcel.as_table()).hexdigest(): parcel for parcel in self.unheard}
        for number, found in self.stored.items():
            parcel = whole.get(found.sha256)
            if number not in known and parcel is None:
                yield f"delivery {number} ({found.received} rows) was never acknowledged to anybody"
            elif parcel is not None and found.received != len(parcel.entries()):
                yield f"delivery {number} is a part of what was sent"

    def _heard(self) -> dict[int, Parcel]:
        """Delivery -> what was in it."""
        whole = {hashlib.sha256(parcel.as_table()).hexdigest(): parcel for parcel in self.unheard}
        found = {number: whole[row.sha256] for number, row in self.stored.items() if row.sha256 in whole}
        return {told["delivery"]: self.world.parcels[told["parcel"]] for told in self.acknowledged} | found

    def _lines_are_told_ones(self) -> Iterator[str]:
        """I7, from the stored files themselves: of every order the last statement is the last one acknowledged."""
        true, statements = self._truth()
        seen = 0
        for platform, order_no, count, *amounts in self._last_statements():
            seen += 1
            key = (platform, order_no)
            if key not in true:
                yield f"{key} was never told"
            elif count != statements[key]:
                yield f"{key} is stored {count} times, told in {statements[key]} deliveries"
            elif tuple(amounts) != true[key][1]:
                yield f"{key} counts as {tuple(amounts)}, told last as {true[key][1]}"
        if seen != len(true):
            yield f"{seen} orders are stored, {len(true)} were told"

    def _truth(self) -> tuple[dict[tuple[str, str], tuple[str, tuple[object, ...]]], Counter[tuple[str, str]]]:
        """(platform, order) -> its month and last amounts; and in how many deliveries it was told."""
        last: dict[tuple[int, int], int] = {}
        statements: Counter[tuple[str, str]] = Counter()
        for number in sorted(heard := self._heard()):
            block = heard[number].block
            for order, revision in dict(heard[number].entries()).items():
                if self.world.fault(order) is None:
                    last[block.number, order] = revision
                    statements[block.platform, self.world.order_no(order, block)] += 1
        true = {}
        for (number, order), revision in last.items():
            block = self.world.blocks[number]
            row = self.world.row(block, order, revision)
            amounts = (row["status"], *(row[name] for name in WON_COLUMNS))
            true[block.platform, str(row["order_no"])] = (block.period, amounts)
        return true, statements

    def _last_statements(self) -> Iterator[tuple[Any, ...]]:
        paths = self._paths(self.stored.values())
        if not paths:
            return
        with duckdb.connect(config={"threads": 2, "memory_limit": "1GiB"}) as engine:
            cursor = engine.execute(
                f"""SELECT platform, order_no, count(*) OVER o, status, {", ".join(WON_COLUMNS)}
                FROM read_parquet($paths)
                WINDOW o AS (PARTITION BY platform, order_no)
                QUALIFY row_number() OVER (PARTITION BY platform, order_no ORDER BY received_seq DESC) = 1""",
                {"paths": [str(path) for path in paths]},
            )
            while rows := cursor.fetchmany(10_000):
                yield from rows

    def _paths(self, rows: Iterable[Stored]) -> list[Path]:
        lines = LineStore(self.deployment.settings.store)
        return [lines.path(row.platform, row.period, row.number) for row in rows if row.accepted]

    def _counts_once(self) -> Iterator[str]:
        """As the portal itself counts a month, asked by the platform: the newest line of every order, once."""
        true, _ = self._truth()
        for platform in PLATFORMS:
            for period in PERIODS:
                mine = [row for (owner, _), (month, row) in true.items() if (owner, month) == (platform, period)]
                living = [row[1:] for row in mine if row[0] == "completed"]
                sums = [sum(column) for column in zip(*living, strict=True)] or [0] * len(WON_COLUMNS)
                figures = {"orders": len(living), "cancelled": len(mine) - len(living)}
                figures |= dict(zip(WON_COLUMNS, sums, strict=True))
                told = self.programs[platform].put(self.port, f"/statements/{period}", {"figures": figures})
                if not told["agrees"]:
                    yield f"{platform} {period} does not count every order once: {told['differences']}"

    def _keys_kept(self) -> Iterator[str]:
        """A key that was acknowledged holds the answer that was given; no answer is kept that names no delivery."""
        kept: dict[str, int] = {}
        with self.engine.connect() as connection:
            rows = connection.execute(text("SELECT key, answer FROM api_request WHERE answered_at IS NOT NULL"))
            for key, answer in rows:
                kept[key] = (json.loads(answer) if isinstance(answer, str) else answer)["id"]
        for told in self.acknowledged:
            if told["way"] not in ("folder", "command", "page") and kept.get(told["key"]) != told["delivery"]:
                yield f"{told['key']}: acknowledged as {told['delivery']}, its key holds {kept.get(told['key'])}"
        for key, number in kept.items():
            if number not in self.stored:
                yield f"{key}: its key holds delivery {number}, which is not there"

    def _reconciles(self) -> Iterator[str]:
        done = subprocess.run(
            self.deployment.flask("reconcile"), cwd=ROOT, env=self.deployment.environment(),
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            broken = [line for line in done.stdout.splitlines() if not line.startswith("ok")]
            yield f"flask reconcile: {broken or done.stderr[-600:]}"

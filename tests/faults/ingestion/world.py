"""Orders made from a seed, and the parcels they are sent in: what must be stored afterwards is known beforehand."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from random import Random

from portal.domain.settlements import COLUMNS, LineFault

PLATFORMS = ("baemin", "yogiyo")  # order numbers are the same at both: only with its platform one is an order
PERIODS = ("2026-04", "2026-05")
NAMES = [column.name for column in COLUMNS]
MOST_SENDS = 5
BIG = 2_500  # more rows than this do not travel as one JSON document
FORMS = ("table", "rows", "table", "rows", "document")

# How a row is spoiled, and the code it must be refused with. One row in 200 is.
FAULTS = {
    LineFault.OUTSIDE_MONTH: {"ordered_at": "2026-01-03T12:00:00"},
    LineFault.NOT_AN_INTEGER: {"delivery_fee": "12.5"},
    LineFault.NEGATIVE: {"brokerage_fee": -1},
    LineFault.UNKNOWN_STATUS: {"status": "paid"},
    LineFault.MISSING_VALUE: {"store_id": ""},
    LineFault.TOO_FEW_FIELDS: {},
}
_SPOILED = tuple(FAULTS)
_MASK = 2**64 - 1

Row = dict[str, str | int]


def mixed(*numbers: int) -> int:
    """A number that looks random and is always the same for the same numbers (splitmix64)."""
    state = 0
    for number in numbers:
        state = (state + number + 0x9E3779B97F4A7C15) & _MASK
        state = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        state = ((state ^ (state >> 27)) * 0x94D049BB133111EB) & _MASK
        state ^= state >> 31
    return state


@dataclass(frozen=True, slots=True)
class Block:
    """Orders that are next to each other, of one platform and month."""

    number: int
    platform: str
    period: str
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Parcel:
    """Rows that travel together, `times` times in the very same bytes.

    `form`: `table` (CSV by stream, folder, command or page), `rows` (NDJSON) or `document` (JSON): the bytes decide
    what is the same. `edition`: 0 in order; later ones are shuffled, with some orders corrected, in `parts`.
    """

    world: World
    number: int
    block: Block
    edition: int
    part: int
    parts: int
    form: str
    times: int

    @property
    def name(self) -> str:
        return f"p{self.number:05d}"

    def entries(self) -> list[tuple[int, int]]:
        """(order, revision), as they stand in the file; an order may stand there twice."""
        orders = list(range(self.block.start, self.block.stop))
        if self.edition:
            Random(mixed(self.world.seed, self.block.number, self.edition)).shuffle(orders)
        mine = orders[self.part :: self.parts]
        told = [(order, self.world.revision(order, self.edition)) for order in mine]
        return told + [entry for entry in told if self.world.doubled(entry[0], self.edition)]

    def expected(self) -> dict[str, int]:
        """How many of its rows are refused, by code."""
        found: dict[str, int] = {}
        seen = set()
        for order, _ in self.entries():
            code = self.world.fault(order) or (LineFault.DUPLICATE_IN_FILE if order in seen else None)
            seen.add(order)
            if code:
                found[code] = found.get(code, 0) + 1
        return found

    def as_table(self) -> bytes:
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(NAMES)
        for row, fault in self._rows():
            values = [row[name] for name in NAMES]
            writer.writerow(values[:5] if fault is LineFault.TOO_FEW_FIELDS else values)
        return out.getvalue().encode()

    def as_objects(self) -> list[object]:
        return [{"note": "?"} if fault is LineFault.TOO_FEW_FIELDS else row for row, fault in self._rows()]

    def as_ndjson(self) -> bytes:
        return b"\n".join(json.dumps(row, ensure_ascii=False).encode() for row in self.as_objects())

    def _rows(self) -> Iterator[tuple[Row, LineFault | None]]:
        for order, revision in self.entries():
            fault = self.world.fault(order)
            yield self.world.row(self.block, order, revision) | (FAULTS[fault] if fault else {}), fault


@dataclass(frozen=True)
class World:
    """`rows` orders, each sent 1 to MOST_SENDS times; `block`: the most orders in one parcel."""

    seed: int
    rows: int
    block: int

    @cached_property
    def blocks(self) -> list[Block]:
        groups = [(platform, period) for period in PERIODS for platform in PLATFORMS]
        made: list[Block] = []
        start = 0
        while start < self.rows:
            number = len(made)
            size = self.block // 8 + mixed(self.seed, number, 1) % (self.block - self.block // 8)
            stop = start + size if self.rows - start - size > self.block // 8 else self.rows  # no block of a row or two
            made.append(Block(number, *groups[number % len(groups)], start, stop))
            start = stop
        return made

    @cached_property
    def parcels(self) -> list[Parcel]:
        made: list[Parcel] = []
        for block in self.blocks:
            for edition, (times, parts) in enumerate(self._editions(block)):
                form = FORMS[mixed(self.seed, block.number, edition, 2) % len(FORMS)]
                for part in range(parts):
                    made.append(Parcel(self, len(made), block, edition, part, parts, form, times))
        return made

    def _editions(self, block: Block) -> Iterator[tuple[int, int]]:
        """(times, parts): how the 1 to 5 sends of a block's orders are divided among its editions."""
        left = 1 + mixed(self.seed, block.number, 3) % MOST_SENDS
        edition = 0
        while left:
            times = 1 + mixed(self.seed, block.number, edition, 4) % min(left, 3)
            parts = 1 if edition == 0 else 1 + mixed(self.seed, block.number, edition, 5) % 4
            yield times, min(parts, block.stop - block.start)
            left -= times
            edition += 1

    def fault(self, order: int) -> LineFault | None:
        drawn = mixed(self.seed, order, 6)
        return _SPOILED[drawn // 200 % len(_SPOILED)] if drawn % 200 == 0 else None

    def doubled(self, order: int, edition: int) -> bool:
        return mixed(self.seed, order, 7) % 100 == edition

    def revision(self, order: int, edition: int) -> int:
        """In later editions one order in 50 is told with other amounts."""
        return edition if edition and mixed(self.seed, order, 8) % 50 < edition else 0

    def order_no(self, order: int, block: Block) -> str:
        return f"F{order - block.start:07d}-{block.number // len(PLATFORMS)}"

    def row(self, block: Block, order: int, revision: int) -> Row:
        """The order as it is told in this revision, every column of it."""
        drawn = mixed(self.seed, order, revision, 9)
        fee = 1_000 + drawn % 40 * 100
        return {
            "platform": block.platform,
            "store_id": f"S{mixed(self.seed, order, 10) % 400}",
            "order_no": self.order_no(order, block),
            "origin_key": "",
            "channel": "delivery",
            "ordered_at": f"{block.period}-{1 + drawn % 28:02d}T{drawn % 24:02d}:{drawn // 24 % 60:02d}:00",
            "status": "cancelled" if drawn % 20 == 0 else "completed",
            "payment_method": "card",
            "order_amount": 10_000 + drawn // 7 % 50_000,
            "delivery_fee": fee,
            "delivery_support": fee // 4,
            "promotion_cost": drawn // 11 % 3_000,
            "promotion_support": 0,
            "brokerage_fee": drawn // 13 % 2_000,
            "payment_fee": drawn // 17 % 500,
        }

"""Average order values: the band in which a channel's averages are expected, and averages that lie outside it.

An average far off is seldom a dear shop; far oftener a file whose amounts are in another unit or another column.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from portal.domain.money import Won
from portal.domain.tables import Table

FEW = 5  # orders below which an average says nothing
SHOWN = 20  # stores outside their band that are kept; the others are only counted


class Side(StrEnum):
    BELOW = "average_order_below"
    ABOVE = "average_order_above"


@dataclass(frozen=True, slots=True)
class Band:
    """Won between which (both inclusive) the average order of a channel is expected. `example`: the numbers are ours;
    else `source` says whose they are, `dated` of when."""

    channel: str
    least: Won
    most: Won
    example: bool = False
    source: str = ""
    dated: str = ""


@dataclass(frozen=True, slots=True)
class OutsideBand:
    """An average outside its band: of one store, or of the whole file where `store_id` is empty."""

    store_id: str
    channel: str
    orders: int
    average: Won
    least: Won
    most: Won

    @property
    def side(self) -> Side:
        return Side.BELOW if self.average < self.least else Side.ABOVE

    @property
    def slipped(self) -> bool:
        """Whether it is off by twice or more, and one or three digits bring it into the band: then likely the unit is
        another. A little outside, ten times would do as well, as bands are wide, and says nothing."""
        far = 2 * self.average <= self.least or self.average >= 2 * self.most
        return far and any(self.least <= value <= self.most for value in self._moved())

    def _moved(self) -> list[float]:
        by = (10, 1_000)
        return [self.average * each if self.side is Side.BELOW else self.average / each for each in by]


@dataclass(frozen=True, slots=True)
class OrderValues:
    """`outside`: the file by channel, then its stores, those with most orders first; `stores`: how many there are."""

    outside: Sequence[OutsideBand] = field(default=())
    stores: int = 0


def parse_bands(table: Table, channels: Collection[str]) -> tuple[Band, ...]:
    """`[average_order.<channel>]`: a channel that is left out is one whose averages mean nothing."""
    found = []
    for channel in table.values:
        inner = table.table(channel)
        if channel not in channels:
            table.note("unknown_choice", channel, channel)
        found.append(_band(inner, channel))
    return tuple(found)


def _band(table: Table, channel: str) -> Band:
    example = table.flag("example", False)
    known = not example and table.has("source")
    band = Band(
        channel=channel,
        least=table.integer("least", least=1),
        most=table.integer("most", least=1),
        example=example,
        source=table.text("source") if known else "",
        dated=table.text("dated") if known else "",
    )
    if not example and not known:
        table.note("neither_example_nor_source", "source")
    if band.most <= band.least:
        table.note("out_of_range", "most", band.most)
    table.finish()
    return band


def to_plain(found: OrderValues) -> dict[str, Any]:
    """For the outcome of a delivery, where it is only read back whole."""
    warnings = [
        {
            "code": each.side.value,
            "store_id": each.store_id,
            "channel": each.channel,
            "orders": each.orders,
            "average": each.average,
            "least": each.least,
            "most": each.most,
        }
        for each in found.outside
    ]
    return {"warnings": warnings, "warned_stores": found.stores}


def from_plain(outcome: Mapping[str, Any]) -> OrderValues:
    """The same again; a delivery of before there were bands has none."""
    rows = ({key: value for key, value in each.items() if key != "code"} for each in outcome.get("warnings", ()))
    return OrderValues([OutsideBand(**row) for row in rows], outcome.get("warned_stores", 0))

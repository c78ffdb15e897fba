"""Which parcel goes by which way, how often and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from tests.faults.ingestion.world import BIG, Parcel, World, mixed

API_WAYS = {"table": ("csv", "gzip"), "rows": ("ndjson", "lines"), "document": ("json",)}
TABLE_WAYS = ("csv", "gzip", "folder", "page", "csv", "page", "command")


@dataclass(frozen=True, slots=True)
class Send:
    """One of the times a parcel is delivered. `key`: the Idempotency-Key it keeps, however often it is tried."""

    parcel: Parcel
    turn: int
    way: str

    @property
    def key(self) -> str:
        return f"{self.parcel.name}-{self.turn}-{self.way}"


def sends(world: World) -> list[Send]:
    """All of them, in a random order."""
    made = []
    for parcel in world.parcels:
        for turn in range(parcel.times):
            ways = TABLE_WAYS if parcel.form == "table" else API_WAYS[parcel.form]
            way = ways[mixed(world.seed, parcel.number, turn, 11) % len(ways)]
            big = parcel.block.stop - parcel.block.start > BIG
            made.append(Send(parcel, turn, "ndjson" if way == "json" and big else way))
    Random(world.seed).shuffle(made)
    return made

"""What platforms say of a store itself: its name, which business it is, and where. Business data: never logged."""

from __future__ import annotations

from dataclasses import dataclass

MAX_NAME, MAX_ADDRESS = 100, 200
MOST = 100_000  # stores that one file may tell of


@dataclass(frozen=True, slots=True)
class StoreTold:
    """`business_number`: ten digits; what was not said, or was no such number, is empty."""

    store_id: str
    name: str = ""
    business_number: str = ""
    address: str = ""

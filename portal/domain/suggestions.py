"""Which business place an unlinked store may belong to, and why it is thought so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from portal.domain.links import LinkStatus


class Likeness(StrEnum):
    """What of a place the store resembles, the surest first."""

    NAMED = "named"  # the merchant named this very store and waits for an answer
    BUSINESS_NUMBER = "business_number"
    OTHER_PLATFORM = "other_platform"  # the place has this number at another platform
    NUMBER = "number"  # the merchant named a number that differs by a slip
    NAME_AND_ADDRESS = "name_and_address"
    NAME = "name"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Place:
    merchant_id: int
    trade_name: str
    business_number: str
    address: str


@dataclass(frozen=True, slots=True)
class NamedStore:
    """A store that a merchant named as its own."""

    link_id: int
    merchant_id: int
    platform: str
    store_id: str
    status: LinkStatus


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`score`: likeness from 0 to 100; `link_id`: the merchant's own proposal, where only the answer is missing."""

    place: Place
    likeness: Likeness
    score: int
    link_id: int | None = None


@dataclass(frozen=True, slots=True)
class LinkSuggested:
    """An official's word that the store is this place's."""

    platform: str
    store_id: str
    merchant_id: int

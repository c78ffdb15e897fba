"""Looks at the average orders of a delivery that was read. What is odd is said and never refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from portal import data
from portal.domain.actors import Actor
from portal.domain.order_values import OutsideBand, from_plain, to_plain
from portal.models.links import PlatformLink
from portal.models.settlements import Delivery
from portal.queries import links
from portal.storage import order_values


@dataclass(frozen=True, slots=True)
class Warned:
    """What a person looks at: the averages outside their band, and whose the stores are, by store id."""

    outside: Sequence[OutsideBand]
    more_stores: int
    links: Mapping[str, PlatformLink]


def told(lines: Path | None, platform: str, *, work: Path) -> dict[str, Any]:
    """Which averages of a file of accepted lines lie outside their band, for the outcome of its delivery."""
    bands = data.platform_catalogue()[platform].average_orders
    return to_plain(order_values.outside(lines, bands, work=work)) if lines is not None and bands else {}


def warned(session: Session, delivery: Delivery, by: Actor) -> Warned:
    """The warnings of a delivery with the links of their stores at the official's organisation."""
    found = from_plain(delivery.outcome)
    stores = [each.store_id for each in found.outside if each.store_id]
    owners = links.of_stores(session, by, delivery.platform, stores) if stores else {}
    return Warned(found.outside, found.stores - len(stores), owners)

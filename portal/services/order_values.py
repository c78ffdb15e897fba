"""Looks at the average orders of a delivery after its lines were stored. What is odd is said and never refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal import data
from portal.domain.actors import Actor
from portal.domain.order_values import OutsideBand, from_plain, to_plain
from portal.models.links import PlatformLink
from portal.models.settlements import Delivery
from portal.queries import links
from portal.storage import order_values
from portal.storage.lines import LineStore


@dataclass(frozen=True, slots=True)
class Warned:
    """What a person looks at: the averages outside their band, and whose the stores are, by store id."""

    outside: Sequence[OutsideBand]
    more_stores: int
    links: Mapping[str, PlatformLink]


def warn(lines: LineStore, delivery: Delivery) -> None:
    """Writes into the delivery's outcome which averages lie outside their band."""
    bands = data.platform_catalogue()[delivery.platform].average_orders
    if delivery.accepted and bands:
        path = lines.path(delivery.platform, delivery.period, delivery.id)
        found = order_values.outside(path, bands, work=lines.aside())
        delivery.outcome = delivery.outcome | to_plain(found)


def warned(session: Session, delivery: Delivery, by: Actor) -> Warned:
    """The warnings of a delivery with the links of their stores at the official's organisation."""
    found = from_plain(delivery.outcome)
    stores = [each.store_id for each in found.outside if each.store_id]
    owners = links.of_stores(session, by, delivery.platform, stores) if stores else {}
    return Warned(found.outside, found.stores - len(stores), owners)

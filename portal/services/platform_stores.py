"""Keeps what platforms say of their stores, the newest word of each; suggestions of whose a store is rest on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import case
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.platform_stores import StoreTold
from portal.models.platform_stores import PlatformStore
from portal.models.settlements import Delivery
from portal.services import matches

_INSERTS = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_AT_ONCE = 1_000  # rows of one statement


def learn(session: Session, delivery: Delivery, stores: Sequence[StoreTold], *, by: Actor) -> None:
    """Takes in what a delivery tells of its stores, and links those that it ties to somebody who waits for it."""
    keep(session, delivery, stores, at=delivery.delivered_at)
    matches.of_delivery(session, delivery, by=by, at=delivery.delivered_at)


def keep(session: Session, delivery: Delivery, stores: Sequence[StoreTold], *, at: datetime) -> None:
    """The newest word of each store; what this delivery leaves out stays as it was said before."""
    for some in range(0, len(stores), _AT_ONCE):
        rows = [_row(delivery, store, at) for store in stores[some : some + _AT_ONCE]]
        insert = _INSERTS[session.get_bind().dialect.name](PlatformStore).values(rows)
        said = {what: _newest(insert, what) for what in ("name", "business_number", "address")}
        session.execute(
            insert.on_conflict_do_update(
                index_elements=[PlatformStore.organisation_id, PlatformStore.platform, PlatformStore.store_id],
                set_={**said, "delivery_id": insert.excluded.delivery_id, "told_at": insert.excluded.told_at},
            )
        )


def _newest(insert: sqlite.Insert | postgresql.Insert, what: str) -> object:
    said = insert.excluded[what]
    return case((said != "", said), else_=getattr(PlatformStore, what))


def _row(delivery: Delivery, store: StoreTold, at: datetime) -> dict[str, object]:
    return {
        "organisation_id": delivery.organisation_id,
        "platform": delivery.platform,
        "store_id": store.store_id,
        "name": store.name,
        "business_number": store.business_number,
        "address": store.address,
        "delivery_id": delivery.id,
        "told_at": at,
    }

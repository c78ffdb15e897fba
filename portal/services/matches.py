"""Links a store to whom its platform says it belongs, where the merchant applied on the strength of platforms' data.

Nobody types a store number and nobody looks it up: the platform names the business number, the merchant consented to
the use of its data by applying so. A store to which anybody else ever had a claim is left to people.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.links import LIFECYCLE
from portal.models.applications import Application
from portal.models.links import PlatformLink
from portal.models.settlements import Delivery
from portal.queries import matches
from portal.queries.matches import Match
from portal.services import steps


def of_application(session: Session, application: Application, *, by: Actor, at: datetime) -> int:
    """Links the stores that platforms told of before the merchant applied. Returns how many."""
    if not application.track:
        return 0
    return _link(session, matches.of_application(session, application.id), by=by, at=at)


def of_delivery(session: Session, delivery: Delivery, *, by: Actor, at: datetime) -> int:
    """Links the stores that a delivery tells of, of merchants who applied before. Returns how many."""
    return _link(session, matches.of_delivery(session, delivery.id), by=by, at=at)


def _link(session: Session, found: Iterable[Match], *, by: Actor, at: datetime) -> int:
    """The number is the business's own, so the link holds from the day on which it opened."""
    once = {(each.platform, each.store_id): each for each in found}
    waiting = matches.waiting_links(session, [each.link_id for each in once.values() if each.link_id is not None])
    for each in once.values():
        link = waiting.get(each.link_id or 0)
        if link is None:
            link = PlatformLink(
                merchant_id=each.merchant_id,
                platform=each.platform,
                store_id=each.store_id,
                valid_from=each.opened_on,
                proposed_at=at,
            )
            steps.begin(session, link, LIFECYCLE, "propose", by=by, at=at)
        link.decided_at = at
        steps.take(session, link, LIFECYCLE, "match", by=by, at=at)
    return len(once)

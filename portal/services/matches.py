"""Links a store to whom its platform says it belongs, where the merchant applied on the strength of platforms' data.

Nobody types a store number and nobody looks it up: the platform names the business number, the merchant consented to
the use of its data by applying so. A store to which anybody else ever had a claim is left to people.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.links import LIFECYCLE
from portal.models.accounts import User
from portal.models.applications import Application
from portal.models.links import PlatformLink
from portal.models.settlements import Delivery
from portal.queries import accounts, matches
from portal.queries.matches import Match
from portal.services import steps

AT_ONCE = 200  # links of one transaction
_SOON = timedelta(hours=6)  # for so long the worker looks after a delivery


def of_application(session: Session, application: Application, *, by: Actor, at: datetime) -> int:
    """Links the stores that platforms told of before the merchant applied. Returns how many."""
    if not application.track:
        return 0
    return _link(session, matches.of_application(session, application.id), by=by, at=at)


def of_delivery(session: Session, delivery: Delivery, *, by: Actor, at: datetime, most: int = AT_ONCE) -> int:
    """Links the stores that a delivery tells of, of merchants who applied before. Returns how many; so `most`, where
    more wait: the worker goes on with them, so that no delivery of a whole country is one transaction."""
    return _link(session, matches.of_delivery(session, delivery.id, most=most), by=by, at=at)


def unfinished(session: Session, *, at: datetime) -> Sequence[int]:
    """The deliveries whose stores may not all be linked yet."""
    return matches.recent_deliveries(session, at - _SOON)


def go_on(session: Session, delivery_id: int, *, at: datetime, most: int = AT_ONCE) -> int:
    """The next stores of a delivery, in the name of whoever delivered it. Returns how many."""
    delivery = session.get_one(Delivery, delivery_id)
    by = accounts.actor_of(session.get_one(User, delivery.delivered_by))
    return of_delivery(session, delivery, by=by, at=at, most=most)


def _link(session: Session, found: Sequence[Match], *, by: Actor, at: datetime) -> int:
    """The number is the business's own, so the link holds from the day on which it opened."""
    if not found:
        return 0
    waiting = matches.waiting_links(session, [each.link_id for each in found if each.link_id is not None])
    _merchants = matches.owners(session, [each.merchant_id for each in found])  # held, so that none is read on its own
    for each in found:
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
    return len(found)

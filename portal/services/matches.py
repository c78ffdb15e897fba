"""Links a store to whom its platform says it belongs, where the merchant applied on the strength of platforms' data.

Nobody types a store number and nobody looks it up: the platform names the business number, the merchant consented to
the use of its data by applying so. A store to which anybody else ever had a claim is left to people.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.links import LIFECYCLE
from portal.models.accounts import User
from portal.models.applications import Application
from portal.models.links import PlatformLink
from portal.models.settlements import Delivery
from portal.queries import accounts, links, matches
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
    """Links each store on its own: what another transaction linked since we looked stays as that left it.

    In the order of business numbers, stores of one by their own: whoever links several waits for others in that order.
    """
    if not found:
        return 0
    _merchants = matches.owners(session, [each.merchant_id for each in found])  # held, so that none is read on its own
    done = 0
    for each in sorted(found, key=lambda match: (match.business_number, match.platform, match.store_id)):
        attempt = session.begin_nested()
        try:
            done += _one(session, each, by=by, at=at)
            attempt.commit()
        except IntegrityError:
            attempt.rollback()
            if links.overlapping(session, each.platform, each.store_id, each.opened_on, None) is None:
                raise
    return done


def _one(session: Session, match: Match, *, by: Actor, at: datetime) -> bool:
    """The number is the business's own, so the link holds from the day on which it opened. False where the merchant's
    own proposal was answered meanwhile."""
    if match.link_id is None:
        link = PlatformLink(
            merchant_id=match.merchant_id,
            platform=match.platform,
            store_id=match.store_id,
            valid_from=match.opened_on,
            proposed_at=at,
        )
        steps.begin(session, link, LIFECYCLE, "propose", by=by, at=at)
    else:
        link = matches.waiting_link(session, match.link_id)
        if link is None:
            return False
    link.decided_at = at
    steps.take(session, link, LIFECYCLE, "match", by=by, at=at)
    return True

"""A month compared with what its platform states, an order told twice and decided, a platform told of something."""

from __future__ import annotations

from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.conflicts import DecideConflict
from portal.domain.platform_months import StateMonth
from portal.domain.settlements import received_seq
from portal.domain.webhooks import Answer, Event
from portal.services import conflicts, platform_months, webhooks
from tests import api
from tests.factories import AT, actor, make_official
from tests.settled import Office, line


def clear_up(office: Office) -> None:
    """The month against the platform's statement, and an order that was told twice."""
    by = actor(office.reviewer)
    stated = StateMonth("baemin", "2026-05", 9, 180_000, "may.pdf")
    platform_months.state(office.session, stated, by=by, at=AT)
    told = [office.deliver([line("S9", "2026-05-09 12:00", order_no="A9", fee=fee)], "2026-05") for fee in (2, 1)]
    earlier, later = (received_seq(each.delivery.id, 1) for each in told)
    where = (office.session, office.stores, office.lines, later)
    conflicts.decide(*where, DecideConflict(earlier, "asked"), by=by, at=AT)


def tell(session: Session) -> None:
    """A platform's client is told of something, and takes it."""
    admin = make_official(session, Role.ADMINISTRATOR)
    client = api.register(session, by=admin).client
    webhooks.register(session, client.id, "https://api.example.kr/ieum", loopback=False, by=actor(admin), at=AT)
    about = {"batch_id": 1}
    webhooks.announce(session, Event.ROWS_REFUSED, "baemin", [client.data_organisation_id], about, at=AT)
    (sending,) = webhooks.take_up(session, at=AT, most=5)
    webhooks.settle(session, sending, Answer(200), at=AT)

"""Rounds of signals: asked for by an official or by the night, done by a worker, written in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal import data
from portal.domain.actors import Actor
from portal.domain.errors import NotFound
from portal.domain.jobs import JobKind
from portal.domain.periods import korean_date, korean_time, month_of
from portal.domain.signal_facts import Orders
from portal.domain.signal_rules import look
from portal.domain.signals import Seen, limits_on
from portal.models.signals import SignalRound
from portal.queries import accounts, links, signal_facts, signals
from portal.queries.signals import Asked
from portal.services import jobs, settlements
from portal.services import signals as services
from portal.storage import signal_orders
from portal.storage.lines import LineStore

Reading = Callable[[], AbstractContextManager[Session]]
Progress = Callable[[int, int], None]
LastAct = Callable[[Session, datetime], None]

BACK = timedelta(days=400)  # so far back orders, changes and payments are looked at: a year and the month before
FROM_HOUR = 3  # of the night, Korean time
_AT_ONCE = 1_000  # businesses of one look-up


def ask(session: Session, *, by: Actor, at: datetime, merchant_id: int | None = None) -> Asked:
    """Puts a round down to be done, of the whole office or of one business that applied there; the one that waits or
    runs already, if there is one. Whether they may ask is the business of the caller.

    Raises NotFound for a business that never applied there.
    """
    organisation_id = by.organisation_id or 0
    if merchant_id is not None and merchant_id not in signal_facts.applicants(session, organisation_id):
        raise NotFound(f"merchant {merchant_id}")
    last = signals.last_round(session, organisation_id, merchant_id)
    if last is not None and not last.over:
        return last
    made = SignalRound(organisation_id=organisation_id, merchant_id=merchant_id)
    session.add(made)
    session.flush()
    return Asked(made, jobs.ask(session, JobKind.SIGNALS, made.id, by=by, at=at))


def ask_nightly(session: Session, *, at: datetime) -> list[int]:
    """One round a night for every office with somebody who may ask; the ids of the jobs to be sent.

    It is asked for in the name of whoever asked last, or of the reviewer who was there first. Run again, it asks for
    nothing more that night.
    """
    if korean_time(at).hour < FROM_HOUR:
        return []
    asked = []
    for organisation_id in signals.offices(session):
        last = signals.last_round(session, organisation_id)
        if last is not None and korean_date(last.job.asked_at) >= korean_date(at):
            continue
        asker = last.job.asker if last is not None and last.job.asker.active else None
        asker = asker or signals.first_reviewer(session, organisation_id)
        if asker is not None:
            asked.append(ask(session, by=accounts.actor_of(asker), at=at).job.id)
    return asked


def compute(reading: Reading, lines: LineStore, round_id: int, *, progress: Progress, at: datetime) -> LastAct:
    """Looks at the businesses of a round; what is answered writes their signals, inside a transaction."""
    since = at - BACK
    with reading() as session:
        asked = signals.round_by_id(session, round_id)
        by, office = accounts.actor_of(asked.job.asker), asked.round.organisation_id
        one = asked.round.merchant_id
        ids = [one] if one is not None else list(signal_facts.applicants(session, office))
        with closing(_orders(session, lines, office, one, since=since)) as ordered:
            seen = _look(session, office, ids, ordered, progress=progress, since=since, at=at)

    def write(session: Session, at: datetime) -> None:
        changes = services.write(session, office, seen, ids, by=by, at=at)
        made = session.get_one(SignalRound, round_id)
        made.outcome = {"businesses": len(ids), **asdict(changes)}

    return write


def _look(
    session: Session,
    organisation_id: int,
    ids: Sequence[int],
    ordered: Iterator[tuple[int, Orders]],
    *,
    progress: Progress,
    since: datetime,
    at: datetime,
) -> Mapping[int, Sequence[Seen]]:
    """What the rules see, by merchant id. `ordered` comes in the order of the ids: one business is held at a time."""
    limits = limits_on(data.signal_thresholds(), korean_date(at))
    seen: dict[int, Sequence[Seen]] = {}
    upcoming = next(ordered, None)
    for start in range(0, len(ids), _AT_ONCE):
        progress(start, len(ids))
        some = ids[start : start + _AT_ONCE]
        for business in signal_facts.businesses(session, organisation_id, some, since=since):
            while upcoming is not None and upcoming[0] < business.merchant_id:
                upcoming = next(ordered, None)
            mine = upcoming[1] if upcoming is not None and upcoming[0] == business.merchant_id else {}
            if found := look(business, mine, limits):
                seen[business.merchant_id] = found
    progress(len(ids), len(ids))
    return seen


def _orders(
    session: Session, lines: LineStore, organisation_id: int, merchant_id: int | None, *, since: datetime
) -> Generator[tuple[int, Orders]]:
    paths = settlements.taken_in(session, lines, organisation_id).paths
    linked = [
        link
        for link in links.of_applicants(session, organisation_id)
        if merchant_id is None or link.merchant_id == str(merchant_id)
    ]
    return signal_orders.of_businesses(paths, linked, since=month_of(korean_date(since)), work=lines.aside())

"""The invariants of money that is kept from acceptance on: reservations against the ledger, and their order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from portal.domain.grant_changes import GrantChangeStatus
from portal.domain.ledger import CARRIED, Account, PostingKind
from portal.domain.periods import fiscal_year, korean_date
from portal.domain.reservations import OPEN, ReservationStatus, to_commit
from portal.models.applications import Application, Decision
from portal.models.grant_changes import GrantChange
from portal.models.ledger import BudgetLine, LedgerEntry, Posting
from portal.models.reservations import Reservation
from portal.queries import programmes, reservations

S = ReservationStatus
KEPT = "commit:application"  # what was kept for one, and added to it later
GIVEN_BACK = "release:application:"  # what a reservation gave back before or with the decision


def promised(session: Session) -> dict[int | None, int]:
    """Application id -> won committed for it, less what its reservation gave back.

    What was carried over to the next year was released there and committed here: it counts once. What was released
    before the grant was changed is no part of what it was changed to.
    """
    changed = (
        select(GrantChange.application_id, func.max(GrantChange.upto).label("upto"))
        .where(GrantChange.status == GrantChangeStatus.APPROVED)
        .group_by(GrantChange.application_id)
        .subquery()
    )
    again = or_(
        LedgerEntry.source_key.startswith(GIVEN_BACK),
        LedgerEntry.source_key.startswith(CARRIED),
        LedgerEntry.id <= changed.c.upto,
    )
    back = and_(LedgerEntry.kind == PostingKind.RELEASE, again)
    rows = session.execute(
        select(LedgerEntry.application_id, func.sum(case((back, -Posting.amount), else_=Posting.amount)))
        .join(Posting, Posting.entry_id == LedgerEntry.id)
        .outerjoin(changed, changed.c.application_id == LedgerEntry.application_id)
        .where(or_(LedgerEntry.kind == PostingKind.COMMIT, back))
        .group_by(LedgerEntry.application_id)
    )
    return {application_id: int(won) for application_id, won in rows}


def undecided(session: Session) -> set[int]:
    """The applications whose reservation no decision used."""
    return set(session.scalars(select(Reservation.application_id).where(Reservation.status != S.USED)))


def reservations_kept(session: Session) -> Iterator[str]:
    """I2: a reservation is what is committed for its application; who waits or left has nothing committed."""
    committed = promised(session)
    rows = session.execute(
        select(Reservation.application_id, Reservation.status, Reservation.reserved, Decision.amount)
        .outerjoin(Decision, (Decision.application_id == Reservation.application_id) & (Decision.outcome == "approve"))
        .order_by(Reservation.application_id)
    )
    for application_id, status, reserved, decided in rows:
        won = committed.get(application_id, 0)
        if won != reserved:
            yield f"application {application_id}: {reserved} reserved ({status}), {won} committed"
        if (status == S.USED) != (decided is not None) or (decided is not None and decided != reserved):
            yield f"application {application_id}: {reserved} reserved ({status}), {decided} decided"


def waiting_list_in_order(session: Session) -> Iterator[str]:
    """I20: nobody is served before somebody with a lower number (in a selection: rank), and nobody waits for money that
    is there, while a selection has a place left.
    """
    kept = (
        select(LedgerEntry.application_id, func.max(LedgerEntry.id).label("entry"))
        .where(LedgerEntry.source_key.startswith(KEPT))
        .group_by(LedgerEntry.application_id)
        .subquery()
    )
    rows = session.execute(
        select(
            Reservation.application_id,
            Reservation.status,
            Reservation.amount,
            Reservation.reserved,
            Reservation.reserved_at,
            Reservation.since,
            kept.c.entry,
            Application.programme_id,
            Application.queue_number,
            Reservation.rank,
        )
        .join(Application, Application.id == Reservation.application_id)
        .outerjoin(kept, kept.c.application_id == Reservation.application_id)
        .where(Reservation.status != S.RELEASED)
        .order_by(Application.programme_id, *reservations.IN_ORDER)
    )
    first: dict[int, Any] = {}
    money: dict[int, tuple[int, Mapping[str, int]]] = {}
    for row in rows:
        if row.programme_id not in money:
            money[row.programme_id] = _left(session, row.programme_id)
        before = first.get(row.programme_id)
        if before is not None and row.reserved and not _served_by_then(row, before):
            who = f"application {row.application_id} (number {row.rank or row.queue_number})"
            yield f"{who} was served before application {before.application_id}"
        elif before is None and _is_short(row, money[row.programme_id][0]):
            first[row.programme_id] = row
    for programme_id, row in first.items():
        version = programmes.read(session.get_one(Application, row.application_id).version)
        rule, shares = version.announcement.call.last_place, version.terms.funding
        if reservations.closed(session, programme_id, version.announcement.selection):
            continue
        missing = row.amount - row.reserved
        won = to_commit(missing, rule, shares, money[programme_id][1])
        if won:
            yield f"application {row.application_id} waits for {missing} won, of which {won} are there"


def _served_by_then(row: Any, before: Any) -> bool:
    """Whether it had its money when the other came back into the line, by the ledger's sequence."""
    return before.since is not None and row.entry is not None and row.entry <= before.since


def _is_short(row: Any, year: int) -> bool:
    """Still to be served in that year: a part kept in an earlier year stays a part."""
    if row.status not in OPEN or row.reserved == row.amount:
        return False
    return row.reserved_at is None or fiscal_year(korean_date(row.reserved_at)) >= year


def _left(session: Session, programme_id: int) -> tuple[int, Mapping[str, int]]:
    """The year in which the programme's money was last touched, and source -> won available in it, by the postings."""
    touched = or_(Posting.debit == Account.AVAILABLE, Posting.credit == Account.AVAILABLE)
    sign = case((Posting.debit == Account.AVAILABLE, Posting.amount), else_=-Posting.amount)
    rows = session.execute(
        select(BudgetLine.fiscal_year, BudgetLine.source, func.sum(sign), func.max(LedgerEntry.posted_on))
        .join(Posting, Posting.budget_line_id == BudgetLine.id)
        .join(LedgerEntry, LedgerEntry.id == Posting.entry_id)
        .where(BudgetLine.programme_id == programme_id, touched)
        .group_by(BudgetLine.fiscal_year, BudgetLine.source)
    ).all()
    last = max((fiscal_year(on) for _, _, _, on in rows), default=0)
    left: dict[str, int] = defaultdict(int)
    for year, source, won, _ in rows:
        left[source] += int(won) if year == last else 0
    return last, left

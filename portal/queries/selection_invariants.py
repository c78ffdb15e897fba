"""The invariant of selections: what was ranked or drawn comes out again, and stands in line as it was chosen."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.errors import Refusal
from portal.domain.lotteries import draw
from portal.domain.rankings import Outcome, rank
from portal.domain.selections import ORDERED, SelectionStatus
from portal.models.reservations import Reservation
from portal.models.selections import Candidate, Selection
from portal.queries import selections


def selections_kept(session: Session) -> Iterator[str]:
    """I9: sheets give the ranking again and the published numbers the draw; who was chosen has a place by that rank."""
    found = session.scalars(select(Selection).where(Selection.status.in_(ORDERED)).order_by(Selection.id))
    for selection in found:
        try:
            yield from _scored(session, selection) if selection.seed is None else _drawn(selection)
        except Refusal as refused:
            yield f"selection {selection.id} does not come out again: {refused}"
        if selection.status is SelectionStatus.CONFIRMED:
            yield from _in_line(session, selection)


def _scored(session: Session, selection: Selection) -> Iterator[str]:
    ranked = {each.application_id: each for each in selection.candidates if each.score is not None}
    queue = {number: each.application.queue_number or 0 for number, each in ranked.items()}
    given = selections.counting(session, selection.id, until=selection.ordered_at)
    for again in rank(queue, given, selections.rules_of(selection)):
        kept = ranked[again.candidate]
        if (kept.rank, kept.score) != (again.rank, again.hundredths):
            said = f"rank {kept.rank} with {kept.score}, by the sheets {again.rank} with {again.hundredths}"
            yield f"selection {selection.id}, application {again.candidate}: {said}"


def _drawn(selection: Selection) -> Iterator[str]:
    of = {each.application.receipt_number or "": each for each in selection.candidates}
    value, announced = selection.public_value or "", selection.commitment or ""
    for again in draw(list(of), selection.seed or "", value, announced=announced):
        if of[again.number].rank != again.place:
            yield f"selection {selection.id}, {again.number}: place {of[again.number].rank}, drawn again {again.place}"


def _in_line(session: Session, selection: Selection) -> Iterator[str]:
    rows = session.execute(
        select(Candidate.application_id, Candidate.rank, Candidate.outcome, Reservation.rank.label("place"))
        .outerjoin(Reservation, Reservation.application_id == Candidate.application_id)
        .where(Candidate.selection_id == selection.id)
        .order_by(Candidate.application_id)
    )
    for row in rows:
        wanted = row.rank if row.outcome in (Outcome.SELECTED, Outcome.RESERVE) else None
        if row.place != wanted:
            yield f"application {row.application_id} was ranked {wanted}, but stands in line as {row.place}"

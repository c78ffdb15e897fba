"""Orders told of twice differently: finding them, and deciding which statement counts.

Nothing stored is edited: where an earlier statement is found right, it is delivered once more, and so comes later.
"""

from __future__ import annotations

import csv
import gzip
import io
from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.conflicts import DecideConflict, OrderConflict
from portal.domain.errors import AlreadyDone, Conflict, Incomplete, NotFound, NotPermitted, Problem
from portal.domain.periods import month_of
from portal.domain.permissions import Permission
from portal.domain.settlements import COLUMNS, DeliverSettlement, SettlementLine, delivery_and_row, received_seq
from portal.models.conflicts import ConflictDecision
from portal.queries import conflicts, settlements
from portal.services import steps
from portal.services.settlements import deliver
from portal.storage import line_conflicts
from portal.storage.lines import LineStore
from portal.storage.objects import Stores

PAGE = 50
MAX_REASON = 500


def waiting(session: Session, lines: LineStore, by: Actor, *, before: int | None = None) -> list[OrderConflict]:
    """A page of the organisation's orders on which its deliveries disagree and nobody has decided, newest first."""
    organisation_id = by.organisation_id or 0
    told = conflicts.told_twice(session, organisation_id)
    return line_conflicts.conflicts(
        [lines.path(delivery.platform, delivery.period, delivery.id) for delivery in told],
        conflicts.settled(session, organisation_id),
        before=before,
        limit=PAGE,
        work=lines.aside(),
    )


def one(session: Session, lines: LineStore, number: int, by: Actor) -> OrderConflict:
    """The conflict that the statement with this receipt brought up.

    Raises NotFound where there is no such statement, AlreadyDone where it was decided or a later statement has come.
    """
    delivery = settlements.of_organisation(session, delivery_and_row(number)[0], by)
    path = lines.path(delivery.platform, delivery.period, delivery.id)
    line = line_conflicts.line_at(path, number) if delivery.accepted else None
    if line is None:
        raise NotFound(f"statement {number}")
    told = settlements.with_lines_of(session, delivery.organisation_id, delivery.platform)
    found = line_conflicts.conflicts(
        [lines.path(each.platform, each.period, each.id) for each in told],
        conflicts.settled(session, delivery.organisation_id),
        order_no=line.order_no,
        work=lines.aside(),
    )
    if not found or found[0].number != number:
        raise AlreadyDone(problems=[Problem("conflict_settled")])
    return found[0]


def decide(
    session: Session,
    stores: Stores,
    lines: LineStore,
    number: int,
    command: DecideConflict,
    *,
    by: Actor,
    at: datetime,
) -> ConflictDecision:
    """Says which version counts. Where it is not the newest, its content is delivered again as a file of one line.

    Raises Incomplete without a reason or for a version that is none, and what `one` raises.
    """
    if by.organisation_id is None or not by.may(Permission.SETTLEMENT_DELIVER):
        raise NotPermitted(Permission.SETTLEMENT_DELIVER)
    settlements.lock_deliveries(session, by.organisation_id)
    found = one(session, lines, number, by)
    chosen = found.version(command.counts)
    _check(command, chosen)
    decision = ConflictDecision(
        organisation_id=by.organisation_id,
        platform=found.key.platform,
        period=found.periods[0],
        order_no=found.key.order_no,
        latest=number,
        chosen=command.counts,
        counts=number,
        reason=command.reason.strip(),
        decided_by=by.user_id,
        decided_at=at,
    )
    if chosen is not None and command.counts != number:
        decision.delivery_id, decision.counts = _restate(session, stores, lines, found, chosen, by=by, at=at)
    session.add(decision)
    session.flush()
    steps.write(session, "conflict_decision", decision.id, "decide", by=by, at=at, note=decision.reason)
    return decision


def _check(command: DecideConflict, chosen: SettlementLine | None) -> None:
    wrong = []
    if chosen is None:
        wrong.append(Problem("unknown_choice", "counts"))
    if not command.reason.strip():
        wrong.append(Problem("required", "reason"))
    if len(command.reason) > MAX_REASON:
        wrong.append(Problem("too_long", "reason"))
    if wrong:
        raise Incomplete(problems=wrong)


def _restate(
    session: Session,
    stores: Stores,
    lines: LineStore,
    found: OrderConflict,
    chosen: SettlementLine,
    *,
    by: Actor,
    at: datetime,
) -> tuple[int, int]:
    """Delivers the chosen statement again to its own month, by the way that every file comes in; its delivery and its
    receipt. The later receipt goes before every earlier one, whatever month's file that came with."""
    content = io.BytesIO(_file_of(chosen, at))
    name = f"decision-{found.number}.csv.gz"
    again = DeliverSettlement(found.key.platform, month_of(chosen.ordered_at), name, content)
    delivered = deliver(session, stores, lines, again, by=by, at=at)
    if delivered.again or delivered.delivery.accepted != 1:
        raise Conflict("the chosen statement could not be stated again")
    return delivered.delivery.id, received_seq(delivered.delivery.id, 1)


def _file_of(line: SettlementLine, at: datetime) -> bytes:
    """The statement in the contract's columns. Its own time is in the file: the same may have to be stated again after
    the platform contradicted it once more, and then these are other bytes."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(column.name for column in COLUMNS)
    writer.writerow(getattr(line, column.name) for column in COLUMNS)
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=packed, mtime=int(at.timestamp())) as out:
        out.write(text.getvalue().encode())
    return packed.getvalue()

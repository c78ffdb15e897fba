"""The invariants that SQL alone can check: each returns the first broken rows, in words an auditor can follow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import func, inspect, or_, select
from sqlalchemy.orm import Session

from portal.domain import (
    claims,
)
from portal.domain.ledger import RECIPES, WAYS_BACK, Account, PostingKind
from portal.domain.payments import LIVE, PAID_OUT, PaymentStatus
from portal.models.applications import Application, Decision
from portal.models.audit import AuditEvent
from portal.models.claims import Claim
from portal.models.ledger import BudgetLine, LedgerEntry, Posting
from portal.models.payments import Payment
from portal.models.settlements import Delivery
from portal.queries import reservation_invariants

FIRST = 20  # broken rows named for each invariant
OF_THE_QUEUE = "huey_"  # how its tables in PostgreSQL begin: ids of jobs and when they are due, no money


def postings_follow_recipes(session: Session) -> Iterator[str]:
    """I1: every entry has postings, each moving one amount between the two accounts of its kind."""
    empty = select(LedgerEntry.id).where(~select(Posting.id).where(Posting.entry_id == LedgerEntry.id).exists())
    yield from (f"entry {entry_id} has no posting" for entry_id in session.scalars(empty.limit(FIRST)))
    for kind, recipe in RECIPES.items():
        odd = (
            select(Posting.id)
            .join(LedgerEntry)
            .where(
                LedgerEntry.kind == kind,
                or_(Posting.debit != recipe.debit, Posting.credit != recipe.credit, Posting.amount <= 0),
            )
        )
        yield from (f"posting {posting} does not follow {kind}" for posting in session.scalars(odd.limit(FIRST)))


def budget_lines_hold(session: Session) -> Iterator[str]:
    """I2, I3: 0 <= committed + paid + revenue <= appropriated on every line; the guard equals the sum of postings.

    I14: in no way did more come back than was paid out.
    """
    sums: dict[int, dict[Account, int]] = defaultdict(lambda: defaultdict(int))
    by_kind: dict[int, dict[PostingKind, int]] = defaultdict(lambda: defaultdict(int))
    for side, sign in ((Posting.debit, 1), (Posting.credit, -1)):
        grouped = (
            select(Posting.budget_line_id, side, LedgerEntry.kind, func.sum(Posting.amount))
            .join(LedgerEntry)
            .group_by(Posting.budget_line_id, side, LedgerEntry.kind)
        )
        for line_id, account, kind, amount in session.execute(grouped):
            sums[line_id][account] += sign * int(amount)
            by_kind[line_id][kind] += int(amount) if side is Posting.debit else 0
    for line in session.scalars(select(BudgetLine).order_by(BudgetLine.id)):
        of = sums[line.id]
        used = of[Account.COMMITTED] + of[Account.PAID] + of[Account.REVENUE]
        if not 0 <= used <= -of[Account.SOURCE] or line.used != used or line.total != -of[Account.SOURCE]:
            yield f"budget line {line.id}: used {line.used}/{line.total}, postings {used}/{-of[Account.SOURCE]}"
        for account in (Account.COMMITTED, Account.REVENUE, Account.RECEIVABLE):
            if of[account] < 0:
                yield f"budget line {line.id}: {account} is {of[account]}"
        moved = by_kind[line.id]
        for way in WAYS_BACK:
            if (back := sum(moved[kind] for kind in way)) > moved[PostingKind.DISBURSE]:
                yield f"budget line {line.id}: {back} came back by {sorted(way)[0]} of {moved[PostingKind.DISBURSE]}"


def commitments_match_decisions(session: Session) -> Iterator[str]:
    """I2: what was committed for an application is what was decided; its claims never exceed it.

    Where nothing is decided yet, `reservations_kept` compares it with what is reserved.
    """
    committed = reservation_invariants.promised(session)
    counted = Claim.status != claims.ClaimStatus.SUPERSEDED
    claimed = dict(
        session.execute(
            select(Claim.application_id, func.sum(Claim.payable)).where(counted).group_by(Claim.application_id)
        ).all()
    )
    decided = select(Decision.application_id, Decision.amount).where(Decision.outcome == "approve")
    for application_id, amount in session.execute(decided):
        if committed.pop(application_id, 0) != amount:
            yield f"application {application_id}: decided {amount}, committed otherwise"
        if claimed.get(application_id, 0) > amount:
            yield f"application {application_id}: claims of {claimed[application_id]} exceed {amount}"
    reserved = reservation_invariants.undecided(session)
    for application_id, won in committed.items():
        if won and application_id not in reserved:
            yield f"application {application_id}: committed without a decision"


def one_living_payment(session: Session) -> Iterator[str]:
    """I4: at most one living payment for a claim."""
    twice = select(Payment.claim_id).where(Payment.status.in_(LIVE)).group_by(Payment.claim_id).having(func.count() > 1)
    yield from (f"claim {claim_id} has several living payments" for claim_id in session.scalars(twice.limit(FIRST)))


def money_agrees(session: Session) -> Iterator[str]:
    """I6, I14: bank-confirmed = ledger paid = claims marked paid; what came back is returned in full, once."""
    posted = dict(
        session.execute(
            select(LedgerEntry.source_key, func.sum(Posting.amount))
            .join(Posting)
            .where(LedgerEntry.kind.in_((PostingKind.DISBURSE, PostingKind.RETURN)))
            .group_by(LedgerEntry.source_key)
        ).all()
    )
    paid = set(session.scalars(select(Claim.id).where(Claim.status == claims.ClaimStatus.PAID)))
    confirmed = select(Payment.id, Payment.claim_id, Payment.amount, Payment.netted, Payment.status)
    for payment_id, claim_id, amount, netted, status in session.execute(
        confirmed.where(Payment.status.in_(PAID_OUT)).order_by(Payment.id)
    ):
        in_ledger = posted.pop(f"disburse:payment:{payment_id}", 0)
        if in_ledger - netted != amount:
            yield f"payment {payment_id}: the bank confirmed {amount}, the ledger paid {in_ledger} less {netted} netted"
        if status is PaymentStatus.RETURNED:
            back = posted.pop(f"return:payment:{payment_id}", 0)
            if back != amount:
                yield f"payment {payment_id}: {amount} came back, the ledger took back {back}"
            continue
        if claim_id not in paid:
            yield f"payment {payment_id}: confirmed, but claim {claim_id} is not marked paid"
        paid.discard(claim_id)
    yield from (f"{key}: paid in the ledger, not confirmed by the bank" for key in posted)
    yield from (f"claim {claim_id}: marked paid, not confirmed by the bank" for claim_id in sorted(paid))


def rows_accounted_for(session: Session) -> Iterator[str]:
    """I8: accepted + refused = rows received, and lines are stored where rows were accepted."""
    for delivery in session.scalars(select(Delivery).order_by(Delivery.id)):
        if delivery.accepted + delivery.refused != delivery.received_rows:
            yield f"delivery {delivery.id}: {delivery.accepted} + {delivery.refused} != {delivery.received_rows}"
        if bool(delivery.accepted) != bool(delivery.lines_sha256):
            yield f"delivery {delivery.id}: {delivery.accepted} accepted, lines {delivery.lines_sha256}"


def no_float_columns(session: Session) -> Iterator[str]:
    """I17: money is integer won; no table of the portal has a floating-point column."""
    found = inspect(session.connection()).get_multi_columns()
    for (_schema, table), columns in sorted(found.items(), key=lambda each: each[0][1]):
        if table.startswith(OF_THE_QUEUE):
            continue
        for column in columns:
            if any(kind in str(column["type"]).upper() for kind in ("FLOAT", "REAL", "DOUBLE")):
                yield f"{table}.{column['name']} is {column['type']}"


def queue_numbers_ordered(session: Session) -> Iterator[str]:
    """I20: accepted applications of a programme are numbered 1, 2, 3 ... in the order of acceptance."""
    submitted = (
        select(Application.programme_id, Application.queue_number, Application.id)
        .join(AuditEvent, (AuditEvent.noun == "application") & (AuditEvent.record_id == Application.id))
        .where(AuditEvent.action == "submit")
        .order_by(Application.programme_id, AuditEvent.id)
    )
    expected: dict[int, int] = defaultdict(lambda: 1)
    for programme_id, number, application_id in session.execute(submitted):
        if number != expected[programme_id]:
            yield f"application {application_id} has queue number {number}, expected {expected[programme_id]}"
        expected[programme_id] = (number or 0) + 1

"""Looks up payment runs for the payer's pages, and what to look at twice before money leaves."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.claims import ClaimStatus
from portal.domain.errors import NotFound
from portal.domain.payments import OUT, RUN_LIFECYCLE, Channel, PaymentStatus
from portal.domain.snapshots import SnapshotKind
from portal.models.accounts import Person, User
from portal.models.bank_orders import BankMessage, BankOrder
from portal.models.claims import Claim
from portal.models.payments import BankResultFile, Payment, PaymentRun
from portal.models.programmes import Programme
from portal.models.snapshots import Snapshot
from portal.queries import audit, bank_orders, payments, run_rows, snapshots
from portal.queries.run_review import Review, review
from portal.queries.run_rows import Row

PAGE = 20


@dataclass(frozen=True, slots=True)
class Waiting:
    """Approved claims of one programme that no run has taken up: how many, and won together."""

    code: str
    name: str
    claims: int
    total: int


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run in the list."""

    run: PaymentRun
    programme: str
    preparer: str


@dataclass(frozen=True, slots=True)
class Runs:
    """A page of runs, newest first; `earlier`: the run to go on from, None at the end."""

    rows: Sequence[RunRow]
    earlier: int | None


@dataclass(frozen=True, slots=True)
class Failed:
    """A claim whose last payment was refused, returned or never arrived; `corrected`: the account is another since."""

    claim: Claim
    payment: Payment
    corrected: bool


@dataclass(frozen=True, slots=True)
class RunPage:
    """All that stands on a run's page. `actions`: what the person asking may do now."""

    run: PaymentRun
    programme: str
    persons: Mapping[str, str]
    rows: Sequence[Row]
    by_source: Mapping[str, int]
    by_status: Mapping[PaymentStatus, tuple[int, int]]
    files: Sequence[tuple[BankResultFile, str]]
    timeline: Sequence[audit.Happening]
    actions: Sequence[str]
    review: Review
    orders: Mapping[int, BankOrder]
    words: Sequence[BankMessage]
    registers: Mapping[tuple[int, SnapshotKind], Snapshot]

    @property
    def largest(self) -> int:
        return max((row.payment.amount for row in self.rows if row.payment.status is not PaymentStatus.HELD), default=0)

    @property
    def may_hold(self) -> bool:
        return "cancel" in self.actions

    def payment(self, payment_id: int) -> Payment:
        """One of them. Raises NotFound."""
        for row in self.rows:
            if row.payment.id == payment_id:
                return row.payment
        raise NotFound(f"payment {payment_id} of run {self.run.id}")

    def refused(self, *, firms: bool) -> int:
        """How many payments to firms, or to shops, the bank refused."""
        refused = [row.payment for row in self.rows if row.payment.status is PaymentStatus.REFUSED]
        return sum((payment.claim.invoice_id is not None) == firms for payment in refused)

    def voidable(self, payment: Payment) -> bool:
        """Whether the bank, asked late enough, never heard of it."""
        order = self.orders.get(payment.id)
        return payment.status is PaymentStatus.UNKNOWN and order is not None and order.never_heard_at is not None

    @property
    def flagged(self) -> int:
        return sum(bool(row.flag) for row in self.rows)


def waiting(session: Session, by: Actor) -> list[Waiting]:
    """The organisation's approved claims that wait for a run, by programme."""
    rows = session.execute(
        select(Programme.code, Programme.name, func.count(), func.sum(Claim.payable))
        .join(Claim, Claim.programme_id == Programme.id)
        .where(Programme.organisation_id == by.organisation_id, Claim.status == ClaimStatus.APPROVED)
        .group_by(Programme.id, Programme.code, Programme.name)
        .order_by(Programme.id)
    )
    return [Waiting(code, name, count, int(total)) for code, name, count, total in rows]


def kept_from(session: Session, cases: Collection[int]) -> frozenset[str]:
    """The codes of the programmes in which an approved claim of one of these cases waits for a run."""
    return frozenset(
        session.scalars(
            select(Programme.code)
            .join(Claim, Claim.programme_id == Programme.id)
            .where(Claim.status == ClaimStatus.APPROVED, Claim.application_id.in_(cases))
            .distinct()
        )
    )


def runs(session: Session, by: Actor, *, before: int | None = None) -> Runs:
    """A page of the organisation's runs."""
    query = (
        select(PaymentRun, Programme.name, Person.name)
        .join(Programme, Programme.id == PaymentRun.programme_id)
        .join(User, User.id == PaymentRun.prepared_by)
        .join(Person, Person.id == User.person_id)
        .where(PaymentRun.organisation_id == by.organisation_id)
        .order_by(PaymentRun.id.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        query = query.where(PaymentRun.id < before)
    found = [RunRow(*row) for row in session.execute(query)]
    return Runs(found[:PAGE], found[PAGE - 1].run.id if len(found) > PAGE else None)


def failed(session: Session, by: Actor) -> list[Failed]:
    """The organisation's claims that the bank could not pay, with the last payment tried."""
    last = (
        select(Payment.claim_id, func.max(Payment.id).label("payment_id"))
        .where(Payment.status.in_((PaymentStatus.REFUSED, PaymentStatus.RETURNED, PaymentStatus.VOIDED)))
        .group_by(Payment.claim_id)
        .subquery()
    )
    rows = session.execute(
        select(Claim, Payment)
        .join(Programme, Programme.id == Claim.programme_id)
        .join(last, last.c.claim_id == Claim.id)
        .join(Payment, Payment.id == last.c.payment_id)
        .where(Programme.organisation_id == by.organisation_id, Claim.status == ClaimStatus.PAYMENT_FAILED)
        .order_by(Claim.id)
    )
    return [
        Failed(claim, payment, run_rows.account(payment) != run_rows.account(claim.payee)) for claim, payment in rows
    ]


def last_tried(session: Session, claim_id: int) -> Payment | None:
    """The last payment of a claim that left the office."""
    tried = select(Payment).where(Payment.claim_id == claim_id, Payment.status.not_in(OUT))
    return session.scalar(tried.order_by(Payment.id.desc()).limit(1))


def page(session: Session, run_id: int, by: Actor) -> RunPage:
    """A run with every payment, flagged where the account is new to us. Raises NotFound."""
    run = payments.run_of(session, run_id, by)
    happenings = audit.timeline(session, RUN_LIFECYCLE.noun, run.id)
    by_status: dict[PaymentStatus, tuple[int, int]] = {}
    by_source: dict[str, int] = {}
    for payment in run.payments:
        count, won = by_status.get(payment.status, (0, 0))
        by_status[payment.status] = (count + 1, won + payment.amount)
        for share in payment.shares if payment.status is not PaymentStatus.HELD else ():
            by_source[share.source] = by_source.get(share.source, 0) + share.amount
    return RunPage(
        run=run,
        programme=session.get_one(Programme, run.programme_id).name,
        persons={each.action: each.person for each in happenings},
        rows=run_rows.rows(session, run),
        by_source=run_rows.in_order(by_source),
        by_status=by_status,
        files=_files(session, run),
        timeline=happenings,
        actions=_actions(session, run, by),
        review=review(session, run),
        orders=bank_orders.orders_of(session, run.id),
        registers=snapshots.latest(session, {payment.claim.merchant_id for payment in run.payments}),
        words=bank_orders.flagged(session, [payment.id for payment in run.payments]),
    )


def _files(session: Session, run: PaymentRun) -> list[tuple[BankResultFile, str]]:
    rows = session.execute(
        select(BankResultFile, Person.name)
        .join(User, User.id == BankResultFile.imported_by)
        .join(Person, Person.id == User.person_id)
        .where(BankResultFile.run_id == run.id)
        .order_by(BankResultFile.id)
    )
    return [(file, name) for file, name in rows]


def _actions(session: Session, run: PaymentRun, by: Actor) -> list[str]:
    """What may be done now; "release" only for a person with no hand in the run or its claims."""
    done = audit.done_by(session, RUN_LIFECYCLE.noun, run.id)
    allowed = RUN_LIFECYCLE.actions(run.status, by, done)
    if "settle" in allowed and run.channel is Channel.API:
        allowed.remove("settle")  # the bank answers the portal itself
    if "release" in allowed and by.person_id in payments.persons_behind(session, run):
        allowed.remove("release")
    return allowed

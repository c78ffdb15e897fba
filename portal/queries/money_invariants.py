"""The invariants of money that compare grants, claims and payments source by source and person by person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from portal.domain.claims import ClaimStatus
from portal.domain.ledger import Account, PostingKind
from portal.domain.payments import PAID_OUT, PaymentStatus
from portal.models.accounts import User
from portal.models.applications import Application
from portal.models.audit import AuditEvent
from portal.models.claims import Claim, ClaimPart
from portal.models.evidence import Evidence
from portal.models.ledger import BudgetLine, LedgerEntry, Posting
from portal.models.links import PlatformLink
from portal.models.merchants import Merchant
from portal.models.payments import Payment, PaymentNetting, PaymentRun, PaymentShare
from portal.models.recoveries import Recovery
from portal.models.service_passes import ServicePass
from portal.queries.invariants import FIRST

_HANDLED = (
    ("link", ("confirm",)),
    ("evidence", ("write", "put_up", "confirm")),
    ("claim", ("draw_up", "approve", "schedule", "take_back")),
    ("payment_run", ("prepare", "release")),
    ("service_pass", ("vouch", "uphold", "end")),
    ("recovery", ("open", "notify", "hear", "draft", "order", "drop", "withdraw", "write_off", "receive_cash")),
)


def commitments_not_overdrawn(session: Session) -> Iterator[str]:
    """I2: no application is paid more from a budget line than was committed for it there."""
    left: dict[tuple[int | None, int], int] = defaultdict(int)
    for side, sign in ((Posting.debit, 1), (Posting.credit, -1)):
        rows = session.execute(
            select(LedgerEntry.application_id, Posting.budget_line_id, func.sum(Posting.amount))
            .join(Posting, Posting.entry_id == LedgerEntry.id)
            .where(side == Account.COMMITTED)
            .group_by(LedgerEntry.application_id, Posting.budget_line_id)
        )
        for application_id, line_id, won in rows:
            left[application_id, line_id] += sign * int(won)
    for (application_id, line_id), won in left.items():
        if won < 0:
            yield f"application {application_id}: overdrawn by {-won} on budget line {line_id}"


def shares_agree(session: Session) -> Iterator[str]:
    """I6: what each source gives to a confirmed payment is what the ledger paid from its line, and took back to it."""
    posted = {
        (key, source): int(won)
        for key, source, won in session.execute(
            select(LedgerEntry.source_key, BudgetLine.source, func.sum(Posting.amount))
            .join(Posting, Posting.entry_id == LedgerEntry.id)
            .join(BudgetLine, BudgetLine.id == Posting.budget_line_id)
            .where(LedgerEntry.kind.in_((PostingKind.DISBURSE, PostingKind.RETURN)))
            .group_by(LedgerEntry.source_key, BudgetLine.source)
        )
    }
    shares = session.execute(
        select(PaymentShare.payment_id, PaymentShare.source, PaymentShare.amount, PaymentShare.netted, Payment.status)
        .join(Payment, Payment.id == PaymentShare.payment_id)
        .where(Payment.status.in_(PAID_OUT))
        .order_by(PaymentShare.payment_id)
    )
    for payment_id, source, won, netted, status in shares:
        in_ledger = posted.pop((f"disburse:payment:{payment_id}", source), 0)
        if in_ledger != won + netted:
            yield f"payment {payment_id}: {source} gives {won + netted}, the ledger paid {in_ledger} from it"
        if status is PaymentStatus.RETURNED:
            back = posted.pop((f"return:payment:{payment_id}", source), 0)
            if back != won:
                yield f"payment {payment_id}: {source} gets {won} back, the ledger took {back} back to it"
    yield from (f"{key}: paid from {source} without a share in the payment" for key, source in posted)


def claims_within_assessment(session: Session) -> Iterator[str]:
    """I9: the claims of a merchant's month together never exceed what the last of them found the month to be worth."""
    rows = session.execute(
        select(Claim.programme_id, Claim.merchant_id, Claim.period, Claim.payable, Claim.assessed)
        .where(Claim.status != ClaimStatus.SUPERSEDED)
        .order_by(Claim.revision)
    )
    claimed: dict[tuple[int, int, str], int] = defaultdict(int)
    worth: dict[tuple[int, int, str], int] = {}
    for programme_id, merchant_id, period, payable, assessed in rows:
        claimed[programme_id, merchant_id, period] += payable
        worth[programme_id, merchant_id, period] = assessed
    for key, won in claimed.items():
        if won > worth[key]:
            yield f"programme {key[0]}, merchant {key[1]}, {key[2]}: claimed {won} of {worth[key]}"


def own_money_left_alone(session: Session) -> Iterator[str]:
    """I10: nobody confirms links or evidence, draws up, approves or pays for a business of their own."""
    owner = select(Merchant.id, User.person_id).join(User, User.id == Merchant.owner_id).subquery("owner")
    ties = {
        "link": select(PlatformLink.id, PlatformLink.merchant_id),
        "evidence": select(Evidence.id, Evidence.merchant_id),
        "claim": select(Claim.id, Claim.merchant_id),
        "recovery": select(Recovery.id, Recovery.merchant_id),
        "service_pass": select(ServicePass.id, Application.merchant_id).join(
            Application, Application.id == ServicePass.application_id
        ),
        "payment_run": select(Payment.run_id, Claim.merchant_id).join(Claim, Claim.id == Payment.claim_id).distinct(),
    }
    for noun, actions in _HANDLED:
        record_id, merchant_id = ties[noun].subquery("tie").c
        own = (
            select(record_id, AuditEvent.action, merchant_id)
            .join(AuditEvent, (AuditEvent.record_id == record_id) & (AuditEvent.noun == noun))
            .join(owner, (owner.c.id == merchant_id) & (owner.c.person_id == AuditEvent.person_id))
            .where(AuditEvent.action.in_(actions))
            .order_by(AuditEvent.id)
        )
        for record, action, merchant in session.execute(own):
            yield f"{noun} {record}: {action} by the owner of merchant {merchant}"


def parts_add_up(session: Session) -> Iterator[str]:
    """I6: shares of a payment, parts of a claim and payments of a run come to their whole."""
    for whole, part, key, amount in (
        (Payment, PaymentShare.amount, PaymentShare.payment_id, Payment.amount),
        (Payment, PaymentShare.netted, PaymentShare.payment_id, Payment.netted),
        (Payment, PaymentNetting.amount, PaymentNetting.payment_id, Payment.netted),
        (Claim, ClaimPart.amount, ClaimPart.claim_id, Claim.payable),
    ):
        odd = (
            select(whole.id)
            .join(part.class_, key == whole.id, isouter=True)
            .group_by(whole.id, amount)
            .having(func.coalesce(func.sum(part), 0) != amount)
        )
        yield from (
            f"{whole.__tablename__} {found}: parts do not add up" for found in session.scalars(odd.limit(FIRST))
        )
    # What a payment netted before the bank sent the rest back is not paid anew.
    earlier = aliased(Payment)
    before = select(func.coalesce(func.sum(earlier.netted), 0)).where(
        earlier.claim_id == Payment.claim_id, earlier.id < Payment.id, earlier.status == PaymentStatus.RETURNED
    )
    unlike = (
        select(Payment.id)
        .join(Claim)
        .where(Payment.amount + Payment.netted != Claim.payable - before.correlate(Payment).scalar_subquery())
    )
    yield from (f"payment {found}: not what its claim comes to" for found in session.scalars(unlike.limit(FIRST)))
    runs = (
        select(PaymentRun.id)
        .join(Payment)
        .where(Payment.status != PaymentStatus.HELD)
        .group_by(PaymentRun.id, PaymentRun.total, PaymentRun.payment_count)
        .having(or_(func.sum(Payment.amount) != PaymentRun.total, func.count() != PaymentRun.payment_count))
    )
    yield from (f"payment run {run_id} does not add up" for run_id in session.scalars(runs.limit(FIRST)))

"""The one checker of the portal's invariants: used by tests, by `flask reconcile` and by the administrator's page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal.domain.claims import ClaimStatus
from portal.domain.errors import Refusal
from portal.domain.statistics import TotalsDiffer
from portal.models.claims import AssessmentRun, Claim
from portal.models.ledger import LedgerEntry
from portal.models.programmes import Programme
from portal.models.settlements import Delivery
from portal.queries import (
    approval_invariants,
    audit_chain,
    bank_orders,
    claims,
    evidence,
    fiscal_years,
    in_kind_invariants,
    invariants,
    lifecycle_invariants,
    messages,
    money_invariants,
    objection_invariants,
    recovery_invariants,
    reservation_invariants,
    selection_invariants,
    webhooks,
)
from portal.services import assessments, statistics, stored_files
from portal.storage.lines import LineStore
from portal.storage.objects import Stores

APPEND_ONLY = (
    "assignment",
    "audit_event",
    "audit_seal",
    "bank_message",
    "conflict_decision",
    "interest_declaration",
    "ledger_entry",
    "payment_stop",
    "plan_figure",
    "plan_report",
    "plan_version",
    "platform_statement",
    "posting",
    "reconciliation",
    "recovery_charge",
    "recovery_receipt",
    "recovery_receipt_share",
    "proposal_score",
    "proposal_sheet",
    "score",
    "score_sheet",
    "snapshot",
    "voucher_document",
)


@dataclass(frozen=True, slots=True)
class Files:
    """Where the portal keeps what is not in the database."""

    stores: Stores
    lines: LineStore


@dataclass(frozen=True, slots=True)
class Result:
    """One check: its number in docs/reference/invariants.md, its name, what it says, and the first broken rows."""

    code: str
    name: str
    says: str
    broken: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.broken


@dataclass(frozen=True, slots=True)
class Check:
    """`sql` asks the database alone; `files` also reads stored files, computes again or tries a change."""

    code: str
    says: str
    sql: Callable[[Session], Iterator[str]] | None = None
    files: Callable[[Session, Files], Iterator[str]] | None = None

    @property
    def name(self) -> str:
        return getattr(self.sql or self.files, "__name__", "")

    def run(self, session: Session, files: Files) -> Result:
        return Result(self.code, self.name, self.says, tuple(islice(self._rows(session, files), invariants.FIRST)))

    def _rows(self, session: Session, files: Files) -> Iterator[str]:
        """What is broken. A check that cannot be finished proves nothing, and is not passed over: it is broken too."""
        try:
            yield from self.sql(session) if self.sql else self.files(session, files) if self.files else iter(())
        except DBAPIError:
            raise
        except Exception as error:
            yield f"could not be checked to its end: {type(error).__name__}: {error}"


def check_all(
    session: Session, files: Files, *, apart: Callable[[], AbstractContextManager[Session]] | None = None
) -> list[Result]:
    """Runs every check; changes nothing (I12 tries a change inside a savepoint that is taken back).

    Where `session` only reads, so that nobody waits for it, `apart` opens the short transaction in which I12 tries.
    """
    return [_run(check, session, files, apart) for check in CHECKS]


def _run(
    check: Check, session: Session, files: Files, apart: Callable[[], AbstractContextManager[Session]] | None
) -> Result:
    if apart is None or check.files is not tables_refuse_changes:
        return check.run(session, files)
    with apart() as trying:
        return check.run(trying, files)


def check_quickly(session: Session, files: Files) -> list[Result]:
    """The checks that only ask the database: quick enough to be looked at in passing."""
    return [check.run(session, files) for check in CHECKS if check.sql]


def tables_refuse_changes(session: Session, _files: Files) -> Iterator[str]:
    """I12: the database itself refuses to change or delete what is append-only."""
    for table in APPEND_ONLY:
        if session.scalar(text(f"SELECT count(*) FROM {table}")) == 0:  # noqa: S608 (names of ours)
            continue
        for verb in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):  # noqa: S608
            attempt = session.begin_nested()
            try:
                session.execute(text(verb))
            except DBAPIError:
                attempt.rollback()
            else:
                attempt.rollback()
                yield f"{table} let `{verb.split()[0]}` through"


def audit_chain_verifies(session: Session, _files: Files) -> Iterator[str]:
    """I13: the audit trail gives every seal again; an outside anchor is compared by `flask audit verify --anchor`."""
    yield from audit_chain.verify(session)


def objects_intact(session: Session, files: Files) -> Iterator[str]:
    """I15: every row that names a file finds it, with the same SHA-256."""
    yield from stored_files.broken(session, files.stores)


def lines_intact(session: Session, files: Files) -> Iterator[str]:
    """I7, I8: the stored lines of every delivery are as many as were accepted, unchanged since."""
    for delivery in session.scalars(select(Delivery).where(Delivery.accepted > 0).order_by(Delivery.id)):
        try:
            manifest = files.lines.verify(delivery.platform, delivery.period, delivery.id, delivery.lines_sha256 or "")
        except Refusal as refusal:
            yield f"delivery {delivery.id}: {refusal}"
        else:
            if manifest.rows != delivery.accepted:
                yield f"delivery {delivery.id}: {manifest.rows} lines stored, {delivery.accepted} accepted"


def claims_recompute(session: Session, files: Files) -> Iterator[str]:
    """I9: every claim is what its own run assesses again, from the same deliveries, links, grants and terms.

    And with it the merchant's claims of all months came to no more than that run found all months to be worth.
    """
    for run in session.scalars(select(AssessmentRun).order_by(AssessmentRun.id)):
        stored = session.scalars(select(Claim).where(Claim.run_id == run.id).order_by(Claim.id)).all()
        if not stored:
            continue
        worth, again = _assessed_again(session, files, run)
        for claim in stored:
            found, said = again.get(claim.merchant_id, (0, 0, 0)), (claim.assessed, claim.exact_e4, claim.lines)
            if found != said:
                yield f"claim {claim.id}: stored {said}, again {found} (won, e4, lines)"
        living = {claim.merchant_id for claim in stored if claim.status is not ClaimStatus.SUPERSEDED}
        for merchant_id, won in claims.claimed_upto(session, run).items():
            if merchant_id in living and won > worth[merchant_id]:
                yield f"run {run.id}, merchant {merchant_id}: claimed {won} of {worth[merchant_id]} over all months"


def _assessed_again(
    session: Session, files: Files, run: AssessmentRun
) -> tuple[Counter[int], dict[int, tuple[int, int, int]]]:
    """By merchant id: won over all months, and (won, e4, lines) of the run's month."""
    code, worth, again = session.get_one(Programme, run.programme_id).code, Counter[int](), {}
    inputs = assessments.recall(files.stores, run.inputs_sha256)
    with assessments.run(session, files.lines, inputs) as assessed:
        for row in assessed.claims():
            if row.programme == code:
                worth[int(row.merchant_id)] += row.payable
                if row.period == run.period:
                    again[int(row.merchant_id)] = (row.payable, row.exact_e4, row.lines)
    return worth, again


def statistics_agree(session: Session, _files: Files) -> Iterator[str]:
    """I18: every table of a programme's statistics adds up to what its ledger says was paid."""
    last = session.scalar(select(func.max(LedgerEntry.posted_at)))
    if last is None:
        return
    for programme in session.scalars(select(Programme).order_by(Programme.id)):
        try:
            statistics.compile(session, programme, at=last)
        except TotalsDiffer as differ:
            yield f"{programme.code}: {differ}"


CHECKS: tuple[Check, ...] = (
    Check("I1", "postings follow their recipe and sum to zero", sql=invariants.postings_follow_recipes),
    Check("I2 I3", "no budget line is overspent, guards equal postings", sql=invariants.budget_lines_hold),
    Check("I2", "commitments equal decisions, claims stay within grants", sql=invariants.commitments_match_decisions),
    Check("I2", "reservations equal their commitments", sql=reservation_invariants.reservations_kept),
    Check("I2", "service passes stay within grants", sql=in_kind_invariants.passes_within_grants),
    Check("I2", "no grant is overdrawn on a budget line", sql=money_invariants.commitments_not_overdrawn),
    Check("I4", "at most one living payment for a claim", sql=invariants.one_living_payment),
    Check("I4", "no order leaves for the bank twice", sql=bank_orders.orders_sent_once),
    Check("I5", "every status was reached through its table", sql=lifecycle_invariants.statuses_follow_audit),
    Check("I5", "orders end by the bank's own word", sql=bank_orders.ends_have_evidence),
    Check("I6", "bank, ledger and claims agree, payment by payment", sql=invariants.money_agrees),
    Check("I6", "shares, parts and payments come to their whole", sql=money_invariants.parts_add_up),
    Check("I6", "sources give what the ledger paid from them", sql=money_invariants.shares_agree),
    Check("I6", "invoices come to their services, claims to invoices", sql=in_kind_invariants.invoices_add_up),
    Check("I7 I8", "stored lines are the accepted rows", files=lines_intact),
    Check("I8", "accepted + refused = received", sql=invariants.rows_accounted_for),
    Check("I8", "confirmed evidence is delivered, and only that", sql=evidence.evidence_delivered),
    Check("I9", "recomputing gives the stored amounts", files=claims_recompute),
    Check("I9", "rankings and draws come out again", sql=selection_invariants.selections_kept),
    Check("I9", "no month is claimed beyond its worth", sql=money_invariants.claims_within_assessment),
    Check("I10", "drafter, approver and releaser are different persons", sql=lifecycle_invariants.four_eyes_kept),
    Check("I10", "what was approved says what it said then", sql=approval_invariants.approvals_stand),
    Check("I10", "nobody acts on a case of their interest", sql=approval_invariants.interests_kept_away),
    Check("I10", "nobody gathers roles that must stay apart", sql=approval_invariants.roles_apart),
    Check("I10", "nobody handles money of their own", sql=money_invariants.own_money_left_alone),
    Check("I10", "firms are paid under their agreement", sql=in_kind_invariants.firms_paid_as_agreed),
    Check("I10", "nobody orders back what they approved", sql=recovery_invariants.deciders_apart),
    Check("I10", "objections are answered by others than decided", sql=objection_invariants.objections_kept),
    Check("I11", "no entry is posted into a closed year", sql=fiscal_years.closed_years_untouched),
    Check("I12", "ledger and audit trail refuse change and deletion", files=tables_refuse_changes),
    Check("I13", "the audit trail's hash chain verifies up to its last seal", files=audit_chain_verifies),
    Check("I14", "no more is asked back than was paid", sql=recovery_invariants.recoveries_within_payments),
    Check("I14", "no more comes back than was ordered", sql=recovery_invariants.receipts_within_orders),
    Check("I14", "recoveries and the ledger agree", sql=recovery_invariants.recoveries_agree),
    Check("I15", "every file named is there, unchanged", files=objects_intact),
    Check("I16", "every message is delivered, waiting or visibly given up", sql=webhooks.outbox_accounted_for),
    Check("I16", "every mail is sent, waiting or visibly given up", sql=messages.messages_accounted_for),
    Check("I17", "no floating-point column", sql=invariants.no_float_columns),
    Check("I18", "statistics come to the ledger's total", files=statistics_agree),
    Check("I20", "queue numbers follow the order of acceptance", sql=invariants.queue_numbers_ordered),
    Check("I20", "money goes down the waiting list in order", sql=reservation_invariants.waiting_list_in_order),
)

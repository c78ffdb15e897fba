"""Paying approved claims: a run is prepared, released by another person, and settled by the bank's word.

Lock order, the same everywhere: the programme's claims, the run, budget lines; a letter's number comes last.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain import claims as claim_rules
from portal.domain.actors import Actor
from portal.domain.bank_results import BankAnswer, BankResult, ImportBankResults, Instructed, problems_against
from portal.domain.claims import ClaimStatus
from portal.domain.errors import Conflict, Incomplete, InvalidTransition, NotFound, NotPermitted, Problem, SamePerson
from portal.domain.ledger import PostingKind
from portal.domain.payments import FINAL, PAYMENT_LIFECYCLE, RUN_LIFECYCLE, PaymentStatus, RunStatus
from portal.domain.periods import korean_date
from portal.models.claims import Claim
from portal.models.payments import BankResultFile, Payment, PaymentRun, PaymentShare
from portal.queries import claims, payments, programmes
from portal.queries import ledger as postings
from portal.services import ledger, letters, steps, stops
from portal.storage.objects import Stores
from reports import bank_file

_OWN = "nobody pays their own business"
_RESULT_STEPS = {BankAnswer.DONE: "confirm", BankAnswer.REFUSED: "refuse", BankAnswer.UNKNOWN: "lose_sight"}


@dataclass(frozen=True, slots=True)
class Settled:
    """What a results file changed; `again`: these bytes had been taken in before."""

    done: int
    refused: int
    unknown: int
    again: bool


def prepare(session: Session, code: str, *, by: Actor, at: datetime) -> PaymentRun:
    """Puts every approved claim of a programme into a new run, to the accounts as they stand now.

    Raises NotFound, Incomplete where no claim waits, SamePerson where the payer had a hand in a claim, NotPermitted
    where one is money of the payer's own business.
    """
    programme = programmes.in_force(session, code)
    if programme.programme.organisation_id != by.organisation_id:
        raise NotFound(code)
    claims.lock(session, programme.programme.id)
    approved = claims.waiting(session, programme.programme.id, ClaimStatus.APPROVED)
    if not approved:
        raise Incomplete(problems=[Problem("nothing_to_pay", value=code)])
    if claims.owned_by_person(session, programme.programme.id, by.person_id) & {claim.id for claim in approved}:
        raise NotPermitted(_OWN)
    run = PaymentRun(
        organisation_id=programme.programme.organisation_id,
        programme_id=programme.programme.id,
        reference=f"R{korean_date(at):%Y%m%d}-{secrets.token_hex(4).upper()}",
        payment_count=len(approved),
        total=sum(claim.payable for claim in approved),
        prepared_by=by.user_id,
        prepared_at=at,
    )
    steps.begin(session, run, RUN_LIFECYCLE, "prepare", by=by, at=at)
    for number, (claim, shares) in enumerate(payments.split_by_source(session, approved), start=1):
        _add(session, run, number, claim, shares, by=by, at=at)
    return run


def release(session: Session, stores: Stores, run_id: int, *, by: Actor, at: datetime) -> PaymentRun:
    """Writes the bank file, once, and instructs every payment of the run.

    Raises SamePerson for the one who prepared the run or drew up or approved one of its claims, NotPermitted for the
    owner of a business in it, InvalidTransition the second time, Conflict where payments, run and file do not agree,
    PaymentsStopped.
    """
    run = payments.held(session, run_id, by)
    stops.refuse_while_stopped(session, run.organisation_id)  # the last act before an instruction leaves
    if by.person_id in payments.owners(session, run):
        raise NotPermitted(_OWN)
    steps.take(session, run, RUN_LIFECYCLE, "release", by=by, at=at)
    if by.person_id in payments.persons_behind(session, run):
        raise SamePerson("payment_run: release apart from draw_up, approve")
    file = _transfers(run, at)
    _check_totals(run, file)
    for payment in run.payments:
        steps.take(session, payment, PAYMENT_LIFECYCLE, "instruct", by=by, at=at)
    run.bank_file_sha256 = stores.bank_files.put(bank_file.render(file)).sha256
    run.released_by, run.released_at = by.user_id, at
    session.flush()
    return run


def cancel(session: Session, run_id: int, *, by: Actor, at: datetime, note: str = "") -> PaymentRun:
    """Takes a prepared run back; its claims are approved claims again. Raises InvalidTransition once it is released."""
    run = payments.held(session, run_id, by)
    steps.take(session, run, RUN_LIFECYCLE, "cancel", by=by, at=at, note=note)
    for payment in run.payments:
        steps.take(session, payment, PAYMENT_LIFECYCLE, "cancel", by=by, at=at)
        steps.take(session, payment.claim, claim_rules.LIFECYCLE, "unschedule", by=by, at=at)
    return run


def settle(
    session: Session, stores: Stores, run_id: int, command: ImportBankResults, *, by: Actor, at: datetime
) -> Settled:
    """Takes in the bank's results: done, refused or unknown, each payment moved once, all of the file or nothing.

    Raises InvalidTransition for a run the bank was never given, Incomplete with every row that does not fit the run.
    """
    run = payments.held(session, run_id, by)
    known = payments.result_file(session, run.id, hashlib.sha256(command.content).hexdigest())
    if known is not None:
        return Settled(known.done, known.refused, known.unknown, again=True)
    if run.status not in (RunStatus.RELEASED, RunStatus.SETTLED):
        raise InvalidTransition(f"payment_run: results for a run that is {run.status}")
    by_reference = {payment.reference: payment for payment in run.payments}
    if problems := problems_against(command.results, _instructed(run), on=korean_date(at)):
        raise Incomplete(problems=problems)
    committed = postings.committed_from(session, [payment.claim.application_id for payment in run.payments])
    ledger.hold(session, {line for lines in committed.values() for line in lines.values()})
    for result in command.results.results:
        payment = by_reference[result.payment_id]
        _apply(session, stores, payment, result, committed[payment.claim.application_id], by=by, at=at)
    counts = {answer.value: len(command.results.of(answer)) for answer in BankAnswer}
    session.add(
        BankResultFile(
            run_id=run.id,
            sha256=stores.bank_results.put(command.content).sha256,
            filename=command.filename[:200],
            imported_by=by.user_id,
            imported_at=at,
            **counts,
        )
    )
    if all(payment.status in FINAL for payment in run.payments):
        steps.take(session, run, RUN_LIFECYCLE, "settle", by=by, at=at)
    session.flush()
    return Settled(**counts, again=False)


def reopen(session: Session, claim_id: int, *, by: Actor, at: datetime) -> Claim:
    """Lets a claim whose payment the bank refused into the next run, after the account was corrected."""
    claim = claims.of_organisation(session, claim_id, by)
    claims.lock(session, claim.programme_id)
    session.refresh(claim, ["status"])
    steps.take(session, claim, claim_rules.LIFECYCLE, "reopen", by=by, at=at)
    return claim


def bank_file_of(session: Session, stores: Stores, run_id: int, *, by: Actor) -> tuple[PaymentRun, bytes]:
    """The bank file as it was made at the release. Raises NotFound before it."""
    run = payments.run_of(session, run_id, by)
    if run.bank_file_sha256 is None:
        raise NotFound(f"payment run {run_id} was not released")
    return run, stores.bank_files.read(run.bank_file_sha256)


def _add(
    session: Session, run: PaymentRun, number: int, claim: Claim, shares: Mapping[str, int], *, by: Actor, at: datetime
) -> None:
    steps.take(session, claim, claim_rules.LIFECYCLE, "schedule", by=by, at=at)
    payment = Payment(
        run_id=run.id,
        claim_id=claim.id,
        reference=f"{run.reference}-{number:05d}",
        amount=claim.payable,
        bank_code=claim.merchant.bank_code,
        account_number=claim.merchant.account_number,
        account_holder=claim.merchant.account_holder,
    )
    payment.shares = [PaymentShare(source=source, amount=amount) for source, amount in shares.items()]
    steps.begin(session, payment, PAYMENT_LIFECYCLE, "prepare", by=by, at=at)


def _transfers(run: PaymentRun, at: datetime) -> bank_file.TransferFile:
    return bank_file.TransferFile(
        reference=run.reference,
        created_on=korean_date(at),
        transfers=tuple(
            bank_file.Transfer(
                payment_id=payment.reference,
                bank_code=payment.bank_code,
                account_number=payment.account_number,
                holder=payment.account_holder,
                amount=payment.amount,
                memo=payment.claim.period,
            )
            for payment in run.payments
        ),
    )


def _check_totals(run: PaymentRun, file: bank_file.TransferFile) -> None:
    """What the bank is told is what was prepared, claim by claim and in total. Raises Conflict."""
    wrong = [payment.reference for payment in run.payments if payment.amount != payment.claim.payable]
    if wrong or (len(file.transfers), file.total) != (run.payment_count, run.total):
        raise Conflict(problems=[Problem("run_changed", "run", ", ".join(wrong) or run.reference)])


def _instructed(run: PaymentRun) -> Instructed:
    """What the bank was told, for comparison with its answer."""
    return Instructed(
        reference=run.reference,
        on=korean_date(run.released_at or run.prepared_at),
        amounts={payment.reference: payment.amount for payment in run.payments},
        answered=frozenset(payment.reference for payment in run.payments if payment.status in FINAL),
    )


def _apply(
    session: Session,
    stores: Stores,
    payment: Payment,
    result: BankResult,
    lines: Mapping[str, int],
    *,
    by: Actor,
    at: datetime,
) -> None:
    if result.result is BankAnswer.UNKNOWN and payment.status is PaymentStatus.UNKNOWN:
        return  # still unknown: asked again, not sent again
    steps.take(session, payment, PAYMENT_LIFECYCLE, _RESULT_STEPS[result.result], by=by, at=at, note=result.reason_code)
    payment.reason, payment.bank_reference = result.reason_code or None, result.bank_reference or None
    payment.executed_on = result.executed_on
    if result.result is BankAnswer.DONE:
        _pay_out(session, stores, payment, lines, by=by, at=at)
    elif result.result is BankAnswer.REFUSED:
        steps.take(session, payment.claim, claim_rules.LIFECYCLE, "fail", by=by, at=at, note=result.reason_code)


def _pay_out(
    session: Session, stores: Stores, payment: Payment, lines: Mapping[str, int], *, by: Actor, at: datetime
) -> None:
    """The ledger, the claim and the letter exist together or not at all. `lines`: source -> the line committed from."""
    ledger.post(
        session,
        PostingKind.DISBURSE,
        {lines[share.source]: share.amount for share in payment.shares if share.amount},
        source_key=f"disburse:payment:{payment.id}",
        by=by,
        at=at,
        application_id=payment.claim.application_id,
    )
    steps.take(session, payment.claim, claim_rules.LIFECYCLE, "settle", by=by, at=at)
    payment.letter_id = letters.issue_payment(session, stores, payment, by=by, at=at).id

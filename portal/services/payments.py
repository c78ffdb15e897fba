"""Paying approved claims: a run is prepared, released by another person, and settled by the bank's word.

Lock order, the same everywhere: the programme's claims, the run, orders to pay back, budget lines; a letter's number
comes last.
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
from portal.domain.approvals import Matter
from portal.domain.bank_results import BankAnswer, ImportBankResults, problems_against
from portal.domain.claims import ClaimStatus
from portal.domain.errors import Conflict, Incomplete, InvalidTransition, NotFound, NotPermitted, Problem, SamePerson
from portal.domain.payments import FINAL, PAYMENT_LIFECYCLE, RUN_LIFECYCLE, Channel, RunStatus
from portal.domain.periods import korean_date
from portal.domain.snapshots import CLOSED
from portal.models.bank_orders import BankOrder
from portal.models.claims import Claim
from portal.models.payments import BankResultFile, Payment, PaymentRun
from portal.queries import account_changes, claims, payables, payments, programmes, snapshots
from portal.queries import approvals as approvals_given
from portal.services import approvals, bank_results, declarations, instructions, netting, payouts, steps, stops
from portal.services.instructions import leaving, moved
from portal.storage.objects import Stores
from reports.payment_initiation import Debtor

_OWN = "nobody pays their own business"


@dataclass(frozen=True, slots=True)
class Settled:
    """What a results file changed; `again`: these bytes had been taken in before."""

    done: int
    refused: int
    unknown: int
    again: bool
    returned: int = 0


def prepare(session: Session, code: str, *, by: Actor, at: datetime) -> PaymentRun:
    """Puts the approved claims of a programme into a new run, to the accounts as they stand now, less what its
    merchants are to pay back. Left out is whoever's account was changed and waits (services/account_changes.py), and
    each claim with an obstacle (queries/payables.py), which the payer's page shows.

    Raises NotFound, Incomplete where no claim waits or each has an obstacle, Conflict where one changed after its
    approval, SamePerson where the payer had a hand in one, NotPermitted where one is money of the payer's own business.
    """
    programme = programmes.in_force(session, code)
    if programme.programme.organisation_id != by.organisation_id:
        raise NotFound(code)
    claims.lock(session, programme.programme.id)
    approved = _payable(session, programme.programme.id, at=at)
    if not approved:
        raise Incomplete(problems=[Problem("nothing_to_pay", value=code)])
    if changed := approvals_given.stale(session, Matter.CLAIMS, [claim.id for claim in approved]):
        names = [claim.merchant.trade_name for claim in approved if claim.id in changed]
        raise Conflict(problems=[Problem("approval_lapsed", "programme", ", ".join(names))])
    declarations.keep_own_away(session, [claim.application_id for claim in approved], by=by)
    if claims.owned_by_person(session, programme.programme.id, by.person_id) & {claim.id for claim in approved}:
        raise NotPermitted(_OWN)
    planned = _planned(session, approved, at=at)
    run = PaymentRun(
        organisation_id=programme.programme.organisation_id,
        programme_id=programme.programme.id,
        reference=f"R{korean_date(at):%Y%m%d}-{secrets.token_hex(4).upper()}",
        payment_count=len(planned),
        total=0,
        prepared_by=by.user_id,
        prepared_at=at,
    )
    steps.begin(session, run, RUN_LIFECYCLE, "prepare", by=by, at=at)
    waiting = netting.awaited(session, run.organisation_id, at)
    run.total = sum(  # at once: what is added up in the row is written with every payment
        _add(session, run, number, claim, shares, waiting, by=by, at=at).amount
        for number, (claim, shares) in enumerate(planned, start=1)
    )
    session.flush()
    closed = snapshots.closed_in(session, [claim.merchant_id for claim, _shares in planned if not claim.invoice_id])
    if len(closed) == len(planned):
        raise Incomplete(problems=[Problem("all_closed", value=code)])
    for payment in closed:
        _hold(session, run, payment, reason=CLOSED, by=by, at=at)
    return run


def release(
    session: Session,
    stores: Stores,
    run_id: int,
    *,
    channel: Channel = Channel.CSV,
    debtor: Debtor | None = None,
    by: Actor,
    at: datetime,
) -> PaymentRun:
    """Instructs every payment of the run, once and one way: writes the bank file, or puts down orders to be sent.

    One that nets to nothing is done by that. `debtor`: our own account, which the file of ISO 20022 names.

    Raises SamePerson for the one who prepared the run or drew up or approved one of its claims, NotPermitted for the
    owner of a business in it or where its total is another's band, InvalidTransition the second time, Conflict where
    payments, run and file do not agree or a payment's year was closed, PaymentsStopped.
    """
    run = payments.held(session, run_id, by)
    stops.refuse_while_stopped(session, run.organisation_id)  # the last act before an instruction leaves
    if by.person_id in payments.owners(session, run):
        raise NotPermitted(_OWN)
    declarations.keep_own_away(session, [payment.claim.application_id for payment in run.payments], by=by)
    steps.take(session, run, RUN_LIFECYCLE, "release", by=by, at=at)
    if by.person_id in payments.persons_behind(session, run):
        raise SamePerson("payment_run: release apart from draw_up, approve")
    mandate = approvals.permit(session, Matter.PAYMENT_RUN, run.total, by=by, at=at)
    approvals.check_standing(session, leaving(run))
    if closed := payables.closed_for(session, leaving(run), on=korean_date(at)):
        raise Conflict(problems=closed)
    instructions.check(run, payments.netted_before(session, [payment.claim_id for payment in run.payments]))
    for payment in moved(run):
        steps.take(session, payment, PAYMENT_LIFECYCLE, "instruct", by=by, at=at)
    run.released_by, run.released_at = by.user_id, at
    if moved(run):
        run.channel = channel
        if channel is Channel.API:
            session.add_all(BankOrder(payment_id=payment.id, due_at=at) for payment in moved(run))
        else:
            run.bank_file_sha256 = stores.bank_files.put(instructions.written(run, channel, debtor, at=at)).sha256
    approvals.record(session, Matter.PAYMENT_RUN, {run.id: run.total}, mandate, by=by, at=at)
    _net_whole(session, stores, run, by=by, at=at)
    return run


def cancel(session: Session, run_id: int, *, by: Actor, at: datetime, note: str = "") -> PaymentRun:
    """Takes a prepared run back; its claims are approved claims again, or wait for approval where they changed since.

    Raises InvalidTransition once it is released.
    """
    run = payments.held(session, run_id, by)
    steps.take(session, run, RUN_LIFECYCLE, "cancel", by=by, at=at, note=note)
    for payment in leaving(run):
        steps.take(session, payment, PAYMENT_LIFECYCLE, "cancel", by=by, at=at)
        steps.take(session, payment.claim, claim_rules.LIFECYCLE, "unschedule", by=by, at=at)
    approvals.lapse_changed(session, [payment.claim for payment in run.payments], by=by, at=at)
    return run


def hold_back(session: Session, run_id: int, payment_id: int, *, reason: str, by: Actor, at: datetime) -> PaymentRun:
    """Takes one payment out of a prepared run; its claim is an approved claim again, and the run's totals follow.

    Raises NotFound, NotPermitted for the owner of a business in the run, SamePerson for whoever drew up or approved a
    claim of it, InvalidTransition once the run is released, Incomplete for the only payment that is left.
    """
    run = payments.held(session, run_id, by)
    if by.person_id in payments.owners(session, run):
        raise NotPermitted(_OWN)
    if by.person_id in payments.persons_behind(session, run):
        raise SamePerson("payment: hold apart from draw_up, approve")
    declarations.keep_own_away(session, [payment.claim.application_id for payment in run.payments], by=by)
    payment = next((each for each in run.payments if each.id == payment_id), None)
    if payment is None:
        raise NotFound(f"payment {payment_id} of run {run_id}")
    _hold(session, run, payment, reason=reason, by=by, at=at)
    return run


def settle(
    session: Session, stores: Stores, run_id: int, command: ImportBankResults, *, by: Actor, at: datetime
) -> Settled:
    """Takes in the bank's results: done, refused or unknown, each payment moved once, all of the file or nothing.

    Raises InvalidTransition for a run the bank was never given, or that the portal itself tells it and asks it about,
    Incomplete with every row that does not fit the run.
    """
    run = payments.held(session, run_id, by)
    known = payments.result_file(session, run.id, hashlib.sha256(command.content).hexdigest())
    if known is not None:
        return Settled(known.done, known.refused, known.unknown, again=True, returned=known.returned)
    if run.status not in (RunStatus.RELEASED, RunStatus.SETTLED) or run.channel is Channel.API:
        raise InvalidTransition(f"payment_run: results for a run that is {run.status}")
    by_reference = {payment.reference: payment for payment in run.payments}
    if problems := problems_against(command.results, bank_results.instructed(run), on=korean_date(at)):
        raise Incomplete(problems=problems)
    committed = payouts.lines_for(session, run.payments)
    for result in command.results.results:
        payment = by_reference[result.payment_id]
        bank_results.apply(session, stores, payment, result, committed[payment.claim.application_id], by=by, at=at)
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
    _settle_run(session, run, by=by, at=at)
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


def _hold(session: Session, run: PaymentRun, payment: Payment, *, reason: str, by: Actor, at: datetime) -> None:
    steps.take(session, payment, PAYMENT_LIFECYCLE, "hold", by=by, at=at, note=reason)
    if not leaving(run):
        raise Incomplete(problems=[Problem("last_payment")])
    payment.reason = reason
    run.payment_count, run.total = run.payment_count - 1, run.total - payment.amount
    steps.take(session, payment.claim, claim_rules.LIFECYCLE, "unschedule", by=by, at=at, note=reason)
    steps.write(session, RUN_LIFECYCLE.noun, run.id, "hold", by=by, at=at, note=reason)


def _payable(session: Session, programme_id: int, *, at: datetime) -> list[Claim]:
    """The programme's approved claims but for those whose account was changed a moment ago."""
    approved = claims.waiting(session, programme_id, ClaimStatus.APPROVED)
    waits = account_changes.cooling(session, {claim.merchant_id for claim in approved}, on=korean_date(at))
    return [claim for claim in approved if claim.invoice_id is not None or claim.merchant_id not in waits]


def _planned(session: Session, approved: list[Claim], *, at: datetime) -> list[tuple[Claim, Mapping[str, int]]]:
    """Those of the claims that can be paid, with their won by source. Raises Incomplete where none can be."""
    found = payables.plan(session, approved, on=korean_date(at))
    if all(each.obstacle for each in found):
        raise Incomplete(problems=[each.obstacle for each in found if each.obstacle])
    return [(each.claim, each.shares) for each in found if not each.obstacle]


def _add(
    session: Session,
    run: PaymentRun,
    number: int,
    claim: Claim,
    shares: Mapping[str, int],
    waiting: netting.Awaited,
    *,
    by: Actor,
    at: datetime,
) -> Payment:
    steps.take(session, claim, claim_rules.LIFECYCLE, "schedule", by=by, at=at)
    payment = Payment(
        run_id=run.id,
        claim_id=claim.id,
        reference=f"{run.reference}-{number:05d}",
        bank_code=claim.payee.bank_code,
        account_number=claim.payee.account_number,
        account_holder=claim.payee.account_holder,
    )
    netting.plan(payment, shares, claim.payee_key, waiting)
    steps.begin(session, payment, PAYMENT_LIFECYCLE, "prepare", by=by, at=at)
    return payment


def _net_whole(session: Session, stores: Stores, run: PaymentRun, *, by: Actor, at: datetime) -> None:
    """Payments of which recoveries take everything are done without the bank; the run too, where it has no others."""
    whole = [payment for payment in leaving(run) if not payment.amount]
    committed = payouts.lines_for(session, whole)
    for payment in whole:
        payouts.netted(session, stores, payment, committed[payment.claim.application_id], by=by, at=at)
    _settle_run(session, run, by=by, at=at)


def _settle_run(session: Session, run: PaymentRun, *, by: Actor, at: datetime) -> None:
    if run.status is RunStatus.RELEASED and all(payment.status in FINAL for payment in run.payments):
        steps.take(session, run, RUN_LIFECYCLE, "settle", by=by, at=at)

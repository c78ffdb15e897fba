"""Makes approved claims without settlement lines, for tests of what happens to the money afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms.bank_results import parse_bank_results
from portal.domain.actors import Actor, Role
from portal.domain.approvals import Matter
from portal.domain.bank_results import ImportBankResults
from portal.domain.claims import LIFECYCLE
from portal.models.accounts import Person, User
from portal.models.claims import AssessmentRun, Claim, ClaimPart
from portal.models.payments import PaymentRun
from portal.queries.programmes import Published
from portal.services import approvals, decisions, steps
from portal.storage.objects import Stores
from tests import cases
from tests.factories import AT, actor, make_official, make_organisation, make_programme

PERIOD = "2026-05"
CODE = "gurye-2020-o2o"
_REASONS = {"done": "", "refused": "ACCOUNT_CLOSED", "unknown": "TIMEOUT", "returned": "RETURNED"}


@dataclass(frozen=True, slots=True)
class Office:
    """Everybody a payment takes, each another person."""

    programme: Published
    reviewer: User
    approver: User
    payer: User
    releaser: User


def open_office(session: Session, *, at: datetime = AT) -> Office:
    programme = make_programme(session, at=at)
    people = [
        make_official(session, role, name=name, at=at)
        for role, name in (
            (Role.REVIEWER, "검토자"),
            (Role.APPROVER, "결재자"),
            (Role.PAYER, "지출담당"),
            (Role.PAYER, "지출책임"),
        )
    ]
    return Office(programme, *people)


def make_claims(
    session: Session,
    stores: Stores,
    office: Office,
    amounts: Sequence[int],
    *,
    drawn_up_by: User | None = None,
    approved: bool = True,
    at: datetime = AT,
) -> list[Claim]:
    """One merchant with a grant for each amount, and an approved claim of it (or one that waits for approval)."""
    reviewer, approver = actor(drawn_up_by or office.reviewer), actor(office.approver)
    applied = [cases.apply(session, stores, office.programme, at=at) for _ in amounts]
    run = AssessmentRun(
        programme_id=office.programme.programme.id,
        version_id=office.programme.version.id,
        period=PERIOD,
        deliveries_upto=0,
        inputs_sha256=stores.reports.put(b"inputs").sha256,
        explanation_sha256=stores.reports.put(b"explanation").sha256,
        drawn_up_by=reviewer.user_id,
        drawn_up_at=at,
    )
    session.add(run)
    session.flush()
    claims = []
    for each, amount in zip(applied, amounts, strict=True):
        cases.recommend(session, each.application, actor(office.reviewer), at=at)
        decisions.approve(session, stores, each.id, by=approver, at=at)
        claims.append(make_claim(session, run, each.application.merchant_id, each.id, amount, by=reviewer, at=at))
        if approved:
            approve(session, claims[-1], office, at=at)
    return claims


def make_claim(
    session: Session,
    run: AssessmentRun | None,
    merchant_id: int,
    application_id: int,
    amount: int,
    *,
    by: Actor,
    revision: int = 1,
    at: datetime = AT,
) -> Claim:
    assert run is not None, "of an assessment, not of an invoice"
    claim = Claim(
        programme_id=run.programme_id,
        version_id=run.version_id,
        merchant_id=merchant_id,
        application_id=application_id,
        run_id=run.id,
        period=run.period,
        revision=revision,
        lines=1,
        exact_e4=amount * 10_000,
        assessed=amount,
        payable=amount,
        drawn_up_at=at,
        approved_at=at,
        parts=[
            ClaimPart(platform="baemin", item="delivery", lines=1, amount_e4=amount * 10_000, amount=amount),
        ],
    )
    steps.begin(session, claim, LIFECYCLE, "draw_up", by=by, at=at)
    return claim


def approve(session: Session, claim: Claim, office: Office, *, at: datetime = AT) -> None:
    """As `claims.approve` does for a whole month."""
    approve_as(session, claim, by=actor(office.approver), at=at)


def approve_as(session: Session, claim: Claim, *, by: Actor, at: datetime) -> None:
    """The same by anybody."""
    steps.take(session, claim, LIFECYCLE, "approve", by=by, at=at)
    approvals.record(session, Matter.CLAIMS, {claim.id: claim.payable}, approvals.Mandate(), by=by, at=at)


def answer(
    run: PaymentRun, *rows: tuple[int, str], on: date | None = None, reference: str = "", amount: int | None = None
) -> ImportBankResults:
    """The bank's results for some payments of a run: (place from 0, done | refused | unknown | returned)."""
    lines, total = [], 0
    for place, result in rows:
        payment = run.payments[place]
        won = payment.amount if amount is None else amount
        total += won
        reason = _REASONS[result]
        day = (on or AT.date()).isoformat() if result == "done" else ""
        lines.append(f"{payment.reference},{result},{reason},{'BK1' if day else ''},{day},{won}")
    return as_command(reference or run.reference, lines, total)


def as_command(reference: str, lines: Sequence[str], total: int) -> ImportBankResults:
    """A results file of these rows, taken in as an upload would be."""
    head = f"IEUM-RESULT,1,{reference},{len(lines)},{total}"
    names = "payment_id,result,reason_code,bank_reference,executed_on,amount"
    content = "\r\n".join([head, names, *lines, ""]).encode()
    return ImportBankResults("results.csv", content, parse_bank_results(content))


def all_done(run: PaymentRun) -> ImportBankResults:
    return answer(run, *((place, "done") for place in range(len(run.payments))))


def same_person(session: Session, user: User, role: Role) -> User:
    """A second account of the same human being."""
    person = session.scalars(select(Person).where(Person.id == user.person_id)).one()
    return make_official(session, role, person=person, organisation=make_organisation(session), at=AT)

"""Looks up what each approved claim would be paid, source by source, and which of them cannot be paid now and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from portal.domain.actors import Actor
from portal.domain.approvals import Matter
from portal.domain.claims import ClaimStatus
from portal.domain.errors import Problem
from portal.domain.fiscal_years import YearStatus
from portal.domain.funding import split_within
from portal.domain.invoices import InvoiceStatus
from portal.domain.payments import ON_THE_WAY
from portal.domain.periods import fiscal_year
from portal.domain.proposals import ProposalStatus
from portal.models.claims import Claim
from portal.models.fiscal_years import FiscalYear
from portal.models.ledger import BudgetLine
from portal.models.payments import Payment, PaymentShare
from portal.models.programmes import Programme
from portal.queries import approvals, ledger, payments, proxy_entries


@dataclass(frozen=True, slots=True)
class Payable:
    """A claim with its won by funding source; `obstacle`: why it is not paid now, None where nothing is in the way."""

    claim: Claim
    shares: Mapping[str, int]
    obstacle: Problem | None = None


def plan(session: Session, to_pay: Sequence[Claim], *, on: date) -> list[Payable]:
    """Each claim within what payments before it leave of its grant's commitment, on lines that still pay on this day.

    A claim with an obstacle takes nothing from the next.
    """
    application_ids = {claim.application_id for claim in to_pay}
    funding, lines = payments.funding_of(session, application_ids), ledger.committed_from(session, application_ids)
    left, before = _left(session, lines), payments.netted_before(session, [claim.id for claim in to_pay])
    closed = closed_lines(session, {line for of in lines.values() for line in of.values()}, on=on)
    lapsed = approvals.stale(session, Matter.DECISION, application_ids)
    unseen, found = proxy_entries.unseen(session, application_ids), []
    for claim in to_pay:
        if claim.invoice_id is None and claim.application_id in unseen:
            found.append(Payable(claim, {}, _named("account_unseen", claim, f"{claim.payable:,}")))
            continue
        if claim.application_id in lapsed:
            found.append(Payable(claim, {}, _named("grant_lapsed", claim, f"{claim.payable:,}")))
            continue
        if claim.invoice is not None and claim.invoice.proposal.status is not ProposalStatus.AGREED:
            found.append(Payable(claim, {}, _named("account_unverified", claim, claim.invoice.proposal.firm)))
            continue
        if claim.invoice is not None and claim.invoice.status is not InvoiceStatus.ACCEPTED:
            found.append(Payable(claim, {}, _named("invoice_in_doubt", claim, claim.invoice.said)))
            continue
        of, wanted = left.get(claim.application_id, {}), claim.payable - before.get(claim.id, 0)
        if wanted > sum(of.values()):
            found.append(Payable(claim, {}, _named("commitment_short", claim, f"{sum(of.values()):,}")))
            continue
        shares = split_within(wanted, funding[claim.application_id], of)
        mine = lines[claim.application_id]
        years = {closed[mine[source]] for source, won in shares.items() if won and mine[source] in closed}
        if years:
            found.append(Payable(claim, {}, _named("grant_year_closed", claim, ", ".join(map(str, sorted(years))))))
            continue
        left[claim.application_id] = of | {source: of.get(source, 0) - won for source, won in shares.items()}
        found.append(Payable(claim, shares))
    return found


def kept_back(session: Session, by: Actor, *, on: date) -> list[Payable]:
    """The organisation's approved claims that no run will take up, each with its obstacle."""
    approved = session.scalars(
        select(Claim)
        .join(Programme, Programme.id == Claim.programme_id)
        .where(Programme.organisation_id == by.organisation_id, Claim.status == ClaimStatus.APPROVED)
        .order_by(Claim.id)
        .options(joinedload(Claim.merchant))
    ).all()
    return [each for each in plan(session, approved, on=on) if each.obstacle] if approved else []


def closed_lines(session: Session, line_ids: Collection[int], *, on: date) -> dict[int, int]:
    """Budget line id -> the closed year for whose sake nothing is paid from it on this day."""
    rows = session.execute(
        select(BudgetLine.id, FiscalYear.year)
        .join(FiscalYear, FiscalYear.organisation_id == BudgetLine.organisation_id)
        .where(
            BudgetLine.id.in_(line_ids),
            FiscalYear.year.in_([BudgetLine.fiscal_year, fiscal_year(on)]),
            FiscalYear.status == YearStatus.CLOSED,
        )
    )
    return dict(rows.all())


def closed_for(session: Session, planned: Collection[Payment], *, on: date) -> list[Problem]:
    """One problem for each of these payments whose grant's budget belongs to a year that was closed meanwhile."""
    lines = ledger.committed_from(session, {payment.claim.application_id for payment in planned})
    closed = closed_lines(session, {line for of in lines.values() for line in of.values()}, on=on)
    found = []
    for payment in planned if closed else ():
        of = lines.get(payment.claim.application_id, {})
        years = {closed[line] for line in (of.get(share.source) for share in payment.shares) if line in closed}
        if years:
            found.append(_named("grant_year_closed", payment.claim, ", ".join(map(str, sorted(years)))))
    return found


def _named(code: str, claim: Claim, value: str) -> Problem:
    return Problem(code, "programme", f"{claim.merchant.trade_name} {claim.period}: {value}")


def _left(session: Session, lines: Mapping[int, Mapping[str, int]]) -> dict[int, dict[str, int]]:
    """Application id -> funding source -> won of its commitment neither paid nor planned in a payment on its way."""
    committed = ledger.commitment_left(session, lines)
    planned = session.execute(
        select(Claim.application_id, PaymentShare.source, func.sum(PaymentShare.amount + PaymentShare.netted))
        .join(Payment, Payment.claim_id == Claim.id)
        .join(PaymentShare, PaymentShare.payment_id == Payment.id)
        .where(Claim.application_id.in_(lines), Payment.status.in_(ON_THE_WAY))
        .group_by(Claim.application_id, PaymentShare.source)
    )
    left = {each: {source: max(0, committed[each][line]) for source, line in of.items()} for each, of in lines.items()}
    for application_id, source, won in planned:
        left[application_id][source] = max(0, left[application_id].get(source, 0) - int(won))
    return left

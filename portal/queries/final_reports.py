"""Looks up what a programme spent in a budget year, disbursement by disbursement and item by item."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Select, Text, cast, func, literal, select
from sqlalchemy.orm import Session

from portal.domain.final_reports import Item, Spent
from portal.domain.ledger import PostingKind
from portal.domain.masking import mask_name
from portal.models.claims import Claim, ClaimPart
from portal.models.invoices import VendorInvoice
from portal.models.ledger import BudgetLine, LedgerEntry, Posting
from portal.models.merchants import Merchant
from portal.models.payments import Payment
from portal.models.proposals import Proposal


def spent(session: Session, programme_id: int, year: int, upto: date) -> tuple[Spent, ...]:
    """Every disbursement out of the year's lines, in the ledger's order, less what the bank sent back of it. The payee
    of services in kind is the firm that gave them.
    """
    found: dict[int, tuple[Any, dict[str, int]]] = {}
    query = _disbursed(
        select(
            LedgerEntry.kind,
            Payment.id,
            Payment.reference,
            func.coalesce(Proposal.firm, Merchant.trade_name),
            Claim.period,
            func.coalesce(Payment.executed_on, LedgerEntry.posted_on),
            BudgetLine.source,
            Posting.amount,
        ),
        programme_id,
        year,
        upto,
    ).join(Merchant, Merchant.id == Claim.merchant_id)
    query = query.outerjoin(VendorInvoice, VendorInvoice.id == Claim.invoice_id)
    query = query.outerjoin(Proposal, Proposal.id == VendorInvoice.proposal_id)
    for kind, payment, reference, name, period, paid_on, source, won in session.execute(query.order_by(LedgerEntry.id)):
        _, shares = found.setdefault(payment, ((reference, mask_name(name), period, paid_on), {}))
        shares[source] = shares.get(source, 0) + (won if kind is PostingKind.DISBURSE else -won)
    return tuple(Spent(*about, shares) for about, shares in found.values() if any(shares.values()))


def items(
    session: Session, programme_id: int, year: int, upto: date, labels: Mapping[str, str]
) -> tuple[tuple[Item, ...], int]:
    """Cost items of those disbursements, the largest first, and how many merchants they reached."""
    claims = _disbursed(select(Claim.id, Claim.merchant_id).distinct(), programme_id, year, upto).subquery()
    won = func.sum(ClaimPart.amount)
    rows = session.execute(
        select(ClaimPart.item, func.sum(ClaimPart.lines), won)
        .join(claims, claims.c.id == ClaimPart.claim_id)
        .group_by(ClaimPart.item)
        .order_by(won.desc(), ClaimPart.item)
    )
    found = tuple(Item(labels.get(item, item), int(lines), int(amount)) for item, lines, amount in rows)
    return found, session.scalar(select(func.count(claims.c.merchant_id.distinct()))) or 0


def _disbursed(query: Select[*tuple[Any, ...]], programme_id: int, year: int, upto: date) -> Select[*tuple[Any, ...]]:
    return (
        query.select_from(LedgerEntry)
        .join(Posting, Posting.entry_id == LedgerEntry.id)
        .join(BudgetLine, BudgetLine.id == Posting.budget_line_id)
        .join(Payment, LedgerEntry.source_key == LedgerEntry.kind + literal(":payment:") + cast(Payment.id, Text))
        .join(Claim, Claim.id == Payment.claim_id)
        .where(
            LedgerEntry.kind.in_((PostingKind.DISBURSE, PostingKind.RETURN)),
            BudgetLine.programme_id == programme_id,
            BudgetLine.fiscal_year == year,
            LedgerEntry.posted_on <= upto,
        )
    )

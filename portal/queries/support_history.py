"""Looks up what a business and its owner already received, from the ledger: one statement, whoever paid."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.ledger import Account, PostingKind
from portal.domain.support_history import History, Received, told_to
from portal.models.accounts import Organisation, User
from portal.models.applications import Application
from portal.models.ledger import BudgetLine, LedgerEntry, Posting
from portal.models.merchants import Merchant
from portal.models.programmes import Programme


def of_merchant(session: Session, merchant_id: int, by: Actor, *, since: date) -> History:
    """By the business itself and by the other businesses of the same person, of entries from `since` on."""
    owner = select(User.person_id).join(Merchant, Merchant.owner_id == User.id).where(Merchant.id == merchant_id)
    disbursed = LedgerEntry.kind == PostingKind.DISBURSE
    paid = func.coalesce(func.sum(Posting.amount).filter(disbursed), 0)
    back = func.coalesce(func.sum(Posting.amount).filter(Posting.credit == Account.PAID), 0)
    promised = func.sum(
        case(
            (Posting.debit == Account.COMMITTED, Posting.amount),
            (Posting.credit == Account.COMMITTED, -Posting.amount),
            else_=0,
        )
    )
    about = (
        Organisation.id,
        Organisation.name,
        Programme.name,
        BudgetLine.fiscal_year,
        Merchant.id,
        Merchant.business_number,
        Merchant.trade_name,
    )
    rows: Any = session.execute(
        select(
            *about, paid, back, promised, func.max(LedgerEntry.posted_on).filter(disbursed), func.max(Application.id)
        )
        .select_from(Posting)
        .join(LedgerEntry, LedgerEntry.id == Posting.entry_id)
        .join(BudgetLine, BudgetLine.id == Posting.budget_line_id)
        .join(Application, Application.id == LedgerEntry.application_id)
        .join(Programme, Programme.id == Application.programme_id)
        .join(Organisation, Organisation.id == Programme.organisation_id)
        .join(Merchant, Merchant.id == Application.merchant_id)
        .join(User, User.id == Merchant.owner_id)
        .where(User.person_id == owner.scalar_subquery(), LedgerEntry.posted_on >= since)
        .group_by(*about)
        .order_by(BudgetLine.fiscal_year.desc(), Programme.name, Merchant.id)
    )
    found = []
    for office_id, office, programme, year, merchant, number, name, *won, last_on, application_id in rows:
        this, sums = merchant == merchant_id, [int(each) for each in won]
        if any(sums):
            row = Received(
                office_id,
                office,
                programme,
                year,
                this,
                number,
                name,
                sums[0],
                sums[1],
                sums[2],
                last_on,
                application_id,
            )
            found.append(told_to(row, by.organisation_id or 0))
    return History(since, found)

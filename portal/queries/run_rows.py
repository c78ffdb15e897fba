"""The payments of a run one by one: flagged where the account is new to us, and narrowed for the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.domain.announcements import SOURCES
from portal.domain.payments import PaymentStatus
from portal.models.claims import Claim
from portal.models.invoices import VendorInvoice
from portal.models.merchants import Merchant
from portal.models.payments import Payment, PaymentRun
from portal.models.proposals import Proposal

PAGE = 20


@dataclass(frozen=True, slots=True)
class Row:
    """One payment of a run. `flag`: "first" (never paid before), "changed" (to another account than last time), ""."""

    payment: Payment
    flag: str

    @property
    def shares(self) -> dict[str, int]:
        return in_order({share.source: share.amount for share in self.payment.shares})

    @property
    def payee(self) -> str:
        """Who is paid: a shop, or the firm that served it."""
        invoice = self.payment.claim.invoice
        return invoice.proposal.firm if invoice else self.payment.claim.merchant.trade_name


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of a run's payments: those from `start` on, 0 the first, of `found` that fit.

    `earlier`, `later`: where the pages beside it start; None where there is none.
    """

    rows: Sequence[Row]
    start: int
    found: int

    @property
    def earlier(self) -> int | None:
        return max(self.start - PAGE, 0) if self.start else None

    @property
    def later(self) -> int | None:
        return self.start + PAGE if self.start + PAGE < self.found else None


def rows(session: Session, run: PaymentRun) -> list[Row]:
    last = _last_accounts(session, run)
    return [Row(payment, _flag(payment, last.get(payment.claim.payee_key))) for payment in run.payments]


def listed(
    rows: Sequence[Row], *, status: PaymentStatus | None = None, flagged: bool = False, named: str = "", start: int = 0
) -> Listed:
    """Those of one status, with an account to look at, whose shop or firm is called something with `named` in it."""
    fitting = [
        row
        for row in rows
        if (status is None or row.payment.status is status)
        and (row.flag or not flagged)
        and any(named.casefold() in name.casefold() for name in (row.payee, row.payment.claim.merchant.trade_name))
    ]
    start = min(max(start, 0), max(len(fitting) - 1, 0) // PAGE * PAGE)
    return Listed(fitting[start : start + PAGE], start, len(fitting))


def in_order(by_source: Mapping[str, int]) -> dict[str, int]:
    """Funding sources as every document lists them: the nation first."""
    known = [source for source in SOURCES if source in by_source]
    return {source: by_source[source] for source in (*known, *sorted(set(by_source) - set(known)))}


def account(of: Payment | Merchant | Proposal) -> tuple[str, str]:
    return of.bank_code, of.account_number


def _flag(payment: Payment, last: tuple[str, str] | None) -> str:
    if payment.status is PaymentStatus.HELD:
        return ""  # it does not leave
    if last is None:
        return "first"
    return "" if last == account(payment) else "changed"


def _last_accounts(session: Session, run: PaymentRun) -> dict[tuple[int | None, int | None], tuple[str, str]]:
    """Payee -> the account of the last payment to them that the bank confirmed before this run."""
    merchants = _last_to(session, run, Claim.merchant_id, Claim.invoice_id.is_(None))
    firms: dict[int, tuple[str, str]] = {}
    if any(payment.claim.invoice_id for payment in run.payments):
        firms = _last_to(session, run, VendorInvoice.proposal_id, Claim.invoice_id.is_not(None))
    return {(key, None): account for key, account in merchants.items()} | {(None, key): a for key, a in firms.items()}


def _last_to(
    session: Session, run: PaymentRun, payee: InstrumentedAttribute[int], theirs: ColumnElement[bool]
) -> dict[int, tuple[str, str]]:
    def paid(*columns: Any) -> Select[*tuple[Any, ...]]:
        query = select(*columns).select_from(Payment).join(Claim, Claim.id == Payment.claim_id)
        return query.outerjoin(VendorInvoice, VendorInvoice.id == Claim.invoice_id).where(theirs)

    here = paid(payee).where(Payment.run_id == run.id)
    last = paid(func.max(Payment.id)).where(
        Payment.status == PaymentStatus.DONE, Payment.run_id < run.id, payee.in_(here)
    )
    found = session.execute(
        paid(payee, Payment.bank_code, Payment.account_number).where(Payment.id.in_(last.group_by(payee)))
    )
    return {key: (bank, number) for key, bank, number in found}

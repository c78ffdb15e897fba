"""Looks up vouchers, the budget lines they may concern, and how much a correction may take back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.claims import ClaimStatus
from portal.domain.errors import NotFound
from portal.domain.fiscal_years import YearStatus
from portal.domain.vouchers import LIFECYCLE, VoucherKind, VoucherStatus
from portal.models.claims import Claim
from portal.models.fiscal_years import FiscalYear
from portal.models.ledger import BudgetLine, LedgerEntry, Posting
from portal.models.programmes import Programme
from portal.models.vouchers import Voucher, VoucherDocument
from portal.queries import audit, ledger, service_passes
from portal.queries.audit import Happening

PAGE = 50


@dataclass(frozen=True, slots=True)
class LineOf:
    """A budget line by name. `left`: won that no decision has taken."""

    line: BudgetLine
    programme: str
    closed: bool

    @property
    def left(self) -> int:
        return self.line.total - self.line.used


@dataclass(frozen=True, slots=True)
class VoucherPage:
    """All that stands on a voucher's page. `entries`: what it was posted as; `actions`: what may be done now."""

    voucher: Voucher
    names: dict[int, LineOf]
    corrects: LedgerEntry | None
    entries: Sequence[LedgerEntry]
    timeline: Sequence[Happening]
    actions: Sequence[str]


def lines(session: Session, by: Actor) -> list[LineOf]:
    """The organisation's budget lines, newest year first."""
    rows = session.execute(
        select(BudgetLine, Programme.name, FiscalYear.status)
        .join(Programme, Programme.id == BudgetLine.programme_id)
        .join(
            FiscalYear,
            (FiscalYear.organisation_id == BudgetLine.organisation_id) & (FiscalYear.year == BudgetLine.fiscal_year),
            isouter=True,
        )
        .where(BudgetLine.organisation_id == by.organisation_id)
        .order_by(BudgetLine.fiscal_year.desc(), BudgetLine.programme_id, BudgetLine.id)
        .execution_options(populate_existing=True)
    )
    return [LineOf(line, name, status == YearStatus.CLOSED) for line, name, status in rows]


def all_of(session: Session, by: Actor, *, before: int | None = None) -> tuple[list[Voucher], int | None]:
    """A page of the organisation's vouchers, newest first, and where to go on from."""
    query = select(Voucher).where(Voucher.organisation_id == by.organisation_id)
    if before is not None:
        query = query.where(Voucher.id < before)
    found = session.scalars(query.order_by(Voucher.id.desc()).limit(PAGE + 1)).all()
    return list(found[:PAGE]), found[PAGE - 1].id if len(found) > PAGE else None


def one(session: Session, voucher_id: int, by: Actor, *, held: bool = False) -> Voucher:
    """One of them, `held`: locked and as it is now. Raises NotFound."""
    query = select(Voucher).where(Voucher.id == voucher_id, Voucher.organisation_id == by.organisation_id)
    if held:
        query = query.with_for_update(of=Voucher).execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise NotFound(f"voucher {voucher_id}")
    return found


def page(session: Session, voucher_id: int, by: Actor) -> VoucherPage:
    voucher = one(session, voucher_id, by)
    done = audit.done_by(session, LIFECYCLE.noun, voucher.id)
    actions = LIFECYCLE.actions(voucher.status, by, done)
    if by.person_id not in done.get("draft", ()) and "withdraw" in actions:
        actions.remove("withdraw")
    keys = [f"voucher:{voucher.id}", f"voucher:out:{voucher.id}", f"voucher:in:{voucher.id}"]
    entries = select(LedgerEntry).where(LedgerEntry.source_key.in_(keys)).order_by(LedgerEntry.id)
    return VoucherPage(
        voucher,
        {each.line.id: each for each in lines(session, by)},
        session.get(LedgerEntry, voucher.corrects_id) if voucher.corrects_id else None,
        session.scalars(entries).all(),
        audit.timeline(session, LIFECYCLE.noun, voucher.id),
        actions,
    )


def document(session: Session, voucher_id: int, document_id: int, by: Actor) -> VoucherDocument:
    """One document of a voucher. Raises NotFound."""
    for each in one(session, voucher_id, by).documents:
        if each.id == document_id:
            return each
    raise NotFound(f"document {document_id}")


def entry_on(session: Session, entry_id: int | None, line_id: int) -> tuple[LedgerEntry, int] | None:
    """An entry and the won it moved on this line; None where it has nothing to do with the line."""
    found = session.execute(
        select(LedgerEntry, Posting.amount)
        .join(Posting, Posting.entry_id == LedgerEntry.id)
        .where(LedgerEntry.id == entry_id, Posting.budget_line_id == line_id)
    ).first()
    return (found[0], int(found[1])) if found else None


def left_of(session: Session, kind: VoucherKind, entry: LedgerEntry, moved: int, line_id: int) -> int:
    """What a correction of this entry may take back on the line: of it, not corrected yet, and still there."""
    before = session.scalar(
        select(func.coalesce(func.sum(Voucher.amount), 0)).where(
            Voucher.corrects_id == entry.id, Voucher.line_id == line_id, Voucher.status == VoucherStatus.POSTED
        )
    )
    left = moved - int(before or 0)
    if kind is VoucherKind.RELEASE:
        committed = ledger.commitment_left(session, [entry.application_id]).get(entry.application_id, {})
        left = min(left, committed.get(line_id, 0))
    return left


def unclaimed(session: Session, application_id: int | None, *, on: date) -> int:
    """Won committed for an application beyond its claims that are not paid yet, and beyond the services chosen within
    it: those keep their money.
    """
    committed = sum(ledger.commitment_left(session, [application_id]).get(application_id, {}).values())
    claimed = session.scalar(
        select(func.coalesce(func.sum(Claim.payable), 0)).where(
            Claim.application_id == application_id, Claim.status.not_in((ClaimStatus.SUPERSEDED, ClaimStatus.PAID))
        )
    )
    return committed - int(claimed or 0) - service_passes.promised(session, [application_id], on=on)

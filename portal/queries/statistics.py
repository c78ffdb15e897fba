"""Counts a programme's applications and adds up its payments at one cut-off of the ledger, in few statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, Text, case, cast, func, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.domain.actors import Actor
from portal.domain.applications import ApplicationStatus as S
from portal.domain.breakdowns import Count, Names, tables
from portal.domain.claims import ClaimStatus
from portal.domain.errors import NotFound
from portal.domain.payments import PaymentStatus
from portal.domain.periods import Month, day_bounds, first_day, korean_date, month_of, months, next_month
from portal.domain.programmes import VersionStatus
from portal.domain.statistics import BudgetRow, Dimension, Funnel, Statistics, check
from portal.models.applications import Application, Decision
from portal.models.claims import Claim, ClaimPart
from portal.models.ledger import LedgerEntry
from portal.models.merchants import Merchant
from portal.models.payments import Payment
from portal.models.programmes import Programme, ProgrammeVersion
from portal.queries import ledger

WAITING = (S.SUBMITTED, S.IN_REVIEW, S.SUPPLEMENT_REQUESTED, S.RECOMMENDED)
_PUT_FORWARD = (S.RECOMMENDED, S.APPROVED, S.REJECTED)
Groups = Iterable[tuple[Dimension, tuple[ColumnElement[Any], ...], tuple[ColumnElement[Any], ...]]]
Rows = Select[*tuple[Any, ...]]
_PUBLISHED = (VersionStatus.PUBLISHED, VersionStatus.REPLACED)


def programmes(session: Session, by: Actor) -> Sequence[Programme]:
    """What the person's organisation has ever published, newest first."""
    query = _programmes().where(Programme.organisation_id == by.organisation_id)
    return session.scalars(query.order_by(Programme.id.desc())).all()


def programme_of(session: Session, code: str, by: Actor) -> Programme:
    """One of those. Raises NotFound, also for another organisation's."""
    found = session.scalar(_programmes().where(Programme.code == code, Programme.organisation_id == by.organisation_id))
    if found is None:
        raise NotFound(f"programme {code}")
    return found


def programme(session: Session, code: str) -> Programme:
    """Anybody's published programme: for the command line. Raises NotFound."""
    found = session.scalar(_programmes().where(Programme.code == code))
    if found is None:
        raise NotFound(f"programme {code}")
    return found


def compile(session: Session, programme: Programme, names: Names, *, at: datetime) -> Statistics:
    """The statistics up to the ledger's last entry, checked against it. Raises TotalsDiffer (invariant I18)."""
    cut_off = ledger.last_entry(session)
    balances = ledger.balances(session, programme_id=programme.id, upto=cut_off)
    paid_counts, paid_whole, paid_applications = _paid(session, programme.id, cut_off)
    funnel = _funnel(session, programme.id, paid_applications)
    whole = Count(
        Dimension.MONTH, "", 0, funnel.applied, funnel.selected, paid_whole.merchants, paid_whole.lines, paid_whole.paid
    )
    counts = [*_applied(session, programme.id), *paid_counts]
    office = programme.organisation
    return check(
        Statistics(
            programme_code=programme.code,
            programme=programme.name,
            organisation_code=office.code,
            organisation=office.name,
            as_of=at,
            cut_off=cut_off,
            budget=tuple(_budget_row(balance, names) for balance in balances),
            funnel=funnel,
            breakdowns=tables(counts, whole, names, home=office.region_code, on=korean_date(at)),
            recovered=ledger.recovered(session, programme.id, cut_off),
        )
    )


def _programmes() -> Select[Programme]:
    published = select(ProgrammeVersion.id).where(
        ProgrammeVersion.programme_id == Programme.id, ProgrammeVersion.status.in_(_PUBLISHED)
    )
    return select(Programme).where(published.exists())


def _budget_row(balance: ledger.Balance, names: Names) -> BudgetRow:
    label = names.sources.get(balance.source, balance.source)
    return BudgetRow(balance.fiscal_year, balance.source, label, balance.appropriated, balance.granted, balance.paid)


def _funnel(session: Session, programme_id: int, paid: int) -> Funnel:
    put_forward = Application.status.in_(_PUT_FORWARD) & (Decision.proposed == "approve")
    row = session.execute(
        select(
            func.count(),
            _how_many(put_forward),
            _how_many(Application.status == S.APPROVED),
            _how_many(Application.status == S.REJECTED),
            _how_many(Application.status.in_((S.WITHDRAWN, S.RETURNED))),
            _how_many(Application.status.in_(WAITING)),
        )
        .select_from(Application)
        .outerjoin(Decision, Decision.application_id == Application.id)
        .where(Application.programme_id == programme_id, Application.submitted_at.is_not(None))
    ).one()
    applied, eligible, selected, rejected, withdrawn, waiting = map(int, row)
    return Funnel(applied, eligible, selected, paid, rejected, withdrawn, waiting)


def _applied(session: Session, programme_id: int) -> list[Count]:
    """Applications and grants by month (of submission, of decision), region and industry."""
    cases = _cases(programme_id, _months_of_cases(session, programme_id))
    columns = cases.c
    every, granted, none = func.count(), func.sum(columns.granted), literal(0)
    industry = (columns.industry_code, columns.edition)
    groups: Groups = (
        (Dimension.MONTH, (columns.submitted_in,), (every, none)),
        (Dimension.MONTH, (columns.decided_in,), (none, granted)),
        (Dimension.REGION, (columns.region_code,), (every, granted)),
        (Dimension.DIVISION, (columns.division, columns.edition), (every, granted)),
        (Dimension.INDUSTRY, industry, (every, granted)),
    )
    selects = [_grouped(dimension, keys, found).where(keys[0].is_not(None)) for dimension, keys, found in groups]
    return [
        Count(Dimension(dimension), code, int(edition), int(applications), int(decisions))
        for dimension, code, edition, applications, decisions in session.execute(union_all(*selects))
    ]


def _cases(programme_id: int, known: Sequence[Month]) -> CTE:
    """One row per submitted application; `granted` is 1 or 0, `decided_in` the month of a grant."""
    granted = Application.status == S.APPROVED
    return (
        select(
            _month_column(Application.submitted_at, known).label("submitted_in"),
            case((granted, _month_column(Decision.decided_at, known)), else_=None).label("decided_in"),
            Merchant.region_code,
            func.substr(Merchant.industry_code, 1, 2).label("division"),
            Merchant.industry_code,
            Merchant.industry_edition.label("edition"),
            case((granted, 1), else_=0).label("granted"),
        )
        .select_from(Application)
        .join(Merchant, Merchant.id == Application.merchant_id)
        .outerjoin(Decision, Decision.application_id == Application.id)
        .where(Application.programme_id == programme_id, Application.submitted_at.is_not(None))
        .cte("cases")
    )


def _months_of_cases(session: Session, programme_id: int) -> list[Month]:
    """The Korean months from the first submission to the last decision."""
    first, last, decided = session.execute(
        select(func.min(Application.submitted_at), func.max(Application.submitted_at), func.max(Decision.decided_at))
        .select_from(Application)
        .outerjoin(Decision, Decision.application_id == Application.id)
        .where(Application.programme_id == programme_id)
    ).one()
    if first is None or last is None:
        return []
    return months(month_of(korean_date(first)), month_of(korean_date(max(last, decided or last))))


def _month_column(moment: InstrumentedAttribute[Any], known: Sequence[Month]) -> ColumnElement[Any]:
    """The Korean month of a stored moment: both databases compare moments, but neither knows Korean months alike."""
    ends = [(moment < day_bounds(first_day(next_month(month)))[0], literal(month)) for month in known]
    return case(*ends, else_=None) if ends else literal(None, Text)


def _paid(session: Session, programme_id: int, cut_off: int) -> tuple[list[Count], Count, int]:
    """Counts of what was paid, the whole of it, and how many applications had a payment."""
    paid = _payments(programme_id, cut_off)
    columns = paid.c
    found_in_each = (
        func.count(columns.merchant_id.distinct()),
        func.coalesce(func.sum(columns.lines), 0),
        func.coalesce(func.sum(columns.amount), 0),
        func.count(columns.application_id.distinct()),
    )
    keys: dict[str, tuple[ColumnElement[Any], ...]] = {
        "": (),
        Dimension.MONTH: (columns.period,),
        Dimension.PAY_MONTH: (columns.paid_in,),
        Dimension.REGION: (columns.region_code,),
        Dimension.DIVISION: (columns.division, columns.edition),
        Dimension.INDUSTRY: (columns.industry_code, columns.edition),
        Dimension.PLATFORM: (columns.platform,),
        Dimension.ITEM: (columns.item,),
    }
    selects = [_grouped(dimension, by, found_in_each).select_from(paid) for dimension, by in keys.items()]
    found = session.execute(union_all(*selects)).all()
    counts = [
        Count(Dimension(dimension), code, int(edition), merchants=merchants, lines=int(lines), paid=int(won))
        for dimension, code, edition, merchants, lines, won, _applications in found
        if dimension
    ]
    _, _, _, merchants, lines, won, applications = next(row for row in found if not row[0])
    return counts, Count(Dimension.MONTH, "", merchants=merchants, lines=int(lines), paid=int(won)), applications


def _payments(programme_id: int, cut_off: int) -> CTE:
    """One row per part of a paid claim whose disbursement the ledger holds at the cut-off."""
    posted = literal("disburse:payment:") + cast(Payment.id, Text)
    return (
        select(
            Claim.application_id,
            Claim.merchant_id,
            Claim.period,
            func.substr(cast(func.coalesce(Payment.executed_on, LedgerEntry.posted_on), Text), 1, 7).label("paid_in"),
            Merchant.region_code,
            func.substr(Merchant.industry_code, 1, 2).label("division"),
            Merchant.industry_code,
            Merchant.industry_edition.label("edition"),
            ClaimPart.platform,
            ClaimPart.item,
            ClaimPart.lines,
            ClaimPart.amount,
        )
        .select_from(Payment)
        .join(LedgerEntry, LedgerEntry.source_key == posted)
        .join(Claim, Claim.id == Payment.claim_id)
        .join(ClaimPart, ClaimPart.claim_id == Claim.id)
        .join(Merchant, Merchant.id == Claim.merchant_id)
        .where(
            Claim.programme_id == programme_id,
            Claim.status == ClaimStatus.PAID,
            Payment.status == PaymentStatus.DONE,
            LedgerEntry.id <= cut_off,
        )
        .cte("paid")
    )


def _grouped(dimension: str, keys: Sequence[ColumnElement[Any]], found: Sequence[ColumnElement[Any]]) -> Rows:
    """Dimension, code and edition (of industries), then what was found for each."""
    code = keys[0] if keys else literal("")
    edition = keys[1] if len(keys) > 1 else literal(0)
    return select(literal(str(dimension)), code, edition, *found).group_by(*keys)


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

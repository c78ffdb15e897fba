"""What stands already and no new version of a programme overturns: budgets opened, places in line, services
offered, names taken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.announcements import Announcement
from portal.domain.applications import ApplicationStatus
from portal.domain.errors import Problem
from portal.domain.programmes import VersionStatus
from portal.domain.proposals import HANDED_IN
from portal.models.applications import Application
from portal.models.ledger import BudgetLine, LedgerEntry, Posting
from portal.models.programmes import Programme, ProgrammeVersion
from portal.models.proposals import Offer, Proposal
from portal.queries import programmes

_A = ApplicationStatus
OPEN_CASES = (_A.SUBMITTED, _A.IN_REVIEW, _A.SUPPLEMENT_REQUESTED, _A.RECOMMENDED)


def stated(announcement: Announcement) -> dict[int, dict[str, int]]:
    """Fiscal year -> funding source -> won, as an announcement states it."""
    by_year: dict[int, dict[str, int]] = defaultdict(dict)
    for line in announcement.budget:
        by_year[line.fiscal_year][line.source] = line.amount
    return by_year


def opened(session: Session, programme_id: int) -> dict[int, dict[str, int]]:
    """The same as it was opened: supplementary budgets, transfers and what was carried over came later."""
    by_year: dict[int, dict[str, int]] = defaultdict(dict)
    rows = session.execute(
        select(BudgetLine.fiscal_year, BudgetLine.source, Posting.amount)
        .join(Posting, Posting.budget_line_id == BudgetLine.id)
        .join(LedgerEntry, LedgerEntry.id == Posting.entry_id)
        .where(BudgetLine.programme_id == programme_id, LedgerEntry.source_key.startswith("appropriate:"))
        .order_by(BudgetLine.id)
    )
    for year, source, amount in rows:
        by_year[year][source] = amount
    return by_year


def other_budget(session: Session, programme_id: int, budget: Mapping[int, Mapping[str, int]]) -> list[Problem]:
    """Where it says something else of a year whose budget is open: adjusting that is a voucher, not a new version."""
    return [
        Problem("budget_is_open", "budget", f"{year} {source}")
        for year, lines in sorted(opened(session, programme_id).items())
        for source in dict.fromkeys([*lines, *budget.get(year, {})])
        if lines.get(source, 0) != budget.get(year, {}).get(source, 0)
    ]


def other_commitment(session: Session, programme_id: int, rule: str) -> list[Problem]:
    """Who handed in under one rule is not put behind others by another."""
    accepted = select(Application.version_id).where(
        Application.programme_id == programme_id, Application.queue_number.is_not(None)
    )
    last = session.scalar(accepted.order_by(Application.queue_number.desc()).limit(1))
    if last is not None and programmes.version(session, last).announcement.call.commitment != rule:
        return [Problem("commitment_is_fixed", "call.commitment", rule)]
    return []


def other_services(session: Session, programme_id: int, kinds: Collection[str] | None) -> list[Problem]:
    """What firms have offered, merchants have chosen and invoices are for stays. `kinds`: None without services."""
    standing = (Proposal.programme_id == programme_id, Proposal.status.in_(HANDED_IN))
    if kinds is None:
        firms = session.scalar(select(func.count(Proposal.id)).where(*standing)) or 0
        return [Problem("services_in_use", "services", str(firms))] if firms else []
    offered = select(Offer.kind).join(Proposal, Proposal.id == Offer.proposal_id).where(*standing).distinct()
    gone = sorted(set(session.scalars(offered)) - set(kinds))
    return [Problem("service_kind_in_use", "services.kind", kind) for kind in gone]


def open_cases(session: Session, programme_id: int) -> int:
    """How many applications were handed in and are not decided."""
    mine = (Application.programme_id == programme_id, Application.status.in_(OPEN_CASES))
    return session.scalar(select(func.count()).select_from(Application).where(*mine)) or 0


def code_taken(session: Session, code: str, *, but: int | None) -> bool:
    """Whether another programme has this code."""
    return session.scalar(select(Programme.id).where(Programme.code == code, Programme.id != (but or 0))) is not None


def prefix_taken(session: Session, prefix: str, organisation_id: int, *, but: int | None) -> bool:
    """Whether receipts of another programme of the office that is in force begin with the same letters."""
    return any(
        found.announcement.call.receipt_prefix == prefix and found.programme.id != but
        for found in programmes.published(session, organisation_id=organisation_id)
    )


def newest(session: Session, programme_id: int) -> ProgrammeVersion | None:
    """The last version that was published, in force or announced; where none is, the last that was proposed."""
    mine = select(ProgrammeVersion).where(ProgrammeVersion.programme_id == programme_id)
    last = mine.order_by(ProgrammeVersion.number.desc()).limit(1)
    standing = ProgrammeVersion.status.in_((VersionStatus.PUBLISHED, VersionStatus.ANNOUNCED))
    return session.scalar(last.where(standing)) or session.scalar(last)

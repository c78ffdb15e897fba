"""Looks up changes of grants: which wait for an approver, and what stands on the ledger for a grant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.errors import NotFound
from portal.domain.grant_changes import GrantChangeStatus
from portal.domain.ledger import PostingKind
from portal.models.accounts import Person, User
from portal.models.applications import Application
from portal.models.claims import Claim
from portal.models.grant_changes import GrantChange
from portal.models.ledger import BudgetLine, LedgerEntry, Posting
from portal.models.merchants import Merchant
from portal.models.programmes import Programme
from portal.queries.claims import COUNTED


@dataclass(frozen=True, slots=True)
class Seen:
    """A change as the case page and the approver's list show it."""

    change: GrantChange
    proposer: str
    trade_name: str


def of_application(session: Session, application_id: int) -> Sequence[Seen]:
    """Every change of a grant, newest first."""
    return _seen(session, GrantChange.application_id == application_id)


def waiting(session: Session, by: Actor) -> Sequence[Seen]:
    """The changes of the organisation's grants that wait for an approver, newest first."""
    return _seen(
        session, GrantChange.status == GrantChangeStatus.PROPOSED, Programme.organisation_id == by.organisation_id
    )


def open_of(session: Session, application_id: int) -> GrantChange:
    """The change that waits, as it is now. Raises NotFound where none does."""
    found = session.scalar(
        select(GrantChange)
        .where(GrantChange.application_id == application_id, GrantChange.status == GrantChangeStatus.PROPOSED)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound(f"no change of grant {application_id} waits")
    return found


def pending(session: Session) -> set[int]:
    """The applications whose grant waits to be approved again."""
    query = select(GrantChange.application_id).where(GrantChange.status == GrantChangeStatus.PROPOSED)
    return set(session.scalars(query))


def claimed(session: Session, application_id: int) -> int:
    """Won that the claims of a grant come to, whatever became of them."""
    mine = Claim.application_id == application_id, Claim.status.in_(COUNTED)
    return int(session.scalar(select(func.coalesce(func.sum(Claim.payable), 0)).where(*mine)) or 0)


def granted(session: Session, application_id: int) -> dict[str, int]:
    """Funding source -> won committed for the application and not released, paid or not."""
    won = case((LedgerEntry.kind == PostingKind.RELEASE, -Posting.amount), else_=Posting.amount)
    rows = session.execute(
        select(BudgetLine.source, func.sum(won))
        .join(Posting, Posting.budget_line_id == BudgetLine.id)
        .join(LedgerEntry, LedgerEntry.id == Posting.entry_id)
        .where(
            LedgerEntry.application_id == application_id,
            LedgerEntry.kind.in_((PostingKind.COMMIT, PostingKind.RELEASE)),
        )
        .group_by(BudgetLine.source)
        .order_by(func.min(BudgetLine.id))
    )
    return {source: int(total) for source, total in rows}


def _seen(session: Session, *where: object) -> Sequence[Seen]:
    rows = session.execute(
        select(GrantChange, Person.name, Merchant.trade_name)
        .join(Application, Application.id == GrantChange.application_id)
        .join(Programme, Programme.id == Application.programme_id)
        .join(Merchant, Merchant.id == Application.merchant_id)
        .join(User, User.id == GrantChange.proposed_by)
        .join(Person, Person.id == User.person_id)
        .where(*where)  # ty: ignore[invalid-argument-type]
        .order_by(GrantChange.id.desc())
    )
    return [Seen(*row) for row in rows]

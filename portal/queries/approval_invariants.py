"""The invariants of who may do what: what the services refuse at the door, looked for in what is stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain import claims
from portal.domain.actors import roles_clashing
from portal.domain.approvals import Matter
from portal.models.accounts import RoleGrant, User
from portal.models.applications import Decision
from portal.models.claims import Claim
from portal.models.payments import PaymentRun
from portal.queries import approvals


def roles_apart(session: Session) -> Iterator[str]:
    """I10: no person holds roles that must stay apart, over all of their accounts."""
    held: dict[int, set[str]] = defaultdict(set)
    rows = session.execute(
        select(User.person_id, RoleGrant.role)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .where(RoleGrant.revoked_at.is_(None))
        .order_by(User.person_id)
    )
    for person_id, role in rows:
        held[person_id].add(role)
    for person_id, roles in held.items():
        for pair in roles_clashing(roles):
            yield f"person {person_id} holds {' and '.join(sorted(pair))}"


def approvals_stand(session: Session) -> Iterator[str]:
    """I10: every grant, claim and run says what it was approved for, and was approved."""
    waiting = (claims.ClaimStatus.DRAWN_UP, claims.ClaimStatus.SUPERSEDED)
    records = (
        (Matter.DECISION, "grant", select(Decision.application_id).where(Decision.outcome == "approve")),
        (Matter.CLAIMS, "claim", select(Claim.id).where(Claim.status.not_in(waiting))),
        (Matter.PAYMENT_RUN, "payment run", select(PaymentRun.id).where(PaymentRun.released_by.is_not(None))),
    )
    for matter, noun, ids in records:
        for record_id in sorted(approvals.stale(session, matter, session.scalars(ids).all())):
            yield f"{noun} {record_id} does not say what was approved"

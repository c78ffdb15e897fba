"""The invariants of who may do what: what the services refuse at the door, looked for in what is stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from portal.domain import claims
from portal.domain.actors import roles_clashing
from portal.domain.approvals import Matter
from portal.models.accounts import RoleGrant, User
from portal.models.applications import Application, Decision
from portal.models.audit import AuditEvent
from portal.models.claims import Claim
from portal.models.declarations import InterestDeclaration
from portal.models.payments import Payment, PaymentRun
from portal.models.recoveries import Recovery
from portal.models.service_passes import ServicePass
from portal.queries import approvals, grant_changes

# Steps that nobody decides on: money came in or went out, a last day passed.
_FOLLOWS: Mapping[str, tuple[str, ...]] = {
    "recovery": ("settle",),
    "service_pass": ("expire",),
    "vendor_invoice": ("pay",),
}


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
    """I10: every grant, claim and run says what it was approved for, or waits to be approved again."""
    waiting = (claims.ClaimStatus.DRAWN_UP, claims.ClaimStatus.SUPERSEDED)
    records = (
        (Matter.DECISION, "grant", select(Decision.application_id).where(Decision.outcome == "approve")),
        (Matter.CLAIMS, "claim", select(Claim.id).where(Claim.status.not_in(waiting))),
        (Matter.PAYMENT_RUN, "payment run", select(PaymentRun.id).where(PaymentRun.released_by.is_not(None))),
    )
    for matter, noun, ids in records:
        again = grant_changes.pending(session) if matter is Matter.DECISION else set()
        for record_id in sorted(approvals.stale(session, matter, session.scalars(ids).all()) - again):
            yield f"{noun} {record_id} does not say what was approved"


def interests_kept_away(session: Session) -> Iterator[str]:
    """I10: whoever declared an interest in a case took no step in it, its claims and payments, its services in kind
    and their invoices, and what is asked back of it, from then on."""
    said = AuditEvent.__table__.alias("said")
    act = AuditEvent.__table__.alias("act")
    with_interest = (
        select(InterestDeclaration.application_id, InterestDeclaration.person_id, said.c.id.label("since"))
        .join(said, (said.c.record_id == InterestDeclaration.id) & (said.c.noun == "interest_declaration"))
        .where(InterestDeclaration.has_interest)
        .subquery("interest")
    )
    ties = {
        "application": select(Application.id, Application.id.label("case")),
        "claim": select(Claim.id, Claim.application_id.label("case")),
        "payment_run": select(Payment.run_id.label("id"), Claim.application_id.label("case"))
        .join(Claim, Claim.id == Payment.claim_id)
        .distinct(),
        "recovery": select(Recovery.id, Recovery.application_id.label("case")),
        "service_pass": select(ServicePass.id, ServicePass.application_id.label("case")),
        "vendor_invoice": union(  # what was taken back stands in its claims alone
            select(ServicePass.invoice_id.label("id"), ServicePass.application_id.label("case")),
            select(Claim.invoice_id.label("id"), Claim.application_id.label("case")),
        ),
    }
    for noun, tie in ties.items():
        tied = tie.subquery("tied")
        rows = session.execute(
            select(act.c.record_id, act.c.action, with_interest.c.application_id)
            .join(tied, (tied.c.id == act.c.record_id) & (act.c.noun == noun))
            .join(with_interest, (with_interest.c.application_id == tied.c.case) & (with_interest.c.since < act.c.id))
            .where(act.c.person_id == with_interest.c.person_id, act.c.target.is_not(None))
            .where(act.c.action.not_in(_FOLLOWS.get(noun, ())))
            .order_by(act.c.id)
        )
        for record_id, action, case in rows:
            yield f"{noun} {record_id}: {action} by a person with an interest in application {case}"

"""Whether this person may approve this amount here, and the record of what was approved, by whom, for what content."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain import claims as claim_rules
from portal.domain.actors import Actor
from portal.domain.approvals import Matter
from portal.domain.errors import Conflict, NotPermitted, Problem
from portal.domain.money import Won
from portal.domain.periods import korean_date
from portal.models.accounts import User
from portal.models.approvals import Approval
from portal.models.claims import Claim
from portal.models.merchants import Merchant
from portal.models.payments import Payment
from portal.queries import approvals
from portal.services import steps


@dataclass(frozen=True, slots=True)
class Mandate:
    """By what right somebody approves: their role alone, or a band (`delegated`: one with a limit, 전결)."""

    band_id: int | None = None
    delegated: bool = False


def permit(session: Session, matter: Matter, won: Won, *, by: Actor, at: datetime) -> Mandate:
    """The right by which `by` approves this amount. Raises NotPermitted that names who may, where another band decides.

    An organisation without bands for the matter leaves it to the role, whatever the amount.
    """
    organisation_id = by.organisation_id or 0
    deciding = approvals.deciding_bands(session, organisation_id, matter, won, korean_date(at))
    if deciding is None:
        return Mandate()
    if not deciding:
        raise NotPermitted("no band covers this amount", [Problem("above_every_band", value=f"{won:,}")])
    officials = approvals.named(deciding, approvals.holders(session, organisation_id, matter))
    mine = [user for user in officials if user.person_id == by.person_id]
    if not mine:
        raise NotPermitted("another band decides", [Problem("not_in_band", value=who(officials) or "–")])
    band = next(band for band in deciding if approvals.named([band], mine))
    return Mandate(band.id, delegated=band.up_to is not None)


def record(
    session: Session, matter: Matter, amounts: Mapping[int, Won], mandate: Mandate, *, by: Actor, at: datetime
) -> None:
    """Writes down what was approved: record id -> won. The records must say by now what they are approved for."""
    session.flush()
    now = approvals.contents(session, matter, amounts)
    session.add_all(
        Approval(
            matter=matter,
            record_id=record_id,
            amount=won,
            content_sha256=now[record_id],
            band_id=mandate.band_id,
            delegated=mandate.delegated,
            signed_by=by.user_id,
            signed_at=at,
        )
        for record_id, won in amounts.items()
    )
    session.flush()


def check_standing(session: Session, payments: Sequence[Payment]) -> None:
    """Whether every payment still pays what was approved, to the account the run was prepared for.

    Raises Conflict that names each payment whose grant, claim or account changed since.
    """
    granted = approvals.stale(session, Matter.DECISION, [payment.claim.application_id for payment in payments])
    claimed = approvals.stale(session, Matter.CLAIMS, [payment.claim_id for payment in payments])
    problems = []
    for payment in payments:
        said = f"{payment.reference[-5:]} {payment.claim.merchant.trade_name}"
        if payment.claim.application_id in granted:
            problems.append(Problem("grant_changed", "run", said))
        if payment.claim_id in claimed:
            problems.append(Problem("approval_lapsed", "run", said))
        if _account(payment) != _account(payment.claim.merchant):
            problems.append(Problem("account_changed_since", "run", said))
    if problems:
        raise Conflict(problems=problems)


def lapse_changed(session: Session, claims: Collection[Claim], *, by: Actor, at: datetime) -> list[Claim]:
    """Claims that say something else than was approved go back to be approved again. Returns those."""
    stale = approvals.stale(session, Matter.CLAIMS, [claim.id for claim in claims])
    changed = [claim for claim in claims if claim.id in stale]
    for claim in changed:
        steps.take(session, claim, claim_rules.LIFECYCLE, "lapse", by=by, at=at)
        claim.approved_at = None
    for approval in approvals.counting(session, Matter.CLAIMS, stale).values():
        approval.withdrawn_at = at
    session.flush()
    return changed


def _account(of: Payment | Merchant) -> tuple[str, str, str]:
    return of.bank_code, of.account_number, of.account_holder


def who(officials: Collection[User]) -> str:
    """Titles and names, for people: `경제활력과장 최민수, 소상공인팀장 정하은`."""
    return ", ".join(f"{user.title} {user.person.name}".strip() for user in officials)

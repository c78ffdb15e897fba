"""Draws up and approves claims of an office, and reads what came of it."""

from __future__ import annotations

from sqlalchemy import select

from portal.domain.claims import ClaimStatus as S
from portal.models.accounts import User
from portal.models.claims import Claim
from portal.queries import claims as look_up
from portal.services import claims
from portal.services.claims import DrawnUp
from tests.factories import AT, actor
from tests.settled import Office


def draw_up(office: Office, period: str, by: User | None = None) -> DrawnUp:
    who = actor(by or office.reviewer)
    return claims.draw_up(office.session, office.stores, office.lines, office.code, period, by=who, at=AT)


def approve(office: Office, period: str) -> int:
    return claims.approve(office.session, office.code, period, by=actor(office.approver), at=AT)


def money(office: Office, *statuses: S) -> list[tuple[str, int, int, int]]:
    """(period, revision, assessed, payable) of the claims in these statuses, or of all that count."""
    wanted = statuses or look_up.COUNTED
    rows = office.session.scalars(select(Claim).where(Claim.status.in_(wanted)).order_by(Claim.period, Claim.id))
    return [(claim.period, claim.revision, claim.assessed, claim.payable) for claim in rows]


def parts(claim: Claim) -> dict[tuple[str, str], int]:
    return {(part.platform, part.item): part.amount for part in claim.parts}


def only_claim(office: Office, **where: object) -> Claim:
    return office.session.scalars(select(Claim).filter_by(**where)).one()

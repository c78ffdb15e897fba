"""An official's absence, during which a stand-in reviews, approves or pays in their place (대결)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.domain.actors import Role

APPROVING = frozenset({Role.REVIEWER, Role.APPROVER, Role.PAYER})  # the roles in which somebody's place can be taken


@dataclass(frozen=True, slots=True)
class EnterAbsence:
    """Who is away from one Korean day to another, both included, why, and which account stands in."""

    account_id: int
    stand_in_id: int
    from_on: date
    to_on: date
    reason: str

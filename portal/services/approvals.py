"""Whether this person may approve this amount here, and the record of what was approved, by whom, for what content."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.approvals import Matter
from portal.domain.errors import NotPermitted, Problem
from portal.domain.money import Won
from portal.domain.periods import korean_date
from portal.models.accounts import User
from portal.models.approvals import Approval
from portal.queries import approvals


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


def withdraw(session: Session, matter: Matter, record_ids: Collection[int], *, at: datetime) -> None:
    """The approvals of these records no longer count; they stay on record."""
    for approval in approvals.counting(session, matter, record_ids).values():
        approval.withdrawn_at = at
    session.flush()


def who(officials: Collection[User]) -> str:
    """Titles and names, for people: `경제활력과장 최민수, 소상공인팀장 정하은`."""
    return ", ".join(f"{user.title} {user.person.name}".strip() for user in officials)

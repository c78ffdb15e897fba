"""Setting the amount bands of an organisation: proposed by its administrator, confirmed by a second person."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.approvals import BAND_LIFECYCLE, BandStatus, ProposeBand
from portal.domain.errors import Incomplete, NotFound, NotPermitted, Problem
from portal.domain.periods import korean_date
from portal.models.approvals import ApprovalBand
from portal.queries import approvals
from portal.services import steps


def propose(session: Session, command: ProposeBand, *, by: Actor, at: datetime) -> ApprovalBand:
    """Asks for a band; it binds once another person confirms it. Raises Incomplete with everything that is wrong."""
    if problems := _problems(session, command, by):
        raise Incomplete(problems=problems)
    band = ApprovalBand(
        organisation_id=by.organisation_id,
        matter=command.matter,
        up_to=command.up_to,
        title=command.title,
        account_id=command.account_id,
        valid_from=command.valid_from,
        valid_to=command.valid_to,
        proposed_by=by.user_id,
        proposed_at=at,
    )
    steps.begin(session, band, BAND_LIFECYCLE, "propose", by=by, at=at)
    return band


def confirm(session: Session, band_id: int, *, by: Actor, at: datetime) -> ApprovalBand:
    """The second person lets a band bind, or end. Raises SamePerson, and NotPermitted for those whom the band names."""
    band = _held(session, band_id, by)
    officials = approvals.holders(session, band.organisation_id, band.matter)
    if by.person_id in {user.person_id for user in approvals.named([band], officials)}:
        raise NotPermitted("nobody confirms their own band", [Problem("own_band")])
    steps.take(session, band, BAND_LIFECYCLE, "confirm", by=by, at=at)
    if band.status == BandStatus.ENDED:
        band.valid_to = max(band.valid_from, korean_date(at))
    return band


def refuse(session: Session, band_id: int, *, by: Actor, at: datetime) -> ApprovalBand:
    """The second person does not agree: the proposal is gone, or the band stays."""
    band = _held(session, band_id, by)
    steps.take(session, band, BAND_LIFECYCLE, "refuse", by=by, at=at)
    return band


def ask_end(session: Session, band_id: int, *, by: Actor, at: datetime) -> ApprovalBand:
    """Asks to take a band away; it binds until another person confirms that."""
    band = _held(session, band_id, by)
    steps.take(session, band, BAND_LIFECYCLE, "ask_end", by=by, at=at)
    return band


def _problems(session: Session, command: ProposeBand, by: Actor) -> list[Problem]:
    problems = []
    if command.up_to is not None and command.up_to <= 0:
        problems.append(Problem("band_zero", "up_to"))
    if command.valid_to is not None and command.valid_to < command.valid_from:
        problems.append(Problem("date_order", "valid_to"))
    held = approvals.holders(session, by.organisation_id or 0, command.matter)
    if bool(command.title) == (command.account_id is not None):
        problems.append(Problem("required", "whose"))
    elif not any(user.id == command.account_id or user.title == (command.title or None) for user in held):
        problems.append(Problem("band_of_nobody", "whose"))
    return problems


def _held(session: Session, band_id: int, by: Actor) -> ApprovalBand:
    """One band of the official's organisation, locked until the transaction ends. Raises NotFound."""
    found = session.scalar(
        select(ApprovalBand)
        .where(ApprovalBand.id == band_id, ApprovalBand.organisation_id == by.organisation_id)
        .with_for_update(of=ApprovalBand, key_share=True)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound(f"approval band {band_id}")
    return found

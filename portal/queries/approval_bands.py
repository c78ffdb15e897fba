"""Looks up the amount bands of an organisation for the page on which they are set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.domain.actors import Actor
from portal.domain.approvals import BAND_LIFECYCLE, COUNTING, Matter
from portal.domain.errors import NotFound
from portal.models.accounts import User
from portal.models.approvals import ApprovalBand
from portal.queries import approvals, audit


@dataclass(frozen=True, slots=True)
class BandRow:
    """A band, whether it binds today, whom it names, who asked for it last, what the person asking may do with it."""

    band: ApprovalBand
    binds: bool
    people: Sequence[User]
    asked_by: str
    actions: Sequence[str]


def rows(session: Session, by: Actor, *, on: date) -> dict[Matter, list[BandRow]]:
    """The organisation's bands by matter, narrow before wide; a matter without any is there with none."""
    found = session.scalars(
        select(ApprovalBand)
        .where(ApprovalBand.organisation_id == by.organisation_id)
        .options(joinedload(ApprovalBand.account))
        .order_by(ApprovalBand.up_to.is_(None), ApprovalBand.up_to, ApprovalBand.id)
    ).all()
    officials = {matter: approvals.holders(session, by.organisation_id or 0, matter) for matter in Matter}
    return {
        matter: [_row(session, band, officials[matter], by, on) for band in found if band.matter == matter]
        for matter in Matter
    }


def people(session: Session, by: Actor) -> tuple[list[str], list[User]]:
    """The titles and the officials that a band may name, whatever the matter."""
    found = {user.id: user for matter in Matter for user in approvals.holders(session, by.organisation_id or 0, matter)}
    return sorted({user.title for user in found.values() if user.title}), list(found.values())


def one(session: Session, band_id: int, by: Actor) -> ApprovalBand:
    """One of the organisation's bands. Raises NotFound."""
    band = session.get(ApprovalBand, band_id)
    if band is None or band.organisation_id != by.organisation_id:
        raise NotFound(f"approval band {band_id}")
    return band


def _row(session: Session, band: ApprovalBand, officials: Sequence[User], by: Actor, on: date) -> BandRow:
    happened = audit.timeline(session, BAND_LIFECYCLE.noun, band.id)
    named = approvals.named([band], officials)
    actions = BAND_LIFECYCLE.actions(band.status, by, audit.done_by(session, BAND_LIFECYCLE.noun, band.id))
    if by.person_id in {user.person_id for user in named} and "confirm" in actions:
        actions.remove("confirm")
    asked = [each.person for each in happened if each.action in ("propose", "ask_end")]
    binds = band.status in COUNTING and band.valid_from <= on and (band.valid_to is None or on <= band.valid_to)
    return BandRow(band, binds, named, asked[-1] if asked else "", actions)

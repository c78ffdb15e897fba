"""Naming the joint representatives of a business, and whose of them signed an application."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.errors import AlreadyDone, Incomplete, InvalidTransition, NotFound, Problem
from portal.domain.periods import korean_date
from portal.domain.representatives import AddRepresentative, identity_of, problems_in
from portal.models.applications import Application
from portal.models.keys import keyring
from portal.models.representatives import ApplicationSignature, Representative
from portal.queries import merchants, proxy_entries, representatives, supplement_parts
from portal.services import eligibility, steps
from portal.services.applications import EDITABLE, locked


def add(session: Session, merchant_id: int, command: AddRepresentative, *, by: Actor, at: datetime) -> Representative:
    """Names one more. Raises NotFound, Incomplete, AlreadyDone for somebody who is named, NotPermitted for a clerk
    whose consent does not change the record.
    """
    proxy_entries.refuse_record(session, by)
    return name(session, merchant_id, command, by=by, at=at)


def name(session: Session, merchant_id: int, command: AddRepresentative, *, by: Actor, at: datetime) -> Representative:
    """The same of what was looked at before."""
    merchant = merchants.owned(session, merchant_id, by)
    known = representatives.of_merchant(session, merchant.id)
    if problems := problems_in(command, korean_date(at), known=len(known)):
        raise Incomplete(problems=problems)
    identity = identity_of(command.name, command.born_on)
    one = Representative(
        merchant_id=merchant.id,
        name=command.name.strip(),
        born_on=command.born_on.isoformat(),
        identity_index=keyring.blind_index(identity, context="representative.identity"),
        added_by=by.user_id,
        added_at=at,
    )
    already = AlreadyDone(problems=[Problem("representative_exists", "name")])
    if any(each.identity_index == one.identity_index for each in known):
        raise already
    session.add(one)
    try:
        session.flush()
    except IntegrityError as lost_the_race:
        raise already from lost_the_race
    _tell(session, merchant_id, "add_representative", one, by=by, at=at)
    return one


def remove(session: Session, merchant_id: int, representative_id: int, *, by: Actor, at: datetime) -> Representative:
    """Takes one off the list; the row and the signatures stay. Raises NotFound."""
    merchants.owned(session, merchant_id, by)
    proxy_entries.refuse_record(session, by)
    one = session.get(Representative, representative_id)
    if one is None or one.merchant_id != merchant_id or one.removed_at is not None:
        raise NotFound(f"representative {representative_id}")
    take_off(session, one, by=by, at=at)
    return one


def take_off(session: Session, one: Representative, *, by: Actor, at: datetime) -> None:
    """The same of whom a second official saw to be written wrong."""
    one.removed_at = at
    session.flush()
    _tell(session, one.merchant_id, "remove_representative", one, by=by, at=at)


def mark_signed(
    session: Session, application_id: int, signed: Collection[int], *, by: Actor, at: datetime
) -> Application:
    """Says anew whose signature stands on the application. Raises NotFound for somebody else's representative,
    InvalidTransition where one is taken back from what was handed in: a supplement asks for more, never for less.
    """
    application = locked(session, application_id, by)
    if application.status not in EDITABLE:
        raise InvalidTransition(f"application: signatures from {application.status}")
    known = {each.id for each in representatives.of_merchant(session, application.merchant_id)}
    if not set(signed) <= known:
        raise NotFound("representative of another business")
    before = representatives.signed(session, application_id)
    opened = supplement_parts.opened(application)
    if opened is not None and not opened.everything and (before & known) - set(signed):
        raise InvalidTransition("not asked for", [Problem("not_asked_for", "signed")])
    session.execute(
        delete(ApplicationSignature).where(
            ApplicationSignature.application_id == application_id,
            ApplicationSignature.representative_id.in_(before - set(signed)),
        )
    )
    session.add_all(
        ApplicationSignature(application_id=application_id, representative_id=each, marked_by=by.user_id, signed_at=at)
        for each in sorted(set(signed) - before)
    )
    session.flush()
    details = {"signed": sorted(signed)}
    steps.write(session, "application", application_id, "mark_signed", by=by, at=at, details=details)
    return application


def _tell(session: Session, merchant_id: int, action: str, one: Representative, *, by: Actor, at: datetime) -> None:
    """Who is named decides whether somebody takes part twice: drafts are looked at anew."""
    steps.write(session, "merchant", merchant_id, action, by=by, at=at, details={"representative": one.id})
    for draft in merchants.drafts(session, merchant_id):
        draft.findings = eligibility.findings(session, draft, at=at)
    session.flush()

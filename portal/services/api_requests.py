"""Doing a request once, however often it is sent: its key is taken, and its answer kept with what it changed."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.domain.errors import Conflict, InFlight, KeyReused
from portal.models.api_requests import ApiRequest

HELD = timedelta(minutes=10)  # longer than the longest delivery is read; then the process that did it is gone


@dataclass(frozen=True, slots=True)
class Claim:
    """A request that is ours to do, or (`answered_with`) the answer it got before."""

    token: str
    answered_with: int | None = None
    answer: Any = None


def claim(session: Session, client_id: int, route: str, key: str, body_sha256: str, *, at: datetime) -> Claim:
    """Takes the key, in a transaction of its own that is committed before the work begins.

    Raises KeyReused for another body, InFlight while another process does the same. One that fell silent loses it.
    """
    ours = ApiRequest(
        api_client_id=client_id,
        route=route,
        key=key,
        body_sha256=body_sha256,
        token=uuid.uuid4().hex,
        held_until=at + HELD,
        asked_at=at,
    )
    try:
        with session.begin_nested():
            session.add(ours)
    except IntegrityError:
        return _known(session, ours, at)
    return Claim(ours.token)


def settle(session: Session, claimed: Claim, status: int, answer: Any, *, at: datetime) -> None:
    """Keeps the answer, in the transaction of the effect. Raises Conflict where the key was lost meanwhile."""
    written = session.execute(
        update(ApiRequest)
        .where(ApiRequest.token == claimed.token, ApiRequest.answered_at.is_(None))
        .values(answered_at=at, answered_with=status, answer=answer)
    )
    if written.rowcount != 1:  # ty: ignore[missing-attribute]
        raise Conflict("another process took this request over")


def release(session: Session, claimed: Claim) -> None:
    """Gives the key back: nothing was done, so the same or a corrected request may use it."""
    unanswered = (ApiRequest.token == claimed.token, ApiRequest.answered_at.is_(None))
    session.execute(delete(ApiRequest).where(*unanswered))


def _known(session: Session, ours: ApiRequest, at: datetime) -> Claim:
    same = (
        ApiRequest.api_client_id == ours.api_client_id,
        ApiRequest.route == ours.route,
        ApiRequest.key == ours.key,
    )
    found = session.scalar(select(ApiRequest).where(*same).with_for_update())
    if found is None:
        raise InFlight("the same request ended this moment")
    if found.body_sha256 != ours.body_sha256:
        raise KeyReused(ours.key)
    if found.answered_with is not None:
        return Claim(found.token, found.answered_with, found.answer)
    if found.held_until > at:
        raise InFlight(ours.key)
    found.token, found.held_until = ours.token, ours.held_until
    session.flush()
    return Claim(ours.token)

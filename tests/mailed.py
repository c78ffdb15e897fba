"""Sends mail about what has happened so far, without a server: one for each thing that can become of it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from portal.domain.messages import Answer, Channel, Verdict
from portal.services import messages
from tests.factories import AT

CODES = {Verdict.TAKEN: 250, Verdict.LATER: 451, Verdict.NEVER: 554, Verdict.NO_SUCH_ADDRESS: 550}


def in_every_way(session: Session) -> None:
    """The first is taken, the others are not; what is left of the outbox waits."""
    messages.spread(session, [Channel.MAIL], "http://localhost", at=AT, most=1000)
    held = messages.take_up(session, [Channel.MAIL], at=AT, most=len(CODES))
    for sending, (verdict, code) in zip(held, CODES.items(), strict=True):
        messages.settle(session, sending, Answer(verdict, code, "RCPT 5.1.1"), at=AT)

"""What an official decides of a service that nobody else does: given after all, or ended, with a reason told to both.

That it was given is for two persons, for money follows; ending it is for one: the merchant's grant is free again.
Neither is possible while the merchant or the platform still has time, and until then the merchant has the word.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.errors import Incomplete
from portal.domain.periods import korean_date
from portal.domain.service_passes import LIFECYCLE, ruling_problems, words_problems
from portal.models.service_passes import ServicePass
from portal.queries import service_pass_waits, service_passes
from portal.services import declarations, steps


def vouch(session: Session, pass_id: int, reason: str, *, by: Actor, at: datetime) -> ServicePass:
    """Says that the service was given, from the platform's proof, for another to agree to.

    Raises NotFound, InvalidTransition, NotPermitted for whoever has an interest in the case or entered it, Incomplete
    without a reason, or before the days of the programme are over.
    """
    found = _due(session, pass_id, reason, by=by, at=at)
    steps.take(session, found, LIFECYCLE, "vouch", by=by, at=at, note=found.ruling)
    return found


def end(session: Session, pass_id: int, reason: str, *, by: Actor, at: datetime) -> ServicePass:
    """Ends it unpaid: the merchant may choose another service. Raises the same."""
    found = _due(session, pass_id, reason, by=by, at=at)
    steps.take(session, found, LIFECYCLE, "end", by=by, at=at, note=found.ruling)
    return found


def uphold(session: Session, pass_id: int, *, by: Actor, at: datetime) -> ServicePass:
    """Agrees that it was given: the platform may invoice it. Raises NotFound, SamePerson for whoever vouched."""
    found = _handled(session, pass_id, by)
    steps.take(session, found, LIFECYCLE, "uphold", by=by, at=at)
    found.confirmed_at = at
    return found


def send_back(session: Session, pass_id: int, reason: str, *, by: Actor, at: datetime) -> ServicePass:
    """Does not agree: it waits again as it did before. Raises NotFound, Incomplete without a reason."""
    found = _handled(session, pass_id, by)
    if problems := words_problems(reason):
        raise Incomplete(problems=problems)
    # It may have been disputed once and reported again since: then it is the merchant's word that is awaited.
    action = "send_back_disputed" if service_pass_waits.vouched_in_dispute(session, found.id) else "send_back"
    steps.take(session, found, LIFECYCLE, action, by=by, at=at, note=reason.strip())
    return found


def _due(session: Session, pass_id: int, reason: str, *, by: Actor, at: datetime) -> ServicePass:
    """The pass with the reason written down. The step comes after: what it refuses is not written."""
    found = _handled(session, pass_id, by)
    LIFECYCLE.check(LIFECYCLE.step(found.status, "vouch"), by, {})
    until = service_pass_waits.until(found) or korean_date(at)
    if problems := ruling_problems(reason, until, on=korean_date(at)):
        raise Incomplete(problems=problems)
    found.ruling = reason.strip()
    return found


def _handled(session: Session, pass_id: int, by: Actor) -> ServicePass:
    found = service_passes.of_organisation(session, pass_id, by, locked=True)
    declarations.keep_own_away(session, [found.application_id], by=by)
    return found

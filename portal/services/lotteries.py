"""The lottery of a selection: announced with a sealed number's hash, drawn once with a public value of a later day."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.errors import AlreadyDone, Conflict, Incomplete, InvalidTransition, Problem
from portal.domain.lotteries import (
    AnnounceDraw,
    announcement_problems,
    commitment,
    draw,
    list_hash,
    new_seed,
    normal_value,
)
from portal.domain.periods import document_date, korean_date
from portal.domain.selections import LIFECYCLE, ORDERED
from portal.models.selections import Selection
from portal.queries import selections
from portal.services import declarations, steps


def announce(session: Session, selection_id: int, command: AnnounceDraw, *, by: Actor, at: datetime) -> Selection:
    """Makes the sealed number, which nobody sees before the draw, and publishes its hash with the list's.

    Raises Incomplete (the day must lie ahead), InvalidTransition the second time or where it is scored, Conflict where
    the candidates are not those that were fixed.
    """
    selection = _lottery(session, selection_id, by)
    LIFECYCLE.step(selection.status, "announce")
    if problems := announcement_problems(command, on=korean_date(at)):
        raise Incomplete(problems=problems)
    if list_hash(selections.numbers(selection)) != selection.list_sha256:
        raise Conflict("not the list that was fixed", [Problem("draw_altered")])
    seed = new_seed(secrets.token_bytes)
    selection.public_source, selection.draws_on = command.public_source.strip(), command.draws_on
    selection.sealed, selection.commitment = seed, commitment(seed, selection.list_sha256)
    steps.take(
        session, selection, LIFECYCLE, "announce", by=by, at=at, details={"commitment": selection.commitment}
    )  # fmt: skip
    return selection


def hold(session: Session, selection_id: int, public_value: str, *, by: Actor, at: datetime) -> Selection:
    """Draws, once: the sealed number is opened and the order follows from it, the list and the public value.

    Raises AlreadyDone the second time, Incomplete before the announced day or without a value, SamePerson for whoever
    announced it, Conflict where something is not what was announced.
    """
    selection = _lottery(session, selection_id, by)
    if selection.status in ORDERED:
        raise AlreadyDone("drawn before", [Problem("lottery_drawn", "public_value")])
    LIFECYCLE.step(selection.status, "draw")
    if selection.sealed is None or selection.commitment is None or selection.draws_on is None:
        raise Conflict("announced without its numbers", [Problem("draw_altered")])
    if korean_date(at) < selection.draws_on:
        raise Incomplete(problems=[Problem("draw_too_early", "public_value", document_date(selection.draws_on))])
    value, seed = normal_value(public_value), selection.sealed
    drawn = draw(selections.numbers(selection), seed, value, announced=selection.commitment)
    of = {each.application.receipt_number: each for each in selection.candidates}
    for each in drawn:
        of[each.number].rank, of[each.number].ticket = each.place, each.ticket
    selection.public_value, selection.seed, selection.sealed = value, seed, None
    selection.ordered_by, selection.ordered_at = by.user_id, at
    steps.take(session, selection, LIFECYCLE, "draw", by=by, at=at, details={"seed": seed, "public_value": value})
    session.flush()
    return selection


def _lottery(session: Session, selection_id: int, by: Actor) -> Selection:
    selection = selections.to_handle(session, selection_id, by)
    if selections.rules_of(selection).scored:
        raise InvalidTransition("it is scored", [Problem("not_a_lottery")])
    declarations.keep_own_away(session, [each.application_id for each in selection.candidates], by=by)
    return selection

"""Choosing among the applications of a call by score: the candidates are fixed, ranked, and chosen down the ranking.

지방보조금법 제8조제2항, 보조금법 제17조제2항. Lock order: budget lines by id, the selection, applications by id.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.errors import AlreadyDone, Conflict, Incomplete, InvalidTransition, NotPermitted, Problem
from portal.domain.lotteries import list_hash
from portal.domain.periods import document_date, fiscal_year, korean_date
from portal.domain.permissions import Permission
from portal.domain.rankings import Outcome, Wanted, choose, rank
from portal.domain.reservations import ReservationStatus
from portal.domain.selections import LIFECYCLE, MAX_OPINION, MIN_OPINION, ConfirmSelection
from portal.models.applications import Application
from portal.models.programmes import Programme
from portal.models.selections import Candidate, Selection
from portal.queries import audit, budget, programmes, selections
from portal.services import declarations, reservations, selection_minutes, steps
from portal.storage.objects import Stores

# What the case's own trail says of it, and by that the inbox of whoever applied.
TOLD = {
    Outcome.SELECTED: "select",
    Outcome.RESERVE: "put_on_reserve",
    Outcome.NOT_SELECTED: "leave_out",
    Outcome.BELOW_MARK: "leave_out",
}


def fix(session: Session, programme_id: int, *, by: Actor, at: datetime) -> Selection:
    """Fixes the candidates for good: all who were reviewed and not recommended for rejection.

    Raises NotFound, NotPermitted, AlreadyDone the second time, Incomplete while one may still apply, while somebody is
    not reviewed, or where nobody is left.
    """
    if not by.may(Permission.APPLICATION_REVIEW):
        raise NotPermitted(Permission.APPLICATION_REVIEW)
    published = selections.programme_of(session, programme_id, by)
    session.execute(select(Programme.id).where(Programme.id == programme_id).with_for_update(key_share=True))
    if selections.of_programme(session, programme_id) is not None:
        raise AlreadyDone("fixed before", [Problem("selection_exists")])
    field = selections.field_of(session, programme_id)
    last = published.announcement.call.apply_to
    if korean_date(at) <= last:
        raise Incomplete(problems=[Problem("call_still_open", value=document_date(last))])
    if field.unreviewed:
        raise Incomplete(problems=[Problem("not_all_reviewed", value=f"{field.unreviewed}")])
    if not field.admitted:
        raise Incomplete(problems=[Problem("no_candidates")])
    rules = published.announcement.selection
    if rules is None:  # programme_of has just looked
        raise Conflict("the programme chooses nobody")
    selection = Selection(
        programme_id=programme_id,
        version_id=published.version.id,
        version=published.version,
        basis=rules.basis,
        list_sha256=list_hash([each.receipt_number or "" for each in field.admitted]),
        fixed_by=by.user_id,
        fixed_at=at,
        public_source="",
        opinion="",
    )
    steps.begin(session, selection, LIFECYCLE, "fix", by=by, at=at)
    selection.candidates = [Candidate(application_id=each.id, application=each, tied=False) for each in field.admitted]
    session.flush()
    return selection


def order(session: Session, selection_id: int, *, by: Actor, at: datetime) -> Selection:
    """Ranks the candidates by their sheets. Raises Incomplete where one has too few or is not reviewed again,
    and what `fix` raises.
    """
    selection = _apart(session, selection_id, by)
    rules = selections.rules_of(selection)
    if not rules.scored:
        raise InvalidTransition("a lottery is drawn", [Problem("not_scored")])
    _refuse_unreviewed(selection)
    staying = {
        each.application_id: each.application.queue_number or 0
        for each in selection.candidates
        if each.application.status is selections.CHOOSABLE
    }
    if not staying:
        raise Incomplete(problems=[Problem("no_candidates")])
    ranking = rank(staying, selections.counting(session, selection_id), rules)
    steps.take(session, selection, LIFECYCLE, "rank", by=by, at=at)
    of = {each.application_id: each for each in selection.candidates}
    for each in ranking:
        candidate = of[each.candidate]
        candidate.rank, candidate.score = each.rank, each.hundredths
        candidate.counted, candidate.tied = each.counted, each.tied
    selection.ordered_by, selection.ordered_at = by.user_id, at
    session.flush()
    return selection


def send_back(session: Session, selection_id: int, note: str, *, by: Actor, at: datetime) -> Selection:
    """Gives a ranking back, so that more sheets can be given; those that were given stay. Raises Incomplete."""
    if not note.strip():
        raise Incomplete(problems=[Problem("required", "note")])
    selection = _apart(session, selection_id, by)
    steps.take(session, selection, LIFECYCLE, "send_back", by=by, at=at, note=note.strip())
    for candidate in selection.candidates:
        candidate.rank = candidate.score = candidate.counted = None
        candidate.tied = False
    selection.ordered_by = selection.ordered_at = None
    session.flush()
    return selection


def outlook(session: Session, selection: Selection, *, at: datetime) -> dict[int, Outcome]:
    """Application id -> what would come of it if the selection were confirmed now."""
    published, rules = programmes.read(selection.version), selections.rules_of(selection)
    announcement = published.announcement
    year = fiscal_year(korean_date(at))
    left = {room.source: room.left for room in budget.room(session, selection.programme_id, year)}
    staying = [each for each in selection.candidates if each.application.status is selections.CHOOSABLE]
    wanted = [
        Wanted(each.application_id, _amount(each.application), each.rank is not None)
        for each in sorted(staying, key=lambda each: (each.rank is None, each.rank or 0, -(each.score or 0)))
    ]
    outcomes = choose(
        wanted, published.terms.funding, left,
        places=rules.places, reserve=rules.reserve, last_place=announcement.call.last_place,
    )  # fmt: skip
    return {each.application_id: outcomes.get(each.application_id, Outcome.LEFT) for each in selection.candidates}


def confirm(
    session: Session, stores: Stores, selection_id: int, command: ConfirmSelection, *, by: Actor, at: datetime
) -> Selection:
    """Chooses down the ranking while there are places and money; those behind stand in reserve. With its minutes.

    What is chosen has its money kept, what stands in reserve waits for it by rank. Raises SamePerson for whoever fixed,
    scored, ranked or announced; Incomplete without the committee's words, or while a candidate is not reviewed again.
    """
    year = fiscal_year(korean_date(at))
    seen = selections.of_organisation(session, selection_id, by)
    budget.locked(session, seen.programme_id, year)
    selection = _apart(session, selection_id, by)
    _hold_applications(session, selection)
    # before anything is written; the step itself comes with the minutes it needs
    LIFECYCLE.check(LIFECYCLE.step(selection.status, "confirm"), by, audit.done_by(session, "selection", selection.id))
    if problems := _opinion_problems(command.opinion):
        raise Incomplete(problems=problems)
    _refuse_unreviewed(selection)
    outcomes = outlook(session, selection, at=at)
    for candidate in selection.candidates:
        candidate.outcome = outcomes[candidate.application_id]
    selection.opinion, selection.confirmed_by, selection.confirmed_at = command.opinion.strip(), by.user_id, at
    selection.minutes_sha256 = selection_minutes.keep(session, stores, selection, by=by, at=at)
    steps.take(session, selection, LIFECYCLE, "confirm", by=by, at=at, note=selection.opinion)
    _stand_in_line(session, selection, by=by, at=at)
    for application_id, outcome in outcomes.items():
        if outcome in TOLD:
            steps.write(session, "application", application_id, TOLD[outcome], by=by, at=at)
    return selection


def _stand_in_line(session: Session, selection: Selection, *, by: Actor, at: datetime) -> None:
    """Who is selected has the money kept, who is in reserve waits; whoever waited since an objection and was not chosen
    leaves the line. Raises Conflict where the ledger serves others than were selected.
    """
    by_rank = sorted(selection.candidates, key=lambda each: each.rank or 0)
    chosen = [each for each in by_rank if each.outcome in (Outcome.SELECTED, Outcome.RESERVE)]
    for each in selection.candidates:
        if each not in chosen:
            reservations.leave(session, each.application_id, by=by, at=at)
    places = [(each.rank or 0, each.application, _amount(each.application)) for each in chosen]
    entered = reservations.enter_ranked(session, places, by=by, at=at)
    served = {each.application_id for each in entered if each.status is ReservationStatus.RESERVED}
    if served != {each.application_id for each in chosen if each.outcome is Outcome.SELECTED}:
        raise Conflict("the budget changed while it was chosen")


def _apart(session: Session, selection_id: int, by: Actor) -> Selection:
    """The selection, held; nobody whose own case is among its cases, or with an interest in one, moves it on."""
    selection = selections.to_handle(session, selection_id, by)
    declarations.keep_own_away(session, [each.application_id for each in selection.candidates], by=by)
    return selection


def _hold_applications(session: Session, selection: Selection) -> None:
    """As they are now: nobody is chosen who withdraws at the same moment."""
    mine = [each.application_id for each in selection.candidates]
    session.scalars(
        select(Application)
        .where(Application.id.in_(mine))
        .order_by(Application.id)
        .with_for_update(of=Application, key_share=True)
        .execution_options(populate_existing=True)
    ).all()


def _refuse_unreviewed(selection: Selection) -> None:
    """Raises Incomplete while a candidate answers a request or waits for a decision: it would lose its place for good,
    though it may be a candidate again tomorrow.
    """
    waiting = sum(each.application.status in selections.UNREVIEWED for each in selection.candidates)
    if waiting:
        raise Incomplete(problems=[Problem("not_all_reviewed", value=f"{waiting}")])


def _amount(application: Application) -> int:
    """What it would be granted under its own version."""
    return programmes.read(application.version).announcement.grant.amount_for(application.requested_amount or 0)


def _opinion_problems(opinion: str) -> list[Problem]:
    length = len(opinion.strip())
    if length < MIN_OPINION:
        return [Problem("reasons_too_short", "opinion")]
    return [Problem("too_long", "opinion")] if length > MAX_OPINION else []

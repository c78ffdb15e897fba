"""Applying for support: starting a draft, saving it as it grows, handing it in, taking it back."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.domain import identifiers, tracks
from portal.domain.actors import Actor
from portal.domain.announcements import Announcement, Call
from portal.domain.applications import LIFECYCLE, ApplicationDraft, ApplicationStatus, Consent
from portal.domain.errors import AlreadyDone, Incomplete, InvalidTransition, NotEligible, NotPermitted, Problem
from portal.domain.periods import document_date, fiscal_year, korean_date
from portal.domain.tracks import Track
from portal.models.applications import Application, ConsentGiven
from portal.models.merchants import Merchant
from portal.models.programmes import Programme
from portal.queries import (
    applications,
    budget,
    consents,
    merchants,
    programmes,
    proxy_entries,
    representatives,
    rosters,
)
from portal.queries.programmes import Published
from portal.services import answers, clocks, eligibility, matches, reservations, reuse, steps, supplement_parts

S = ApplicationStatus
EDITABLE = (S.DRAFT, S.SUPPLEMENT_REQUESTED)
LONGEST_PLAN = 2_000
LONGEST_PHONE = 40


def start(session: Session, code: str, merchant_id: int, *, by: Actor, at: datetime) -> Application:
    """Opens a draft for one's own business place, with the conditions tested at once.

    Raises NotFound, NotEligible outside the days of the call, AlreadyDone where one application lives already,
    NotPermitted for whoever acts by a consent, a clerk or an association, in a programme that it is not for.
    """
    published = programmes.in_force(session, code, korean_date(at))
    merchant = merchants.owned(session, merchant_id, by)
    if by.is_association and not rosters.consents(session, published.programme.id, merchant, by):
        raise NotPermitted("an association applies for what its member consented to", [Problem("nobody_consents")])
    consents.refuse_other_programme(session, published.programme.id, published.programme.name, by)
    _refuse_closed(published.announcement.call, korean_date(at))
    if applications.living(session, published.programme.id, merchant_id) is not None:
        raise _already_there()
    application = Application(
        programme_id=published.programme.id,
        version_id=published.version.id,
        merchant_id=merchant_id,
        version=published.version,
        merchant=merchant,
        contact_phone=merchant.phone if proxy_entries.sees_record(session, by) else "",
        mandate_id=by.acts_for.mandate_id if by.acts_for else None,
        created_at=at,
        changed_at=at,
    )
    if published.announcement.grant.kind == "fixed":
        application.requested_amount = published.announcement.grant.amount
    try:
        steps.begin(session, application, LIFECYCLE, "start", by=by, at=at)
    except IntegrityError as lost_the_race:
        raise _already_there() from lost_the_race
    # What its member handed in before is none of an association's affair.
    if not by.is_association and proxy_entries.may_be_taken_over(session, application.mandate_id):
        reuse.take_over(session, application, only=consents.programmes_open_to(session, by), at=at)
    application.findings = eligibility.findings(session, application, at=at)
    session.flush()
    return application


def save_draft(
    session: Session, application_id: int, command: ApplicationDraft, *, by: Actor, at: datetime
) -> Application:
    """Keeps what was entered so far, however little; of a supplement, only what was asked for.

    Raises InvalidTransition once it is handed in, Incomplete.
    """
    application = locked(session, application_id, by)
    _refuse_unless_editable(application)
    command = supplement_parts.allow(application, command)
    announcement = _terms_of_the_day(session, application, korean_date(at))
    _refuse_too_long(command)
    _refuse_track(command, announcement, by)
    answers.keep(application, announcement, command, on=korean_date(at))
    told = answers.tells_plan(application, announcement)
    plan = command.plan if told else ""
    phone = identifiers.normalise_phone(command.contact_phone) or command.contact_phone
    reuse.forget_changed(session, application, plan=plan, phone=phone)
    application.plan, application.contact_phone = plan, phone
    application.total_cost = command.total_cost if told else None
    fixed = not told or announcement.grant.kind == "fixed"
    application.requested_amount = announcement.grant.amount if fixed else command.requested_amount
    _set_consents(application, command.consents, at=at)
    application.findings = eligibility.findings(session, application, at=at)
    application.changed_at = at
    session.flush()
    return application


def submit_short(
    session: Session, application_id: int, command: ApplicationDraft, *, by: Actor, at: datetime
) -> Application:
    """Fills in and hands in at once, by a track that asks for nothing else. Raises as `save_draft` and `submit` do."""
    save_draft(session, application_id, command, by=by, at=at)
    return submit(session, application_id, by=by, at=at)


def submit(session: Session, application_id: int, *, by: Actor, at: datetime) -> Application:
    """Hands the application in: a receipt number, a place in the queue, and the day by which the office answers.

    Where the programme commits at acceptance the grant is kept for it now, or it waits. Lock order: budget lines,
    application, programme, place, stores. Raises InvalidTransition the second time, NotEligible (a condition is not
    met, or the call is closed), and Incomplete with one problem for each thing still missing.
    """
    seen = applications.owned(session, application_id, by)
    if programmes.in_force(session, seen.version.programme.code, korean_date(at)).announcement.call.first_come:
        budget.locked(session, seen.programme_id, fiscal_year(korean_date(at)))
    application = locked(session, application_id, by)
    LIFECYCLE.step(application.status, "submit")
    announcement = _terms_of_the_day(session, application, korean_date(at))
    _refuse_closed(announcement.call, korean_date(at))
    answers.refuse_closed(application, announcement, on=korean_date(at))
    # One at a time per programme: neither a queue number nor the owner's one place can be taken twice.
    _lock_programme(session, application.programme_id)
    if any(criterion.kind == "exclusive" for criterion in announcement.eligibility):
        _lock_place(session, application.merchant_id)  # nor a place in two programmes that exclude each other
    matches.of_application(session, application, by=by, at=at)
    application.findings = found = eligibility.findings(session, application, at=at)
    eligibility.refuse_failed(found)
    refuse_incomplete(application)
    refuse_unsigned(session, application)
    if by.acts_for is not None:
        application.mandate_id = by.acts_for.mandate_id
    steps.take(session, application, LIFECYCLE, "submit", by=by, at=at)
    application.receipt_number = identifiers.new_receipt_number(
        announcement.call.receipt_prefix, korean_date(at), secrets.token_bytes
    )
    application.queue_number = applications.last_queue_number(session, application.programme_id) + 1
    application.submitted_at = application.changed_at = at
    application.due_on = clocks.count(application, clocks.observed(session, application))
    session.flush()
    if announcement.call.first_come:
        amount = announcement.grant.amount_for(application.requested_amount or 0)
        reservations.enter(session, application, amount, by=by, at=at)
    return application


def hold_programme(session: Session, published: Published, *, at: datetime) -> None:
    """Everything that handing in to a programme waits for, before any of several is handed in: whoever took one
    business first and the programme then would wait for another who did it the other way round."""
    if published.announcement.call.first_come:
        budget.locked(session, published.programme.id, fiscal_year(korean_date(at)))
    _lock_programme(session, published.programme.id)


def withdraw(session: Session, application_id: int, *, note: str = "", by: Actor, at: datetime) -> Application:
    """Takes the application back, and gives what was kept for it to the next. Raises InvalidTransition once decided."""
    reservations.hold(session, application_id, at=at)
    application = locked(session, application_id, by)
    steps.take(session, application, LIFECYCLE, "withdraw", by=by, at=at, note=note.strip()[:LONGEST_PLAN])
    application.changed_at = at
    session.flush()
    reservations.release(session, application, "withdrawal", by=by, at=at)
    return application


def locked(session: Session, application_id: int, by: Actor) -> Application:
    """One's own application, as it is now, held until the transaction ends. Raises NotFound."""
    applications.owned(session, application_id, by)
    return session.scalars(
        select(Application)
        .where(Application.id == application_id)
        .with_for_update(of=Application, key_share=True)
        .execution_options(populate_existing=True)
    ).one()


def shortest_way(application: Application, *, on: date) -> Track | None:
    """The track by which a draft can be handed in on one page: it asks for nothing, not even a paper. None where there
    is none, or the application was handed in."""
    papers = programmes.read(application.version).announcement.papers
    ways = (way for way in open_ways(application, on=on) if way.short)
    return next((way for way in ways if not any(paper.required for paper in papers(way.code))), None)


def open_ways(application: Application, *, on: date) -> tuple[Track, ...]:
    """The tracks by which a merchant's draft can be handed in on a day; none where the programme has no tracks."""
    if application.status != S.DRAFT:
        return ()
    offered = tracks.of_merchants(programmes.read(application.version).announcement.tracks)
    return tuple(track for track in offered if track.is_open(on))


def missing(application: Application) -> list[Problem]:
    """What still stands between the draft and its being handed in; fields as on the pages where they are filled in."""
    announcement = programmes.read(application.version).announcement
    wrong = answers.missing(application, announcement)
    if answers.tells_plan(application, announcement):
        wrong += [] if application.plan.strip() else [Problem("required", "plan")]
        wrong += _wrong_amounts(application, announcement)
    if not identifiers.is_phone(application.contact_phone):
        wrong.append(Problem("phone_invalid" if application.contact_phone else "required", "contact_phone"))
    given = {row.code for row in application.consents}
    wrong += [Problem("consent_required", f"consent_{consent}") for consent in Consent if consent not in given]
    wrong += [
        Problem("document_missing", f"file-{slot.requirement.code}", slot.requirement.name)
        for slot in applications.slots(application, application.documents)
        if slot.requirement.required and not slot.files
    ]
    return wrong


def refuse_incomplete(application: Application) -> None:
    """Raises Incomplete with everything that `missing` finds."""
    if wrong := missing(application):
        raise Incomplete(problems=wrong)


def refuse_unsigned(session: Session, application: Application) -> None:
    """Raises Incomplete where there are joint representatives and the signature of none is on record."""
    if wrong := unsigned(session, application):
        raise Incomplete(problems=wrong)


def unsigned(session: Session, application: Application) -> list[Problem]:
    """What is missing of the signatures of joint representatives."""
    joint = representatives.with_signatures(session, application.id, application.merchant_id)
    nobody = len(joint) > 1 and not any(signed for _one, signed in joint)
    return [Problem("signature_missing", "signatures")] if nobody else []


def _wrong_amounts(application: Application, announcement: Announcement) -> list[Problem]:
    total, requested, grant = application.total_cost, application.requested_amount, announcement.grant
    wrong = [Problem("required", name) for name in ("total_cost", "requested_amount") if not getattr(application, name)]
    if requested and requested > grant.amount:
        wrong.append(Problem("requested_over_limit", "requested_amount", f"{grant.amount:,}"))
    if requested and total and requested > total:
        wrong.append(Problem("requested_over_total", "requested_amount"))
    return wrong


def _terms_of_the_day(session: Session, application: Application, on: date) -> Announcement:
    """A draft follows the programme to the version of the day; what was handed in stays under its version."""
    if application.status == S.DRAFT:
        newest = programmes.in_force(session, application.version.programme.code, on).version
        application.version_id, application.version = newest.id, newest
    return programmes.read(application.version).announcement


def _set_consents(application: Application, given: Collection[Consent], *, at: datetime) -> None:
    """Keeps the moment of a consent that was given before; one taken back goes."""
    before = {row.code: row for row in application.consents}
    application.consents = [
        before.get(code) or ConsentGiven(code=code, given_at=at) for code in Consent if code in given
    ]


def _refuse_unless_editable(application: Application) -> None:
    if application.status not in EDITABLE:
        raise InvalidTransition(f"application: save from {application.status}")


def _refuse_too_long(command: ApplicationDraft) -> None:
    lengths = {"plan": (command.plan, LONGEST_PLAN), "contact_phone": (command.contact_phone, LONGEST_PHONE)}
    if wrong := [Problem("too_long", name) for name, (text, longest) in lengths.items() if len(text) > longest]:
        raise Incomplete(problems=wrong)


def _refuse_track(command: ApplicationDraft, announcement: Announcement, by: Actor) -> None:
    """An association applies by its own track, where members' consents are on record, and nobody else does."""
    if (track := tracks.chosen(announcement.tracks, command.track or "")) and track.association != by.is_association:
        raise Incomplete(problems=[Problem("track_of_association", "track", track.name)])


def _refuse_closed(call: Call, on: date) -> None:
    if not call.is_open(on):
        days = f"{document_date(call.apply_from)} ~ {document_date(call.apply_to)}"
        raise NotEligible(problems=[Problem("call_not_open", value=days)])


def _already_there() -> AlreadyDone:
    return AlreadyDone(problems=[Problem("application_exists", "merchant")])


def _lock_programme(session: Session, programme_id: int) -> None:
    session.execute(select(Programme.id).where(Programme.id == programme_id).with_for_update(key_share=True))


def _lock_place(session: Session, merchant_id: int) -> None:
    session.execute(select(Merchant.id).where(Merchant.id == merchant_id).with_for_update(key_share=True))

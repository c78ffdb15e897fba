"""Objections (이의신청): raised by a merchant in time, handled by officials who took no part in what is objected to.

민원처리법 제35조, 보조금법 제37조, 지방보조금법 제36조의2. Lock order: budget lines, the application or the recovery
with its claims, the objection; a letter's number comes last.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import data
from portal.domain import identifiers
from portal.domain.actors import Actor
from portal.domain.approvals import Matter
from portal.domain.errors import AlreadyDone, Incomplete, InvalidTransition, Problem
from portal.domain.lifecycle import OBJECTED_TO
from portal.domain.objections import (
    LIFECYCLE,
    PREFIX,
    DraftAnswer,
    FileObjection,
    Outcome,
    extended_due_on,
    problems_in,
    reply_due_on,
    reply_rule,
    text_problems,
)
from portal.domain.periods import document_date, korean_date
from portal.models.objections import Objection
from portal.queries import objections
from portal.services import absences, approvals, declarations, objection_consequences, objection_letters, steps
from portal.storage.objects import Stores


def file(session: Session, stores: Stores, command: FileObjection, *, by: Actor, at: datetime) -> Objection:
    """Raises an objection to the decision that a letter told of.

    Raises NotFound for another's letter, Incomplete where the letter decided nothing that stands, or the time is over
    (a problem names the last day), AlreadyDone where it was raised before.
    """
    law = data.law_of_objections()
    ground = objections.ground_of(session, command.letter_id, by, law)
    if ground is None:
        raise Incomplete(problems=[Problem("not_objectionable")])
    on = korean_date(at)
    if not ground.window.is_open(on):
        raise Incomplete(problems=[Problem("objection_too_late", value=document_date(ground.window.until))])
    if problems := _problems_of(command):
        raise Incomplete(problems=problems)
    act = ground.window.act
    due_on = reply_due_on(on, act, law)
    objection = Objection(
        organisation_id=ground.letter.organisation_id,
        merchant_id=ground.letter.merchant_id,
        application_id=ground.application.id,
        recovery_id=ground.recovery.id if ground.recovery else None,
        letter_id=ground.letter.id,
        number=identifiers.new_receipt_number(PREFIX, on, secrets.token_bytes),
        against=ground.against,
        at_stake=ground.at_stake,
        act=act,
        appeal_article=ground.window.rule.article,
        appeal_until=ground.window.until,
        purport=command.purport.strip(),
        reasons=command.reasons.strip(),
        phone=identifiers.normalise_phone(command.phone) or command.phone,
        filed_by=by.user_id,
        filed_at=at,
        reply_article=reply_rule(act, on, law).article,
        first_due_on=due_on,
        due_on=due_on,
        extension_reason="",
        answer="",
    )
    already = AlreadyDone(problems=[Problem("objection_exists")])
    if objections.of_letter(session, ground.letter.id) is not None:
        raise already
    if command.content:
        objection.document_sha256 = stores.evidence.put(command.content).sha256
        objection.document_name, objection.document_type = command.filename[:200], command.media_type
    try:
        steps.begin(session, objection, LIFECYCLE, "file", by=by, at=at)
    except IntegrityError as lost_the_race:
        raise already from lost_the_race
    return objection


def withdraw(session: Session, objection_id: int, *, by: Actor, at: datetime, note: str = "") -> Objection:
    """취하, until it is decided."""
    objection = objections.to_withdraw(session, objection_id, by)
    steps.take(session, objection, LIFECYCLE, "withdraw", by=by, at=at, note=note.strip())
    return objection


def take_up(session: Session, objection_id: int, *, by: Actor, at: datetime) -> Objection:
    """An official takes the case up. Raises SamePerson for whoever took part in what is objected to."""
    objection = _to_handle(session, objection_id, "take_up", by)
    absences.acting(session, None, by=by, at=at)
    steps.take(session, objection, LIFECYCLE, "take_up", by=by, at=at)
    objection.handler_id = by.user_id
    return objection


def extend(session: Session, stores: Stores, objection_id: int, reason: str, *, by: Actor, at: datetime) -> Objection:
    """More time, once, before the first period is over, told by letter with the reason (민원처리법 제35조제2항).

    Raises AlreadyDone the second time, Incomplete once it is too late.
    """
    objection = _to_handle(session, objection_id, "extend", by)
    if objection.extended_at is not None:
        raise AlreadyDone(problems=[Problem("objection_extended", "reason")])
    on = korean_date(at)
    if on > objection.due_on:
        raise Incomplete(problems=[Problem("objection_overdue", "reason", document_date(objection.due_on))])
    if problems := text_problems(reason, "reason"):
        raise Incomplete(problems=problems)
    steps.take(session, objection, LIFECYCLE, "extend", by=by, at=at, note=reason.strip())
    objection.due_on = extended_due_on(objection.due_on, objection.act, on, data.law_of_objections())
    objection.extended_at, objection.extension_reason = at, reason.strip()
    objection.extension_letter_id = objection_letters.issue_extension(session, stores, objection, by=by, at=at).id
    session.flush()
    return objection


def draft(session: Session, objection_id: int, command: DraftAnswer, *, by: Actor, at: datetime) -> Objection:
    """Puts an answer before the decider, in place of one that was sent back. Raises Incomplete."""
    objection = _to_handle(session, objection_id, "draft", by)
    least, most = objection_consequences.bounds(session, objection)
    if problems := problems_in(command, objection.against, least=least, most=most):
        raise Incomplete(problems=problems)
    absent = absences.acting(session, objection.handler_id, by=by, at=at)
    details = {"outcome": command.outcome.value} | ({"stands_for": absent} if absent is not None else {})
    steps.take(session, objection, LIFECYCLE, "draft", by=by, at=at, note=command.answer.strip(), details=details)
    objection.outcome, objection.answer = command.outcome, command.answer.strip()
    objection.amount = command.amount if command.outcome is Outcome.GRANT_PARTLY else None
    objection.drafted_by, objection.drafted_at = by.user_id, at
    return objection


def send_back(session: Session, objection_id: int, note: str, *, by: Actor, at: datetime) -> Objection:
    """The decider gives the draft back, saying why."""
    if not note.strip():
        raise Incomplete(problems=[Problem("required", "note")])
    objection = _to_handle(session, objection_id, "send_back", by)
    steps.take(session, objection, LIFECYCLE, "send_back", by=by, at=at, note=note.strip())
    return objection


def decide(
    session: Session, stores: Stores, objection_id: int, *, by: Actor, at: datetime, note: str = ""
) -> Objection:
    """What was drafted is decided: its consequences are posted and the result letter goes out; all or nothing.

    Raises SamePerson, NotPermitted (also where the amount is another's band), Conflict where the consequence cannot be
    posted, BudgetExhausted never: who finds no money waits for it.
    """
    seen = objections.of_organisation(session, objection_id, by)
    objection_consequences.hold(session, seen, by=by, at=at)
    objection = objections.to_handle(session, objection_id, by)
    if objection.outcome is None:
        raise InvalidTransition(f"objection {objection_id} was not drafted")
    action = objection.outcome.value
    _check(session, objection, action, by)
    mandate = approvals.permit(session, Matter.OBJECTION, objection.at_stake, by=by, at=at)
    objection.decided_by, objection.decided_at = by.user_id, at
    steps.take(session, objection, LIFECYCLE, action, by=by, at=at, note=note.strip())
    objection_consequences.post(session, stores, objection, by=by, at=at)
    approvals.record(session, Matter.OBJECTION, {objection.id: objection.at_stake}, mandate, by=by, at=at)
    objection.result_letter_id = objection_letters.issue_result(session, stores, objection, by=by, at=at).id
    session.flush()
    return objection


def _to_handle(session: Session, objection_id: int, action: str, by: Actor) -> Objection:
    objection = objections.to_handle(session, objection_id, by)
    _check(session, objection, action, by)
    return objection


def _check(session: Session, objection: Objection, action: str, by: Actor) -> None:
    """Nobody who took part in the decision objected to, by person, nor has or has not declared an interest."""
    took_part = {OBJECTED_TO: objections.persons_objected_to(session, objection)}
    LIFECYCLE.check(LIFECYCLE.step(objection.status, action), by, took_part)
    declarations.check(session, objection.application_id, by=by)


def _problems_of(command: FileObjection) -> list[Problem]:
    problems = text_problems(command.purport, "purport") + text_problems(command.reasons, "reasons")
    if not identifiers.is_phone(command.phone):
        problems.append(Problem("phone_invalid" if command.phone else "required", "phone"))
    return problems

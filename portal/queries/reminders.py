"""Finds what is to be reminded of on a day: supplements, calls, opinions, repayments, services, officials' cases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.applications import ApplicationStatus
from portal.domain.notifications import Kind
from portal.domain.recoveries import RecoveryStatus
from portal.models.accounts import RoleGrant, User
from portal.models.applications import Application, Supplement
from portal.models.merchants import Merchant
from portal.models.programmes import Programme
from portal.models.recoveries import Recovery, RecoveryInstalment
from portal.queries import programmes, service_pass_waits
from portal.queries.work_queue import WAITING

DAYS_AHEAD = (3, 1)


@dataclass(frozen=True, slots=True)
class Reminder:
    """Whom to remind of what; `about` is what the line says beside its kind, for CASES_DUE how many cases.

    `merchant_id`, `application_id`: whose stand-ins are reminded too.
    """

    kind: Kind
    account_id: int
    organisation_id: int
    record_id: int
    about: str
    due_on: date | None = None
    merchant_id: int | None = None
    application_id: int | None = None


def due(session: Session, on: date, *, officials_upto: date | None) -> Iterator[Reminder]:
    """Everything to be reminded of on a Korean day; officials of what is due by that day, on working days."""
    days = [on + timedelta(days=ahead) for ahead in DAYS_AHEAD]
    yield from _supplements(session, days)
    yield from _drafts(session, days)
    yield from _opinions(session, days)
    yield from _orders(session, days)
    yield from _instalments(session, days)
    yield from _services(session, days)
    if officials_upto is not None:
        yield from _cases(session, officials_upto)


def _supplements(session: Session, days: list[date]) -> Iterator[Reminder]:
    query = (
        select(Application, Supplement.due_on)
        .join(Supplement, Supplement.application_id == Application.id)
        .where(Application.status == ApplicationStatus.SUPPLEMENT_REQUESTED)
        .where(Supplement.answered_at.is_(None), Supplement.due_on.in_(days))
    )
    for application, due_on in session.execute(query.order_by(Application.id)):
        yield _of_application(Kind.SUPPLEMENT_DUE, application, due_on)


def _drafts(session: Session, days: list[date]) -> Iterator[Reminder]:
    closing = {
        found.programme.id: found.announcement.call.apply_to
        for found in programmes.published(session)
        if found.announcement.call.apply_to in days
    }
    query = select(Application).where(Application.status == ApplicationStatus.DRAFT)
    for draft in session.scalars(query.where(Application.programme_id.in_(closing)).order_by(Application.id)):
        yield _of_application(Kind.CALL_CLOSES, draft, closing[draft.programme_id])


def _opinions(session: Session, days: list[date]) -> Iterator[Reminder]:
    query = select(Recovery).where(Recovery.status == RecoveryStatus.NOTICED, Recovery.opinion_due_on.in_(days))
    for recovery in session.scalars(query.order_by(Recovery.id)):
        yield _of_recovery(Kind.OPINION_DUE, recovery, recovery.opinion_due_on)


def _orders(session: Session, days: list[date]) -> Iterator[Reminder]:
    query = select(Recovery).where(Recovery.status == RecoveryStatus.ORDERED, Recovery.due_on.in_(days))
    query = query.where(Recovery.invoice_id.is_(None))  # else a firm owes it
    for recovery in session.scalars(query.order_by(Recovery.id)):
        yield _of_recovery(Kind.REPAYMENT_DUE, recovery, recovery.due_on)


def _instalments(session: Session, days: list[date]) -> Iterator[Reminder]:
    """Those that what has come in so far does not cover."""
    query = (
        select(Recovery)
        .join(RecoveryInstalment, RecoveryInstalment.recovery_id == Recovery.id)
        .where(Recovery.status == RecoveryStatus.IN_INSTALMENTS, RecoveryInstalment.due_on.in_(days))
        .distinct()
    )
    for recovery in session.scalars(query.order_by(Recovery.id)):
        received = sum(receipt.amount for receipt in recovery.receipts)
        upto = accumulate(instalment.amount for instalment in recovery.instalments)
        for instalment, asked in zip(recovery.instalments, upto, strict=True):
            if instalment.due_on in days and received < asked:
                yield _of_recovery(Kind.REPAYMENT_DUE, recovery, instalment.due_on)


def _services(session: Session, days: list[date]) -> Iterator[Reminder]:
    """Services that a platform says it gave and that the merchant has not confirmed."""
    for found, until in service_pass_waits.unanswered(session, days):
        owner, office = found.application.merchant.owner_id, found.offer.proposal.organisation_id
        about = f"{found.offer.name} · {found.offer.proposal.firm}"
        yield Reminder(Kind.SERVICE_DUE, owner, office, found.id, about, until)


def _cases(session: Session, upto: date) -> Iterator[Reminder]:
    """One line for each reviewer with cases that are late or soon due: their own, and those that nobody took up."""
    query = (
        select(User.id, Programme.organisation_id, func.count(Application.id), func.min(Application.due_on))
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .join(Programme, Programme.organisation_id == User.organisation_id)
        .join(Application, Application.programme_id == Programme.id)
        .where(User.active, RoleGrant.role == Role.REVIEWER, RoleGrant.revoked_at.is_(None))
        .where(Application.status.in_(WAITING), Application.due_on <= upto)
        .where(or_(Application.reviewer_id == User.id, Application.reviewer_id.is_(None)))
        .group_by(User.id, Programme.organisation_id)
        .order_by(User.id)
    )
    for account_id, organisation_id, count, earliest in session.execute(query):
        yield Reminder(Kind.CASES_DUE, account_id, organisation_id, 0, str(count), earliest)


def _of_application(kind: Kind, application: Application, due_on: date | None) -> Reminder:
    programme, merchant = application.version.programme, application.merchant
    about = f"{merchant.trade_name} · {programme.name}"
    whose = merchant.owner_id, programme.organisation_id, application.id
    return Reminder(kind, *whose, about, due_on, merchant.id, application.id)


def _of_recovery(kind: Kind, recovery: Recovery, due_on: date | None) -> Reminder:
    merchant: Merchant = recovery.merchant
    about = f"{merchant.trade_name} · {recovery.period}"
    whose = merchant.owner_id, recovery.organisation_id, recovery.id
    return Reminder(kind, *whose, about, due_on, merchant.id, recovery.application_id)

"""Gathers what the rules of signals look at: some businesses of an office, in a fixed number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.applications import ApplicationStatus
from portal.domain.payments import OUT, PaymentStatus
from portal.domain.periods import korean_date, month_of
from portal.domain.signal_facts import Business, Enrolled, Part, Paying
from portal.models.account_changes import AccountChange
from portal.models.accounts import Organisation, User
from portal.models.applications import Application
from portal.models.claims import Claim, ClaimPart
from portal.models.merchants import Merchant
from portal.models.payments import Payment, PaymentRun
from portal.models.programmes import Programme, ProgrammeVersion
from portal.queries import programmes, signal_neighbours
from portal.queries.claims import COUNTED

_OVER = (ApplicationStatus.WITHDRAWN, ApplicationStatus.REJECTED, ApplicationStatus.RETURNED)
_NOT_PAID = (*OUT, PaymentStatus.VOIDED)


def applicants(session: Session, organisation_id: int) -> Sequence[int]:
    """The ids of the businesses that applied at an organisation, whatever became of it."""
    return session.scalars(
        select(Merchant.id)
        .where(
            Merchant.id.in_(
                select(Application.merchant_id)
                .join(Programme, Programme.id == Application.programme_id)
                .where(Programme.organisation_id == organisation_id, Application.submitted_at.is_not(None))
            )
        )
        .order_by(Merchant.id)
    ).all()


def businesses(session: Session, organisation_id: int, ids: Collection[int], *, since: datetime) -> list[Business]:
    """What the organisation may know of these businesses; what was paid or changed before `since` is left out."""
    query = select(Merchant, User.person_id).join(User, User.id == Merchant.owner_id).where(Merchant.id.in_(ids))
    rows = session.execute(query.order_by(Merchant.id)).all()
    account = signal_neighbours.with_account(session, organisation_id, ids)
    place = signal_neighbours.with_place(session, organisation_id, ids)
    closed = signal_neighbours.closed_there(session, organisation_id, ids)
    documents = signal_neighbours.with_document(session, organisation_id, ids)
    applications = _applications(session, organisation_id, {person for _merchant, person in rows})
    calls = _calls(session, organisation_id, ids)
    changes, payments = _changes(session, ids, since), _payments(session, organisation_id, ids, since)
    parts = _parts(session, organisation_id, ids, since)
    return [
        Business(
            merchant_id=merchant.id,
            person_id=person,
            opened_on=merchant.opened_on,
            call_opened_on=calls.get(merchant.id),
            sales={each.year: each.amount for each in merchant.sales},
            same_account=account.get(merchant.id, ()),
            same_place=place.get(merchant.id, ()),
            closed_there=closed.get(merchant.id, ()),
            documents=documents.get(merchant.id, ()),
            applications=applications.get(person, ()),
            account_changes=changes.get(merchant.id, ()),
            payments=payments.get(merchant.id, ()),
            parts=parts.get(merchant.id, ()),
        )
        for merchant, person in rows
    ]


def _applications(session: Session, organisation_id: int, persons: Collection[int]) -> Mapping[int, Sequence[Enrolled]]:
    rows = session.execute(
        select(User.person_id, Programme.code, Programme.name, Merchant.id, Merchant.trade_name)
        .select_from(User)
        .join(Merchant, Merchant.owner_id == User.id)
        .join(Application, Application.merchant_id == Merchant.id)
        .join(Programme, Programme.id == Application.programme_id)
        .where(Programme.organisation_id == organisation_id, User.person_id.in_(persons))
        .where(Application.submitted_at.is_not(None), Application.status.not_in(_OVER))
        .order_by(Application.id)
    )
    found: dict[int, list[Enrolled]] = defaultdict(list)
    for person, code, title, merchant, name in rows:
        found[person].append(Enrolled(code, title, merchant, name))
    return found


def _calls(session: Session, organisation_id: int, ids: Collection[int]) -> dict[int, date]:
    """Merchant id -> when the first call opened to which it applied."""
    rows = session.execute(
        select(Application.merchant_id, Application.version_id)
        .join(Programme, Programme.id == Application.programme_id)
        .where(Programme.organisation_id == organisation_id, Application.submitted_at.is_not(None))
        .where(Application.merchant_id.in_(ids))
        .distinct()
    ).all()
    versions = session.scalars(select(ProgrammeVersion).where(ProgrammeVersion.id.in_({row[1] for row in rows})))
    opened = {each.id: programmes.read(each).announcement.call.apply_from for each in versions}
    found: dict[int, date] = {}
    for merchant, version in rows:
        found[merchant] = min(found.get(merchant, date.max), opened[version])
    return found


def _changes(session: Session, ids: Collection[int], since: datetime) -> Mapping[int, Sequence[date]]:
    """The days on which accounts were changed; a change that was refused was never paid to."""
    rows = session.execute(
        select(AccountChange.merchant_id, AccountChange.changed_at)
        .where(AccountChange.merchant_id.in_(ids), AccountChange.refused_at.is_(None))
        .where(AccountChange.changed_at >= since)
        .order_by(AccountChange.id)
    )
    found: dict[int, list[date]] = defaultdict(list)
    for merchant, at in rows:
        found[merchant].append(korean_date(at))
    return found


def _payments(
    session: Session, organisation_id: int, ids: Collection[int], since: datetime
) -> Mapping[int, Sequence[Paying]]:
    """Those to the business itself: what a firm was paid for it says nothing of its account."""
    rows = session.execute(
        select(Claim.merchant_id, Payment.reference, PaymentRun.prepared_at)
        .select_from(Claim)
        .join(Payment, Payment.claim_id == Claim.id)
        .join(PaymentRun, PaymentRun.id == Payment.run_id)
        .where(PaymentRun.organisation_id == organisation_id, Claim.merchant_id.in_(ids), Claim.invoice_id.is_(None))
        .where(Payment.status.not_in(_NOT_PAID), PaymentRun.prepared_at >= since)
        .order_by(Payment.id)
    )
    found: dict[int, list[Paying]] = defaultdict(list)
    for merchant, reference, at in rows:
        found[merchant].append(Paying(reference, korean_date(at)))
    return found


def _parts(
    session: Session, organisation_id: int, ids: Collection[int], since: datetime
) -> Mapping[int, Sequence[Part]]:
    rows = session.execute(
        select(
            Claim.merchant_id, Claim.period, ClaimPart.platform, ClaimPart.item, Programme.name, Organisation.id,
            Organisation.name, func.sum(ClaimPart.amount),
        )
        .select_from(Claim)
        .join(ClaimPart, ClaimPart.claim_id == Claim.id)
        .join(Programme, Programme.id == Claim.programme_id)
        .join(Organisation, Organisation.id == Programme.organisation_id)
        .where(Claim.merchant_id.in_(ids), Claim.status.in_(COUNTED), Claim.period >= month_of(korean_date(since)))
        .group_by(
            Claim.merchant_id, Claim.period, ClaimPart.platform, ClaimPart.item, Programme.name, Organisation.id,
            Organisation.name,
        )
    )  # fmt: skip
    found: dict[int, list[Part]] = defaultdict(list)
    for merchant, period, platform, item, programme, office_id, office, amount in rows:
        foreign = office if office_id != organisation_id else ""
        found[merchant].append(Part(period, platform, item, programme, foreign, int(amount)))
    return found

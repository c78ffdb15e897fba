"""What an occasion is about: whose case it is, what it is called in an inbox, by when somebody must act."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.actors import Capacity, Role
from portal.domain.letters import LetterKind
from portal.domain.notifications import Whom
from portal.domain.plan_texts import known_plan
from portal.models.absences import Absence
from portal.models.accounts import RoleGrant, User
from portal.models.applications import Application, Supplement
from portal.models.assignments import Assignment
from portal.models.audit import AuditEvent
from portal.models.claims import Claim
from portal.models.evidence import Evidence
from portal.models.grant_changes import GrantChange
from portal.models.invoices import VendorInvoice
from portal.models.letters import Letter
from portal.models.links import PlatformLink
from portal.models.merchants import Merchant
from portal.models.objections import Objection
from portal.models.payments import PaymentRun
from portal.models.plans import PlanReport, PlanVersion
from portal.models.proposals import Proposal
from portal.models.proxy_entries import ProxyEntry
from portal.models.recoveries import Recovery
from portal.models.rosters import RosterMember
from portal.models.service_passes import ServicePass
from portal.models.signals import Signal
from portal.queries import service_pass_waits

_RECOVERY_LETTERS = (
    LetterKind.RECOVERY_NOTICE,
    LetterKind.RECOVERY_ORDER,
    LetterKind.RECOVERY_INSTALMENTS,
    LetterKind.RECOVERY_CLOSED,
)
_GROUPS = {
    Whom.REVIEWERS: Role.REVIEWER,
    Whom.APPROVERS: Role.APPROVER,
    Whom.PAYERS: Role.PAYER,
    Whom.MANAGERS: Role.MANAGER,
    Whom.CLERKS: Role.CLERK,
}


@dataclass(frozen=True, slots=True)
class Subject:
    """`record_id`: of the page it leads to; `organisation_id`: whose matter it is, None where it is no office's own.

    `merchant_id`, `application_id`: whose stand-ins are told too, where it is a merchant's matter.
    """

    record_id: int
    about: str
    organisation_id: int | None = None
    people: Mapping[Whom, int | None] = field(default_factory=dict)
    due_on: date | None = None
    merchant_id: int | None = None
    application_id: int | None = None
    platform: str = ""  # whose people hear of it as the firm


def of(session: Session, noun: str, record_id: int) -> Subject:
    """What the record is about, for every noun that stands in the table of occasions."""
    return _OF[noun](session, record_id)


def members(session: Session, organisation_id: int, whom: Whom) -> Sequence[int]:
    """The accounts of a group of an office."""
    return session.scalars(
        select(User.id)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .where(User.organisation_id == organisation_id, User.active)
        .where(RoleGrant.role == _GROUPS[whom], RoleGrant.revoked_at.is_(None))
        .order_by(User.id)
    ).all()


def people_of(session: Session, organisation_id: int, platform: str) -> Sequence[int]:
    """The accounts of a platform's people at an office."""
    return session.scalars(
        select(User.id)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .where(User.organisation_id == organisation_id, User.platform == platform, User.active)
        .where(RoleGrant.role == Role.PLATFORM, RoleGrant.revoked_at.is_(None))
        .order_by(User.id)
    ).all()


def _application(session: Session, record_id: int) -> Subject:
    found = session.get_one(Application, record_id)
    programme = found.version.programme
    return Subject(
        found.id,
        f"{found.merchant.trade_name} · {programme.name}",
        programme.organisation_id,
        {Whom.OWNER: found.merchant.owner_id, Whom.REVIEWER: found.reviewer_id},
        merchant_id=found.merchant_id,
        application_id=found.id,
    )


def _letter(session: Session, record_id: int) -> Subject:
    letter = session.get_one(Letter, record_id)
    people = {Whom.OWNER: session.get_one(Merchant, letter.merchant_id).owner_id}
    about = f"{letter.recipient} · {letter.document_number}"
    leads_to, due_on = letter.application_id or 0, None
    if letter.kind in (LetterKind.SUPPLEMENT, LetterKind.SUPPLEMENT_EXTENDED):
        asked = select(Supplement.due_on).where(Supplement.application_id == leads_to)
        due_on = session.scalar(asked.order_by(Supplement.id.desc()).limit(1))
    elif letter.kind in _RECOVERY_LETTERS:
        recovery = _recovery_at_hand(session, leads_to)
        leads_to = recovery.id
        if letter.kind is LetterKind.RECOVERY_NOTICE:
            due_on = recovery.opinion_due_on
        elif letter.kind is LetterKind.RECOVERY_ORDER:
            due_on = recovery.due_on
    return Subject(leads_to, about, letter.organisation_id, people, due_on, letter.merchant_id, letter.application_id)


def _recovery_at_hand(session: Session, application_id: int) -> Recovery:
    """The recovery that the letter being issued is about: the one of this application that was last acted on."""
    return session.scalars(
        select(Recovery)
        .join(AuditEvent, AuditEvent.record_id == Recovery.id)
        .where(AuditEvent.noun == "recovery", Recovery.application_id == application_id)
        .order_by(AuditEvent.id.desc())
        .limit(1)
    ).one()


def _claim(session: Session, record_id: int) -> Subject:
    claim = session.get_one(Claim, record_id)
    about = f"{claim.merchant.trade_name} · {claim.period}"
    people = {Whom.OWNER: claim.merchant.owner_id} if claim.invoice_id is None else {}  # else a firm is paid
    return Subject(
        claim.id,
        about,
        claim.programme.organisation_id,
        people,
        merchant_id=claim.merchant_id,
        application_id=claim.application_id,
    )


def _link(session: Session, record_id: int) -> Subject:
    link = session.get_one(PlatformLink, record_id)
    about = f"{link.merchant.trade_name} · {link.store_id}"
    return Subject(link.id, about, people={Whom.OWNER: link.merchant.owner_id})


def _evidence(session: Session, record_id: int) -> Subject:
    found = session.get_one(Evidence, record_id)
    about = f"{found.merchant.trade_name} · {found.period}"
    return Subject(found.id, about, found.organisation_id, {Whom.OWNER: found.merchant.owner_id})


def _grant_change(session: Session, record_id: int) -> Subject:
    change = session.get_one(GrantChange, record_id)
    case = _application(session, change.application_id)
    return Subject(case.record_id, case.about, case.organisation_id, {Whom.AUTHOR: change.proposed_by})


def _recovery(session: Session, record_id: int) -> Subject:
    found = session.get_one(Recovery, record_id)
    about = f"{found.merchant.trade_name} · {found.period}"
    people = {Whom.REVIEWER: found.noticed_by, Whom.AUTHOR: found.drafted_by}
    return Subject(found.id, about, found.organisation_id, people)


def _service_pass(session: Session, record_id: int) -> Subject:
    found = session.get_one(ServicePass, record_id)
    case = _application(session, found.application_id)
    about = f"{found.offer.name} · {found.offer.proposal.firm}"
    owner, due_on = found.application.merchant.owner_id, service_pass_waits.until(found) or found.valid_until
    return Subject(
        found.id, about, case.organisation_id, {Whom.OWNER: owner}, due_on, platform=found.offer.proposal.platform
    )


def _proposal(session: Session, record_id: int) -> Subject:
    found = session.get_one(Proposal, record_id)
    return Subject(found.id, found.programme.name, found.organisation_id, platform=found.platform)


def _vendor_invoice(session: Session, record_id: int) -> Subject:
    found = session.get_one(VendorInvoice, record_id)
    firm = found.proposal
    return Subject(found.id, f"{firm.firm} · {found.said}", firm.organisation_id, platform=firm.platform)


def _objection(session: Session, record_id: int) -> Subject:
    found = session.get_one(Objection, record_id)
    return Subject(found.id, f"{found.merchant.trade_name} · {found.number}", found.organisation_id)


def _signal(session: Session, record_id: int) -> Subject:
    """Its author is who gave the verdict that it has, if it has one."""
    found = session.get_one(Signal, record_id)
    return Subject(found.id, found.merchant.trade_name, found.organisation_id, {Whom.AUTHOR: found.judged_by})


def _payment_run(session: Session, record_id: int) -> Subject:
    run = session.get_one(PaymentRun, record_id)
    return Subject(run.id, run.reference, run.organisation_id)


def _proxy_entry(session: Session, record_id: int) -> Subject:
    found = session.get_one(ProxyEntry, record_id)
    about = f"{found.merchant.trade_name} · {found.mandate.office}"
    by_clerk = found.mandate.capacity is Capacity.CONSENT  # an association is told on its list
    return Subject(found.id, about, found.organisation_id, {Whom.AUTHOR: found.entered_by if by_clerk else None})


def _plan_report(session: Session, record_id: int) -> Subject:
    found = session.get_one(PlanReport, record_id)
    about = f"{known_plan(found.version.text).node(found.node).name} · {found.year}"
    return Subject(found.id, about, found.plan.organisation_id, {Whom.AUTHOR: found.reported_by})


def _plan_version(session: Session, record_id: int) -> Subject:
    found = session.get_one(PlanVersion, record_id)
    about = f"{found.plan.name} · {found.number}"
    return Subject(found.id, about, found.plan.organisation_id, {Whom.AUTHOR: found.loaded_by})


def _roster_member(session: Session, record_id: int) -> Subject:
    """Its owner is whoever owns the business of the number; its author whoever acts for the association."""
    found = session.get_one(RosterMember, record_id)
    owner = session.scalar(select(Merchant.owner_id).where(Merchant.business_number == found.business_number))
    people = {Whom.OWNER: owner, Whom.AUTHOR: found.roster.account_id}
    about = f"{found.trade_name} · {found.roster.association}"
    return Subject(found.roster_id, about, found.roster.programme.organisation_id, people)


def _absence(session: Session, record_id: int) -> Subject:
    found = session.get_one(Absence, record_id)
    about = f"{found.from_on:%Y-%m-%d} ~ {found.to_on:%Y-%m-%d}"
    return Subject(found.id, about, found.organisation_id, {Whom.STAND_IN: found.stand_in_id})


def _assignment(session: Session, record_id: int) -> Subject:
    """One case, or how many of a bulk run."""
    row = session.get_one(Assignment, record_id)
    case = _application(session, row.application_id)
    about = case.about
    if row.run_id is not None:
        same = Assignment.run_id == row.run_id, Assignment.account_id == row.account_id
        about = str(session.scalar(select(func.count(Assignment.id)).where(*same)))
    return Subject(case.record_id, about, case.organisation_id, {Whom.OFFICER: row.account_id})


_OF: Mapping[str, Callable[[Session, int], Subject]] = {
    "absence": _absence,
    "application": _application,
    "assignment": _assignment,
    "claim": _claim,
    "evidence": _evidence,
    "grant_change": _grant_change,
    "letter": _letter,
    "link": _link,
    "objection": _objection,
    "payment_run": _payment_run,
    "plan_report": _plan_report,
    "plan_version": _plan_version,
    "proxy_entry": _proxy_entry,
    "proposal": _proposal,
    "recovery": _recovery,
    "roster_member": _roster_member,
    "signal": _signal,
    "service_pass": _service_pass,
    "vendor_invoice": _vendor_invoice,
}
NOUNS = frozenset(_OF)

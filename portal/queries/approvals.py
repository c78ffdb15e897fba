"""Looks up amount bands, whom they name, and what a record says now of that which was approved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.domain.approvals import COUNTING, ROLE_OF, Matter, content_hash, deciding
from portal.domain.money import Won
from portal.models.accounts import RoleGrant, User
from portal.models.applications import Decision
from portal.models.approvals import Approval, ApprovalBand
from portal.models.claims import Claim, ClaimPart
from portal.models.objections import Objection
from portal.models.payments import Payment, PaymentRun
from portal.models.programmes import ProgrammeVersion
from portal.models.recoveries import Recovery

_AT_ONCE = 1000  # record ids in one statement


def bands_on(session: Session, organisation_id: int, matter: Matter, on: date) -> Sequence[ApprovalBand]:
    """The bands that bind on this day."""
    return session.scalars(
        select(ApprovalBand)
        .where(
            ApprovalBand.organisation_id == organisation_id,
            ApprovalBand.matter == matter,
            ApprovalBand.status.in_(COUNTING),
            ApprovalBand.valid_from <= on,
            or_(ApprovalBand.valid_to.is_(None), ApprovalBand.valid_to >= on),
        )
        .order_by(ApprovalBand.id)
    ).all()


def deciding_bands(
    session: Session, organisation_id: int, matter: Matter, won: Won, on: date
) -> list[ApprovalBand] | None:
    """The bands that decide on this amount; None where the organisation has none for the matter on this day."""
    found = bands_on(session, organisation_id, matter, on)
    return deciding(found, won) if found else None


def holders(session: Session, organisation_id: int, matter: Matter) -> list[User]:
    """The officials of an organisation who hold the role that a matter asks for."""
    return list(
        session.scalars(
            select(User)
            .join(RoleGrant, RoleGrant.user_id == User.id)
            .where(
                User.organisation_id == organisation_id,
                User.active,
                RoleGrant.role == ROLE_OF[matter],
                RoleGrant.revoked_at.is_(None),
            )
            .order_by(User.id)
        ).unique()
    )


def named(bands: Collection[ApprovalBand], officials: Sequence[User]) -> list[User]:
    """Those officials whom one of the bands names, by account or by title."""
    accounts, titles = {band.account_id for band in bands}, {band.title for band in bands if band.title}
    return [user for user in officials if user.id in accounts or user.title in titles]


def counting(session: Session, matter: Matter, record_ids: Collection[int]) -> dict[int, Approval]:
    """Record id -> the approval that counts."""
    found = session.scalars(
        select(Approval).where(
            Approval.matter == matter, Approval.record_id.in_(record_ids), Approval.withdrawn_at.is_(None)
        )
    )
    return {approval.record_id: approval for approval in found}


def contents(session: Session, matter: Matter, record_ids: Collection[int]) -> dict[int, str]:
    """Record id -> hash of what the record says now, as `approval.content_sha256` has it; in few statements."""
    return {record: content_hash([record, *said]) for record, *said in _SAYING[matter](session, record_ids)}


def stale(session: Session, matter: Matter, record_ids: Collection[int]) -> set[int]:
    """Those of the records whose approval is missing or was given for something else than they say now."""
    wanted, found = sorted(set(record_ids)), set()
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        given, now = counting(session, matter, some), contents(session, matter, some)
        found |= {each for each in some if each not in given or given[each].content_sha256 != now.get(each)}
    return found


def _of_decisions(session: Session, record_ids: Collection[int]) -> list[list[Any]]:
    rows = session.execute(
        select(Decision.application_id, Decision.outcome, Decision.amount, ProgrammeVersion.content_hash)
        .join(ProgrammeVersion, ProgrammeVersion.id == Decision.version_id)
        .where(Decision.application_id.in_(record_ids))
    )
    return [list(row) for row in rows]


def _of_claims(session: Session, record_ids: Collection[int]) -> list[list[Any]]:
    parts: dict[int, list[list[Any]]] = defaultdict(list)
    columns = (ClaimPart.platform, ClaimPart.item, ClaimPart.lines, ClaimPart.amount_e4, ClaimPart.amount)
    for claim_id, *part in session.execute(
        select(ClaimPart.claim_id, *columns).where(ClaimPart.claim_id.in_(record_ids))
    ):
        parts[claim_id].append(part)
    rows = session.execute(
        select(
            Claim.id,
            Claim.payable,
            Claim.application_id,
            Claim.period,
            Claim.revision,
            Claim.assessed,
            Claim.exact_e4,
            ProgrammeVersion.content_hash,
        )
        .join(ProgrammeVersion, ProgrammeVersion.id == Claim.version_id)
        .where(Claim.id.in_(record_ids))
    )
    return [[*row, sorted(parts[row[0]])] for row in rows]


def _of_runs(session: Session, record_ids: Collection[int]) -> list[list[Any]]:
    """The bank file's own hash stands for the accounts, of which it holds every one."""
    payments: dict[int, list[list[Any]]] = defaultdict(list)
    for run_id, *payment in session.execute(
        select(Payment.run_id, Payment.claim_id, Payment.reference, Payment.amount).where(
            Payment.run_id.in_(record_ids)
        )
    ):
        payments[run_id].append(payment)
    rows = session.execute(
        select(PaymentRun.id, PaymentRun.total, PaymentRun.reference, PaymentRun.bank_file_sha256).where(
            PaymentRun.id.in_(record_ids)
        )
    )
    return [[*row, sorted(payments[row[0]])] for row in rows]


def _of_orders(session: Session, record_ids: Collection[int]) -> list[list[Any]]:
    columns = (Recovery.id, Recovery.merchant_id, Recovery.period, Recovery.cause, Recovery.demanded)
    return [list(row) for row in session.execute(select(*columns).where(Recovery.id.in_(record_ids)))]


def _of_write_offs(session: Session, record_ids: Collection[int]) -> list[list[Any]]:
    columns = (Recovery.id, Recovery.demanded, Recovery.closing_reason, Recovery.document_sha256)
    return [list(row) for row in session.execute(select(*columns).where(Recovery.id.in_(record_ids)))]


def _of_objections(session: Session, record_ids: Collection[int]) -> list[list[Any]]:
    columns = (Objection.id, Objection.outcome, Objection.amount, Objection.answer)
    return [list(row) for row in session.execute(select(*columns).where(Objection.id.in_(record_ids)))]


_SAYING = {
    Matter.DECISION: _of_decisions,
    Matter.CLAIMS: _of_claims,
    Matter.PAYMENT_RUN: _of_runs,
    Matter.RECOVERY_ORDER: _of_orders,
    Matter.WRITE_OFF: _of_write_offs,
    Matter.OBJECTION: _of_objections,
}

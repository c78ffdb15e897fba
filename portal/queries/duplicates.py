"""Looks for signs that the same support is asked for twice. A sign is a suspicion to be looked into, never a verdict.

지방보조금법 제6조제3항; no decision is made automatically (개인정보 보호법 제37조의2).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, func, literal, select, union_all
from sqlalchemy.orm import Session, aliased

from portal.domain.actors import Actor
from portal.domain.applications import ApplicationStatus
from portal.models.accounts import Organisation
from portal.models.applications import Application, Document
from portal.models.merchants import Merchant
from portal.models.programmes import Programme

MOST = 50


class Sign(StrEnum):
    BUSINESS = "business"
    OWNER = "owner"
    ACCOUNT = "account"
    EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Another application that shares something with this one; of a foreign organisation only its name is told."""

    sign: Sign
    application_id: int
    ours: bool
    organisation: str
    programme: str
    status: ApplicationStatus
    trade_name: str
    receipt_number: str


def suspicions(session: Session, application: Application, by: Actor) -> list[Suspicion]:
    """Other submitted applications of the same business, owner, account or with the same file; at most 50."""
    merchant = application.merchant
    other = Merchant.id != merchant.id
    mine, theirs = aliased(Document), aliased(Document)
    same_file = (
        select(theirs.application_id)
        .join(mine, mine.sha256 == theirs.sha256)
        .where(mine.application_id == application.id, mine.removed_at.is_(None), theirs.removed_at.is_(None))
    )
    found = union_all(
        _others(Sign.BUSINESS, application).where(Merchant.id == merchant.id),
        _others(Sign.OWNER, application).where(Merchant.owner_id == merchant.owner_id, other),
        _others(Sign.ACCOUNT, application).where(Merchant.account_index == merchant.account_index, other),
        _others(Sign.EVIDENCE, application).where(Application.id.in_(same_file), other),
    ).limit(MOST)
    return [_suspicion(row, by) for row in session.execute(found)]


def _others(sign: Sign, application: Application) -> Select[*tuple[Any, ...]]:
    return (
        select(
            literal(sign.value).label("sign"),
            Application.id,
            Programme.organisation_id,
            Organisation.name.label("organisation"),
            Programme.name.label("programme"),
            Application.status,
            Merchant.trade_name,
            func.coalesce(Application.receipt_number, "").label("receipt_number"),
        )
        .join(Merchant, Merchant.id == Application.merchant_id)
        .join(Programme, Programme.id == Application.programme_id)
        .join(Organisation, Organisation.id == Programme.organisation_id)
        .where(Application.id != application.id, Application.submitted_at.is_not(None))
    )


def _suspicion(row: Any, by: Actor) -> Suspicion:
    ours = row.organisation_id == by.organisation_id
    return Suspicion(
        sign=Sign(row.sign),
        application_id=row.id,
        ours=ours,
        organisation=row.organisation,
        programme=row.programme,
        status=ApplicationStatus(row.status),
        trade_name=row.trade_name if ours else "",
        receipt_number=row.receipt_number if ours else "",
    )

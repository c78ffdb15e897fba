"""Makes cases as merchants make them, for tests of what officials do with them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from portal.domain.actors import Actor, Role
from portal.domain.applications import ApplicationDraft, Consent, Recommendation
from portal.domain.documents import EvidenceUpload
from portal.domain.merchants import MerchantRegistration
from portal.models.accounts import User
from portal.models.applications import Application
from portal.queries import accounts, cases
from portal.queries.programmes import Published
from portal.services import applications, declarations, documents, merchants, reviews
from portal.storage.objects import Stores
from tests.factories import AT, actor, make_merchant_user

PDF = b"%PDF-1.4\n% evidence\n"
_serial = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Applied:
    """A submitted application with the person behind it."""

    application: Application
    owner: User

    @property
    def id(self) -> int:
        return self.application.id


def business_number(serial: int) -> str:
    """A number with the right check digit for every serial."""
    body = f"{124000000 + serial:09d}"
    weights = (1, 3, 7, 1, 3, 7, 1, 3, 5)
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True)) + int(body[8]) * 5 // 10
    return f"{body}{(10 - total % 10) % 10}"


def apply(
    session: Session,
    stores: Stores,
    programme: Published,
    *,
    trade_name: str = "",
    owner: User | None = None,
    requested: int = 500_000,
    account_number: str = "",
    evidence: bytes = b"",
    declared: bool = True,
    at: datetime = AT,
) -> Applied:
    """A merchant of Gurye registers a business and applies for support with all papers.

    The officials there are have declared to have no interest in the case, unless told otherwise.
    """
    draft_id, owner = draft(
        session, stores, programme, trade_name=trade_name, owner=owner, requested=requested,
        account_number=account_number, evidence=evidence, at=at,
    )  # fmt: skip
    submitted = applications.submit(session, draft_id, by=actor(owner), at=at)
    if declared:
        for official in accounts.officials(session, programme.programme.organisation_id):
            if official.platform or not {grant.role for grant in official.grants} & {Role.REVIEWER, Role.APPROVER}:
                continue
            declarations.declare_none(session, [submitted.id], by=actor(official), at=at)
    return Applied(submitted, owner)


def draft(
    session: Session,
    stores: Stores,
    programme: Published,
    *,
    trade_name: str = "",
    owner: User | None = None,
    requested: int = 500_000,
    account_number: str = "",
    evidence: bytes = b"",
    at: datetime = AT,
) -> tuple[int, User]:
    """The same up to the last button: the application's id, and whose it is."""
    serial = next(_serial)
    owner = owner or make_merchant_user(session, name=f"신청인{serial}", at=at)
    by = actor(owner)
    merchant = merchants.register(
        session,
        MerchantRegistration(
            business_number=business_number(serial),
            trade_name=trade_name or f"구례식당 {serial}",
            representative="홍길동",
            phone="01012345678",
            region_code="4673025000" if at.date() < date(2026, 7, 1) else "1273025000",
            address="봉동길 1",
            industry_edition=11,
            industry_code="56111",
            opened_on=date(2020, 3, 1),
            regular_workers=Decimal(2),
            sales={2025: 120_000_000},
            bank_code="011",
            account_number=account_number or f"301{serial:09d}",
            account_holder="홍길동",
        ),
        by=by,
        at=at,
    )
    begun = applications.start(session, programme.programme.code, merchant.id, by=by, at=at)
    for code in [each.code for each in programme.announcement.documents if each.required]:
        content = evidence or PDF + f"{serial} {code}".encode()
        upload = EvidenceUpload(code, f"{code}.pdf", "application/pdf", content)
        documents.attach(session, stores.evidence, begun.id, upload, by=by, at=at)
    command = ApplicationDraft("배달 주문을 늘리려고 합니다.", requested, requested, "01012345678", frozenset(Consent))
    applications.save_draft(session, begun.id, command, by=by, at=at)
    return begun.id, owner


def all_ticked(session: Session, application: Application) -> frozenset[str]:
    return frozenset(item.code for item in cases.checklist_of(session, application))


def recommend(
    session: Session, application: Application, by: Actor, *, outcome: str = "approve", at: datetime = AT
) -> None:
    """A reviewer takes the case up and puts it before the approver, everything ticked."""
    reviews.take_up(session, application.id, by=by, at=at)
    reviews.recommend(session, application.id, recommendation(session, application, outcome=outcome), by=by, at=at)


def recommendation(session: Session, application: Application, *, outcome: str = "approve") -> Recommendation:
    """Everything ticked."""
    ticked = all_ticked(session, application)
    reasons = "지원 제외 업종에 해당합니다." if outcome == "reject" else "요건을 갖추었습니다."
    return Recommendation(outcome, reasons, ticked)

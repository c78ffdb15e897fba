"""Makes what stands before an application is handed in: a business place, a draft, its papers."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from portal.domain.applications import ApplicationDraft, Consent
from portal.domain.documents import EvidenceUpload
from portal.domain.merchants import MerchantRegistration
from portal.models.accounts import User
from portal.models.applications import Application
from portal.models.merchants import Merchant
from portal.queries.programmes import Published
from portal.services import applications, documents, merchants
from portal.storage.objects import Stores
from tests.cases import business_number
from tests.factories import AT, actor

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
REQUIRED = ("business_registration", "bankbook", "sales_proof")
REGISTRATION = MerchantRegistration(
    business_number="1248100998",
    trade_name="구례식당",
    representative="홍길동",
    phone="01012345678",
    region_code="4673025000",
    address="봉성로 1",
    industry_edition=11,
    industry_code="56111",
    opened_on=date(2020, 3, 1),
    regular_workers=Decimal("2.5"),
    sales={2025: 120_000_000, 2024: 90_000_000},
    bank_code="011",
    account_number="3010123456781",
    account_holder="홍길동",
)
DRAFT = ApplicationDraft("배달 주문을 늘리려고 합니다.", 800_000, 500_000, "01012345678", frozenset(Consent))


def registration(**changes: Any) -> MerchantRegistration:
    return replace(REGISTRATION, **changes)


def register(session: Session, owner: User, *, serial: int = 1, at: datetime = AT, **changes: Any) -> Merchant:
    """A place of this owner; every serial has a number of its own."""
    command = registration(**{"business_number": business_number(serial), **changes})
    return merchants.register(session, command, by=actor(owner), at=at)


def start(session: Session, programme: Published, owner: User, *, serial: int = 1, **changes: Any) -> Application:
    """A draft without papers."""
    place = register(session, owner, serial=serial, **changes)
    return applications.start(session, programme.programme.code, place.id, by=actor(owner), at=AT)


def ready(
    session: Session, stores: Stores, programme: Published, owner: User, *, serial: int = 1, **changes: Any
) -> Application:
    """A draft to which nothing is missing."""
    draft = start(session, programme, owner, serial=serial, **changes)
    applications.save_draft(session, draft.id, DRAFT, by=actor(owner), at=AT)
    for code in REQUIRED:
        documents.attach(session, stores.evidence, draft.id, upload(code, serial=serial), by=actor(owner), at=AT)
    return draft


def upload(
    code: str = "bankbook", *, serial: int = 1, name: str = "통장.pdf", content: bytes | None = None
) -> EvidenceUpload:
    return EvidenceUpload(code, name, "application/pdf", content or PDF + f"{serial} {code}".encode())


def merchant_fields(**changes: str) -> dict[str, str]:
    """What an owner types into the form."""
    return {
        "business_number": "124-81-00998",
        "trade_name": "구례식당",
        "representative": "홍길동",
        "phone": "010-1234-5678",
        "region_code": "4673025000",
        "address": "봉성로 1",
        "industry_code": "56111",
        "opened_on": "2020-03-01",
        "regular_workers": "2.5",
        "bank_code": "011",
        "account_number": "301-0123-4567-81",
        "account_holder": "홍길동",
        "sales_2025": "120,000,000",
        "sales_2024": "90,000,000",
        **changes,
    }


def draft_fields(**changes: str) -> dict[str, str]:
    """What an owner types into step 2."""
    return {
        "plan": "배달 주문을 늘리려고 합니다.",
        "total_cost": "800,000",
        "requested_amount": "500,000",
        "contact_phone": "010-1234-5678",
        **{f"consent_{consent}": "y" for consent in Consent},
        **changes,
    }


def pdf(name: str = "통장.pdf", *, more: bytes = b"") -> tuple[io.BytesIO, str]:
    """A file as the client posts it."""
    return io.BytesIO(PDF + more), name

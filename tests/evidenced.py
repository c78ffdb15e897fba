"""Makes documents that merchants hand in, and what officials read off them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from portal.domain.actors import Actor, Role
from portal.domain.evidence import EvidenceFile, EvidenceKind, SubmitEvidence
from portal.domain.evidence_lines import EnteredLine
from portal.models.evidence import Evidence
from portal.services import evidence, evidence_cases, evidence_confirmation
from tests.applying import PDF
from tests.factories import AT, actor, make_official
from tests.settled import Office, Shop

INVOICE = "20260531-41000012-3a4b5c6d"
# A row of the database for tests of what must hold, written around the services; `{status}`.
BY_HAND = (
    "INSERT INTO evidence (id, organisation_id, merchant_id, kind, platform, period, document_number, total, filename,"
    " media_type, size, sha256, submitted_by, submitted_at, status, store_id, delivery_id)"
    " SELECT 1, d.organisation_id, claim.merchant_id, 'statement', d.platform, d.period, '', 0, 'a.pdf', 'a', 1,"
    " d.sha256, d.delivered_by, d.delivered_at, '{status}', '', d.id FROM delivery d, claim"
    " WHERE d.id = 1 AND claim.id = 1"
)
_serial = itertools.count(1)


@dataclass(slots=True)
class Desk:
    """An office with a second reviewer, who confirms what the first entered."""

    office: Office
    first: Actor = field(init=False)
    second: Actor = field(init=False)

    def __post_init__(self) -> None:
        self.first = actor(self.office.reviewer)
        self.second = actor(make_official(self.office.session, Role.REVIEWER, name="두번째"))

    def submit(self, shop: Shop, **changes: Any) -> Evidence:
        command = replace(statement(shop, self.office), **changes)
        return evidence.submit(self.office.session, self.office.stores.evidence, command, by=actor(shop.owner), at=AT)

    def write(self, found: Evidence, *lines: EnteredLine, **more: Any) -> Evidence:
        return evidence.write(self.office.session, found.id, lines, by=self.first, at=AT, **more)

    def put_up(self, found: Evidence, *lines: EnteredLine, **more: Any) -> Evidence:
        self.write(found, *lines, **more)
        return evidence.put_up(self.office.session, found.id, by=self.first, at=AT)

    def confirm(self, found: Evidence, *, by: Actor | None = None) -> Evidence:
        office = self.office
        return evidence_confirmation.confirm(
            office.session, office.stores, office.lines, found.id, by=by or self.second, at=AT
        )

    def findings(self, found: Evidence) -> list[list[str]]:
        said = evidence_cases.findings(self.office.session, self.office.lines, found)
        return [[finding.told.value for finding in each] for each in said]


def statement(shop: Shop, office: Office) -> SubmitEvidence:
    """An agency's statement of May; every one is another file."""
    content = PDF + f"statement {next(_serial)}".encode()
    return SubmitEvidence(
        merchant_id=shop.merchant.id,
        organisation_id=office.programme.programme.organisation_id,
        kind=EvidenceKind.STATEMENT,
        platform="barogo",
        period="2026-05",
        document_number="",
        total=7_000,
        file=EvidenceFile("바로고-5월.pdf", "application/pdf", content),
    )


def own_log(**changes: Any) -> dict[str, Any]:
    """What makes a statement a log of own deliveries."""
    return {"kind": EvidenceKind.OWN_DELIVERY, "platform": "own-delivery", **changes}


def read_off(day: int = 3, clock: str = "12:00", *, fee: int = 3_500, amount: int = 20_000, **more: Any) -> EnteredLine:
    at = datetime.fromisoformat(f"2026-05-{day:02d} {clock}")
    return EnteredLine(at, order_amount=amount, delivery_fee=fee, **more)

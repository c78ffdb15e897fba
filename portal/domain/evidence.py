"""Evidence that a merchant hands in where no platform tells (확인지급): what it is, whose, and how it is decided."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from portal.domain.actors import Role
from portal.domain.errors import Problem
from portal.domain.lifecycle import Lifecycle, Step
from portal.domain.money import Won
from portal.domain.periods import Month
from portal.domain.settlements import is_period

OWN = "own"  # the kind of platform that is none: the shop delivers by itself
MAX_NUMBER = 60
MAX_REASON = 500
# 승인번호 of the national tax service: date of issue (8), issuing system (8), serial number (8).
INVOICE_NUMBER = 24


class EvidenceKind(StrEnum):
    STATEMENT = "statement"
    TAX_INVOICE = "tax_invoice"
    OWN_DELIVERY = "own_delivery"


class EvidenceStatus(StrEnum):
    SUBMITTED = "submitted"
    IN_ENTRY = "in_entry"
    ENTERED = "entered"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


S, R = EvidenceStatus, Role

LIFECYCLE = Lifecycle(
    "evidence",
    S.SUBMITTED,
    (
        Step(S.SUBMITTED, "write", S.IN_ENTRY, R.REVIEWER),
        Step(S.IN_ENTRY, "write", S.IN_ENTRY, R.REVIEWER),
        Step(S.IN_ENTRY, "put_up", S.ENTERED, R.REVIEWER),
        # Whoever entered a line, at whatever time, does not say that the lines are right.
        Step(S.ENTERED, "confirm", S.CONFIRMED, R.REVIEWER, apart_from=("write", "put_up")),
        Step(S.ENTERED, "send_back", S.IN_ENTRY, R.REVIEWER),
        Step(S.SUBMITTED, "refuse", S.REFUSED, R.REVIEWER),
        Step(S.IN_ENTRY, "refuse", S.REFUSED, R.REVIEWER),
        Step(S.ENTERED, "refuse", S.REFUSED, R.REVIEWER),
        Step(S.SUBMITTED, "withdraw", S.WITHDRAWN, R.MERCHANT),
    ),
)
DEAD = (S.REFUSED, S.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A checked file; `media_type` is what the bytes are, not what the sender said."""

    filename: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class SubmitEvidence:
    """`total`: won that the document comes to, without VAT; of an own-delivery log the orders' amounts together."""

    merchant_id: int
    organisation_id: int
    kind: EvidenceKind
    platform: str
    period: Month
    document_number: str
    total: Won
    file: EvidenceFile


def document_key(kind: EvidenceKind, platform: str, merchant_id: int, number: str) -> str | None:
    """What two documents of the same issuer with the same number share; None where there is no number.

    A tax invoice's number is one in the whole country, a statement's one of its platform, a log's one of its shop.
    """
    plain = re.sub(r"[\W_]", "", number).upper()
    if not plain:
        return None
    issuer = {
        EvidenceKind.TAX_INVOICE: "nts",
        EvidenceKind.STATEMENT: platform,
        EvidenceKind.OWN_DELIVERY: f"merchant-{merchant_id}",
    }
    return f"{issuer[kind]}:{plain}"


def problems_in(command: SubmitEvidence, platform_kinds: dict[str, str]) -> list[Problem]:
    """What is wrong with what was said of the document. `platform_kinds`: of the catalogue, by code."""
    wrong = []
    own = platform_kinds.get(command.platform) == OWN
    if command.platform not in platform_kinds:
        wrong.append(Problem("unknown_choice", "platform", command.platform))
    elif own != (command.kind is EvidenceKind.OWN_DELIVERY):
        wrong.append(Problem("evidence_of_other_kind", "platform"))
    if not is_period(command.period):
        wrong.append(Problem("not_a_month", "period", command.period))
    if command.total < 0:
        wrong.append(Problem("won_negative", "total"))
    if len(command.document_number) > MAX_NUMBER:
        wrong.append(Problem("too_long", "document_number"))
    if command.kind is EvidenceKind.TAX_INVOICE and not _is_invoice_number(command.document_number):
        wrong.append(Problem("invoice_number", "document_number", command.document_number[:MAX_NUMBER]))
    return wrong


def _is_invoice_number(number: str) -> bool:
    return re.fullmatch(rf"[0-9]{{8}}[0-9A-Za-z]{{{INVOICE_NUMBER - 8}}}", re.sub(r"[\s-]", "", number)) is not None

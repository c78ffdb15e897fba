"""A platform firm's invoice (세금계산서) for services that merchants confirmed: it adds up to them, to the won.

The programme pays the supply value; the tax stands on the invoice and was borne by the merchants.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.domain.actors import Role
from portal.domain.errors import Problem
from portal.domain.lifecycle import Lifecycle, Step
from portal.domain.money import Won

MIN_REASON = 5
_NUMBER = re.compile(r"[0-9A-Za-z]{24}")  # 전자세금계산서 승인번호: 24 characters, written with or without hyphens


class InvoiceStatus(StrEnum):
    FILED = "filed"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    BACK_PROPOSED = "back_proposed"
    TAKEN_BACK = "taken_back"  # before it was paid


S, R = InvoiceStatus, Role

LIFECYCLE = Lifecycle(
    "vendor_invoice",
    S.FILED,
    (
        Step(S.FILED, "accept", S.ACCEPTED, R.REVIEWER),
        Step(S.FILED, "refuse", S.REFUSED, R.REVIEWER),
        Step(S.ACCEPTED, "propose_taking_back", S.BACK_PROPOSED, R.REVIEWER),
        Step(S.BACK_PROPOSED, "take_back", S.TAKEN_BACK, R.APPROVER, apart_from=("propose_taking_back",)),
        Step(S.BACK_PROPOSED, "keep", S.ACCEPTED, R.APPROVER),
    ),
)


VOID = (S.REFUSED, S.TAKEN_BACK)  # its services stand on it no more


@dataclass(frozen=True, slots=True)
class FileInvoice:
    """As it stands on the paper; `passes`: ids of the service passes it is for."""

    number: str
    issued_on: date
    supply_value: Won
    vat: Won
    passes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Delivered:
    """One confirmed service: whose grant pays it, its supply value, the tax beside it."""

    pass_id: int
    application_id: int
    supply_value: Won
    vat: Won


def approval_number(text: str) -> str:
    """`20200901-4100...` -> 24 characters without hyphens or blanks, in capitals."""
    return re.sub(r"[-\s]", "", text).upper()


def invoice_problems(command: FileInvoice, deliveries: Sequence[Delivered], *, on: date) -> list[Problem]:
    """What is wrong with an invoice: both of its sums must come to those of its deliveries, each named once."""
    found = [] if _NUMBER.fullmatch(approval_number(command.number)) else [Problem("invoice_number", "number")]
    if command.issued_on > on:
        found.append(Problem("date_in_future", "issued_on"))
    if not command.passes:
        found.append(Problem("nothing_invoiced", "passes"))
    if len(set(command.passes)) != len(command.passes) or set(command.passes) != {d.pass_id for d in deliveries}:
        found.append(Problem("not_to_be_invoiced", "passes"))
        return found
    for name in ("supply_value", "vat"):
        said, comes_to = getattr(command, name), sum(getattr(each, name) for each in deliveries)
        if said != comes_to:
            found.append(Problem("invoice_differs", name, f"{comes_to:,}"))
    return found


def by_grant(deliveries: Iterable[Delivered]) -> dict[int, tuple[int, Won]]:
    """Application id -> (services, won of supply value): what the claims of an invoice pay, without tax."""
    number, won = Counter[int](), Counter[int]()
    for each in deliveries:
        number[each.application_id] += 1
        won[each.application_id] += each.supply_value
    return {application_id: (number[application_id], won[application_id]) for application_id in sorted(won)}

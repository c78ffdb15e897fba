"""Vouchers (전표): entries made by hand, drafted by one person with a reason and a document, posted by another."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from portal.domain.actors import Role
from portal.domain.errors import Problem
from portal.domain.lifecycle import Lifecycle, Step

MAX_REASON = 500


class VoucherKind(StrEnum):
    APPROPRIATE = "appropriate"  # 추경 증액
    REDUCE = "reduce"  # 추경 감액
    TRANSFER = "transfer"  # 예산 이체
    RELEASE = "release"  # 교부결정액 감액: corrects a commitment
    RETURN = "return"  # 지급 반환: corrects a disbursement


class VoucherStatus(StrEnum):
    DRAFTED = "drafted"
    POSTED = "posted"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"


CORRECTIONS = (VoucherKind.RELEASE, VoucherKind.RETURN)
S, R = VoucherStatus, Role

LIFECYCLE = Lifecycle(
    "voucher",
    S.DRAFTED,
    (
        Step(S.DRAFTED, "post", S.POSTED, R.PAYER, apart_from=("draft",), or_by=R.APPROVER),
        Step(S.DRAFTED, "refuse", S.REFUSED, R.PAYER, apart_from=("draft",), or_by=R.APPROVER),
        Step(S.DRAFTED, "withdraw", S.WITHDRAWN, R.PAYER),
    ),
)


@dataclass(frozen=True, slots=True)
class VoucherFile:
    """A checked file: the document that the voucher rests on."""

    filename: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class DraftVoucher:
    """`line_id`: the budget line; `to_line_id`: where a transfer goes; `corrects`: the entry a correction names."""

    kind: VoucherKind
    line_id: int
    amount: int
    reason: str
    file: VoucherFile
    to_line_id: int | None = None
    corrects: int | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """What is known of a budget line. `left`: won that this voucher may take from it at most; None: no bound."""

    line_id: int
    source: str
    year: int
    closed: bool
    left: int | None


def problems_in(kind: VoucherKind, amount: int, line: Side, to: Side | None) -> list[Problem]:
    """All that keeps a voucher from being posted, by field of its form."""
    found = []
    if amount <= 0:
        found.append(Problem("amount_needed", "amount"))
    elif line.left is not None and amount > line.left:
        found.append(Problem("amount_over_left", "amount", f"{max(0, line.left):,}"))
    if line.closed and kind not in CORRECTIONS:
        found.append(Problem("year_closed", "line", str(line.year)))
    return found + (_problems_of_transfer(line, to) if kind is VoucherKind.TRANSFER else [])


def _problems_of_transfer(line: Side, to: Side | None) -> list[Problem]:
    if to is None:
        return [Problem("transfer_needs_a_line", "to_line")]
    if to.line_id == line.line_id:
        return [Problem("same_line_twice", "to_line")]
    found = []
    if to.source != line.source:  # whose money it is does not change by a transfer
        found.append(Problem("transfer_other_source", "to_line"))
    if to.year not in (line.year, line.year + 1):
        found.append(Problem("transfer_other_year", "to_line"))
    if to.closed:
        found.append(Problem("year_closed", "to_line", str(to.year)))
    return found

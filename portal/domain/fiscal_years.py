"""Fiscal years (회계연도): opened with the first budget of the year, closed for good by two persons once it is over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.domain.actors import Role
from portal.domain.errors import Problem
from portal.domain.ledger import PostingKind
from portal.domain.lifecycle import Lifecycle, Step
from portal.domain.periods import fiscal_year


class YearStatus(StrEnum):
    OPEN = "open"
    CLOSING = "closing"  # one person has proposed to close it; it still takes entries
    CLOSED = "closed"


class Unpaid(StrEnum):
    """What becomes of grants decided and not paid by the end of the year (지방재정법 제50조)."""

    CARRY_EXPLICIT = "carry_explicit"  # 명시이월: agreed to by the assembly beforehand
    CARRY_INEVITABLE = "carry_inevitable"  # 사고이월: committed in the year, not paid for reasons nobody could avoid
    RELEASE = "release"  # the rest of the grants is given up


S, R = YearStatus, Role

# A year is opened by whoever publishes its first budget, which another manager proposed. Closed is the end.
LIFECYCLE = Lifecycle(
    "fiscal_year",
    S.OPEN,
    (
        Step(S.OPEN, "propose_closing", S.CLOSING, R.PAYER),
        Step(S.CLOSING, "keep_open", S.OPEN, R.PAYER, or_by=R.APPROVER),
        Step(S.CLOSING, "close", S.CLOSED, R.PAYER, apart_from=("propose_closing",), or_by=R.APPROVER),
    ),
)

# What a line of a closed year still takes: what comes back, and what is demanded back. Nothing is spent from it.
AFTER_CLOSING = frozenset(
    {
        PostingKind.RETURN,
        PostingKind.RELEASE,
        PostingKind.RECOVER_LATE,
        PostingKind.DEMAND,
        PostingKind.FULFIL,
        PostingKind.WRITE_OFF,
        PostingKind.WITHDRAW,
    }
)


@dataclass(frozen=True, slots=True)
class Closing:
    """How a year is to be closed. `lapse`: what is left of each line is posted as unused (불용).

    `seen_upto`: the last ledger entry that the person had before their eyes.
    """

    unpaid: Unpaid | None
    lapse: bool
    seen_upto: int = 0


def refused_by(kind: PostingKind, posted_on: date, line_year: int, closed: Iterable[int]) -> int | None:
    """The closed year that does not take this entry, or None (invariant I11)."""
    years = frozenset(closed)
    if fiscal_year(posted_on) in years:
        return fiscal_year(posted_on)
    return line_year if line_year in years and kind not in AFTER_CLOSING else None


def hindrances(
    year: int, *, on: date, at_the_bank: int, committed: int, claimed: int, unpaid: Unpaid | None, next_closed: bool
) -> list[Problem]:
    """Why a year cannot be closed so: won at the bank, committed, and claimed but unpaid, from its lines."""
    found = []
    if fiscal_year(on) <= year:
        found.append(Problem("year_not_over", value=str(year)))
    if at_the_bank:
        found.append(Problem("payments_on_the_way", value=f"{at_the_bank:,}"))
    if committed and unpaid is None:
        found.append(Problem("unpaid_undecided", "unpaid", f"{committed:,}"))
    if unpaid is Unpaid.RELEASE and claimed:
        found.append(Problem("claims_unpaid", "unpaid", f"{claimed:,}"))
    if committed and unpaid in (Unpaid.CARRY_EXPLICIT, Unpaid.CARRY_INEVITABLE) and next_closed:
        found.append(Problem("next_year_closed", "unpaid", str(year + 1)))
    return found

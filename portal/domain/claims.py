"""A monthly reimbursement claim: drawn up from settlement lines, approved by another person, then paid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.domain.actors import Role
from portal.domain.lifecycle import Lifecycle, Step
from portal.domain.money import Won
from portal.domain.periods import Month


class ClaimStatus(StrEnum):
    DRAWN_UP = "drawn_up"
    SUPERSEDED = "superseded"
    APPROVED = "approved"
    IN_PAYMENT = "in_payment"
    PAID = "paid"
    PAYMENT_FAILED = "payment_failed"


S, R = ClaimStatus, Role

LIFECYCLE = Lifecycle(
    "claim",
    S.DRAWN_UP,
    (
        Step(S.DRAWN_UP, "supersede", S.SUPERSEDED, R.REVIEWER),
        Step(S.DRAWN_UP, "approve", S.APPROVED, R.APPROVER, apart_from=("draw_up",)),
        # The firm's invoice it pays was taken back.
        *(Step(status, "take_back", S.SUPERSEDED, R.APPROVER) for status in (S.DRAWN_UP, S.APPROVED, S.PAYMENT_FAILED)),
        # What was approved is no longer what the claim says: it is drawn up again, or approved again as it is.
        Step(S.APPROVED, "lapse", S.DRAWN_UP, R.PAYER, or_by=R.APPROVER),
        Step(S.APPROVED, "schedule", S.IN_PAYMENT, R.PAYER, apart_from=("draw_up", "approve")),
        Step(S.IN_PAYMENT, "unschedule", S.APPROVED, R.PAYER),
        Step(S.IN_PAYMENT, "settle", S.PAID, R.PAYER),
        Step(S.IN_PAYMENT, "fail", S.PAYMENT_FAILED, R.PAYER),
        Step(S.PAID, "return", S.PAYMENT_FAILED, R.PAYER),
        Step(S.PAYMENT_FAILED, "reopen", S.APPROVED, R.PAYER),
    ),
)


@dataclass(frozen=True, slots=True)
class ShownClaims:
    """What an approver saw when approving: how many claims, and how much together."""

    claims: int
    won: Won


def unclaimed(assessed: Mapping[tuple[Month, int], Won], claimed: Mapping[tuple[Month, int], Won]) -> Counter[int]:
    """Merchant id -> won assessed over all months less won claimed over all months; below 0 where too much was.

    Both are by month and merchant id. No month is claimed beyond it: an order told again in another month is paid once.
    """
    left: Counter[int] = Counter()
    for (_, merchant_id), won in assessed.items():
        left[merchant_id] += won
    for (_, merchant_id), won in claimed.items():
        left[merchant_id] -= won
    return left


def recoverable(
    assessed: Mapping[tuple[Month, int], Won], claimed: Mapping[tuple[Month, int], Won]
) -> dict[tuple[Month, int], Won]:
    """What each month was claimed too much for, up to what its merchant is over in all months; last months first."""
    left, found = unclaimed(assessed, claimed), {}
    for (month, merchant_id), won in sorted(claimed.items(), reverse=True):
        over = min(won - assessed.get((month, merchant_id), 0), -left[merchant_id])
        if over > 0:
            found[month, merchant_id] = over
            left[merchant_id] += over
    return found

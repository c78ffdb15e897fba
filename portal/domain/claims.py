"""A monthly reimbursement claim: drawn up from settlement lines, approved by another person, then paid."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from portal.domain.actors import Role
from portal.domain.lifecycle import Lifecycle, Step
from portal.domain.money import Won


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
        Step(S.APPROVED, "schedule", S.IN_PAYMENT, R.PAYER, apart_from=("draw_up", "approve")),
        Step(S.IN_PAYMENT, "unschedule", S.APPROVED, R.PAYER),
        Step(S.IN_PAYMENT, "settle", S.PAID, R.PAYER),
        Step(S.IN_PAYMENT, "fail", S.PAYMENT_FAILED, R.PAYER),
        Step(S.PAYMENT_FAILED, "reopen", S.APPROVED, R.PAYER),
    ),
)


@dataclass(frozen=True, slots=True)
class ShownClaims:
    """What an approver saw when approving: how many claims, and how much together."""

    claims: int
    won: Won

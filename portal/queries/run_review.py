"""What a releaser looks at before money leaves: by bank, the largest, and what is otherwise than in the last run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.domain.payments import GROWN, PaymentStatus
from portal.models.payments import Payment, PaymentRun
from portal.queries import payments

LARGEST = 5
Key = tuple[int | None, int | None]  # of a payee, see Claim.payee_key


@dataclass(frozen=True, slots=True)
class Difference:
    """One payment that is not as in the last run. `signs`: "new", "changed", "bounced", "grown", "held".

    `before`: won then.
    """

    payment: Payment
    signs: tuple[str, ...]
    before: int
    held: str


@dataclass(frozen=True, slots=True)
class Review:
    """`by_bank`: bank code -> payments and won. `last`: the run that this one is compared with; `gone`: payees of it
    that this one does not pay.
    """

    by_bank: Mapping[str, tuple[int, int]]
    largest: Sequence[Payment]
    last: PaymentRun | None
    differences: Sequence[Difference]
    gone: int

    def count(self, sign: str) -> int:
        return sum(sign in each.signs for each in self.differences)


def review(session: Session, run: PaymentRun) -> Review:
    """A run against the last one of its programme; payments that were held back are left out."""
    leaving = [payment for payment in run.payments if payment.status is not PaymentStatus.HELD]
    last, held = payments.last_run_before(session, run), payments.held_before(session, run)
    before = _by_payee(last)
    by_bank: dict[str, tuple[int, int]] = {}
    for payment in leaving:
        count, won = by_bank.get(payment.bank_code, (0, 0))
        by_bank[payment.bank_code] = (count + 1, won + payment.amount)
    found = [_difference(payment, before, held, compared=last is not None) for payment in leaving]
    here = {payment.claim.payee_key for payment in leaving}
    return Review(
        by_bank=dict(sorted(by_bank.items())),
        largest=sorted(leaving, key=lambda payment: -payment.amount)[:LARGEST],
        last=last,
        differences=[each for each in found if each.signs],
        gone=len(before.keys() - here),
    )


def _by_payee(run: PaymentRun | None) -> dict[Key, list[Payment]]:
    found: dict[Key, list[Payment]] = {}
    for payment in run.payments if run else ():
        if payment.status is not PaymentStatus.HELD:
            found.setdefault(payment.claim.payee_key, []).append(payment)
    return found


def _difference(
    payment: Payment, before: Mapping[Key, list[Payment]], held: Mapping[int, str], *, compared: bool
) -> Difference:
    earlier = before.get(payment.claim.payee_key, [])
    won = max((each.amount for each in earlier), default=0)
    ended = {(each.bank_code, each.account_number): each.status for each in earlier}
    account = payment.bank_code, payment.account_number
    signs = {
        "new": compared and not earlier,
        "changed": bool(earlier) and account not in ended,
        "bounced": ended.get(account) in (PaymentStatus.REFUSED, PaymentStatus.RETURNED),
        "grown": bool(earlier) and payment.amount > GROWN * won,
        "held": payment.claim_id in held,
    }
    return Difference(payment, tuple(s for s, shown in signs.items() if shown), won, held.get(payment.claim_id, ""))

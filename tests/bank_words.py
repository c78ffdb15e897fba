"""What a bank says of a payment, for tests: the right words unless told otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from portal.domain.bank_orders import Order, Outcome, Word

ON = date(2026, 6, 15)


def word(order: Order, outcome: Outcome, **other: Any) -> Word:
    """About this order, its amount and its account."""
    said = Word(
        outcome,
        reference=order.reference,
        amount=order.amount,
        bank_code=order.bank_code,
        account_number=order.account_number,
        bank_reference="BK1",
        reason={Outcome.REFUSED: "ACCOUNT_CLOSED", Outcome.RETURNED: "RETURNED"}.get(outcome, ""),
        executed_on=ON if outcome in (Outcome.DONE, Outcome.RETURNED) else None,
    )
    return replace(said, **other)

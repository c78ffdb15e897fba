"""What the bank says of a payment, in the form agreed with it (docs/reference/bank-api.md); all else is no answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from portal.domain.bank_orders import Outcome, Word

_SAID = {
    "done": Outcome.DONE,
    "refused": Outcome.REFUSED,
    "accepted": Outcome.ACCEPTED,
    "returned": Outcome.RETURNED,
    "never_heard": Outcome.NEVER_HEARD,
}


def read(body: bytes) -> Word:
    """An answer or a call of the bank as it was agreed; NO_ANSWER for anything else."""
    try:
        told = json.loads(body)
        outcome = _SAID[told["status"]]
        if outcome is Outcome.NEVER_HEARD:
            return Word(outcome, reference=_text(told, "id"))
        amount, on = told["amount"], told.get("executed_on") or None
        if type(amount) is not int or amount <= 0:
            return Word(Outcome.NO_ANSWER)
        word = Word(
            outcome,
            reference=_text(told, "id"),
            amount=amount,
            bank_code=_text(told, "bank_code"),
            account_number=_text(told, "account_number"),
            bank_reference=_text(told, "bank_reference"),
            reason=_text(told, "reason"),
            executed_on=date.fromisoformat(on) if on else None,
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Word(Outcome.NO_ANSWER)
    paid_without_a_day = outcome in (Outcome.DONE, Outcome.RETURNED) and word.executed_on is None
    return Word(Outcome.NO_ANSWER) if paid_without_a_day or not word.reference else word


def _text(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name) or ""
    if not isinstance(value, str):
        raise TypeError(name)
    return value

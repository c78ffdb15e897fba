"""How a merchant takes over the account that an official opened for them: with a code printed on the receipt letter.

The code is used once, ends after some weeks, and is kept as a hash alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

LASTS = timedelta(days=30)  # a letter that lies longer is asked for again at the office


@dataclass(frozen=True, slots=True)
class TakeOver:
    """What the merchant types: the code and the business number of the letter, and a login of their own."""

    code: str = field(repr=False)
    business_number: str
    login: str
    password: str = field(repr=False)


def is_open(*, expires_at: datetime, used_at: datetime | None, replaced_at: datetime | None, at: datetime) -> bool:
    """Whether a code still opens the account: not used, not replaced by a newer letter's, not too old."""
    return used_at is None and replaced_at is None and at < expires_at

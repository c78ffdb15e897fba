"""What an outside register said of a business at a moment: whether it trades (국세청), whose an account is (실명조회).

A register that is off or down has said nothing: that is provisional (확인 예정), and never "closed".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

CLOSED = "BUSINESS_CLOSED"  # why a payment was held back
AGAIN = timedelta(minutes=10)  # after a register that did not answer
DAILY = timedelta(days=1)  # while a case is open


class SnapshotKind(StrEnum):
    TAX_STATUS = "tax_status"
    ACCOUNT_HOLDER = "account_holder"


class SnapshotAnswer(StrEnum):
    ACTIVE = "active"  # 계속사업자
    SUSPENDED = "suspended"  # 휴업자
    CLOSED = "closed"  # 폐업자
    UNREGISTERED = "unregistered"
    MATCHES = "matches"  # the account is the holder's who was stated
    DIFFERS = "differs"  # it is somebody else's
    NO_ACCOUNT = "no_account"
    UNAVAILABLE = "unavailable"  # nobody answered, or not in the agreed form


@dataclass(frozen=True, slots=True)
class RegisterAccess:
    """Where a register listens and the key it knows us by; how long it is waited for."""

    url: str
    key: str = field(repr=False)
    wait: timedelta = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class TaxAnswer:
    """What the tax office said of one number. `closed_on`: where it is closed."""

    answer: SnapshotAnswer
    closed_on: date | None = None


def tax_status(said: SnapshotAnswer, closed_on: date | None, *, on: date) -> str | None:
    """The tax office's own code (b_stt_cd) for a business on a day, from what it said close to that day.

    None where that does not tell: it knows no such number, or the business closed after that day.
    """
    if said is SnapshotAnswer.CLOSED and closed_on is not None and closed_on > on:
        return None
    return {SnapshotAnswer.ACTIVE: "01", SnapshotAnswer.SUSPENDED: "02", SnapshotAnswer.CLOSED: "03"}.get(said)


@dataclass(frozen=True, slots=True)
class Heard:
    """What one call brought: answers by business number, and the SHA-256 of the bytes they were read from."""

    answers: dict[str, TaxAnswer]
    raw_sha256: str | None


@dataclass(frozen=True, slots=True)
class AccountQuestion:
    """Whose account is this? `about`: the account's blind index, by which the answer is found again."""

    merchant_id: int
    about: str
    bank_code: str
    account_number: str = field(repr=False)
    holder: str = field(repr=False)
    business_number: str


def same_name(stated: str, registered: str) -> bool:
    """Whether two spellings are one name: without spaces and the marks of a legal form, and without capitals."""
    return bool(_plain(stated)) and _plain(stated) == _plain(registered)


def _plain(name: str) -> str:
    for mark in ("주식회사", "(주)", "㈜", "유한회사", "(유)"):
        name = name.replace(mark, "")
    return "".join(name.split()).casefold()

"""What a new application takes over from the portal's own records, so that nothing is asked twice.

민원처리법 제10조제3항·제7항: papers that were handed in before are not asked for again. How long one serves is
dated data (document_validity.csv).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

PLAN, PHONE = "plan", "contact_phone"  # fields; papers stand as `file-<code>`


@dataclass(frozen=True, slots=True)
class Validity:
    """For how many days after it was handed in a paper of this code serves again, and since when that is the rule."""

    code: str
    days: int
    since: date
    note: str


def load_validity(text: str) -> tuple[Validity, ...]:
    """Columns code, days, valid_from, note."""
    rows = csv.DictReader(io.StringIO(text))
    return tuple(
        Validity(row["code"], int(row["days"]), date.fromisoformat(row["valid_from"]), row["note"]) for row in rows
    )


def serves_again(rules: Sequence[Validity], code: str, handed_in_on: date, on: date) -> bool:
    """Whether a paper handed in on one day still serves on another; what no rule names is asked for anew."""
    found = [rule for rule in rules if rule.code == code and rule.since <= on]
    if not found:
        return False
    newest = max(found, key=lambda rule: rule.since)
    return on <= handed_in_on + timedelta(days=newest.days)


def field_of(code: str) -> str:
    """The name of a paper's box."""
    return f"file-{code}"

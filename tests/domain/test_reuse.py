"""How long a paper that was handed in before serves again."""

from __future__ import annotations

from datetime import date

import pytest

from portal import data
from portal.domain.reuse import load_validity, serves_again

RULES = load_validity(
    "code,days,valid_from,note\n"
    "bankbook,400,2020-01-01,\n"
    "bankbook,10,2026-06-01,\n"
    "business_registration,365,2020-01-01,\n"
)


@pytest.mark.parametrize(
    ("code", "handed_in", "on", "expected"),
    [
        ("business_registration", date(2025, 6, 15), date(2026, 6, 15), True),  # the last day
        ("business_registration", date(2025, 6, 14), date(2026, 6, 15), False),
        ("bankbook", date(2026, 5, 1), date(2026, 5, 31), True),  # under the older rule
        ("bankbook", date(2026, 5, 1), date(2026, 6, 1), False),  # under the newer one
        ("sales_proof", date(2026, 6, 14), date(2026, 6, 15), False),  # no rule: asked for anew
    ],
)
def test_a_paper_serves_as_long_as_the_rule_of_the_day_says(
    code: str, handed_in: date, on: date, expected: bool
) -> None:
    assert serves_again(RULES, code, handed_in, on) is expected


def test_the_rules_shipped_can_be_read_and_say_that_they_are_examples() -> None:
    assert {rule.code for rule in data.document_validity()} >= {"business_registration", "bankbook"}
    assert all("예시" in rule.note for rule in data.document_validity())

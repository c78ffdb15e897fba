"""Standing in for a merchant: how long a mandate lets its holder act, what it opens, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from portal.domain.actors import Actor, ActsFor, Capacity, Role, roles_clashing
from portal.domain.mandates import GiveMandate, MandateStatus, Paper, longest_until, problems_in, stands
from portal.domain.permissions import Permission

S = MandateStatus
ON = date(2026, 6, 15)
PAPER = Paper("위임장.pdf", "application/pdf", b"%PDF-")
CLERK = Actor(1, 1, "읍직원", frozenset({Role.CLERK}), organisation_id=1)


@pytest.mark.parametrize(
    ("status", "until", "expected"),
    [
        (S.ACTIVE, date(2026, 6, 15), True),  # the last day is included
        (S.ACTIVE, date(2026, 6, 14), False),
        (S.REVOKED, date(2026, 12, 31), False),
        (S.ENDED, date(2026, 12, 31), False),
    ],
)
def test_a_mandate_stands_until_its_last_day_unless_it_was_ended(
    status: MandateStatus, until: date, expected: bool
) -> None:
    assert stands(status, until, ON) is expected


@pytest.mark.parametrize(
    ("command", "codes"),
    [
        (GiveMandate(1, "a@example.kr", ON, PAPER), []),
        (GiveMandate(1, "a@example.kr", date(2029, 6, 15), PAPER), []),
        (GiveMandate(1, "a@example.kr", date(2029, 6, 16), PAPER), ["mandate_until"]),
        (GiveMandate(1, "a@example.kr", date(2026, 6, 14), PAPER), ["mandate_until"]),
        (GiveMandate(1, " ", ON, PAPER), ["required"]),
        (GiveMandate(1, "a@example.kr", ON, replace(PAPER, content=b"")), ["file_required"]),
    ],
)
def test_a_power_of_attorney_needs_a_paper_an_agent_and_a_day(command: GiveMandate, codes: list[str]) -> None:
    assert [problem.code for problem in problems_in(command, ON)] == codes


def test_three_years_after_a_leap_day_is_the_last_of_february() -> None:
    assert longest_until(date(2028, 2, 29)) == date(2031, 2, 28)


def test_a_clerk_may_enter_look_at_anothers_entry_and_nothing_else_until_a_consent_opens_the_merchants_pages() -> None:
    opened = {Permission.APPLICATION_OWN, Permission.LETTER_OWN, Permission.MERCHANT_OWN}
    alone = {Permission.PROXY_CONFIRM, Permission.PROXY_ENTER, Permission.ACCOUNT_OWN}
    by_consent = replace(CLERK, acts_for=ActsFor(1, 1, Capacity.CONSENT, "구례식당"))
    assert {each for each in Permission if CLERK.may(each)} == alone
    assert {each for each in Permission if by_consent.may(each)} == alone | opened


def test_who_is_no_clerk_any_more_has_nothing_of_an_old_consent() -> None:
    former = replace(CLERK, roles=frozenset(), acts_for=ActsFor(1, 1, Capacity.CONSENT, "구례식당"))
    assert not any(former.may(each) for each in Permission)


def test_an_auditor_does_not_enter() -> None:
    assert roles_clashing({Role.AUDITOR, Role.CLERK})
    assert not roles_clashing({Role.REVIEWER, Role.CLERK})

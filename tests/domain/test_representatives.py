"""Who is the same person, and what is wrong with naming a joint representative."""

from __future__ import annotations

from datetime import date

import pytest

from portal.domain.representatives import MOST, AddRepresentative, identity_of, problems_in

ON = date(2026, 6, 15)
BORN = date(1970, 5, 6)


def test_blanks_in_a_name_make_nobody_else_and_another_birthday_does() -> None:
    assert identity_of("이 공동 ", BORN) == identity_of("이공동", BORN)
    assert identity_of("이공동", BORN) != identity_of("이공동", date(1970, 5, 7))
    assert identity_of("이공동", BORN) != identity_of("김공동", BORN)


@pytest.mark.parametrize(
    ("command", "known", "codes"),
    [
        (AddRepresentative("이공동", BORN), MOST - 1, []),
        (AddRepresentative("이공동", BORN), MOST, ["representatives_too_many"]),
        (AddRepresentative("이공동", date(2026, 6, 16)), 0, ["date_in_future"]),
        (AddRepresentative("  ", BORN), 0, ["required"]),
        (AddRepresentative("이" * 201, BORN), 0, ["too_long"]),
    ],
)
def test_a_representative_has_a_name_and_a_past_birthday(
    command: AddRepresentative, known: int, codes: list[str]
) -> None:
    assert [problem.code for problem in problems_in(command, ON, known=known)] == codes

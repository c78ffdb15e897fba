"""A code opens an account until it is used, replaced or too old."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from portal.domain.activations import LASTS, is_open

AT = datetime(2026, 6, 15, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("used_at", "replaced_at", "at", "expected"),
    [
        (None, None, AT, True),
        (None, None, AT + LASTS - timedelta(seconds=1), True),
        (None, None, AT + LASTS, False),
        (AT, None, AT, False),
        (None, AT, AT, False),
    ],
)
def test_a_code_is_open_once_for_a_while(
    used_at: datetime | None, replaced_at: datetime | None, at: datetime, expected: bool
) -> None:
    assert is_open(expires_at=AT + LASTS, used_at=used_at, replaced_at=replaced_at, at=at) is expected

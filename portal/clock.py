"""The only place that asks what time it is; everything else is told (`at`, aware and UTC; `on`, a Korean date)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from portal.domain.periods import korean_date

_shift = timedelta()


def shift(by: timedelta) -> None:
    """Lets a demo live in the months its data tells of, whatever the date outside. Called once by create_app."""
    global _shift  # noqa: PLW0603 (one process, one clock)
    _shift = by


def now() -> datetime:
    return datetime.now(UTC) + _shift


def today() -> date:
    return korean_date(now())

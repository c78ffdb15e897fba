"""The only place that asks what time it is; everything else is told (`at`, aware and UTC; `on`, a Korean date)."""

from __future__ import annotations

from datetime import UTC, date, datetime

from portal.domain.periods import korean_date


def now() -> datetime:
    return datetime.now(UTC)


def today() -> date:
    return korean_date(now())

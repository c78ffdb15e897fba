"""Calendar periods of an order as whole numbers, which group and join faster than text."""

from __future__ import annotations

from typing import Any

import ibis

from portal.domain.kinds import CapPer


def month(at: Any) -> Any:
    """`202603` for March 2026."""
    return (at.year() * 100 + at.month()).cast("int32")


def period(per: Any, at: Any) -> Any:
    """The day, month, half-year (January to June, July to December) or year of `at`; 0 for the whole programme."""
    return ibis.cases(
        (per == str(CapPer.DAY), month(at) * 100 + at.day()),
        (per == str(CapPer.MONTH), month(at)),
        (per == str(CapPer.HALF_YEAR), at.year() * 10 + (at.month() > 6).cast("int32")),
        (per == str(CapPer.YEAR), at.year()),
        else_=0,
    ).cast("int32")

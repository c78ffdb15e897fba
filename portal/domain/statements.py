"""What a platform says it reported for a month, beside what is stored of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from portal.domain.periods import Month
from portal.domain.settlements import WON_COLUMNS

# Completed and cancelled orders, each counted once by its newest line, and won over the completed ones.
FIGURES = ("orders", "cancelled", *WON_COLUMNS)
BY_PROGRAM = "API"  # the source of what a platform's program states
BY_PERSON = "플랫폼 담당자"  # and of what its people state


@dataclass(frozen=True, slots=True)
class StateMonth:
    """A platform's own figures for a month, by name of FIGURES; what it does not state is not compared."""

    period: Month
    figures: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Comparison:
    """`differences`: stated less stored, for every figure that was stated and is not the same."""

    period: Month
    stated_at: datetime
    stated: Mapping[str, int]
    stored: Mapping[str, int]

    @property
    def differences(self) -> dict[str, int]:
        apart = {name: value - self.stored[name] for name, value in self.stated.items()}
        return {name: by for name, by in apart.items() if by != 0}

    @property
    def agrees(self) -> bool:
        return not self.differences

"""Whether an official has an interest in a case: said before acting on it (이해충돌방지법; 제척·기피·회피)."""

from __future__ import annotations

from dataclasses import dataclass

MIN_REASON = 5  # characters: an auditor must be able to follow it


@dataclass(frozen=True, slots=True)
class Declaration:
    """`has_interest` with a `reason`, or none. An interest once declared stands for good."""

    has_interest: bool
    reason: str = ""


NO_INTEREST = Declaration(has_interest=False)

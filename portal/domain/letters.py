"""Letters to merchants: what kinds there are."""

from __future__ import annotations

from enum import StrEnum


class LetterKind(StrEnum):
    DECISION = "decision"
    REJECTION = "rejection"
    SUPPLEMENT = "supplement"
    PAYMENT = "payment"

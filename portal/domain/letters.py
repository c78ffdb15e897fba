"""Letters to merchants: what kinds there are."""

from __future__ import annotations

from enum import StrEnum


class LetterKind(StrEnum):
    DECISION = "decision"
    REJECTION = "rejection"
    SUPPLEMENT = "supplement"
    PAYMENT = "payment"
    RECOVERY_NOTICE = "recovery_notice"
    RECOVERY_ORDER = "recovery_order"
    RECOVERY_INSTALMENTS = "recovery_instalments"
    RECOVERY_CLOSED = "recovery_closed"
    PAYMENT_RETURNED = "payment_returned"
    ACCOUNT_CHANGE = "account_change"
    RESERVED = "reserved"
    DECISION_CHANGED = "decision_changed"
    OBJECTION_EXTENDED = "objection_extended"
    OBJECTION_RESULT = "objection_result"
    EXTENSION = "extension"
    EXTENSION_ASKED = "extension_asked"
    SUPPLEMENT_EXTENDED = "supplement_extended"
    STATUS_NOTICE = "status_notice"
    RETURNED = "returned"
    RECEIPT = "receipt"

"""A recovery (환수): money that comes back, from a merchant or from a firm for what it invoiced; and what is asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from portal.domain.actors import Role
from portal.domain.lifecycle import Lifecycle, Step
from portal.domain.money import Won
from portal.domain.periods import Month
from portal.domain.recovery_rates import Cause

MAX_TEXT = 2000
MIN_REASON = 10  # characters: whoever is to pay money back learns why
MAX_REFERENCE = 60
MAX_DAYS = 180  # longest period that a notice or an order may give


class RecoveryStatus(StrEnum):
    OPENED = "opened"
    NOTICED = "noticed"
    ANSWERED = "answered"
    HEARD = "heard"
    DRAFTED = "drafted"
    ORDERED = "ordered"
    INSTALMENTS_PROPOSED = "instalments_proposed"
    IN_INSTALMENTS = "in_instalments"
    WRITE_OFF_PROPOSED = "write_off_proposed"
    SETTLED = "settled"
    WRITTEN_OFF = "written_off"
    DROPPED = "dropped"
    WITHDRAWN = "withdrawn"


class Origin(StrEnum):
    """How the office came to know."""

    CORRECTED = "corrected"  # later platform data
    AUDIT = "audit"
    OWN_NOTICE = "own_notice"  # 자진 신고


class ChargeKind(StrEnum):
    PRINCIPAL = "principal"
    INTEREST = "interest"
    SURCHARGE = "surcharge"
    LATE = "late"


class ReceiptKind(StrEnum):
    CASH = "cash"
    NETTED = "netted"
    WRITTEN_OFF = "written_off"


S, R = RecoveryStatus, Role

LIFECYCLE = Lifecycle(
    "recovery",
    S.OPENED,
    (
        Step(S.OPENED, "notify", S.NOTICED, R.REVIEWER),
        Step(S.NOTICED, "answer", S.ANSWERED, R.MERCHANT),
        Step(S.NOTICED, "hear", S.HEARD, R.REVIEWER),  # nobody answered in time
        Step(S.ANSWERED, "hear", S.HEARD, R.REVIEWER),
        Step(S.HEARD, "draft", S.DRAFTED, R.REVIEWER),
        Step(S.OPENED, "draft_credit", S.DRAFTED, R.REVIEWER),  # from a firm, of an invoice
        Step(S.DRAFTED, "send_back", S.HEARD, R.APPROVER),
        Step(S.DRAFTED, "order", S.ORDERED, R.APPROVER, apart_from=("draft", "draft_credit")),
        *(
            Step(status, "drop", S.DROPPED, R.APPROVER, apart_from=("open", "draft"))
            for status in (S.OPENED, S.NOTICED, S.ANSWERED, S.HEARD, S.DRAFTED)
        ),
        Step(S.ORDERED, "propose_instalments", S.INSTALMENTS_PROPOSED, R.REVIEWER),
        Step(
            S.INSTALMENTS_PROPOSED,
            "approve_instalments",
            S.IN_INSTALMENTS,
            R.APPROVER,
            apart_from=("propose_instalments",),
        ),
        Step(S.INSTALMENTS_PROPOSED, "refuse_instalments", S.ORDERED, R.APPROVER),
        Step(S.ORDERED, "propose_write_off", S.WRITE_OFF_PROPOSED, R.REVIEWER),
        Step(S.IN_INSTALMENTS, "propose_write_off", S.WRITE_OFF_PROPOSED, R.REVIEWER),
        Step(S.WRITE_OFF_PROPOSED, "write_off", S.WRITTEN_OFF, R.APPROVER, apart_from=("propose_write_off",)),
        Step(S.WRITE_OFF_PROPOSED, "keep", S.ORDERED, R.APPROVER),
        # 이의신청 인용: whoever ordered does not judge the appeal against it.
        *(
            Step(status, "withdraw", S.WITHDRAWN, R.APPROVER, apart_from=("draft", "order"))
            for status in (S.ORDERED, S.INSTALMENTS_PROPOSED, S.IN_INSTALMENTS, S.WRITE_OFF_PROPOSED)
        ),
        *(
            Step(status, "settle", S.SETTLED, None)
            for status in (S.ORDERED, S.INSTALMENTS_PROPOSED, S.IN_INSTALMENTS, S.WRITE_OFF_PROPOSED)
        ),
    ),
)

BEFORE_ORDER = (S.OPENED, S.NOTICED, S.ANSWERED, S.HEARD, S.DRAFTED)
DUE = (S.ORDERED, S.INSTALMENTS_PROPOSED, S.IN_INSTALMENTS, S.WRITE_OFF_PROPOSED)  # money is awaited
LIVING = (*BEFORE_ORDER, *DUE)
DEMANDED = (*DUE, S.SETTLED, S.WRITTEN_OFF, S.WITHDRAWN)  # an order was issued
VOID = (S.DROPPED, S.WITHDRAWN)  # nothing is asked back any more, as if nothing had been


# A firm answers for its invoice: nobody hears it, sends it letters of instalments or takes its objection.
NOT_WITH_FIRMS = ("notify", "send_back", "propose_instalments", "withdraw")


@dataclass(frozen=True, slots=True)
class OpenRecovery:
    """A case about what one merchant was paid for one month of a programme (its code)."""

    programme: str
    merchant_id: int
    period: Month
    amount: Won
    cause: Cause
    origin: Origin
    reason: str


@dataclass(frozen=True, slots=True)
class OwnNotice:
    """What a merchant says of a month of theirs (a claim of it): how much too much, and why."""

    claim_id: int
    amount: Won
    reason: str


@dataclass(frozen=True, slots=True)
class PriorNotice:
    """사전통지: the intended recovery and how many days one may give an opinion."""

    days: int
    reason: str


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the merchant answers; `agrees` where they have nothing against it."""

    text: str
    agrees: bool = False


@dataclass(frozen=True, slots=True)
class DraftOrder:
    """환수 결정안. `days`: how long one has to pay; `waive_surcharge`: small, once, returned at once."""

    amount: Won
    cause: Cause
    reason: str
    days: int
    waive_surcharge: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """Money in: the bank's reference names it for ever."""

    amount: Won
    reference: str
    received_on: date


@dataclass(frozen=True, slots=True)
class Instalment:
    """One payment of a schedule (분할 납부)."""

    due_on: date
    amount: Won


@dataclass(frozen=True, slots=True)
class ProposeWriteOff:
    """결손: why nothing more is to be had, and the document that shows it."""

    reason: str
    filename: str
    media_type: str
    content: bytes = field(repr=False)

"""Payment runs and the payments in them: prepared by one person, released by another, settled by the bank's word."""

from __future__ import annotations

from enum import StrEnum

from portal.domain.actors import Role
from portal.domain.lifecycle import Lifecycle, Step


class RunStatus(StrEnum):
    PREPARED = "prepared"
    RELEASED = "released"
    SETTLED = "settled"
    CANCELLED = "cancelled"


class PaymentStatus(StrEnum):
    PREPARED = "prepared"
    INSTRUCTED = "instructed"
    DONE = "done"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"


_R, _P, R = RunStatus, PaymentStatus, Role

RUN_LIFECYCLE = Lifecycle(
    "payment_run",
    _R.PREPARED,
    (
        Step(_R.PREPARED, "release", _R.RELEASED, R.PAYER, apart_from=("prepare",)),
        Step(_R.PREPARED, "cancel", _R.CANCELLED, R.PAYER),
        Step(_R.RELEASED, "settle", _R.SETTLED, R.PAYER),
    ),
)

# `unknown` leaves only by the bank's own evidence (invariant I5); it is never sent again.
PAYMENT_LIFECYCLE = Lifecycle(
    "payment",
    _P.PREPARED,
    (
        Step(_P.PREPARED, "instruct", _P.INSTRUCTED, R.PAYER),
        Step(_P.PREPARED, "cancel", _P.CANCELLED, R.PAYER),
        Step(_P.PREPARED, "net", _P.DONE, R.PAYER),  # recoveries take all of it: the bank has nothing to move
        Step(_P.INSTRUCTED, "confirm", _P.DONE, R.PAYER),
        Step(_P.INSTRUCTED, "refuse", _P.REFUSED, R.PAYER),
        Step(_P.INSTRUCTED, "lose_sight", _P.UNKNOWN, R.PAYER),
        Step(_P.UNKNOWN, "confirm", _P.DONE, R.PAYER),
        Step(_P.UNKNOWN, "refuse", _P.REFUSED, R.PAYER),
    ),
)

LIVE = (_P.PREPARED, _P.INSTRUCTED, _P.DONE, _P.UNKNOWN)
FINAL = (_P.DONE, _P.REFUSED)

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
    HELD = "held"
    INSTRUCTED = "instructed"
    SENDING = "sending"
    ACCEPTED = "accepted"
    DONE = "done"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    VOIDED = "voided"
    RETURNED = "returned"
    CANCELLED = "cancelled"


class Channel(StrEnum):
    """How the bank is told of a run: by a file that a person hands over, or by the portal itself."""

    CSV = "csv"  # docs/reference/bank-file.md
    PAIN001 = "pain001"  # ISO 20022
    API = "api"  # docs/reference/bank-api.md


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

# `sending` is committed before the bank is asked, so that nothing leaves twice; `put_back` only where nothing left.
# `unknown` leaves only by the bank's own evidence (invariant I5) and is never sent again: it may be voided once the
# bank has said, long enough after the sending, that it never heard of it.
PAYMENT_LIFECYCLE = Lifecycle(
    "payment",
    _P.PREPARED,
    (
        Step(_P.PREPARED, "hold", _P.HELD, R.PAYER),
        Step(_P.PREPARED, "instruct", _P.INSTRUCTED, R.PAYER),
        Step(_P.PREPARED, "cancel", _P.CANCELLED, R.PAYER),
        Step(_P.INSTRUCTED, "send", _P.SENDING, R.PAYER),
        Step(_P.PREPARED, "net", _P.DONE, R.PAYER),  # recoveries take all of it: the bank has nothing to move
        Step(_P.INSTRUCTED, "confirm", _P.DONE, R.PAYER),
        Step(_P.INSTRUCTED, "refuse", _P.REFUSED, R.PAYER),
        Step(_P.INSTRUCTED, "lose_sight", _P.UNKNOWN, R.PAYER),
        Step(_P.SENDING, "put_back", _P.INSTRUCTED, R.PAYER),
        Step(_P.SENDING, "accept", _P.ACCEPTED, R.PAYER),
        Step(_P.SENDING, "confirm", _P.DONE, R.PAYER),
        Step(_P.SENDING, "refuse", _P.REFUSED, R.PAYER),
        Step(_P.SENDING, "lose_sight", _P.UNKNOWN, R.PAYER),
        Step(_P.ACCEPTED, "confirm", _P.DONE, R.PAYER),
        Step(_P.ACCEPTED, "refuse", _P.REFUSED, R.PAYER),
        Step(_P.UNKNOWN, "accept", _P.ACCEPTED, R.PAYER),
        Step(_P.UNKNOWN, "confirm", _P.DONE, R.PAYER),
        Step(_P.UNKNOWN, "refuse", _P.REFUSED, R.PAYER),
        Step(_P.UNKNOWN, "void", _P.VOIDED, R.PAYER),
        Step(_P.DONE, "return", _P.RETURNED, R.PAYER),
    ),
)

LIVE = (_P.PREPARED, _P.INSTRUCTED, _P.SENDING, _P.ACCEPTED, _P.UNKNOWN, _P.DONE)
ON_THE_WAY = tuple(status for status in LIVE if status is not _P.DONE)  # what is done is in the ledger
OUT = (_P.CANCELLED, _P.HELD)  # never left the office
FINAL = (_P.DONE, _P.REFUSED, _P.VOIDED, _P.RETURNED, *OUT)
PAID_OUT = (_P.DONE, _P.RETURNED)  # the bank confirmed it once
GROWN = 3  # times what a payee got in the last run: looked at twice

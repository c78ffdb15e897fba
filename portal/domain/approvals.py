"""Who may approve up to how much (위임전결), and what an approval was given for.

A band gives one official, or all who hold a title, a matter up to an amount between two dates. The narrowest band that
covers the amount decides; where an organisation has no band for a matter, its role alone decides.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from portal.domain.actors import Role
from portal.domain.lifecycle import Lifecycle, Step
from portal.domain.money import Won


class Matter(StrEnum):
    """What is approved: a grant, the claims of a month together, a payment run, an order to pay back, giving it up,
    the answer to an objection.
    """

    DECISION = "decision"
    CLAIMS = "claims"
    PAYMENT_RUN = "payment_run"
    RECOVERY_ORDER = "recovery_order"
    WRITE_OFF = "write_off"
    OBJECTION = "objection"


ROLE_OF = {
    Matter.DECISION: Role.APPROVER,
    Matter.CLAIMS: Role.APPROVER,
    Matter.PAYMENT_RUN: Role.PAYER,
    Matter.RECOVERY_ORDER: Role.APPROVER,
    Matter.WRITE_OFF: Role.APPROVER,
    Matter.OBJECTION: Role.APPROVER,
}


class BandStatus(StrEnum):
    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    ENDING = "ending"
    ENDED = "ended"
    REFUSED = "refused"


S, R = BandStatus, Role
COUNTING = (S.IN_FORCE, S.ENDING)  # a band still binds while its end waits for the second person

# Taking a band away lets people approve more, as giving one may: both take two persons.
BAND_LIFECYCLE = Lifecycle(
    "approval_band",
    S.PROPOSED,
    (
        Step(S.PROPOSED, "confirm", S.IN_FORCE, R.ADMINISTRATOR, apart_from=("propose",), or_by=R.MANAGER),
        Step(S.PROPOSED, "refuse", S.REFUSED, R.ADMINISTRATOR, or_by=R.MANAGER),
        Step(S.IN_FORCE, "ask_end", S.ENDING, R.ADMINISTRATOR),
        Step(S.ENDING, "confirm", S.ENDED, R.ADMINISTRATOR, apart_from=("ask_end",), or_by=R.MANAGER),
        Step(S.ENDING, "refuse", S.IN_FORCE, R.ADMINISTRATOR, or_by=R.MANAGER),
    ),
)


@dataclass(frozen=True, slots=True)
class ProposeBand:
    """`up_to` None: without limit. Either `title` or `account_id` says whose band it is; `valid_to` None: for good."""

    matter: Matter
    up_to: Won | None
    title: str
    account_id: int | None
    valid_from: date
    valid_to: date | None


class _Band(Protocol):
    @property
    def up_to(self) -> Won | None: ...


B = TypeVar("B", bound=_Band)


def deciding(bands: Sequence[B], won: Won) -> list[B]:
    """The narrowest of the bands that cover the amount, all of that width; none where every one ends below it."""
    covering = [band for band in bands if band.up_to is None or band.up_to >= won]
    if not covering:
        return []
    narrowest = min((band.up_to for band in covering if band.up_to is not None), default=None)
    return [band for band in covering if band.up_to == narrowest]


def content_hash(content: Any) -> str:
    """SHA-256 of what was approved, in one spelling: the approval counts as long as the record still says the same."""
    spelled = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(spelled.encode()).hexdigest()

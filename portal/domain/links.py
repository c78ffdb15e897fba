"""The tie between a merchant and a store at a partner platform, valid between two dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.domain.actors import Role
from portal.domain.lifecycle import Lifecycle, Step


class LinkStatus(StrEnum):
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    ENDED = "ended"


S, R = LinkStatus, Role

LIFECYCLE = Lifecycle(
    "link",
    S.PROPOSED,
    (
        Step(S.PROPOSED, "confirm", S.CONFIRMED, R.REVIEWER, apart_from=("propose",)),
        Step(S.PROPOSED, "refuse", S.REFUSED, R.REVIEWER),
        # The platform itself knows whose store it is: its word is worth an official's.
        Step(S.PROPOSED, "vouch", S.CONFIRMED, R.PARTNER, or_by=R.PLATFORM),
        Step(S.PROPOSED, "deny", S.REFUSED, R.PARTNER, or_by=R.PLATFORM),
        # The platform named the business number itself, and its owner applied on the strength of the platform's data.
        Step(S.PROPOSED, "match", S.CONFIRMED, None),
        Step(S.CONFIRMED, "end", S.ENDED, R.REVIEWER),
    ),
)


@dataclass(frozen=True, slots=True)
class LinkProposal:
    platform: str
    store_id: str
    valid_from: date

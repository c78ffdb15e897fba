"""A merchants' association (상인회) that applies for its members: its list, each member's consent, what becomes of it.

Whoever is handed in gets an application of their own, decided and paid like any other; the list says by whose consent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from portal.domain import identifiers
from portal.domain.actors import Role
from portal.domain.errors import Problem
from portal.domain.lifecycle import Lifecycle, Step
from portal.domain.merchants import MerchantRegistration

MOST_MEMBERS = 200  # of one list
AT_ONCE = 50  # handed in at one press of a button: each of them may need an account of its own
LONGEST = 200


class RosterStatus(StrEnum):
    DRAFT = "draft"
    HANDED_IN = "handed_in"  # members who consent later are handed in later
    WITHDRAWN = "withdrawn"


class MemberStatus(StrEnum):
    WAITING = "waiting"  # for the member's consent
    SIGNED = "signed"  # on a scanned list of signatures
    CONFIRMED = "confirmed"  # by the member's own account
    DECLINED = "declined"
    HANDED_IN = "handed_in"  # what becomes of it from here on is said by its application
    REMOVED = "removed"


class Way(StrEnum):
    """How a member consents: whoever has an account does it there, for everybody else there is the paper."""

    PAPER = "paper"
    PORTAL = "portal"


S, M, R = RosterStatus, MemberStatus, Role

LIFECYCLE = Lifecycle(
    "roster",
    S.DRAFT,
    (
        Step(S.DRAFT, "hand_in", S.HANDED_IN, R.MERCHANT),
        Step(S.HANDED_IN, "hand_in", S.HANDED_IN, R.MERCHANT),
        Step(S.DRAFT, "withdraw", S.WITHDRAWN, R.MERCHANT),
    ),
)
MEMBER_LIFECYCLE = Lifecycle(
    "roster_member",
    M.WAITING,
    (
        Step(M.WAITING, "sign", M.SIGNED, R.MERCHANT),
        Step(M.WAITING, "confirm", M.CONFIRMED, R.MERCHANT),
        Step(M.WAITING, "decline", M.DECLINED, R.MERCHANT),
        Step(M.CONFIRMED, "decline", M.DECLINED, R.MERCHANT),
        Step(M.SIGNED, "hand_in", M.HANDED_IN, R.MERCHANT),
        Step(M.CONFIRMED, "hand_in", M.HANDED_IN, R.MERCHANT),
        *(Step(status, "remove", M.REMOVED, R.MERCHANT) for status in (M.WAITING, M.SIGNED, M.CONFIRMED, M.DECLINED)),
    ),
)
READY = (M.SIGNED, M.CONFIRMED)
GONE = (M.DECLINED, M.REMOVED)
OPEN = (S.DRAFT, S.HANDED_IN)


@dataclass(frozen=True, slots=True)
class OpenRoster:
    """What an association says of itself. `number`: of its registration at the 시·군·구 (상인회 등록번호)."""

    programme: str
    association: str
    number: str
    market: str
    region_code: str
    phone: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One member as the association lists it; everything behind the name may be missing of one with an account."""

    business_number: str
    trade_name: str
    representative: str = ""
    born_on: date | None = None
    phone: str = ""
    address: str = ""
    industry_edition: int = 0
    industry_code: str = ""
    opened_on: date | None = None
    regular_workers: Decimal | None = None
    bank_code: str = ""
    account_number: str = field(default="", repr=False)
    account_holder: str = ""
    store_id: str = ""

    def registration(self, region_code: str) -> MerchantRegistration:
        """The business as it is registered where it is on record nowhere; it lies where the market does."""
        return MerchantRegistration(
            business_number=self.business_number,
            trade_name=self.trade_name,
            representative=self.representative,
            phone=self.phone,
            region_code=region_code,
            address=self.address,
            industry_edition=self.industry_edition,
            industry_code=self.industry_code,
            opened_on=self.opened_on or date.max,
            regular_workers=self.regular_workers if self.regular_workers is not None else Decimal(-1),
            sales={},
            bank_code=self.bank_code,
            account_number=self.account_number,
            account_holder=self.account_holder,
        )


def problems_in(command: OpenRoster) -> list[Problem]:
    """What is wrong with what an association says of itself; the region is looked up elsewhere."""
    texts = {name: getattr(command, name).strip() for name in ("association", "number", "market")}
    found = [Problem("required", name) for name, text in texts.items() if not text]
    found += [Problem("too_long", name) for name, text in texts.items() if len(text) > LONGEST]
    if not identifiers.is_phone(command.phone):
        found.append(Problem("phone_invalid", "phone"))
    return found


def gaps(entry: Entry, way: Way) -> Iterator[Problem]:
    """What is missing of an entry besides what registering the business asks for."""
    if not identifiers.is_business_number(entry.business_number):
        yield Problem("business_number_check", "business_number")
    if not entry.trade_name.strip():
        yield Problem("required", "trade_name")
    if way is Way.PAPER and entry.born_on is None:
        yield Problem("required", "born_on")
    for name in ("trade_name", "store_id"):
        if len(getattr(entry, name)) > LONGEST:
            yield Problem("too_long", name)

"""What the rules of signals look at: a business with what it shares with others, what it is paid, and its orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from portal.domain.money import Won
from portal.domain.periods import Month


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another business that shares something. `ours`: it applied at the organisation that looks; `offices`: the names
    of the others where it applied. `name`: its trade name, empty unless it is ours.
    """

    merchant_id: int
    person_id: int
    ours: bool
    offices: tuple[str, ...]
    name: str
    closed_on: date | None = None

    @property
    def plain(self) -> dict[str, object]:
        return {"merchant": self.merchant_id, "name": self.name, "offices": list(self.offices)}


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A living application of the same person. `programme`: its code."""

    programme: str
    title: str
    merchant_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Paying:
    """A payment by when it was prepared."""

    reference: str
    on: date


@dataclass(frozen=True, slots=True)
class Part:
    """What is claimed for a month at one platform for one item. `office`: empty for our own."""

    period: Month
    platform: str
    item: str
    programme: str
    office: str
    amount: Won


@dataclass(frozen=True, slots=True)
class Shared:
    """A file of this business that is another's too."""

    sha256: str
    neighbour: Neighbour


@dataclass(frozen=True, slots=True)
class Business:
    """`person_id`: whose it is, whichever account; `call_opened_on`: of the first call it applied to at the
    organisation; `sales`: stated yearly sales in won.
    """

    merchant_id: int
    person_id: int
    opened_on: date
    call_opened_on: date | None
    sales: Mapping[int, Won]
    same_account: Sequence[Neighbour] = ()
    same_place: Sequence[Neighbour] = ()
    closed_there: Sequence[Neighbour] = ()
    documents: Sequence[Shared] = ()
    applications: Sequence[Enrolled] = ()
    account_changes: Sequence[date] = ()
    payments: Sequence[Paying] = ()
    parts: Sequence[Part] = ()


@dataclass(frozen=True, slots=True)
class Order:
    """A completed order as it was told last. `ordered_at`: Korean time; `was_cancelled`: it was told as cancelled
    before.
    """

    platform: str
    order_no: str
    ordered_at: datetime
    amount: Won
    was_cancelled: bool = False


Orders = Mapping[Month, Sequence[Order]]  # of one business, in order of time

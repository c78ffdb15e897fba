"""An entry by proxy (대리 입력): what a clerk or an association stated of a business, and the second look.

A business on record is never overwritten by an entry: what differs waits until another official has seen the consent.
Whose business it is, the name and birthday of its representative, is changed by no entry at all, but for one case
(`may_correct`): its record came into being by an entry, nobody has confirmed any entry of it, and an official refused
one because the name or the birthday was written wrong. Whoever said so does not state the new ones; they count after
the same second look. So a slip of the pen is no dead end, and nobody takes over what somebody has vouched for.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal
from enum import StrEnum

from portal.domain.actors import Role
from portal.domain.errors import Problem
from portal.domain.lifecycle import Lifecycle, Step
from portal.domain.merchants import MerchantRegistration

MIN_REASON = 5  # characters: the clerk must learn from it what is wrong with the paper
LONGEST_REASON = 500
REPRESENTATIVE = "representative"
BORN_ON = "born_on"
SALES = "sales_"


class EntryStatus(StrEnum):
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    LAPSED = "lapsed"  # its mandate ended before anybody looked: taken over, or replaced by a newer paper


class Ground(StrEnum):
    """What an official found wrong who refused an entry. IDENTITY: the record stands under somebody else's name."""

    PAPER = "paper"
    IDENTITY = "identity"


S, R = EntryStatus, Role
ENTER, ENTER_LISTED = "enter", "enter_listed"  # by a clerk; by an association that hands its member in

LIFECYCLE = Lifecycle(
    "proxy_entry",
    S.WAITING,
    (
        Step(S.WAITING, "confirm", S.CONFIRMED, R.REVIEWER, apart_from=(ENTER, ENTER_LISTED), or_by=R.CLERK),
        Step(S.WAITING, "refuse", S.REFUSED, R.REVIEWER, apart_from=(ENTER, ENTER_LISTED), or_by=R.CLERK),
        Step(S.WAITING, "lapse", S.LAPSED, None),
    ),
)


def same_name(one: str, other: str) -> bool:
    """Whether two spellings are one name: composed or not, whatever the spaces and the case."""
    return _plain(one) == _plain(other)


def as_texts(stated: MerchantRegistration, born_on: date | None = None) -> dict[str, str]:
    """What is stated, field by field, as it is kept and compared; an account number left empty is not stated."""
    names = [each.name for each in fields(stated) if each.name != "sales"]
    texts = {name: str(getattr(stated, name)).strip() for name in names}
    texts["regular_workers"] = f"{stated.regular_workers:.1f}"
    if not stated.account_number:
        del texts["account_number"]
    texts |= {f"{SALES}{year}": str(amount) for year, amount in stated.sales.items()}
    return texts | ({BORN_ON: born_on.isoformat()} if born_on else {})


def from_texts(texts: Mapping[str, str]) -> MerchantRegistration:
    """The other way round; what `texts` says of a birthday stands elsewhere."""
    return MerchantRegistration(
        business_number=texts["business_number"],
        trade_name=texts["trade_name"],
        representative=texts["representative"],
        phone=texts["phone"],
        region_code=texts["region_code"],
        address=texts["address"],
        industry_edition=int(texts["industry_edition"]),
        industry_code=texts["industry_code"],
        opened_on=date.fromisoformat(texts["opened_on"]),
        regular_workers=Decimal(texts["regular_workers"]),
        sales={int(name[len(SALES) :]): int(won) for name, won in texts.items() if name.startswith(SALES)},
        bank_code=texts["bank_code"],
        account_number=texts.get("account_number", ""),
        account_holder=texts["account_holder"],
    )


def differing(on_record: Mapping[str, str], stated: Mapping[str, str]) -> dict[str, str]:
    """What is stated otherwise than it is on record."""
    return {name: text for name, text in stated.items() if name in on_record and text != on_record[name]}


def unknown(on_record: Mapping[str, str], stated: Mapping[str, str]) -> dict[str, str]:
    """What is stated and not on record at all, as the sales of another year: nothing is overwritten by it."""
    return {name: text for name, text in stated.items() if name not in on_record}


def may_correct(entries: Collection[tuple[bool, EntryStatus, Ground | None]]) -> bool:
    """Whether a new entry may state another name or birthday than the record of a business has.

    `entries`: of each that there was of it, whether it made the record, its status, and why it was refused.
    """
    made_by_entry = any(first for first, _status, _ground in entries)
    undecided = any(status in (S.WAITING, S.CONFIRMED) for _first, status, _ground in entries)
    return made_by_entry and not undecided and any(ground is Ground.IDENTITY for _first, _status, ground in entries)


def obstacle(status: EntryStatus | None, *, claimed: bool) -> Problem | None:
    """What keeps a case that was entered so from being decided on. `claimed`: its merchant has the account by now.

    None where it was not entered by proxy. A merchant who took the account over while the entry waited stands for it.
    """
    if status in (None, S.CONFIRMED) or (status is S.LAPSED and claimed):
        return None
    return Problem("entry_refused" if status is S.REFUSED else "entry_waits")


def keeps_back(problem: Problem | None, action: str) -> bool:
    """Whether an obstacle keeps this step back: what was refused can be rejected, with that for a reason."""
    if problem is None:
        return False
    return action == "approve" or (action == "reject" and problem.code == "entry_waits")


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFC", name).casefold().split())

"""The second look at an entry by proxy: another official confirms it, or refuses it with what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.errors import Incomplete, InvalidTransition, NotPermitted, Problem, SamePerson
from portal.domain.mandates import MandateStatus
from portal.domain.permissions import Permission
from portal.domain.proxy_entries import (
    BORN_ON,
    LIFECYCLE,
    LONGEST_REASON,
    MIN_REASON,
    REPRESENTATIVE,
    Ground,
    from_texts,
)
from portal.domain.representatives import AddRepresentative
from portal.models.accounts import User
from portal.models.proxy_entries import ProxyEntry
from portal.queries import accounts as people
from portal.queries import proxy_entries, rosters
from portal.services import accounts, activations, mandates, merchants, representatives, steps
from portal.services.proxy_entries import acting


def confirm(session: Session, entry_id: int, *, by: Actor, at: datetime) -> ProxyEntry:
    """Another official has seen the consent: what it states otherwise than the record is the record from now on.

    Raises NotFound, NotPermitted, SamePerson for whoever entered, InvalidTransition the second time, and where whose
    business it is was confirmed otherwise since.
    """
    entry = _to_judge(session, entry_id, by)
    if proxy_entries.overtaken(session, entry):
        raise InvalidTransition(f"proxy entry {entry_id}: confirmed otherwise", [Problem("entry_overtaken")])
    entry.decided_by, entry.decided_at = by.user_id, at
    steps.take(session, entry, LIFECYCLE, "confirm", by=by, at=at)
    stated = {each.field: each.stated for each in entry.differences if not each.added}
    _take_in(session, entry, stated, by=by, at=at)
    return entry


def refuse(
    session: Session, entry_id: int, reason: str, ground: Ground = Ground.PAPER, *, by: Actor, at: datetime
) -> ProxyEntry:
    """The paper does not carry the entry: nothing of it is taken in, nobody acts by it, its codes open nothing.

    What was handed in keeps its receipt and its place; a new consent carries it on. `ground`: whether name or birthday
    were wrong, which lets that consent state them anew. Raises as `confirm` does, and Incomplete without a reason.
    """
    reason = reason.strip()
    if len(reason) < MIN_REASON:
        raise Incomplete(problems=[Problem("words_too_short", "reason", str(MIN_REASON))])
    if len(reason) > LONGEST_REASON:
        raise Incomplete(problems=[Problem("too_long", "reason")])
    entry = _to_judge(session, entry_id, by)
    entry.decided_by, entry.decided_at, entry.refusal, entry.ground = by.user_id, at, reason, ground
    steps.take(session, entry, LIFECYCLE, "refuse", by=by, at=at, note=reason, details={"ground": ground.value})
    added = {each.field for each in entry.differences if each.added}
    if added:
        left = {name: text for name, text in proxy_entries.known(session, entry.merchant).items() if name not in added}
        merchants.take_in(session, entry.merchant_id, from_texts(left), by=acting(entry, by), at=at)
    if (
        entry.mandate.status is MandateStatus.ACTIVE
    ):  # an association's may be over: the paper is looked at all the same
        mandates.refuse(session, entry.mandate, by=by, at=at)
    member = rosters.member_of(session, entry.mandate_id)
    if member is not None:
        steps.write(session, "roster_member", member.id, "find_wrong", by=by, at=at, note=reason)
    activations.withdraw(session, entry.merchant.owner_id, at=at)
    return entry


def _to_judge(session: Session, entry_id: int, by: Actor) -> ProxyEntry:
    entry = proxy_entries.held(session, entry_id, by)
    if not by.may(Permission.PROXY_CONFIRM):
        raise NotPermitted("the second look is an official's affair")
    if people.person_of(session, entry.entered_by) == by.person_id:
        raise SamePerson("proxy_entry: confirm apart from enter", [Problem("entry_own")])
    return entry


def _take_in(session: Session, entry: ProxyEntry, stated: Mapping[str, str], *, by: Actor, at: datetime) -> None:
    """In the name of whoever looked: the trail says by which consent."""
    own, plain = acting(entry, by), {name: text for name, text in stated.items() if name != BORN_ON}
    on_record = proxy_entries.known(session, entry.merchant)
    before = proxy_entries.named(session, entry.merchant, entry.merchant.representative)
    if plain:
        merchants.take_in(session, entry.merchant_id, from_texts(on_record | plain), by=own, at=at)
    name, born_on = entry.merchant.representative, stated.get(BORN_ON, on_record.get(BORN_ON))
    if REPRESENTATIVE in plain or on_record.get(BORN_ON) != born_on:
        for wrong in before:  # only a record that is corrected has one: portal/domain/proxy_entries.py
            representatives.take_off(session, wrong, by=own, at=at)
        if born_on and not proxy_entries.named(session, entry.merchant, name):
            person = AddRepresentative(name, date.fromisoformat(born_on))
            representatives.name(session, entry.merchant_id, person, by=own, at=at)
    owner = session.get_one(User, entry.merchant.owner_id)
    accounts.rename_unclaimed(session, owner, name, by=own, at=at)

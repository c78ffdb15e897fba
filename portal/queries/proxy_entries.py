"""Looks up entries by proxy: which wait for a second look, and what is known of the business that they are about."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, selectinload

from portal.domain.actors import Actor, Capacity
from portal.domain.applications import OPEN
from portal.domain.errors import NotFound, NotPermitted, Problem
from portal.domain.mandates import MandateStatus
from portal.domain.merchants import MerchantRegistration
from portal.domain.proxy_entries import (
    BORN_ON,
    ENTER,
    LIFECYCLE,
    REPRESENTATIVE,
    EntryStatus,
    Ground,
    as_texts,
    may_correct,
    obstacle,
    same_name,
)
from portal.domain.snapshots import SnapshotKind
from portal.models.accounts import Person, User
from portal.models.applications import Application
from portal.models.mandates import Mandate
from portal.models.merchants import Merchant
from portal.models.proxy_entries import ProxyEntry
from portal.models.representatives import Representative
from portal.models.snapshots import Snapshot
from portal.queries import representatives, snapshots
from portal.queries.consents import named_in


@dataclass(frozen=True, slots=True)
class Look:
    """An entry with who made and who judged it. `actions`: what the person asking may do about it; `handed_in`: the
    applications that wait for the look; `on_record`: what stands there now, field by field, for whoever is to compare
    it, and for who stated it all while it waits. It is the merchant's own again once somebody has judged. `bank_said`:
    whose the account on record is, where the bank was asked.
    """

    entry: ProxyEntry
    clerk: str
    title: str
    judge: str
    actions: Sequence[str] = ()
    handed_in: Sequence[Application] = ()
    on_record: Mapping[str, str] | None = None
    bank_said: Snapshot | None = None

    @property
    def own_account(self) -> bool:
        """Whether the account that would be paid bears the representative's name."""
        stated = dict(self.on_record or {}) | {each.field: each.stated for each in self.entry.differences}
        return same_name(stated.get("account_holder", ""), stated.get(REPRESENTATIVE, ""))


def waiting(session: Session, by: Actor) -> Sequence[Look]:
    """The organisation's entries that nobody has looked at, the oldest first."""
    rows = session.execute(_looks(by).where(ProxyEntry.status == EntryStatus.WAITING).order_by(ProxyEntry.id))
    return [Look(*row, actions=_actions(row[0], clerk, by)) for *row, clerk in rows]


def decided(session: Session, by: Actor, *, limit: int = 20) -> Sequence[Look]:
    """The last ones that were confirmed or refused."""
    done = ProxyEntry.status.in_((EntryStatus.CONFIRMED, EntryStatus.REFUSED))
    return [
        Look(*row)
        for *row, _clerk in session.execute(_looks(by).where(done).order_by(ProxyEntry.id.desc()).limit(limit))
    ]


def look(session: Session, entry_id: int, by: Actor) -> Look:
    """One entry of the organisation to be looked at. Raises NotFound."""
    row = session.execute(_looks(by).where(ProxyEntry.id == entry_id)).first()
    if row is None:
        raise NotFound(f"proxy entry {entry_id}")
    *about, clerk = row
    entry = row[0]
    handed_in = session.scalars(
        select(Application)
        .where(Application.mandate_id == entry.mandate_id, Application.submitted_at.is_not(None))
        .order_by(Application.id)
    ).all()
    actions = _actions(entry, clerk, by)
    shown = bool(actions) or (entry.first_seen and entry.status is EntryStatus.WAITING)
    on_record = known(session, entry.merchant) if shown else None
    said = snapshots.of_merchant(session, entry.merchant_id)[SnapshotKind.ACCOUNT_HOLDER] if actions else None
    return Look(*about, actions=actions, handed_in=handed_in, on_record=on_record, bank_said=said)


def held(session: Session, entry_id: int, by: Actor) -> ProxyEntry:
    """The same, locked until the transaction ends, after its record (`hold_record`)."""
    about = session.get(ProxyEntry, entry_id)
    if about is not None:
        hold_record(session, about.merchant_id)
    found = session.scalar(
        select(ProxyEntry)
        .where(ProxyEntry.id == entry_id, ProxyEntry.organisation_id == by.organisation_id)
        .with_for_update(of=ProxyEntry)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound(f"proxy entry {entry_id}")
    return found


def hold_record(session: Session, merchant_id: int) -> None:
    """Two entries of one business, and the look at one of them, come one after the other; it is read anew."""
    held = select(Merchant).where(Merchant.id == merchant_id).with_for_update(of=Merchant, key_share=True)
    session.scalars(held.execution_options(populate_existing=True)).one()


def overtaken(session: Session, entry: ProxyEntry) -> bool:
    """Whether the record's name or birthday, with which an entry was compared, or which it is to replace, was vouched
    for since: a correction by any confirmed entry, any entry by a confirmed correction.
    """
    fields = {each.field: each.stated for each in entry.differences if not each.added}
    born_on = known(session, entry.merchant).get(BORN_ON)
    corrects = REPRESENTATIVE in fields or (born_on is not None and fields.get(BORN_ON, born_on) != born_on)
    changed = {REPRESENTATIVE} if BORN_ON in fields else {REPRESENTATIVE, BORN_ON}
    later = select(ProxyEntry).where(
        ProxyEntry.merchant_id == entry.merchant_id,
        ProxyEntry.id != entry.id,
        ProxyEntry.status == EntryStatus.CONFIRMED,
        ProxyEntry.decided_at >= entry.entered_at,
    )
    found = session.scalars(later).all()
    return any(corrects or any(each.field in changed for each in one.differences) for one in found)


def of_mandate(session: Session, mandate_id: int | None) -> ProxyEntry | None:
    """The entry that a consent was given for."""
    return session.scalar(select(ProxyEntry).where(ProxyEntry.mandate_id == mandate_id))


def may_change_record(session: Session, by: Actor) -> bool:
    """By a consent the record is changed until the second look, and only of a business that had none before."""
    if by.acts_for is None or by.acts_for.capacity is not Capacity.CONSENT:
        return True
    entry = of_mandate(session, by.acts_for.mandate_id)
    return entry is not None and entry.first_seen and entry.status is EntryStatus.WAITING


def sees_record(session: Session, by: Actor) -> bool:
    """Whether the pages of an application show what is on record of its business: not to an association, nor by a
    consent that nobody else has seen, of a business that was there before.
    """
    if by.acts_for is None or by.acts_for.capacity is Capacity.ATTORNEY:
        return True
    entry = None if by.is_association else of_mandate(session, by.acts_for.mandate_id)
    return entry is not None and (entry.first_seen or entry.status is EntryStatus.CONFIRMED)


def refuse_record(session: Session, by: Actor) -> None:
    """Raises NotPermitted for a clerk by whose consent the record of the business is neither seen nor changed."""
    if not may_change_record(session, by):
        raise NotPermitted("a record is not overwritten by an entry", [Problem("entry_keeps_record")])


def may_be_taken_over(session: Session, mandate_id: int | None) -> bool:
    """Whether earlier applications of the business may be shown to whoever fills in this one."""
    entry = of_mandate(session, mandate_id)
    return entry is None or entry.status is EntryStatus.CONFIRMED


def in_the_way(session: Session, application: Application) -> Problem | None:
    """What keeps an application that was entered by proxy from being decided on; None where nothing does."""
    return None if application.mandate_id is None else unseen(session, [application.id]).get(application.id)


def unseen(session: Session, application_ids: Collection[int]) -> dict[int, Problem]:
    """The same of many, by id, for those alone that something keeps back: from a decision, and from being paid."""
    rows = session.execute(
        select(Application.id, ProxyEntry.status, User.active)
        .join(ProxyEntry, ProxyEntry.mandate_id == Application.mandate_id)
        .join(Merchant, Merchant.id == ProxyEntry.merchant_id)
        .join(User, User.id == Merchant.owner_id)
        .where(Application.id.in_(application_ids))
    )
    found = {number: obstacle(status, claimed=claimed) for number, status, claimed in rows}
    return {number: problem for number, problem in found.items() if problem is not None}


def left_behind(session: Session, entry: ProxyEntry) -> Sequence[Application]:
    """Open applications whose consent ended without ever having been confirmed, an association's too: a new one that
    names their programme carries them on.
    """
    return session.scalars(
        select(Application)
        .join(Mandate, Mandate.id == Application.mandate_id)
        .outerjoin(ProxyEntry, ProxyEntry.mandate_id == Mandate.id)
        .where(
            Application.merchant_id == entry.merchant_id,
            Application.status.in_(OPEN),
            Application.programme_id.in_(named_in(entry.mandate_id)),
            func.coalesce(Mandate.organisation_id, ProxyEntry.organisation_id) == entry.organisation_id,
            Mandate.status != MandateStatus.ACTIVE,
            func.coalesce(ProxyEntry.status, EntryStatus.LAPSED.value) != EntryStatus.CONFIRMED.value,
        )
        .order_by(Application.id)
    ).all()


def correctable(session: Session, merchant: Merchant, organisation_id: int) -> ProxyEntry | None:
    """The refused entry for whose sake a new one may state another name or birthday than the record has, which an
    entry made that nobody confirmed (portal/domain/proxy_entries.py); None where the record stands as it is.
    """
    if session.get_one(User, merchant.owner_id).active:
        return None
    entries = session.scalars(
        select(ProxyEntry).where(ProxyEntry.merchant_id == merchant.id).order_by(ProxyEntry.id.desc())
    ).all()
    if not may_correct([(each.first_seen, each.status, each.ground) for each in entries]):
        return None
    refused = (each for each in entries if each.ground is Ground.IDENTITY and each.organisation_id == organisation_id)
    return next(refused, None)


def made_by(session: Session, merchant: Merchant, by: Actor) -> bool:
    """Whether the record came into being by an entry of this account, and nobody has vouched for it since."""
    entries = session.scalars(select(ProxyEntry).where(ProxyEntry.merchant_id == merchant.id)).all()
    mine = any(each.first_seen and each.entered_by == by.user_id for each in entries)
    return mine and not any(each.status is EntryStatus.CONFIRMED for each in entries)


def known(session: Session, merchant: Merchant) -> dict[str, str]:
    """What the portal holds about a business, field by field; its representative's birthday where one is known."""
    record = MerchantRegistration(
        business_number=merchant.business_number,
        trade_name=merchant.trade_name,
        representative=merchant.representative,
        phone=merchant.phone,
        region_code=merchant.region_code,
        address=merchant.address,
        industry_edition=merchant.industry_edition,
        industry_code=merchant.industry_code,
        opened_on=merchant.opened_on,
        regular_workers=Decimal(merchant.regular_workers_tenths) / 10,
        sales={row.year: row.amount for row in merchant.sales},
        bank_code=merchant.bank_code,
        account_number=merchant.account_number,
        account_holder=merchant.account_holder,
    )
    born = [each.born_on for each in named(session, merchant, merchant.representative)]
    return as_texts(record) | ({BORN_ON: born[0]} if born else {})


def named(session: Session, merchant: Merchant, name: str) -> list[Representative]:
    """The representatives of a business who bear a name, with their birthdays."""
    return [each for each in representatives.of_merchant(session, merchant.id) if same_name(each.name, name)]


def count_waiting(session: Session, by: Actor) -> int:
    """How many entries of the organisation wait for somebody else than this person."""
    others = select(func.count(ProxyEntry.id)).join(User, User.id == ProxyEntry.entered_by)
    waits = ProxyEntry.organisation_id == by.organisation_id, ProxyEntry.status == EntryStatus.WAITING
    return session.scalar(others.where(*waits, User.person_id != by.person_id)) or 0


def _looks(by: Actor) -> Select[*tuple[Any, ...]]:
    judge = (
        select(Person.name)
        .join(User, User.person_id == Person.id)
        .where(User.id == ProxyEntry.decided_by)
        .correlate(ProxyEntry)
        .scalar_subquery()
    )
    return (
        select(ProxyEntry, Person.name, User.title, func.coalesce(judge, ""), User.person_id)
        .join(User, User.id == ProxyEntry.entered_by)
        .join(Person, Person.id == User.person_id)
        .where(ProxyEntry.organisation_id == by.organisation_id)
        .options(selectinload(ProxyEntry.mandate, Mandate.programmes))
    )


def _actions(entry: ProxyEntry, clerk: int, by: Actor) -> list[str]:
    """`clerk`: the person who entered, whom the lifecycle keeps away. Steps of the portal's own are no buttons."""
    found = LIFECYCLE.actions(entry.status, by, {ENTER: {clerk}})
    return [each for each in found if LIFECYCLE.step(entry.status, each).roles]

"""Makes an association with a list of members in Busan, for tests of what becomes of each of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from portal.config import ROOT
from portal.domain.accounts import Level
from portal.domain.actors import Actor, Role
from portal.domain.mandates import Paper
from portal.domain.merchants import MerchantRegistration
from portal.domain.rosters import Entry, OpenRoster
from portal.models.accounts import Organisation, User
from portal.models.applications import Application
from portal.models.merchants import Merchant
from portal.models.rosters import Roster, RosterMember
from portal.queries import proxy_entries as look_up_entries
from portal.queries import rosters as look_up
from portal.queries.programmes import Published
from portal.services import memberships, merchants, proxy_looks, roster_hand_ins, rosters
from portal.storage.objects import Stores
from tests.cases import PDF, business_number
from tests.factories import AT, actor, make_merchant_user, make_official, make_organisation, make_programme

CODE = "busan-public-market"
TEXT = (ROOT / "portal/data/programmes/busan-public-market.toml").read_text(encoding="utf-8")
SIGNED = Paper("연명부.pdf", "application/pdf", PDF + b"signed")
_SERIALS = 80_000


def entry(serial: int, **changes: object) -> Entry:
    """A member with a business number of its own, whole enough to be registered."""
    whole = Entry(
        business_number=business_number(_SERIALS + serial),
        trade_name=f"자갈치상회 {serial}",
        representative=f"김상인{serial}",
        born_on=date(1960, 1, 1 + serial % 28),
        phone=f"0102000{serial:04d}",
        address="자갈치로 1",
        industry_edition=11,
        industry_code="47",
        opened_on=date(2010, 3, 2),
        regular_workers=Decimal(1),
        bank_code="032",
        account_number=f"1120{serial:09d}",
        account_holder=f"김상인{serial}",
        store_id=f"D{serial:03d}",
    )
    return replace(whole, **changes)


@dataclass(slots=True)
class Market:
    """A programme that takes associations, one of them with an open list, and the office's two officials."""

    session: Session
    stores: Stores
    office: Organisation
    programme: Published
    head: User
    roster: Roster
    officials: tuple[User, User]
    claimed: list[User] = field(default_factory=list)

    @property
    def by(self) -> Actor:
        return actor(self.head)

    def add(self, serial: int, **changes: object) -> RosterMember:
        return rosters.add(self.session, self.roster.id, entry(serial, **changes), by=self.by, at=AT)

    def sign(self, *members: RosterMember, roster: Roster | None = None, by: Actor | None = None) -> None:
        ids = [member.id for member in members]
        number = (roster or self.roster).id
        rosters.sign(self.session, self.stores.evidence, number, ids, SIGNED, by=by or self.by, at=AT)

    def look_at(self, *members: RosterMember) -> None:
        """An official of the office compares what is listed of them with the signed list."""
        looked_at(self.session, *(member.application_id for member in members), by=self.officials[0])

    def listed(self) -> look_up.Listed:
        self.session.expire(self.roster)
        return look_up.listed(self.session, self.roster)

    def with_account(self, serial: int) -> tuple[User, Merchant]:
        """A trader of the market who is on record already, with an account."""
        owner = make_merchant_user(self.session, name=f"김상인{serial}")
        stated = entry(serial).registration(self.roster.region_code)
        return owner, merchants.register(self.session, stated, by=actor(owner), at=AT)


def open_roster(
    session: Session, head: User, *, code: str = CODE, association: str = "자갈치시장 상인회", at: datetime = AT
) -> Roster:
    command = OpenRoster(code, association, "부산-중구-7", "자갈치시장", "26110", "0512000000")
    return rosters.open_roster(session, command, by=actor(head), at=at)


def open_market(session: Session, stores: Stores) -> Market:
    office = make_organisation(session, "busan", name="부산광역시(데모)", level=Level.CITY, region_code="26")
    programme = make_programme(session, organisation=office, text=TEXT)
    head = make_merchant_user(session, name="박회장")
    officials = tuple(make_official(session, role, organisation=office) for role in (Role.REVIEWER, Role.APPROVER))
    roster = open_roster(session, head)
    return Market(session, stores, office, programme, head, roster, (officials[0], officials[1]))


def looked_at(session: Session, *applications: int | None, by: User) -> None:
    """The second look at what an association handed in."""
    for number in applications:
        entry = look_up_entries.of_mandate(session, session.get_one(Application, number).mandate_id)
        assert entry is not None
        proxy_looks.confirm(session, entry.id, by=actor(by), at=AT)


def registration(serial: int) -> MerchantRegistration:
    return entry(serial).registration("26110")


def in_every_stage(session: Session, stores: Stores) -> list[User]:
    """A member handed in, one that signed, one that waits for paper, one asked with its own account, one who declined;
    and a list that was given up. Returns who meets them.
    """
    market = open_market(session, stores)
    done, signed, _waits = (market.add(serial) for serial in (1, 2, 3))
    market.sign(done)
    roster_hand_ins.hand_in(session, stores.evidence, market.roster.id, by=market.by, at=AT)
    market.sign(signed)
    asked, declining = (market.with_account(serial)[0] for serial in (4, 5))
    market.add(4)
    memberships.decline(session, market.add(5).id, by=actor(declining), at=AT)
    rosters.withdraw(session, open_roster(session, market.head, association="그만둔 상인회").id, by=market.by, at=AT)
    session.expire(market.roster)
    return [market.head, asked, declining, *market.officials]

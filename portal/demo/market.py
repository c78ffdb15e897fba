"""The demo city's market: an association with members decided and paid in 2024, another that is gathering consents in
2026, and one case of each of the plan's other two programmes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from io import BytesIO
from random import Random

from sqlalchemy.orm import Session

from portal import data
from portal.demo import bank, papers
from portal.demo.orders import Order, as_csv
from portal.demo.people import PASSWORD
from portal.demo.shops import EDITION, business_number
from portal.domain.actors import Actor, Role
from portal.domain.applications import ApplicationDraft, Consent, Recommendation
from portal.domain.documents import EvidenceUpload
from portal.domain.mandates import Paper
from portal.domain.periods import KOREA
from portal.domain.rosters import Entry, OpenRoster, Way
from portal.domain.settlements import DeliverSettlement
from portal.models.applications import Application
from portal.models.rosters import Roster, RosterMember
from portal.queries import accounts as find
from portal.queries import applications as known
from portal.queries import cases, proxy_entries
from portal.queries import rosters as look_up
from portal.services import (
    accounts,
    applications,
    claims,
    decisions,
    declarations,
    documents,
    memberships,
    merchants,
    payments,
    programmes,
    proxy_looks,
    reviews,
    roster_hand_ins,
    roster_links,
    rosters,
    settlements,
)
from portal.storage.lines import LineStore
from portal.storage.objects import Stores

CODES = ("busan-public-market", "busan-service-platform", "busan-sme-shift")
SEED, MONTH = 2024, "2024-05"
HEADS = ("market1@merchant.example", "market2@merchant.example")
ASKED = "member@merchant.example"
MERCHANTS = (
    (HEADS[1], "상인회 회장 (구성원의 동의를 모으는 중)"),
    (ASKED, "상인회가 동의를 물은 상인 (답할 차례)"),
)
REVIEWER, APPROVER, PAYER, RELEASER, FIRST, SECOND = (
    f"{name}@busan.example" for name in ("reviewer1", "approver1", "payer1", "payer2", "manager1", "manager2")
)


@dataclass(slots=True)
class Market:
    """Holds what one loading needs; the city and its officials are there already (portal/demo/plans.py)."""

    session: Session
    stores: Stores
    lines: LineStore
    random: Random = field(default_factory=lambda: Random(SEED))  # noqa: S311 (invented data, not secrets)

    def tell(self) -> None:
        for code in CODES:
            text = (data.FOLDER / "programmes" / f"{code}.toml").read_text(encoding="utf-8")
            version = programmes.propose(self.session, text, by=self._by(FIRST), at=_at(date(2024, 2, 20)))
            programmes.publish(self.session, version.id, by=self._by(SECOND), at=_at(date(2024, 2, 26)))
        self._paid()
        self._gathering()
        self._alone("busan-sme-shift", 60, date(2024, 4, 2), decide=True)
        self._alone("busan-service-platform", 61, date(2026, 11, 19), decide=False)

    def _paid(self) -> None:
        """Six members of 2024, five decided in favour, whose stores sold in May and who were paid."""
        head = self._person(HEADS[0], "박회장", date(2024, 3, 5))
        roster = self._roster(head, "자갈치시장 상인회", "자갈치시장", date(2024, 3, 5))
        members = [self._member(roster, number, head, date(2024, 3, 5)) for number in range(1, 7)]
        self._sign(roster, members, head, date(2024, 3, 11))
        roster_hand_ins.hand_in(self.session, self.stores.evidence, roster.id, by=head, at=_at(date(2024, 3, 12)))
        for member in members:
            favour = member is not members[-1]
            self._look(member.application_id or 0, date(2024, 3, 15), favour=favour)
            self._decide(member.application_id or 0, date(2024, 3, 20), favour=favour)
        roster_links.confirm(self.session, roster.id, by=self._by(REVIEWER), at=_at(date(2024, 3, 22)))
        self._pay([member.store_id for member in members])

    def _gathering(self) -> None:
        """Nine days ago a member was handed in; one has signed, one is asked with its own account, one waits."""
        head = self._person(HEADS[1], "최회장", date(2026, 11, 12))
        roster = self._roster(head, "부평시장 상인회", "부평깡통시장", date(2026, 11, 12))
        owner = self._person(ASKED, "이상인", date(2026, 11, 12))
        listed = self._entry(14)
        merchants.register(self.session, listed.registration("26110"), by=owner, at=_at(date(2026, 11, 12)))
        first, second, _waits = (self._member(roster, number, head, date(2026, 11, 13)) for number in (11, 12, 13))
        self._sign(roster, [first], head, date(2026, 11, 13))
        roster_hand_ins.hand_in(self.session, self.stores.evidence, roster.id, by=head, at=_at(date(2026, 11, 14)))
        self._sign(roster, [second], head, date(2026, 11, 18))
        rosters.add(self.session, roster.id, listed, by=head, at=_at(date(2026, 11, 18)))
        no = self._person("member2@merchant.example", "정상인", date(2026, 11, 12))
        merchants.register(self.session, self._entry(15).registration("26110"), by=no, at=_at(date(2026, 11, 12)))
        asked = rosters.add(self.session, roster.id, self._entry(15), by=head, at=_at(date(2026, 11, 18)))
        assert asked.way is Way.PORTAL
        memberships.decline(self.session, asked.id, by=no, at=_at(date(2026, 11, 19)))

    def _alone(self, code: str, number: int, on: date, *, decide: bool) -> None:
        """A merchant who applies alone, by the ordinary way."""
        owner = self._person(f"busan{number}@merchant.example", f"부산상인{number}", on)
        merchant = merchants.register(self.session, self._entry(number).registration("26350"), by=owner, at=_at(on))
        application = applications.start(self.session, code, merchant.id, by=owner, at=_at(on))
        said = {"what": "온라인 판매"} if code == "busan-sme-shift" else {"service": "재고관리"}
        draft = ApplicationDraft("비대면으로 손님을 만나려고 합니다.", 360_000, 360_000, merchant.phone,
                                 frozenset(Consent), answers=said)  # fmt: skip
        applications.save_draft(self.session, application.id, draft, by=owner, at=_at(on))
        asked = _papers_of(application)
        for place, paper in enumerate(asked):
            picture = papers.picture(9_000 + number, papers.REQUIRED[place])
            upload = EvidenceUpload(paper, f"{paper}.png", "image/png", picture)
            documents.attach(self.session, self.stores.evidence, application.id, upload, by=owner, at=_at(on))
        applications.submit(self.session, application.id, by=owner, at=_at(on))
        if decide:
            self._decide(application.id, date(on.year, on.month, on.day + 7), favour=True)

    def _look(self, number: int, on: date, *, favour: bool) -> None:
        """Another official compares name, signature and account with the signed list."""
        entry = proxy_entries.of_mandate(self.session, self.session.get_one(Application, number).mandate_id)
        assert entry is not None
        if favour:
            proxy_looks.confirm(self.session, entry.id, by=self._by(REVIEWER), at=_at(on))
        else:
            proxy_looks.refuse(self.session, entry.id, "연명부에 서명이 없습니다.", by=self._by(REVIEWER), at=_at(on))

    def _decide(self, number: int, on: date, *, favour: bool) -> None:
        reviewer, approver = self._by(REVIEWER), self._by(APPROVER)
        for official in (reviewer, approver):
            declarations.declare_none(self.session, [number], by=official, at=_at(on))
        reviews.take_up(self.session, number, by=reviewer, at=_at(on))
        if not favour:
            reasons = "제출한 연명부에서 이 점포의 서명을 확인할 수 없습니다."
            reviews.recommend(self.session, number, Recommendation("reject", reasons), by=reviewer, at=_at(on, 11))
            decisions.reject(self.session, self.stores, number, reasons=reasons, by=approver, at=_at(on, 15))
            return
        application = self.session.get_one(Application, number)
        ticked = frozenset(item.code for item in cases.checklist_of(self.session, application))
        reasons = "요건과 연명부의 서명을 확인했습니다."
        reviews.recommend(self.session, number, Recommendation("approve", reasons, ticked), by=reviewer, at=_at(on, 11))
        decisions.approve(self.session, self.stores, number, by=approver, at=_at(on, 15))

    def _pay(self, stores: list[str]) -> None:
        session, payer = self.session, self._by(PAYER)
        content = as_csv([_order(store, number) for store in stores for number in range(1, 21)])
        command = DeliverSettlement("dongbaek-mall", MONTH, "dongbaek-2024-05.csv", BytesIO(content))
        reviewer = self._by(REVIEWER)
        settlements.deliver(session, self.stores, self.lines, command, by=reviewer, at=_at(date(2024, 6, 4)))
        claims.draw_up(session, self.stores, self.lines, CODES[0], MONTH, by=reviewer, at=_at(date(2024, 6, 10)))
        claims.approve(session, CODES[0], MONTH, by=self._by(APPROVER), at=_at(date(2024, 6, 12)))
        run = payments.prepare(session, CODES[0], by=payer, at=_at(date(2024, 6, 14)))
        payments.release(session, self.stores, run.id, by=self._by(RELEASER), at=_at(date(2024, 6, 17)))
        session.flush()
        said = bank.answer(run, {}, executed_on=date(2024, 6, 18))
        payments.settle(session, self.stores, run.id, said, by=payer, at=_at(date(2024, 6, 18), 16))

    def _roster(self, head: Actor, association: str, market: str, on: date) -> Roster:
        number = f"부산-중구-{self.random.randrange(1, 99)}(예시)"
        command = OpenRoster(CODES[0], association, number, market, "26110", "0510000000")
        return rosters.open_roster(self.session, command, by=head, at=_at(on))

    def _member(self, roster: Roster, number: int, head: Actor, on: date) -> RosterMember:
        return rosters.add(self.session, roster.id, self._entry(number), by=head, at=_at(on))

    def _sign(self, roster: Roster, members: list[RosterMember], head: Actor, on: date) -> None:
        picture = papers.picture(9_100 + roster.id, papers.REQUIRED[0])
        paper = Paper(f"동의 연명부 {on.isoformat()}.png", "image/png", picture)
        ids = [member.id for member in members]
        rosters.sign(self.session, self.stores.evidence, roster.id, ids, paper, by=head, at=_at(on))
        self.session.expire(look_up.owned(self.session, roster.id, head), ["papers"])

    def _entry(self, number: int) -> Entry:
        digits = Random(SEED + number)  # noqa: S311 (invented data, not secrets)
        return Entry(
            business_number=business_number(9_600 + number, digits),
            trade_name=f"데모상회 {number}호",
            representative=f"데모상인{number}",
            born_on=date(1960 + number % 30, 1 + number % 12, 1 + number % 28),
            phone=f"0109{number:07d}",
            address="데모시장길 1",
            industry_edition=EDITION,
            industry_code="47",
            opened_on=date(2012, 3, 2),
            regular_workers=Decimal(1),
            bank_code="032",
            account_number=f"{digits.randrange(10**12, 10**13)}",
            account_holder=f"데모상인{number}",
            store_id=f"D{number:04d}",
        )

    def _person(self, login: str, name: str, on: date) -> Actor:
        return find.actor_of(
            accounts.open_account(
                self.session, login=login, name=name, password=PASSWORD, roles=[Role.MERCHANT], at=_at(on)
            )
        )

    def _by(self, login: str) -> Actor:
        return find.actor(self.session, login)


def _papers_of(application: Application) -> list[str]:
    """The papers that an application needs."""
    return [each.requirement.code for each in known.slots(application, ()) if each.requirement.required]


def _order(store: str, number: int) -> Order:
    """One of a store's twenty orders of the month; the store bears half of its coupon."""
    return Order(
        platform="dongbaek-mall", store_id=store, order_no=f"{store}-{number}", origin_key="", channel="market",
        ordered_at=datetime.combine(date(2024, 5, number), time(11, number)), status="completed",
        payment_method="local_currency",
        order_amount=20_000 + 500 * number, delivery_fee=3_000, delivery_support=0, promotion_cost=2_000,
        promotion_support=1_000, brokerage_fee=400, payment_fee=200,
    )  # fmt: skip


def _at(on: date, hour: int = 10) -> datetime:
    """That hour of the Korean day."""
    return datetime.combine(on, time(hour), KOREA).astimezone(UTC)

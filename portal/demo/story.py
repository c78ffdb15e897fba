"""The demo county's year so far: applications of every kind, half a year of settlements, claims and payments.

Everything goes through the services that people use, at the moments at which people would have used them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from random import Random

from sqlalchemy.orm import Session

from portal import data
from portal.demo import bank, orders, papers, plans, welcome
from portal.demo.people import PASSWORD, Cast, open_office
from portal.demo.shops import Shop, make_shops
from portal.domain.actors import Actor, Role
from portal.domain.applications import ApplicationDraft, Consent, Recommendation, SupplementRequest
from portal.domain.documents import EvidenceUpload
from portal.domain.links import LinkProposal
from portal.domain.periods import KOREA, Month, first_day, next_month
from portal.domain.settlements import DeliverSettlement
from portal.models.applications import Application
from portal.queries import accounts as find_accounts
from portal.queries import cases
from portal.services import (
    accounts,
    applications,
    claims,
    decisions,
    declarations,
    documents,
    links,
    merchants,
    payments,
    programmes,
    returns,
    reviews,
    settlements,
    supplements,
)
from portal.storage import durable
from portal.storage.lines import LineStore
from portal.storage.objects import Stores

SEED = 46730
CODE = "gurye-2020-o2o"
ANCHOR = date(2026, 11, 23)
MONTHS: tuple[Month, ...] = ("2026-05", "2026-06", "2026-07", "2026-08", "2026-09", "2026-10")
LINKED_FROM = date(2026, 3, 1)
# How many of three hundred end how; the first three are the shops a visitor may sign in as.
ENDINGS = (
    ("approved", 130), ("rejected", 30), ("recommended", 26), ("in_review", 34), ("supplement_requested", 20),
    ("submitted", 34), ("draft", 14), ("withdrawn", 12), ("returned", 4),
)  # fmt: skip
_ANOTHER = 1_000  # so that the second picture is not the first


@dataclass(slots=True)
class Story:
    """Holds what one loading needs. Nothing is committed here: the demo is there as a whole or not at all."""

    session: Session
    stores: Stores
    lines: LineStore
    say: Callable[[str], None]
    size: int = 300
    months: tuple[Month, ...] = MONTHS
    newcomers: list[welcome.Newcomer] = field(default_factory=list)
    random: Random = field(default_factory=lambda: Random(SEED))  # noqa: S311 (invented data, not secrets)

    def load(self) -> None:
        """The whole year; see `_tell`. One wait for the disk at the end."""
        with durable.all_at_once():
            self._tell()

    def _tell(self) -> None:
        """The whole year. `size` shops; smaller sizes keep the proportions. `months`: the last three or more."""
        cast = self._found()
        shops = make_shops(self.size, self.random, date(2026, 2, 16))
        endings = self._endings()
        self.say(f"{len(shops)} shops")
        stores: list[orders.Store] = []
        for shop, ending in zip(shops, endings, strict=True):
            stores += self._shop(shop, ending, cast)
        accounts.open_account(
            self.session, login="new@merchant.example", name="새 사장님", password=PASSWORD,
            roles=[Role.MERCHANT], at=_at(ANCHOR, 9),
        )  # fmt: skip
        self.session.flush()
        stores += [orders.Store("baemin", f"BM9{number:05d}", 20) for number in range(max(1, self.size // 20))]
        welcome.tell(self.session, self.stores, cast, self.newcomers)
        for month in self.months:
            self._month(month, stores, cast)
        plans.tell(self.session, self.stores)

    def _found(self) -> Cast:
        cast = open_office(self.session, at=_at(date(2026, 1, 5), 9))
        text = (data.FOLDER / "programmes" / f"{CODE}.toml").read_text(encoding="utf-8")
        version = programmes.propose(self.session, text, by=cast.managers[0], at=_at(date(2026, 2, 2), 10))
        programmes.publish(self.session, version.id, by=cast.managers[1], at=_at(date(2026, 2, 3), 10))
        self.session.flush()
        return cast

    def _endings(self) -> list[str]:
        total = sum(count for _, count in ENDINGS)
        drawn = [ending for ending, count in ENDINGS for _ in range(max(1, count * self.size // total))]
        drawn = (drawn + ["approved"] * self.size)[: self.size]
        self.random.shuffle(drawn)
        for place, wanted in enumerate(("approved", "supplement_requested", "draft")):
            other = drawn.index(wanted, place)
            drawn[place], drawn[other] = drawn[other], drawn[place]
        return drawn

    def _shop(self, shop: Shop, ending: str, cast: Cast) -> list[orders.Store]:
        """One shop from signing up to wherever its application stands; returns its linked stores."""
        finished = ending in ("approved", "rejected", "withdrawn", "returned")
        started = date(2026, 2, 17) + timedelta(days=self.random.randrange(60) if finished else 265 + shop.number % 12)
        at = _at(started, 9 + shop.number % 9)
        registration = shop.registration
        if not finished:  # since 2026-07-01 the county has another code
            registration = replace(registration, region_code=registration.region_code.replace("46730", "12730", 1))
        user = accounts.open_account(
            self.session, login=shop.login, name=registration.representative, password=PASSWORD,
            roles=[Role.MERCHANT], at=at,
        )  # fmt: skip
        owner = find_accounts.actor_of(user)
        merchant = merchants.register(self.session, registration, by=owner, at=at)
        self._apply(shop, merchant.id, ending, owner, cast, at)
        if not finished:
            self.newcomers.append(welcome.Newcomer(shop, merchant.id, owner, started))
        stores = self._link(shop, merchant.id, owner, cast, at) if ending == "approved" else []
        self.session.flush()
        return stores

    def _apply(self, shop: Shop, merchant_id: int, ending: str, owner: Actor, cast: Cast, at: datetime) -> None:
        application = applications.start(self.session, CODE, merchant_id, by=owner, at=at)
        cost = self.random.randrange(400_000, 1_500_000, 10_000)
        draft = ApplicationDraft(
            plan="배달 주문이 늘어 배달대행비 부담이 큽니다. 앱 할인쿠폰으로 단골을 늘리려고 합니다.",
            total_cost=cost,
            requested_amount=min(500_000, cost // 2 // 10_000 * 10_000),
            contact_phone=shop.registration.phone,
            consents=frozenset(Consent) if ending != "draft" else frozenset(),
        )
        applications.save_draft(self.session, application.id, draft, by=owner, at=at)
        if ending == "draft":
            return
        for code in papers.REQUIRED:
            upload = EvidenceUpload(code, f"{code}.png", "image/png", papers.picture(shop.number, code))
            documents.attach(self.session, self.stores.evidence, application.id, upload, by=owner, at=at)
        applications.submit(self.session, application.id, by=owner, at=at + timedelta(minutes=20))
        if ending == "withdrawn":
            applications.withdraw(
                self.session, application.id, note="다른 사업에 신청합니다.", by=owner, at=at + timedelta(days=1)
            )
        elif ending != "submitted":
            self._review(shop, application, ending, owner, cast, at)

    def _review(
        self, shop: Shop, application: Application, ending: str, owner: Actor, cast: Cast, at: datetime
    ) -> None:
        reviewer = cast.reviewers[shop.number % len(cast.reviewers)]
        approver = cast.approvers[shop.number % len(cast.approvers)]
        number, after = application.id, _days_after(at)
        for official in (reviewer, approver):
            declarations.declare_none(self.session, [number], by=official, at=after(1))
        reviews.take_up(self.session, number, by=reviewer, at=after(1))
        if ending == "in_review":
            return
        if ending == "returned":
            asked = "통장 사본의 예금주가 보이지 않습니다. 다시 찍어 올려 주세요."
            for day, days in ((2, 7), (12, 5)):
                request = SupplementRequest(asked, days, frozenset({"file-bankbook"}))
                reviews.request_supplement(self.session, self.stores, number, request, by=reviewer, at=after(day))
            reasons = "두 차례 요구했으나 통장 사본이 보완되지 않았습니다."
            returns.give_back(self.session, self.stores, number, reasons=reasons, by=approver, at=after(20))
            return
        if ending == "supplement_requested" or shop.number % 9 == 0:
            missing = SupplementRequest(
                "매출 증빙이 흐려서 읽을 수 없습니다. 다시 찍어 올려 주세요.", 7, frozenset({"file-sales_proof"})
            )
            reviews.request_supplement(self.session, self.stores, number, missing, by=reviewer, at=after(2))
            if ending == "supplement_requested":
                return
            clearer = papers.picture(shop.number + _ANOTHER, "sales_proof")
            upload = EvidenceUpload("sales_proof", "sales_proof-2.png", "image/png", clearer)
            documents.attach(self.session, self.stores.evidence, number, upload, by=owner, at=after(4))
            supplements.answer(self.session, number, "증빙을 다시 올렸습니다.", by=owner, at=after(4))
        if ending == "rejected":
            reasons = "제출한 증빙으로는 배달 서비스를 이용한 사실이 확인되지 않습니다."
            reviews.recommend(self.session, number, Recommendation("reject", reasons), by=reviewer, at=after(6))
            decisions.reject(self.session, self.stores, number, reasons=reasons, by=approver, at=after(7))
            return
        ticked = frozenset(item.code for item in cases.checklist_of(self.session, application))
        favour = Recommendation("approve", "지원 조건과 제출 서류를 모두 확인했습니다.", ticked)
        reviews.recommend(self.session, number, favour, by=reviewer, at=after(6))
        if ending == "approved":
            decisions.approve(self.session, self.stores, number, by=approver, at=after(7))

    def _link(self, shop: Shop, merchant_id: int, owner: Actor, cast: Cast, at: datetime) -> list[orders.Store]:
        stores = orders.stores_of(shop.number, shop.orders, self.random)
        for place, store in enumerate(stores):
            proposal = LinkProposal(store.platform, store.store_id, LINKED_FROM)
            link = links.propose(self.session, merchant_id, proposal, by=owner, at=at + timedelta(days=8))
            if 0 < place == len(stores) - 1 and shop.number % 6 == 0:
                continue  # a few wait for an official
            reviewer = cast.reviewers[(shop.number + 1) % len(cast.reviewers)]
            links.confirm(self.session, link.id, by=reviewer, at=at + timedelta(days=9))
        return stores

    def _month(self, month: Month, stores: Sequence[orders.Store], cast: Cast) -> None:
        reviewer, approver = cast.reviewers[0], cast.approvers[0]
        start = first_day(next_month(month))
        delivered = orders.month_of_orders(stores, month, self.random)
        for platform, lines in delivered.items():
            content = orders.as_csv(lines)
            if platform == "yogiyo":
                content = orders.spoilt(content, self.random, rows=6)
            if platform == cast.clerk.platform and month == self.months[-1]:
                content = orders.spoilt(content, Random(SEED), rows=3)  # noqa: S311 (invented data, not secrets)
            by = cast.clerk if platform == cast.clerk.platform else reviewer
            self._deliver(platform, month, content, by, _at(start + timedelta(days=4), 10))
        if month == self.months[-2]:  # corrected before its claims are drawn up
            corrected = orders.cancelled_later(delivered["baemin"], self.random, 40)
            self._deliver("baemin", month, orders.as_csv(corrected), reviewer, _at(start + timedelta(days=6), 10))
        drawn = claims.draw_up(
            self.session, self.stores, self.lines, CODE, month, by=reviewer, at=_at(start + timedelta(days=9), 14)
        )
        self.session.flush()
        self.say(f"{month}: {sum(map(len, delivered.values()))} lines, {drawn.drawn_up} claims")
        if month == self.months[-1]:
            return  # the last month waits for its approval
        claims.approve(self.session, CODE, month, by=approver, at=_at(start + timedelta(days=10), 11))
        self.session.flush()
        self._pay(month, start, cast)

    def _deliver(self, platform: str, month: Month, content: bytes, by: Actor, at: datetime) -> None:
        command = DeliverSettlement(
            platform=platform, period=month, filename=f"{platform}-{month}.csv", stream=BytesIO(content)
        )
        settlements.deliver(self.session, self.stores, self.lines, command, by=by, at=at)
        self.session.flush()

    def _pay(self, month: Month, start: date, cast: Cast) -> None:
        run = payments.prepare(self.session, CODE, by=cast.payers[0], at=_at(start + timedelta(days=13), 10))
        payments.release(self.session, self.stores, run.id, by=cast.payers[1], at=_at(start + timedelta(days=14), 10))
        self.session.flush()
        if month == self.months[-2]:
            return  # the bank has not answered yet
        mishaps = {3: "refused", 7: "refused", 11: "unknown"} if month == self.months[-3] else {}
        results = bank.answer(run, mishaps, executed_on=start + timedelta(days=15))
        payments.settle(
            self.session, self.stores, run.id, results, by=cast.payers[0], at=_at(start + timedelta(days=16), 10)
        )
        self.session.flush()


def _at(on: date, hour: int) -> datetime:
    """That hour of the Korean day."""
    return datetime.combine(on, time(hour), KOREA).astimezone(UTC)


def _days_after(at: datetime) -> Callable[[int], datetime]:
    return lambda days: at + timedelta(days=days)


def clock_shift(real: datetime) -> timedelta:
    """How far the demo's clock is set off: not at all in the weeks after its data ends, else back to them."""
    anchor = _at(ANCHOR, 9)
    near = timedelta(days=-2) <= real - anchor <= timedelta(days=24)
    return timedelta() if near else anchor - real

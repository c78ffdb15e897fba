"""The demo's national scheme of 2025: both tracks, the rule before and after its change, a top-up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from io import BytesIO
from random import Random

from sqlalchemy.orm import Session

from portal import data
from portal.demo import bank, orders, papers
from portal.demo.orders import Order
from portal.demo.people import PASSWORD, DemoOfficial
from portal.demo.shops import EDITION, business_number
from portal.domain.accounts import Level
from portal.domain.actors import Actor, Role
from portal.domain.applications import ApplicationDraft, Consent, Recommendation
from portal.domain.documents import EvidenceUpload
from portal.domain.evidence import EvidenceFile, EvidenceKind, SubmitEvidence
from portal.domain.evidence_lines import EnteredLine
from portal.domain.merchants import MerchantRegistration
from portal.domain.periods import KOREA, Month
from portal.domain.settlements import DeliverSettlement
from portal.models.accounts import Organisation
from portal.models.applications import Application
from portal.queries import accounts as find
from portal.queries import cases
from portal.queries import merchants as places
from portal.services import (
    accounts,
    applications,
    claims,
    decisions,
    declarations,
    documents,
    evidence,
    evidence_confirmation,
    merchants,
    payments,
    programmes,
    reviews,
    settlements,
)
from portal.storage.lines import LineStore
from portal.storage.objects import Stores

CODE = "national-delivery-2025"
OFFICIALS = (
    DemoOfficial("reviewer1@semas.example", "홍서윤", "대리", (Role.REVIEWER,)),
    DemoOfficial("reviewer2@semas.example", "남도경", "대리", (Role.REVIEWER,)),
    DemoOfficial("approver1@semas.example", "유하린", "배달지원부장", (Role.APPROVER,)),
    DemoOfficial("payer1@semas.example", "고태민", "지출 담당", (Role.PAYER,)),
    DemoOfficial("payer2@semas.example", "심우진", "회계팀장", (Role.PAYER,)),
    DemoOfficial("manager1@semas.example", "민예린", "사업 담당", (Role.MANAGER,)),
    DemoOfficial("manager2@semas.example", "주이안", "사업 담당", (Role.MANAGER,)),
    DemoOfficial("settle1@baemin.example", "차민재", "정산 담당", (Role.PLATFORM,), platform="baemin"),
)
MERCHANTS = (
    ("nd1@merchant.example", "신속지급으로 한도까지 받은 가게 (처음 공고로 결정)"),
    ("nd2@merchant.example", "신속지급, 바뀐 공고로 결정된 가게"),
    ("nd3@merchant.example", "확인지급, 직접 배달의 대장을 낸 가게"),
)
SALES = {"nd1": 98_000_000, "nd2": 180_000_000, "nd3": 60_000_000}
# What the first call of 17 February said instead of the amended one of 19 May, which the template holds.
FIRST = {
    'op = "<="': 'op = "<"',
    "amount = 300_000_000": "amount = 104_000_000",
    "연 매출액이 3억 원 이하일 것": "연 매출액이 1억 400만 원 미만일 것",
    "지원 사업 수정공고": "지원 사업 공고",
    '"meokkaebi", "saenggakdaero"': '"saenggakdaero"',
}
SECOND = {
    "version = 1": "version = 2",
    "apply_from = 2025-02-17": "apply_from = 2025-02-17\neffective_from = 2025-05-19",
}
FEE = 3_000  # won of a delivery of these platforms' data
OWN_DELIVERIES = 12


def texts(organisation: str = "semas") -> tuple[str, str]:
    """The call as first published, and as amended on 19 May; the office that runs it stands in for the ministry's."""
    shipped = (data.FOLDER / "templates" / f"{CODE}.toml").read_text(encoding="utf-8")
    ours = shipped.replace('organisation = "gurye"', f'organisation = "{organisation}"')
    return _instead(ours, FIRST), _instead(ours, SECOND)


@dataclass(slots=True)
class National:
    """Holds what one loading needs; everything goes through the services that people use."""

    session: Session
    stores: Stores
    lines: LineStore
    random: Random = field(default_factory=lambda: Random(2025))  # noqa: S311 (invented data, not secrets)
    by: dict[str, Actor] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)

    def tell(self) -> None:
        self._found()
        first, second = texts()
        self._publish(first, _at(2, 10))
        self._merchant("nd1", _at(2, 20))
        self._decide(self._fast("nd1", _at(2, 20)), _at(3, 4))
        self._merchant("nd3", _at(4, 22))
        self._decide(self._verified("nd3", _at(4, 22)), _at(5, 2))
        self._merchant("nd2", _at(4, 28))
        self._deliver("2025-04", {"nd1": 70, "nd2": 50}, _at(5, 7))
        self._publish(second, _at(5, 12))
        for version_id in programmes.due(self.session, at=_at(5, 19, 0)):
            programmes.take_effect(self.session, version_id, at=_at(5, 19, 0))
        self._decide(self._fast("nd2", _at(5, 21)), _at(5, 30))
        self._own_log("nd3", _at(5, 20))
        self._pay("2025-04", _at(6, 9))
        self._deliver("2025-05", {"nd1": 60, "nd2": 30}, _at(6, 5))
        self._pay("2025-05", _at(7, 9))

    def _found(self) -> None:
        organisation = Organisation(
            code="semas", name="소상공인시장진흥공단(데모)", head_title="소상공인시장진흥공단 이사장(데모)",
            level=Level.MINISTRY, region_code="", contact_unit="배달지원부", contact_phone="042-000-0000",
            contact_email="delivery@semas.example", address="대전광역시(데모)",
        )  # fmt: skip
        self.session.add(organisation)
        self.session.flush()
        for official in OFFICIALS:
            user = accounts.open_account(
                self.session, login=official.login, name=official.name, password=PASSWORD, roles=official.roles,
                organisation=organisation, title=official.title, platform=official.platform, at=_at(2, 3),
            )  # fmt: skip
            self.by[official.login.split(".")[0]] = find.actor_of(user)

    def _publish(self, text: str, at: datetime) -> None:
        version = programmes.propose(self.session, text, by=self.by["manager1@semas"], at=at)
        programmes.publish(self.session, version.id, by=self.by["manager2@semas"], at=at)
        self.session.flush()

    def _merchant(self, who: str, at: datetime) -> None:
        place = int(who[-1])
        user = accounts.open_account(
            self.session, login=f"{who}@merchant.example", name=f"전국{place}", password=PASSWORD,
            roles=[Role.MERCHANT], at=at,
        )  # fmt: skip
        self.by[who], self.numbers[who] = find.actor_of(user), business_number(9_700 + place, self.random)
        registration = MerchantRegistration(
            business_number=self.numbers[who], trade_name=f"전국분식 {place}호점", representative=f"전국{place}",
            phone=f"0108{place:07d}", region_code="4673025000", address=f"데모길 {place}",
            industry_edition=EDITION, industry_code="56111", opened_on=date(2019, 3, 2),
            regular_workers=Decimal(1), sales={2023: SALES[who], 2024: SALES[who]}, bank_code="011",
            account_number=f"{self.random.randrange(10**12, 10**13)}", account_holder=f"전국{place}",
        )  # fmt: skip
        merchants.register(self.session, registration, by=self.by[who], at=at)

    def _start(self, who: str, at: datetime) -> int:
        by = self.by[who]
        return applications.start(self.session, CODE, place_of(self.session, by), by=by, at=at).id

    def _fast(self, who: str, at: datetime) -> int:
        number = self._start(who, at)
        applications.submit_short(self.session, number, _draft("fast"), by=self.by[who], at=at)
        return number

    def _verified(self, who: str, at: datetime) -> int:
        """Own deliveries, with a photograph of what shows that the shop delivers."""
        number, by = self._start(who, at), self.by[who]
        told = {"how_delivered": "직접 배달", "own_deliveries": str(OWN_DELIVERIES)}
        applications.save_draft(self.session, number, _draft("verified", told), by=by, at=at)
        picture = papers.picture(9_700, papers.REQUIRED[0])
        upload = EvidenceUpload("own_proof", "차량등록증.png", "image/png", picture)
        documents.attach(self.session, self.stores.evidence, number, upload, by=by, at=at)
        applications.submit(self.session, number, by=by, at=at)
        return number

    def _decide(self, number: int, at: datetime) -> None:
        reviewer, approver = self.by["reviewer1@semas"], self.by["approver1@semas"]
        for official in (reviewer, approver):
            declarations.declare_none(self.session, [number], by=official, at=at)
        reviews.take_up(self.session, number, by=reviewer, at=at)
        ticked = frozenset(
            item.code for item in cases.checklist_of(self.session, self.session.get_one(Application, number))
        )
        favour = Recommendation("approve", "공고의 요건을 모두 확인했습니다.", ticked)
        reviews.recommend(self.session, number, favour, by=reviewer, at=at)
        decisions.approve(self.session, self.stores, number, by=approver, at=at)

    def _deliver(self, month: Month, deliveries: Mapping[str, int], at: datetime) -> None:
        """The platform answers for the businesses by their number: no store is named, asked for or linked by hand."""
        told = [_order(self.numbers[who], month, place) for who, many in deliveries.items() for place in range(many)]
        content = BytesIO(orders.as_csv(told))
        command = DeliverSettlement(platform="baemin", period=month, filename=f"baemin-{month}.csv", stream=content)
        by = self.by["settle1@baemin"]
        settlements.deliver(self.session, self.stores, self.lines, command, by=by, at=at)
        self.session.flush()

    def _own_log(self, who: str, at: datetime) -> None:
        by, reviewer = self.by[who], self.by["reviewer1@semas"]
        file = EvidenceFile("배달대장-4월.png", "image/png", papers.picture(9_701, papers.REQUIRED[0]))
        command = SubmitEvidence(
            place_of(self.session, by), reviewer.organisation_id or 0, EvidenceKind.OWN_DELIVERY, "own-delivery",
            "2025-04", "", OWN_DELIVERIES * 20_000, file,
        )  # fmt: skip
        found = evidence.submit(self.session, self.stores.evidence, command, by=by, at=at)
        read_off = [
            EnteredLine(datetime(2025, 4, day, 18, 30), order_amount=20_000, delivery_fee=1)  # noqa: DTZ001 (as written)
            for day in range(1, OWN_DELIVERIES + 1)
        ]
        evidence.write(self.session, found.id, read_off, by=reviewer, at=at)
        evidence.put_up(self.session, found.id, by=reviewer, at=at)
        second = self.by["reviewer2@semas"]
        evidence_confirmation.confirm(self.session, self.stores, self.lines, found.id, by=second, at=at)
        self.session.flush()

    def _pay(self, month: Month, at: datetime) -> None:
        session, payer = self.session, self.by["payer1@semas"]
        claims.draw_up(session, self.stores, self.lines, CODE, month, by=self.by["reviewer1@semas"], at=at)
        session.flush()
        claims.approve(session, CODE, month, by=self.by["approver1@semas"], at=at)
        session.flush()
        run = payments.prepare(session, CODE, by=payer, at=at)
        payments.release(session, self.stores, run.id, by=self.by["payer2@semas"], at=at)
        session.flush()
        said = bank.answer(run, {}, executed_on=at.astimezone(KOREA).date())
        payments.settle(session, self.stores, run.id, said, by=payer, at=at)
        session.flush()


def place_of(session: Session, by: Actor) -> int:
    """The one place of a demo merchant."""
    return places.of_owner(session, by)[0].id


def _draft(track: str, told: Mapping[str, str] | None = None) -> ApplicationDraft:
    return ApplicationDraft("", None, None, "01080000001", frozenset(Consent), track=track, answers=told or {})


def _order(number: str, month: Month, place: int) -> Order:
    moment = datetime.fromisoformat(f"{month}-{1 + place % 28:02d} {11 + place // 28:02d}:30")
    return Order(
        platform="baemin", store_id=number, order_no=f"ND{month.replace('-', '')}{number}{place:04d}", origin_key="",
        channel="delivery", ordered_at=moment, status="completed", payment_method="card", order_amount=20_000,
        delivery_fee=FEE, delivery_support=0, promotion_cost=0, promotion_support=0, brokerage_fee=1_500,
        payment_fee=500,
    )  # fmt: skip


def _instead(text: str, said: Mapping[str, str]) -> str:
    for of, say in said.items():
        if of not in text:
            raise ValueError(f"the template does not say {of}")
        text = text.replace(of, say, 1)
    return text


def _at(month: int, day: int, hour: int = 10) -> datetime:
    """That hour of the Korean day in 2025."""
    return datetime.combine(date(2025, month, day), time(hour), KOREA).astimezone(UTC)

"""The demo's ministry: a call for platforms, two with agreements, merchants with services at every stage, one invoice
paid and one waiting; and its successor, whose call is open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from random import Random

from sqlalchemy.orm import Session

from portal import data
from portal.demo import bank, papers
from portal.demo.people import PASSWORD, DemoOfficial
from portal.demo.shops import EDITION, business_number
from portal.domain.accounts import Level
from portal.domain.actors import Actor, Role
from portal.domain.applications import ApplicationDraft, Consent, Recommendation
from portal.domain.documents import EvidenceUpload
from portal.domain.invoices import FileInvoice
from portal.domain.merchants import MerchantRegistration
from portal.domain.periods import KOREA
from portal.domain.proposals import Account, DraftProposal, GiveProposalScores, OfferService, SignAgreement
from portal.models.accounts import Organisation
from portal.models.proposals import Proposal
from portal.models.service_passes import ServicePass
from portal.queries import accounts as find
from portal.queries import cases
from portal.services import (
    accounts,
    applications,
    claims,
    decisions,
    declarations,
    documents,
    invoices,
    merchants,
    payments,
    programmes,
    proposal_choice,
    proposals,
    reviews,
    service_passes,
)
from portal.storage.objects import Stores

CODE = "mss-2020-o2o"
SUCCESSOR = "mss-2023-o2o"
SEED = 2020
OFFICIALS = (
    DemoOfficial("reviewer1@mss.example", "노은채", "사무관", (Role.REVIEWER,)),
    DemoOfficial("reviewer2@mss.example", "문재윤", "주무관", (Role.REVIEWER,)),
    DemoOfficial("approver1@mss.example", "배정훈", "디지털소상공인과장", (Role.APPROVER,)),
    DemoOfficial("payer1@mss.example", "백서진", "지출 담당", (Role.PAYER,)),
    DemoOfficial("payer2@mss.example", "서하윤", "경리팀장", (Role.PAYER,)),
    DemoOfficial("manager1@mss.example", "손도현", "사업 담당", (Role.MANAGER,)),
    DemoOfficial("manager2@mss.example", "양지안", "사업 담당", (Role.MANAGER,)),
    DemoOfficial("o2o@syrup.example", "안시럽", "제휴 담당", (Role.PLATFORM,), platform="syrup"),
    DemoOfficial("o2o@social-coupon.example", "유쿠폰", "제휴 담당", (Role.PLATFORM,), platform="social-coupon"),
    DemoOfficial("o2o@zigbang.example", "전직방", "제휴 담당", (Role.PLATFORM,), platform="zigbang"),
)
MERCHANTS = tuple(f"o2o{number}@merchant.example" for number in range(1, 7))
Firms = Mapping[str, tuple[str, tuple[int, int], tuple[tuple[str, str, str, int, bool], ...]]]
# platform -> (firm, what each of two gave for the service, its services: kind, name, terms, won, taxable)
FIRMS: Firms = {
    "syrup": (
        "시럽데모 주식회사",
        (45, 42),
        (
            ("mobile_promotion", "모바일 쿠폰 홍보", "앱 첫 화면에 30일 동안 쿠폰을 냅니다.", 300_000, True),
            ("leaflet", "전단 2천 장", "시안을 확인한 날부터 7일 안에 배송합니다.", 200_000, True),
        ),
    ),
    "social-coupon": (
        "소셜쿠폰데모 주식회사",
        (40, 41),
        (("consulting", "온라인 판매 컨설팅 3회", "두 시간씩 세 번 점포를 방문합니다.", 250_000, False),),
    ),
    "zigbang": ("직방데모 주식회사", (5, 8), (("platform", "상가 소개", "한 달 동안 소개합니다.", 500_000, True),)),
}
# the successor's: merchants apply now and may choose of one platform
LATER_FIRMS: Firms = {
    "zigbang": ("직방데모 주식회사", (38, 41), (("platform", "상가 소개", "한 달 동안 소개합니다.", 500_000, True),)),
}


@dataclass(slots=True)
class Ministry:
    """Holds what one loading needs; everything goes through the services that people use."""

    session: Session
    stores: Stores
    random: Random = field(default_factory=lambda: Random(SEED))  # noqa: S311 (invented data, not secrets)
    by: dict[str, Actor] = field(default_factory=dict)

    def tell(self) -> None:
        self._found()
        self._publish()
        syrup, _coupon = self._choose_platforms(CODE, FIRMS)
        self._choose_platforms(SUCCESSOR, LATER_FIRMS)
        cases_of = [self._granted(number, login) for number, login in enumerate(MERCHANTS, start=1)]
        days = [_at(9, 7)] * 4 + [_at(11, 9)] * 2
        chosen = [self._choose(*case, syrup, 0, at=at) for case, at in zip(cases_of, days, strict=True)]
        given = self._give(chosen[:4], cases_of)
        self._pay(self._file(syrup, given[:2], "20260930-41000012-00000001", _at(9, 30)))
        self._file(syrup, given[2:3], "20261030-41000012-00000002", _at(10, 30))
        number, owner = cases_of[0]
        waiting = self._choose(number, owner, syrup, 1, at=_at(11, 16))
        service_passes.report(self.session, waiting.id, "전단 2천 장을 11월 20일 택배로 보냈습니다.",
                              by=self.by["o2o@syrup.example"], at=_at(11, 20))  # fmt: skip

    def _found(self) -> None:
        organisation = Organisation(
            code="mss", name="중소벤처기업부(데모)", head_title="중소벤처기업부장관(데모)", level=Level.MINISTRY,
            region_code="", contact_unit="디지털소상공인과", contact_phone="044-000-0000",
            contact_email="o2o@mss.example", address="세종특별자치시(데모)",
        )  # fmt: skip
        self.session.add(organisation)
        self.session.flush()
        for official in OFFICIALS:
            user = accounts.open_account(
                self.session, login=official.login, name=official.name, password=PASSWORD, roles=official.roles,
                organisation=organisation, title=official.title, platform=official.platform, at=_at(1, 5),
            )  # fmt: skip
            self.by[official.login] = find.actor_of(user)

    def _publish(self) -> None:
        for code in (CODE, SUCCESSOR):
            text = (data.FOLDER / "programmes" / f"{code}.toml").read_text(encoding="utf-8")
            version = programmes.propose(self.session, text, by=self.by["manager1@mss.example"], at=_at(4, 20))
            programmes.publish(self.session, version.id, by=self.by["manager2@mss.example"], at=_at(4, 21))

    def _choose_platforms(self, code: str, firms: Firms) -> list[Proposal]:
        for place, (platform, (firm, marks, services)) in enumerate(firms.items(), start=1):
            by = self.by[f"o2o@{platform}.example"]
            account = Account("004", f"{self.random.randrange(10**12, 10**13)}", firm)
            number = business_number(9_900 + place, self.random)
            plan = "전담팀이 점포마다 방문하여 사진을 찍고 등록을 도와 드립니다."
            command = DraftProposal(firm, number, "김대표", plan, conditions=True, account=account)
            made = proposals.draft(self.session, code, command, by=by, at=_at(5, 18))
            for service in services:
                proposals.add_offer(self.session, made.id, OfferService(*service), by=by, at=_at(5, 18))
            proposals.submit(self.session, made.id, by=by, at=_at(5, 19))
            for assessor, points in zip(("reviewer1", "reviewer2"), marks, strict=True):
                sheet = GiveProposalScores({"service": points, "capacity": 22, "cost": 15}, no_interest=True)
                proposal_choice.score(self.session, made.id, sheet, by=self.by[f"{assessor}@mss.example"], at=_at(6, 8))
        opinion = "평가표의 평균대로 순위를 정하고 기준 점수에 이르지 못한 제안은 선정하지 않기로 하였습니다."
        approver = self.by["approver1@mss.example"]
        chosen = proposal_choice.resolve(self.session, code, opinion, by=approver, at=_at(7, 10))
        for place, found in enumerate(chosen, start=1):
            proposal_choice.verify(self.session, found.id, by=self.by["reviewer1@mss.example"], at=_at(7, 24))
            signed = SignAgreement(f"업무협약 {code[4:8]} 제2026-{place}호", date(2026, 7, 27), date(2026, 12, 31))
            proposal_choice.agree(self.session, found.id, signed, by=approver, at=_at(7, 27))
        return chosen

    def _granted(self, number: int, login: str) -> tuple[int, Actor]:
        user = accounts.open_account(
            self.session, login=login, name=f"온라인{number}", password=PASSWORD, roles=[Role.MERCHANT], at=_at(8, 10)
        )
        owner = find.actor_of(user)
        registration = MerchantRegistration(
            business_number=business_number(9_800 + number, self.random), trade_name=f"데모슈퍼 {number}호점",
            representative=f"온라인{number}", phone=f"0109{number:07d}", region_code="1273025000",
            address="데모길 1", industry_edition=EDITION, industry_code="56111", opened_on=date(2019, 3, 2),
            regular_workers=Decimal(1), sales={2025: 90_000_000}, bank_code="011",
            account_number=f"{self.random.randrange(10**12, 10**13)}", account_holder=f"온라인{number}",
        )  # fmt: skip
        merchant = merchants.register(self.session, registration, by=owner, at=_at(8, 10))
        application = applications.start(self.session, CODE, merchant.id, by=owner, at=_at(8, 11))
        plan = "모바일 쿠폰으로 손님을 다시 모시려고 합니다."
        draft = ApplicationDraft(plan, 500_000, 500_000, registration.phone, frozenset(Consent))
        applications.save_draft(self.session, application.id, draft, by=owner, at=_at(8, 11))
        picture = papers.picture(9_800 + number, papers.REQUIRED[0])
        upload = EvidenceUpload(papers.REQUIRED[0], "business.png", "image/png", picture)
        documents.attach(self.session, self.stores.evidence, application.id, upload, by=owner, at=_at(8, 11))
        applications.submit(self.session, application.id, by=owner, at=_at(8, 11))
        self._decide(application.id)
        return application.id, owner

    def _decide(self, number: int) -> None:
        reviewer, approver = self.by["reviewer2@mss.example"], self.by["approver1@mss.example"]
        for official in (reviewer, approver):
            declarations.declare_none(self.session, [number], by=official, at=_at(8, 18))
        reviews.take_up(self.session, number, by=reviewer, at=_at(8, 18))
        application = cases.of_organisation(self.session, number, reviewer)
        ticked = frozenset(item.code for item in cases.checklist_of(self.session, application))
        favour = Recommendation("approve", "요건과 제출 서류를 모두 확인했습니다.", ticked)
        reviews.recommend(self.session, number, favour, by=reviewer, at=_at(8, 19))
        decisions.approve(self.session, self.stores, number, by=approver, at=_at(8, 20))

    def _choose(self, number: int, owner: Actor, found: Proposal, place: int, *, at: datetime) -> ServicePass:
        return service_passes.choose(self.session, number, found.offers[place].id, by=owner, at=at)

    def _give(self, chosen: list[ServicePass], cases_of: list[tuple[int, Actor]]) -> list[ServicePass]:
        """Given to all of them; confirmed by all but the last, who says what is wrong."""
        by, said = self.by["o2o@syrup.example"], "쿠폰 3종을 만들어 9월 14일부터 앱 첫 화면에 내보냈습니다."
        for found in chosen:
            service_passes.report(self.session, found.id, said, by=by, at=_at(9, 15))
        for found, (_number, owner) in zip(chosen[:-1], cases_of, strict=False):
            service_passes.confirm(self.session, found.id, by=owner, at=_at(9, 16))
        wrong, owner = chosen[-1], cases_of[len(chosen) - 1][1]
        service_passes.dispute(
            self.session, wrong.id, "쿠폰에 가게 이름이 잘못 적혀 있습니다.", by=owner, at=_at(9, 16)
        )
        return chosen[:-1]

    def _file(self, found: Proposal, passes: list[ServicePass], number: str, at: datetime) -> int:
        won, vat = sum(each.supply_value for each in passes), sum(each.vat for each in passes)
        command = FileInvoice(number, at.date(), won, vat, tuple(each.id for each in passes))
        return invoices.file(self.session, found.id, command, by=self.by["o2o@syrup.example"], at=at).id

    def _pay(self, invoice_id: int) -> None:
        session, payer = self.session, self.by["payer1@mss.example"]
        invoices.accept(session, invoice_id, by=self.by["reviewer1@mss.example"], at=_at(10, 2))
        claims.approve(session, CODE, "2026-09", by=self.by["approver1@mss.example"], at=_at(10, 5))
        run = payments.prepare(session, CODE, by=payer, at=_at(10, 6))
        payments.release(session, self.stores, run.id, by=self.by["payer2@mss.example"], at=_at(10, 7))
        session.flush()
        said = bank.answer(run, {}, executed_on=date(2026, 10, 8))
        payments.settle(session, self.stores, run.id, said, by=payer, at=_at(10, 8, hour=16))


def _at(month: int, day: int, hour: int = 10) -> datetime:
    """That hour of the Korean day in 2026."""
    return datetime.combine(date(2026, month, day), time(hour), KOREA).astimezone(UTC)

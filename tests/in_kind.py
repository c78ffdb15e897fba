"""Makes what tests of services in kind start from: a ministry, firms with agreements, merchants with grants."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from portal import data
from portal.domain.accounts import Level
from portal.domain.actors import Actor, Role
from portal.domain.invoices import FileInvoice
from portal.domain.proposals import Account, DraftProposal, GiveProposalScores, OfferService, SignAgreement
from portal.models.accounts import Organisation, User
from portal.models.claims import Claim
from portal.models.invoices import VendorInvoice
from portal.models.proposals import Proposal
from portal.models.service_passes import ServicePass
from portal.queries.programmes import Published
from portal.services import (
    decisions,
    invoice_corrections,
    invoices,
    proposal_choice,
    proposals,
    service_pass_rulings,
    service_passes,
)
from portal.storage.objects import Stores
from tests import cases
from tests.cases import Applied, business_number
from tests.factories import actor, make_official, make_organisation, make_platform_person, make_programme

CODE = "mss-2020-o2o"
TEXT = (data.FOLDER / "programmes" / f"{CODE}.toml").read_text(encoding="utf-8")
CALL = datetime(2026, 6, 15, 1, 0, tzinfo=UTC)  # platforms propose until the end of June
CHOICE = datetime(2026, 7, 10, 1, 0, tzinfo=UTC)
AGREED = datetime(2026, 7, 27, 1, 0, tzinfo=UTC)
OPEN = datetime(2026, 8, 10, 1, 0, tzinfo=UTC)  # merchants apply and choose
INVOICED = datetime(2026, 9, 1, 1, 0, tzinfo=UTC)
ENDS = date(2026, 12, 31)
OPINION = "평가 결과대로 순위를 정하여 위에서부터 선정하기로 하였습니다."
OVERDUE = datetime(2026, 8, 25, 1, 0, tzinfo=UTC)  # the day after the last one on which a merchant confirms
RULING = "앱 화면과 발송 기록을 보았고 쿠폰이 실제로 나갔습니다."
WRONG = "쿠폰이 보이지 않습니다."
DELIVERED = "모바일 쿠폰 3종을 만들어 8월 20일부터 내보냈습니다."
NUMBER = "20260901-41000012-{:08d}"
_SERIAL = iter(range(9_000, 99_000))


def proposal(serial: int = 1, *, conditions: bool = True) -> DraftProposal:
    account = Account("004", f"9{serial:011d}", "주식회사 플랫폼")
    number = business_number(next(_SERIAL))
    return DraftProposal("주식회사 플랫폼", number, "김대표", "전담팀 5명이 점포마다 방문합니다.", conditions, account)


def offer(won: int = 300_000, *, taxable: bool = True, kind: str = "mobile_promotion") -> OfferService:
    return OfferService(kind, "모바일 쿠폰 홍보", "신청한 날부터 30일 안에 쿠폰 3종을 만듭니다.", won, taxable)


def points(service: int = 40, capacity: int = 20, cost: int = 15) -> GiveProposalScores:
    return GiveProposalScores({"service": service, "capacity": capacity, "cost": cost}, no_interest=True)


@dataclass(slots=True)
class Ministry:
    """`first` and `second` score, `reviewer` checks, `approver` resolves, agrees and approves."""

    session: Session
    stores: Stores
    text: str = TEXT
    organisation: Organisation = field(init=False)
    programme: Published = field(init=False)
    first: User = field(init=False)
    second: User = field(init=False)
    reviewer: User = field(init=False)
    approver: User = field(init=False)
    payer: User = field(init=False)
    releaser: User = field(init=False)
    clerks: dict[str, User] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.organisation = make_organisation(
            self.session, "mss", name="중소벤처기업부(데모)", level=Level.MINISTRY, region_code=""
        )
        self.first, self.second, self.reviewer = (
            self._official(Role.REVIEWER, name) for name in ("평가하나", "평가둘", "검토자")
        )
        self.approver = self._official(Role.APPROVER, "결재자")
        self.payer, self.releaser = (self._official(Role.PAYER, name) for name in ("지출하나", "지출둘"))
        self.programme = make_programme(self.session, organisation=self.organisation, text=self.text, at=CALL)

    def _official(self, role: Role, name: str) -> User:
        return make_official(self.session, role, organisation=self.organisation, name=name)

    def firm(self, platform: str) -> Actor:
        if platform not in self.clerks:
            self.clerks[platform] = make_platform_person(self.session, platform, organisation=self.organisation)
        return actor(self.clerks[platform])

    def drafted(self, platform: str = "syrup", **offering: object) -> Proposal:
        by = self.firm(platform)
        made = proposals.draft(self.session, CODE, proposal(len(self.clerks)), by=by, at=CALL)
        proposals.add_offer(self.session, made.id, offer(**offering), by=by, at=CALL)  # ty: ignore[invalid-argument-type]
        return made

    def submitted(self, platform: str = "syrup", **offering: object) -> Proposal:
        made = self.drafted(platform, **offering)
        return proposals.submit(self.session, made.id, by=self.firm(platform), at=CALL)

    def scored(self, platform: str = "syrup", service: int = 40, **offering: object) -> Proposal:
        made = self.submitted(platform, **offering)
        for assessor in (self.first, self.second):
            proposal_choice.score(self.session, made.id, points(service), by=actor(assessor), at=CALL)
        return made

    def resolve(self) -> list[Proposal]:
        return proposal_choice.resolve(self.session, CODE, OPINION, by=actor(self.approver), at=CHOICE)

    def agree(self, found: Proposal, *, ends_on: date = ENDS) -> Proposal:
        proposal_choice.verify(self.session, found.id, by=actor(self.reviewer), at=AGREED)
        signed = SignAgreement(f"협약 제2026-{found.id}호", AGREED.date(), ends_on)
        return proposal_choice.agree(self.session, found.id, signed, by=actor(self.approver), at=AGREED)

    def agreed(self, platform: str = "syrup", **offering: object) -> Proposal:
        found = self.scored(platform, **offering)  # ty: ignore[invalid-argument-type]
        self.resolve()
        return self.agree(found)

    def granted(self, *, owner: User | None = None, at: datetime = OPEN) -> Applied:
        """A merchant whose application was approved: 500,000 won of services."""
        case = cases.apply(self.session, self.stores, self.programme, owner=owner, at=at)
        cases.recommend(self.session, case.application, actor(self.reviewer), at=at)
        decisions.approve(self.session, self.stores, case.id, by=actor(self.approver), at=at)
        return case

    def chosen(self, case: Applied, found: Proposal, place: int = 0, *, at: datetime = OPEN) -> ServicePass:
        offered = found.offers[place]
        return service_passes.choose(self.session, case.id, offered.id, by=actor(case.owner), at=at)

    def reported(self, case: Applied, found: Proposal, place: int = 0) -> ServicePass:
        chosen = self.chosen(case, found, place)
        return service_passes.report(self.session, chosen.id, DELIVERED, by=self.firm(found.platform), at=OPEN)

    def disputed(self, case: Applied, found: Proposal) -> ServicePass:
        given = self.reported(case, found)
        return service_passes.dispute(self.session, given.id, WRONG, by=actor(case.owner), at=OPEN)

    def vouched(self, given: ServicePass) -> ServicePass:
        """An official has looked at it after the days of the programme."""
        return service_pass_rulings.vouch(self.session, given.id, RULING, by=actor(self.reviewer), at=OVERDUE)

    def confirmed(self, case: Applied, found: Proposal, place: int = 0) -> ServicePass:
        given = self.reported(case, found, place)
        return service_passes.confirm(self.session, given.id, by=actor(case.owner), at=OPEN)

    def filed(self, found: Proposal, *passes: ServicePass, number: int = 1, extra: int = 0) -> VendorInvoice:
        command = FileInvoice(
            NUMBER.format(number),
            INVOICED.date(),
            sum(each.supply_value for each in passes) + extra,
            sum(each.vat for each in passes),
            tuple(each.id for each in passes),
        )
        return invoices.file(self.session, found.id, command, by=self.firm(found.platform), at=INVOICED)

    def accepted(self, found: Proposal, *passes: ServicePass, number: int = 1) -> list[Claim]:
        filed = self.filed(found, *passes, number=number)
        return invoices.accept(self.session, filed.id, by=actor(self.reviewer), at=INVOICED)


def in_every_stage(session: Session, stores: Stores) -> tuple[list[User], tuple[str, ...]]:
    """A firm whose services stand where they can stand, and firms that drafted, handed in, were chosen and left out.

    Returns who meets them, and pages that no link leads to: the choice while the call is open, the correction of
    what was not paid, the rulings on what may still be answered.
    """
    ministry = Ministry(session, stores)
    found = ministry.drafted("syrup")
    small = offer(100_000, taxable=False, kind="leaflet")
    proposals.add_offer(session, found.id, small, by=ministry.firm("syrup"), at=CALL)
    proposals.submit(session, found.id, by=ministry.firm("syrup"), at=CALL)
    for assessor in (ministry.first, ministry.second):
        proposal_choice.score(session, found.id, points(50), by=actor(assessor), at=CALL)
    checked, _left = ministry.scored("baemin", 45), ministry.scored("yogiyo", 0)
    ministry.resolve()
    ministry.agree(found)
    proposal_choice.verify(session, checked.id, by=actor(ministry.reviewer), at=AGREED)
    ministry.drafted("barogo")
    ministry.submitted("line")
    chosen, reported, disputed, vouched, confirmed, filed, claimed, doubted = (ministry.granted() for _ in range(8))
    ministry.chosen(chosen, found)
    late = ministry.reported(reported, found)
    ministry.disputed(disputed, found)
    ministry.vouched(ministry.reported(vouched, found))
    ministry.confirmed(confirmed, found)
    ministry.filed(found, ministry.confirmed(filed, found), number=1)
    (claim,) = ministry.accepted(found, ministry.confirmed(claimed, found), number=2)
    (other,) = ministry.accepted(found, ministry.confirmed(doubted, found), number=3)
    by = actor(ministry.reviewer)
    invoice_corrections.propose_taking_back(session, other.invoice_id or 0, "청구가 겹칩니다.", by=by, at=INVOICED)
    owners = [case.owner for case in (chosen, reported, disputed, vouched, claimed)]
    clerks = [ministry.clerks[platform] for platform in ("syrup", "baemin", "barogo")]
    unlinked = (f"/office/proposals/{CODE}/choice", f"/office/invoices/{claim.invoice_id}/correction")
    unlinked += tuple(f"/office/service-passes/{late.id}/{ruling}" for ruling in ("vouching", "end"))
    return [*owners, *clerks, ministry.reviewer, ministry.approver], unlinked

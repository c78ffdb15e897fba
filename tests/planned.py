"""A small plan with a linked sub-project, and reports on it, for tests of what plans come to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.domain.actors import Actor, Role
from portal.domain.plans import ReportActuals
from portal.models.accounts import Organisation, User
from portal.models.plans import PlanReport, PlanVersion
from portal.services import plan_reports, plans
from portal.storage.objects import Stores
from tests.factories import AT, actor, make_official

CODE = "small-plan"
TEXT = """
code = "small-plan"
name = "작은 육성계획"
summary = "두 해 동안 가게를 온라인으로 이끄는 계획입니다."
organisation = "gurye"
adopted_on = 2025-01-02
years = { from = 2025, to = 2026 }
public = true
budget = 1_000
source = "군 보도자료"
example_note = "금액과 목표는 예시입니다."

[[indicator]]
code = "businesses"
name = "지원한 업체"
unit = "개소"
supported = true
goal = 30

[[indicator]]
code = "rate"
name = "수수료율"
unit = "%"
over_years = "last"
adds = false

[[field]]
code = "shift"
name = "전환 분야"
known = ["name"]

[[field.task]]
code = "market"
name = "시장 과제"

[[field.task.project]]
code = "linked"
name = "배달 지원"
known = ["name"]
programme = "gurye-2020-o2o"
planned = { 2026 = { county = 400 } }
targets = { businesses = { 2026 = 20 } }

[[field.task.project]]
code = "mall"
name = "공공 온라인몰"
planned = { 2025 = { national = 100, county = 51 }, 2026 = { county = 149 } }
targets = { businesses = { 2025 = 4, 2026 = 6 }, rate = { 2025 = 0, 2026 = 2 } }

[[field]]
code = "office"
name = "행정 분야"

[[field.task]]
code = "online"
name = "온라인 과제"

[[field.task.project]]
code = "desk"
name = "화상 창구"
planned = { 2026 = { national = 300 } }
targets = { }
"""
NEXT = TEXT.replace("작은 육성계획", "더 작은 육성계획")  # a version that waits
MALL = ReportActuals(
    "mall", 2025, date(2025, 12, 31), "경제활력과-101", "", {"national": 90, "county": 50}, {"businesses": 5, "rate": 0}
)


@dataclass(frozen=True, slots=True)
class Desk:
    """A plan in force and its two managers."""

    session: Session
    stores: Stores
    version: PlanVersion
    managers: tuple[User, User]

    @property
    def by(self) -> Actor:
        return actor(self.managers[0])

    @property
    def second(self) -> Actor:
        return actor(self.managers[1])

    def put_in_force(self, text: str) -> PlanVersion:
        """The next version, loaded by one and confirmed by the other."""
        loaded = plans.load(self.session, text, by=self.by, at=AT)
        if loaded.new:
            plans.confirm(self.session, loaded.version.id, by=self.second, at=AT)
        return loaded.version

    def report(self, command: ReportActuals = MALL, **other: object) -> PlanReport:
        command = replace(command, **other)
        return plan_reports.report(self.session, self.stores, CODE, command, by=self.by, at=AT)

    def confirmed(self, command: ReportActuals = MALL, **other: object) -> PlanReport:
        made = self.report(command, **other)
        plan_reports.confirm(self.session, made.id, by=self.second, at=AT)
        return made


def open_desk(
    session: Session, stores: Stores, *, text: str = TEXT, organisation: Organisation | None = None, at: datetime = AT
) -> Desk:
    first, second = (
        make_official(session, Role.MANAGER, organisation=organisation, name=name) for name in ("김보고", "이확인")
    )
    loaded = plans.load(session, text, by=actor(first), at=at)
    plans.confirm(session, loaded.version.id, by=actor(second), at=at)
    return Desk(session, stores, loaded.version, (first, second))


def in_every_stage(session: Session, stores: Stores) -> None:
    """A report that counts, one that was refused and one that waits; and a version that waits."""
    desk = open_desk(session, stores)
    desk.confirmed()
    refused = desk.report(year=2026, as_of=AT.date(), spent={"county": 10}, reached={"businesses": 1})
    plan_reports.refuse(session, refused.id, "문서의 금액과 다릅니다.", by=desk.second, at=AT)
    desk.report(year=2026, as_of=AT.date(), spent={"county": 11}, reached={"rate": 2}, content=b"%PDF-1.4 %%EOF",
                filename="실적.pdf", media_type="application/pdf")  # fmt: skip
    plans.load(session, NEXT, by=desk.by, at=AT)

"""A second office of the demo, a city with a plan: the plan loaded, and two years of reports on half of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from random import Random

from sqlalchemy.orm import Session

from portal import data
from portal.demo.people import PASSWORD, DemoOfficial
from portal.domain.accounts import Level
from portal.domain.actors import Actor, Role
from portal.domain.periods import KOREA
from portal.domain.plans import Node, ReportActuals, Tree, may_type, typed_indicators
from portal.models.accounts import Organisation
from portal.queries import accounts as find
from portal.queries import plans as known
from portal.services import accounts, plan_reports, plans
from portal.storage.objects import Stores

CODE = "busan-2020-contactless"
SEED = 26000
LOADED = date(2021, 1, 4)
YEARS = (2021, 2022)
OFFICIALS = (
    DemoOfficial("manager1@busan.example", "문가람", "비대면경제팀", (Role.MANAGER,)),
    DemoOfficial("manager2@busan.example", "배나래", "비대면경제팀장", (Role.MANAGER,)),
    DemoOfficial("reviewer1@busan.example", "노하람", "주무관", (Role.REVIEWER,)),
    DemoOfficial("approver1@busan.example", "도지안", "혁신경제과장", (Role.APPROVER,)),
    DemoOfficial("payer1@busan.example", "류다솜", "지출 담당", (Role.PAYER,)),
    DemoOfficial("payer2@busan.example", "마유진", "경리팀장", (Role.PAYER,)),
    DemoOfficial("policy1@busan.example", "서다온", "혁신경제과장", (Role.POLICYMAKER,)),
)


def tell(session: Session, stores: Stores) -> None:
    """The office, its plan, reports that count on every other sub-project, and a few that wait."""
    first, second, *_others = _open_office(session)
    text = (data.FOLDER / "plans" / f"{CODE}.toml").read_text(encoding="utf-8")
    loaded = plans.load(session, text, by=first, at=_at(LOADED), file=f"{CODE}.toml")
    plans.confirm(session, loaded.version.id, by=second, at=_at(LOADED))
    tree, random = known.one(session, CODE, first).tree, Random(SEED)  # noqa: S311 (invented data, not secrets)
    for number, node in enumerate(node for node in tree.projects if may_type(node)):
        if number % 2 == 0:
            for year in YEARS:
                report = plan_reports.report(
                    session, stores, CODE, _report(node, tree, year, random), by=first, at=_at(date(year + 1, 1, 20))
                )
                if year != YEARS[-1] or number % 26:
                    plan_reports.confirm(session, report.id, by=second, at=_at(date(year + 1, 1, 25)))


def _report(node: Node, tree: Tree, year: int, random: Random) -> ReportActuals:
    """Most of what was planned, somewhat more or less of what was aimed at."""
    spent = {
        source: won * random.randrange(78, 100) // 100
        for (planned, source), won in node.planned.items()
        if planned == year
    }
    reached = {
        each.code: node.targets[each.code].get(year, 0) * random.randrange(60, 116) // 100
        for each in typed_indicators(node, tree)
    }
    document = f"예시-{year}-{random.randrange(100, 999)}"
    return ReportActuals(node.code, year, date(year, 12, 31), document, "시연을 위한 예시 실적", spent, reached)


def _open_office(session: Session) -> list[Actor]:
    office = Organisation(
        code="busan",
        name="부산광역시(데모)",
        head_title="부산광역시장(데모)",
        level=Level.CITY,
        region_code="26",
        contact_unit="혁신경제과",
        contact_phone="051-000-0000",
        contact_email="plan@busan.example",
        address="부산광역시(데모)",
    )
    session.add(office)
    session.flush()
    return [
        find.actor_of(
            accounts.open_account(
                session, login=each.login, name=each.name, password=PASSWORD, roles=each.roles,
                organisation=office, title=each.title, at=_at(LOADED),
            )
        )
        for each in OFFICIALS
    ]  # fmt: skip


def _at(on: date) -> datetime:
    """Ten o'clock of the Korean day."""
    return datetime.combine(on, time(10), KOREA).astimezone(UTC)

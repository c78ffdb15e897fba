"""The officials of the demo county and a platform's person, and the accounts a visitor may sign in with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain.accounts import Level
from portal.domain.actors import Actor, Role
from portal.models.accounts import Organisation
from portal.queries import accounts as find
from portal.services import accounts

PASSWORD = "ieum-demo-2026"  # noqa: S105 (printed at every start; the demo refuses to load in production)


@dataclass(frozen=True, slots=True)
class DemoOfficial:
    login: str
    name: str
    title: str
    roles: tuple[Role, ...]
    platform: str = ""


OFFICIALS = (
    DemoOfficial("reviewer1@gurye.example", "김서연", "주무관", (Role.REVIEWER,)),
    DemoOfficial("reviewer2@gurye.example", "이준호", "주무관", (Role.REVIEWER,)),
    DemoOfficial("reviewer3@gurye.example", "박지우", "주무관", (Role.REVIEWER,)),
    DemoOfficial("approver1@gurye.example", "최민수", "경제활력과장", (Role.APPROVER,)),
    DemoOfficial("approver2@gurye.example", "정하은", "소상공인팀장", (Role.APPROVER,)),
    DemoOfficial("payer1@gurye.example", "강도윤", "지출 담당", (Role.PAYER,)),
    DemoOfficial("payer2@gurye.example", "조수빈", "지출원", (Role.PAYER,)),
    DemoOfficial("payer3@gurye.example", "윤예준", "경리팀장", (Role.PAYER,)),
    DemoOfficial("auditor1@gurye.example", "장시우", "감사팀장", (Role.AUDITOR,)),
    DemoOfficial("policy1@gurye.example", "임채원", "기획예산실장", (Role.POLICYMAKER,)),
    DemoOfficial("policy2@gurye.example", "한유진", "정책 분석", (Role.POLICYMAKER,)),
    DemoOfficial("manager1@gurye.example", "오지훈", "사업 담당", (Role.MANAGER,)),
    DemoOfficial("manager2@gurye.example", "신다은", "사업 담당", (Role.MANAGER, Role.POLICYMAKER)),
    DemoOfficial("admin1@gurye.example", "권태양", "전산팀장", (Role.ADMINISTRATOR,)),
    DemoOfficial("clerk1@gurye.example", "문가람", "구례읍 산업팀", (Role.CLERK,)),
    DemoOfficial("settle1@barogo.example", "한바로", "정산 담당", (Role.PLATFORM,), platform="barogo"),
)

MERCHANTS = (
    ("shop1@merchant.example", "교부 결정과 지급까지 끝난 가게"),
    ("shop2@merchant.example", "보완을 요구받은 가게 (환영 지원금은 예산 대기 중)"),
    ("shop3@merchant.example", "신청서를 쓰고 있는 가게"),
    ("new@merchant.example", "아직 사업장을 등록하지 않은 사람"),
)


@dataclass(frozen=True, slots=True)
class Cast:
    """The acting officials, by what they do; several share the reviewing. `clerk`: the platform's person."""

    reviewers: tuple[Actor, ...]
    approvers: tuple[Actor, ...]
    payers: tuple[Actor, ...]
    managers: tuple[Actor, ...]
    clerk: Actor


def open_office(session: Session, *, at: datetime) -> Cast:
    """Founds the demo county with its officials."""
    organisation = Organisation(
        code="gurye",
        name="구례군(데모)",
        head_title="구례군수(데모)",
        level=Level.COUNTY,
        region_code="12730",
        contact_unit="경제활력과",
        contact_phone="061-000-0000",
        contact_email="o2o@gurye.example",
        address="전남광주통합특별시 구례군(데모)",
    )
    session.add(organisation)
    session.flush()
    actors: dict[Role, list[Actor]] = {}
    for official in OFFICIALS:
        user = accounts.open_account(
            session,
            login=official.login,
            name=official.name,
            password=PASSWORD,
            roles=official.roles,
            organisation=organisation,
            title=official.title,
            platform=official.platform,
            at=at,
        )
        for role in official.roles:
            actors.setdefault(role, []).append(find.actor_of(user))
    return Cast(
        reviewers=tuple(actors[Role.REVIEWER]),
        approvers=tuple(actors[Role.APPROVER]),
        payers=tuple(actors[Role.PAYER]),
        managers=tuple(actors[Role.MANAGER]),
        clerk=actors[Role.PLATFORM][0],
    )

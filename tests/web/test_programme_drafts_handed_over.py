"""A draft is tried, handed over, published by another person, amended; files come in, others stay out."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.config import ROOT
from portal.domain.actors import Role
from portal.domain.programme_drafts import Section, read
from portal.domain.programmes import VersionStatus
from portal.models.audit import AuditEvent
from portal.models.claims import Claim
from portal.models.programmes import ProgrammeVersion
from tests.clients import PortalClient
from tests.factories import GURYE, make_official, make_organisation, make_programme
from tests.pages import problems, text_of
from tests.written import DRAFTS, FLAT, begin, document, save, text

ClientOf = Callable[..., PortalClient]


@pytest.fixture
def manager(session: Session, client_of: ClientOf) -> PortalClient:
    return client_of(make_official(session, Role.MANAGER, name="사업담당"))


def test_a_made_up_merchant_and_month_are_assessed_and_nothing_is_stored(
    session: Session, manager: PortalClient
) -> None:
    page = f"{begin(manager, FLAT)}/trial"
    before = text(session), session.scalar(select(func.count()).select_from(AuditEvent))
    orders = {"orders-0-number": "500", "orders-0-delivery_fee": "900", "orders-1-number": "", "month": "2026-10"}
    answer = save(manager, page, region_code="4673025000", regular_workers="2", industry_code="56111", **orders)
    assert answer.status_code == 200, problems(answer)
    told = text_of(answer.text)
    assert "이달의 지원금 400,000 원" in told or "이달의 지원금 400,000원" in told, told[:1500]
    assert "반년 한도: 50,000원 줄임 (공고 제4조제2항)" in told
    outside = text_of(save(manager, page, region_code="11680", **orders).text)
    assert "이 가게는 신청할 수 없습니다" in outside
    session.expire_all()
    assert (text(session), session.scalar(select(func.count()).select_from(AuditEvent))) == before
    assert session.scalar(select(func.count()).select_from(Claim)) == 0
    refused = save(manager, page, **{"orders-0-number": "2001"})
    assert (refused.status_code, "2,000건까지" in problems(refused)[0]) == (422, True)


def test_what_is_handed_over_is_published_by_another_and_edited_by_nobody(
    session: Session, manager: PortalClient, client_of: ClientOf
) -> None:
    draft = begin(manager, FLAT)
    hand_over = f"{draft}/handing-over"
    unsure = manager.submit(hand_over)
    assert (unsure.status_code, problems(unsure)) == (
        422,
        ["확인할 점을 모두 읽었고, 그대로 넘깁니다: 내용을 읽고 확인란에 표시해 주세요."],
    )
    given = manager.submit(hand_over, {"sure": "y"})
    assert given.status_code == 302, problems(given)
    assert manager.submit(f"{given.location}/publication").status_code == 403
    other = client_of(make_official(session, Role.MANAGER, name="다른 담당"))
    assert other.submit(f"{given.location}/publication").status_code == 302
    session.expire_all()
    assert session.scalars(select(ProgrammeVersion.status)).all() == [VersionStatus.PUBLISHED]
    assert save(manager, f"{draft}/sections/days", processing_days="3").status_code in (409, 422)
    assert manager.submit(hand_over, {"sure": "y"}).status_code == 409
    assert manager.get("/programmes/gurye-2026-flat-per-delivery").status_code == 200


def test_an_amendment_shows_value_by_value_what_it_changes(
    session: Session, manager: PortalClient, client_of: ClientOf
) -> None:
    make_programme(session)
    draft = manager.submit("/office/programmes/1/amendment").location
    assert "앞의 판과 달라진 것이 없습니다" in text_of(manager.get(draft).text)
    save(manager, f"{draft}/parts/eligibility/3", amount="200,000,000", op="<")
    page = text_of(manager.get(draft).text)
    assert "‘직전 연도 매출액이 3억 원 이하일 것’ · 매출 기준 금액 300,000,000원 200,000,000원" in page, page
    assert "이하(그 금액도 됨) 미만(그 금액은 안 됨)" in page
    save(manager, f"{draft}/sections/budget", **{"lines-0-amount": "70,000,000"})
    assert "이미 배정된 예산은" in text_of(manager.get(draft).text)
    save(manager, f"{draft}/sections/budget", **{"lines-0-amount": "60,000,000"})
    given = manager.submit(f"{draft}/handing-over", {"sure": "y"})
    assert given.status_code == 302, problems(given)
    assert "200,000,000원" in text_of(manager.get(given.location).text)
    assert (
        read(session.scalars(select(ProgrammeVersion.text).order_by(ProgrammeVersion.id.desc())).first() or "")[
            "version"
        ]
        == 2
    )
    assert client_of(make_official(session, Role.MANAGER)).submit(f"{given.location}/publication").status_code == 302


def test_a_file_is_gone_on_with_even_where_it_does_not_read_yet(session: Session, manager: PortalClient) -> None:
    broken = GURYE.replace('rate = "0.80"', 'rate = "8"').replace("processing_days = 14\n", "")
    given = {"file": (io.BytesIO(broken.encode()), "gurye.toml")}
    draft = manager.submit(f"{DRAFTS}/new", given).location
    page = manager.get(draft).text
    assert f"{draft}/parts/items/2#rate" in page
    assert f"{draft}/sections/days#processing_days" in page
    assert "먼저 고칠 점" in manager.get(f"{draft}/preview").text
    assert save(manager, f"{draft}/sections/days", processing_days="14").status_code == 302
    assert save(manager, f"{draft}/parts/items/2", rate="80").status_code == 302
    assert "먼저 고칠 점" not in manager.get(f"{draft}/preview").text
    refused = manager.submit(f"{DRAFTS}/new", {"file": (io.BytesIO(b"a ="), "a.toml")})
    assert (refused.status_code, "TOML" in problems(refused)[0]) == (422, True)
    assert problems(manager.submit(f"{DRAFTS}/new")) == [
        "무엇에서 시작할까요: 목록에 있는 항목 가운데 하나를 선택해 주세요."
    ]


def test_services_in_kind_are_taken_in_from_a_file_kept_and_tried(session: Session, manager: PortalClient) -> None:
    text = (ROOT / "portal/data/programmes/mss-2023-o2o.toml").read_text("utf-8")
    draft = manager.submit(f"{DRAFTS}/new", {"file": (io.BytesIO(text.encode()), "mss.toml")}).location
    assert save(manager, f"{draft}/sections/days", processing_days="10").status_code == 302
    assert document(session)["services"] == read(text)["services"]
    for page in ("", "/preview", "/preview/form", "/trial"):
        assert manager.get(draft + page).status_code == 200, page
    tried = save(manager, f"{draft}/trial", region_code="4673025000", regular_workers="2", industry_code="56111")
    assert (tried.status_code, "이 가게는 모든 조건에 맞습니다" in text_of(tried.text)) == (200, True), problems(tried)


def test_what_no_box_could_hold_is_left_out_of_a_file_and_said(session: Session, manager: PortalClient) -> None:
    odd = GURYE.replace("apply_to = 2026-12-18", 'apply_to = "soon"').replace("amount = 500_000", 'amount = "many"')
    odd = (
        odd.replace('kind = "one_per_owner"', 'kind = "luck"')
        .replace("limit = 1", "")
        .replace("priority", "colour = 3\npriority")
    )
    odd = odd.partition("[[pool]]")[0] + "pool = 5\n[call]" + odd.partition("[call]")[2]
    odd = "pool = 5\n" + odd.replace("pool = 5\n[call]", "[call]").partition("\n[example]")[0]
    answer = manager.submit(f"{DRAFTS}/new", {"file": (io.BytesIO(odd.encode()), "odd.toml")})
    page = text_of(manager.get(answer.location).text)
    for place in ("pool", "colour", "call.apply_to", "grant.amount", "eligibility.kind"):
        assert place in page.partition("칸에 넣을 수 없는 값은 빼고 가져왔습니다:")[2][:200], (place, page[:600])
    assert len(document(session)["eligibility"]) == 5
    for section in Section:
        kind = "parts" if section in ("eligibility", "items") else "sections"
        assert manager.get(f"{answer.location}/{kind}/{section.value}").status_code == 200, section


def test_only_managers_of_the_office_see_a_draft(session: Session, manager: PortalClient, client_of: ClientOf) -> None:
    draft = begin(manager, FLAT)
    reader = client_of(make_official(session, Role.AUDITOR))
    elsewhere = make_organisation(session, "haenam", name="해남군(데모)", region_code="12790")
    stranger = client_of(make_official(session, Role.MANAGER, organisation=elsewhere))
    for page in (
        "",
        "/sections/days",
        "/parts/items",
        "/parts/items/1",
        "/preview",
        "/preview/form",
        "/trial",
        "/file",
    ):
        assert reader.get(draft + page).status_code == 403, page
        assert stranger.get(draft + page).status_code == 404, page
    for action in ("/handing-over", "/discarding", "/parts/items/1/removal"):
        assert stranger.submit(draft + action).status_code == 404, action
    assert manager.submit(f"{draft}/discarding").status_code == 302
    assert "작성 중인 사업이 없습니다" in manager.get(DRAFTS).text

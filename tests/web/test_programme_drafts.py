"""A manager writes a programme by browser, from a template or as an amendment; another person publishes it."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal import data
from portal.domain.actors import Role
from portal.domain.programme_drafts import Section, read
from portal.domain.programmes import VersionStatus
from portal.models.audit import AuditEvent
from portal.models.claims import Claim
from portal.models.programme_drafts import ProgrammeDraft
from portal.models.programmes import ProgrammeVersion
from tests.clients import PortalClient
from tests.factories import GURYE, make_official, make_organisation, make_programme
from tests.filled import filled
from tests.pages import problems, text_of

ClientOf = Callable[..., PortalClient]
DRAFTS = "/office/programmes/drafts"
FLAT = "template:flat-per-delivery"


@pytest.fixture
def manager(session: Session, client_of: ClientOf) -> PortalClient:
    return client_of(make_official(session, Role.MANAGER, name="사업담당"))


def begin(client: PortalClient, begin: str) -> str:
    """The address of a draft that begins with this."""
    answer = client.submit(f"{DRAFTS}/new", {"begin": begin})
    assert answer.status_code == 302, problems(answer)
    return answer.location


def text(session: Session) -> str:
    session.expire_all()
    return session.scalars(select(ProgrammeDraft.text).order_by(ProgrammeDraft.id.desc()).limit(1)).one()


def document(session: Session) -> dict[str, Any]:
    return read(text(session))


def save(client: PortalClient, page: str, **changed: object) -> TestResponse:
    """Opens a page, changes some boxes, saves it as a browser would."""
    return client.submit(page, filled(client.get(page).text) | changed)


@pytest.mark.parametrize("template", data.programme_templates())
def test_every_section_of_every_template_opens_and_saves_without_changing_anything(
    session: Session, manager: PortalClient, template: str
) -> None:
    draft = begin(manager, f"template:{template}")
    before = document(session)
    pages = [f"{draft}/sections/{section.value}" for section in Section if section not in ("eligibility", "items")]
    pages += [f"{draft}/parts/eligibility/{n}" for n in range(1, len(before["eligibility"]) + 1)]
    for page in [*pages, f"{draft}/parts/items/1"]:
        answer = save(manager, page)
        assert answer.status_code == 302, (page, problems(answer))
        assert document(session) == before, page
    for page in ("", "/preview", "/preview/form", "/trial", "/parts/eligibility", "/parts/items", "/file"):
        assert manager.get(draft + page).status_code == 200, page


def test_a_contradiction_is_said_beside_its_box_and_gone_once_it_is_mended(
    session: Session, manager: PortalClient
) -> None:
    draft = begin(manager, FLAT)
    limits, overview = f"{draft}/sections/limits", manager.get(draft).text
    assert "고칠 점" not in text_of(overview)
    pool = {"pools-0-per": "programme", "pools-0-order_by": "ordered_at", "pools-0-legal": "공고 제6조"}
    assert save(manager, limits, **pool, **{"pools-0-amount": "500,000"}).location == draft
    page = manager.get(draft)
    assert "800,000 > 500,000" in text_of(page.text)
    assert f"{draft}/parts/items/1#caps-1-amount" in page.text
    beside = manager.get(f"{draft}/parts/items/1").text
    assert 'id="caps-1-amount-error"' in beside
    assert 'id="caps-0-amount-error"' not in beside
    assert manager.submit(f"{draft}/handing-over").status_code == 422
    save(manager, limits, **{"pools-0-amount": "100,000,000"})
    assert "800,000 > 500,000" not in text_of(manager.get(draft).text)


@pytest.mark.parametrize(
    ("page", "changed", "box", "said"),
    [
        ("sections/call", {"apply_to": "2026-10-01"}, "apply_to", "끝나는 날이 시작하는 날보다 빠릅니다"),
        ("sections/budget", {"county": "70"}, "national", "모두 더하면 1(100%)이어야 합니다"),
        (
            "sections/call",
            {"window_from": "2030-01-01", "window_to": "2030-12-31"},
            "window_from",
            "전혀 겹치지 않습니다",
        ),
        ("parts/eligibility/2", {"code": "region"}, "code", "같은 이름이 두 번"),
    ],
)
def test_what_the_whole_says_against_a_section_is_saved_and_shown_when_it_opens_again(
    session: Session, manager: PortalClient, page: str, changed: dict[str, str], box: str, said: str
) -> None:
    url = f"{begin(manager, FLAT)}/{page}"
    answer = save(manager, url, **changed)
    assert answer.location == url
    again = manager.get(url)
    assert f'id="{box}-error"' in again.text
    assert any(said in each for each in problems(again)), problems(again)


@pytest.mark.parametrize(
    ("page", "changed", "said"),
    [
        ("sections/days", {"processing_days": "두 주"}, "숫자만 적어 주세요"),
        ("sections/budget", {"county": ""}, "적어도 한 재원"),
        ("sections/call", {"prefix": "gu"}, "영문 대문자"),
        ("parts/items/1", {"kind": "cost_share"}, "지원 비율을 적어"),
        ("parts/items/1", {"caps-0-amount": ""}, "나머지를 채우거나"),
        ("parts/eligibility/1", {"regions-0-code": "99999"}, "목록에 있는 항목"),
    ],
)
def test_what_a_box_cannot_hold_is_refused_there_and_nothing_is_stored(
    session: Session, manager: PortalClient, page: str, changed: dict[str, str], said: str
) -> None:
    url = f"{begin(manager, FLAT)}/{page}"
    before = text(session)
    answer = save(manager, url, **changed)
    assert (answer.status_code, any(said in each for each in problems(answer))) == (422, True), problems(answer)
    assert text(session) == before


def test_who_saves_over_anothers_change_is_told_and_may_press_again(session: Session, manager: PortalClient) -> None:
    page = f"{begin(manager, FLAT)}/sections/days"
    opened = filled(manager.get(page).text)
    save(manager, page, processing_days="20")
    late = manager.submit(page, opened | {"supplement_days": "9"})
    assert late.status_code == 422
    assert "다른 사람이 같은 부분을 저장했습니다" in problems(late)[0]
    assert document(session)["call"]["processing_days"] == 20
    assert manager.submit(page, filled(late.text)).status_code == 302
    assert (document(session)["call"]["processing_days"], document(session)["call"]["supplement_days"]) == (14, 9)


@pytest.mark.parametrize(
    ("kind", "boxes"),
    [
        ("region", {"regions-0-code": "12730", "regions-0-valid_from": "2026-07-01"}),
        ("industry", {"exclude-0-edition": "11", "exclude-0-codes": "56211, 49"}),
        ("sales", {"years": "2024, 2025", "mode": "any", "op": "<", "amount": "104,000,000"}),
        ("regular_workers", {"below": "5", "limits-0-below": "10", "limits-0-divisions": "10, 49"}),
        ("opened_before", {"before": "2026-01-01"}),
        ("not_closed", {"allow_suspended": "y"}),
        ("one_per_owner", {"limit": "1"}),
        ("platform", {"platforms": ["baemin", "meokkaebi"]}),
    ],
)
def test_a_test_of_every_kind_is_added_and_taken_out(
    session: Session, manager: PortalClient, kind: str, boxes: dict[str, object]
) -> None:
    draft = begin(manager, FLAT)
    number = len(document(session)["eligibility"]) + 1
    new = f"{draft}/parts/eligibility/new?kind={kind}"
    assert save(manager, new, name="새 요건", legal="공고 제9조", **boxes).status_code == 302
    added = document(session)["eligibility"][number - 1]
    assert (added["kind"], added["name"]) == (kind, "새 요건")
    assert save(manager, f"{draft}/parts/eligibility/{number}").status_code == 302
    assert document(session)["eligibility"][number - 1] == added
    assert manager.submit(f"{draft}/parts/eligibility/{number}/removal").status_code == 302
    assert len(document(session)["eligibility"]) == number - 1
    assert manager.get(f"{draft}/parts/eligibility/new?kind=luck").status_code == 404
    assert manager.submit(f"{draft}/parts/eligibility/{number}/removal").status_code == 404


def test_an_item_changes_its_kind_and_keeps_only_what_belongs_to_it(session: Session, manager: PortalClient) -> None:
    page = f"{begin(manager, FLAT)}/parts/items/1"
    by = {"attribute": "payment_method", "amounts-0-value": "local_currency", "amounts-0-won": "3,000"}
    assert save(manager, page, kind="flat_by", default="2,000", **by).status_code == 302
    amount = document(session)["item"][0]["amount"]
    assert amount == {
        "kind": "flat_by",
        "attribute": "payment_method",
        "amounts": {"local_currency": 3_000},
        "default": 2_000,
        "legal": "공고 제4조제1항",
    }


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

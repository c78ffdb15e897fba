"""A manager writes a programme section by section; what contradicts itself is said beside its box."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from portal import data
from portal.domain.actors import Role
from portal.domain.programme_drafts import Section, read
from tests.clients import PortalClient
from tests.factories import make_official
from tests.filled import filled
from tests.pages import problems, text_of
from tests.written import FLAT, begin, document, save, text

ClientOf = Callable[..., PortalClient]


@pytest.fixture
def manager(session: Session, client_of: ClientOf) -> PortalClient:
    return client_of(make_official(session, Role.MANAGER, name="사업담당"))


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


def test_a_draft_is_tried_as_it_is_applied_for_and_chosen(manager: PortalClient) -> None:
    trial = begin(manager, "template:national-delivery-2025") + "/trial"
    page = manager.get(trial).text
    assert 'name="track"' in page
    assert 'name="rivals"' in page
    answer = save(manager, trial, rivals="20001")
    assert answer.status_code == 422
    answer = save(manager, trial, rivals="3", track="verified")
    assert answer.status_code == 200, problems(answer)
    tried = text_of(answer.text)
    assert "4곳 가운데 4번째" in tried
    assert "내야 하는 서류" in tried


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
        ("sales", {"years": "2025", "mode": "any", "op": "<", "amount": "104,000,000", "annualise": "y"}),
        ("former_support", {"programmes": "old-one, older-one", "since": "2025-01-01"}),
        ("exclusive", {"group": "public-app"}),
        ("no_arrears", {"taxes": ["national", "local"]}),
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


def test_services_in_kind_are_no_item_that_looks_at_costs(manager: PortalClient) -> None:
    page = f"{begin(manager, FLAT)}/parts/items/1"
    assert save(manager, page, code="service").status_code == 422
    assert save(manager, page, code="promotion").status_code == 302


def test_a_selection_is_written_contradicts_itself_and_is_taken_away_again(
    session: Session, manager: PortalClient
) -> None:
    page = f"{begin(manager, FLAT)}/sections/selection"
    before = document(session)
    criterion = {
        "criteria-0-name": "지원 필요성",
        "criteria-0-code": "need",
        "criteria-0-description": "매출을 봅니다.",
    }
    scored = {"basis": "scored", "legal": "공고 제7조", "places": "6", "reserve": "3", "ties": "need"} | criterion
    short = save(manager, page, **scored, **{"criteria-0-points": "90"})
    assert short.status_code == 422
    assert any("100점이어야" in problem for problem in problems(short))
    assert save(manager, page, **scored, **{"criteria-0-points": "100"}).status_code == 302
    written = document(session)["selection"]
    assert (written["places"], written["ties"], written["criterion"][0]["points"]) == (6, ["need"], 100)
    assert save(manager, page, basis="lottery").status_code == 302
    assert document(session)["selection"].keys() == {"basis", "legal", "places", "reserve"}
    assert save(manager, page, basis="all").status_code == 302
    assert document(session) == before


def test_services_in_kind_are_written_by_boxes_alone_and_taken_away_again(
    session: Session, manager: PortalClient
) -> None:
    page = f"{begin(manager, FLAT)}/sections/services"
    before = document(session)
    table = read(data.FOLDER.joinpath("programmes", "mss-2020-o2o.toml").read_text(encoding="utf-8"))["services"]
    boxes = {"gives": "yes", "conditions": "\n".join(table["conditions"]), "ties": "service"}
    single = ("legal", "proposals_from", "proposals_to", "valid_days", "answer_days", "vat_percent", "vat_legal")
    boxes |= {key: str(table[key]) for key in single}
    chosen = ("places", "reserve", "assessors", "pass_mark")
    boxes |= {key: str(table["selection"][key]) for key in chosen} | {"selection_legal": table["selection"]["legal"]}
    for name, rows in (("kinds", table["kind"]), ("criteria", table["selection"]["criterion"])):
        boxes |= {f"{name}-{n}-{key}": str(value) for n, row in enumerate(rows) for key, value in row.items()}
    assert save(manager, page, **boxes | {"places": "", "criteria-0-points": "49"}).status_code == 422
    assert save(manager, page, **boxes).status_code == 302
    assert document(session)["services"] == table
    assert save(manager, page).status_code == 302  # opened and saved as it is
    assert document(session)["services"] == table
    assert save(manager, page, gives="no").status_code == 302
    assert document(session) == before

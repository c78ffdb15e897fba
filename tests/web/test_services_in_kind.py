"""Pages of services in kind: what is another's is not found, and scores are hidden until the choice."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.models.accounts import User
from portal.services import claims, invoice_corrections, payments, service_passes
from portal.storage.objects import Stores
from portal.web.routing import table_of
from tests import pages
from tests.approved_claims import answer
from tests.clients import PortalClient
from tests.factories import actor, make_official
from tests.in_kind import CODE, INVOICED, OPEN, Ministry

IN_KIND = ("proposals", "service-passes", "invoices")
ClientOf = Callable[[User], PortalClient]


@pytest.fixture
def ministry(session: Session, stores: Stores) -> Ministry:
    return Ministry(session, stores)


def test_nobody_sees_what_is_another_firms_merchants_or_offices(ministry: Ministry, client_of: ClientOf) -> None:
    found, case, other = ministry.agreed(), ministry.granted(), ministry.granted()
    given = ministry.confirmed(case, found)
    filed = ministry.filed(found, given)
    ministry.firm("yogiyo")
    county = make_official(ministry.session, Role.REVIEWER)
    ministry.session.commit()
    own, stranger = client_of(ministry.clerks["syrup"]), client_of(ministry.clerks["yogiyo"])
    for address in (
        f"/platform/proposals/{found.id}",
        f"/platform/service-passes/{given.id}/report",
        f"/platform/invoices/{filed.id}",
        f"/platform/proposals/{found.id}/invoices/new",
    ):
        assert own.get(address).status_code == 200, address
        assert stranger.get(address).status_code == 404, address
    assert found.firm not in stranger.get("/platform/proposals").text
    owner, neighbour = client_of(case.owner), client_of(other.owner)
    assert owner.get(f"/my/service-passes/{given.id}").status_code == 200
    assert neighbour.get(f"/my/service-passes/{given.id}").status_code == 404
    office, elsewhere = client_of(ministry.reviewer), client_of(county)
    for address in (f"/office/proposals/{found.id}", f"/office/invoices/{filed.id}"):
        assert office.get(address).status_code == 200, address
        assert elsewhere.get(address).status_code == 404, address
    assert elsewhere.get(f"/office/proposals/{CODE}/choice").status_code in (403, 404)
    assert owner.get("/platform/proposals").status_code == 403


def test_every_address_of_a_firm_is_not_found_by_another(app: Flask, ministry: Ministry, client_of: ClientOf) -> None:
    found, case = ministry.agreed(), ministry.granted()
    given = ministry.confirmed(case, found)
    filed = ministry.filed(found, given)
    ministry.firm("yogiyo")
    ministry.session.commit()
    stranger = client_of(ministry.clerks["yogiyo"])
    ids = {"proposals": found.id, "service-passes": given.id, "invoices": filed.id}
    asked = [
        (method, f"/platform{route.url}".replace("<int:offer_id>", "1"), ids[noun])
        for endpoint, route in table_of(app).items()
        if endpoint.startswith("platform.") and (noun := route.url.split("/")[1]) in IN_KIND and "<int:id>" in route.url
        for method in route.methods.split()
    ]
    assert len(asked) >= 14
    for method, url, number in asked:
        for value in (number, 987_654_321):
            where = url.replace("<int:id>", str(value))
            answer = stranger.submit(where, {}) if method == "POST" else stranger.get(where)
            assert answer.status_code == 404, (method, where)


def test_scores_of_others_are_hidden_until_the_choice(ministry: Ministry, client_of: ClientOf) -> None:
    made = ministry.scored(service=47)
    ministry.session.commit()
    address = f"/office/proposals/{made.id}"
    assert "서비스의 적합성 47" in client_of(ministry.first).get(address).text
    assert "서비스의 적합성 47" not in client_of(ministry.reviewer).get(address).text
    ministry.resolve()
    ministry.session.commit()
    assert "서비스의 적합성 47" in client_of(ministry.reviewer).get(address).text


def test_a_merchant_is_not_asked_for_an_account_where_a_firm_could_not_be_paid(
    ministry: Ministry, client_of: ClientOf
) -> None:
    found, case = ministry.agreed(), ministry.granted()
    (claim,) = ministry.accepted(found, ministry.confirmed(case, found))
    session, payer = ministry.session, actor(ministry.payer)
    claims.approve(session, CODE, "2026-09", by=actor(ministry.approver), at=INVOICED)
    run = payments.prepare(session, CODE, by=payer, at=INVOICED)
    payments.release(session, ministry.stores, run.id, by=actor(ministry.releaser), at=INVOICED)
    said = answer(run, (0, "refused"), on=INVOICED.date())
    payments.settle(session, ministry.stores, run.id, said, by=payer, at=INVOICED)
    session.commit()
    office = client_of(ministry.payer).get("/office/payments").text
    assert "서비스 대금: 주식회사 플랫폼에 지급" in office
    assert "소상공인이 계좌를 고치기를" not in office
    page = client_of(case.owner).get("/my/claims")
    assert page.status_code == 200
    assert "300,000" in page.text
    assert "계좌 고치기" not in page.text
    assert "고칠 것이 없습니다" in client_of(case.owner).get(f"/my/claims/{claim.id}/account").text


def test_who_is_granted_services_is_led_to_them_and_not_to_stores(ministry: Ministry, client_of: ClientOf) -> None:
    found, case = ministry.agreed(), ministry.granted()
    ministry.session.commit()
    owner = client_of(case.owner)
    assert "‘서비스 고르기’에서" in owner.get(f"/my/applications/{case.id}").text
    first = owner.get("/my/").text
    assert "받으실 서비스를 골라 주세요" in first
    assert "배달앱 매장을 연결해" not in first
    given = ministry.reported(case, found)
    ministry.session.commit()
    first = owner.get("/my/").text
    assert "서비스를 받으셨는지 답해 주세요" in first
    assert f"/my/service-passes/{given.id}" in first
    assert "받으실 서비스를 골라 주세요" not in first


def test_what_waits_for_another_correction_of_the_month_is_said_with_the_way_to_it(
    ministry: Ministry, client_of: ClientOf
) -> None:
    found, case = ministry.agreed(won=200_000), ministry.granted()
    first, second = (ministry.confirmed(case, found) for _ in range(2))
    (claim,) = ministry.accepted(found, first, second)
    session, payer, reviewer = ministry.session, actor(ministry.payer), actor(ministry.reviewer)
    claims.approve(session, CODE, "2026-09", by=actor(ministry.approver), at=INVOICED)
    run = payments.prepare(session, CODE, by=payer, at=INVOICED)
    payments.release(session, ministry.stores, run.id, by=actor(ministry.releaser), at=INVOICED)
    payments.settle(
        session, ministry.stores, run.id, answer(run, (0, "done"), on=INVOICED.date()), by=payer, at=INVOICED
    )
    address, office = f"/office/invoices/{claim.invoice_id}/correction", client_of(ministry.reviewer)
    page = office.get(address).text
    offered = 'name="passes" type="checkbox" value="{}"'
    assert all(offered.format(each.id) in page for each in (first, second))
    why = "쿠폰이 나가지 않은 것으로 확인되었습니다."
    (credit,) = invoice_corrections.correct(session, claim.invoice_id or 0, [first.id], why, by=reviewer, at=INVOICED)
    page = office.get(address).text
    assert "이 달의 정정이나 환수가 진행 중입니다" in page
    assert f'href="/office/recoveries/{credit.id}"' in page
    assert offered.format(second.id) not in page  # it would be refused
    refused = office.submit(address, {"passes": str(second.id), "reason": why})
    assert refused.status_code in (409, 422)


def test_a_report_that_nobody_disputed_yet_may_be_while_an_official_vouches_for_it(
    ministry: Ministry, client_of: ClientOf
) -> None:
    found, case, other = ministry.agreed(), ministry.granted(), ministry.granted()
    again, disputed = ministry.disputed(case, found), ministry.vouched(ministry.disputed(other, found))
    service_passes.report(
        ministry.session, again.id, "쿠폰을 다시 보내 드렸습니다.", by=ministry.firm("syrup"), at=OPEN
    )
    ministry.vouched(again)
    shown = [
        client_of(each.owner).get(f"/my/service-passes/{of.id}").text for each, of in ((case, again), (other, disputed))
    ]
    assert ["아니요, 문제가 있습니다" in page for page in shown] == [True, False]


def test_whoever_takes_back_or_corrects_an_invoice_sees_what_it_comes_to(
    ministry: Ministry, client_of: ClientOf
) -> None:
    found, case = ministry.agreed(), ministry.granted()
    (claim,) = ministry.accepted(found, ministry.confirmed(case, found))
    session, page = ministry.session, f"/office/invoices/{claim.invoice_id}"
    session.commit()
    reviewer, approver = client_of(ministry.reviewer), client_of(ministry.approver)
    shop = claim.merchant.trade_name
    asked = pages.text_of(reviewer.get(f"{page}/taking-back").text)
    for said in ("사업장별 지급", shop, "300,000", "모두 지급하지 않습니다"):
        assert said in asked
    assert reviewer.submit(f"{page}/taking-back", {"reason": "같은 달에 두 번 청구했습니다."}).status_code == 302
    answered = pages.text_of(approver.get(f"{page}/taking-back/refusal").text)
    for said in ("같은 달에 두 번 청구했습니다.", shop, "300,000"):
        assert said in answered
    assert approver.submit(f"{page}/taking-back/refusal", {"reason": "다른 달의 서비스입니다."}).status_code == 302
    claims.approve(session, CODE, "2026-09", by=actor(ministry.approver), at=INVOICED)
    run = payments.prepare(session, CODE, by=actor(ministry.payer), at=INVOICED)
    payments.release(session, ministry.stores, run.id, by=actor(ministry.releaser), at=INVOICED)
    done = answer(run, (0, "done"), on=INVOICED.date())
    payments.settle(session, ministry.stores, run.id, done, by=actor(ministry.payer), at=INVOICED)
    session.commit()
    chosen = pages.text_of(reviewer.get(f"{page}/correction").text)
    assert f"{shop} · {found.offers[0].name} · 300,000원" in chosen


def test_firms_are_chosen_once_every_sheet_is_in_and_the_sheet_speaks_of_a_proposal(
    ministry: Ministry, client_of: ClientOf
) -> None:
    made = ministry.submitted()
    sheet = {"points-service": "40", "points-capacity": "20", "points-cost": "15", "no_interest": "y", "confirmed": "y"}
    ministry.session.commit()
    first, second, approver = map(client_of, (ministry.first, ministry.second, ministry.approver))
    blank = first.get(f"/office/proposals/{made.id}/sheet").text
    assert "제안서를 읽고 점수를 정했습니다" in blank
    assert "신청서와 서류" not in blank
    assert first.submit(f"/office/proposals/{made.id}/sheet", sheet).status_code == 302
    choice = f"/office/proposals/{CODE}/choice"
    assert 'name="opinion"' not in approver.get(choice).text
    assert second.submit(f"/office/proposals/{made.id}/sheet", sheet).status_code == 302
    assert 'name="opinion"' in approver.get(choice).text

"""The administrator's page: the organisation's accounts, their roles, and ending sessions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.errors import NotFound, NotPermitted
from portal.queries import account_list
from portal.services import accounts
from tests.clients import PortalClient
from tests.clocks import Clock
from tests.factories import AT, actor, make_merchant_user, make_official, make_organisation, make_platform_person
from tests.pages import text_of

ClientOf = Callable[..., PortalClient]


def test_the_administrator_sees_the_own_officials_and_signs_one_out_everywhere(
    session: Session, client_of: ClientOf
) -> None:
    reviewer = make_official(session, Role.REVIEWER, name="김검토")
    elsewhere = make_organisation(session, "haenam", name="해남군(데모)", region_code="12790")
    make_official(session, Role.REVIEWER, name="박해남", organisation=elsewhere)
    make_merchant_user(session, name="이사장")
    make_platform_person(session, "barogo", name="한바로")
    at_work, at_home = client_of(reviewer), client_of(reviewer)
    client = client_of(make_official(session, Role.ADMINISTRATOR, name="최관리"))
    page = text_of(client.get("/office/accounts").text)
    assert "김검토" in page
    assert "검토 담당" in page
    assert "2곳" in page
    assert "바로고 플랫폼 담당자" in page[page.index("한바로") :]
    assert "박해남" not in page
    assert "이사장" not in page
    assert client.submit(f"/office/accounts/{reviewer.id}/sign-out").status_code == 302
    for browser in (at_work, at_home):
        assert browser.get("/office/applications").status_code == 302
    assert "로그인 끝내기" not in text_of(client.get("/office/accounts").text).split("김검토")[1].split("최관리")[0]


def test_nobody_signs_out_accounts_of_others(session: Session, client_of: ClientOf) -> None:
    elsewhere = make_organisation(session, "haenam", name="해남군(데모)", region_code="12790")
    stranger = make_official(session, Role.REVIEWER, organisation=elsewhere)
    merchant, colleague = make_merchant_user(session), make_official(session, Role.REVIEWER)
    admin = make_official(session, Role.ADMINISTRATOR)
    client = client_of(admin)
    for user in (stranger, merchant):
        assert client.submit(f"/office/accounts/{user.id}/sign-out").status_code == 404
    reviewer = make_official(session, Role.REVIEWER)
    assert client_of(reviewer).submit(f"/office/accounts/{colleague.id}/sign-out").status_code == 403
    with pytest.raises(NotPermitted):
        accounts.end_sessions(session, colleague.id, by=actor(reviewer), at=AT)
    with pytest.raises(NotFound):
        accounts.end_sessions(session, merchant.id, by=actor(make_merchant_user(session)), at=AT)
    with pytest.raises(NotFound):
        account_list.rows(session, actor(merchant), idle_since=AT)


def test_the_administrator_gives_a_role_and_takes_it_away(session: Session, client_of: ClientOf, clock: Clock) -> None:
    reviewer = make_official(session, Role.REVIEWER)
    client, page = client_of(make_official(session, Role.ADMINISTRATOR)), f"/office/accounts/{reviewer.id}/roles"
    assert client.submit(page, {"role": "manager"}).status_code == 302
    assert "사업 담당" in text_of(client.get(page).text).split("같은 사람의")[0]
    clock.shift(timedelta(minutes=1))
    assert client.submit(f"{page}/revocation", {"role": "manager"}).status_code == 302
    session.expire_all()
    assert actor(reviewer).roles == {Role.REVIEWER}
    assert client.submit(f"{page}/revocation", {"role": "manager"}).status_code == 404
    assert client.submit(page, {"role": "nobody"}).status_code == 422


def test_a_role_that_must_stay_apart_from_one_of_another_account_is_neither_offered_nor_given(
    session: Session, client_of: ClientOf
) -> None:
    payer = make_official(session, Role.PAYER)
    second = make_official(session, Role.MANAGER, person=payer.person)
    client, page = client_of(make_official(session, Role.ADMINISTRATOR)), f"/office/accounts/{second.id}/roles"
    assert 'value="approver"' not in client.get(page).text
    assert 'value="policymaker"' in client.get(page).text
    refused = client.submit(page, {"role": "approver"})
    assert refused.status_code == 403
    assert "다른 계정에 준 권한도 함께 셉니다" in refused.text
    session.expire_all()
    assert actor(second).roles == {Role.MANAGER}


def test_nobody_gives_roles_to_accounts_of_others(session: Session, client_of: ClientOf) -> None:
    elsewhere = make_organisation(session, "haenam", name="해남군(데모)", region_code="12790")
    stranger = make_official(session, Role.REVIEWER, organisation=elsewhere)
    client = client_of(make_official(session, Role.ADMINISTRATOR))
    for user in (stranger, make_merchant_user(session)):
        assert client.submit(f"/office/accounts/{user.id}/roles", {"role": "manager"}).status_code == 404


@pytest.mark.parametrize("extra", [0, 4])
def test_the_list_takes_few_statements_however_long(
    session: Session, client_of: ClientOf, statement_counter: Callable, extra: int
) -> None:
    for _each in range(extra):
        make_official(session, Role.REVIEWER)
    client = client_of(make_official(session, Role.ADMINISTRATOR))
    session.commit()
    with statement_counter() as statements:
        client.get("/office/accounts")
    assert len(statements) <= 6, "\n".join(statements)

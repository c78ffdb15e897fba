"""API clients of platforms: secrets shown once and kept as hashes, changed over with an overlap, ended at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.api_clients import OVERLAP, TOKEN_LIFETIME, RegisterClient, Scope
from portal.domain.errors import AlreadyDone, Incomplete, NotFound, NotPermitted
from portal.models.accounts import Organisation
from portal.models.api_clients import ApiClient, ApiSecret, ApiToken
from portal.queries import api_clients as look_up
from portal.queries import audit
from portal.services import accounts, api_clients
from tests.api import LAST, register
from tests.factories import AT, actor, make_official, make_organisation

COMMAND = RegisterClient("baemin", "정산 서버", frozenset({Scope.LINKS_READ}), LAST)


def test_the_secret_is_shown_once_and_kept_as_a_hash(session: Session) -> None:
    issued = register(session)
    kept = session.scalars(select(ApiSecret)).one()
    assert issued.secret not in (kept.secret_hash, kept.hint)
    assert issued.secret not in repr(issued)
    assert kept.hint == issued.secret[-4:]
    assert api_clients.knows(issued.client, issued.secret, at=AT)
    assert not api_clients.knows(issued.client, f"{issued.secret}x", at=AT)


def test_two_secrets_work_while_the_platform_changes_over(session: Session) -> None:
    admin = make_official(session, Role.ADMINISTRATOR)
    first = register(session, by=admin)
    second = api_clients.rotate(session, first.client.id, by=actor(admin), at=AT)
    client, soon, late = second.client, AT + OVERLAP - timedelta(seconds=1), AT + OVERLAP
    assert [api_clients.knows(client, first.secret, at=at) for at in (AT, soon, late)] == [True, True, False]
    assert [api_clients.knows(client, second.secret, at=at) for at in (AT, soon, late)] == [True, True, True]


def test_a_client_ends_on_its_last_day_in_korea(session: Session) -> None:
    issued = register(session)
    ends = issued.client.expires_at
    assert ends.isoformat() == "2027-05-31T15:00:00+00:00"
    assert api_clients.knows(issued.client, issued.secret, at=ends - timedelta(seconds=1))
    assert not api_clients.knows(issued.client, issued.secret, at=ends)


def test_a_revoked_client_is_worth_nothing_at_once_and_its_tokens_neither(session: Session) -> None:
    admin = make_official(session, Role.ADMINISTRATOR)
    issued = register(session, by=admin)
    api_clients.issue_token(session, issued.client, "t", "", at=AT)
    assert look_up.living_token(session, api_clients.hash_of("t"), at=AT) is not None
    api_clients.revoke(session, issued.client.id, by=actor(admin), at=AT)
    assert look_up.living_token(session, api_clients.hash_of("t"), at=AT) is None
    assert not api_clients.knows(issued.client, issued.secret, at=AT)
    with pytest.raises(AlreadyDone):
        api_clients.rotate(session, issued.client.id, by=actor(admin), at=AT)


def test_a_token_lives_for_a_quarter_of_an_hour_and_is_thrown_away_afterwards(session: Session) -> None:
    client = register(session).client
    token = api_clients.issue_token(session, client, "first", "links:read", at=AT)
    assert (token.scopes, token.expires_at) == ("links:read", AT + TOKEN_LIFETIME)
    assert look_up.living_token(session, api_clients.hash_of("first"), at=AT + TOKEN_LIFETIME) is None
    api_clients.issue_token(session, client, "second", "", at=AT + TOKEN_LIFETIME)
    assert [each.token_hash for each in session.scalars(select(ApiToken))] == [api_clients.hash_of("second")]


def test_every_change_is_in_the_audit_trail(session: Session) -> None:
    admin = make_official(session, Role.ADMINISTRATOR, name="최관리")
    client = register(session, by=admin).client
    api_clients.rotate(session, client.id, by=actor(admin), at=AT)
    api_clients.revoke(session, client.id, by=actor(admin), at=AT)
    said = [(each.action, each.person) for each in audit.timeline(session, "api_client", client.id)]
    assert said == [("register", "최관리"), ("rotate", "최관리"), ("revoke", "최관리")]


def test_only_an_administrator_of_the_same_organisation_handles_a_client(session: Session) -> None:
    client = register(session).client
    hadong = make_organisation(session, "hadong", name="하동군(데모)")
    stranger = actor(make_official(session, Role.ADMINISTRATOR, organisation=hadong))
    reviewer = actor(make_official(session, Role.REVIEWER))
    for change in (api_clients.rotate, api_clients.revoke):
        with pytest.raises(NotFound):
            change(session, client.id, by=stranger, at=AT)
        with pytest.raises(NotPermitted):
            change(session, client.id, by=reviewer, at=AT)
    with pytest.raises(NotPermitted):
        api_clients.register(session, COMMAND, by=reviewer, at=AT)
    assert look_up.of_organisation(session, stranger) == []


WRONG = {
    "platform": replace(COMMAND, platform="nobody"),
    "name": replace(COMMAND, name=" "),
    "scopes": replace(COMMAND, scopes=frozenset()),
    "expires_on": replace(COMMAND, expires_on=LAST.replace(year=2028)),
}


@pytest.mark.parametrize("field", WRONG)
def test_what_is_wrong_with_a_new_client_is_said_field_by_field(session: Session, field: str) -> None:
    admin = actor(make_official(session, Role.ADMINISTRATOR))
    with pytest.raises(Incomplete) as refused:
        api_clients.register(session, WRONG[field], by=admin, at=AT)
    assert [problem.field for problem in refused.value.problems] == [field]
    assert session.scalars(select(ApiClient)).all() == []


def test_a_client_for_practice_works_on_the_data_of_a_twin_organisation(session: Session) -> None:
    admin = make_official(session, Role.ADMINISTRATOR)
    real, first, second = register(session, by=admin), *(register(session, by=admin, sandbox=True) for _ in "12")
    twin = session.get_one(Organisation, first.client.data_organisation_id)
    assert (twin.code, twin.id) == ("gurye-sandbox", second.client.data_organisation_id)
    assert [each.client.sandbox for each in (real, first, second)] == [False, True, True]
    assert look_up.actor_of(first.client).organisation_id == twin.id
    assert look_up.actor_of(real.client).organisation_id == admin.organisation_id


def test_no_person_is_ever_given_the_role_of_a_client(session: Session) -> None:
    admin, reviewer = make_official(session, Role.ADMINISTRATOR), make_official(session, Role.REVIEWER)
    with pytest.raises(NotPermitted):
        accounts.grant(session, reviewer.login, Role.PARTNER, by=actor(admin), at=AT)

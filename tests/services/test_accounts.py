"""Accounts are opened once, roles that must stay apart stay apart, and passwords change only with the old one."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.accounts import PasswordChange, SignIn, SignUp
from portal.domain.actors import INCOMPATIBLE, Role
from portal.domain.errors import AlreadyDone, Incomplete, NotFound, NotPermitted
from portal.models.accounts import LoginSession, User
from portal.models.audit import AuditEvent
from portal.queries import accounts as queries
from portal.services import accounts, sessions
from tests.factories import PASSWORD, actor, make_merchant_user, make_official, make_organisation


def test_a_merchant_signs_up_and_can_act_as_a_merchant_only(session: Session) -> None:
    user = make_merchant_user(session)
    assert actor(user).roles == {Role.MERCHANT}
    assert not actor(user).is_official


def test_a_login_is_taken_once_whatever_its_case(session: Session, at: datetime) -> None:
    make_merchant_user(session, login="kim@example.kr")
    with pytest.raises(AlreadyDone) as refused:
        accounts.sign_up(session, SignUp("  KIM@example.kr ", "다른 사람", PASSWORD), at=at)
    assert [(p.code, p.field) for p in refused.value.problems] == [("login_taken", "login")]


def test_a_short_password_is_refused(session: Session, at: datetime) -> None:
    with pytest.raises(Incomplete) as refused:
        accounts.sign_up(session, SignUp("lee@example.kr", "이", "123456789"), at=at)
    assert [p.field for p in refused.value.problems] == ["password"]
    assert session.scalar(select(User)) is None


def test_the_password_is_kept_as_an_argon2id_hash(session: Session) -> None:
    user = make_merchant_user(session)
    assert user.password_hash.startswith("$argon2id$")
    assert PASSWORD not in user.password_hash


@pytest.mark.parametrize("pair", INCOMPATIBLE, ids=lambda pair: "+".join(sorted(pair)))
def test_roles_that_must_stay_apart_are_not_given_to_one_account(session: Session, pair: frozenset[Role]) -> None:
    with pytest.raises(NotPermitted):
        make_official(session, *sorted(pair))


@pytest.mark.parametrize("pair", INCOMPATIBLE, ids=lambda pair: "+".join(sorted(pair)))
def test_nor_to_two_accounts_of_one_person(session: Session, pair: frozenset[Role]) -> None:
    first, second = sorted(pair)
    person = make_official(session, first).person
    with pytest.raises(NotPermitted):
        make_official(session, second, person=person)


def test_roles_that_may_go_together_do(session: Session) -> None:
    assert actor(make_official(session, Role.APPROVER, Role.MANAGER)).roles == {Role.APPROVER, Role.MANAGER}


def test_a_role_taken_away_no_longer_counts(session: Session, at: datetime) -> None:
    user = make_official(session, Role.REVIEWER, Role.MANAGER)
    administrator = actor(make_official(session, Role.ADMINISTRATOR))
    accounts.revoke(session, user.login, Role.REVIEWER, by=administrator, at=at)
    assert actor(user).roles == {Role.MANAGER}
    accounts.grant(session, user.login, Role.AUDITOR, by=administrator, at=at + timedelta(days=1))
    assert actor(user).roles == {Role.MANAGER, Role.AUDITOR}


def test_changing_the_password_needs_the_old_one(session: Session, at: datetime) -> None:
    user = make_merchant_user(session)
    with pytest.raises(Incomplete) as refused:
        accounts.change_password(session, PasswordChange("not-the-password", "a-new-password"), by=actor(user), at=at)
    assert [p.field for p in refused.value.problems] == ["current"]
    with pytest.raises(Incomplete) as refused:
        accounts.change_password(session, PasswordChange(PASSWORD, "short"), by=actor(user), at=at)
    assert [p.field for p in refused.value.problems] == ["new"]


def test_a_new_password_works_the_old_one_no_longer_and_every_session_ends(session: Session, at: datetime) -> None:
    user = make_merchant_user(session)
    assert sessions.sign_in(session, SignIn(user.login, PASSWORD), at=at).token
    accounts.change_password(session, PasswordChange(PASSWORD, "a-new-password"), by=actor(user), at=at)
    assert session.scalar(select(LoginSession).where(LoginSession.ended_at.is_(None))) is None
    assert sessions.sign_in(session, SignIn(user.login, PASSWORD), at=at).refusal == "login_or_password_wrong"
    assert sessions.sign_in(session, SignIn(user.login, "a-new-password"), at=at).token


def test_an_administrator_ends_the_sessions_of_the_own_organisation_alone(session: Session, at: datetime) -> None:
    administrator = actor(make_official(session, Role.ADMINISTRATOR))
    colleague = make_official(session, Role.REVIEWER)
    other = make_organisation(session, "gangnam", name="다른 구(데모)", region_code="11680")
    foreigner = make_official(session, Role.REVIEWER, organisation=other)
    for user in (colleague, foreigner):
        sessions.sign_in(session, SignIn(user.login, PASSWORD), at=at)
    accounts.end_sessions(session, colleague.id, by=administrator, at=at)
    with pytest.raises(NotFound):
        accounts.end_sessions(session, foreigner.id, by=administrator, at=at)
    with pytest.raises(NotFound):
        accounts.end_sessions(session, 4711, by=administrator, at=at)
    alive = session.scalars(select(LoginSession.user_id).where(LoginSession.ended_at.is_(None))).all()
    assert alive == [foreigner.id]
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "end_sessions")).one()
    assert (event.record_id, event.person_id) == (colleague.id, administrator.person_id)


def test_the_officials_of_one_organisation_are_listed_without_the_others(session: Session) -> None:
    ours = make_official(session, Role.REVIEWER)
    other = make_organisation(session, "gangnam", name="다른 구(데모)", region_code="11680")
    theirs = make_official(session, Role.REVIEWER, organisation=other)
    make_merchant_user(session)
    assert queries.officials(session, ours.organisation_id) == [ours]
    assert set(queries.officials(session)) == {ours, theirs}

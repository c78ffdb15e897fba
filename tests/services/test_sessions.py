"""Signing in: throttled, equally for known and unknown logins; sessions live in the database and end there."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.accounts import SignIn
from portal.models.accounts import LoginSession
from portal.queries import accounts as queries
from portal.services import sessions
from tests.factories import PASSWORD, make_merchant_user

WRONG = "not-the-password"
LOCKED, REFUSED = "too_many_attempts", "login_or_password_wrong"


def fail(session: Session, login: str, times: int, at: datetime) -> list[str]:
    return [sessions.sign_in(session, SignIn(login, WRONG), at=at).refusal for _ in range(times)]


def test_the_right_password_opens_a_session_of_which_only_the_hash_is_kept(session: Session, at: datetime) -> None:
    user = make_merchant_user(session)
    attempt = sessions.sign_in(session, SignIn(f" {user.login.upper()} ", PASSWORD), at=at)
    assert attempt.token
    kept = session.scalars(select(LoginSession)).one()
    assert attempt.token not in kept.token_hash
    assert kept.token_hash == sessions.hash_of(attempt.token)
    assert queries.living_session(session, kept.token_hash, idle_since=at) is kept


@pytest.mark.parametrize("login", ["nobody@example.kr", None])
def test_a_wrong_password_and_an_unknown_login_get_the_same_answer(
    session: Session, at: datetime, login: str | None
) -> None:
    user = make_merchant_user(session)
    attempt = sessions.sign_in(session, SignIn(login or user.login, WRONG), at=at)
    assert (attempt.token, attempt.refusal) == (None, REFUSED)


@pytest.mark.parametrize("known", [True, False])
def test_five_failures_lock_and_a_correct_password_does_not_open_the_lock(
    session: Session, at: datetime, known: bool
) -> None:
    login = make_merchant_user(session).login if known else "nobody@example.kr"
    assert fail(session, login, 6, at) == [REFUSED] * 5 + [LOCKED]
    assert sessions.sign_in(session, SignIn(login, PASSWORD), at=at).refusal == LOCKED


def test_the_lock_opens_a_quarter_of_an_hour_after_the_failures(session: Session, at: datetime) -> None:
    login = make_merchant_user(session).login
    fail(session, login, 5, at)
    still = at + sessions.LOCK
    assert sessions.sign_in(session, SignIn(login, PASSWORD), at=still).refusal == LOCKED
    assert sessions.sign_in(session, SignIn(login, PASSWORD), at=still + timedelta(seconds=1)).token


def test_attempts_while_locked_do_not_prolong_the_lock(session: Session, at: datetime) -> None:
    login = make_merchant_user(session).login
    fail(session, login, 5, at)
    fail(session, login, 3, at + timedelta(minutes=14))
    assert sessions.sign_in(session, SignIn(login, PASSWORD), at=at + timedelta(minutes=16)).token


def test_a_success_starts_the_count_anew(session: Session, at: datetime) -> None:
    login = make_merchant_user(session).login
    fail(session, login, 4, at)
    assert sessions.sign_in(session, SignIn(login, PASSWORD), at=at).token
    assert fail(session, login, 4, at) == [REFUSED] * 4
    assert sessions.sign_in(session, SignIn(login, PASSWORD), at=at).token


def test_one_person_s_failures_do_not_lock_another_out(session: Session, at: datetime) -> None:
    fail(session, make_merchant_user(session).login, 5, at)
    assert sessions.sign_in(session, SignIn(make_merchant_user(session).login, PASSWORD), at=at).token


def test_a_closed_account_does_not_sign_in(session: Session, at: datetime) -> None:
    user = make_merchant_user(session)
    user.active = False
    assert sessions.sign_in(session, SignIn(user.login, PASSWORD), at=at).refusal == REFUSED


def test_a_session_lives_until_it_is_idle_too_long_and_using_it_keeps_it_alive(session: Session, at: datetime) -> None:
    user = make_merchant_user(session)
    token = sessions.sign_in(session, SignIn(user.login, PASSWORD), at=at).token
    assert token is not None
    hashed = sessions.hash_of(token)
    assert queries.living_session(session, hashed, idle_since=at + timedelta(minutes=1)) is None
    kept = queries.living_session(session, hashed, idle_since=at)
    assert kept is not None
    sessions.touch(session, kept.id, at=at + timedelta(minutes=20))
    assert queries.living_session(session, hashed, idle_since=at + timedelta(minutes=1)) is kept


def test_signing_out_ends_this_session_and_no_other(session: Session, at: datetime) -> None:
    user = make_merchant_user(session)
    first, second = (sessions.sign_in(session, SignIn(user.login, PASSWORD), at=at).token for _ in range(2))
    assert first is not None
    assert second is not None
    sessions.sign_out(session, first, at=at)
    assert queries.living_session(session, sessions.hash_of(first), idle_since=at) is None
    assert queries.living_session(session, sessions.hash_of(second), idle_since=at) is not None

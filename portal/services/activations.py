"""Taking over an account that an official opened: a code is printed on the receipt letter, and used once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.domain.accounts import MIN_PASSWORD
from portal.domain.activations import LASTS, TakeOver, is_open
from portal.domain.actors import Actor
from portal.domain.errors import AlreadyDone, Incomplete, Problem
from portal.domain.identifiers import new_verification_code, normalise_code
from portal.models.accounts import LoginAttempt, User
from portal.models.activations import Activation
from portal.models.applications import Application
from portal.models.letters import Letter
from portal.models.merchants import Merchant
from portal.queries import accounts, proxy_entries
from portal.services import mandates, passwords, sessions, steps


@dataclass(frozen=True, slots=True)
class Attempt:
    """How an attempt ended: the account, or the code of the refusal."""

    user: User | None = None
    refusal: str = ""


def new_code() -> str:
    """A code for a letter that is yet to be written: 74 random bits, easily read out over the telephone."""
    return new_verification_code(secrets.token_bytes)


def keep(session: Session, account_id: int, letter: Letter, code: str, *, by: Actor, at: datetime) -> Activation:
    """Keeps the hash of a code that was printed; codes on earlier letters open nothing any more."""
    withdraw(session, account_id, at=at)
    activation = Activation(
        account_id=account_id,
        letter_id=letter.id,
        code_hash=sessions.hash_of(code),
        issued_by=by.user_id,
        issued_at=at,
        expires_at=at + LASTS,
    )
    session.add(activation)
    session.flush()
    steps.write(session, "account", account_id, "issue_code", by=by, at=at, note=letter.document_number)
    return activation


def withdraw(session: Session, account_id: int, *, at: datetime) -> None:
    """The codes that were printed for an account open nothing any more."""
    session.execute(
        update(Activation)
        .where(Activation.account_id == account_id, Activation.used_at.is_(None), Activation.replaced_at.is_(None))
        .values(replaced_at=at)
    )


def take_over(session: Session, command: TakeOver, *, at: datetime) -> Attempt:
    """Gives the account to the merchant who holds the letter; nobody enters for them after that.

    A refusal is an answer, not an exception: the attempt itself must be committed. Raises Incomplete and AlreadyDone
    for a login or a password that cannot be taken; the code is then still good.
    """
    login_key = f"activation:{command.business_number}"[:200]
    if accounts.failures_since(session, login_key, at - sessions.LOCK) >= sessions.MAX_FAILURES:
        return Attempt(refusal="too_many_attempts")
    activation = _matching(session, command, at)
    if activation is not None and (unseen := _unseen(session, activation)):
        return Attempt(refusal=unseen)
    session.add(LoginAttempt(login_key=login_key, at=at, succeeded=activation is not None))
    if activation is None:
        return Attempt(refusal="activation_refused")
    _refuse_login(session, command)
    user = session.get_one(User, activation.account_id)
    user.login, user.password_hash, user.active = _login(command), passwords.hash_of(command.password), True
    activation.used_at = at
    session.flush()
    by = accounts.actor_of(user)
    for merchant_id in session.scalars(select(Merchant.id).where(Merchant.owner_id == user.id).order_by(Merchant.id)):
        mandates.end_consents(session, merchant_id, by=by, at=at)
    steps.write(session, "account", user.id, "take_over", by=by, at=at)
    return Attempt(user=user)


def _matching(session: Session, command: TakeOver, at: datetime) -> Activation | None:
    """The open code, if it is of the business whose number was typed; held until the transaction ends."""
    found = session.scalar(
        select(Activation)
        .join(Merchant, Merchant.owner_id == Activation.account_id)
        .where(
            Activation.code_hash == sessions.hash_of(normalise_code(command.code)),
            Merchant.business_number == command.business_number,
        )
        .with_for_update(of=Activation)
    )
    if found is None:
        return None
    still = is_open(expires_at=found.expires_at, used_at=found.used_at, replaced_at=found.replaced_at, at=at)
    return found if still else None


def _unseen(session: Session, activation: Activation) -> str:
    """Why a right code opens nothing yet, or any more: "" once a second official has seen the consent behind it."""
    letter = session.get_one(Letter, activation.letter_id)
    application = session.get(Application, letter.application_id) if letter.application_id else None
    problem = proxy_entries.in_the_way(session, application) if application is not None else None
    return problem.code if problem else ""


def _refuse_login(session: Session, command: TakeOver) -> None:
    if accounts.by_login(session, _login(command)) is not None:
        raise AlreadyDone(problems=[Problem("login_taken", "login")])
    wrong = [] if _login(command) else [Problem("required", "login")]
    if len(command.password) < MIN_PASSWORD:
        wrong.append(Problem("password_too_short", "password"))
    if wrong:
        raise Incomplete(problems=wrong)


def _login(command: TakeOver) -> str:
    return command.login.strip().lower()

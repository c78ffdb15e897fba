"""Taking over an account with the code of the receipt letter: once, in time, with the right number, and hashed."""

from __future__ import annotations

import io
import re
from datetime import datetime, timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.accounts import SignIn
from portal.domain.activations import LASTS, TakeOver
from portal.domain.errors import AlreadyDone, InvalidTransition, NotFound
from portal.domain.mandates import MandateStatus
from portal.models.accounts import User
from portal.models.activations import Activation
from portal.models.applications import Application
from portal.models.mandates import Mandate
from portal.queries import accounts, merchants
from portal.services import activations, issuing, receipt_letters, sessions
from portal.storage.objects import Stores
from tests import standing_in
from tests.factories import AT, PASSWORD, actor, make_merchant_user, make_programme

CODE = re.compile(r"활성화 코드: ([2-9A-Z-]{19})")


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


@pytest.fixture
def clerk(session: Session) -> User:
    return standing_in.make_clerk(session)


@pytest.fixture
def entered(session: Session, stores: Stores, clerk: User) -> tuple[Application, Mandate]:
    """Handed in at the counter; another official has seen the consent."""
    application, mandate = standing_in.handed_in(session, stores, make_programme(session), clerk)
    standing_in.confirm(session, mandate)
    return application, mandate


def printed(session: Session, stores: Stores, clerk: User, entered: tuple[Application, Mandate]) -> str:
    """The code on a copy printed now."""
    application, mandate = entered
    by = standing_in.acting(session, clerk, mandate)
    copy = receipt_letters.issue(session, stores, application.id, by=by, at=AT).copy
    found = CODE.search(text_of(copy))
    assert found is not None
    return found[1]


def command(code: str, application: Application, login: str = "mine@example.kr") -> TakeOver:
    return TakeOver(code, application.merchant.business_number, login, PASSWORD)


def test_the_receipt_says_who_entered_and_only_the_copy_carries_the_code(
    session: Session, stores: Stores, clerk: User, entered: tuple[Application, Mandate]
) -> None:
    application, mandate = entered
    by = standing_in.acting(session, clerk, mandate)
    issued = receipt_letters.issue(session, stores, application.id, by=by, at=AT)
    kept, copy = text_of(issuing.read(stores, issued.letter)), text_of(issued.copy)
    for text in (kept, copy):
        assert "구례읍사무소" in text
        assert "읍직원" in text
        assert str(application.receipt_number) in text
    found = CODE.search(copy)
    assert found is not None
    assert found[1] not in kept
    row = session.scalars(select(Activation)).one()
    assert (row.code_hash, row.expires_at) == (sessions.hash_of(found[1]), AT + LASTS)


def test_the_merchant_takes_the_account_over_and_the_clerk_has_nothing_of_it_any_more(
    session: Session, stores: Stores, clerk: User, entered: tuple[Application, Mandate]
) -> None:
    application, mandate = entered
    code = printed(session, stores, clerk, entered)
    taken = activations.take_over(session, command(code.lower(), application), at=AT)
    assert taken.user is not None
    assert sessions.sign_in(session, SignIn("mine@example.kr", PASSWORD), at=AT).token is not None
    assert merchants.owned(session, application.merchant_id, actor(taken.user)).id == application.merchant_id
    assert mandate.status is MandateStatus.ENDED
    with pytest.raises(NotFound):
        merchants.owned(session, application.merchant_id, standing_in.acting(session, clerk, mandate))


def test_a_code_opens_nothing_before_another_official_has_seen_the_consent(
    session: Session, stores: Stores, clerk: User
) -> None:
    waiting = standing_in.handed_in(session, stores, make_programme(session), clerk)
    typed = command(printed(session, stores, clerk, waiting), waiting[0])
    assert activations.take_over(session, typed, at=AT).refusal == "entry_waits"
    assert accounts.by_login(session, typed.login) is None
    standing_in.confirm(session, waiting[1])
    assert activations.take_over(session, typed, at=AT).user is not None


@pytest.mark.parametrize(
    ("later", "number", "spoil"),
    [
        (LASTS, "", ""),  # the moment it ends
        (timedelta(0), "1248100998", ""),  # of another business
        (timedelta(0), "", "X"),  # mistyped
    ],
)
def test_a_code_that_is_late_wrong_or_of_another_business_opens_nothing(
    session: Session,
    stores: Stores,
    clerk: User,
    entered: tuple[Application, Mandate],
    later: timedelta,
    number: str,
    spoil: str,
) -> None:
    code = printed(session, stores, clerk, entered)
    typed = TakeOver(
        code[:-1] + spoil if spoil else code, number or entered[0].merchant.business_number, "m@example.kr", PASSWORD
    )
    assert activations.take_over(session, typed, at=AT + later).refusal == "activation_refused"
    assert accounts.by_login(session, "m@example.kr") is None
    assert activations.take_over(session, command(code, entered[0]), at=AT + LASTS - timedelta(seconds=1)).user


def test_a_code_is_used_once_and_a_newer_letter_replaces_it(
    session: Session, stores: Stores, clerk: User, entered: tuple[Application, Mandate]
) -> None:
    first, second = (printed(session, stores, clerk, entered) for _ in range(2))
    assert activations.take_over(session, command(first, entered[0]), at=AT).refusal == "activation_refused"
    assert activations.take_over(session, command(second, entered[0]), at=AT).user is not None
    again = command(second, entered[0], login="other@example.kr")
    assert activations.take_over(session, again, at=AT).refusal == "activation_refused"


def test_five_wrong_codes_lock_the_door_for_a_while_even_for_the_right_one(
    session: Session, stores: Stores, clerk: User, entered: tuple[Application, Mandate]
) -> None:
    code = printed(session, stores, clerk, entered)

    def attempt(typed: str, at: datetime) -> activations.Attempt:
        return activations.take_over(session, command(typed, entered[0]), at=at)

    assert {attempt("2222-2222-2222-2222", AT).refusal for _ in range(5)} == {"activation_refused"}
    assert attempt(code, AT).refusal == "too_many_attempts"
    assert attempt(code, AT + sessions.LOCK + timedelta(seconds=1)).user is not None


def test_a_login_that_is_taken_costs_the_code_nothing(
    session: Session, stores: Stores, clerk: User, entered: tuple[Application, Mandate]
) -> None:
    code = printed(session, stores, clerk, entered)
    known = make_merchant_user(session).login
    with pytest.raises(AlreadyDone):
        activations.take_over(session, command(code, entered[0], login=known), at=AT)
    assert activations.take_over(session, command(code, entered[0]), at=AT).user is not None


def test_there_is_no_receipt_before_anything_was_handed_in(session: Session, stores: Stores, clerk: User) -> None:
    programme, mandate = make_programme(session), standing_in.enter(session, stores, clerk)
    by = standing_in.acting(session, clerk, mandate)
    draft = standing_in.fill(session, stores, programme, by)
    with pytest.raises(InvalidTransition):
        receipt_letters.issue(session, stores, draft.id, by=by, at=AT)

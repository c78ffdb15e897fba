"""Another account for a merchant: seen by its owner, waited for some working days, or confirmed by two persons."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import data
from portal.domain.account_changes import CorrectAccount, payable_from
from portal.domain.actors import Actor, Role
from portal.domain.claims import ClaimStatus
from portal.domain.errors import AlreadyDone, Incomplete, InvalidTransition, NotFound, NotPermitted, SamePerson
from portal.models.account_changes import AccountChange
from portal.models.accounts import User
from portal.models.claims import Claim
from portal.models.letters import Letter, LetterKind
from portal.models.payments import PaymentRun
from portal.queries import account_changes as look_up
from portal.queries import home
from portal.services import account_changes, payments
from portal.storage.objects import Stores
from tests.approved_claims import CODE, Office, answer, same_person
from tests.factories import actor, make_merchant_user, make_official, make_organisation

WHY = "본인 확인 전화에서 바꾼 적이 없다고 하였습니다."
NEW = CorrectAccount("088", "11012345678901", "홍길동")
MONDAY, FRIDAY, AFTER_HOLIDAYS = date(2026, 6, 15), date(2026, 9, 23), date(2026, 9, 30)


@pytest.fixture
def failed(session: Session, stores: Stores, released: PaymentRun, payer: Actor, at: datetime) -> Claim:
    """A claim whose payment the bank refused."""
    results = answer(released, (0, "refused"), (1, "done"), (2, "done"))
    payments.settle(session, stores, released.id, results, by=payer, at=at)
    return released.payments[0].claim


@pytest.fixture
def owner(session: Session, failed: Claim) -> Actor:
    return actor(session.get_one(User, failed.merchant.owner_id))


@pytest.fixture
def change(session: Session, failed: Claim, owner: Actor, at: datetime) -> AccountChange:
    return account_changes.correct(session, failed.id, NEW, by=owner, at=at)


@pytest.mark.parametrize(
    ("on", "days", "first"),
    [(MONDAY, 3, date(2026, 6, 18)), (date(2026, 6, 18), 3, date(2026, 6, 23)), (MONDAY, 0, MONDAY)],
)
def test_a_changed_account_waits_for_working_days(on: date, days: int, first: date) -> None:
    assert payable_from(on, [(date(2026, 1, 1), days)], data.holidays()) == first


def test_the_wait_is_the_one_in_force_that_day_and_never_none() -> None:
    periods = [(date(2026, 1, 1), 3), (date(2026, 6, 16), 1)]
    assert payable_from(MONDAY, periods, frozenset()) == date(2026, 6, 18)
    assert payable_from(date(2026, 6, 16), periods, frozenset()) == date(2026, 6, 17)
    with pytest.raises(ValueError, match="no cooling period"):
        payable_from(date(2025, 12, 31), periods, frozenset())


def test_the_owner_corrects_the_account_and_it_is_paid_when_the_days_have_passed(
    session: Session, failed: Claim, change: AccountChange, payer: Actor, at: datetime
) -> None:
    assert (failed.merchant.account_number, change.payable_from) == (NEW.account_number, date(2026, 6, 18))
    assert (change.before_account_number, change.claim_id) != (NEW.account_number, None)
    payments.reopen(session, failed.id, by=payer, at=at)
    for early in (at, at + timedelta(days=2)):
        with pytest.raises(Incomplete):
            payments.prepare(session, CODE, by=payer, at=early)
    assert [each.id for each in look_up.in_the_way(session, payer, on=MONDAY)] == [change.id]
    run = payments.prepare(session, CODE, by=payer, at=at + timedelta(days=3))
    assert [payment.account_number for payment in run.payments] == [NEW.account_number]
    assert look_up.in_the_way(session, payer, on=date(2026, 6, 18)) == []


def test_two_persons_confirm_and_it_is_paid_at_once(
    session: Session, stores: Stores, failed: Claim, change: AccountChange, payer: Actor, releaser: Actor, at: datetime
) -> None:
    payments.reopen(session, failed.id, by=payer, at=at)
    account_changes.confirm(session, stores, change.id, by=payer, at=at)
    with pytest.raises(Incomplete):
        payments.prepare(session, CODE, by=payer, at=at)
    with pytest.raises(SamePerson):
        account_changes.confirm(session, stores, change.id, by=payer, at=at)
    account_changes.confirm(session, stores, change.id, by=releaser, at=at)
    with pytest.raises(AlreadyDone):
        account_changes.confirm(session, stores, change.id, by=releaser, at=at)
    assert payments.prepare(session, CODE, by=payer, at=at).payment_count == 1


def test_the_owner_is_told_by_letter_once_two_have_confirmed(
    session: Session, stores: Stores, change: AccountChange, payer: Actor, releaser: Actor, at: datetime
) -> None:
    letters = select(Letter.title).where(Letter.kind == LetterKind.ACCOUNT_CHANGE)
    account_changes.confirm(session, stores, change.id, by=payer, at=at)
    assert session.scalars(letters).all() == []
    account_changes.confirm(session, stores, change.id, by=releaser, at=at)
    assert session.scalars(letters).all() == ["계좌 변경 확인 안내"]
    with pytest.raises(AlreadyDone):
        account_changes.refuse(session, stores, change.id, reason=WHY, by=payer, at=at)


def test_a_refused_account_is_paid_only_after_another_was_given(
    session: Session, stores: Stores, failed: Claim, change: AccountChange, payer: Actor, owner: Actor, at: datetime
) -> None:
    with pytest.raises(Incomplete, match="too_short"):
        account_changes.refuse(session, stores, change.id, reason="아님", by=payer, at=at)
    account_changes.refuse(session, stores, change.id, reason=WHY, by=payer, at=at)
    later = at + timedelta(days=30)
    assert [each.id for each in look_up.in_the_way(session, payer, on=later.date())] == [change.id]
    with pytest.raises(AlreadyDone):
        account_changes.confirm(session, stores, change.id, by=payer, at=at)
    letters = select(Letter.title).where(Letter.kind == LetterKind.ACCOUNT_CHANGE)
    assert session.scalars(letters).all() == ["계좌 변경 반려 안내"]
    account_changes.correct(session, failed.id, replace(NEW, account_number="99900011122299"), by=owner, at=at)
    assert look_up.in_the_way(session, payer, on=later.date()) == []


def test_neither_the_owner_nor_another_office_confirms(
    session: Session, stores: Stores, change: AccountChange, owner: Actor, at: datetime
) -> None:
    own = actor(same_person(session, session.get_one(User, owner.user_id), Role.PAYER))
    with pytest.raises(NotPermitted):
        account_changes.confirm(session, stores, change.id, by=own, at=at)
    elsewhere = make_official(session, Role.PAYER, organisation=make_organisation(session, "hadong", name="하동군"))
    with pytest.raises(NotFound):
        account_changes.confirm(session, stores, change.id, by=actor(elsewhere), at=at)


def test_the_owner_sees_that_the_account_was_changed_and_what_is_to_be_done(
    session: Session, failed: Claim, owner: Actor, at: datetime
) -> None:
    first = home.home(session, owner, at=at)
    assert (first.todos[0].kind, first.todos[0].claim, first.changes) == (home.Kind.ACCOUNT, failed, [])
    change = account_changes.correct(session, failed.id, NEW, by=owner, at=at + timedelta(minutes=1))
    second = home.home(session, owner, at=at + timedelta(days=1))
    assert (list(second.changes), second.todos[0].kind is home.Kind.ACCOUNT) == ([change], False)
    assert home.home(session, owner, at=at + timedelta(days=91)).changes == []
    stranger = actor(make_merchant_user(session))
    assert home.home(session, stranger, at=at).changes == []


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (CorrectAccount("999", "11012345678901", "홍길동"), "unknown_choice"),
        (CorrectAccount("088", "12", "홍길동"), "account_number_invalid"),
        (CorrectAccount("088", "11012345678901", " "), "required"),
    ],
)
def test_what_is_no_account_is_refused(
    session: Session, failed: Claim, owner: Actor, at: datetime, command: CorrectAccount, code: str
) -> None:
    with pytest.raises(Incomplete) as refused:
        account_changes.correct(session, failed.id, command, by=owner, at=at)
    assert [problem.code for problem in refused.value.problems] == [code]


def test_the_same_account_again_another_s_claim_and_a_paid_claim_are_refused(
    session: Session, failed: Claim, owner: Actor, at: datetime
) -> None:
    merchant = failed.merchant
    same = CorrectAccount(merchant.bank_code, merchant.account_number, merchant.account_holder)
    with pytest.raises(Incomplete):
        account_changes.correct(session, failed.id, same, by=owner, at=at)
    with pytest.raises(NotFound):
        account_changes.correct(session, failed.id, NEW, by=actor(make_merchant_user(session)), at=at)
    failed.status = ClaimStatus.PAID
    session.flush()
    with pytest.raises(InvalidTransition):
        account_changes.correct(session, failed.id, NEW, by=owner, at=at)


def test_the_account_is_told_by_nobody_s_repr(change: AccountChange, office: Office) -> None:
    assert NEW.account_number not in repr(NEW) + repr(change)

"""What registers say of a business: kept as it was, asked again for each run; silence is never "closed"."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.claims import ClaimStatus
from portal.domain.errors import Incomplete
from portal.domain.payments import PaymentStatus, RunStatus
from portal.domain.snapshots import AGAIN, CLOSED, Heard, SnapshotAnswer, SnapshotKind, TaxAnswer, same_name
from portal.models.accounts import User
from portal.models.applications import Application
from portal.models.claims import Claim
from portal.models.merchants import Merchant
from portal.models.payments import PaymentRun
from portal.models.snapshots import Snapshot
from portal.queries import snapshots as look_up
from portal.services import applications, payments, snapshots
from portal.storage.objects import Stores
from tests import applying, cases
from tests.approved_claims import CODE, Office
from tests.factories import actor, make_merchant_user
from tests.payments_made import AMOUNTS, money_is_in_order, statuses

A, C, P, K = SnapshotAnswer, ClaimStatus, PaymentStatus, SnapshotKind
SHUT = TaxAnswer(A.CLOSED, date(2026, 5, 31))


def asked(session: Session, at: datetime) -> list[tuple[int, str]]:
    return list(look_up.taxpayers_to_ask(session, at=at, most=100))


def told(session: Session, at: datetime, *answers: TaxAnswer | None) -> int:
    """Everybody is asked about, and answered in turn; None: nothing was said."""
    whom = asked(session, at)
    said = {number: answer for (_, number), answer in zip(whom, answers, strict=True) if answer is not None}
    return snapshots.keep_tax_status(session, whom, Heard(said, "0" * 64 if said else None), at=at)


ACTIVE = TaxAnswer(A.ACTIVE)


def test_everybody_in_a_run_is_asked_about_once_and_again_for_the_next(
    session: Session, office: Office, prepared: PaymentRun, payer: Actor, at: datetime
) -> None:
    assert [merchant_id for merchant_id, _ in asked(session, at)] == [p.claim.merchant_id for p in prepared.payments]
    assert told(session, at, ACTIVE, ACTIVE, ACTIVE) == 0
    assert asked(session, at) == []
    payments.cancel(session, prepared.id, by=payer, at=at + timedelta(hours=1))
    payments.prepare(session, CODE, by=payer, at=at + timedelta(hours=1))
    assert len(asked(session, at + timedelta(hours=1))) == 3


def test_a_closed_business_is_held_back_with_the_reason_and_the_others_are_paid(
    session: Session, prepared: PaymentRun, at: datetime
) -> None:
    assert told(session, at, ACTIVE, SHUT, TaxAnswer(A.SUSPENDED)) == 1
    assert statuses(session) == ([C.IN_PAYMENT, C.APPROVED, C.IN_PAYMENT], [P.PREPARED, P.HELD, P.PREPARED])
    assert prepared.payments[1].reason == CLOSED
    assert (prepared.payment_count, prepared.total) == (2, AMOUNTS[0] + AMOUNTS[2])
    assert money_is_in_order(session) == []


def test_silence_holds_nothing_and_is_asked_again_a_while_later(
    session: Session, prepared: PaymentRun, at: datetime
) -> None:
    assert told(session, at, None, None, None) == 0
    assert statuses(session)[1] == [P.PREPARED] * 3
    assert session.scalars(select(Snapshot.answer)).all() == [A.UNAVAILABLE] * 3
    assert asked(session, at + AGAIN / 2) == []
    assert len(asked(session, at + AGAIN + timedelta(seconds=1))) == 3


def test_the_last_word_stands_while_a_register_is_silent(session: Session, prepared: PaymentRun, at: datetime) -> None:
    told(session, at, ACTIVE, ACTIVE, ACTIVE)
    merchant_id = prepared.payments[0].claim.merchant_id
    number = prepared.payments[0].claim.merchant.business_number
    snapshots.keep_tax_status(session, [(merchant_id, number)], Heard({}, None), at=at + timedelta(hours=1))
    found = look_up.of_merchant(session, merchant_id)[K.TAX_STATUS]
    assert found is not None
    assert (found.answer, found.asked_at) == (A.ACTIVE, at)


def test_known_as_closed_from_before_is_held_as_the_run_is_prepared(
    session: Session, claims: list[Claim], payer: Actor, at: datetime
) -> None:
    whom = [(claims[0].merchant_id, claims[0].merchant.business_number)]
    snapshots.keep_tax_status(session, whom, Heard({whom[0][1]: SHUT}, "0" * 64), at=at)
    run = payments.prepare(session, CODE, by=payer, at=at)
    assert [payment.status for payment in run.payments] == [P.HELD, P.PREPARED, P.PREPARED]
    assert run.total == sum(AMOUNTS[1:])


def test_a_run_of_nobody_but_closed_businesses_is_not_made_or_taken_back(
    session: Session, prepared: PaymentRun, payer: Actor, at: datetime
) -> None:
    assert told(session, at, SHUT, SHUT, SHUT) == 3
    assert prepared.status is RunStatus.CANCELLED
    assert statuses(session)[0] == [C.APPROVED] * 3
    with pytest.raises(Incomplete) as refused:
        payments.prepare(session, CODE, by=payer, at=at)
    assert [problem.code for problem in refused.value.problems] == ["all_closed"]


def test_the_holder_of_an_account_is_asked_for_each_run_and_refuses_nothing(
    session: Session, prepared: PaymentRun, at: datetime
) -> None:
    questions = look_up.accounts_to_ask(session, at=at, most=50)
    assert [each.account_number for each in questions] == [p.account_number for p in prepared.payments]
    for question, answer in zip(questions, (A.MATCHES, A.DIFFERS, A.UNAVAILABLE), strict=True):
        snapshots.keep_account_holder(session, question, answer, None, at=at)
    assert statuses(session)[1] == [P.PREPARED] * 3
    assert look_up.accounts_to_ask(session, at=at, most=50) == []
    again = look_up.accounts_to_ask(session, at=at + AGAIN + timedelta(seconds=1), most=50)
    assert [each.merchant_id for each in again] == [questions[2].merchant_id]
    merchant = session.get_one(Merchant, questions[0].merchant_id)
    assert merchant.account_number not in repr(questions[0])


@pytest.mark.parametrize(
    ("stated", "registered", "same"),
    [
        ("홍길동", "홍 길동", True),
        ("주식회사 구례식당", "구례식당(주)", True),
        ("Gurye Cafe", "GURYE CAFE", True),
        ("홍길동", "홍길순", False),
        ("", "", False),
    ],
)
def test_two_spellings_of_one_name(stated: str, registered: str, same: bool) -> None:
    assert same_name(stated, registered) is same


@pytest.mark.parametrize(
    ("said", "trades"),
    [
        (ACTIVE, (True, "01")),
        (TaxAnswer(A.SUSPENDED), (None, "02")),
        (SHUT, (None, "03")),
        (TaxAnswer(A.CLOSED, date(2026, 6, 20)), (None, "")),  # after the day of the application
        (TaxAnswer(A.UNREGISTERED), (None, "")),
        (None, (None, "")),
    ],
)
def test_an_application_of_these_days_hears_what_the_tax_office_says_and_is_refused_nothing_by_it(
    session: Session, stores: Stores, office: Office, at: datetime, said: TaxAnswer | None, trades: tuple[Any, str]
) -> None:
    case = cases.apply(session, stores, office.programme)
    assert trading(case.application) == (None, "")
    told(session, at + timedelta(hours=2), said)
    assert (trading(case.application), case.application.status) == (trades, "submitted")
    told(session, at + timedelta(days=1, hours=3), ACTIVE)  # open again: it is about the day of the application
    assert trading(case.application) == trades


def test_what_the_tax_office_said_within_the_day_is_known_as_somebody_hands_in(
    session: Session, stores: Stores, office: Office, at: datetime
) -> None:
    drafts = [applying.ready(session, stores, office.programme, make_merchant_user(session), serial=n) for n in (1, 2)]
    whom = [(each.merchant_id, each.merchant.business_number) for each in drafts]
    heard = Heard({whom[0][1]: ACTIVE, whom[1][1]: ACTIVE}, "0" * 64)
    snapshots.keep_tax_status(session, whom, heard, at=at - timedelta(hours=3))
    lately, late = (actor(session.get_one(User, each.merchant.owner_id)) for each in drafts)
    applications.submit(session, drafts[0].id, by=lately, at=at)
    assert trading(drafts[0]) == (True, "01")
    applications.submit(session, drafts[1].id, by=late, at=at + timedelta(days=1))  # the answer is of another day
    assert trading(drafts[1]) == (None, "")


def trading(application: Application) -> tuple[bool | None, str]:
    return next((one["passed"], one["found"]) for one in application.findings or () if one["kind"] == "not_closed")

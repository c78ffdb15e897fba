"""Paying: prepared by one person, released by another, settled by the bank's word, and shown as it stands."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.claims import ClaimStatus
from portal.domain.funding import split
from portal.domain.payments import PaymentStatus, RunStatus
from portal.models.claims import Claim
from portal.models.letters import Letter, LetterKind
from portal.models.payments import Payment, PaymentRun, PaymentShare
from portal.queries import ledger as postings
from portal.queries import payment_runs
from portal.services import payments
from portal.storage.objects import Stores
from tests import approved_claims as world
from tests.approved_claims import CODE, Office, all_done, make_claims
from tests.factories import actor
from tests.payments_made import AMOUNTS, money_is_in_order, paid_by_source, statuses

C, P, R = ClaimStatus, PaymentStatus, RunStatus


def test_a_run_takes_up_every_approved_claim_to_the_account_of_the_moment(
    session: Session, prepared: PaymentRun, claims: list[Claim]
) -> None:
    assert (prepared.status, prepared.payment_count, prepared.total) == (R.PREPARED, 3, sum(AMOUNTS))
    assert [payment.amount for payment in prepared.payments] == list(AMOUNTS)
    assert [payment.account_number for payment in prepared.payments] == [c.merchant.account_number for c in claims]
    assert statuses(session) == ([C.IN_PAYMENT] * 3, [P.PREPARED] * 3)
    assert paid_by_source(session) == {"national": 0, "province": 0, "county": 0}


def test_each_payment_is_split_by_the_funding_under_which_it_was_granted(
    session: Session, prepared: PaymentRun, office: Office
) -> None:
    for payment in prepared.payments:
        assert {share.source: share.amount for share in payment.shares} == split(
            payment.amount, office.programme.terms.funding
        )


def test_many_odd_payments_use_up_every_source_exactly_and_none_is_overdrawn(
    session: Session, stores: Stores, office: Office, payer: Actor, releaser: Actor, at: datetime
) -> None:
    """240 payments of odd amounts at 50/15/35: each split alone would overdraw a source of some grants."""
    first = make_claims(session, stores, office, [41] * 6)
    drawn = random.Random(20_201)
    for start in first:
        odd = sorted(drawn.sample(range(500_000 - 41), 39))
        parts = [end - begin for begin, end in zip([0, *odd], [*odd, 500_000 - 41], strict=True)]
        for revision, won in enumerate((part for part in parts if part), start=2):
            more = world.make_claim(
                session, start.run, start.merchant_id, start.application_id, won, by=actor(office.reviewer),
                revision=revision, at=at,
            )  # fmt: skip
            world.approve(session, more, office, at=at)
            if revision == 20:  # one half is on its way while the other half is prepared
                earlier = payments.prepare(session, CODE, by=payer, at=at)
                payments.release(session, stores, earlier.id, by=releaser, at=at)
    last = payments.prepare(session, CODE, by=payer, at=at)
    payments.release(session, stores, last.id, by=releaser, at=at)
    whole = 6 * 500_000
    planned = session.execute(select(PaymentShare.source, func.sum(PaymentShare.amount)).group_by(PaymentShare.source))
    assert {source: int(won) for source, won in planned} == split(whole, office.programme.terms.funding)
    by_grant = session.execute(
        select(PaymentShare.source, func.sum(PaymentShare.amount))
        .join(Payment, Payment.id == PaymentShare.payment_id)
        .join(Claim, Claim.id == Payment.claim_id)
        .group_by(Claim.application_id, PaymentShare.source)
    )
    assert {(source, int(won)) for source, won in by_grant} == {
        ("national", 250_000), ("province", 75_000), ("county", 175_000),
    }  # fmt: skip
    payments.settle(session, stores, last.id, all_done(last), by=payer, at=at)
    assert [balance.committed >= 0 for balance in postings.balances(session)] == [True] * 3
    assert money_is_in_order(session) == []


def test_release_writes_the_bank_file_once_with_every_account_in_full(
    session: Session, stores: Stores, released: PaymentRun, releaser: Actor
) -> None:
    assert released.bank_file_sha256 is not None
    rows = list(csv.reader(io.StringIO(stores.bank_files.read(released.bank_file_sha256).decode())))
    assert rows[0][:3] == ["IEUM-TRANSFER", "1", released.reference]
    assert rows[0][-2:] == rows[-1][-2:] == ["3", str(sum(AMOUNTS))]
    assert [(row[0], row[2], row[4]) for row in rows[2:-1]] == [
        (payment.reference, payment.account_number, str(payment.amount)) for payment in released.payments
    ]
    assert (released.status, released.released_by) == (R.RELEASED, releaser.user_id)
    assert statuses(session) == ([C.IN_PAYMENT] * 3, [P.INSTRUCTED] * 3)


def test_what_the_bank_confirms_is_posted_paid_and_told_to_the_merchant(
    session: Session, stores: Stores, released: PaymentRun, payer: Actor, at: datetime
) -> None:
    done = payments.settle(session, stores, released.id, all_done(released), by=payer, at=at + timedelta(days=1))
    assert done == payments.Settled(done=3, refused=0, unknown=0, again=False)
    assert statuses(session) == ([C.PAID] * 3, [P.DONE] * 3)
    assert released.status is R.SETTLED
    shares = session.execute(select(PaymentShare.source, func.sum(PaymentShare.amount)).group_by(PaymentShare.source))
    assert paid_by_source(session) == {source: int(won) for source, won in shares}
    assert sum(paid_by_source(session).values()) == sum(AMOUNTS)
    letters = session.scalars(select(Letter).where(Letter.kind == LetterKind.PAYMENT)).all()
    assert [letter.id for letter in letters] == [payment.letter_id for payment in released.payments]
    assert all(stores.letters.read(letter.sha256).startswith(b"%PDF-") for letter in letters)
    assert money_is_in_order(session) == []


def test_a_payment_is_posted_from_the_lines_its_grant_was_committed_from_even_in_another_year(
    session: Session, stores: Stores, released: PaymentRun, payer: Actor, at: datetime
) -> None:
    january = at.replace(year=2027, month=1)
    payments.settle(session, stores, released.id, all_done(released), by=payer, at=january)
    years = {balance.fiscal_year: balance.paid for balance in postings.balances(session) if balance.paid}
    assert set(years) == {2026}


def test_a_cancelled_run_gives_its_claims_back_and_the_next_run_takes_them(
    session: Session, prepared: PaymentRun, payer: Actor, at: datetime
) -> None:
    payments.cancel(session, prepared.id, by=payer, at=at)
    assert statuses(session) == ([C.APPROVED] * 3, [P.CANCELLED] * 3)
    again = payments.prepare(session, CODE, by=payer, at=at)
    assert again.total == sum(AMOUNTS)
    assert again.reference != prepared.reference
    assert money_is_in_order(session) == []


# What the payer is shown ----------------------------------------------------------------------------------------------


def test_first_payments_and_changed_accounts_are_flagged(
    session: Session, stores: Stores, office: Office, released: PaymentRun, payer: Actor, at: datetime
) -> None:
    assert [row.flag for row in payment_runs.page(session, released.id, payer).rows] == ["first"] * 3
    payments.settle(session, stores, released.id, all_done(released), by=payer, at=at)
    same, other = released.payments[0].claim, released.payments[1].claim
    merchant = other.merchant
    merchant.account_number = "99900011122233"
    for claim in (same, other):
        again = world.make_claim(
            session, claim.run, claim.merchant_id, claim.application_id, 10_000, by=actor(office.reviewer), at=at,
            revision=2,
        )  # fmt: skip
        world.approve(session, again, office, at=at)
    new = make_claims(session, stores, office, [5_000])
    run = payments.prepare(session, CODE, by=payer, at=at)
    rows = payment_runs.page(session, run.id, payer).rows
    assert {row.payment.claim.merchant_id: row.flag for row in rows} == {
        same.merchant_id: "",
        other.merchant_id: "changed",
        new[0].merchant_id: "first",
    }


def test_the_page_of_a_run_adds_up(session: Session, released: PaymentRun, payer: Actor) -> None:
    page = payment_runs.page(session, released.id, payer)
    assert page.largest == max(AMOUNTS)
    assert sum(page.by_source.values()) == page.run.total == sum(AMOUNTS)
    assert page.by_status == {P.INSTRUCTED: (3, sum(AMOUNTS))}
    assert (page.persons["prepare"], page.persons["release"]) == ("지출담당", "지출책임")
    assert page.actions == ["settle"]


@pytest.mark.parametrize(("count", "limit"), [(1, 15), (4, 15)])
def test_a_run_is_shown_with_the_same_number_of_statements_however_long_it_is(
    session: Session,
    stores: Stores,
    office: Office,
    payer: Actor,
    at: datetime,
    statement_counter: Callable,
    count: int,
    limit: int,
) -> None:
    make_claims(session, stores, office, [1_000] * count)
    run = payments.prepare(session, CODE, by=payer, at=at)
    run_id = run.id
    session.commit()
    session.expunge_all()
    with statement_counter() as statements:
        page = payment_runs.page(session, run_id, payer)
        [(row.payment.claim.merchant.trade_name, row.shares) for row in page.rows]
    assert len(statements) <= limit, "\n".join(statements)

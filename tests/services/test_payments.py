"""Paying: prepared by one person, released by another, settled by the bank's word, and never twice."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor, Role
from portal.domain.claims import ClaimStatus
from portal.domain.errors import (
    AlreadyDone,
    Conflict,
    Incomplete,
    InvalidTransition,
    NotFound,
    NotPermitted,
    Refusal,
    SamePerson,
)
from portal.domain.funding import split
from portal.domain.ledger import PostingKind
from portal.domain.payments import PaymentStatus, RunStatus
from portal.models.audit import AuditEvent
from portal.models.claims import Claim
from portal.models.ledger import LedgerEntry
from portal.models.letters import Letter, LetterKind
from portal.models.payments import BankResultFile, Payment, PaymentRun, PaymentShare
from portal.queries import invariants, payment_runs
from portal.queries import ledger as postings
from portal.services import payments
from portal.storage.objects import Stores
from tests import approved_claims as world
from tests.approved_claims import CODE, Office, all_done, answer, as_command, make_claims
from tests.factories import actor, make_official, make_organisation

C, P, R = ClaimStatus, PaymentStatus, RunStatus
AMOUNTS = (123_450, 70_010, 300_000)


@pytest.fixture
def office(session: Session) -> Office:
    return world.open_office(session)


@pytest.fixture
def payer(office: Office) -> Actor:
    return actor(office.payer)


@pytest.fixture
def releaser(office: Office) -> Actor:
    return actor(office.releaser)


@pytest.fixture
def claims(session: Session, stores: Stores, office: Office) -> list[Claim]:
    return make_claims(session, stores, office, AMOUNTS)


@pytest.fixture
def prepared(session: Session, claims: list[Claim], payer: Actor, at: datetime) -> PaymentRun:
    return payments.prepare(session, CODE, by=payer, at=at)


@pytest.fixture
def released(session: Session, stores: Stores, prepared: PaymentRun, releaser: Actor, at: datetime) -> PaymentRun:
    run = payments.release(session, stores, prepared.id, by=releaser, at=at)
    session.commit()
    return run


def paid_by_source(session: Session) -> dict[str, int]:
    return {balance.source: balance.paid for balance in postings.balances(session)}


def statuses(session: Session) -> tuple[list[ClaimStatus], list[PaymentStatus]]:
    return (
        list(session.scalars(select(Claim.status).order_by(Claim.id))),
        list(session.scalars(select(Payment.status).order_by(Payment.id))),
    )


def money_is_in_order(session: Session) -> list[str]:
    checks = (
        invariants.postings_follow_recipes,
        invariants.budget_lines_hold,
        invariants.commitments_match_decisions,
        invariants.one_living_payment,
        invariants.statuses_follow_audit,
        invariants.money_agrees,
        invariants.four_eyes_kept,
    )
    return [broken for check in checks for broken in check(session)]


# The way it goes ------------------------------------------------------------------------------------------------------


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


# Refused, unknown, again ----------------------------------------------------------------------------------------------


def test_refused_goes_back_to_the_payer_and_unknown_waits_for_evidence(
    session: Session, stores: Stores, released: PaymentRun, payer: Actor, at: datetime
) -> None:
    file = answer(released, (0, "done"), (1, "refused"), (2, "unknown"))
    assert payments.settle(session, stores, released.id, file, by=payer, at=at) == payments.Settled(1, 1, 1, False)
    assert statuses(session) == ([C.PAID, C.PAYMENT_FAILED, C.IN_PAYMENT], [P.DONE, P.REFUSED, P.UNKNOWN])
    assert released.status is R.RELEASED
    assert released.payments[1].reason == "ACCOUNT_CLOSED"
    assert sum(paid_by_source(session).values()) == AMOUNTS[0]

    still = answer(released, (2, "unknown"))
    payments.settle(session, stores, released.id, still, by=payer, at=at + timedelta(days=1))
    assert statuses(session)[1][2] is P.UNKNOWN
    found = answer(released, (2, "done"), on=at.date())
    payments.settle(session, stores, released.id, found, by=payer, at=at + timedelta(days=2))
    assert statuses(session) == ([C.PAID, C.PAYMENT_FAILED, C.PAID], [P.DONE, P.REFUSED, P.DONE])
    assert released.status is R.SETTLED
    assert money_is_in_order(session) == []


def test_a_refused_claim_is_paid_to_the_corrected_account_by_a_later_run(
    session: Session, stores: Stores, office: Office, released: PaymentRun, payer: Actor, releaser: Actor, at: datetime
) -> None:
    payments.settle(
        session, stores, released.id, answer(released, (0, "done"), (1, "refused"), (2, "done")), by=payer, at=at
    )
    claim = released.payments[1].claim
    assert [(found.claim.id, found.corrected) for found in payment_runs.failed(session, payer)] == [(claim.id, False)]
    claim.merchant.account_number = "99900011122233"
    session.flush()
    assert [found.corrected for found in payment_runs.failed(session, payer)] == [True]
    payments.reopen(session, claim.id, by=payer, at=at)
    second = payments.prepare(session, CODE, by=payer, at=at)
    assert [(payment.claim_id, payment.account_number) for payment in second.payments] == [(claim.id, "99900011122233")]
    payments.release(session, stores, second.id, by=releaser, at=at)
    payments.settle(session, stores, second.id, all_done(second), by=payer, at=at)
    assert statuses(session)[0] == [C.PAID] * 3
    assert sum(paid_by_source(session).values()) == sum(AMOUNTS)
    assert money_is_in_order(session) == []


def test_the_same_results_again_are_the_first_answer_and_change_nothing(
    session: Session, stores: Stores, released: PaymentRun, payer: Actor, at: datetime
) -> None:
    file = answer(released, (0, "done"), (1, "refused"), (2, "unknown"))
    first = payments.settle(session, stores, released.id, file, by=payer, at=at)
    before = counted(session)
    again = payments.settle(session, stores, released.id, file, by=payer, at=at + timedelta(days=1))
    assert (again.done, again.refused, again.unknown, again.again) == (first.done, first.refused, first.unknown, True)
    assert counted(session) == before


def counted(session: Session) -> list[int | None]:
    tables = (AuditEvent, LedgerEntry, Letter, BankResultFile, Payment)
    return [session.scalar(select(func.count()).select_from(table)) for table in tables]


# What is refused ------------------------------------------------------------------------------------------------------


def spoilt(run: PaymentRun) -> list[tuple[str, list[str], int, list[tuple[str, int | None]]]]:
    """(reference of the file, rows, total, problems it must list) for every kind of file that does not fit."""
    first, second, _ = run.payments
    fine = f"{first.reference},done,,BK,2026-06-15,{first.amount}"
    return [
        ("R20990101-FFFFFFFF", [fine], first.amount, [("other_run", None)]),
        (run.reference, [f"{first.reference},done,,BK,2026-06-15,1"], 1, [("amount_differs", 1)]),
        (run.reference, [fine, "R1-00009,refused,NO,,,5"], first.amount + 5, [("unknown_payment", 2)]),
        (
            run.reference,
            [fine, f"{second.reference},done,,BK,2026-06-14,{second.amount}"],
            first.amount + second.amount,
            [("executed_too_early", 2)],
        ),
        (run.reference, [fine.replace("2026-06-15", "2026-06-16")], first.amount, [("date_in_future", 1)]),
        (
            "R20990101-FFFFFFFF",
            [f"{first.reference},done,,BK,2026-06-15,1", "R1-00009,unknown,T,,,2"],
            3,
            [("other_run", None), ("amount_differs", 1), ("unknown_payment", 2)],
        ),
    ]


def test_a_results_file_that_does_not_fit_is_refused_with_all_its_problems_and_changes_nothing(
    session: Session, stores: Stores, released: PaymentRun, payer: Actor, at: datetime
) -> None:
    before = counted(session)
    for reference, rows, total, expected in spoilt(released):
        with pytest.raises(Incomplete) as refused:
            payments.settle(session, stores, released.id, as_command(reference, rows, total), by=payer, at=at)
        assert [(problem.code, problem.row) for problem in refused.value.problems] == expected
    assert not session.dirty
    assert counted(session) == before
    assert statuses(session) == ([C.IN_PAYMENT] * 3, [P.INSTRUCTED] * 3)
    assert list(stores.bank_results.walk()) == []


def test_a_payment_once_settled_is_not_settled_again_by_another_file(
    session: Session, stores: Stores, released: PaymentRun, payer: Actor, at: datetime
) -> None:
    payments.settle(session, stores, released.id, answer(released, (0, "done"), (1, "refused")), by=payer, at=at)
    for second in (answer(released, (0, "done"), (2, "done")), answer(released, (0, "refused"), (1, "done"))):
        with pytest.raises(Incomplete) as refused:
            payments.settle(session, stores, released.id, second, by=payer, at=at)
        assert {problem.code for problem in refused.value.problems} == {"already_settled"}
    assert sum(paid_by_source(session).values()) == AMOUNTS[0]


def test_results_are_not_taken_in_before_the_bank_was_told(
    session: Session, stores: Stores, prepared: PaymentRun, payer: Actor, at: datetime
) -> None:
    with pytest.raises(InvalidTransition):
        payments.settle(session, stores, prepared.id, all_done(prepared), by=payer, at=at)


def test_a_released_run_is_neither_released_again_nor_cancelled(
    session: Session, stores: Stores, released: PaymentRun, releaser: Actor, at: datetime
) -> None:
    with pytest.raises(InvalidTransition):
        payments.release(session, stores, released.id, by=releaser, at=at)
    with pytest.raises(InvalidTransition):
        payments.cancel(session, released.id, by=releaser, at=at)


def test_nothing_approved_is_nothing_to_pay(session: Session, prepared: PaymentRun, payer: Actor, at: datetime) -> None:
    with pytest.raises(Incomplete) as refused:
        payments.prepare(session, CODE, by=payer, at=at)
    assert [problem.code for problem in refused.value.problems] == ["nothing_to_pay"]


def test_a_run_that_no_longer_adds_up_is_not_released(
    session: Session, stores: Stores, prepared: PaymentRun, releaser: Actor, at: datetime
) -> None:
    prepared.payments[0].amount += 1
    session.flush()
    with pytest.raises(Conflict):
        payments.release(session, stores, prepared.id, by=releaser, at=at)
    assert list(stores.bank_files.walk()) == []


def test_a_claim_that_did_not_fail_is_not_reopened(
    session: Session, prepared: PaymentRun, claims: list[Claim], payer: Actor, at: datetime
) -> None:
    with pytest.raises(InvalidTransition):
        payments.reopen(session, claims[0].id, by=payer, at=at)


# Four eyes ------------------------------------------------------------------------------------------------------------


def test_whoever_prepared_a_run_does_not_release_it(
    session: Session, stores: Stores, office: Office, prepared: PaymentRun, payer: Actor, at: datetime
) -> None:
    twin = actor(world.same_person(session, office.payer, Role.PAYER))
    for person in (payer, twin):
        with pytest.raises(SamePerson):
            payments.release(session, stores, prepared.id, by=person, at=at)


@pytest.mark.parametrize("hand", ["drew_up", "approved"])
@pytest.mark.parametrize("step", ["prepare", "release"])
def test_whoever_had_a_hand_in_a_claim_pays_none_of_it(
    session: Session, stores: Stores, office: Office, at: datetime, hand: str, step: str
) -> None:
    """The account of a payer, the person who drew up or approved: roles that one person was once given in turn."""
    make_claims(session, stores, office, AMOUNTS[:1])
    earlier = office.reviewer if hand == "drew_up" else office.approver
    both = Actor(
        office.releaser.id, earlier.person_id, "두 역할", frozenset({Role.PAYER}), office.payer.organisation_id
    )
    if step == "prepare":
        with pytest.raises(SamePerson):
            payments.prepare(session, CODE, by=both, at=at)
        return
    run = payments.prepare(session, CODE, by=actor(office.payer), at=at)
    assert "release" not in payment_runs.page(session, run.id, both).actions
    with pytest.raises(SamePerson):
        payments.release(session, stores, run.id, by=both, at=at)


def test_only_a_payer_pays(session: Session, stores: Stores, prepared: PaymentRun, at: datetime) -> None:
    for role in set(Role) - {Role.PAYER}:
        other = actor(make_official(session, role))
        with pytest.raises(NotPermitted):
            payments.release(session, stores, prepared.id, by=other, at=at)
        with pytest.raises(NotPermitted):
            payments.cancel(session, prepared.id, by=other, at=at)


def test_the_payer_of_another_organisation_finds_nothing(
    session: Session, stores: Stores, released: PaymentRun, claims: list[Claim], at: datetime
) -> None:
    elsewhere = make_organisation(session, "haenam", name="해남군(데모)", region_code="12790")
    stranger = actor(make_official(session, Role.PAYER, organisation=elsewhere))
    calls: list[Callable[[], object]] = [
        lambda: payments.prepare(session, CODE, by=stranger, at=at),
        lambda: payments.release(session, stores, released.id, by=stranger, at=at),
        lambda: payments.cancel(session, released.id, by=stranger, at=at),
        lambda: payments.settle(session, stores, released.id, all_done(released), by=stranger, at=at),
        lambda: payments.reopen(session, claims[0].id, by=stranger, at=at),
        lambda: payment_runs.page(session, released.id, stranger),
    ]
    for call in calls:
        with pytest.raises(NotFound):
            call()
    assert payment_runs.runs(session, stranger).rows == []
    assert payment_runs.waiting(session, stranger) == []


# Two at once, and half-way --------------------------------------------------------------------------------------------


def race(make_sessions: Callable[[], Session], take: Callable[[Session], object]) -> tuple[list[object], list[Refusal]]:
    """`take` in four transactions at once: what those answered that were committed, and the refusals."""
    start, opened = Barrier(4), [make_sessions() for _ in range(4)]

    def one(own: Session) -> object:
        start.wait()
        try:
            answered = take(own)
            own.commit()
        except Refusal as refusal:
            own.rollback()
            return refusal
        return answered

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(one, opened))
    return (
        [each for each in found if not isinstance(each, Refusal)],
        [each for each in found if isinstance(each, Refusal)],
    )


def test_of_several_who_release_a_run_at_once_exactly_one_does(
    session: Session,
    stores: Stores,
    make_sessions: Callable[[], Session],
    prepared: PaymentRun,
    releaser: Actor,
    at: datetime,
) -> None:
    run_id = prepared.id
    session.commit()
    won, refused = race(make_sessions, lambda own: payments.release(own, stores, run_id, by=releaser, at=at).id)
    assert won == [run_id]
    assert [type(refusal) for refusal in refused] == [InvalidTransition] * 3
    released = session.scalars(select(AuditEvent).where(AuditEvent.action == "release")).all()
    assert len(released) == 1
    assert len(list(stores.bank_files.walk())) == 1


def test_of_several_who_prepare_at_once_exactly_one_takes_the_claims(
    session: Session, make_sessions: Callable[[], Session], claims: list[Claim], payer: Actor, at: datetime
) -> None:
    session.commit()
    won, refused = race(make_sessions, lambda own: payments.prepare(own, CODE, by=payer, at=at).id)
    assert (len(won), [type(refusal) for refusal in refused]) == (1, [Incomplete] * 3)
    assert money_is_in_order(session) == []


def test_of_several_who_take_in_the_same_results_one_pays_and_the_others_hear_its_answer(
    session: Session,
    stores: Stores,
    make_sessions: Callable[[], Session],
    released: PaymentRun,
    payer: Actor,
    at: datetime,
) -> None:
    file, run_id = all_done(released), released.id
    session.commit()
    found, refused = race(make_sessions, lambda own: payments.settle(own, stores, run_id, file, by=payer, at=at))
    assert refused == []
    assert sorted(each.again for each in found) == [False, True, True, True]  # ty: ignore[unresolved-attribute]
    assert sum(paid_by_source(session).values()) == sum(AMOUNTS)
    assert money_is_in_order(session) == []


def test_a_payment_posted_behind_the_service_is_not_posted_a_second_time(
    session: Session, stores: Stores, released: PaymentRun, payer: Actor, at: datetime
) -> None:
    """The control of the races: with the run's lock out of the way, the ledger's own key still refuses."""
    entry = LedgerEntry(
        source_key=f"disburse:payment:{released.payments[0].id}",
        kind=PostingKind.DISBURSE,
        posted_on=at.date(),
        posted_at=at,
        posted_by=payer.user_id,
        application_id=None,
        note="",
    )
    session.add(entry)
    session.commit()
    with pytest.raises(AlreadyDone):
        payments.settle(session, stores, released.id, all_done(released), by=payer, at=at)


@pytest.mark.parametrize("step", ["prepare", "release", "settle"])
def test_a_transaction_that_does_not_reach_its_end_leaves_nothing(
    session: Session, stores: Stores, office: Office, claims: list[Claim], at: datetime, step: str
) -> None:
    payer, releaser = actor(office.payer), actor(office.releaser)
    stages: dict[str, Callable[[], object]] = {
        "prepare": lambda: payments.prepare(session, CODE, by=payer, at=at),
        "release": lambda: payments.release(session, stores, 1, by=releaser, at=at),
        "settle": lambda: payments.settle(
            session, stores, 1, all_done(session.get_one(PaymentRun, 1)), by=payer, at=at
        ),
    }
    for name, stage in stages.items():
        session.commit()
        before = (counted(session), statuses(session), paid_by_source(session))
        stage()
        if name == step:
            session.rollback()
            break
    assert (counted(session), statuses(session), paid_by_source(session)) == before
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


@pytest.mark.parametrize(("count", "limit"), [(1, 8), (4, 8)])
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

"""The budget ledger: every posting sums to zero, no line is overspent, the same cause is posted once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from portal.domain.actors import Actor, Role
from portal.domain.errors import AlreadyDone, BudgetExhausted, NotFound
from portal.domain.ledger import RECIPES, Account, PostingKind
from portal.models.ledger import BudgetLine, LedgerEntry, Posting
from portal.services import ledger
from portal.storage.objects import Stores
from tests.approved_claims import make_claims, open_office
from tests.factories import actor, make_official, make_programme

K, A = PostingKind, Account


@pytest.fixture
def by(session: Session) -> Actor:
    make_programme(session)
    return actor(make_official(session, Role.APPROVER))


def line(session: Session, source: str = "county") -> BudgetLine:
    return session.scalars(select(BudgetLine).where(BudgetLine.source == source)).one()


def balances(session: Session, line_id: int) -> dict[Account, int]:
    found: dict[Account, int] = defaultdict(int)
    for posting in session.scalars(select(Posting).where(Posting.budget_line_id == line_id)):
        found[posting.debit] += posting.amount
        found[posting.credit] -= posting.amount
    return dict(found)


def post(session: Session, kind: PostingKind, amount: int, key: str, by: Actor, at: datetime) -> LedgerEntry:
    return ledger.post(session, kind, {line(session).id: amount}, source_key=key, by=by, at=at)


def test_publishing_a_programme_appropriates_its_budget(session: Session, by: Actor) -> None:
    assert balances(session, line(session).id) == {A.AVAILABLE: 42_000_000, A.SOURCE: -42_000_000}


def test_money_moves_from_available_to_committed_to_paid_and_all_accounts_sum_to_zero(
    session: Session, by: Actor, at: datetime
) -> None:
    post(session, K.COMMIT, 300_000, "commit:1", by, at)
    post(session, K.DISBURSE, 200_000, "disburse:1", by, at)
    post(session, K.RELEASE, 100_000, "release:1", by, at)
    found = balances(session, line(session).id)
    assert found == {A.SOURCE: -42_000_000, A.AVAILABLE: 41_800_000, A.COMMITTED: 0, A.PAID: 200_000}
    assert sum(found.values()) == 0
    assert line(session).used == 200_000


@pytest.mark.parametrize("kind", [kind for kind in PostingKind if kind is not K.APPROPRIATE])
def test_every_recipe_moves_exactly_what_it_says(session: Session, by: Actor, at: datetime, kind: PostingKind) -> None:
    for first, won in ((K.COMMIT, 2_000), (K.DISBURSE, 1_000), (K.DEMAND, 1_000)):
        post(session, first, won, f"{first}:1", by, at)
    before, used, total = balances(session, line(session).id), line(session).used, line(session).total
    post(session, kind, 700, "it", by, at)
    after, recipe = balances(session, line(session).id), RECIPES[kind]
    moved = {account: after.get(account, 0) - before.get(account, 0) for account in Account}
    assert {account: amount for account, amount in moved.items() if amount} == {recipe.debit: 700, recipe.credit: -700}
    session.expire_all()
    assert line(session).used - used == recipe.uses * 700
    assert line(session).total - total == recipe.grants * 700


def test_a_budget_is_lowered_to_what_is_promised_and_not_one_won_further(
    session: Session, by: Actor, at: datetime
) -> None:
    post(session, K.COMMIT, 1_000, "commit:1", by, at)
    with pytest.raises(BudgetExhausted):
        post(session, K.REDUCE, 41_999_001, "reduce:1", by, at)
    post(session, K.REDUCE, 41_999_000, "reduce:2", by, at)
    with pytest.raises(BudgetExhausted):
        post(session, K.COMMIT, 1, "commit:2", by, at)
    post(session, K.APPROPRIATE, 1, "appropriate:more", by, at)
    post(session, K.COMMIT, 1, "commit:3", by, at)


def test_the_last_won_can_be_committed_and_not_one_more(session: Session, by: Actor, at: datetime) -> None:
    post(session, K.COMMIT, 42_000_000, "commit:all", by, at)
    with pytest.raises(BudgetExhausted):
        post(session, K.COMMIT, 1, "commit:more", by, at)


def test_no_more_is_given_back_than_was_taken(session: Session, by: Actor, at: datetime) -> None:
    post(session, K.COMMIT, 1_000, "commit:1", by, at)
    with pytest.raises(BudgetExhausted):
        post(session, K.RELEASE, 1_001, "release:1", by, at)


@pytest.mark.parametrize("kind", [K.DISBURSE, K.RELEASE])
def test_no_application_uses_up_what_was_committed_for_another(
    session: Session, stores: Stores, at: datetime, kind: PostingKind
) -> None:
    office = open_office(session)
    mine, other = (claim.application_id for claim in make_claims(session, stores, office, [1_000, 1_000]))
    by, county = actor(office.payer), line(session).id
    ledger.post(session, kind, {county: 100_000}, source_key="a", by=by, at=at, application_id=mine)
    with pytest.raises(BudgetExhausted):
        ledger.post(session, kind, {county: 75_001}, source_key="b", by=by, at=at, application_id=mine)
    ledger.post(session, kind, {county: 75_000}, source_key="c", by=by, at=at, application_id=mine)
    with pytest.raises(BudgetExhausted):
        ledger.post(session, kind, {county: 1}, source_key="d", by=by, at=at, application_id=mine)
    ledger.post(session, kind, {county: 175_000}, source_key="e", by=by, at=at, application_id=other)
    with pytest.raises(BudgetExhausted):
        ledger.post(session, kind, {county: 1}, source_key="f", by=by, at=at)


@pytest.mark.parametrize("kind", [K.RETURN, K.RECOVER, K.RECOVER_LATE])
def test_no_more_comes_back_than_was_paid_to_the_same_application_from_the_same_line(
    session: Session, stores: Stores, at: datetime, kind: PostingKind
) -> None:
    office = open_office(session)
    mine, other = (claim.application_id for claim in make_claims(session, stores, office, [1_000, 1_000]))
    by, county, province = actor(office.payer), line(session).id, line(session, "province").id
    for key, who in (("a", mine), ("b", other)):
        ledger.post(session, K.DISBURSE, {county: 700}, source_key=key, by=by, at=at, application_id=who)
    ledger.post(session, kind, {county: 500}, source_key="c", by=by, at=at, application_id=mine)
    for amounts, who in (({county: 201}, mine), ({province: 1}, mine), ({county: 701}, other), ({county: 1}, None)):
        with pytest.raises(BudgetExhausted, match="paid") as refused:
            ledger.post(session, kind, amounts, source_key="d", by=by, at=at, application_id=who)
        assert [problem.code for problem in refused.value.problems] == ["over_paid"]
    ledger.post(session, kind, {county: 200}, source_key="e", by=by, at=at, application_id=mine)


@pytest.mark.parametrize("kind", [K.FULFIL, K.WRITE_OFF])
def test_no_more_is_paid_off_or_given_up_than_was_demanded_for_the_same_application(
    session: Session, stores: Stores, at: datetime, kind: PostingKind
) -> None:
    office = open_office(session)
    mine, other = (claim.application_id for claim in make_claims(session, stores, office, [1_000, 1_000]))
    by, county = actor(office.payer), line(session).id
    ledger.post(session, K.DEMAND, {county: 300}, source_key="a", by=by, at=at, application_id=mine)
    ledger.post(session, K.FULFIL, {county: 100}, source_key="b", by=by, at=at, application_id=mine)
    for won, who in ((201, mine), (1, other), (1, None)):
        with pytest.raises(BudgetExhausted, match="receivable"):
            ledger.post(session, kind, {county: won}, source_key="c", by=by, at=at, application_id=who)
    ledger.post(session, kind, {county: 200}, source_key="d", by=by, at=at, application_id=mine)


def test_an_entry_over_several_lines_is_posted_whole_or_not_at_all(session: Session, by: Actor, at: datetime) -> None:
    session.commit()
    county, province = line(session, "county").id, line(session, "province").id
    with pytest.raises(BudgetExhausted):
        ledger.post(session, K.COMMIT, {county: 10, province: 18_000_001}, source_key="x", by=by, at=at)
    session.rollback()
    assert line(session, "county").used == 0
    assert balances(session, county) == {A.AVAILABLE: 42_000_000, A.SOURCE: -42_000_000}


def test_the_same_cause_is_posted_once(session: Session, by: Actor, at: datetime) -> None:
    post(session, K.COMMIT, 1_000, "commit:application:1", by, at)
    with pytest.raises(AlreadyDone):
        post(session, K.COMMIT, 1_000, "commit:application:1", by, at)
    assert balances(session, line(session).id)[A.COMMITTED] == 1_000


def test_zeros_are_left_out(session: Session, by: Actor, at: datetime) -> None:
    county, province = line(session, "county").id, line(session, "province").id
    entry = ledger.post(session, K.COMMIT, {county: 10, province: 0}, source_key="x", by=by, at=at)
    assert [posting.budget_line_id for posting in entry.postings] == [county]


def test_an_entry_is_dated_by_the_korean_day(session: Session, by: Actor, at: datetime) -> None:
    late = at.replace(hour=15, minute=0)  # midnight in Korea
    assert post(session, K.COMMIT, 1, "x", by, late).posted_on.isoformat() == "2026-06-16"


def test_a_year_without_budget_is_not_found(session: Session, by: Actor) -> None:
    programme_id = line(session).programme_id
    assert set(ledger.lines_by_source(session, programme_id, 2026)) == {"national", "province", "county"}
    with pytest.raises(NotFound):
        ledger.lines_by_source(session, programme_id, 2027)


# Two at once ----------------------------------------------------------------------------------------------------------

WORKERS, AMOUNT = 4, 15_000_000  # 42,000,000 won hold two of them


def race(make_sessions: Callable[[], Session], take: Callable[[Session, int], None]) -> int:
    """Runs `take` in several transactions at once. Returns how many were let through."""
    start = Barrier(WORKERS)
    opened = [make_sessions() for _ in range(WORKERS)]

    def one(number: int) -> bool:
        start.wait()
        try:
            take(opened[number], number)
            opened[number].commit()
        except BudgetExhausted:
            opened[number].rollback()
            return False
        return True

    with ThreadPoolExecutor(WORKERS) as pool:
        return sum(pool.map(one, range(WORKERS)))


def test_concurrent_commitments_never_overspend_a_line(
    session: Session, make_sessions: Callable[[], Session], by: Actor, at: datetime
) -> None:
    line_id = line(session).id
    session.commit()

    def commit(own: Session, number: int) -> None:
        ledger.post(own, K.COMMIT, {line_id: AMOUNT}, source_key=f"commit:{number}", by=by, at=at)

    assert race(make_sessions, commit) == 2
    assert balances(session, line_id)[A.COMMITTED] == line(session).used == 2 * AMOUNT


def test_checking_first_and_writing_later_overspends(
    session: Session, make_sessions: Callable[[], Session], by: Actor, at: datetime
) -> None:
    """The control: the same race with the guard replaced by a look, on a line whose CHECK is taken away."""
    session.execute(text("CREATE TABLE loose (total BIGINT, used BIGINT)"))
    session.execute(text("INSERT INTO loose VALUES (42000000, 0)"))
    session.commit()
    looked = Barrier(WORKERS)

    def check_then_write(own: Session, number: int) -> None:
        own.connection(execution_options={"sqlite_begin": "DEFERRED"})
        free = own.scalars(text("SELECT total - used FROM loose")).one()
        own.rollback()
        looked.wait()
        if free < AMOUNT:
            raise BudgetExhausted
        own.execute(text("UPDATE loose SET used = used + :amount"), {"amount": AMOUNT})

    assert race(make_sessions, check_then_write) == WORKERS
    assert session.execute(text("SELECT used > total FROM loose")).scalar()


def test_the_same_cause_posted_by_two_at_once_is_posted_once(
    session: Session, make_sessions: Callable[[], Session], by: Actor, at: datetime
) -> None:
    line_id = line(session).id
    session.commit()

    def commit(own: Session, _number: int) -> None:
        try:
            ledger.post(own, K.COMMIT, {line_id: 1_000}, source_key="commit:application:1", by=by, at=at)
        except AlreadyDone as refused:
            raise BudgetExhausted from refused

    assert race(make_sessions, commit) == 1
    assert balances(session, line_id)[A.COMMITTED] == line(session).used == 1_000


def test_a_recorded_entry_cannot_be_edited_through_the_models(session: Session, by: Actor, at: datetime) -> None:
    entry = post(session, K.COMMIT, 1_000, "x", by, at)
    session.commit()
    with pytest.raises(Exception, match="append-only"):
        session.execute(update(Posting).where(Posting.entry_id == entry.id).values(amount=1))

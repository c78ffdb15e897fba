"""Fiscal years: opened by their first budget, closed by two persons, and never written into afterwards (I11)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal.domain.actors import Actor, Role
from portal.domain.bank_orders import Outcome
from portal.domain.errors import Conflict, Incomplete, InvalidTransition, NotFound, NotPermitted, SamePerson, YearClosed
from portal.domain.execution import Row
from portal.domain.fiscal_years import Closing, Unpaid, YearStatus
from portal.domain.ledger import PostingKind
from portal.domain.payments import Channel
from portal.models.claims import Claim
from portal.models.fiscal_years import FiscalYear
from portal.models.ledger import BudgetLine, LedgerEntry
from portal.models.payments import PaymentRun
from portal.queries import execution
from portal.queries import fiscal_years as years
from portal.queries import ledger as postings
from portal.services import bank_orders, fiscal_years, ledger, payments, programmes
from portal.storage.objects import Stores
from tests import approved_claims as world
from tests.approved_claims import Office
from tests.bank_words import word
from tests.databases import Database
from tests.factories import GURYE, actor, make_official, make_organisation
from tests.payments_made import money_is_in_order

K = PostingKind
NEXT = datetime(2027, 1, 8, 1, 0, tzinfo=UTC)
NOTHING_LEFT = Closing(None, lapse=True)


def the_year(session: Session, year: int = 2026) -> FiscalYear:
    return session.scalars(select(FiscalYear).where(FiscalYear.year == year)).one()


def line(session: Session, year: int = 2026, source: str = "county") -> BudgetLine:
    return session.scalars(select(BudgetLine).where(BudgetLine.source == source, BudgetLine.fiscal_year == year)).one()


def propose(session: Session, office: Office, how: Closing = NOTHING_LEFT, at: datetime = NEXT) -> FiscalYear:
    return fiscal_years.propose_closing(session, the_year(session).id, how, by=actor(office.payer), at=at)


def close(session: Session, by: Actor, at: datetime = NEXT) -> FiscalYear:
    upto = postings.last_entry(session)
    return fiscal_years.close(session, the_year(session).id, seen_upto=upto, by=by, at=at)


def reported(session: Session, by: Actor, year: int) -> Row:
    return execution.execution(session, year, "2027-01", {}, by=by, at=NEXT).total


@pytest.fixture
def closed(session: Session, office: Office) -> FiscalYear:
    propose(session, office)
    year = close(session, actor(office.releaser))
    session.commit()
    return year


def test_the_first_budget_opens_its_year(session: Session, office: Office) -> None:
    assert the_year(session).status == YearStatus.OPEN
    assert not years.closed(session, the_year(session).organisation_id, 2026)
    assert not years.closed(session, the_year(session).organisation_id, 2031)


def test_a_year_is_closed_by_another_person_and_what_is_left_lapses(session: Session, office: Office) -> None:
    propose(session, office)
    with pytest.raises(SamePerson):
        close(session, actor(office.payer))
    year = close(session, actor(office.releaser))
    assert (year.status, years.closed(session, year.organisation_id, 2026)) == (YearStatus.CLOSED, True)
    balances = postings.balances(session)
    assert {(balance.appropriated - balance.closed_out, balance.available) for balance in balances} == {(0, 0)}
    assert sum(balance.appropriated for balance in balances) == 120_000_000
    assert money_is_in_order(session) == []
    assert list(years.closed_years_untouched(session)) == []


def test_what_is_left_stays_where_nobody_says_it_lapses(session: Session, office: Office) -> None:
    propose(session, office, Closing(None, lapse=False))
    close(session, actor(office.approver))
    assert sum(balance.available for balance in postings.balances(session)) == 120_000_000


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.AUDITOR, Role.MANAGER])
def test_only_payers_propose_and_only_payers_and_approvers_close(session: Session, office: Office, role: Role) -> None:
    other = actor(make_official(session, role))
    with pytest.raises(NotPermitted):
        fiscal_years.propose_closing(session, the_year(session).id, NOTHING_LEFT, by=other, at=NEXT)
    propose(session, office)
    with pytest.raises(NotPermitted):
        close(session, other)


def test_another_organisation_finds_no_such_year(session: Session, office: Office) -> None:
    elsewhere = make_official(session, Role.PAYER, organisation=make_organisation(session, "haenam"))
    with pytest.raises(NotFound):
        fiscal_years.propose_closing(session, the_year(session).id, NOTHING_LEFT, by=actor(elsewhere), at=NEXT)


def test_a_year_is_not_closed_before_it_is_over(session: Session, office: Office) -> None:
    last_evening = datetime(2026, 12, 31, 14, 59, tzinfo=UTC)
    with pytest.raises(Incomplete, match="year_not_over"):
        propose(session, office, at=last_evening)
    propose(session, office, at=last_evening + timedelta(minutes=1))  # midnight in Korea


def test_a_proposal_turned_down_leaves_the_year_open(session: Session, office: Office) -> None:
    year = propose(session, office)
    fiscal_years.keep_open(session, year.id, note="정산서를 기다립니다.", by=actor(office.releaser), at=NEXT)
    assert (year.status, year.unpaid, year.lapse) == (YearStatus.OPEN, None, False)
    with pytest.raises(InvalidTransition):
        close(session, actor(office.releaser))


def test_a_year_is_not_closed_while_the_bank_has_a_payment(
    session: Session, released: PaymentRun, office: Office
) -> None:
    with pytest.raises(Incomplete, match="payments_on_the_way"):
        propose(session, office, Closing(Unpaid.CARRY_INEVITABLE, lapse=True))


@pytest.mark.parametrize("said", [None, Outcome.ACCEPTED], ids=["being sent", "accepted"])
def test_nor_while_an_order_that_the_portal_sent_has_no_end(
    session: Session, stores: Stores, prepared: PaymentRun, releaser: Actor, office: Office, said: Outcome | None
) -> None:
    payments.release(session, stores, prepared.id, channel=Channel.API, by=releaser, at=NEXT)
    while (order := bank_orders.take_up(session, at=NEXT)) is not None:
        if said is not None:
            bank_orders.settle(session, stores, order, word(order, said), safe=timedelta(hours=24), at=NEXT)
    with pytest.raises(Incomplete, match="payments_on_the_way"):
        propose(session, office, Closing(Unpaid.CARRY_INEVITABLE, lapse=True))


def test_unpaid_grants_wait_for_somebodys_word(session: Session, claims: list[Claim], office: Office) -> None:
    with pytest.raises(Incomplete, match="unpaid_undecided"):
        propose(session, office)
    with pytest.raises(Incomplete, match="claims_unpaid"):
        propose(session, office, Closing(Unpaid.RELEASE, lapse=False))


def test_what_was_committed_is_carried_over_and_paid_from_the_next_year(
    session: Session, stores: Stores, claims: list[Claim], office: Office
) -> None:
    propose(session, office, Closing(Unpaid.CARRY_INEVITABLE, lapse=True))
    close(session, actor(office.releaser))
    held = {b: (b.appropriated - b.closed_out, b.committed, b.available) for b in postings.balances(session)}
    assert {won for balance, won in held.items() if balance.fiscal_year == 2026} == {(0, 0, 0)}
    assert sum(won[1] for balance, won in held.items() if balance.fiscal_year == 2027) == 1_500_000
    old, new = reported(session, actor(office.payer), 2026), reported(session, actor(office.payer), 2027)
    assert (old.appropriated, old.carried, old.lapsed, old.left) == (120_000_000, 1_500_000, 118_500_000, 0)
    assert (old.paid_rate.percent(), new.brought, new.appropriated, new.changed) == (0, 1_500_000, 1_500_000, 0)
    run = payments.prepare(session, world.CODE, by=actor(office.payer), at=NEXT)
    payments.release(session, stores, run.id, by=actor(office.releaser), at=NEXT)
    done = world.answer(run, *((place, "done") for place in range(3)), on=NEXT.date())
    payments.settle(session, stores, run.id, done, by=actor(office.payer), at=NEXT)
    assert sum(b.paid for b in postings.balances(session) if b.fiscal_year == 2027) == sum(c.payable for c in claims)
    assert money_is_in_order(session) == []


def test_the_next_years_budget_joins_what_was_carried_over(
    session: Session, claims: list[Claim], office: Office
) -> None:
    propose(session, office, Closing(Unpaid.CARRY_EXPLICIT, lapse=False))
    close(session, actor(office.releaser))
    first, second = (actor(make_official(session, Role.MANAGER)) for _ in range(2))
    budget = GURYE[GURYE.index("\n[[budget]]") : GURYE.index("\n[example]")]
    both = GURYE.replace(budget, budget + budget.replace("2026", "2027"))
    version = programmes.propose(session, both, by=first, at=NEXT)
    programmes.publish(session, version.id, by=second, at=NEXT)
    assert line(session, 2027).total == 42_000_000 + sum(
        b.committed for b in postings.balances(session) if (b.fiscal_year, b.source) == (2027, "county")
    )


def test_grants_given_up_free_their_budget(session: Session, stores: Stores, office: Office) -> None:
    (claim,) = world.make_claims(session, stores, office, [500_000])
    run = payments.prepare(session, world.CODE, by=actor(office.payer), at=NEXT)
    payments.release(session, stores, run.id, by=actor(office.releaser), at=NEXT)
    payments.settle(session, stores, run.id, world.answer(run, (0, "done"), on=NEXT.date()),
                    by=actor(office.payer), at=NEXT)  # fmt: skip
    commit = {line(session).id: 1_000}
    ledger.post(session, K.COMMIT, commit, source_key="commit:application:9", by=actor(office.approver), at=NEXT,
                application_id=claim.application_id)  # fmt: skip
    propose(session, office, Closing(Unpaid.RELEASE, lapse=True))
    close(session, actor(office.releaser))
    left = {(b.committed, b.available, b.appropriated - b.closed_out - b.paid) for b in postings.balances(session)}
    assert left == {(0, 0, 0)}


def test_a_ledger_that_went_on_is_looked_at_again(session: Session, office: Office) -> None:
    year = propose(session, office)
    seen = postings.last_entry(session)
    ledger.post(session, K.REDUCE, {line(session).id: 1}, source_key="x", by=actor(office.payer), at=NEXT)
    with pytest.raises(Conflict, match="ledger_went_on"):
        fiscal_years.close(session, year.id, seen_upto=seen, by=actor(office.releaser), at=NEXT)


SPENDING = [K.APPROPRIATE, K.REDUCE, K.TRANSFER_OUT, K.TRANSFER_IN, K.COMMIT, K.DISBURSE, K.RECOVER]


@pytest.mark.parametrize("kind", SPENDING)
def test_nothing_is_spent_from_a_closed_years_line(
    session: Session, stores: Stores, office: Office, kind: PostingKind
) -> None:
    ledger.post(session, K.COMMIT, {line(session).id: 9}, source_key="c", by=actor(office.payer), at=NEXT)
    ledger.post(session, K.DISBURSE, {line(session).id: 5}, source_key="d", by=actor(office.payer), at=NEXT)
    by_hand(session)
    with pytest.raises(YearClosed, match="2026"):
        ledger.post(session, kind, {line(session).id: 1}, source_key="x", by=actor(office.payer), at=NEXT)


@pytest.mark.parametrize("kind", [K.RETURN, K.RELEASE, K.RECOVER_LATE, K.DEMAND])
def test_what_comes_back_to_a_closed_year_is_posted_in_the_open_one(
    session: Session, office: Office, kind: PostingKind
) -> None:
    ledger.post(session, K.COMMIT, {line(session).id: 9}, source_key="c", by=actor(office.payer), at=NEXT)
    ledger.post(session, K.DISBURSE, {line(session).id: 5}, source_key="d", by=actor(office.payer), at=NEXT)
    by_hand(session)
    entry = ledger.post(session, kind, {line(session).id: 1}, source_key="x", by=actor(office.payer), at=NEXT)
    assert entry.posted_on.year == 2027
    assert list(years.closed_years_untouched(session)) == []


def by_hand(session: Session) -> None:
    """Closes the year past the service, which would not leave anything committed."""
    upto = postings.last_entry(session)
    session.execute(update(FiscalYear).values(closed_upto=upto, status=YearStatus.CLOSED))


def test_nothing_is_dated_into_a_closed_year(
    session: Session, office: Office, closed: FiscalYear, at: datetime
) -> None:
    with pytest.raises(YearClosed):
        ledger.post(session, K.DEMAND, {line(session).id: 1}, source_key="x", by=actor(office.payer), at=at)


DATED = "INSERT INTO ledger_entry (source_key, kind, posted_on, posted_at, posted_by, note) SELECT 'by hand',\
 '{kind}', '{day}', posted_at, posted_by, '' FROM ledger_entry WHERE id = 1"
MOVED = "INSERT INTO posting (entry_id, budget_line_id, debit, credit, amount)\
 SELECT max(id), 1, 'receivable', 'demanded', 1 FROM ledger_entry"


@pytest.mark.parametrize(
    ("kind", "day", "refused"),
    [("demand", "2026-12-31", True), ("commit", "2027-01-08", True), ("demand", "2027-01-08", False)],
)
def test_the_database_itself_keeps_a_closed_year_closed(
    session: Session, closed: FiscalYear, kind: str, day: str, refused: bool
) -> None:
    session.execute(text(DATED.format(kind=kind, day=day)))
    if refused:
        with pytest.raises(DBAPIError, match="the fiscal year is closed"):
            session.execute(text(MOVED))
    else:
        session.execute(text(MOVED))


@pytest.mark.parametrize("verb", ["UPDATE fiscal_year SET lapse = lapse", "DELETE FROM fiscal_year"])
def test_a_closed_year_is_not_opened_again_by_hand(session: Session, closed: FiscalYear, verb: str) -> None:
    with pytest.raises(DBAPIError, match="the fiscal year is closed"):
        session.execute(text(verb))


def test_whoever_posts_while_the_year_is_closed_waits_and_is_refused(
    database: Database, session: Session, office: Office, make_sessions: Callable[[], Session]
) -> None:
    """On SQLite writers queue anyhow; on PostgreSQL the year's row makes the later one wait."""
    propose(session, office)
    line_id, by, said = line(session).id, actor(office.payer), []
    session.commit()
    other = make_sessions()

    def post() -> None:
        try:
            ledger.post(other, K.DEMAND, {line_id: 1}, source_key="late", by=by, at=NEXT.replace(year=2026))
        except YearClosed:
            said.append("closed")
        other.rollback()

    close(session, actor(office.releaser))
    late = Thread(target=post)
    late.start()
    late.join(0.3)
    assert (late.is_alive(), said) == (True, [])
    session.commit()
    late.join(20)
    assert said == ["closed"]
    assert session.scalar(select(LedgerEntry.id).where(LedgerEntry.source_key == "late")) is None

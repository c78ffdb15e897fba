"""The exported journal: programs of others find our balances on every account and day, and refuse a wrong won."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from random import Random

import pytest
from sqlalchemy.orm import Session

from portal.domain.actors import Actor, Role
from portal.domain.errors import NotFound
from portal.domain.journal import BudgetAccount, Journal, JournalEntry, Movement
from portal.domain.ledger import Account, PostingKind
from portal.queries import journal as look_up
from portal.queries import ledger as postings
from reports import journal
from tests import ledgers
from tests.factories import actor, make_official, make_programme

SEED = 20261130
ENTRIES = 120


@pytest.fixture
def by(session: Session) -> Actor:
    make_programme(session)
    return actor(make_official(session, Role.APPROVER))


@pytest.fixture
def filled(session: Session, by: Actor, at: datetime) -> Session:
    ledgers.fill(session, ENTRIES, Random(SEED), by=by, at=at)
    return session


def written(session: Session, kind: str, year: int = 2026) -> str:
    return "".join(journal.write(look_up.journal(session, "gurye", year), kind))


def test_beancount_finds_the_same_on_every_account_and_day(filled: Session) -> None:
    sums, problems = ledgers.read_by_beancount(written(filled, "beancount"))
    assert problems == []
    assert sums == ledgers.added_up(filled)
    assert len({day for _, day in sums}) > ENTRIES // 12
    by_source = {balance.source: balance.paid for balance in postings.balances(filled)}
    paid = {account: won for (account, _), won in ledgers.running(sums, {day for _, day in sums}).items()}
    assert {source: paid[f"gurye-2020-o2o:2026:{source}:paid"] for source in by_source} == by_source


@pytest.mark.skipif(ledgers.HLEDGER is None, reason="hledger is not installed (make browser-and-database)")
def test_hledger_finds_the_same_on_every_account_and_day(filled: Session, tmp_path: Path) -> None:
    path = tmp_path / "ieum.journal"
    path.write_text(written(filled, "hledger"), encoding="utf-8")
    sums, problems = ledgers.read_by_hledger(path)
    assert problems == []
    assert sums == ledgers.added_up(filled)


@pytest.mark.parametrize("wrong", [ledgers.one_won_more, ledgers.one_won_moved])
def test_a_journal_with_one_won_changed_is_refused(
    filled: Session, tmp_path: Path, wrong: Callable[[str, Random], str]
) -> None:
    random, path = Random(SEED), tmp_path / "ieum.journal"
    for _ in range(5):
        _, problems = ledgers.read_by_beancount(wrong(written(filled, "beancount"), random))
        assert problems
    if ledgers.HLEDGER:
        path.write_text(wrong(written(filled, "hledger"), random), encoding="utf-8")
        assert ledgers.read_by_hledger(path)[1]


@pytest.mark.parametrize("kind", journal.FORMATS)
def test_the_same_ledger_is_written_in_the_same_bytes(filled: Session, kind: str) -> None:
    assert written(filled, kind) == written(filled, kind)


@pytest.mark.parametrize("kind", journal.FORMATS)
def test_every_entry_names_its_source_key(filled: Session, kind: str) -> None:
    text = written(filled, kind)
    keys = [entry.source_key for entry in look_up.journal(filled, "gurye", 2026).entries]
    assert len(keys) > ENTRIES / 2
    assert all(text.count(key + (")" if kind == "hledger" else '"')) == 1 for key in keys)


def test_a_year_or_an_organisation_without_budget_has_no_journal(filled: Session) -> None:
    for organisation, year in (("gurye", 2027), ("nowhere", 2026)):
        with pytest.raises(NotFound):
            look_up.journal(filled, organisation, year)


def test_entries_are_read_one_after_the_other(filled: Session) -> None:
    """Not all at once: the second piece is there before the third entry was asked for."""
    read = []
    found = look_up.journal(filled, "gurye", 2026)

    def noted():
        for entry in found.entries:
            read.append(entry.id)
            yield entry

    whole = Journal(found.title, found.since, found.until, found.last, found.balances, noted())
    pieces = journal.write(whole, "hledger")
    next(pieces)
    next(pieces)
    assert len(read) == 1


def account(programme: str, kind: Account = Account.PAID) -> BudgetAccount:
    return BudgetAccount("gurye", programme, 2026, "county", kind)


def one_entry(programme: str, key: str = "x", note: str = "") -> Journal:
    debit, credit = account(programme), account(programme, Account.COMMITTED)
    entry = JournalEntry(7, date(2026, 1, 2), PostingKind.DISBURSE, key, note, (Movement(debit, credit, 5),))
    return Journal("x", entry.posted_on, entry.posted_on, 7, {debit: 5, credit: -5}, iter([entry]))


def test_what_people_wrote_cannot_become_part_of_the_journal(tmp_path: Path) -> None:
    hostile = 'a"\n2026-01-01 * x\n  a  1 KRW\n\\'
    text = "".join(journal.write(one_entry("p", f"{hostile})", hostile), "beancount"))
    assert ledgers.read_by_beancount(text) == (
        {("p:2026:county:paid", date(2026, 1, 2)): 5, ("p:2026:county:committed", date(2026, 1, 2)): -5},
        [],
    )
    if ledgers.HLEDGER:
        path = tmp_path / "x.journal"
        path.write_text("".join(journal.write(one_entry("p", f"{hostile})", hostile), "hledger")), encoding="utf-8")
        assert ledgers.read_by_hledger(path)[1] == []


def test_two_accounts_never_share_a_name() -> None:
    whole = one_entry("a-b")
    both = dict(whole.balances) | {account("a_b"): 0}
    clash = Journal("x", whole.since, whole.until, 7, both, whole.entries)
    with pytest.raises(ValueError, match="the same name"):
        journal.write(clash, "beancount")
    assert "".join(journal.write(clash, "hledger"))

"""First come, first served to the last won: approvals at the same moment never commit more than the budget holds.

The same harness is put to a careless variant (look, then write), and must notice that it over-spends.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor, Role
from portal.domain.ledger import Account, PostingKind
from portal.models.applications import Application
from portal.models.ledger import BudgetLine, LedgerEntry, Posting
from portal.models.letters import Letter
from portal.services import decisions, ledger
from portal.storage.objects import Stores
from tests.factories import AT, actor, make_official
from tests.faults.races.budgets import SHARES, committed, programme_for, recommended

TRIALS = 4
APPLICANTS, PLACES = 7, 3
NewSession = Callable[[], Session]


def race(make_sessions: NewSession, jobs: Sequence[Callable[[Session], object]]) -> Counter[str]:
    """Every job in a thread and a session of its own, all let loose at once: how often each ending came about."""
    endings: list[str] = []
    start = Barrier(len(jobs))

    def run(session: Session, job: Callable[[Session], object]) -> None:
        start.wait()
        try:
            job(session)
            session.commit()
            endings.append("done")
        except Exception as error:  # every ending counts, expected or not
            session.rollback()
            endings.append(type(error).__name__)

    threads = [Thread(target=run, args=(make_sessions(), job)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(endings)


def check_budget_kept(session: Session, programme_id: int, endings: Counter[str], places: int) -> None:
    """What must hold after every race."""
    session.expire_all()
    assert endings == Counter({"done": places, "BudgetExhausted": APPLICANTS - places}), endings
    assert committed(session, programme_id) == {source: share * places for source, share in SHARES.items()}
    lines = session.scalars(select(BudgetLine).where(BudgetLine.programme_id == programme_id)).all()
    assert {line.source: line.used for line in lines} == committed(session, programme_id)
    assert all(line.used <= line.total for line in lines)


def approval(stores: Stores, application_id: int, by: Actor) -> Callable[[Session], object]:
    return lambda session: decisions.approve(session, stores, application_id, by=by, at=AT)


def test_the_last_place_is_given_once(session: Session, make_sessions: NewSession, stores: Stores) -> None:
    approvers = [actor(make_official(session, Role.APPROVER)) for _ in range(APPLICANTS)]
    for trial in range(TRIALS):
        places = PLACES if trial % 2 else 1
        programme = programme_for(session, trial, places)
        cases = recommended(session, stores, programme, APPLICANTS)
        session.commit()
        jobs = [approval(stores, case, by) for case, by in zip(cases, approvers, strict=True)]
        endings = race(make_sessions, jobs)
        check_budget_kept(session, programme.programme.id, endings, places)
        letters = session.scalar(select(func.count(Letter.id)).where(Letter.application_id.in_(cases)))
        approved = session.scalar(
            select(func.count(Application.id)).where(Application.id.in_(cases), Application.status == "approved")
        )
        assert letters == approved == places
    numbers = session.scalars(select(Letter.document_number)).all()
    assert len(set(numbers)) == len(numbers)


def test_one_case_approved_by_several_at_once_is_committed_once(
    session: Session, make_sessions: NewSession, stores: Stores
) -> None:
    programme = programme_for(session, 0, PLACES)
    cases = recommended(session, stores, programme, TRIALS)
    approvers = [actor(make_official(session, Role.APPROVER)) for _ in range(5)]
    session.commit()
    for case in cases[:PLACES]:
        endings = race(make_sessions, [approval(stores, case, by) for by in approvers])
        assert endings == Counter({"done": 1, "InvalidTransition": 4})
    posted = session.scalars(select(LedgerEntry.source_key).where(LedgerEntry.kind == PostingKind.COMMIT)).all()
    assert sorted(posted) == sorted(f"commit:application:{case}" for case in cases[:PLACES])


def test_control_looking_first_and_writing_later_over_spends(
    session: Session, make_sessions: NewSession, stores: Stores
) -> None:
    programme = programme_for(session, 0, PLACES)
    by = actor(make_official(session, Role.APPROVER))
    programme_id = programme.programme.id
    lines = ledger.lines_by_source(session, programme_id, 2026)
    session.commit()
    looked = Barrier(APPLICANTS)

    def careless(number: int) -> Callable[[Session], object]:
        def job(own: Session) -> None:
            before = committed(own, programme_id)
            own.commit()
            looked.wait()
            if before["national"] + SHARES["national"] > SHARES["national"] * PLACES:
                return
            entry = LedgerEntry(
                source_key=f"careless:{number}", kind=PostingKind.COMMIT, posted_on=AT.date(), posted_at=AT,
                posted_by=by.user_id, application_id=None, note="",
            )  # fmt: skip
            own.add(entry)
            own.flush()
            own.add_all(
                Posting(
                    entry_id=entry.id,
                    budget_line_id=lines[source],
                    debit=Account.COMMITTED,
                    credit=Account.AVAILABLE,
                    amount=share,
                )
                for source, share in SHARES.items()
            )

        return job

    endings = race(make_sessions, [careless(number) for number in range(APPLICANTS)])
    assert endings == Counter({"done": APPLICANTS})
    assert committed(session, programme_id)["national"] > SHARES["national"] * PLACES
    with pytest.raises(AssertionError):
        check_budget_kept(session, programme_id, endings, PLACES)

"""Many hand in at once for the last won: it goes down the queue numbers without a gap, neither over- nor unspent.

The same check is put to a careless variant (look, then write), and must notice that it over-spends.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.ledger import Account, PostingKind
from portal.models.applications import Application
from portal.models.ledger import LedgerEntry, Posting
from portal.models.reservations import Reservation
from portal.queries import applications as find
from portal.queries import budget
from portal.queries import reservation_invariants as invariants
from portal.queries.programmes import Published
from portal.services import applications, ledger
from portal.storage.objects import Stores
from tests import applying
from tests.cases import apply
from tests.factories import AT, actor, make_merchant_user
from tests.faults.test_budget_race import race
from tests.first_come import GRANT, SHARES, programme, used

NewSession = Callable[[], Session]
APPLICANTS = 6


def drafts(session: Session, stores: Stores, call: Published, count: int, *, start: int = 1) -> list[tuple[int, Actor]]:
    owners = [make_merchant_user(session) for _ in range(count)]
    made: list[tuple[int, Actor]] = []
    for serial, owner in enumerate(owners, start=start):
        account = f"30101234567{serial:02d}"
        draft = applying.ready(session, stores, call, owner, serial=serial, account_number=account)
        made.append((draft.id, actor(owner)))
    return made


def submission(application_id: int, by: Actor) -> Callable[[Session], object]:
    return lambda session: applications.submit(session, application_id, by=by, at=AT)


def withdrawal(application_id: int, by: Actor) -> Callable[[Session], object]:
    return lambda session: applications.withdraw(session, application_id, by=by, at=AT)


def check_line(session: Session, programme_id: int, won: int) -> None:
    """By the numbers: each got all until the money ended, the next what was left, those behind nothing."""
    session.expire_all()
    rows = session.execute(
        select(Application.queue_number, Reservation.reserved)
        .join(Reservation, Reservation.application_id == Application.id)
        .where(Application.programme_id == programme_id, Reservation.status != "released")
        .order_by(Application.queue_number)
    ).all()
    left = won
    for _number, reserved in rows:
        assert reserved == min(GRANT, left), rows
        left -= reserved
    assert used(session, programme_id) == min(won, GRANT * len(rows))
    for invariant in (invariants.reservations_kept, invariants.waiting_list_in_order):
        assert list(invariant(session)) == []


def test_the_last_won_goes_to_the_first_in_line_when_many_hand_in_at_once(
    session: Session, make_sessions: NewSession, stores: Stores
) -> None:
    for last_place, won in (("none", GRANT * 3), ("partial", GRANT * 3 + 200_000)):
        call = programme(session, won=won, code=f"race-{last_place}", last_place=last_place)
        start = 1 if last_place == "none" else APPLICANTS + 1
        jobs = [submission(*draft) for draft in drafts(session, stores, call, APPLICANTS, start=start)]
        session.commit()
        assert race(make_sessions, jobs) == Counter({"done": APPLICANTS})
        numbers = session.scalars(
            select(Application.queue_number).where(Application.programme_id == call.programme.id)
        ).all()
        assert sorted(number or 0 for number in numbers) == list(range(1, APPLICANTS + 1))
        check_line(session, call.programme.id, won)


def test_what_is_taken_back_goes_to_whoever_waits_and_never_to_who_hands_in_at_that_moment(
    session: Session, make_sessions: NewSession, stores: Stores
) -> None:
    call = programme(session, won=GRANT * 2)
    first, second, waits, waits_too = (apply(session, stores, call) for _ in range(4))
    late = drafts(session, stores, call, 3, start=90_000)
    leaving = [(case.id, actor(case.owner)) for case in (first, second)]
    expected = sorted([waits.id, waits_too.id])
    session.commit()
    jobs = [submission(*draft) for draft in late] + [withdrawal(*each) for each in leaving]
    assert race(make_sessions, jobs) == Counter({"done": 5})
    check_line(session, call.programme.id, GRANT * 2)
    served = session.scalars(select(Reservation.application_id).where(Reservation.status == "reserved")).all()
    assert sorted(served) == expected


def test_control_looking_first_and_writing_later_over_spends(
    session: Session, make_sessions: NewSession, stores: Stores
) -> None:
    call = programme(session, won=GRANT * 3)
    programme_id = call.programme.id
    lines = ledger.lines_by_source(session, programme_id, 2026)
    looked = Barrier(APPLICANTS)

    def careless(application_id: int, by: Actor) -> Callable[[Session], object]:
        def job(own: Session) -> None:
            there = all(room.left >= SHARES[room.source] for room in budget.room(own, programme_id, 2026))
            own.commit()
            looked.wait()
            budget.locked(own, programme_id, 2026)
            application = applications.locked(own, application_id, by)
            application.queue_number = find.last_queue_number(own, programme_id) + 1
            own.add(
                Reservation(
                    application_id=application_id, status="reserved" if there else "waiting", amount=GRANT,
                    reserved=GRANT if there else 0, entered_at=AT,
                )
            )  # fmt: skip
            entry = LedgerEntry(
                source_key=f"commit:application:{application_id}", kind=PostingKind.COMMIT, posted_on=AT.date(),
                posted_at=AT, posted_by=by.user_id, application_id=application_id, note="",
            )  # fmt: skip
            own.add(entry)
            own.flush()
            own.add_all(
                Posting(entry_id=entry.id, budget_line_id=lines[source], debit=Account.COMMITTED,
                        credit=Account.AVAILABLE, amount=share)
                for source, share in SHARES.items()
            )  # fmt: skip

        return job

    jobs = [careless(*draft) for draft in drafts(session, stores, call, APPLICANTS)]
    session.commit()
    assert race(make_sessions, jobs) == Counter({"done": APPLICANTS})
    with pytest.raises(AssertionError):
        check_line(session, programme_id, GRANT * 3)

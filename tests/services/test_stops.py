"""Stopping payments: nothing leaves, everything else goes on, and those who stopped do not let it go on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from threading import Thread

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor, Role
from portal.domain.errors import Incomplete, InvalidTransition, NotPermitted, PaymentsStopped, SamePerson
from portal.domain.payments import RunStatus
from portal.domain.stops import StopKind
from portal.models.payments import PaymentRun
from portal.models.stops import PaymentStop
from portal.queries import reconciliations as runs
from portal.queries.stops import standing
from portal.services import payments, reconciliations, stops
from portal.services.reconcile import Check, Files, Result
from portal.storage.lines import LineStore
from portal.storage.objects import Stores
from tests.approved_claims import Office
from tests.factories import AT, actor, make_official, make_organisation

K = StopKind
FINE = Result("I1", "postings_follow_recipes", "", ())
BROKEN = Result("I2 I3", "budget_lines_hold", "", ("budget line 1: used 5/42, postings 0/42",))


def take(session: Session, kind: StopKind, by: Actor, *, whole: bool = False, reason: str = "이상한 계좌") -> None:
    stops.take(session, kind, whole=whole, reason=reason, by=by, at=AT)


def stop(session: Session, office: Office) -> None:
    take(session, K.ASK, actor(office.payer))
    take(session, K.STOP, actor(office.approver))


def test_a_stop_of_two_keeps_every_run_until_two_others_let_go_on(
    session: Session, stores: Stores, prepared: PaymentRun, office: Office, releaser: Actor, at: datetime
) -> None:
    take(session, K.ASK, actor(office.payer))
    stops.refuse_while_stopped(session, prepared.organisation_id)  # one alone stops nothing
    with pytest.raises(SamePerson):
        take(session, K.STOP, actor(office.payer))
    take(session, K.STOP, actor(office.approver))
    with pytest.raises(PaymentsStopped):
        payments.release(session, stores, prepared.id, by=releaser, at=at)
    assert prepared.status is RunStatus.PREPARED
    payments.cancel(session, prepared.id, by=actor(office.payer), at=at)  # everything else goes on
    run = payments.prepare(session, "gurye-2020-o2o", by=actor(office.payer), at=at)
    auditor = actor(make_official(session, Role.AUDITOR))
    for stopper in (office.payer, office.approver):
        with pytest.raises(SamePerson):
            take(session, K.ASK_RESTART, actor(stopper))
    take(session, K.ASK_RESTART, auditor)
    with pytest.raises(SamePerson):
        take(session, K.RESTART, auditor)
    with pytest.raises(PaymentsStopped):
        payments.release(session, stores, run.id, by=releaser, at=at)
    take(session, K.RESTART, releaser)
    assert payments.release(session, stores, run.id, by=releaser, at=at).status is RunStatus.RELEASED


def test_an_office_stops_its_own_payments_only(session: Session, office: Office) -> None:
    stop(session, office)
    elsewhere = make_organisation(session, "haenam", name="해남군(데모)", region_code="12790")
    stops.refuse_while_stopped(session, elsewhere.id)
    with pytest.raises(InvalidTransition):
        take(session, K.ASK, actor(office.releaser), whole=True)


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.MANAGER, Role.ADMINISTRATOR])
def test_who_has_nothing_to_do_with_payments_does_not_stop_them(session: Session, role: Role) -> None:
    with pytest.raises(NotPermitted):
        take(session, K.ASK, actor(make_official(session, role)))


def test_a_reason_is_asked_for(session: Session, office: Office) -> None:
    with pytest.raises(Incomplete, match="required"):
        take(session, K.ASK, actor(office.payer), reason="  ")


def test_a_violation_stops_the_whole_portal_once_until_a_clean_check(session: Session, office: Office) -> None:
    two = [actor(make_official(session, Role.AUDITOR)), actor(office.payer)]
    for _hour in range(2):
        reconciliations.keep(session, [FINE, BROKEN], started_at=AT, at=AT + timedelta(seconds=3))
    (event,) = session.scalars(select(PaymentStop))
    assert (event.kind, event.organisation_id, event.person_id) == (K.VIOLATION, None, None)
    assert "I2 I3 budget_lines_hold: budget line 1" in event.reason
    last = runs.seen(session, at=AT + timedelta(hours=1))
    assert last is not None
    assert (last.run.milliseconds, last.run.broken, last.overdue) == (3000, 1, False)
    assert [check["name"] for check in last.broken] == ["budget_lines_hold"]
    with pytest.raises(PaymentsStopped):
        stops.refuse_while_stopped(session, make_organisation(session, "haenam").id)
    with pytest.raises(Incomplete, match="still_broken"):
        take(session, K.ASK_RESTART, two[0], whole=True)
    reconciliations.keep(session, [FINE], started_at=AT, at=AT)
    take(session, K.ASK_RESTART, two[0], whole=True)
    take(session, K.RESTART, two[1], whole=True)
    assert not standing(session, two[0].organisation_id).stopped


def test_a_check_that_cannot_be_finished_is_broken(session: Session, stores: Stores, lines: LineStore) -> None:
    def stumbles(_session: Session) -> Iterator[str]:
        yield "claim 1"
        raise KeyError("no such file")

    found = Check("I9", "", sql=stumbles).run(session, Files(stores, lines))
    assert found.broken == ("claim 1", "could not be checked to its end: KeyError: 'no such file'")


def test_clean_checks_stop_nothing_and_are_due_every_hour(session: Session, office: Office) -> None:
    assert reconciliations.due(session, at=AT)
    reconciliations.keep(session, [FINE], started_at=AT, at=AT)
    assert not standing(session, None).stopped
    assert not reconciliations.due(session, at=AT + timedelta(minutes=50))
    assert reconciliations.due(session, at=AT + timedelta(hours=1))
    late = runs.seen(session, at=AT + timedelta(hours=3))
    assert late is not None
    assert late.overdue


def test_whoever_stops_waits_for_what_is_leaving_and_nothing_leaves_afterwards(
    session: Session, office: Office, make_sessions: Callable[[], Session]
) -> None:
    take(session, K.ASK, actor(office.payer))
    session.commit()
    approver, place, said, other = actor(office.approver), actor(office.payer).organisation_id or 0, [], make_sessions()

    def confirm() -> None:
        take(other, K.STOP, approver)
        other.commit()
        said.append("stopped")

    stops.refuse_while_stopped(session, place)  # passed: this payment is on its way out
    stopping = Thread(target=confirm)
    stopping.start()
    stopping.join(0.3)
    assert said == []
    session.commit()
    stopping.join(20)
    assert said == ["stopped"]
    with pytest.raises(PaymentsStopped):
        stops.refuse_while_stopped(session, place)

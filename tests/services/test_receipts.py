"""Files handed in are kept at once, read by a worker, and stay where they cannot be read until somebody looked."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import jobs
from portal.domain.actors import Actor, Role
from portal.domain.errors import FileRefused, InvalidTransition, NotFound, NotPermitted, Problem
from portal.domain.jobs import LEASE, MOST_ATTEMPTS, JobStatus
from portal.domain.layout_matching import LayoutUnknown
from portal.domain.receipts import ReceiptStatus as S
from portal.domain.settlements import DeliverSettlement
from portal.models.jobs import Job
from portal.models.receipts import Receipt
from portal.models.settlements import Delivery
from portal.queries import lifecycle_invariants
from portal.queries import receipts as look_up
from portal.services import receipts
from portal.services.receipts import Received
from portal.storage import sandbox
from portal.storage.lines import LineStore
from portal.storage.objects import Stores
from portal.storage.sandbox import Ending, Ran
from tests.factories import AT, actor, make_merchant_user, make_official, make_organisation
from tests.platform_samples import SAMPLES, locked, table, written
from tests.settled import csv_of, line

GOOD = csv_of([line("S1", "2026-05-03 12:00", order_no="A1"), line("S2", "2026-05-04 12:00", order_no="A2")])


def command(content: bytes, *, name: str = "may.csv", password: str = "") -> DeliverSettlement:
    return DeliverSettlement("baemin", "2026-05", name, io.BytesIO(content), password)


@pytest.fixture
def by(session: Session) -> Actor:
    return actor(make_official(session, Role.REVIEWER))


@pytest.fixture
def receive(session: Session, stores: Stores, by: Actor) -> Callable[..., Received]:
    def received(content: bytes, **more: str) -> Received:
        done = receipts.receive(session, stores, command(content, **more), by=by, at=AT)
        session.commit()
        return done

    return received


@pytest.fixture
def work(app: Flask, session: Session) -> Callable[[Received], Receipt]:
    """What a worker does with it."""

    def worked(received: Received) -> Receipt:
        session.commit()
        with time_machine.travel(AT, tick=False):
            jobs.do(app, received.job_id)
        session.expire_all()
        return session.get_one(Receipt, received.receipt_id)

    return worked


def test_a_file_is_kept_at_once_and_stored_by_a_worker(
    session, stores: Stores, lines: LineStore, receive, work
) -> None:
    received = receive(GOOD)
    assert session.scalar(select(func.count(Delivery.id))) == 0
    receipt = work(received)
    delivery = session.scalars(select(Delivery)).one()
    assert (receipt.status, receipt.delivery_id, delivery.accepted) == (S.STORED, delivery.id, 2)
    assert stores.deliveries.read(receipt.sha256) == GOOD
    assert list(lines.aside().iterdir()) == []
    assert list(lifecycle_invariants.statuses_follow_audit(session)) == []


def test_the_same_bytes_get_the_first_answer_or_one_delivery(session, stores: Stores, receive, work, by: Actor) -> None:
    first, second = receive(GOOD), receive(GOOD)
    assert work(first).delivery_id == work(second).delivery_id
    known = receive(GOOD).delivery
    assert known is not None
    assert session.scalar(select(func.count(Delivery.id))) == 1


def test_what_the_queue_carries_twice_is_stored_once(session: Session, receive, work) -> None:
    received = receive(GOOD)
    work(received)
    assert work(received).status is S.STORED
    assert session.scalar(select(func.count(Delivery.id))) == 1


def test_an_unknown_layout_stays_with_both_lists_of_columns(session: Session, receive, work, by: Actor) -> None:
    head, *rest = table("baemin.orders")
    strange = written([[name.replace("주문상태", "진행") for name in head], *rest], "xlsx")
    receipt = work(receive(strange, name="may.xlsx"))
    found = look_up.of_organisation(session, receipt.id, by)
    assert (receipt.status, look_up.number_open(session, by)) == (S.REFUSED, 1)
    assert isinstance(found.refusal, LayoutUnknown)
    assert ("주문상태", "") in [(column.expected, column.found) for column in found.refusal.comparison.columns]
    again = receipts.read_again(session, receipt.id, "", by=by, at=AT)
    session.commit()
    assert session.get_one(Receipt, receipt.id).status is S.CLOSED
    assert work(again).status is S.REFUSED


def test_a_file_refused_where_it_came_in_is_looked_at_though_no_worker_read_it(
    session: Session, stores: Stores, by: Actor
) -> None:
    refusal = FileRefused(problems=[Problem("no_rows", "file")])
    kept = receipts.keep_refused(session, stores, command(b"x"), refusal, by=by, at=AT)
    (found,) = look_up.page(session, by)
    assert (found.receipt, found.job, found.waits_for_a_person) == (kept, None, True)
    assert look_up.of_organisation(session, kept.id, by).refusal is not None


def test_a_password_is_kept_until_the_file_was_read_and_no_longer(session: Session, receive, work, by: Actor) -> None:
    content = locked(SAMPLES[0].content, "639120")
    asked = work(receive(content, name="may.xlsx"))
    refusal = look_up.of_organisation(session, asked.id, by).refusal
    assert refusal is not None
    assert [problem.code for problem in refusal.problems] == ["file_password_needed"]
    again = receipts.read_again(session, asked.id, "639120", by=by, at=AT)
    session.commit()
    assert session.get_one(Receipt, again.receipt_id).password == "639120"
    stored = work(again)
    assert (stored.status, stored.password) == (S.STORED, None)


def test_a_password_is_encrypted_at_rest(session: Session, receive) -> None:
    receive(GOOD, password="639120")
    at_rest = session.connection().exec_driver_sql("SELECT password FROM receipt").scalar()
    assert at_rest is not None
    assert b"639120" not in bytes(at_rest)


def test_a_file_put_aside_is_not_read_on(session: Session, receive, work, by: Actor) -> None:
    received = receive(GOOD)
    receipts.close(session, received.receipt_id, "다른 달", by=by, at=AT)
    session.commit()
    assert work(received).status is S.CLOSED
    assert session.scalar(select(func.count(Delivery.id))) == 0
    with pytest.raises(InvalidTransition):
        receipts.read_again(session, received.receipt_id, "", by=by, at=AT)


def test_another_file_takes_the_place_of_one_that_was_refused(session, stores: Stores, receive, work, by) -> None:
    refused = work(receive(b""))
    good = receipts.receive(session, stores, command(GOOD), by=by, at=AT, instead_of=refused.id)
    session.commit()
    assert work(good).status is S.STORED
    assert look_up.number_open(session, by) == 0


def test_a_file_being_read_is_not_read_again(session: Session, receive, by: Actor) -> None:
    received = receive(GOOD)
    with pytest.raises(InvalidTransition):
        receipts.read_again(session, received.receipt_id, "", by=by, at=AT)


def test_a_machine_in_trouble_is_not_the_file_s_fault(
    app: Flask, session: Session, receive, work, by: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    received = receive(GOOD)
    monkeypatch.setattr(sandbox, "run", lambda *_args, **_more: Ran(Ending.FAILED, {}, "no space left"))
    for attempt in range(MOST_ATTEMPTS):
        assert work(received).status is S.RECEIVED
        session.commit()
        with time_machine.travel(AT + (attempt + 1) * 2 * LEASE, tick=False):
            jobs.sweep(app)
    session.expire_all()
    assert session.get_one(Job, received.job_id).status is JobStatus.FAILED
    assert look_up.of_organisation(session, received.receipt_id, by).stuck
    monkeypatch.undo()
    again = receipts.read_again(session, received.receipt_id, "", by=by, at=AT)
    session.commit()
    assert work(again).status is S.STORED


def test_only_who_may_deliver_hands_in_and_another_office_sees_nothing(session, stores: Stores, receive) -> None:
    with pytest.raises(NotPermitted):
        receipts.receive(session, stores, command(GOOD), by=actor(make_merchant_user(session)), at=AT)
    received = receive(GOOD)
    elsewhere = actor(make_official(session, Role.REVIEWER, organisation=make_organisation(session, "hadong")))
    with pytest.raises(NotFound):
        receipts.close(session, received.receipt_id, "x", by=elsewhere, at=AT)
    with pytest.raises(NotFound):
        receipts.receive(session, stores, command(b"x"), by=elsewhere, at=AT, instead_of=received.receipt_id)

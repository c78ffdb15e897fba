"""The worker's rounds: payments sent and asked about, registers asked, nothing where nothing is connected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import bank_jobs
from portal.domain.actors import Actor
from portal.domain.bank_orders import BankAccess
from portal.domain.payments import Channel, PaymentStatus
from portal.domain.snapshots import RegisterAccess, SnapshotAnswer
from portal.models.payments import Payment, PaymentRun
from portal.models.snapshots import Snapshot
from portal.services import payments
from portal.storage.objects import Stores
from tests.answering import Register, answering
from tests.clocks import Clock
from tests.factories import AT

P = PaymentStatus


@pytest.fixture
def outside() -> Iterator[Register]:
    with answering() as made:
        yield made


@pytest.fixture
def connected(app: Flask, outside: Register) -> Iterator[Flask]:
    before = app.config["SETTINGS"]
    register = RegisterAccess(outside.url, "k")
    app.config["SETTINGS"] = replace(
        before, bank=BankAccess(outside.url, "k" * 40), tax_office=register, account_holders=register
    )
    yield app
    app.config["SETTINGS"] = before


def statuses(session: Session) -> list[PaymentStatus]:
    session.rollback()
    found = list(session.scalars(select(Payment.status).order_by(Payment.id)))
    session.rollback()
    return found


def test_a_round_sends_every_payment_once_and_writes_each_answer(
    session: Session, stores: Stores, connected: Flask, outside: Register, prepared: PaymentRun, releaser: Actor,
    clock: Clock,
) -> None:  # fmt: skip
    payments.release(session, stores, prepared.id, channel=Channel.API, by=releaser, at=AT)
    session.commit()
    first, second, _ = prepared.payments
    said = {"id": first.reference, "amount": first.amount, "bank_code": first.bank_code, "bank_reference": "B"}
    said |= {"account_number": first.account_number, "status": "done", "executed_on": "2026-06-15"}
    outside.answers = [
        (200, said),
        (200, said | {"id": second.reference, "amount": second.amount + 1}),
        (500, b"down"),
    ]
    session.commit()
    assert bank_jobs.pay(connected) == 3
    assert statuses(session) == [P.DONE, P.UNKNOWN, P.UNKNOWN]
    assert bank_jobs.pay(connected) == 0  # nothing is due again yet
    assert [body["id"] for _, body in outside.asked] == [payment.reference for payment in prepared.payments]


def test_a_round_asks_the_registers_about_a_run(
    session: Session, connected: Flask, outside: Register, prepared: PaymentRun, clock: Clock
) -> None:
    numbers = [payment.claim.merchant.business_number for payment in prepared.payments]
    rows = [{"b_no": number, "b_stt_cd": "01", "tax_type": "일반"} for number in numbers]
    outside.answers = [(200, {"data": rows}), (503, b"")]  # the second register is down: the round ends there
    session.commit()
    assert bank_jobs.look(connected) == 4
    session.rollback()
    assert sorted(session.scalars(select(Snapshot.answer))) == [SnapshotAnswer.ACTIVE] * 3 + [
        SnapshotAnswer.UNAVAILABLE
    ]
    assert len(outside.asked) == 2


def test_where_nothing_is_connected_nothing_is_asked(
    session: Session, app: Flask, outside: Register, prepared: PaymentRun
) -> None:
    session.commit()
    assert (bank_jobs.pay(app), bank_jobs.look(app)) == (0, 0)
    assert outside.asked == []

"""The stop button's page, the banner on every page about money, and the hourly check of the worker."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from portal import jobs, upkeep_jobs
from portal.domain.actors import Role
from portal.domain.stops import StopKind
from portal.models.payments import PaymentRun
from portal.models.reconciliations import Reconciliation
from portal.services import payments, stops
from portal.storage.objects import Stores
from portal.web import ledger_labels
from tests import approved_claims as world
from tests.clients import PortalClient
from tests.factories import AT, actor, make_official, make_programme
from tests.pages import problems, text_of

pytestmark = pytest.mark.usefixtures("clock")
ClientOf = Callable[..., PortalClient]


def test_two_press_the_button_and_the_payers_page_says_so(
    session: Session, stores: Stores, client_of: ClientOf
) -> None:
    office = world.open_office(session)
    world.make_claims(session, stores, office, [300_000])
    run = payments.prepare(session, world.CODE, by=actor(office.payer), at=AT)
    first, second, third = map(client_of, (office.payer, office.approver, office.releaser))
    empty = first.submit("/office/payments/stop/office/ask", {"note": " "})
    assert (empty.status_code, len(problems(empty))) == (422, 1)
    assert first.submit("/office/payments/stop/office/ask", {"note": "같은 계좌가 두 번"}).status_code == 302
    assert "지급 중지를 요청한 사람이 있습니다" in third.get("/office/payments").text
    for page in ("/office/applications", "/office/ledger"):
        assert 'href="/office/payments/stop"' in second.get(page).text
    assert "지급 중지를 요청한 사람이 있습니다" in second.get("/office/ledger").text
    assert second.submit("/office/payments/stop/office/stop").status_code == 302
    assert 'name="confirmed"' not in third.get(f"/office/payments/{run.id}/release").text
    for page in ("/office/payments", f"/office/payments/{run.id}", f"/office/payments/{run.id}/release"):
        assert "우리 기관의 지급이 중지되어 있습니다" in third.get(page).text
    refused = third.submit(f"/office/payments/{run.id}/release", {"confirmed": "y"})
    assert (refused.status_code, "지급이 중지되어 있어 내보내지 않았습니다" in refused.text) == (409, True)
    assert session.scalars(select(PaymentRun.released_at)).one() is None
    assert first.submit("/office/payments/stop/office/ask_restart", {"note": "제가"}).status_code == 403
    assert third.submit("/office/payments/stop/office/ask_restart", {"note": "확인함"}).status_code == 302
    history = text_of(third.get("/office/payments/stop").text)
    assert "중지한 사유: 같은 계좌가 두 번 재개를 요청한 사유: 확인함" in history
    assert "지급 재개 요청" in history


@pytest.mark.parametrize("address", ["office/violation", "portal/ask", "office/restart"])
def test_steps_that_are_not_open_are_refused(session: Session, client_of: ClientOf, address: str) -> None:
    client = client_of(make_official(session, Role.PAYER))
    assert client.submit(f"/office/payments/stop/{address}", {"note": "x"}).status_code == 409
    assert client.submit("/office/payments/stop/office/no-such", {"note": "x"}).status_code == 404


def test_the_worker_checks_once_an_hour_and_a_violation_stops_payments(
    app: Flask, session: Session, client_of: ClientOf
) -> None:
    make_programme(session)
    session.commit()
    assert [upkeep_jobs.check(app), upkeep_jobs.check(app)] == [True, False]
    admin = client_of(make_official(session, Role.ADMINISTRATOR))
    assert "마지막 전체 점검: 모두 지켜짐" in admin.get("/office/system").text
    session.execute(text("UPDATE budget_line SET used = 5 WHERE source = 'county'"))
    whole = admin.submit("/office/system/check").text
    for words in ("마지막 전체 점검: 어긋난 규칙 1개", "모든 지급이 중지되어 있습니다", "budget line 3: used 5"):
        assert words in whole
    assert [run.broken for run in session.scalars(select(Reconciliation).order_by(Reconciliation.id))] == [0, 1]
    payer = make_official(session, Role.PAYER)
    assert "모든 지급이 중지되어 있습니다" in client_of(payer).get("/office/payments").text
    stopped = client_of(payer).submit("/office/payments/stop/portal/ask_restart", {"note": "고쳤습니다"})
    assert (stopped.status_code, "어긋난 규칙이 아직 있습니다" in stopped.text) == (422, True)


def test_every_kind_has_its_words() -> None:
    assert set(ledger_labels.STOPS) == set(StopKind)


def test_no_stop_no_banner(session: Session, client_of: ClientOf) -> None:
    payer = make_official(session, Role.PAYER)
    stops.refuse_while_stopped(session, payer.organisation_id or 0)
    assert "중지되어 있습니다" not in client_of(payer).get("/office/payments").text


def test_the_worker_checks_every_hour_and_seals_every_minute(app: Flask) -> None:
    tasks = {task.name: task for task in jobs._queue(app)._huey._registry.periodic_tasks}
    due = {name: [minute for minute in range(60) if tasks[name].validate_datetime(AT.replace(minute=minute))]
           for name in ("check", "seal")}  # fmt: skip
    assert due == {"check": [7], "seal": list(range(60))}

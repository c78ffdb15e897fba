"""The check page and `flask reconcile`: what holds, what is broken, and nothing changed by looking."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.services.reconcile import CHECKS
from portal.web.money_labels import INVARIANTS
from tests.clients import PortalClient
from tests.factories import make_official, make_programme

ClientOf = Callable[..., PortalClient]


def test_the_quick_checks_are_shown_at_once_and_all_of_them_on_demand(session: Session, client_of: ClientOf) -> None:
    make_programme(session)
    client = client_of(make_official(session, Role.AUDITOR))
    page = client.get("/office/system").text
    assert "모두 지켜지고 있습니다" in page
    assert "빠른 점검" in page
    assert "보관된 파일은 모두 있고" not in page
    whole = client.submit("/office/system/check")
    assert whole.status_code == 200
    assert f"전체 규칙 {len(CHECKS)}개" in whole.text
    assert "보관된 파일은 모두 있고" in whole.text


def test_a_broken_rule_is_shown_with_its_rows(session: Session, client_of: ClientOf) -> None:
    make_programme(session)
    session.execute(text("UPDATE budget_line SET used = 5 WHERE source = 'county'"))
    client = client_of(make_official(session, Role.ADMINISTRATOR))
    page = client.get("/office/system").text
    assert "어긋난 규칙이 1개 있습니다" in page
    assert "used 5/42000000, postings 0/42000000" in page


@pytest.mark.parametrize(("role", "status"), [(Role.AUDITOR, 200), (Role.ADMINISTRATOR, 200), (Role.PAYER, 403)])
def test_auditors_and_administrators_check(session: Session, client_of: ClientOf, role: Role, status: int) -> None:
    assert client_of(make_official(session, role)).get("/office/system").status_code == status


def test_every_check_has_its_words() -> None:
    assert set(INVARIANTS) == {check.name for check in CHECKS}


def test_the_command_says_each_check_and_fails_when_one_is_broken(app: Flask, session: Session) -> None:
    make_programme(session)
    session.commit()
    run = app.test_cli_runner().invoke
    clean = run(args=["reconcile"])
    assert (clean.exit_code, clean.output.count("ok ")) == (0, len(CHECKS)), clean.output
    session.execute(text("UPDATE budget_line SET used = 5 WHERE source = 'county'"))
    session.commit()
    broken = run(args=["reconcile"])
    assert (broken.exit_code, "BROKEN I2 I3" in broken.output) == (1, True), broken.output

"""The commands do what the pages do: counted outcomes, and a non-zero exit where something is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models.claims import Claim
from portal.models.settlements import Delivery
from portal.storage.lines import LineStore
from portal.storage.objects import Stores
from tests.settled import Office, csv_of, line


@pytest.fixture
def office(app: Flask, session: Session, stores: Stores, lines: LineStore) -> Office:
    made = Office(session, stores, lines)
    made.shop("S1")
    session.commit()
    return made


def deliver(app: Flask, office: Office, path: Path, **changed: str):
    options = {"platform": "baemin", "period": "2026-05", "by": office.reviewer.login, **changed}
    office.session.commit()  # a command waits for a test that still holds the database
    arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
    return app.test_cli_runner().invoke(args=["settlement", "deliver", str(path), *arguments])


def draw_up(app: Flask, office: Office):
    arguments = ["--programme", office.code, "--period", "2026-05", "--by", office.reviewer.login]
    office.session.commit()
    return app.test_cli_runner().invoke(args=["assess", "month", *arguments])


def test_a_file_is_delivered_and_its_month_drawn_up(
    app: Flask, session: Session, office: Office, tmp_path: Path
) -> None:
    path = tmp_path / "may.csv"
    path.write_bytes(csv_of([line("S1", "2026-05-03 12:00"), line("S1", "2026-06-03 12:00")]))
    done = deliver(app, office, path)
    assert (done.exit_code, "accepted: 1\nrefused: 1\n  outside_month: 1" in done.output) == (0, True), done.output
    assert "delivered before" in deliver(app, office, path).output
    drawn = draw_up(app, office)
    assert (drawn.exit_code, "drawn up: 1" in drawn.output) == (0, True), drawn.output
    assert session.scalars(select(Claim.payable)).all() == [1_500]


def test_a_refused_file_ends_with_two_and_stores_nothing(
    app: Flask, session: Session, office: Office, tmp_path: Path
) -> None:
    path = tmp_path / "may.csv"
    path.write_bytes(csv_of([]).replace(b"store_id,", b""))
    done = deliver(app, office, path)
    assert (done.exit_code, "file: missing_column (store_id)" in done.output) == (2, True), done.output
    for wrong in ({"by": "nobody@example.kr"}, {"platform": "nobody"}, {"by": office.approver.login}):
        assert deliver(app, office, path, **wrong).exit_code == 2
    assert session.scalars(select(Delivery)).all() == []


def test_a_month_without_lines_ends_with_two(app: Flask, office: Office) -> None:
    assert draw_up(app, office).exit_code == 2

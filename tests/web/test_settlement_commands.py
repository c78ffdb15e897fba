"""The commands do what the pages do: counted outcomes, and a non-zero exit where something is refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models.claims import Claim
from portal.models.receipts import Receipt
from portal.models.settlements import Delivery
from portal.storage.lines import LineStore
from portal.storage.objects import Stores
from tests.factories import AT
from tests.platform_samples import SAMPLES, locked, table, written
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


def test_a_file_whose_averages_are_odd_is_stored_and_spoken_of(app: Flask, office: Office, tmp_path: Path) -> None:
    path = tmp_path / "may.csv"
    path.write_bytes(csv_of([line("S1", f"2026-05-0{day} 12:00", amount=200) for day in range(1, 6)]))
    done = deliver(app, office, path)
    assert done.exit_code == 0
    assert "accepted: 5" in done.output
    said = "warning: average_order_below: store S1, delivery: 5 orders, average 200 won, expected 8000 to 80000"
    assert said in done.output, done.output


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


def test_a_platforms_own_file_is_delivered_and_an_unknown_one_compared(
    app: Flask, session: Session, office: Office, tmp_path: Path
) -> None:
    known, unknown = tmp_path / "may.xlsx", tmp_path / "june.xlsx"
    known.write_bytes(SAMPLES[0].content)
    rows = table("baemin.orders")
    rows[0][rows[0].index("주문상태")] = "진행"
    unknown.write_bytes(written(rows, "xlsx"))
    done = deliver(app, office, known)
    assert (done.exit_code, "layout: orders (xlsx)" in done.output, "no orders: 1" in done.output) == (0, True, True)
    refused = deliver(app, office, unknown)
    assert refused.exit_code == 2
    assert "missing  주문상태 | -\n  unknown  - | 진행\n  same " in refused.output
    assert "layout_unknown: nothing was stored" in refused.output


def test_a_protected_workbook_needs_its_password(app: Flask, office: Office, tmp_path: Path) -> None:
    path = tmp_path / "may.xlsx"
    path.write_bytes(locked(SAMPLES[0].content, "639120"))
    assert "password: file_password_needed" in deliver(app, office, path).output
    assert deliver(app, office, path, password="639120").exit_code == 0


# A folder that platforms drop files into ------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where 배달의민족 drops its May: a file that can be read, one that cannot, one that is still being written."""
    for name, content in (("good.xlsx", SAMPLES[0].content), ("bad.csv", b"a,b\n1,2\n"), ("later.csv.part", b"a")):
        drop(tmp_path / "baemin" / "2026-05" / name, content)
    return tmp_path


def drop(path: Path, content: bytes, *, age: int = 60) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    written_at = AT.timestamp() - age
    os.utime(path, (written_at, written_at))


def watch(app: Flask, office: Office, folder: Path) -> str:
    arguments = ["settlement", "watch", str(folder), "--once", "--by", office.reviewer.login]
    office.session.commit()  # a command waits for a test that still holds the database
    done = app.test_cli_runner().invoke(args=arguments)
    assert done.exit_code == 0, done.output
    return done.output


def test_dropped_files_are_taken_in_and_put_aside_with_their_outcome(
    app: Flask, session: Session, office: Office, folder: Path
) -> None:
    assert "accepted 4, refused 1" in watch(app, office, folder)
    number = session.scalars(select(Delivery.id)).one()
    may = folder / "baemin" / "2026-05"
    left = sorted(str(path.relative_to(may)) for path in may.rglob("*") if path.is_file())
    assert left == ["later.csv.part", "refused/bad.csv", "refused/bad.csv.txt", f"taken/{number}-good.xlsx"]
    assert "unknown  - | a" in (may / "refused/bad.csv.txt").read_text("utf-8")
    assert watch(app, office, folder) == ""
    kept = session.scalars(select(Receipt)).one()
    assert (kept.status, kept.filename, kept.platform) == ("refused", "bad.csv", "baemin")


def test_a_file_dropped_again_is_the_same_delivery(app: Flask, session: Session, office: Office, folder: Path) -> None:
    watch(app, office, folder)
    drop(folder / "baemin" / "2026-05" / "again.xlsx", SAMPLES[0].content)
    watch(app, office, folder)
    assert len(session.scalars(select(Delivery)).all()) == 1


def test_a_file_that_still_grows_and_a_link_are_left_alone(
    app: Flask, session: Session, office: Office, tmp_path: Path
) -> None:
    drop(tmp_path / "baemin" / "2026-05" / "growing.xlsx", SAMPLES[0].content, age=3)
    drop(tmp_path / "secret.csv", csv_of([line("S1", "2026-05-03 12:00")]))
    (tmp_path / "baemin" / "2026-05" / "link.csv").symlink_to(tmp_path / "secret.csv")
    assert watch(app, office, tmp_path) == ""
    assert session.scalars(select(Delivery)).all() == []

"""A database with others at work: readers see one moment and hold nobody up; who is held up too long loses nothing."""

from __future__ import annotations

import io
import traceback
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.models.accounts import Person, User
from portal.models.base import begin_for_reading, db, too_busy, transaction_apart
from portal.models.merchants import Merchant
from portal.services import reconcile
from portal.services.reconcile import Files
from portal.storage.lines import LineStore
from portal.storage.objects import Stores
from tests import pages
from tests.clients import PortalClient
from tests.databases import Database
from tests.factories import make_merchant_user, make_official, make_programme

Doors = Callable[[User], PortalClient]
NEW = "/my/merchants/new"
FILLED = {"trade_name": "구례식당", "representative": "김사장"}
GUARDED = "audit_event"  # has rows in every test
BUSY = "지금 처리하는 일이 많습니다"


@pytest.fixture
def impatient(app: Flask, database: Database) -> Generator[None]:
    """The portal's connections give up at once instead of after seconds."""
    statement = "PRAGMA busy_timeout=0" if database.kind == "sqlite" else "SET lock_timeout = '20ms'"

    def hurry(connection: Any, *_rest: Any) -> None:
        connection.execute(statement)
        connection.commit()

    with app.app_context():
        engine = db.engine
    event.listen(engine, "checkout", hurry)
    yield
    event.remove(engine, "checkout", hurry)


@contextmanager
def somebody_writes(session: Session, table: str) -> Generator[None]:
    """Another keeps the database (SQLite) or this table (PostgreSQL) to himself."""
    session.commit()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"LOCK TABLE {table} IN EXCLUSIVE MODE"))
    else:
        session.execute(text(f"UPDATE {table} SET id = id"))
    yield
    session.rollback()


def people(session: Session) -> int:
    return session.scalar(select(func.count(Person.id))) or 0


def test_a_request_that_reads_sees_one_moment_throughout(app: Flask, session: Session) -> None:
    with app.app_context():
        begin_for_reading()
        before = people(db.session())
        session.add(Person(name="나중 사람"))
        session.commit()
        assert people(db.session()) == before
        db.session.rollback()
        assert people(db.session()) == before + 1


def test_a_request_that_reads_cannot_write_on_postgresql(app: Flask, database: Database) -> None:
    if database.kind == "postgresql":
        with app.app_context():
            begin_for_reading()
            with pytest.raises(Exception, match="read-only"):
                db.session.execute(text("INSERT INTO person (name) VALUES ('x')"))


def test_what_follows_a_reading_transaction_may_write_again(app: Flask) -> None:
    with app.app_context():
        begin_for_reading()
        db.session.commit()
        db.session.add(Person(name="x"))
        db.session.commit()


@pytest.mark.usefixtures("impatient")
def test_every_check_runs_while_another_writes_but_the_one_that_tries(
    app: Flask, session: Session, stores: Stores, lines: LineStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_programme(session)
    session.commit()
    written: list[str] = []

    def writes(_session: Session, _files: Files) -> Iterator[str]:
        session.add(Person(name="x"))
        session.commit()
        written.append("x")
        yield from ()

    others = tuple(check for check in reconcile.CHECKS if check.files is not reconcile.tables_refuse_changes)
    tries = tuple(check for check in reconcile.CHECKS if check not in others)
    between = reconcile.Check("T", "another writes", files=writes)
    monkeypatch.setattr(reconcile, "CHECKS", (between, *others, *tries, between))
    hurry = {"sqlite": "PRAGMA busy_timeout=0", "postgresql": "SET lock_timeout = '20ms'"}  # the writer, too
    session.connection().exec_driver_sql(hurry[session.get_bind().dialect.name])
    ran = app.test_cli_runner().invoke(args=["reconcile"])
    assert (ran.exit_code, len(written)) == (0, 2), ran.output


def test_a_table_that_lost_its_guard_is_found_by_a_reader_too(
    app: Flask, session: Session, stores: Stores, lines: LineStore
) -> None:
    make_programme(session)
    for statement in unguarded(session, GUARDED):
        session.execute(text(statement))
    session.commit()
    with app.app_context():
        begin_for_reading()
        results = reconcile.check_all(db.session(), Files(stores, lines), apart=transaction_apart)
        broken = {result.name: result.broken for result in results if not result.holds}
    assert list(broken) == ["tables_refuse_changes"]
    assert session.scalar(text(f"SELECT count(*) FROM {GUARDED}"))


def unguarded(session: Session, table: str) -> list[str]:
    """The statements that take the guards of a table away."""
    if session.get_bind().dialect.name == "postgresql":
        return [f"ALTER TABLE {table} DISABLE TRIGGER USER"]
    names = text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table")
    return [f"DROP TRIGGER {name}" for name in session.scalars(names, {"table": table})]


@pytest.mark.usefixtures("impatient")
def test_a_form_that_meets_a_busy_database_loses_nothing(
    client: PortalClient, session: Session, database: Database
) -> None:
    """SQLite is busy before the form is bound, so it is brought back; PostgreSQL at the first write, on the page."""
    client.get("/join")
    client.before = None
    filled = {"name": "김사장", "login": "kim@example.kr", "password": "p" * 14, "repeat": "p" * 14}
    with somebody_writes(session, "person"):
        answer = client.submit("/join", filled)
    assert answer.status_code == 503
    assert BUSY in answer.text
    assert 'value="김사장"' in answer.text
    assert "p" * 14 not in answer.text
    if database.kind == "postgresql":
        assert pages.problems(answer) == [f"{BUSY}. 잠시 뒤 다시 눌러 주세요."]
    else:
        assert 'value="김사장"' in client.submit("/join", pages.fields(answer)).text
    assert people(session) == 0
    session.rollback()
    assert client.submit("/join", filled).status_code == 302


@pytest.mark.usefixtures("impatient")
def test_a_signed_in_visitor_s_form_comes_back_from_a_busy_database(
    client_of: Doors, session: Session, database: Database
) -> None:
    if database.kind == "sqlite":
        client = client_of(make_merchant_user(session))
        client.get(NEW)
        client.before = None
        with somebody_writes(session, "person"):
            answer = client.submit(NEW, FILLED)
        assert (answer.status_code, BUSY in answer.text) == (503, True)
        assert 'value="구례식당"' in client.submit(NEW, pages.fields(answer)).text
        assert session.scalar(select(func.count(Merchant.id))) == 0


@pytest.mark.usefixtures("impatient")
def test_another_site_s_form_is_not_brought_back_from_a_busy_database(client_of: Doors, session: Session) -> None:
    client = client_of(make_merchant_user(session))
    client.before = None
    with somebody_writes(session, "person"):
        assert "구례식당" not in client.post(NEW, data=FILLED, headers={"Sec-Fetch-Site": "cross-site"}).text


class SlowBody(io.BytesIO):
    """What somebody sends over a slow line: while it arrives, another writes."""

    def __init__(self, data: bytes, meanwhile: Callable[[], None]) -> None:
        super().__init__(data)
        self.meanwhile: list[Callable[[], None]] = [meanwhile]

    def readinto(self, into: Any) -> int:
        if self.meanwhile:
            self.meanwhile.pop()()
        return super().readinto(into)


@pytest.mark.usefixtures("impatient")
def test_while_somebody_sends_slowly_others_write(client_of: Doors, session: Session, database: Database) -> None:
    client = client_of(make_merchant_user(session))
    client.get(NEW)
    client.before = None

    def write() -> None:
        if database.kind == "sqlite":
            session.connection().exec_driver_sql("PRAGMA busy_timeout=0")
        session.add(Person(name="그 사이"))
        session.commit()

    before = people(session)
    session.rollback()
    form = b'--b\r\nContent-Disposition: form-data; name="trade_name"\r\n\r\nx\r\n--b--\r\n'
    body = SlowBody(form, write)
    client.post(NEW, input_stream=body, content_length=len(form), content_type="multipart/form-data; boundary=b")
    assert (body.meanwhile, people(session)) == ([], before + 1)


@pytest.mark.parametrize("statement", ["SET statement_timeout = '5ms'; SELECT pg_sleep(1)"])
def test_a_statement_that_took_too_long_is_busy_and_a_missing_table_is_not(
    session: Session, database: Database, statement: str
) -> None:
    if database.kind == "postgresql":
        with pytest.raises(OperationalError) as slow:
            session.execute(text(statement))
        assert too_busy(slow.value)
    else:
        with pytest.raises(OperationalError) as missing:
            session.execute(text("SELECT * FROM no_such_table"))
        assert not too_busy(missing.value)


def test_what_was_changed_meanwhile_or_locked_crosswise_is_busy(
    database: Database, make_sessions: Callable[[], Session], session: Session
) -> None:
    make_official(session, Role.REVIEWER)
    session.commit()
    if database.kind == "postgresql":
        late = make_sessions()
        late.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        people(late)
        session.execute(text("UPDATE person SET name = 'x'"))
        session.commit()
        with pytest.raises(OperationalError) as found:
            late.execute(text("UPDATE person SET name = 'y'"))
        assert too_busy(found.value)


def test_an_error_of_the_database_repeats_nothing_that_was_entered(app: Flask) -> None:
    entered = "INSERT INTO role_grant (user_id, role, granted_at) VALUES (4711, :role, NULL)"
    with app.app_context():
        with pytest.raises(IntegrityError) as refused:
            db.session.execute(text(entered), {"role": "홍길동의 비밀"})
        told = "".join(traceback.format_exception(refused.value))
        assert "홍길동" not in told.replace('{"role": "홍길동의 비밀"}', "")
        assert "role_grant" in str(refused.value)


def test_a_login_twice_is_told_without_the_login(app: Flask, session: Session) -> None:
    make_merchant_user(session, login="hong@example.kr")
    session.commit()
    with app.app_context():
        twice = text("UPDATE account SET login = :login")
        make_merchant_user(db.session(), login="kim@example.kr")
        with pytest.raises(IntegrityError) as refused:
            db.session.execute(twice, {"login": "hong@example.kr"})
        told = str(refused.value) + str(refused.value.orig)
        assert "login" in told
        assert "example.kr" not in told

"""Fixtures for every layer: databases, the application on them, browsers without a browser, a clock standing still."""

from __future__ import annotations

import importlib
import os
import pkgutil
import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import time_machine
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.orm import Session

from portal import models
from portal.config import Settings
from portal.models.accounts import User
from portal.models.base import db
from portal.models.keys import keyring
from portal.services import issuing, passwords
from portal.storage.lines import LineStore
from portal.storage.objects import Stores, stores_under
from reports import page
from tests import browsers, databases, factories
from tests.clients import PortalClient
from tests.clocks import Clock
from tests.databases import Database

# No test is timed: a machine that is busy with something else finds nothing wrong.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        databases.open_run()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput") and databases.SHARED in os.environ:
        databases.close_run()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport() -> Iterator[None]:
    """In CI nothing is left out quietly: a skipped test is a failed one."""
    outcome: Any = yield
    report = outcome.get_result()
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("CI") == "true":
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not allow: {report.longrepr}"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What touches a database runs on both; pages and journeys run on SQLite, where they behave the same."""
    if "database" in metafunc.fixturenames:
        one = metafunc.definition.path.relative_to(Path(__file__).parent).parts[0] in ("web", "reports", "journeys")
        metafunc.parametrize("database", ["sqlite"] if one else databases.KINDS, indirect=True)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    yield from browsers.launched()


@pytest.fixture
def at() -> datetime:
    return factories.AT


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This worker's own folder."""
    return tmp_path_factory.mktemp("portal")


@pytest.fixture
def database(request: pytest.FixtureRequest, place: Path, worker_name: str) -> Iterator[Database]:
    """A private, migrated, empty database; the one before it at the same place is gone."""
    if request.param == "sqlite":
        yield Database("sqlite", databases.copy_sqlite(place / "ieum.sqlite"))
        return
    yield Database("postgresql", databases.copy_postgresql(worker_name))


@pytest.fixture(scope="session")
def worker_name(request: pytest.FixtureRequest) -> str:
    return f"ieum_{getattr(request.config, 'workerinput', {}).get('workerid', 'main')}"


@pytest.fixture
def settings(database: Database, place: Path) -> Settings:
    made = databases.settings_for(database.url, place)
    shutil.rmtree(made.store, ignore_errors=True)
    stores_under(made.store)  # the application, built for an earlier test, expects its folders
    LineStore(made.store)
    databases.forget_jobs(place / "queue.sqlite")
    return made


@cache
def _application(settings_key: tuple[str, Path]) -> Flask:
    # Imported when a test first asks for pages: tests of rules and services start without the whole portal.
    app = importlib.import_module("portal.app").create_app(databases.settings_for(*settings_key))
    app.test_client_class = PortalClient
    app.testing = True
    app.config["PROPAGATE_EXCEPTIONS"] = False  # a broken page answers 500 as it would in production
    return app


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The application on this test's database. Built once per worker and kind: only its data are new."""
    built = _application((settings.database_url, settings.instance))
    databases.forget_queue(built)
    yield built
    with built.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session", autouse=True)
def _process_prepared(place: Path) -> None:
    """Loads tables, keys and password costs, as create_app does for a process: services need no application."""
    for module in pkgutil.iter_modules(models.__path__):
        importlib.import_module(f"portal.models.{module.name}")
    settings = databases.settings_for("sqlite://", place)
    keyring.load(settings.data_keys, settings.index_key)
    passwords.configure(settings.password_cost)
    issuing.configure(settings.base_url, demo=settings.demo)
    page.register_fonts(settings.fonts)


@pytest.fixture
def engine(database: Database) -> Iterator[Engine]:
    made = create_engine(database.url)
    yield made
    made.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with Session(engine) as made:
        yield made


@pytest.fixture
def make_sessions(engine: Engine) -> Iterator[Callable[[], Session]]:
    """Further sessions on the same database, each with a connection of its own."""
    opened: list[Session] = []

    def make() -> Session:
        opened.append(Session(engine))
        return opened[-1]

    yield make
    for made in opened:
        made.close()


@pytest.fixture
def stores(settings: Settings) -> Stores:
    """The stores of this deployment, empty: the same files as the application's."""
    return stores_under(settings.store)


@pytest.fixture
def lines(settings: Settings) -> LineStore:
    """The settlement lines of the application."""
    return LineStore(settings.store)


@pytest.fixture
def new_client(app: Flask, session: Session) -> Callable[[], PortalClient]:
    """Makes browsers nobody has signed in to. Before each request they commit what the test has set up."""

    def make() -> PortalClient:
        client = app.test_client()
        assert isinstance(client, PortalClient)
        client.before = session.commit
        return client

    return make


@pytest.fixture
def client(new_client: Callable[[], PortalClient]) -> PortalClient:
    return new_client()


@pytest.fixture
def sign_in() -> Callable[[PortalClient, User], PortalClient]:
    """Signs a person in through the login page."""

    def through_the_door(client: PortalClient, user: User) -> PortalClient:
        answer = client.submit("/login", {"login": user.login, "password": factories.PASSWORD})
        assert answer.status_code == 302, answer.text
        return client

    return through_the_door


@pytest.fixture
def client_of(
    new_client: Callable[[], PortalClient], sign_in: Callable[[PortalClient, User], PortalClient]
) -> Callable[[User], PortalClient]:
    """A new browser with this person signed in."""
    return lambda user: sign_in(new_client(), user)


@pytest.fixture
def clock(at: datetime) -> Iterator[Clock]:
    with time_machine.travel(at, tick=False) as traveller:
        yield Clock(traveller)


@pytest.fixture
def statement_counter() -> Callable[[], AbstractContextManager[list[str]]]:
    """Counts the SQL statements sent by anything in between; transactions and savepoints are not statements."""

    @contextmanager
    def count() -> Generator[list[str]]:
        statements: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if statement.split(maxsplit=1)[0].upper() in ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH"):
                statements.append(statement)

        event.listen(Engine, "before_cursor_execute", note)
        try:
            yield statements
        finally:
            event.remove(Engine, "before_cursor_execute", note)

    return count

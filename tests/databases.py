"""Databases for tests: a private PostgreSQL cluster per run, and cheap migrated copies on both databases."""

from __future__ import annotations

import fcntl
import os
import pwd
import shutil
import sqlite3
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psycopg
from flask import Flask
from flask_migrate import Migrate, upgrade
from psycopg import sql

from portal.config import ROOT, Settings
from portal.models.base import db

KINDS = ("sqlite", "postgresql")
SHARED = "IEUM_TEST_SHARED"  # names the folder that all workers of one run share
_OWNER = "postgres"
_TEMPLATE = "ieum_template"
# Not durable: a test cluster is thrown away. Everything else is as in production.
_OPTIONS = "-c listen_addresses= -c fsync=off -c full_page_writes=off -c max_connections=200 -c shared_buffers=64MB"


@dataclass(frozen=True, slots=True)
class Database:
    """One private, migrated, empty database."""

    kind: str
    url: str


def settings_for(url: str, instance: Path) -> Settings:
    """Settings as a demo would have them, with fixed keys and passwords that cost nothing."""
    return Settings(
        mode="demo",
        instance=instance,
        database_url=url,
        secret_key="s" * 48,
        data_keys={1: b"d" * 32},
        index_key=b"i" * 32,
        packages=ROOT / "node_modules",
        password_cost="test",
    )


def migrate(url: str) -> None:
    """Brings an empty database to the newest migration, by the same migrations as in production."""
    app = Flask("migrations")
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    db.init_app(app)
    Migrate(app, db, directory=str(ROOT / "migrations"))
    with app.app_context():
        upgrade()
        db.engine.dispose()


# One folder and one cluster per run -----------------------------------------------------------------------------------


def open_run(within: Path | None = None) -> None:
    """Called by the process that starts the run, before its workers; its folder is `within` that of temporary files."""
    home = within or Path(tempfile.gettempdir())
    for left in home.glob("ieum-tests-*-*"):
        if left.stat().st_uid == os.geteuid() and not _runs(int(left.name.split("-")[2])):
            _remove(left)  # that run was killed before it could close
    folder = tempfile.mkdtemp(prefix=f"ieum-tests-{os.getpid()}-", dir=home)
    os.chmod(folder, 0o755)
    os.environ[SHARED] = folder


def close_run() -> None:
    """Stops the cluster if one was started, and removes everything."""
    _remove(shared_folder())


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def _remove(folder: Path) -> None:
    stop_cluster(folder / "cluster")
    shutil.rmtree(folder, ignore_errors=True)


def shared_folder() -> Path:
    return Path(os.environ[SHARED])


def once(name: str, make: Callable[[], None]) -> None:
    """Runs `make` in the first worker that asks; the others wait for it."""
    with _locked(name):
        done = shared_folder() / f"{name}.done"
        if not done.exists():
            make()
            done.touch()


@contextmanager
def _locked(name: str) -> Generator[None]:
    with open(shared_folder() / f"{name}.lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


# SQLite: a template file, copied --------------------------------------------------------------------------------------


def copy_sqlite(target: Path) -> str:
    """A fresh copy at `target` (an earlier one is replaced). Returns its URL."""
    once("sqlite-template", _make_sqlite_template)
    for suffix in ("", "-wal", "-shm"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    shutil.copyfile(_sqlite_template(), target)
    return f"sqlite:///{target}"


def _sqlite_template() -> Path:
    return shared_folder() / "template.sqlite"


def _make_sqlite_template() -> None:
    migrate(f"sqlite:///{_sqlite_template()}")


# PostgreSQL: a template database, copied ------------------------------------------------------------------------------


def copy_postgresql(name: str, *, of: str = _TEMPLATE) -> str:
    """A fresh database of this name (nothing of an earlier one is left), copied from one nobody uses; its URL."""
    once("postgresql-template", _make_postgresql_template)
    if of != _TEMPLATE or not _emptied(name):
        _copied_anew(name, of)
    return _postgresql_url(name)


def _copied_anew(name: str, of: str) -> None:
    drop_postgresql(name)
    _administer(
        sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(sql.Identifier(name), sql.Identifier(of))
    )


# What tests may have changed besides rows: whoever did gets a new copy.
_SCHEMA = """SELECT md5(string_agg(said, E'\n' ORDER BY said)) FROM (
    SELECT concat(conrelid::regclass, pg_get_constraintdef(oid)) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT concat(tgrelid::regclass, tgname, tgenabled) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT concat(attrelid::regclass, attname, atttypid)
        FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND attnum > 0
    UNION ALL SELECT concat(relname, relacl) FROM pg_class WHERE relnamespace = 'public'::regnamespace
) AS schema (said)"""
_ROWLESS = "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
_TEMPLATE_ROWS = {"alembic_version"}  # rows that migrations write
_OF_QUEUES = "huey_"  # tables that the queue makes when it is first asked: they go, which no new copy is needed for
_REWOUND = (
    "SELECT setval(format('%I.%I', schemaname, sequencename), 1, false) FROM pg_sequences WHERE last_value IS NOT NULL"
)


def _emptied(name: str) -> bool:
    """Takes every row out of an earlier copy, which is quicker than another copy; False where there is none like it."""
    try:
        connection = psycopg.connect(host=str(shared_folder() / "cluster"), user=_OWNER, dbname=name, autocommit=True)
    except psycopg.OperationalError:
        return False
    with connection as c:
        c.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
            (name,),
        )
        tables = {table for (table,) in c.execute(_ROWLESS)} - _TEMPLATE_ROWS
        for table in sorted(table for table in tables if table.startswith(_OF_QUEUES)):
            c.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(table)))
            tables.remove(table)
        if c.execute(_SCHEMA).fetchone() != _schema_of_template():
            return False
        probe = sql.SQL(" UNION ALL ").join(
            sql.SQL("SELECT {} WHERE EXISTS (SELECT 1 FROM {})").format(sql.Literal(table), sql.Identifier(table))
            for table in sorted(tables)
        )
        c.execute("SET session_replication_role = replica")  # neither foreign keys nor append-only tables object
        for (table,) in c.execute(probe).fetchall():
            c.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        c.execute(_REWOUND)
    return True


@cache
def _schema_of_template() -> object:
    with psycopg.connect(host=str(shared_folder() / "cluster"), user=_OWNER, dbname=_TEMPLATE, autocommit=True) as c:
        return c.execute(_SCHEMA).fetchone()


def drop_postgresql(name: str) -> None:
    _administer(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _make_postgresql_template() -> None:
    start_cluster(shared_folder() / "cluster", _OPTIONS)
    _administer(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(_TEMPLATE)))
    migrate(_postgresql_url(_TEMPLATE))


def _postgresql_url(name: str) -> str:
    return url_in(shared_folder() / "cluster", name)


def _administer(statement: sql.Composed) -> None:
    with psycopg.connect(host=str(shared_folder() / "cluster"), user=_OWNER, dbname="postgres", autocommit=True) as c:
        c.execute(statement)


def start_cluster(folder: Path, options: str) -> None:
    """A new cluster in `folder`, which is made; it answers on a socket in there."""
    folder.mkdir(mode=0o700)
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        shutil.chown(folder, _OWNER, _OWNER)
    _as_owner("initdb", "-D", str(folder), "-U", _OWNER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
    options = f"{options} -c unix_socket_directories={folder}"
    _as_owner("pg_ctl", "-D", str(folder), "-w", "-t", "60", "-l", str(folder / "log"), "-o", options, "start")


def stop_cluster(folder: Path) -> None:
    """Ends the cluster's server. One that was killed left a process number that may be somebody else's by now."""
    if _answers(folder):
        _as_owner("pg_ctl", "-D", str(folder), "-m", "immediate", "-w", "stop")


def _answers(cluster: Path) -> bool:
    try:
        psycopg.connect(host=str(cluster), user=_OWNER, dbname="postgres", connect_timeout=10).close()
    except psycopg.OperationalError:
        return False
    return True


def url_in(cluster: Path, name: str) -> str:
    """The address of a database of this name."""
    return f"postgresql+psycopg://{_OWNER}@/{name}?host={cluster}"


def _as_owner(program: str, *arguments: str) -> None:
    """Runs one of PostgreSQL's programs; as root, in the name of the user that Debian's package made."""
    command = [str(_programs() / program), *arguments]
    if os.geteuid() == 0:
        pwd.getpwnam(_OWNER)
        command = ["runuser", "-u", _OWNER, "--", *command]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        raise RuntimeError(f"{program}: {done.stdout}{done.stderr}")


def _programs() -> Path:
    """Debian keeps PostgreSQL's server programs outside the PATH."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    found = str(debian[-1]) if debian else shutil.which("initdb")
    if found is None:
        raise RuntimeError("PostgreSQL is not installed: apt-get install postgresql (or your system's package)")
    return Path(found).parent


def fresh_name() -> str:
    return f"ieum_{uuid.uuid4().hex[:12]}"


def forget_jobs(queue: Path) -> None:
    """Empties the queue's file: jobs of an earlier test have the numbers of this one's."""
    if queue.exists():
        with closing(sqlite3.connect(queue, timeout=30)) as opened, opened:
            opened.execute("DELETE FROM task")


def forget_queue(app: Flask) -> None:
    """A copy of the database that was made anew has no queue, though the application made one for an earlier test."""
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    if url.startswith("postgresql") and "ieum_queue" in app.extensions:
        with psycopg.connect(url.replace("+psycopg", "", 1)) as connection:
            if connection.execute("SELECT to_regclass('huey_task')").fetchone() == (None,):
                del app.extensions["ieum_queue"]

"""All that a database holds, to be kept, put back and compared to the byte; on both kinds of database."""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, Engine, NullPool, create_engine, text

from portal.models.base import Base
from tests import databases

State = dict[str, list[str]]  # table -> its rows


@dataclass
class Place:
    """One instance: its database and its files, which nobody ever changes, only adds to."""

    kind: str
    folder: Path
    name: str
    url: str = ""
    _sequences: dict[str, str] = field(default_factory=dict)
    _files: dict[str, set[Path]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.kind == "sqlite":
            self.url = databases.copy_sqlite(self.folder / "ieum.sqlite")
        else:
            self.url = databases.copy_postgresql(self.name)

    def engine(self) -> Engine:
        """Keeps no connection: what is forked from this process finds none open."""
        return create_engine(self.url, poolclass=NullPool)

    @property
    def store(self) -> Path:
        return self.folder / "store"

    def keep(self, moment: str) -> None:
        self._files[moment] = set(self.store.rglob("*"))
        if self.kind == "sqlite":
            with self.engine().connect().execution_options(sqlite_begin="DEFERRED") as connection:
                connection.exec_driver_sql("SELECT 1")
                connection.rollback()
                connection.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            shutil.copyfile(self.folder / "ieum.sqlite", self.folder / f"{moment}.sqlite")
        else:
            self._sequences[moment] = self._told_sequences()
            databases.copy_postgresql(f"{self.name}_{moment}", of=self.name)

    @property
    def cheap(self) -> bool:
        """Whether putting back costs next to nothing: PostgreSQL copies a database in a second."""
        return self.kind == "sqlite"

    def tidy(self, moment: str) -> None:
        """Removes the files that were not there then."""
        for path in sorted(set(self.store.rglob("*")) - self._files[moment], reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        self.rewind(moment)

    def wait_until_left(self) -> None:
        """Until the server has noticed that whoever was killed is gone: what was asked of it last may still be done."""
        if self.kind == "postgresql":
            others = text(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND backend_type = 'client backend'"
            )
            # One transaction would be shown the same moment again and again.
            with self.engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                while connection.scalar(others):
                    time.sleep(0.002)

    def put_back(self, moment: str) -> None:
        self.tidy(moment)
        if self.kind == "sqlite":
            for suffix in ("-wal", "-shm"):
                (self.folder / f"ieum.sqlite{suffix}").unlink(missing_ok=True)
            shutil.copyfile(self.folder / f"{moment}.sqlite", self.folder / "ieum.sqlite")
        else:
            databases.copy_postgresql(self.name, of=f"{self.name}_{moment}")

    def rewind(self, moment: str) -> None:
        """Numbers that a rolled-back transaction used up are given again, as on SQLite: then rows can be compared."""
        if self.kind == "postgresql" and self._sequences[moment]:
            with self.engine().begin() as connection:
                connection.execute(text(self._sequences[moment]))

    def follow_on(self, moment: str) -> None:
        """The same where something was committed since: the next numbers are those after the rows there are."""
        self.rewind(moment)
        if self.kind == "postgresql":
            with self.engine().begin() as connection:
                for table in Base.metadata.sorted_tables:
                    sequence = f"{table.name}_id_seq"
                    if "id" in table.columns and f"'{sequence}'" in self._sequences[moment]:
                        connection.execute(text(_FOLLOWS.format(sequence=sequence, table=table.name)))

    def forget(self, moments: Iterable[str]) -> None:
        if self.kind == "postgresql":
            for name in (self.name, *(f"{self.name}_{moment}" for moment in moments)):
                databases.drop_postgresql(name)

    def _told_sequences(self) -> str:
        with self.engine().connect() as connection:
            rows = connection.execute(text("SELECT sequencename, last_value FROM pg_sequences ORDER BY 1")).all()
        return "SELECT " + ", ".join(
            f"setval('{name}', {last or 1}, {'true' if last else 'false'})" for name, last in rows
        )


_FOLLOWS = (
    "SELECT setval('{sequence}', there.last) FROM (SELECT max(id) AS last FROM {table}) AS there, {sequence} AS told"
    " WHERE there.last >= told.last_value"
)


def state(engine: Engine) -> State:
    """Everything that is committed."""
    with engine.connect().execution_options(sqlite_begin="DEFERRED") as connection:
        return read(connection)


def read(connection: Connection) -> State:
    """Every row of every table of the portal, as this transaction sees it."""
    found = {}
    for table in Base.metadata.sorted_tables:
        order = ", ".join(column.name for column in table.primary_key.columns)
        rows = connection.exec_driver_sql(f"SELECT * FROM {table.name} ORDER BY {order}")
        found[table.name] = [repr(tuple(row)) for row in rows]
    return found


def mark(found: State) -> str:
    """By which the same state is known again."""
    return hashlib.sha256(repr(sorted(found.items())).encode()).hexdigest()


def happened(engine: Engine) -> list[str]:
    """The audit trail without its numbers and without jobs: what was done to which record, in its order."""
    told = text(
        "SELECT noun, record_id, action, source, target, person_id, at, note, details FROM audit_event"
        " WHERE noun <> 'job' ORDER BY noun, record_id, id"
    )
    with engine.connect().execution_options(sqlite_begin="DEFERRED") as connection:
        return [repr(tuple(row)) for row in connection.execute(told)]


def differences(one: State, other: State, *, but: Iterable[str] = ()) -> list[str]:
    """The first row of each table in which they differ."""
    told = []
    for table in one.keys() - set(but):
        if one[table] != other[table]:
            odd = next(
                (pair for pair in zip([*one[table], ""], [*other[table], ""], strict=False) if pair[0] != pair[1]),
                (len(one[table]), len(other[table])),
            )
            told.append(f"{table}: {odd[0]} != {odd[1]}"[:600])
    return sorted(told)

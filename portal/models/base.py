"""The database: `db`, naming of constraints, and the column types every table uses on both databases."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, Boolean, Date, DateTime, ForeignKey, Integer, LargeBinary, MetaData, Text, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect, Engine, ExceptionContext
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column, registry
from sqlalchemy.types import TypeDecorator, TypeEngine

from portal.models.keys import keyring

# SQLite tables are STRICT: only INTEGER, TEXT and BLOB columns exist there.
BigInt = BigInteger().with_variant(Integer(), "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored as UTC; ISO text with a fixed width on SQLite, so that order of text is order of time."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone cannot be stored")
        value = value.astimezone(UTC)
        return value.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return datetime.fromisoformat(value) if isinstance(value, str) else value.astimezone(UTC)


class IsoDate(TypeDecorator[date]):
    """A Korean calendar date."""

    impl = Date
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else Date())

    def process_bind_param(self, value: date | None, dialect: Dialect) -> Any:
        return value.isoformat() if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> date | None:
        return date.fromisoformat(value) if isinstance(value, str) else value


class Flag(TypeDecorator[bool]):
    impl = Boolean
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else Boolean())

    def process_bind_param(self, value: bool | None, dialect: Dialect) -> Any:
        return int(value) if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> bool | None:
        return None if value is None else bool(value)


class Choice(TypeDecorator[StrEnum]):
    """A StrEnum stored as its text; the table carries the CHECK (`one_of`)."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> Any:
        return None if value is None else self.kind(value).value

    def process_result_value(self, value: Any, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.kind(value)


class Trace(TypeDecorator[Any]):
    """JSON for what is only read back whole: calculation traces and findings. Never a place to look things up in."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(JSONB(none_as_null=True) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        if value is None or dialect.name == "postgresql":
            return value
        return json.dumps(value, ensure_ascii=False, sort_keys=True)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return json.loads(value) if isinstance(value, str) else value


class Encrypted(TypeDecorator[str]):
    """Text at rest as AES-GCM with a key id; `context` binds the cipher text to its column."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, context: str) -> None:
        super().__init__()
        self.context = context

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else keyring.encrypt(value, context=self.context)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else keyring.decrypt(bytes(value), context=self.context)


class Base(DeclarativeBase):
    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={
            int: BigInt,
            str: Text,
            bool: Flag,
            date: IsoDate,
            datetime: UtcDateTime,
            bytes: LargeBinary,
        },
    )


db = SQLAlchemy(model_class=Base)
if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model

Key = Annotated[int, mapped_column(BigInt, primary_key=True, autoincrement=True)]


def ref(target: str, *, index: bool = True) -> Any:
    """A foreign key column to `table.id`, indexed unless another index starts with it."""
    return mapped_column(BigInt, ForeignKey(target), index=index)


def one_of(column: str, kind: Iterable[StrEnum]) -> str:
    """The SQL of a CHECK that `column` holds a value of `kind`, or one of some of its values."""
    return f"{column} IN ({', '.join(repr(member.value) for member in kind)})"


Unavailable = OperationalError  # what the database itself could not do, for those who know of no SQL
# Serialization failure, deadlock, a lock not to be had in time, a statement that took too long.
_TOO_BUSY = frozenset({"40001", "40P01", "55P03", "57014"})
# What a transaction that only reads asks of each database: no write lock on SQLite, one snapshot on both.
_FOR_READING: dict[str, dict[str, Any]] = {
    "sqlite": {"sqlite_begin": "DEFERRED"},
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
}


def begin_for_reading() -> None:
    """Begins the transaction of a request that only reads: it sees one moment and keeps no writer waiting."""
    db.session.connection(execution_options=_FOR_READING[db.engine.dialect.name])


def too_busy(error: OperationalError) -> bool:
    """Whether the database refused only because of others at work: the same may succeed a moment later."""
    code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF  # the lowest byte is the kind, the rest tells it closer
    return code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) or getattr(error.orig, "sqlstate", "") in _TOO_BUSY


@contextmanager
def transaction_apart() -> Generator[Session]:
    """A transaction of its own, committed at its end: for the write of a request that otherwise only reads."""
    with Session(db.engine) as session, session.begin():
        yield session


@contextmanager
def reading_apart() -> Generator[Session]:
    """A transaction that only reads, of its own: for long looks beside other work."""
    with reading_beside(db.session()) as session:
        yield session


@contextmanager
def reading_beside(other: Session) -> Generator[Session]:
    """The same on the database of another session, which is left as it is: if it has not begun, it does not begin."""
    engine = other.get_bind()
    with Session(engine) as session:
        session.connection(execution_options=_FOR_READING[engine.dialect.name])
        yield session


@event.listens_for(Engine, "connect")
def _prepare_connection(connection: Any, _record: Any) -> None:
    # busy_timeout before WAL; FULL because NORMAL loses acknowledged commits at a power cut.
    if type(connection).__module__.startswith("sqlite3"):
        connection.isolation_level = None
        for pragma in ("busy_timeout=20000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "handle_error")
def _leave_out_rows(context: ExceptionContext) -> None:
    # PostgreSQL adds the row it refused ("DETAIL: Failing row contains ..."): personal data, and not for a log.
    error, translated = context.original_exception, context.sqlalchemy_exception
    plain = getattr(getattr(error, "diag", None), "message_primary", None)
    if plain and translated is not None:
        translated.args = tuple(str(part).replace(str(error), plain) for part in translated.args)
        error.args = (plain,)


@event.listens_for(Engine, "begin")
def _begin(connection: Any) -> None:
    # A deferred BEGIN that later writes fails at once when another writes: writers queue up front instead.
    if connection.dialect.name == "sqlite":
        mode = connection.get_execution_options().get("sqlite_begin", "IMMEDIATE")
        connection.exec_driver_sql(f"BEGIN {mode}")

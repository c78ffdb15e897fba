"""Replaces or widens a CHECK, or lets a column be empty, where others refer to the table and triggers guard it.

SQLite can alter neither. Building the table anew would drop its triggers and break those who refer to it, so its
text in the schema is changed, the way SQLite's documentation of ALTER TABLE describes for changes that touch no row.
"""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op


def widen(table: str, column: str, *words: str) -> None:
    """Lets `column` hold `words` too, beside those its CHECK lists: a migration says what is new, never the whole list.

    Raises RuntimeError where the CHECK asks for anything but one of a list of words, or has one of them already.
    """
    name = f"ck_{table}_{column}"
    found = {check["name"]: str(check["sqltext"]) for check in sa.inspect(op.get_bind()).get_check_constraints(table)}
    there = re.findall(r"'([a-z_]+)'", found[name])
    if set(re.findall(r"\w+", re.sub(r"'[a-z_]+'(::text)?", "", found[name]))) - {column, "IN", "ANY", "ARRAY"}:
        raise RuntimeError(f"{name} is not a list of words: {found[name]}")
    if already := set(words) & set(there):
        raise RuntimeError(f"{name} has {sorted(already)} already")
    replace(table, name, f"{column} IN ({', '.join(repr(word) for word in (*there, *words))})")


def replace(table: str, name: str, condition: str) -> None:
    """Lets the CHECK called `name` ask for `condition`. Raises RuntimeError where the table has no such CHECK."""
    bind = op.get_bind()
    if bind.dialect.name != "sqlite":
        op.drop_constraint(op.f(name), table, type_="check")
        op.create_check_constraint(op.f(name), table, condition)
        return
    text = _read(table)
    start = re.search(rf"CONSTRAINT\s+\"?{re.escape(name)}\"?\s+CHECK\s+\(", text)
    if start is None:
        raise RuntimeError(f"{table} has no CHECK called {name}")
    changed = text[: start.end()] + condition + text[_closing(text, start.end()) :]
    _write(table, changed)


def allow_null(table: str, column: str) -> None:
    """Lets `column` be empty. Raises RuntimeError where it may be so already."""
    if op.get_bind().dialect.name != "sqlite":
        op.alter_column(table, column, nullable=True)
        return
    changed, times = re.subn(rf"(\b{column} \w+) NOT NULL", r"\1", _read(table), count=1)
    if not times:
        raise RuntimeError(f"{table}.{column} is not NOT NULL")
    _write(table, changed)


def _read(table: str) -> str:
    """The text of a table in SQLite's schema; empty where there is none."""
    query = sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :table")
    return op.get_bind().scalar(query, {"table": table}) or ""


def _write(table: str, changed: str) -> None:
    bind = op.get_bind()
    version = bind.scalar(sa.text("PRAGMA schema_version"))
    bind.execute(sa.text("PRAGMA writable_schema = ON"))
    bind.execute(
        sa.text("UPDATE sqlite_master SET sql = :sql WHERE type = 'table' AND name = :table"),
        {"sql": changed, "table": table},
    )
    bind.execute(sa.text(f"PRAGMA schema_version = {version + 1}"))  # every connection reads the schema anew
    bind.execute(sa.text("PRAGMA writable_schema = OFF"))


def _closing(text: str, start: int) -> int:
    """Where the parenthesis that was opened before `start` closes."""
    depth, quoted = 1, False
    for position in range(start, len(text)):
        mark = text[position]
        quoted ^= mark == "'"
        depth += 0 if quoted else (mark == "(") - (mark == ")")
        if not depth:
            return position
    raise RuntimeError("the CHECK never ends")

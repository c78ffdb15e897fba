"""The role that the portal works as in PostgreSQL: it owns nothing, and what is append-only it can only add to."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.domain.jobs import QUEUE_SCHEMA
from portal.services.reconcile import APPEND_ONLY

_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_VERSION = "alembic_version"


def statements(role: str, tables: Iterable[str]) -> list[str]:
    """The SQL that gives `role` what the portal needs and takes everything else, to be run by the tables' owner.

    It may be run again, and is after every migration: new tables are given by name. Raises ValueError for a name
    that would have to be quoted.
    """
    if not _NAME.fullmatch(role):
        raise ValueError("a role's name is lower-case letters, digits and underscores")
    mine = sorted(set(tables) - {_VERSION})
    changing = [table for table in mine if table not in APPEND_ONLY]
    adding = [table for table in mine if table in APPEND_ONLY]
    return [
        f"DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{role}') THEN CREATE ROLE {role} LOGIN"  # noqa: S608
        " NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS; END IF; END $$",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {', '.join(changing)} TO {role}",
        f"GRANT SELECT, INSERT ON {', '.join(adding)} TO {role}",
        f"GRANT SELECT ON {_VERSION} TO {role}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        f"CREATE SCHEMA IF NOT EXISTS {QUEUE_SCHEMA}",
        f"GRANT USAGE, CREATE ON SCHEMA {QUEUE_SCHEMA} TO {role}",
    ]


def make(session: Session, role: str, tables: Iterable[str]) -> int:
    """Runs them; how many there were."""
    made = statements(role, tables)
    for statement in made:
        session.execute(text(statement))
    return len(made)

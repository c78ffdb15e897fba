"""A migration that makes a table anew keeps what was in it, and what refers to it."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import Migrate, upgrade
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import IntegrityError

from portal.config import ROOT
from portal.models.base import db

AT = "2026-06-15T01:00:00.000000Z"
ROWS = (
    "INSERT INTO organisation VALUES (1, 'gurye', '구례군', '군수', 'county', '12730', '', '', '', '')",
    "INSERT INTO person VALUES (1, 'API')",
    "INSERT INTO account (id, person_id, login, password_hash, title, active, created_at)"
    f" VALUES (1, 1, 'a@api.invalid', '-', '', 0, '{AT}')",
    "INSERT INTO api_client (id, organisation_id, data_organisation_id, account_id, public_id, platform, name, scopes,"
    f" signed, signing_key, registered_at, expires_at) VALUES (1, 1, 1, 1, 'p', 'baemin', 'n', 's', 0, x'00', '{AT}',"
    f" '{AT}')",
    f"INSERT INTO webhook (id, api_client_id, url, registered_at) VALUES (1, 1, 'https://x.example', '{AT}')",
    "INSERT INTO webhook_message (id, webhook_id, event, about, made_at, tries, delivered_at)"
    f" VALUES (7, 1, 'link.proposed', '{{}}', '{AT}', 1, '{AT}')",
    f"INSERT INTO webhook_try (id, message_id, tried_at, answered_with, problem) VALUES (3, 7, '{AT}', 200, '')",
)

BUDGET = (
    "INSERT INTO programme (id, organisation_id, code, name) VALUES (1, 1, 'p', 'P')",
    "INSERT INTO budget_line VALUES (1, 1, 1, 2026, 'county', 100, 0)",
    "INSERT INTO ledger_entry (id, source_key, kind, posted_on, posted_at, posted_by, note)"
    f" VALUES (5, 'appropriate:1:2026', 'appropriate', '2026-06-15', '{AT}', 1, '')",
    "INSERT INTO posting VALUES (9, 5, 1, 'available', 'source', 100)",
)


@contextmanager
def migrated(tmp_path: Path, revision: str, rows: Iterable[str]) -> Generator[Engine]:
    """A SQLite database that held `rows` at `revision` and was then brought up to date."""
    url = f"sqlite:///{tmp_path / 'ieum.sqlite'}"
    app = Flask("migrations")
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    db.init_app(app)
    Migrate(app, db, directory=str(ROOT / "migrations"))
    with app.app_context():
        upgrade(revision=revision)
        with db.engine.begin() as connection:
            for row in rows:
                connection.execute(text(row))
        upgrade()
        db.engine.dispose()
    engine = create_engine(url)
    yield engine
    engine.dispose()


def test_the_ledger_keeps_its_rows_and_its_guards_when_kinds_are_added(tmp_path: Path) -> None:
    with migrated(tmp_path, "0024_platform_stores", (*ROWS[:3], *BUDGET)) as engine:
        entry = (
            "INSERT INTO ledger_entry (source_key, kind, posted_on, posted_at, posted_by, note)"
            f" VALUES (:key, :kind, '2026-06-16', '{AT}', 1, '')"
        )
        with engine.begin() as connection:
            assert connection.execute(text("SELECT id, amount FROM posting WHERE entry_id = 5")).all() == [(9, 100)]
            connection.execute(text(entry), {"key": "a", "kind": "write_off"})
            connection.execute(text("INSERT INTO posting VALUES (10, 6, 1, 'demanded', 'receivable', 1)"))
        for refused in (
            "UPDATE ledger_entry SET note = 'x'",
            "DELETE FROM posting",
            "INSERT INTO posting VALUES (11, 6, 1, 'pocket', 'paid', 1)",
            entry.replace(":key", "'b'").replace(":kind", "'gift'"),
        ):
            with engine.begin() as connection, pytest.raises(IntegrityError):
                connection.execute(text(refused))


def test_the_outbox_keeps_its_messages_and_their_tries_when_events_are_added(tmp_path: Path) -> None:
    with migrated(tmp_path, "0017_webhooks", ROWS) as engine:
        with engine.begin() as connection:
            found = connection.execute(
                text("SELECT m.id, t.id FROM webhook_message m JOIN webhook_try t ON message_id = m.id")
            )
            assert found.all() == [(7, 3)]
            connection.execute(text("UPDATE webhook_message SET event = 'link.ended'"))
            with pytest.raises(IntegrityError):
                connection.execute(text("UPDATE webhook_message SET event = 'link.lost'"))
        with engine.begin() as connection, pytest.raises(IntegrityError):
            connection.execute(text("DELETE FROM webhook_message"))


ENTERED = (
    *ROWS[:3],
    BUDGET[0],
    "INSERT INTO programme (id, organisation_id, code, name) VALUES (2, 1, 'q', 'Q')",
    "INSERT INTO programme_version (id, programme_id, number, status, text, content_hash, proposed_at)"
    f" VALUES (1, 1, 1, 'published', '', 'h', '{AT}')",
    "INSERT INTO merchant (id, owner_id, business_number, trade_name, representative, phone, region_system,"
    " region_code, address, industry_edition, industry_code, opened_on, regular_workers_tenths, bank_code,"
    " account_number, account_holder, account_index, registered_at, changed_at) VALUES (1, 1, '1234567890', 'A', 'B',"
    f" '', '', '', '', 11, '47', '2020-01-01', 0, '', x'00', '', '', '{AT}', '{AT}')",
    *(
        "INSERT INTO mandate (id, merchant_id, holder_id, organisation_id, capacity, status, office, document_sha256,"
        f" document_name, document_type, until, given_by, given_at) VALUES ({number}, 1, 1, {office}, '{capacity}',"
        f" 'active', '', '', '', '', '2026-12-31', 1, '{AT}')"
        for number, office, capacity in ((1, 1, "consent"), (2, "NULL", "association"))
    ),
    *(
        "INSERT INTO application (id, programme_id, version_id, merchant_id, status, plan, contact_phone, track,"
        f" created_at, changed_at, mandate_id) VALUES ({number}, {number}, 1, 1, 'submitted', '', '', '', '{AT}',"
        f" '{AT}', {number})"
        for number in (1, 2)
    ),
    "INSERT INTO proxy_entry (id, mandate_id, merchant_id, organisation_id, status, first_seen, entered_by, entered_at,"
    f" decided_by, decided_at, refusal) VALUES (1, 1, 1, 1, 'waiting', 1, 1, '{AT}', NULL, NULL, '')",
    "INSERT INTO roster (id, programme_id, account_id, status, association, number, market, region_code, phone,"
    f" opened_at) VALUES (1, 2, 1, 'handed_in', '', '', '', '', '', '{AT}')",
    "INSERT INTO roster_member (id, roster_id, status, way, business_number, trade_name, representative, born_on,"
    " phone, address, industry_edition, industry_code, bank_code, account_number, account_holder, store_id,"
    " application_id)"
    " VALUES (1, 1, 'handed_in', 'paper', '1234567890', '', '', x'00', '', '', 11, '', '', x'00', '', '', 2)",
)


def test_a_consent_names_what_was_begun_by_it_and_listed_members_wait_for_a_look(tmp_path: Path) -> None:
    with migrated(tmp_path, "0059_store_numbers", ENTERED) as engine, engine.connect() as connection:
        assert connection.execute(text("SELECT mandate_id, programme_id FROM mandate_programme")).all() == [(1, 1)]
        query = "SELECT mandate_id, status, first_seen, organisation_id FROM proxy_entry ORDER BY id"
        assert connection.execute(text(query)).all() == [(1, "waiting", 1, 1), (2, "waiting", 0, 1)]

"""A migration that makes a table anew keeps what was in it, and what refers to it."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import Migrate, upgrade
from sqlalchemy import create_engine, text
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


def test_the_outbox_keeps_its_messages_and_their_tries_when_events_are_added(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ieum.sqlite'}"
    app = Flask("migrations")
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    db.init_app(app)
    Migrate(app, db, directory=str(ROOT / "migrations"))
    with app.app_context():
        upgrade(revision="0017_webhooks")
        with db.engine.begin() as connection:
            for row in ROWS:
                connection.execute(text(row))
        upgrade()
        db.engine.dispose()
    engine = create_engine(url)
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
    engine.dispose()

"""Sealing the audit trail: writers never wait for it, no event is left out, and an outside anchor tells of the rest."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from portal import upkeep_jobs
from portal.domain.actors import Role
from portal.models.audit_seals import AuditSeal
from portal.queries import audit_chain as trail
from portal.services import audit_chain, steps
from tests.books_kept import unguarded
from tests.databases import Database
from tests.factories import AT, actor, make_official, make_programme


def seal(session: Session) -> None:
    session.commit()
    audit_chain.seal(session, trail.last_event(session), at=AT)
    session.commit()


def write(session: Session, by: object, note: str) -> None:
    steps.write(session, "claim", 1, "draw_up", by=by, at=AT, note=note, details={"z": 1, "a": "가"})  # ty: ignore[invalid-argument-type]


def test_the_chain_goes_on_from_seal_to_seal(session: Session) -> None:
    make_programme(session)
    seal(session)
    first = trail.sealed(session)
    seal(session)
    assert trail.sealed(session) == first
    write(session, actor(make_official(session, Role.PAYER)), "later")
    seal(session)
    assert trail.sealed(session).count > first.count
    assert len(session.scalars(select(AuditSeal)).all()) == 2
    assert list(trail.verify(session, [first])) == []


TAMPERINGS = {
    "change": "UPDATE audit_event SET note = 'x' WHERE id = 2",
    "delete": "DELETE FROM audit_event WHERE id = 2",
    "insert": "INSERT INTO audit_event (id, noun, record_id, action, user_id, person_id, at, note)"
    " SELECT 0, noun, record_id, action, user_id, person_id, at, note FROM audit_event WHERE id = 1",
    "reorder": "UPDATE audit_event SET id = CASE id WHEN 1 THEN -1 ELSE 1 END WHERE id IN (1, 2)",
    "truncate": "DELETE FROM audit_event WHERE id = (SELECT max(id) FROM audit_event)",
}


@pytest.mark.parametrize("kind", TAMPERINGS)
def test_tampering_by_whoever_rules_the_database_is_found(session: Session, kind: str) -> None:
    make_programme(session)
    seal(session)
    for statement in unguarded(session, "audit_event"):
        session.execute(text(statement))
    session.execute(text(TAMPERINGS[kind]))
    assert list(trail.verify(session)) != []


def test_an_end_cut_off_with_its_seal_is_found_by_the_anchor_alone(session: Session) -> None:
    make_programme(session)
    seal(session)
    write(session, actor(make_official(session, Role.PAYER)), "the last")
    seal(session)
    anchor = trail.sealed(session)
    for table in ("audit_event", "audit_seal"):
        for statement in unguarded(session, table):
            session.execute(text(statement))
        session.execute(text(f"DELETE FROM {table} WHERE id = (SELECT max(id) FROM {table})"))
    assert list(trail.verify(session)) == []
    assert list(trail.verify(session, [anchor])) == [
        f"anchor after event {anchor.upto}: there is no such event any more"
    ]


def test_an_event_that_is_committed_late_is_waited_for(
    database: Database, session: Session, make_sessions: Callable[[], Session]
) -> None:
    """Ids are given in the order of writing, not of committing; on SQLite there is one writer at a time."""
    if database.kind == "sqlite":
        return
    make_programme(session)
    by = actor(make_official(session, Role.PAYER))
    session.commit()
    late, early, said = make_sessions(), make_sessions(), []
    write(late, by, "written first, committed last")
    write(early, by, "committed first")
    early.commit()
    waiting = Thread(target=lambda: said.append(audit_chain.settled(make_sessions)))
    waiting.start()
    waiting.join(0.4)
    assert said == []
    hasty = trail.last_event(session)
    audit_chain.seal(session, hasty, at=AT)  # the control: who does not wait seals a trail that is not whole
    late.commit()
    assert list(trail.verify(session)) != []
    session.rollback()
    waiting.join(20)
    assert said == [hasty]
    audit_chain.seal(session, hasty, at=AT)
    assert list(trail.verify(session)) == []


def test_the_commands_anchor_and_verify(app: Flask, session: Session, tmp_path: Path) -> None:
    make_programme(session)
    session.commit()
    run, file = app.test_cli_runner().invoke, tmp_path / "anchor.jsonl"
    assert upkeep_jobs.seal(app) == upkeep_jobs.seal(app) > 0
    for _day in range(2):
        made = run(args=["audit", "anchor", str(file)])
        assert made.exit_code == 0, made.output
    good = run(args=["audit", "verify", "--anchor", str(file)])
    assert (good.exit_code, "2 anchors" in good.output) == (0, True), good.output
    assert "cannot be told" in run(args=["audit", "verify"]).output
    file.write_text(file.read_text("utf-8").replace('"count": ', '"count": 1'), "utf-8")
    bad = run(args=["audit", "verify", "--anchor", str(file)])
    assert (bad.exit_code, "BROKEN anchor after event" in bad.output) == (1, True), bad.output
    file.write_text("nothing\n", "utf-8")
    assert run(args=["audit", "verify", "--anchor", str(file)]).exit_code == 2

"""`flask audit`: sealing the audit trail, writing its head down outside the database, and verifying it."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from portal.clock import now
from portal.domain import audit_chain
from portal.domain.errors import Refusal
from portal.models.base import begin_for_reading, db, reading_apart, transaction_apart
from portal.queries import audit_chain as trail
from portal.services import audit_chain as sealing

BAD_INPUT = 2
group = AppGroup("audit", help="The hash chain of the audit trail.")


@group.command("anchor")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def anchor(file: Path) -> None:
    """Seal what is settled and append the head of the chain to FILE, which belongs on another machine."""
    upto = sealing.settled(reading_apart)
    with transaction_apart() as session:
        head = sealing.seal(session, upto, at=now())
    with file.open("a", encoding="utf-8") as out:
        out.write(audit_chain.line(head, now()))
    click.echo(f"{file}: {head.count} events up to {head.upto}, {head.hash}")


@group.command("verify")
@click.option(
    "--anchor", "file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="The outside file."
)
def verify(file: Path | None) -> None:
    """Compute the whole chain again and compare it with the seals and, if told, with every line of the anchor file."""
    try:
        anchors = audit_chain.read(file.read_text("utf-8"), file=file.name) if file else []
    except Refusal as refused:
        click.echo(str(refused), err=True)
        sys.exit(BAD_INPUT)
    begin_for_reading()
    found = list(trail.verify(db.session(), anchors))
    head = trail.sealed(db.session())
    db.session.rollback()
    for difference in found:
        click.echo(f"BROKEN {difference}")
    if file is None:
        click.echo("without --anchor a trail cut off at its end, or written anew with its seals, cannot be told")
    if found:
        raise SystemExit(1)
    click.echo(f"ok     {head.count} sealed events up to {head.upto}, {len(anchors)} anchors")

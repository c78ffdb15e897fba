"""`flask mail`: what comes back of sent mail, and whether the server takes any."""

from __future__ import annotations

import sys

import click
from flask import current_app
from flask.cli import AppGroup

from forms import bounces
from portal import notice_jobs
from portal.clock import now
from portal.models.base import db
from portal.services import messages

group = AppGroup("mail", help="Mail about notifications.")


@group.command("bounce")
def bounce() -> None:
    """Read a report of delivery from standard input, as a mail server's alias pipes it in, and record it.

    Always ends well: a mail server that is told of a failure here would send a report about the report.
    """
    report = bounces.read(sys.stdin.buffer.read(bounces.MOST_BYTES + 1))
    if report is None:
        click.echo("no report of delivery about a mail of ours: left aside")
        return
    recorded = messages.bounced(db.session(), report, at=now())
    db.session.commit()
    click.echo(f"recorded: message {recorded.id}" if recorded else "nothing to record: left aside")


@group.command("send")
def send() -> None:
    """Fill the outbox and send what is due, as the worker does every minute."""
    click.echo(f"{notice_jobs.tell(current_app._get_current_object())} answers written")  # ty: ignore[missing-attribute]

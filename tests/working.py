"""A worker for tests of pages: does what was asked for in the background, at once."""

from __future__ import annotations

from flask import Flask
from werkzeug.test import TestResponse

from portal import jobs
from portal.models.base import db
from portal.queries import jobs as look_up
from tests.clients import PortalClient


def do_all(app: Flask) -> None:
    """Does every job that waits. The test holds no transaction meanwhile: SQLite has one writer."""
    with app.app_context():
        waiting = list(look_up.waiting(db.session()))
    for job_id in waiting:
        jobs.do(app, job_id)


def seen_through(desk: PortalClient, answer: TestResponse) -> TestResponse:
    """Where a posted form leads once a worker has done what it asked for; a refusal as it is."""
    if answer.status_code != 302:
        return answer
    do_all(desk.application)
    return desk.get(answer.location)

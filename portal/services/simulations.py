"""Trying terms before publishing them: on stored lines, as a background job.

A simulation changes nothing but the list of simulations: no version of a programme is stored, no claim written.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.errors import FileRefused, Incomplete, NotPermitted, Problem
from portal.domain.jobs import JobKind
from portal.domain.periods import is_month
from portal.domain.permissions import Permission
from portal.domain.simulations import Draft, Result, from_bytes
from portal.domain.terms import parse_terms
from portal.models.simulations import Simulation
from portal.queries import simulations
from portal.queries.simulations import Asked
from portal.services import jobs
from portal.storage.objects import Stores


def ask(session: Session, code: str, draft: Draft, *, by: Actor, at: datetime) -> Asked:
    """Puts down a draft of one of the office's programmes to be computed beside its terms in force.

    Raises FileRefused with every problem of the draft, Incomplete where there are no lines of the chosen months.
    """
    if not by.may(Permission.SIMULATION_RUN):
        raise NotPermitted(Permission.SIMULATION_RUN)
    published = simulations.programme_of(session, code, by)
    _check_months(session, draft, by)
    terms = parse_terms(draft.text, file=draft.file)
    if terms.code != code:
        raise FileRefused(problems=[Problem("other_programme", "code", terms.code, file=draft.file)])
    simulation = Simulation(
        programme_id=published.programme.id,
        version_id=published.version.id,
        text=draft.text,
        since=draft.since,
        until=draft.until,
        participants=draft.participants,
        counted=draft.counted,
        budget=draft.budget,
    )
    session.add(simulation)
    session.flush()
    return Asked(simulation, jobs.ask(session, JobKind.SIMULATION, simulation.id, by=by, at=at))


def cancel(session: Session, simulation_id: int, *, by: Actor, at: datetime) -> None:
    """Ends the computing of one of the office's simulations. Raises InvalidTransition where it has ended."""
    if not by.may(Permission.SIMULATION_RUN):
        raise NotPermitted(Permission.SIMULATION_RUN)
    jobs.cancel(session, simulations.of_organisation(session, simulation_id, by).job.id, by=by, at=at)


def result(stores: Stores, asked: Asked) -> Result | None:
    """What came of it; None until it is computed. Raises Conflict where the stored bytes were altered."""
    return from_bytes(stores.reports.read(asked.job.result_sha256)) if asked.job.result_sha256 else None


def _check_months(session: Session, draft: Draft, by: Actor) -> None:
    months = (draft.since, draft.until)
    problems = [
        Problem("not_a_month", field, month)
        for field, month in zip(("since", "until"), months, strict=True)
        if not is_month(month)
    ]
    if not problems and draft.until < draft.since:
        problems = [Problem("months_reversed", "until")]
    stored = [] if problems else simulations.months(session, by.organisation_id or 0)
    if not problems and not any(draft.since <= month <= draft.until for month in stored):
        problems = [Problem("no_lines", "since")]
    if problems:
        raise Incomplete(problems=problems)

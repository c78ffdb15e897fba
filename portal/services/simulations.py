"""Trying terms before publishing them: on stored lines as a background job, or on files without a database.

A simulation changes nothing but the list of simulations: no version of a programme is stored, no claim written.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from portal.assessment import assess
from portal.assessment.outputs import publish
from portal.domain.actors import Actor, Permission
from portal.domain.errors import FileRefused, Incomplete, NotPermitted, Problem
from portal.domain.jobs import JobKind
from portal.domain.periods import is_month
from portal.domain.simulations import Draft, Result, from_bytes
from portal.domain.terms import Terms, parse_terms
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


def assess_files(
    terms: Sequence[Path],
    *,
    lines: Sequence[str],
    links: Path,
    enrolments: Path,
    claims_out: Path,
    lines_out: Path | None,
    engine: str,
    memory: str | None,
    threads: int | None,
) -> dict[str, int]:
    """Writes claims (CSV) and, if asked, the decision on every line and item (Parquet), whole or not at all.

    Answers how many (line, item)s had which reason. Raises FileRefused with every problem of the inputs.
    """
    with assess(
        read_terms(terms),
        lines=lines,
        links=links,
        enrolments=enrolments,
        memory=memory,
        threads=threads,
        engine=engine,
        work=claims_out.resolve().parent,
    ) as assessment:
        outcomes = assessment.outcomes()
        writers: dict[Path, Callable[[Path], None]] = {claims_out: assessment.claims_into}
        if lines_out:
            writers[lines_out] = assessment.lines_into
        publish(writers)
        return outcomes


def read_terms(files: Sequence[Path]) -> list[Terms]:
    """Every terms file. Raises FileRefused with the problems of all of them."""
    found: list[Terms] = []
    problems: list[Problem] = []
    for file in files:
        try:
            found.append(parse_terms(file.read_text(encoding="utf-8"), file=str(file)))
        except FileRefused as refused:
            problems += refused.problems
        except (OSError, UnicodeDecodeError) as wrong:
            problems.append(Problem("unreadable", value=str(wrong)[:200], file=str(file)))
    if problems:
        raise FileRefused(problems=problems)
    return found

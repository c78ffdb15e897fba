"""Asks for simulations of an office and computes them at once, as a worker would."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace

from portal.domain.actors import Role
from portal.domain.simulations import Draft, Participants, Result, Window
from portal.domain.terms import Terms
from portal.domain.terms_text import as_toml
from portal.models.accounts import User
from portal.services import jobs, simulation_runs, simulations
from portal.services.simulations import Asked
from tests.factories import AT, actor, make_official
from tests.settled import Office


def make_manager(office: Office) -> User:
    return make_official(office.session, Role.MANAGER, name="사업담당")


def draft(text: str, **others: object) -> Draft:
    """A draft of March to December 2026 for those accepted, unless told otherwise."""
    plain = Draft(text, "", "2026-03", "2026-12", Participants.ACCEPTED, Window.TERMS)
    return replace(plain, **others)


def with_rate(terms: Terms, rate: str) -> str:
    """The terms with another rate of their first item, as TOML."""
    first, *others = terms.items
    amount = replace(first.amount, rate=type(first.amount.rate)(rate))
    return as_toml(replace(terms, items=(replace(first, amount=amount), *others)))


def ask(office: Office, given: Draft, by: User | None = None) -> Asked:
    asked = simulations.ask(office.session, office.code, given, by=actor(by or make_manager(office)), at=AT)
    office.session.flush()
    return asked


def compute(office: Office, asked: Asked) -> Result:
    """The result, the job done."""
    session, job = office.session, asked.job
    assert jobs.take_up(session, job.id, at=AT) is job
    sha256 = simulation_runs.compute(
        lambda: nullcontext(session), office.stores, office.lines, asked.id, progress=lambda _done, _of: None
    )
    jobs.finish(session, job.id, str(job.token), sha256, at=AT)
    found = simulations.result(office.stores, asked)
    assert found is not None
    return found


def simulate(office: Office, given: Draft) -> Result:
    return compute(office, ask(office, given))

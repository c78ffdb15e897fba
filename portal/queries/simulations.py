"""Looks up simulations, what they start from, and the facts about merchants by which their results are grouped."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.errors import NotFound
from portal.domain.jobs import OVER, JobKind
from portal.domain.periods import Month
from portal.models.accounts import User
from portal.models.jobs import Job
from portal.models.ledger import BudgetLine
from portal.models.merchants import AnnualSales, Merchant
from portal.models.programmes import Programme, ProgrammeVersion
from portal.models.settlements import Delivery
from portal.models.simulations import Simulation
from portal.queries import programmes
from portal.queries.programmes import Published

PAGE = 30


@dataclass(frozen=True, slots=True)
class Asked:
    """A simulation with the job that computes it."""

    simulation: Simulation
    job: Job

    @property
    def id(self) -> int:
        return self.simulation.id

    @property
    def over(self) -> bool:
        """Whether nothing more will come of it."""
        return self.job.status in OVER


@dataclass(frozen=True, slots=True)
class Facts:
    """A merchant as statistics see it; `sales` in won of the newest year stated, None where none was."""

    merchant_id: int
    region_code: str
    industry_edition: int
    industry_code: str
    workers_tenths: int
    sales: int | None


def page(session: Session, by: Actor, *, before: int | None = None) -> Sequence[Asked]:
    """A page of the simulations of the person's office, newest first."""
    query = _asked().where(Job.organisation_id == by.organisation_id).order_by(Simulation.id.desc()).limit(PAGE)
    if before is not None:
        query = query.where(Simulation.id < before)
    return [Asked(simulation, job) for simulation, job in session.execute(query)]


def of_organisation(session: Session, simulation_id: int, by: Actor) -> Asked:
    """One simulation of the person's office. Raises NotFound."""
    found = by_id(session, simulation_id)
    if found.job.organisation_id != by.organisation_id:
        raise NotFound(f"simulation {simulation_id}")
    return found


def by_id(session: Session, simulation_id: int) -> Asked:
    """Anybody's simulation: for the worker. Raises NotFound."""
    found = session.execute(_asked().where(Simulation.id == simulation_id)).one_or_none()
    if found is None:
        raise NotFound(f"simulation {simulation_id}")
    return Asked(*found)


def programme_of(session: Session, code: str, by: Actor) -> Published:
    """One of the office's programmes with the terms in force. Raises NotFound, also for another office's."""
    found = programmes.in_force(session, code)
    if found.programme.organisation_id != by.organisation_id:
        raise NotFound(code)
    return found


def versions(session: Session, programme_id: int) -> Sequence[ProgrammeVersion]:
    """Every stored version, newest first."""
    mine = select(ProgrammeVersion).where(ProgrammeVersion.programme_id == programme_id)
    return session.scalars(mine.order_by(ProgrammeVersion.number.desc())).all()


def start(session: Session, programme: Programme, *, version: int | None, like: int | None) -> str:
    """The text a draft starts from: an earlier draft's, a stored version's, or the newest version in force.

    Raises NotFound for another programme's.
    """
    if like is not None:
        draft = session.get(Simulation, like)
        if draft is None or draft.programme_id != programme.id:
            raise NotFound(f"simulation {like}")
        return draft.text
    if version is None:
        return programmes.in_force(session, programme.code).version.text
    stored = session.get(ProgrammeVersion, version)
    if stored is None or stored.programme_id != programme.id:
        raise NotFound(f"programme version {version}")
    return stored.text


def months(session: Session, organisation_id: int) -> list[Month]:
    """The months of which the office has lines, oldest first."""
    query = select(Delivery.period).where(Delivery.organisation_id == organisation_id, Delivery.accepted > 0)
    return list(session.scalars(query.distinct().order_by(Delivery.period)))


def budget(session: Session, programme_id: int) -> int:
    """Won on all budget lines of the programme."""
    total = select(func.coalesce(func.sum(BudgetLine.total), 0)).where(BudgetLine.programme_id == programme_id)
    return int(session.scalar(total) or 0)


def facts(session: Session, merchant_ids: Collection[int]) -> list[Facts]:
    """What is stored about these merchants."""
    newest = (
        select(AnnualSales.merchant_id, func.max(AnnualSales.year).label("year"))
        .group_by(AnnualSales.merchant_id)
        .subquery()
    )
    rows = session.execute(
        select(
            Merchant.id,
            Merchant.region_code,
            Merchant.industry_edition,
            Merchant.industry_code,
            Merchant.regular_workers_tenths,
            AnnualSales.amount,
        )
        .outerjoin(newest, newest.c.merchant_id == Merchant.id)
        .outerjoin(AnnualSales, (AnnualSales.merchant_id == Merchant.id) & (AnnualSales.year == newest.c.year))
        .order_by(Merchant.id)
    )
    wanted = set(merchant_ids)
    return [Facts(*row) for row in rows if row[0] in wanted]


def owners(session: Session, merchant_ids: Iterable[int]) -> dict[int, int]:
    """Merchant id -> the person who owns it."""
    wanted = set(merchant_ids)
    rows = session.execute(select(Merchant.id, User.person_id).join(User, User.id == Merchant.owner_id))
    return {merchant_id: person_id for merchant_id, person_id in rows if merchant_id in wanted}


def _asked() -> Select[*tuple[Any, ...]]:
    return select(Simulation, Job).join(Job, (Job.kind == JobKind.SIMULATION) & (Job.subject == Simulation.id))

"""Computing a simulation: the draft and the terms in force on the same lines and participants. Changes no row."""

from __future__ import annotations

import tempfile
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from portal import assessment, data
from portal.domain.assessment import Enrolment, LinkPeriod
from portal.domain.codes import regions_on
from portal.domain.errors import NotFound
from portal.domain.money import E4
from portal.domain.periods import Month, first_day, korean_date, korean_time, last_day
from portal.domain.simulations import By, Participants, PoolEnd, Result, Share, Side, Window, as_bytes
from portal.domain.terms import Terms, parse_terms
from portal.queries import links, programmes, simulations
from portal.queries.simulations import Asked, Facts
from portal.services import assessments, settlements
from portal.storage.lines import LineStore
from portal.storage.objects import Stores
from portal.storage.tallies import Count, Tallies

Progress = Callable[[int, int], None]
Reading = Callable[[], AbstractContextManager[Session]]

_SIDE = 100  # steps of progress for each of the two sides
_ASSESSED, _CLAIMS, _EXPLAINED = 60, 70, 90


@dataclass(frozen=True, slots=True)
class _World:
    """What both sides have in common. `others`: the office's other programmes as in force; they compete for orders."""

    others: Sequence[Terms]
    paths: Sequence[Path]
    links: Sequence[LinkPeriod]
    enrolments: Sequence[Enrolment]
    facts: Mapping[str, Mapping[str, str]]
    since: Month
    until: Month


def compute(reading: Reading, stores: Stores, lines: LineStore, simulation_id: int, *, progress: Progress) -> str:
    """Computes both sides and stores the result; its name among the reports. `reading`: opens a transaction to read in.

    Raises FileRefused where an assessment refuses what is stored or the draft's numbers.
    """
    with reading() as session:
        asked = simulations.by_id(session, simulation_id)
        chosen, code = asked.simulation, asked.simulation.programme.code
        inputs = assessments.gather(session, lines, asked.job.organisation_id)
        world = _world(session, lines, asked, inputs)
        in_force = programmes.read(chosen.version).terms
        draft = parse_terms(chosen.text)
        counted = chosen.counted
        budget = chosen.budget if chosen.budget is not None else simulations.budget(session, chosen.programme_id)
    first, second = (_within(terms, counted, world.since, world.until) for terms in (in_force, draft))
    before = _side(lines, world, first, _part(progress, 0))
    after = before if _pays_the_same(first, second) else _side(lines, world, second, _part(progress, 1))
    taking_part = {enrolment.merchant_id for enrolment in world.enrolments if enrolment.programme == code}
    result = Result(before, after, budget, inputs.upto, len(taking_part))
    return stores.reports.put(as_bytes(result)).sha256


def _world(session: Session, lines: LineStore, asked: Asked, inputs: assessments.Inputs) -> _World:
    chosen, office = asked.simulation, asked.job.organisation_id
    terms = [programmes.version(session, version_id).terms for version_id in inputs.versions]
    own = chosen.programme.code
    if own not in (one.code for one in terms):
        raise NotFound(own)
    found_links, enrolments = inputs.links, list(inputs.enrolments)
    if chosen.participants is Participants.LINKED:
        found_links = links.of_applicants(session, office)
        enrolments += _newcomers(session, asked, found_links, enrolments)
    merchants = {int(link.merchant_id) for link in found_links}
    on = korean_date(asked.job.asked_at)
    return _World(
        others=[one for one in terms if one.code != own],
        paths=settlements.taken_in(session, lines, office, upto=inputs.upto).paths,
        links=found_links,
        enrolments=enrolments,
        facts={str(facts.merchant_id): _codes(facts, on) for facts in simulations.facts(session, merchants)},
        since=chosen.since,
        until=chosen.until,
    )


def _newcomers(
    session: Session, asked: Asked, found: Sequence[LinkPeriod], enrolments: Sequence[Enrolment]
) -> list[Enrolment]:
    """Those who would take part as well, accepted when the simulation was asked for: after everybody who was."""
    own = asked.simulation.programme.code
    known = {enrolment.merchant_id for enrolment in enrolments if enrolment.programme == own}
    new = sorted({link.merchant_id for link in found} - known, key=int)
    owners = simulations.owners(session, map(int, new))
    accepted_at = korean_time(asked.job.asked_at).replace(tzinfo=None)
    return [Enrolment(own, merchant, str(owners[int(merchant)]), None, None, accepted_at) for merchant in new]


def _codes(facts: Facts, on: date) -> dict[str, str]:
    """By what a merchant is grouped; an old region code counts for its one successor."""
    heirs = regions_on(data.regions(), facts.region_code, on)
    return {
        By.REGION: heirs[0].code if len(heirs) == 1 else facts.region_code,
        By.INDUSTRY: f"{facts.industry_edition}:{facts.industry_code}",
        By.SALES: "" if facts.sales is None else str(_band("sales", facts.sales)),
        By.WORKERS: str(_band("workers", facts.workers_tenths)),
    }


def _band(by: str, value: int) -> int:
    """Where the band begins in which the value lies."""
    bounds = data.sizes(by)
    return bounds[bisect_right(bounds, value) - 1]


def _within(terms: Terms, counted: Window, since: Month, until: Month) -> Terms:
    """The terms with a cost window inside the chosen months, so that nothing outside of them is paid or uses a cap."""
    first, last = first_day(since), last_day(until)
    if counted is Window.PERIOD:
        return replace(terms, cost_from=first, cost_to=last)
    start, end = max(first, terms.cost_from), min(last, terms.cost_to)
    if end < start:  # nothing of the months counts: any window beside them says so
        start = end = first - timedelta(days=1)
    return replace(terms, cost_from=start, cost_to=end)


def _pays_the_same(first: Terms, second: Terms) -> bool:
    """Whether they differ in name and number alone: then one run answers for both."""
    return first == replace(second, name=first.name, version=first.version)


def _part(progress: Progress, number: int) -> Progress:
    """The progress of one side as part of both; `number` counts from 0."""
    return lambda done, of: progress(number * _SIDE + done * _SIDE // of, 2 * _SIDE)


def _side(lines: LineStore, world: _World, terms: Terms, progress: Progress) -> Side:
    """Assesses the lines under these terms, and counts what came of it."""
    with tempfile.TemporaryDirectory(dir=lines.aside()) as folder:
        claims, explanations = Path(folder) / "claims.csv", Path(folder) / "explanations.parquet"
        with assessment.assess(
            [terms, *world.others],
            lines=world.paths,
            links=world.links,
            enrolments=world.enrolments,
            memory=assessments.MEMORY,
            work=lines.aside(),
            progress=lambda done, of: progress(done * _ASSESSED // of, _SIDE),
        ) as assessed:
            assessed.write_claims(claims)
            progress(_CLAIMS, _SIDE)
            assessed.write_explanations(explanations)
        progress(_EXPLAINED, _SIDE)
        with Tallies(
            claims,
            explanations,
            programme=terms.code,
            since=world.since,
            until=world.until,
            facts=world.facts,
            work=Path(folder),
        ) as tallies:
            counted = _counted(tallies, terms)
        progress(_SIDE, _SIDE)
        return counted


def _counted(tallies: Tallies, terms: Terms) -> Side:
    whole, median = tallies.whole()
    shares = {By.MONTH: _shares(tallies.by_month()), By.ITEM: _shares(tallies.by_item(), unit=E4)}
    shares |= {by: _shares(tallies.by_fact(by)) for by in (By.REGION, By.INDUSTRY, By.SALES, By.WORKERS)}
    return Side(
        merchants=whole.merchants,
        lines=whole.lines,
        won=whole.amount,
        median=median,
        shares=shares,
        reasons=tallies.reasons([item.code for item in terms.items]),
        daily=tuple(tallies.by_day()),
        pools=tuple(
            PoolEnd(pool.per, pool.amount, pool.order_by, pool.legal, tuple(tallies.pool_ends(pool.per, pool.legal)))
            for pool in terms.pools
        ),
    )


def _shares(counts: Mapping[str, Count], *, unit: int = 1) -> tuple[Share, ...]:
    return tuple(Share(code, count.merchants, count.lines, count.amount // unit) for code, count in counts.items())

"""An assessment from beginning to end: the inputs through the steps, in their order. A pure function of its inputs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import ibis
import ibis.expr.types as ir

from portal.assessment import amounts, caps, competition, decisions, eligibility, inputs, pools, statements
from portal.assessment.columns import ENROLMENTS, LINES, LINKS, Column
from portal.assessment.engines import Engine, opened
from portal.assessment.links import linked
from portal.assessment.offers import Offers
from portal.assessment.results import Assessment
from portal.assessment.sources import Source, from_files, from_rows
from portal.domain.assessment import Enrolment, LinkPeriod
from portal.domain.errors import FileRefused, Problem
from portal.domain.periods import KOREA
from portal.domain.terms import Terms

T = TypeVar("T")

# what a row carries from step 7 on
_DECIDED = (
    *("platform", "order_no", "received_seq", "item", "rule", "merchant_id", "owner_id", "accepted_at", "ordered_at"),
    *("channel", "status", "basis", "kind_e4", "amount_e4", "already_given"),
)
_STEPS = 5  # told as progress
_DOUBTED = ("rank", "contested", "shared_key")


def assess(
    terms: Sequence[Terms],
    *,
    lines: Sequence[Path | str],
    links: Iterable[LinkPeriod] | Path,
    enrolments: Iterable[Enrolment] | Path,
    until: datetime | None = None,
    memory: str | None = None,
    threads: int | None = None,
    engine: str = "duckdb",
    work: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Assessment:
    """Assesses all `lines` (files, globs, folders). With `until`, statements count in full, but orders at or after that
    moment (aware, or naive Korean time) are left out. `memory` such as `2GB`; what does not fit is spilled into `work`.
    `progress` is told how many steps are done, and of how many; it may raise to end the run.

    Raises FileRefused with every problem of the inputs (docs/reference/assessment.md).
    """
    problems = _of_terms(terms)
    sources = [
        _gather(problems, lambda: from_files("lines", LINES, lines)),
        _gather(problems, lambda: _source("links", LINKS, links)),
        _gather(problems, lambda: _source("enrolments", ENROLMENTS, enrolments)),
    ]
    _refuse(problems)
    machine = opened(engine, memory=memory, threads=threads, work=work)
    try:
        told = progress or (lambda _done, _of: None)
        return _run(machine, Offers(terms), [source for source in sources if source], until, told)
    except BaseException:
        machine.close()
        raise


def _run(
    engine: Engine,
    offers: Offers,
    sources: Sequence[Source],
    until: datetime | None,
    progress: Callable[[int, int], None],
) -> Assessment:
    progress(0, _STEPS)
    lines, repeated, links, enrolments = _read(engine, offers, sources)
    rules = engine.table(offers.table())
    troubled = engine.keep(statements.troubled_keys(lines, repeated))
    progress(1, _STEPS)
    judged = _before(linked(statements.judged(lines, repeated, troubled), links), until)
    seats = engine.keep(eligibility.seats(enrolments, rules))

    order_caps = [(layer.step, engine.table(layer.limits)) for layer in offers.order_caps]
    priced = amounts.by_kind(eligibility.eligible(judged, seats, rules), engine.table(offers.tariffs()))
    granted, _ = amounts.order_capped(priced, order_caps)
    granted = engine.keep(granted.mutate(already_given=ibis.literal(False)).select(*_DECIDED, *_DOUBTED))
    progress(2, _STEPS)
    resolved = engine.keep(competition.resolved(granted.filter(competition.doubtful(granted))))

    decided = _one_off(_one_each(granted, resolved), offers.one_offs)
    progress(3, _STEPS)
    decided, by_caps = caps.capped(engine, decided, offers.caps)
    progress(4, _STEPS)
    decided, by_pools = pools.pooled(engine, decided, offers.pools)
    _, by_order_caps = amounts.order_capped(decided, order_caps)
    progress(5, _STEPS)
    return Assessment(
        engine,
        offers,
        decisions.Working(
            lines=judged,
            seats=seats,
            offers=rules,
            marks=engine.table(offers.marks()),
            granted=granted,
            resolved=resolved,
            decided=decided,
            cuts=[*by_order_caps, *by_caps, *by_pools],
        ),
    )


def _read(engine: Engine, offers: Offers, sources: Sequence[Source]) -> tuple[ir.Table, ir.Table, ir.Table, ir.Table]:
    """lines, repeated orders, links, enrolments; or FileRefused with the problems of all of them together."""
    lines, links, enrolments = sources
    problems: list[Problem] = []
    rows = _gather(problems, lambda: inputs.lines(engine, lines))
    repeated = _gather(problems, lambda: inputs.repeated(engine, lines, rows)) if rows is not None else None
    periods = _gather(problems, lambda: inputs.links(engine, links))
    seats = _gather(problems, lambda: inputs.enrolments(engine, enrolments, offers.units))
    if rows is None or repeated is None or periods is None or seats is None:
        raise FileRefused(problems=problems)
    return rows, repeated, periods, seats


def _before(lines: ir.Table, until: datetime | None) -> ir.Table:
    if until is None:
        return lines
    local = until.astimezone(KOREA).replace(tzinfo=None) if until.tzinfo else until
    return lines.filter(lines.ordered_at < ibis.literal(local, "timestamp(6)"))


def _one_each(granted: ir.Table, resolved: ir.Table) -> ir.Table:
    """The granted rows that competition and duplicates leave."""
    sure = granted.filter(~competition.doubtful(granted))
    return ibis.union(sure.select(*_DECIDED), resolved.filter(~resolved.duplicate).select(*_DECIDED))


def _one_off(rows: ir.Table, rules: Sequence[int]) -> ir.Table:
    if not rules:
        return rows
    once = amounts.first_only(rows.filter(rows.rule.isin(rules)))
    return ibis.union(rows.filter(rows.rule.notin(rules)), once.select(*rows.columns))


def _of_terms(terms: Sequence[Terms]) -> list[Problem]:
    codes = [one.code for one in terms]
    problems = [Problem("repeated_programme", "code", code) for code in sorted(set(codes)) if codes.count(code) > 1]
    return problems if terms else [Problem("missing_terms")]


def _source(name: str, columns: tuple[Column, ...], given: Iterable[object] | Path) -> Source:
    return from_files(name, columns, [given]) if isinstance(given, Path) else from_rows(name, columns, given)


def _gather(problems: list[Problem], read: Callable[[], T]) -> T | None:
    try:
        return read()
    except FileRefused as refused:
        problems.extend(refused.problems)
        return None


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise FileRefused(problems=problems)

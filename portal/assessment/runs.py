"""An assessment from beginning to end: the inputs through the steps, in their order. A pure function of its inputs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

import ibis
import ibis.expr.types as ir

from portal.assessment import amounts, caps, carrying, competition, eligibility, inputs, links, pools, seats, statements
from portal.assessment.clamping import united
from portal.assessment.columns import ENROLMENTS, LINES, LINKS, Column
from portal.assessment.decisions import Working
from portal.assessment.engines import Engine, opened
from portal.assessment.inputs import Inputs, gathered
from portal.assessment.links import taking_part
from portal.assessment.numbering import numbered
from portal.assessment.offers import Offers, Tables
from portal.assessment.results import Assessment
from portal.assessment.sources import Source, from_files, from_rows
from portal.domain.assessment import Enrolment, LinkPeriod
from portal.domain.errors import FileRefused, Problem
from portal.domain.periods import KOREA
from portal.domain.terms import Terms


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
    detail: bool = True,
    rows_at_once: int | None = None,
    carried: Sequence[Path] = (),
    progress: Callable[[int, int], None] | None = None,
) -> Assessment:
    """Assesses all `lines` (files, globs, folders). `memory` such as `2GB`; what does not fit is spilled into `work`.

    With `until`, statements count in full, but orders at or after that moment (aware, or naive Korean time) are left
    out.

    Without `detail` only claims, summaries and outcomes can be asked for, and less has to be remembered. More lines
    than `rows_at_once` (what fits into the memory, unless told) are worked through in parts. `progress` is called with
    steps done and steps in all; it may raise to end the run.

    `carried`: the folders that earlier runs left (`Assessment.carry`), each over orders later than the one before. Then
    `lines` are those of still later orders, and claims and summaries are of the merchants and months these are about.
    Terms must be the same, and links and enrolments as they were for all earlier dates. Raises Outdated where the lines
    change what was assessed before.

    Raises FileRefused with every problem of the inputs (docs/reference/assessment.md).
    """
    problems = _of_terms(terms)
    sources = [
        gathered(problems, lambda: from_files("lines", LINES, lines)),
        gathered(problems, lambda: _source("links", LINKS, links)),
        gathered(problems, lambda: _source("enrolments", ENROLMENTS, enrolments)),
    ]
    if problems:
        raise FileRefused(problems=problems)
    machine = opened(engine, memory=memory, threads=threads, work=work)
    try:
        offers = Offers(terms)
        at_once = rows_at_once or machine.rows_at_once
        later = partial(carrying.check, machine, carried, offers) if carried else None
        read = inputs.read(machine, [source for source in sources if source], offers.units, at_once, later)
        worked = _worked(machine, offers, read, carried, until, progress or _untold, detail=detail)
        return Assessment(machine, offers, worked)
    except BaseException:
        machine.close()
        raise


def _worked(
    engine: Engine,
    offers: Offers,
    read: Inputs,
    folders: Sequence[Path],
    until: datetime | None,
    progress: Callable[[int, int], None],
    *,
    detail: bool,
) -> Working:
    steps = read.parts + 2
    progress(1, steps)
    rules, tariffs = engine.table(offers.table()), offers.tariffs()
    terms = Tables(offers, rules, engine.table(tariffs) if tariffs.num_rows else None)
    merchants, owners = (
        numbered(engine, read.links.select("merchant_id")),
        numbered(engine, read.enrolments.select("owner_id")),
    )
    named = read.links.select("platform")
    platforms = numbered(engine, ibis.union(named, carrying.platforms_of(engine, folders)) if folders else named)
    earlier = carrying.opened(engine, folders, offers, merchants, owners, platforms) if folders else None
    benches = seats.seated(engine, read.enrolments, terms, merchants, owners, read.parts)
    tied = engine.keep(links.tied(read.links, merchants, platforms, benches.of_merchant))

    judged = engine.keep(_before(links.linked(statements.judged(read.suspects), tied), until))
    told = eligibility.told(taking_part(judged), benches, terms, detail=True, more=["shared_key", "bucket"])
    again = engine.keep(competition.placed(eligibility.granted(told, terms)))
    settled = again.filter(~again.duplicate)

    plain = engine.view(_before(links.linked(statements.plain(read.lines, read.several), tied), until))
    told = eligibility.told(taking_part(plain), benches, terms, detail=detail, more=["bucket"])
    decided = []
    for bucket, rows in enumerate(engine.parted(told, "bucket", read.parts)):
        granted = eligibility.granted(rows, terms)
        mine = settled.filter(settled.bucket == bucket).select(*granted.columns)
        granted = engine.view(seats.known(ibis.union(granted, mine), benches, terms))
        granted = amounts.first_only(granted, offers.one_offs, earlier.given if earlier else None)
        if offers.one_offs:
            granted = engine.view(granted)
        decided.append(engine.view(caps.capped(engine, granted, offers.caps, earlier.caps if earlier else None)))
        progress(bucket + 2, steps)
    return Working(
        lines=engine.view(united([plain, judged.select(*plain.columns)])),
        benches=benches,
        terms=terms,
        marks=engine.table(offers.marks()),
        merchants=merchants,
        platforms=platforms,
        duplicates=again.filter(again.duplicate),
        decided=pools.pooled(engine, decided, offers.pools, earlier.pools if earlier else None),
        order_caps=[(layer.step, engine.table(layer.limits)) for layer in offers.order_caps],
        source=read.lines,
        carried=earlier,
        owners=owners,
        steps=sorted({layer.step for layer in (*offers.caps, *offers.pools)}),
    )


def _before(lines: ir.Table, until: datetime | None) -> ir.Table:
    if until is None:
        return lines
    local = until.astimezone(KOREA).replace(tzinfo=None) if until.tzinfo else until
    return lines.filter(lines.ordered_at < ibis.literal(local, "timestamp(6)"))


def _of_terms(terms: Sequence[Terms]) -> list[Problem]:
    codes = [one.code for one in terms]
    problems = [Problem("repeated_programme", "code", code) for code in sorted(set(codes)) if codes.count(code) > 1]
    return problems if terms else [Problem("missing_terms")]


def _source(name: str, columns: tuple[Column, ...], given: Iterable[object] | Path) -> Source:
    return from_files(name, columns, [given]) if isinstance(given, Path) else from_rows(name, columns, given)


def _untold(done: int, of: int) -> None:
    """Nobody asked to be told how far the run is."""

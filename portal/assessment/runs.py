"""An assessment from beginning to end: the inputs through the steps, in their order. A pure function of its inputs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from portal.assessment import (
    amounts,
    caps,
    carrying,
    competition,
    eligibility,
    inputs,
    links,
    pools,
    seats,
    statements,
    suspicion,
)
from portal.assessment.columns import ENROLMENTS, LINES, LINKS, Column
from portal.assessment.decisions import Working
from portal.assessment.engines import Engine, opened
from portal.assessment.inputs import Inputs, gathered
from portal.assessment.numbering import numbered, numbers, ordered, together
from portal.assessment.offers import Offers, Tables
from portal.assessment.results import Assessment
from portal.assessment.seats import Benches
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
        with inputs.told_where(read.source):
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
    tariffs = offers.tariffs()
    terms = Tables(offers, engine.table(offers.table()), engine.table(tariffs) if tariffs.num_rows else None)
    merchants, owners = (
        numbered(engine, read.links.select("merchant_id")),
        numbered(engine, read.enrolments.select("owner_id")),
    )
    platforms = _platforms(engine, read, folders, offers)
    earlier = carrying.opened(engine, folders, offers, merchants, owners, platforms) if folders else None
    benches = seats.seated(engine, read.enrolments, terms, merchants, owners, read.parts)
    tied = engine.keep(links.tied(read.links, merchants, platforms, benches.of_merchant))
    told = _told(engine, read, links.linked(read.right, platforms, tied), benches, terms, detail=detail)
    judged = _before(suspicion.judged(engine, read, told, platforms), until)
    again = eligibility.granted(_taking_part(judged), terms, detail=detail, more=["basis", "shared_key", "bucket"])
    again = engine.keep(competition.placed(again))
    settled = again.filter(~again.duplicate)

    plain = [
        engine.view(statements.plain(_before(rows, until), engine.keep(suspicion.prints_of(judged, bucket))))
        for bucket, rows in enumerate(told)
    ]
    decided = []
    for bucket, rows in enumerate(plain):
        granted = eligibility.granted(_taking_part(rows), terms, detail=detail)
        mine = settled.filter(settled.bucket == bucket).select(*granted.columns)
        granted = engine.view(seats.known(ibis.union(granted, mine), benches, terms))
        granted = amounts.first_only(granted, offers.one_offs, earlier.given if earlier else None)
        if offers.one_offs:
            granted = engine.view(granted)
        decided.append(engine.view(caps.capped(engine, granted, offers.caps, earlier.caps if earlier else None)))
        progress(bucket + 2, steps)
    return Working(
        told=[*plain, judged.select(*plain[0].columns)],
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


def _platforms(engine: Engine, read: Inputs, folders: Sequence[Path], offers: Offers) -> ir.Table:
    """name, number, platform_bit of every platform that anybody names."""
    named = [read.lines.select("platform"), read.links.select("platform"), *carrying.platforms_of(engine, folders)]
    names = together([ordered(engine, table) for table in named])
    bits = pa.array([offers.platform_bit(name) for name in names.to_pylist()], pa.int64())
    return engine.table(numbers(names).append_column("platform_bit", bits))


def _told(
    engine: Engine, read: Inputs, linked: ir.Table, benches: Benches, terms: Tables, *, detail: bool
) -> list[ir.Table]:
    """Every line with what each item's rules say of it, in parts by merchants. Raises FileRefused for wrong cells."""
    rows = eligibility.told(engine, engine.view(linked), benches, terms, wide=suspicion.wide(read), detail=detail)
    told = engine.parted(rows, "bucket", read.parts)
    inputs.whole(engine, read, told)
    return told


def _taking_part(rows: ir.Table) -> ir.Table:
    """The lines that reach step 4: current, not cancelled, linked."""
    return rows.filter(~rows.superseded & ~rows.cancelled & rows.merchant.notnull())


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

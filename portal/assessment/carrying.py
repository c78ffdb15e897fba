"""What a run leaves to the next one, so that later orders are assessed without reading the earlier ones again.

Each run writes a folder with what it changed; the next run is given all folders since the first. What has been used of
a cap or pool, and what claims come to, only grows: of several folders the largest figure is the last.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import ibis
import ibis.expr.types as ir

from portal.assessment import statements
from portal.assessment.engines import Engine
from portal.assessment.offers import Offers
from portal.domain.errors import Conflict, Problem

MANIFEST = "carried.json"


class Outdated(Conflict):
    """Lines came that change what was assessed before: everything has to be assessed again."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What earlier runs used, of the merchants whose lines are assessed now; numbers are those of this run.

    `caps`: step, rule, who, when, used_e4; `pools`: step, limit_group, when, used_e4; `given`: rule, merchant of
    one_offs; `sums`: rule, merchant, platform_no, month, lines, exact_e4 of the last month.
    """

    caps: ir.Table
    pools: ir.Table
    given: ir.Table
    sums: ir.Table


def fingerprint(offers: Offers, engine: Engine) -> str:
    """Of the terms and of the engine, whose hashes are its own."""
    return hashlib.sha256(f"{engine.version} {offers.terms!r}".encode()).hexdigest()


def check(engine: Engine, folders: Sequence[Path], offers: Offers, lines: ir.Table) -> None:
    """Raises Outdated unless all `lines` are of later orders, and nobody spoke of these orders before."""
    manifests = [json.loads((folder / MANIFEST).read_text()) for folder in folders]
    if any(one["fingerprint"] != fingerprint(offers, engine) for one in manifests):
        raise Outdated(problems=[Problem("other_terms", "terms")])
    until = max((one["until"] for one in manifests if one["until"]), default=None)
    early = (
        lines.filter(lines.ordered_at <= ibis.literal(datetime.fromisoformat(until), "timestamp(6)")) if until else None
    )
    if early is not None and engine.count(early):
        raise Outdated(problems=[Problem("earlier_orders", "ordered_at", str(until))])
    known = engine.read_parquet([folder / "prints.parquet" for folder in folders])
    told = engine.keep(statements.long_prints(lines))
    if engine.count(known.semi_join(told, "print").limit(1)):
        raise Outdated(problems=[Problem("orders_told_before", "order_no")])
    engine.forget(told)


def opened(
    engine: Engine, folders: Sequence[Path], offers: Offers, merchants: ir.Table, owners: ir.Table, platforms: ir.Table
) -> Carried:
    """The figures of all folders in this run's numbers (tables of name, number)."""
    caps = _read(engine, folders, "caps")
    whose = ibis.union(merchants.mutate(owned=ibis.literal(False)), owners.mutate(owned=ibis.literal(True)))
    caps = caps.inner_join(whose, [caps.who == whose.name, caps.owned == whose.owned])
    caps = caps.group_by("step", "rule", "when", who=caps.number).agg(used_e4=caps.used_e4.max())
    pools = _read(engine, folders, "pools")
    given = _read(engine, folders, "given")
    given = given.inner_join(merchants, given.merchant == merchants.name).select("rule", merchant="number").distinct()
    sums = _read(engine, folders, "sums")
    sums = (
        sums.inner_join(merchants, sums.merchant == merchants.name).drop("merchant", "name").rename(merchant="number")
    )
    sums = sums.inner_join(platforms, sums.platform == platforms.name).drop("name").rename(platform_no="number")
    return Carried(
        caps=engine.keep(caps),
        pools=engine.keep(pools.group_by("step", "limit_group", "when").agg(used_e4=pools.used_e4.max())),
        given=engine.keep(given),
        sums=engine.keep(
            sums.group_by("rule", "merchant", "platform_no", "month").agg(
                lines=sums.lines.max(), exact_e4=sums.exact_e4.max()
            )
        ),
    )


def platforms_of(engine: Engine, folders: Sequence[Path]) -> list[ir.Table]:
    """The `platform`s of earlier sums, if there are any."""
    return [_read(engine, folders, "sums").select("platform")] if folders else []


def _read(engine: Engine, folders: Sequence[Path], name: str) -> ir.Table:
    return engine.read_parquet([folder / f"{name}.parquet" for folder in folders])

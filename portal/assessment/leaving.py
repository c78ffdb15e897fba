"""Writing what a run leaves to the next one (see `carrying`): figures of the last periods, and whom orders are of."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import ibis
import ibis.expr.types as ir

from portal.assessment import calendar, caps, claims, outputs, pools, statements
from portal.assessment.carrying import MANIFEST, fingerprint
from portal.assessment.clamping import total, united
from portal.assessment.decisions import Working
from portal.assessment.engines import Engine
from portal.domain.kinds import CapPer


def write(engine: Engine, work: Working, folder: Path) -> None:
    """Fills the folder; the manifest comes last."""
    offers = work.terms.offers
    until = engine.rows(work.source.agg(until=work.source.ordered_at.max()))[0]["until"]
    now = ibis.literal(until, "timestamp(6)") if until else ibis.null("timestamp(6)")
    for name, rows in (
        ("prints", statements.long_prints(work.source)),
        ("caps", _caps(engine, work, now)),
        ("pools", _pools(engine, work, now)),
        ("given", _given(engine, work)),
        ("sums", _sums(engine, work, now)),
    ):
        outputs.write_parquet(folder / f"{name}.parquet", engine.batches(rows), rows.schema().to_pyarrow())
    manifest = {"fingerprint": fingerprint(offers, engine), "until": until.isoformat() if until else None}
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")


def _caps(engine: Engine, work: Working, now: ir.Value) -> ir.Table:
    """What was used of the caps so far in periods that go on: step, rule, who (a name), owned, when, used_e4."""
    offers, found = work.terms.offers, []
    layers = [*offers.caps, *offers.pools]
    whose = ibis.union(work.merchants.mutate(owned=ibis.literal(False)), work.owners.mutate(owned=ibis.literal(True)))
    keys = ("rule", "who", "when", "per")
    for layer in offers.caps:
        limits = engine.table(layer.limits)
        used = [engine.keep(caps.used_up(rows, layers, limits, layer)) for rows in work.decided]
        if work.carried is not None:
            earlier = work.carried.caps.filter(work.carried.caps.step == layer.step)
            pers = limits.select("per", per_rule="limit_rule")
            earlier = earlier.inner_join(pers, earlier.rule == pers.per_rule)
            used.append(earlier.select(*keys, "used_e4"))
        rows = _going_on(united(used), keys, now)
        rows = rows.mutate(owned=rows.per == str(CapPer.OWNER))
        named = rows.inner_join(whose, [rows.who == whose.number, rows.owned == whose.owned])
        step = ibis.literal(layer.step, "int32")
        found.append(named.select("rule", "owned", "when", "used_e4", step=step, who="name"))
    return (
        united(found)
        if found
        else _none(engine, rule="int32", owned="boolean", when="int32", used_e4="int64", step="int32", who="string")
    )


def _pools(engine: Engine, work: Working, now: ir.Value) -> ir.Table:
    """What was spent of the pools so far in periods that go on: step, limit_group, when, used_e4."""
    offers, found = work.terms.offers, []
    layers = [*offers.caps, *offers.pools]
    keys = ("limit_group", "when", "per")
    for layer in offers.pools:
        limits = engine.table(layer.limits)
        used = [engine.keep(pools.used_up(rows, layers, limits, layer)) for rows in work.decided]
        if work.carried is not None:
            earlier = work.carried.pools.filter(work.carried.pools.step == layer.step)
            pers = limits.select("per", per_group="limit_group").distinct()
            earlier = earlier.inner_join(pers, earlier.limit_group == pers.per_group)
            used.append(earlier.select(*keys, "used_e4"))
        step = ibis.literal(layer.step, "int32")
        found.append(_going_on(united(used), keys, now).select("limit_group", "when", "used_e4", step=step))
    return united(found) if found else _none(engine, limit_group="int32", when="int32", used_e4="int64", step="int32")


def _going_on(used: ir.Table, keys: Sequence[str], now: ir.Value) -> ir.Table:
    rows = used.group_by(*keys).agg(used_e4=total(used.used_e4))
    return rows.filter(rows.when == calendar.period(rows.per, now))


def _given(engine: Engine, work: Working) -> ir.Table:
    """Whose one_offs have been given: rule, merchant (a name)."""
    rules = work.terms.offers.one_offs
    if not rules:
        return _none(engine, rule="int32", merchant="string")
    rows = united([rows.filter(rows.rule.isin(rules)).select("rule", "merchant") for rows in work.decided]).distinct()
    return rows.inner_join(work.merchants, rows.merchant == work.merchants.number).select("rule", merchant="name")


def _sums(engine: Engine, work: Working, now: ir.Value) -> ir.Table:
    """What the claims of the last month come to: rule, merchant, platform (names), month, lines, exact_e4."""
    rows = claims.by_rule(engine, work)
    keys = ("rule", "merchant", "platform_no", "month")
    rows = (
        rows.filter(rows.month == calendar.month(now))
        .group_by(*keys)
        .agg(lines=total(rows.lines), exact_e4=total(rows.exact_e4))
    )
    platforms = work.platforms.select(platform="name", of_platform="number")
    named = rows.inner_join(work.merchants, rows.merchant == work.merchants.number)
    named = named.inner_join(platforms, named.platform_no == platforms.of_platform)
    return named.select("rule", "platform", "month", "lines", "exact_e4", merchant="name")


def _none(engine: Engine, **columns: str) -> ir.Table:
    return engine.table(ibis.schema(columns).to_pyarrow().empty_table())

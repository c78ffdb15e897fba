"""Running the portal's assessment on a world, and both implementations' answers in one shape."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pyarrow.parquet as pq

from portal.assessment import Assessment, assess
from portal.domain.assessment import Enrolment, LinkPeriod
from portal.domain.terms import Terms, parse_terms
from tests.assessment import reference
from tests.assessment.files import toml, write_csv
from tests.assessment.worlds import World

Decisions = dict[tuple[str, str, int, str], tuple[str, str, int, str]]
Claims = dict[tuple[str, str, str], tuple[int, int, int]]
Cuts = dict[tuple[str, str, int, str], tuple[int, int, tuple[tuple[str, str, str, int], ...]]]


class Answer(NamedTuple):
    """What an assessment says: every decision, every claim, and what took how much from the lines that had some."""

    decisions: Decisions
    claims: Claims
    cuts: Cuts


def terms_of(world: World) -> list[Terms]:
    return [parse_terms(toml(terms)) for terms in world.terms]


def started(world: World, folder: Path, **options: Any) -> Assessment:
    """The world assessed: lines from one CSV file, the rest from records."""
    write_csv(folder / "lines.csv", world.lines, list(world.lines[0]))
    return assess(
        terms_of(world),
        lines=[folder / "lines.csv"],
        links=[LinkPeriod(**link) for link in world.links],
        enrolments=[Enrolment(**seat) for seat in world.enrolments],
        until=world.until,
        **options,
    )


def assessed(world: World, **options: Any) -> Answer:
    """The portal's answer."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with started(world, folder, **options) as assessment:
            assessment.write_lines(folder / "decided.parquet")
            assessment.write_explanations(folder / "explained.parquet")
            claims = {
                (row.programme, row.merchant_id, row.period): (row.lines, row.exact_e4, row.payable)
                for row in assessment.claims()
            }
        return Answer(decided(folder / "decided.parquet"), claims, explained(folder / "explained.parquet"))


def recomputed(world: World, by: Any = reference) -> Answer:
    """The second implementation's answer, or that of a bent one."""
    answer = by.recompute(world.terms, world.lines, world.links, world.enrolments, world.until)
    return Answer(answer.decisions, answer.claims, answer.cuts)


def decided(path: Path) -> Decisions:
    """Lines-out as a dictionary; every (line, item) is there once."""
    rows = pq.read_table(path).to_pylist()
    found: Decisions = {
        (row["platform"], row["order_no"], row["received_seq"], row["item"]): (
            row["programme"],
            row["merchant_id"],
            row["amount_e4"],
            row["reason"],
        )
        for row in rows
    }
    assert len(found) == len(rows)
    return found


def explained(path: Path) -> Cuts:
    """What explanations say of the lines that reached the amounts; nothing may have been taken from the others."""
    found: Cuts = {}
    for row in pq.read_table(path).to_pylist():
        cuts = tuple((cut["what"], cut["per"], cut["legal"], cut["taken_e4"]) for cut in json.loads(row["cuts"]))
        place = row["platform"], row["order_no"], row["received_seq"], row["item"]
        if row["reason"] in ("paid", "reduced", "capped") or (row["reason"] == "no_cost" and row["basis"] > 0):
            found[place] = (row["basis"], row["kind_e4"], cuts)
        else:
            assert cuts == ()
    return found


def shuffled(rows: list[dict[str, Any]], seed: int) -> list[dict[str, Any]]:
    return Random(seed).sample(rows, len(rows))

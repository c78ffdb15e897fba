"""Running the portal's assessment on a world, and both implementations' answers in one shape."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import pyarrow.parquet as pq

from portal.assessment import Assessment, assess
from portal.domain.assessment import Enrolment, LinkPeriod
from portal.domain.terms import Terms, parse_terms
from tests.assessment.worlds import World, toml, write_csv

Decisions = dict[tuple[str, str, int, str], tuple[str, str, int, str]]
Claims = dict[tuple[str, str, str], tuple[int, int, int]]


def terms_of(world: World) -> list[Terms]:
    return [parse_terms(toml(terms)) for terms in world.terms]


def started(world: World, folder: Path, **options: Any) -> Assessment:
    """The world assessed: lines from one CSV file, the rest from records."""
    write_csv(folder / "lines.csv", world.lines)
    return assess(
        terms_of(world),
        lines=[folder / "lines.csv"],
        links=[LinkPeriod(**link) for link in world.links],
        enrolments=[Enrolment(**seat) for seat in world.enrolments],
        **options,
    )


def assessed(world: World, folder: Path, **options: Any) -> tuple[Decisions, Claims]:
    """(decisions, claims) in the shape of reference.recompute."""
    with started(world, folder, **options) as assessment:
        assessment.write_lines(folder / "decided.parquet")
        claims = {
            (row.programme, row.merchant_id, row.period): (row.lines, row.exact_e4, row.payable)
            for row in assessment.claims()
        }
    return decided(folder / "decided.parquet"), claims


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


def shuffled(rows: Sequence[dict[str, Any]], seed: int) -> list[dict[str, Any]]:
    return Random(seed).sample(list(rows), len(rows))

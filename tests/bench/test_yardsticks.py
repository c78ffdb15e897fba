"""What the assessment is measured against pays the same claims as the assessment itself, to the byte."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from portal.domain.terms import Terms
from tests.bench import by_pandas, by_sql
from tests.bench.bench_nation import by_portal
from tests.bench.nation import Nation, founded, night

WAYS = {"pandas": by_pandas.write_claims, "sql": by_sql.write_claims}
LINES = 30_000


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Nation:
    """A hundred lines for each merchant, so that caps and pools end everywhere, and the night after."""
    nation = founded(tmp_path_factory.mktemp("nation"), LINES, merchants=300)
    night(nation.lines / "night.parquet", LINES, 500, merchants=300)
    return nation


@pytest.fixture(scope="module")
def claims(crowded: Nation, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    out = tmp_path_factory.mktemp("claims") / "claims.csv"
    by_portal(crowded, out)
    return out.read_bytes()


@pytest.mark.parametrize("way", WAYS)
def test_a_yardstick_pays_the_same_claims(way: str, crowded: Nation, claims: bytes, tmp_path: Path) -> None:
    WAYS[way](crowded, tmp_path / "claims.csv")
    assert (tmp_path / "claims.csv").read_bytes() == claims


@pytest.mark.parametrize("way", WAYS)
def test_one_won_more_in_one_cap_shows(way: str, crowded: Nation, claims: bytes, tmp_path: Path) -> None:
    county = next(one for one in crowded.terms if one.code == "county-01")
    others = [one for one in crowded.terms if one is not county]
    bent = replace(crowded, terms=(*others, _with_a_larger_cap(county)))
    WAYS[way](bent, tmp_path / "claims.csv")
    assert (tmp_path / "claims.csv").read_bytes() != claims


def test_the_crowded_nation_has_every_programme_and_the_month_after(crowded: Nation, claims: bytes) -> None:
    rows = [row.split(",") for row in claims.decode().splitlines()[1:]]
    assert {row[0] for row in rows} == {terms.code for terms in crowded.terms}
    assert "2026-09" in {row[2] for row in rows}


def test_terms_of_another_shape_are_refused_by_the_sql_written_for_this_one(crowded: Nation, tmp_path: Path) -> None:
    alone = replace(crowded, terms=crowded.terms[:1])
    with pytest.raises(ValueError, match="shape"):
        by_sql.write_claims(alone, tmp_path / "claims.csv")


def _with_a_larger_cap(terms: Terms) -> Terms:
    """One won more for an order's delivery, which many orders come up to."""
    delivery, *others = terms.items
    order, *running = delivery.caps
    larger = replace(order, amount=order.amount + 1)
    return replace(terms, items=(replace(delivery, caps=(larger, *running)), *others))

"""What the contract promises about every assessment, whatever the terms: order, splitting, limits, sums."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from datetime import datetime
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from portal.assessment import Assessment, assess, explain
from portal.domain.assessment import Enrolment, LinkPeriod
from portal.domain.kinds import CapPer
from portal.domain.terms import parse_terms
from tests.assessment.assessing import decided, shuffled, started, terms_of
from tests.assessment.worlds import World, toml, world, write_csv


@pytest.fixture(scope="module")
def one() -> World:
    return world(Random(27), orders=300)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("assessed")


@pytest.fixture(scope="module")
def assessment(one: World, folder: Path) -> Assessment:
    with started(one, folder, threads=1) as assessment:
        assessment.write_claims(folder / "claims.csv")
        assessment.write_lines(folder / "decided.parquet")
        assessment.write_explanations(folder / "explained.parquet")
    return assessment


def test_order_splitting_format_threads_and_memory_change_no_byte_of_the_claims(
    one: World, folder: Path, assessment: Assessment, tmp_path: Path
) -> None:
    lines = shuffled(one.lines, 1)
    columns = list(lines[0])
    write_csv(tmp_path / "some.csv", lines[:50], columns)
    write_csv(tmp_path / "other columns first.csv", lines[50:120], columns[::-1])
    write_csv(tmp_path / "rest.csv", lines[120:], columns)
    pq.write_table(pa.csv.read_csv(tmp_path / "rest.csv"), tmp_path / "rest.parquet")
    (tmp_path / "rest.csv").unlink()
    with assess(
        terms_of(one)[::-1],
        lines=[tmp_path],
        links=write_csv(folder / "links.csv", shuffled(one.links, 2)),
        enrolments=write_csv(folder / "enrolments.csv", shuffled(one.enrolments, 3)),
        memory="200MB",
        threads=3,
    ) as again:
        again.write_claims(tmp_path / "claims.csv")
    assert (tmp_path / "claims.csv").read_bytes() == (folder / "claims.csv").read_bytes()
    assert (folder / "claims.csv").read_bytes().count(b"\n") > 5


def test_lines_out_add_up_to_the_claims_and_claims_to_their_parts(folder: Path, assessment: Assessment) -> None:
    sums: Counter[tuple[str, str]] = Counter()
    for programme, merchant, e4, _ in decided(folder / "decided.parquet").values():
        sums[programme, merchant] += e4
    claimed: Counter[tuple[str, str]] = Counter()
    with (folder / "claims.csv").open(encoding="utf-8", newline="") as opened:
        for row in csv.DictReader(opened):
            claimed[row["programme"], row["merchant_id"]] += int(row["exact_e4"])
    assert +sums == claimed
    assert claimed


def test_every_line_and_item_is_decided_once_and_an_order_paid_once(
    one: World, folder: Path, assessment: Assessment
) -> None:
    decisions = decided(folder / "decided.parquet")
    items = {item["code"] for terms in one.terms for item in terms["item"]}
    assert len(decisions) == len(one.lines) * len(items)
    origins = {(line["platform"], line["order_no"], line["received_seq"]): line["origin_key"] for line in one.lines}
    paid = Counter(
        (origins[platform, order_no, seq] or f"{platform}:{order_no}", item)
        for (platform, order_no, seq, item), (_, _, e4, _) in decisions.items()
        if e4
    )
    assert set(paid.values()) == {1}


def test_no_cap_and_no_pool_is_exceeded_by_one_e4(one: World, folder: Path, assessment: Assessment) -> None:
    rows = [row for row in pq.read_table(folder / "explained.parquet").to_pylist() if row["amount_e4"]]
    limits = 0
    for terms in terms_of(one):
        mine = [row for row in rows if row["programme"] == terms.code]
        for item in terms.items:
            for cap in item.caps:
                spent: Counter[object] = Counter()
                for row in mine:
                    if row["item"] == item.code and cap.per is not CapPer.OWNER:
                        spent[row["merchant_id"], _period(row["ordered_at"], cap.per), _order(row, cap.per)] += row[
                            "amount_e4"
                        ]
                limits += any(spent.values())
                assert max(spent.values(), default=0) <= cap.amount * 10_000
        for pool in terms.pools:
            spent = Counter()
            for row in mine:
                spent[_period(row["ordered_at"], pool.per)] += row["amount_e4"]
            assert max(spent.values(), default=0) <= pool.amount * 10_000
    assert limits


def test_one_more_completed_line_of_another_order_never_lowers_a_programme(one: World, tmp_path: Path) -> None:
    terms = [parse_terms(toml({**values, "pool": []})) for values in one.terms]
    first = [line for line in one.lines if not line["origin_key"]]
    new = {**first[0], "status": "completed", "received_seq": 10_000, "order_no": "new", "delivery_fee": 5000}
    totals = []
    for name, lines in (("less", one.lines), ("more", [*one.lines, new])):
        with assess(
            terms,
            lines=[write_csv(tmp_path / f"{name}.csv", lines)],
            links=[LinkPeriod(**link) for link in one.links],
            enrolments=[Enrolment(**seat) for seat in one.enrolments],
        ) as assessment:
            total: defaultdict[str, int] = defaultdict(int)
            for claim in assessment.claims():
                total[claim.programme] += claim.exact_e4
        totals.append(total)
    less, more = totals
    assert all(more[programme] >= e4 for programme, e4 in less.items())


def test_explanations_account_for_every_e4_and_are_found_by_merchant_and_month(
    folder: Path, assessment: Assessment
) -> None:
    rows = pq.read_table(folder / "explained.parquet").to_pylist()
    order = [
        (row["merchant_id"], row["period"], row["ordered_at"], row["platform"], row["order_no"], row["item"])
        for row in rows
    ]
    assert order == sorted(order)
    months = sorted({(row["merchant_id"], row["period"]) for row in rows if row["amount_e4"]})
    for merchant, period in months:
        lines = explain(folder / "explained.parquet", merchant, period)
        assert len(lines) == sum((row["merchant_id"], row["period"]) == (merchant, period) for row in rows)
        for line in lines:
            assert line.amount_before_caps_e4 - sum(cut.taken_e4 for cut in line.cuts) == line.amount_e4
            assert all(cut.taken_e4 > 0 and cut.legal for cut in line.cuts)
            assert line.cuts == () or line.legal == line.cuts[-1].legal
    assert months


def _period(at: datetime, per: str) -> object:
    half = (at.year, at.month <= 6)
    return {"day": at.date(), "month": (at.year, at.month), "half_year": half, "year": at.year}.get(str(per))


def _order(row: dict[str, object], per: CapPer) -> object:
    return (row["platform"], row["order_no"]) if per is CapPer.ORDER else None

"""Assessment: 200,000 settlement lines of 300 merchants under the Gurye terms, from Parquet to claims."""

from __future__ import annotations

import random
import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from portal.assessment import assess
from portal.config import ROOT
from portal.domain.assessment import Enrolment, LinkPeriod
from portal.domain.terms import parse_terms
from tests.bench.measuring import heading, measure

LINES, MERCHANTS, SEED = 200_000, 300, 20201
PLATFORMS = ("baemin", "yogiyo", "ttaengyo")
TERMS = (ROOT / "portal/data/programmes/gurye-2020-o2o.toml").read_text(encoding="utf-8")


def write_lines(path: Path) -> None:
    """Orders from March to August: deliveries, orders ahead, one in fifty cancelled."""
    source = random.Random(SEED)
    start = datetime(2026, 3, 1)  # noqa: DTZ001 (settlement lines are in Korean time without a zone)
    rows = []
    for number in range(LINES):
        delivered = source.random() < 0.8
        fee = source.randrange(2_500, 5_001, 100) if delivered else 0
        rows.append(
            {
                "received_seq": number + 1,
                "platform": source.choice(PLATFORMS),
                "store_id": f"S{source.randrange(MERCHANTS):04d}",
                "order_no": f"N{number:08d}",
                "origin_key": "",
                "channel": "delivery" if delivered else "preorder",
                "ordered_at": start + timedelta(minutes=source.randrange(180 * 24 * 60)),
                "status": "cancelled" if source.random() < 0.02 else "completed",
                "payment_method": "card",
                "order_amount": source.randrange(12_000, 60_001, 500),
                "delivery_fee": fee,
                "delivery_support": min(fee, source.choice((0, 0, 1_000))),
                "promotion_cost": source.choice((0, 0, 0, 1_000, 2_000)),
                "promotion_support": 0,
                "brokerage_fee": 0,
                "payment_fee": 0,
            }
        )
    pq.write_table(pa.Table.from_pylist(rows), path)


def work(lines: Path) -> tuple[int, int]:
    """(claims, won payable in all)."""
    links = [
        LinkPeriod(platform, f"S{n:04d}", f"M{n:04d}", date(2026, 1, 1), None)
        for platform in PLATFORMS
        for n in range(MERCHANTS)
    ]
    accepted = datetime(2026, 2, 20)  # noqa: DTZ001
    terms = parse_terms(TERMS)
    enrolments = [Enrolment(terms.code, f"M{n:04d}", f"P{n:04d}", None, None, accepted) for n in range(MERCHANTS)]
    with assess([terms], lines=[lines], links=links, enrolments=enrolments) as assessment:
        claims = assessment.claims()
    return len(claims), sum(claim.payable for claim in claims)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder) / "lines.parquet"
        measure(write_lines, lines, times=1)  # in a process of its own, whose memory is not counted below
        run = measure(work, lines)
    claims, won = run.result
    print(heading(f"Assessment of {LINES:,} lines, {MERCHANTS} merchants, {len(PLATFORMS)} platforms (seed {SEED})"))
    print(
        f"  {LINES / run.seconds:,.0f} lines/s: {run.seconds:.2f} s, {run.cpu:.2f} CPU-s, peak {run.peak / 1e6:,.0f} MB"
    )
    print(f"  {claims:,} claims, {won:,} won")


if __name__ == "__main__":
    main()

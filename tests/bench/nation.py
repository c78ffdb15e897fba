"""A country made up for measuring: 680,000 merchants, one national and forty county programmes, any number of lines.

Of a hundred lines three are of stores nobody linked, five are cancelled, and two tell an order again: the delivery
agency that carried it, or the platform itself with a later statement.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb

from portal.domain.terms import Terms, parse_terms

MERCHANTS, COUNTIES, SEED = 680_000, 40, 2026
FIRST_DAY, DAYS = date(2026, 3, 1), 184
_IN_COUNTIES = 200_000  # merchants that a county pays before the nation does
_PER_FILE = 5_000_000

_NATIONAL = """
code = "national-2026"
priority = 100
cost_window = { from = 2026-03-01, to = 2026-12-31 }
round_down_to = 10
funding = { national = "1.00" }

[[item]]
code = "delivery"
basis = "merchant_delivery_cost"
channels = ["delivery"]
amount = { kind = "cost_share", rate = "0.50", legal = "제4조" }
caps = [
  { per = "month", amount = 60_000, legal = "제5조제1항" },
  { per = "programme", amount = 300_000, legal = "제5조제2항" },
]

[[pool]]
per = "programme"
amount = %d
order_by = "ordered_at"
legal = "예산의 범위"
"""

_COUNTY = """
code = "county-%02d"
priority = 10
cost_window = { from = 2026-03-01, to = 2026-12-31 }
round_down_to = 10
funding = { national = "0.50", county = "0.50" }

[[item]]
code = "delivery"
basis = "merchant_delivery_cost"
channels = ["delivery"]
min_order_amount = 10_000
amount = { kind = "cost_share", rate = "0.70", legal = "제4조제1항" }
caps = [
  { per = "order", amount = 2_000, legal = "제4조제2항" },
  { per = "month", amount = 50_000, legal = "제4조제3항" },
  { per = "half_year", amount = 200_000, legal = "제4조제4항" },
]

[[item]]
code = "promotion"
basis = "merchant_promotion_cost"
amount = { kind = "cost_share", rate = "0.80", legal = "제5조" }
caps = [ { per = "year", amount = 100_000, legal = "제5조" } ]

[[pool]]
per = "month"
amount = %d
order_by = "ordered_at"
legal = "예산의 범위"
"""

# What is drawn for line number n: whole numbers out of hashes. They fit into 63 bits, because with unsigned numbers
# DuckDB would count in 128 bits, ten times slower.
_LINES = """
WITH drawn AS (
    SELECT n, CAST(hash(n + {seed} * 1000003) >> 1 AS BIGINT) AS h, CAST(hash(n * 31 + {seed}) >> 1 AS BIGINT) AS g
    FROM range({first}, {last}) AS numbers(n)
),
shaped AS (
    SELECT n, h, g,
        (g % 1000) < 985 AS own,
        CASE WHEN (g % 1000) < 980 THEN n ELSE greatest(n - 1 - g % 7, {first}) END AS told,
        (g // 1000) % 1000 < 30 AS unlinked,
        (g // 1000000) % 1000 < 50 AS cancelled
    FROM drawn
),
orders AS (
    SELECT shaped.*, CAST(hash(told * 7 + {seed}) >> 1 AS BIGINT) AS o FROM shaped
),
placed AS (
    SELECT *,
        CAST(floor({merchants} * pow((o % 1000000) / 1000000.0, 1.6)) AS BIGINT) AS merchant,
        TIMESTAMP '{since}' + to_seconds(o // 1000000 % ({days} * 86400)) AS moment,
        (o // 7) % 2 AS side
    FROM orders
),
named AS (
    SELECT *,
        CASE (merchant + side) % 4 WHEN 0 THEN 'baemin' WHEN 1 THEN 'yogiyo' WHEN 2 THEN 'coupangeats'
            ELSE 'ttaengyo' END AS seller,
        lpad(CAST(told * 2654435761 % 1000000000000 AS VARCHAR), 12, '0') AS order_no
    FROM placed
)
SELECT
    n + 1 AS received_seq,
    CASE WHEN own THEN seller ELSE 'barogo' END AS platform,
    CASE WHEN unlinked THEN 'X' || lpad(CAST(h % 5000000 AS VARCHAR), 7, '0')
        ELSE 'S' || lpad(CAST(merchant AS VARCHAR), 6, '0') END AS store_id,
    CASE WHEN own THEN order_no ELSE 'A' || lpad(CAST(n AS VARCHAR), 12, '0') END AS order_no,
    CASE WHEN own THEN '' ELSE seller || ':' || order_no END AS origin_key,
    CASE WHEN o // 11 % 10 < 8 THEN 'delivery' ELSE 'preorder' END AS channel,
    moment + to_seconds(CASE WHEN own THEN 0 ELSE 60 END) AS ordered_at,
    CASE WHEN cancelled THEN 'cancelled' ELSE 'completed' END AS status,
    CASE h // 13 % 4 WHEN 0 THEN 'local_currency' WHEN 1 THEN 'easy_pay' ELSE 'card' END AS payment_method,
    CAST(9000 + (h // 17 % 100) * 500 AS BIGINT) AS order_amount,
    CAST(CASE WHEN o // 11 % 10 < 8 THEN 2500 + (h // 19 % 26) * 100 ELSE 0 END AS BIGINT) AS delivery_fee,
    CAST(CASE WHEN o // 11 % 10 < 8 AND h // 23 % 3 = 0 THEN 1000 ELSE 0 END AS BIGINT) AS delivery_support,
    CAST(CASE WHEN h // 29 % 4 = 0 THEN 1000 + (h // 31 % 3) * 500 ELSE 0 END AS BIGINT) AS promotion_cost,
    CAST(0 AS BIGINT) AS promotion_support,
    CAST(600 + h // 37 % 900 AS BIGINT) AS brokerage_fee,
    CAST(300 + h // 41 % 200 AS BIGINT) AS payment_fee
FROM named
"""


@dataclass(frozen=True, slots=True)
class Nation:
    """Where the inputs lie, and the terms of the 41 programmes as records and as files."""

    terms: tuple[Terms, ...]
    terms_files: tuple[Path, ...]
    lines: Path
    links: Path
    enrolments: Path


def founded(folder: Path, lines: int, *, merchants: int = MERCHANTS) -> Nation:
    """Writes the inputs with that many lines into `folder` (made if need be; what is there already is kept)."""
    files = tuple(folder / f"terms-{number:02d}.toml" for number in range(COUNTIES + 1))
    places = folder / "lines", folder / "links.parquet", folder / "enrolments.parquet"
    if not places[-1].exists():
        places[0].mkdir(parents=True, exist_ok=True)
        for file, text in zip(files, _texts(lines), strict=True):
            file.write_text(text, encoding="utf-8")
        with _engine() as engine:
            for first in range(0, lines, _PER_FILE):
                drawn = _drawn(first, min(first + _PER_FILE, lines), FIRST_DAY, DAYS, merchants)
                _copy(engine, drawn, places[0] / f"{first // _PER_FILE:04d}.parquet")
            _copy(engine, _links(merchants), places[1])
            _copy(engine, _enrolments(merchants), places[2])
    return Nation(tuple(parse_terms(file.read_text(encoding="utf-8")) for file in files), files, *places)


def night(path: Path, after: int, lines: int, *, merchants: int = MERCHANTS) -> Path:
    """Writes what comes in a night after a nation's `after` lines: that many more, all later than its last one."""
    with _engine() as engine:
        _copy(engine, _drawn(after, after + lines, FIRST_DAY + timedelta(days=DAYS + 1), 1, merchants), path)
    return path


def _engine() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"memory_limit": "2GB", "preserve_insertion_order": "false"})


def _drawn(first: int, last: int, since: date, days: int, merchants: int) -> str:
    return _LINES.format(first=first, last=last, since=since, days=days, merchants=merchants, seed=SEED)


def _texts(lines: int) -> list[str]:
    """The pools grow with the lines, so that the nation's and the counties' all end before their period does."""
    return [_NATIONAL % (lines * 400), *(_COUNTY % (code + 1, lines * 3) for code in range(COUNTIES))]


def _links(merchants: int) -> str:
    return f"""
        SELECT platform, printf('S%06d', n) AS store_id, printf('M%06d', n) AS merchant_id,
            DATE '2026-01-01' AS valid_from, CAST(NULL AS DATE) AS valid_to
        FROM range({merchants}) AS numbers(n), unnest(['baemin', 'yogiyo', 'coupangeats', 'ttaengyo', 'barogo'])
            AS platforms(platform)
        WHERE platform IN ('barogo', ['baemin', 'yogiyo', 'coupangeats', 'ttaengyo'][n % 4 + 1],
            ['baemin', 'yogiyo', 'coupangeats', 'ttaengyo'][(n + 1) % 4 + 1])
    """


def _enrolments(merchants: int) -> str:
    in_counties = min(_IN_COUNTIES, merchants // 3)
    seat = """
        SELECT {programme} AS programme, printf('M%06d', n) AS merchant_id, printf('P%06d', n) AS owner_id,
            CAST(NULL AS DATE) AS enrolled_from, CAST(NULL AS DATE) AS enrolled_to,
            TIMESTAMP '2026-02-20 09:00:00' + to_seconds(n) AS accepted_at
        FROM range({last}) AS numbers(n)
    """
    nation = seat.format(programme="'national-2026'", last=merchants)
    county = seat.format(programme=f"printf('county-%02d', n % {COUNTIES} + 1)", last=in_counties)
    return f"{nation} UNION ALL {county}"


def _copy(engine: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    engine.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet, COMPRESSION zstd)")

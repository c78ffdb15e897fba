"""Yardstick: the nation's claims by SQL written by hand for DuckDB, and for terms of this nation's shape alone.

It trusts its input where the portal checks it, and explains nothing: claims.csv is all that comes out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb

from portal.domain.kinds import AmountKind, CapPer, PoolOrder, PoolPer
from portal.domain.money import E4
from portal.domain.terms import Item, Terms
from tests.bench.nation import Nation

# item: basis and channels it must have, for they are written into the statements below
ITEMS = {"delivery": ("merchant_delivery_cost", ("delivery",)), "promotion": ("merchant_promotion_cost", None)}
_NONE = 2**62  # a limit nobody reaches
_PERIODS = (CapPer.MONTH, CapPer.HALF_YEAR, CapPer.YEAR, CapPer.PROGRAMME)
_MONTH = "(year(ordered_at) * 12 + month(ordered_at) - 1)"

_PLATFORMS = """
CREATE TYPE platforms AS ENUM (
    SELECT platform FROM {lines} UNION SELECT platform FROM '{links}' ORDER BY platform
)
"""

# Orders of which several rows may speak, by 32 bits of a hash; what they really say is compared as text further below.
_DOUBT = """
CREATE TEMP TABLE doubt AS
    SELECT own FROM (SELECT {own} AS own FROM {lines}) GROUP BY own HAVING count(*) > 1
    UNION SELECT CAST(hash(origin_key) >> 32 AS UINTEGER) FROM {lines} WHERE origin_key <> ''
"""
_OWN = "CAST(hash(platform || ':' || order_no) >> 32 AS UINTEGER)"

# A county pays before the nation. Merchants are numbers in the order of their texts, programmes of their codes.
_MERCHANTS = """
CREATE TEMP TABLE merchants AS
    SELECT merchant_id, CAST(row_number() OVER (ORDER BY merchant_id) AS INTEGER) AS m
    FROM (SELECT DISTINCT merchant_id FROM '{enrolments}')
"""
_SEATS = """
CREATE TEMP TABLE seats AS
    SELECT merchant_id, rule, county,
        greatest(coalesce(enrolled_from, DATE '1000-01-01'), cost_from) AS since,
        least(coalesce(enrolled_to, DATE '9999-12-31'), cost_to) AS upto
    FROM '{enrolments}' AS enrolled JOIN programmes ON enrolled.programme = programmes.code
"""
_SHOPS = """
CREATE TEMP TABLE shops AS
    SELECT CAST(platform AS platforms) AS platform, store_id, m,
        ours.rule AS county, greatest(ours.since, valid_from) AS county_since,
        least(ours.upto, coalesce(valid_to, DATE '9999-12-31')) AS county_upto,
        theirs.rule AS nation, greatest(theirs.since, valid_from) AS nation_since,
        least(theirs.upto, coalesce(valid_to, DATE '9999-12-31')) AS nation_upto
    FROM '{links}' AS links JOIN merchants USING (merchant_id)
    LEFT JOIN (FROM seats WHERE county) AS ours USING (merchant_id)
    LEFT JOIN (FROM seats WHERE NOT county) AS theirs USING (merchant_id)
"""

# All that lines say, in one pass: who would pay what for which item. One row per line, two columns per item.
_TOLD = """
CREATE TEMP TABLE told AS
    WITH read AS (
        SELECT CAST(platform AS platforms) AS platform, store_id, order_no, origin_key, received_seq, ordered_at,
            status = 'cancelled' AS cancelled, order_amount,
            CASE channel WHEN 'delivery' THEN delivery_fee - delivery_support ELSE 0 END AS d_basis,
            promotion_cost - promotion_support AS p_basis,
            origin_key <> '' OR {own} IN (FROM doubt) AS doubtful
        FROM {lines}
    ), lines AS (
        SELECT *, CAST(ordered_at AS DATE) AS day FROM read
        WHERE doubtful OR (NOT cancelled AND (d_basis > 0 OR p_basis > 0))
    )
    SELECT m, platform, order_no, ordered_at,
        CASE WHEN d_basis <= 0 THEN NULL
            WHEN order_amount >= c.d_least AND day BETWEEN county_since AND county_upto THEN county
            WHEN order_amount >= n.d_least AND day BETWEEN nation_since AND nation_upto THEN nation END AS d_rule,
        CASE WHEN p_basis <= 0 THEN NULL
            WHEN order_amount >= c.p_least AND day BETWEEN county_since AND county_upto THEN county
            WHEN order_amount >= n.p_least AND day BETWEEN nation_since AND nation_upto THEN nation END AS p_rule,
        CASE d_rule WHEN county THEN least(d_basis * c.d_rate, c.d_order) ELSE least(d_basis * n.d_rate, n.d_order)
            END AS d_e4,
        CASE p_rule WHEN county THEN least(p_basis * c.p_rate, c.p_order) ELSE least(p_basis * n.p_rate, n.p_order)
            END AS p_e4,
        doubtful, cancelled, received_seq, origin_key, d_basis, p_basis
    FROM lines LEFT JOIN shops USING (store_id, platform)
    LEFT JOIN offers AS c ON c.rule = county LEFT JOIN offers AS n ON n.rule = nation
    WHERE doubtful OR m IS NOT NULL -- whether there is a rule is cheaper to ask where rows are read
"""
_SETTLED = """
CREATE TEMP TABLE settled AS
    WITH current AS (
        SELECT *, CASE origin_key WHEN '' THEN platform || ':' || order_no ELSE origin_key END AS key
        FROM told WHERE doubtful
        QUALIFY received_seq = max(received_seq) OVER (PARTITION BY platform, order_no)
    ), alive AS (
        FROM current QUALIFY NOT bool_or(cancelled) OVER (PARTITION BY key)
    )
    SELECT m, platform, order_no, ordered_at,
        CASE WHEN row_number() OVER (PARTITION BY key, d_rule IS NULL ORDER BY d_basis DESC, platform, order_no) = 1
            THEN d_rule END AS d_rule,
        CASE WHEN row_number() OVER (PARTITION BY key, p_rule IS NULL ORDER BY p_basis DESC, platform, order_no) = 1
            THEN p_rule END AS p_rule,
        d_e4, p_e4
    FROM alive WHERE coalesce(d_rule, p_rule) IS NOT NULL
"""
_GRANTED = """
CREATE TEMP VIEW granted AS
    SELECT m, platform, order_no, ordered_at, d_rule, p_rule, d_e4, p_e4 FROM told WHERE NOT doubtful
    UNION ALL FROM settled
"""
_ITEM = """
    SELECT m, {code}_rule AS rule, '{code}' AS item, {code}_e4 AS e4, ordered_at, platform, order_no
    FROM granted {join} JOIN pressed_{code} USING (m) WHERE {code}_rule >= 0
"""

# Running totals only for merchants who may reach a cap at all: in the whole time they have more than the smallest one.
_PRESSED = """
CREATE TEMP TABLE pressed_{code} AS
    SELECT m FROM granted WHERE {code}_rule >= 0 GROUP BY m HAVING sum({code}_e4) > {least}
"""
_CAPPED = """
CREATE TEMP TABLE capped_{step} AS
    SELECT m, rule, item, greatest(0, least(e4, cap_e4 + e4 - CAST(sum(e4) OVER (
        PARTITION BY rule, item, m, CASE per WHEN 'month' THEN {month} WHEN 'half_year' THEN {month} // 6
            WHEN 'year' THEN {month} // 12 END ORDER BY ordered_at, platform, order_no) AS BIGINT))) AS e4,
        ordered_at, platform, order_no
    FROM capped_{before} LEFT JOIN (FROM caps WHERE step = {step}) USING (rule, item)
"""

# Pools: sums by day say on which day each ends; only that day is added up line by line, and later ones are gone.
_DAYS = """
CREATE TEMP TABLE days AS
    SELECT rule, CAST(ordered_at AS DATE) AS day, CAST(sum(e4) AS BIGINT) AS day_e4 FROM rows GROUP BY ALL
"""
_ROOM = """
CREATE TEMP TABLE room AS
    SELECT rule, day, day_e4, pool_e4 + day_e4 - CAST(sum(day_e4) OVER (
        PARTITION BY rule, CASE WHEN monthly THEN year(day) * 12 + month(day) END ORDER BY day) AS BIGINT) AS room_e4
    FROM days JOIN programmes USING (rule)
"""
_LAST_DAYS = """
CREATE TEMP TABLE last_days AS
    SELECT m, rule, ordered_at, greatest(0, least(e4, room_e4 + e4 - CAST(sum(e4) OVER (
        PARTITION BY rule, day ORDER BY ordered_at, platform, order_no, item) AS BIGINT))) AS e4
    FROM (SELECT *, CAST(ordered_at AS DATE) AS day FROM rows) JOIN room USING (rule, day)
    WHERE room_e4 > 0 AND room_e4 < day_e4
"""
_CLAIMS = """
CREATE TEMP TABLE claims AS
    SELECT CAST(rule AS BIGINT) * 1099511627776 + CAST(m AS BIGINT) * 65536 + {month} AS claim,
        count(*) AS lines, CAST(sum(e4) AS BIGINT) AS exact_e4
    FROM (
        SELECT rule, m, ordered_at, e4 FROM (SELECT *, CAST(ordered_at AS DATE) AS day FROM rows)
        SEMI JOIN (FROM room WHERE room_e4 >= day_e4) AS whole USING (rule, day)
        UNION ALL SELECT rule, m, ordered_at, e4 FROM last_days WHERE e4 > 0
    ) GROUP BY claim
"""
_WRITTEN = """
COPY (
    SELECT code AS programme, merchant_id, period, lines, exact_e4,
        exact_e4 // (10_000 * unit) * unit AS payable
    FROM claims JOIN merchants ON m = (claim >> 16) & 16777215
    JOIN programmes ON rule = claim >> 40 JOIN months ON month = claim & 65535
    ORDER BY claim
) TO '{out}' (FORMAT csv, HEADER)
"""
_MONTHS = """
CREATE TEMP TABLE months AS
    SELECT DISTINCT {month} AS month, strftime(ordered_at, '%Y-%m') AS period
    FROM (SELECT CAST(day AS TIMESTAMP) AS ordered_at FROM days)
"""


def write_claims(nation: Nation, out: Path) -> None:
    """claims.csv into `out`."""
    with duckdb.connect(config={"preserve_insertion_order": "false"}) as engine:
        engine.execute("SET enable_progress_bar = false")
        # the guess at what filters leave of a Parquet file is five times too low: the larger side would be hashed
        engine.execute("SET disabled_optimizers = 'join_order,build_side_probe_side'")
        programmes(engine, nation.terms)
        for statement in statements(nation, out):
            engine.execute(statement)


def programmes(engine: duckdb.DuckDBPyConnection, terms: Sequence[Terms]) -> None:
    """The tables programmes (one row each), offers (a programme's items side by side) and caps (one row each)."""
    engine.execute(
        "CREATE TEMP TABLE programmes (rule TINYINT, code VARCHAR, county BOOLEAN, cost_from DATE, cost_to DATE,"
        " unit BIGINT, pool_e4 BIGINT, monthly BOOLEAN);"
        "CREATE TEMP TABLE offers (rule TINYINT, d_least BIGINT, d_rate BIGINT, d_order BIGINT,"
        " p_least BIGINT, p_rate BIGINT, p_order BIGINT);"
        "CREATE TEMP TABLE caps (rule TINYINT, item VARCHAR, step TINYINT, per VARCHAR, cap_e4 BIGINT)"
    )
    tiers = sorted({one.priority for one in terms})
    for rule, one in enumerate(sorted(terms, key=lambda one: one.code)):
        pool, items = one.pools[0], {item.code[0]: item for item in one.items}
        _expect(one, len(tiers) == 2 and len(one.pools) == 1 and one.platforms is None)
        _expect(one, pool.order_by is PoolOrder.ORDERED_AT and pool.per in (PoolPer.MONTH, PoolPer.PROGRAMME))
        window = one.cost_from, one.cost_to
        pool_row = pool.amount * E4, pool.per is PoolPer.MONTH
        row = [rule, one.code, one.priority == tiers[0], *window, one.round_down_to, *pool_row]
        engine.execute("INSERT INTO programmes VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        row = [rule, *_price(one, items.get("d")), *_price(one, items.get("p"))]
        engine.execute("INSERT INTO offers VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        for code, item in items.items():
            for step, cap in enumerate(item.running_caps, 1):
                _expect(one, cap.per in _PERIODS)
                engine.execute("INSERT INTO caps VALUES (?, ?, ?, ?, ?)", [rule, code, step, cap.per, cap.amount * E4])


def statements(nation: Nation, out: Path) -> Iterator[str]:
    """One after the other, over the tables of `programmes`."""
    lines = f"read_parquet('{nation.lines}/*.parquet')"
    places = {"lines": lines, "links": nation.links, "enrolments": nation.enrolments, "out": out, "own": _OWN}
    items = [item for one in nation.terms for item in one.items]
    for statement in (_PLATFORMS, _DOUBT, _MERCHANTS, _SEATS, _SHOPS, _TOLD, _SETTLED, _GRANTED):
        yield statement.format(**places)
    for code in ("d", "p"):
        caps = [cap.amount * E4 for item in items if item.code[0] == code for cap in item.running_caps]
        yield _PRESSED.format(code=code, least=min(caps, default=_NONE))
    pressed, others = (
        " UNION ALL ".join(_ITEM.format(code=code, join=join) for code in "dp") for join in ("SEMI", "ANTI")
    )
    yield f"CREATE TEMP TABLE capped_0 AS {pressed}"
    steps = max(len(item.running_caps) for item in items)
    for step in range(steps):
        yield _CAPPED.format(before=step, step=step + 1, month=_MONTH)
    yield f"CREATE TEMP VIEW rows AS {others} UNION ALL BY NAME SELECT * FROM capped_{steps} WHERE e4 > 0"
    for statement in (_DAYS, _ROOM, _LAST_DAYS, _MONTHS, _CLAIMS, _WRITTEN):
        yield statement.format(**places, month=_MONTH)


def _price(one: Terms, item: Item | None) -> tuple[int | None, int | None, int | None]:
    """Smallest order in won, rate and the most per order in e4."""
    if item is None:
        return None, None, None
    _expect(one, item.amount.kind is AmountKind.COST_SHARE and (item.basis, item.channels) == ITEMS[item.code])
    return item.min_order_amount, item.amount.rate_e4, min((cap.amount * E4 for cap in item.order_caps), default=_NONE)


def _expect(one: Terms, fits: bool) -> None:
    if not fits:
        raise ValueError(f"{one.code}: not terms of this nation's shape")

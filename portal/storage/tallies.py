"""Sums over what an assessment wrote: its claims and explanations stay files, and only counts come into memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
import pyarrow as pa

_CLAIMS = (
    "{'programme': 'VARCHAR', 'merchant_id': 'VARCHAR', 'period': 'VARCHAR',"
    " 'lines': 'BIGINT', 'exact_e4': 'BIGINT', 'payable': 'BIGINT'}"
)
_CUTS = """'[{"what": "VARCHAR", "per": "VARCHAR", "legal": "VARCHAR", "taken_e4": "BIGINT"}]'"""
_PERIOD_OF = {"day": "day", "month": "month", "year": "year", "programme": "millennium"}  # of a pool, for date_trunc


@dataclass(frozen=True, slots=True)
class Count:
    """Merchants, paid (line, item) pairs and an amount: won from claims, e4 from explanations."""

    merchants: int
    lines: int
    amount: int


class Tallies:
    """Opens one programme's claims and explanations of the months `since` to `until`; a context manager.

    `facts`: for each merchant id the codes to group by, under their names; a merchant without facts is under "".
    """

    def __init__(
        self,
        claims: Path,
        explanations: Path,
        *,
        programme: str,
        since: str,
        until: str,
        facts: Mapping[str, Mapping[str, str]],
        work: Path,
    ) -> None:
        self._names = sorted({name for codes in facts.values() for name in codes})
        settings: Mapping[str, Any] = {"threads": 2, "memory_limit": "512MiB", "temp_directory": str(work)}
        self._engine = duckdb.connect(config=dict(settings))
        for name, value in (("programme", programme), ("since", since), ("until", until)):
            self._engine.execute(f"SET VARIABLE {name} = $1", [value])
        self._engine.execute("SET VARIABLE claims = $1", [str(claims)])
        self._engine.execute("SET VARIABLE explanations = $1", [str(explanations)])
        self._engine.register("fact", _facts(facts, self._names))
        self._engine.execute(
            "CREATE TEMP TABLE claim AS SELECT * FROM"  # noqa: S608 (our own words)
            f" read_csv(getvariable('claims'), header = true, columns = {_CLAIMS})"
            " WHERE programme = getvariable('programme')"
            " AND period BETWEEN getvariable('since') AND getvariable('until')"
        )
        self._engine.execute(
            "CREATE TEMP VIEW line AS SELECT * FROM read_parquet(getvariable('explanations'))"
            " WHERE programme IN ('', getvariable('programme'))"
            " AND period BETWEEN getvariable('since') AND getvariable('until')"
        )

    def whole(self) -> tuple[Count, int]:
        """All of it, and the median won of a merchant (of an even number the lower one)."""
        merchants, lines, won, median = self._rows(
            "SELECT count(*), coalesce(sum(lines), 0), coalesce(sum(won), 0), coalesce(quantile_disc(won, 0.5), 0) FROM"
            " (SELECT merchant_id, sum(lines) AS lines, sum(payable) AS won FROM claim GROUP BY 1)"
        )[0]
        return Count(merchants, int(lines), int(won)), int(median)

    def by_month(self) -> dict[str, Count]:
        return self._counted("SELECT period, count(*), sum(lines), sum(payable) FROM claim GROUP BY 1 ORDER BY 1")

    def by_fact(self, name: str) -> dict[str, Count]:
        """Won by one of the facts about merchants."""
        if name not in self._names:
            return {}
        return self._counted(
            f"SELECT coalesce({name}, ''), count(DISTINCT merchant_id), sum(lines), sum(payable)"  # noqa: S608
            " FROM claim LEFT JOIN fact USING (merchant_id) GROUP BY 1 ORDER BY 1"
        )

    def by_item(self) -> dict[str, Count]:
        """Exact e4 by item."""
        return self._counted(
            "SELECT item, count(DISTINCT merchant_id), count(*), sum(amount_e4) FROM line WHERE amount_e4 > 0"
            " GROUP BY 1 ORDER BY 1"
        )

    def by_day(self) -> list[tuple[date, int]]:
        """Exact e4 by the day of the order."""
        rows = self._rows("SELECT ordered_at::DATE, sum(amount_e4) FROM line WHERE amount_e4 > 0 GROUP BY 1 ORDER BY 1")
        return [(day, int(amount_e4)) for day, amount_e4 in rows]

    def reasons(self, items: Sequence[str]) -> dict[str, int]:
        """(line, item) pairs by outcome, for these items."""
        return dict(
            self._rows(
                "SELECT reason, count(*) FROM line WHERE list_contains($items, item) GROUP BY 1 ORDER BY 1",
                items=list(items),
            )
        )

    def pool_ends(self, per: str, legal: str) -> list[date]:
        """For each period in which the pool took something: the day of the first order from which it did."""
        rows = self._rows(
            f"SELECT min(day) FROM (SELECT ordered_at::DATE AS day, unnest(from_json(cuts, {_CUTS})) AS cut FROM line"  # noqa: S608
            " WHERE reason IN ('reduced', 'capped'))"
            " WHERE cut.what = 'pool' AND cut.per = $per AND cut.legal = $legal AND cut.taken_e4 > 0"
            f" GROUP BY date_trunc('{_PERIOD_OF[per]}', day) ORDER BY 1",
            per=per,
            legal=legal,
        )
        return [day for (day,) in rows]

    def close(self) -> None:
        self._engine.close()

    def __enter__(self) -> Tallies:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, wrong: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _counted(self, statement: str) -> dict[str, Count]:
        return {code: Count(merchants, int(lines), int(sum_)) for code, merchants, lines, sum_ in self._rows(statement)}

    def _rows(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        return self._engine.execute(statement, values or None).fetchall()


def _facts(facts: Mapping[str, Mapping[str, str]], names: Sequence[str]) -> pa.Table:
    columns: dict[str, list[str]] = {"merchant_id": list(facts)}
    columns |= {name: [codes.get(name, "") for codes in facts.values()] for name in names}
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})

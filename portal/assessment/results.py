"""What a finished assessment answers: claims, their parts, and every decision, as records or as files."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from types import TracebackType

import ibis.expr.types as ir
import pyarrow as pa

from portal.assessment import claims, decisions, leaving, outputs
from portal.assessment.engines import Engine
from portal.assessment.offers import Offers
from portal.domain.assessment import ClaimRow, SummaryRow


class Assessment:
    """The answers of one run. Holds the engine, and what it spilled, until closed; a context manager."""

    def __init__(self, engine: Engine, offers: Offers, work: decisions.Working) -> None:
        self._engine, self._offers, self._work = engine, offers, work

    def claims(self) -> list[ClaimRow]:
        """Sorted by programme, merchant_id, period."""
        names, units = self._offers.programmes, self._offers.units
        merchants = self._names(self._work.merchants)
        return [
            ClaimRow(
                programme=(programme := names[row["programme_no"]]),
                merchant_id=merchants[row["merchant"]].as_py(),
                period=outputs.month_text(row["month"]),
                lines=row["lines"],
                exact_e4=row["exact_e4"],
                payable=outputs.payable_won(row["exact_e4"], units[programme]),
            )
            for row in self._engine.rows(self._claims())
        ]

    def summaries(self) -> list[SummaryRow]:
        """The claims by platform and item, sorted."""
        work = self._work
        platforms = {row["number"]: row["name"] for row in self._engine.rows(work.platforms)}
        return [
            SummaryRow(
                programme=row["programme"],
                merchant_id=row["merchant_id"],
                period=outputs.month_text(row["month"]),
                platform=platforms[row["platform_no"]],
                item=row["item"],
                lines=row["lines"],
                amount_e4=row["exact_e4"],
            )
            for row in self._engine.rows(claims.summaries(self._engine, work))
        ]

    def outcomes(self) -> dict[str, int]:
        """How many (line, item)s had which reason."""
        return {str(reason): count for reason, count in decisions.outcomes(self._engine, self._work).items()}

    def write_claims(self, path: Path) -> None:
        """claims.csv, complete or not at all."""
        outputs.publish({path: self.claims_into})

    def write_lines(self, path: Path) -> None:
        """The decision for every (line, item) as Parquet, complete or not at all."""
        outputs.publish({path: self.lines_into})

    def write_explanations(self, path: Path) -> None:
        """Everything behind every decision as Parquet sorted by merchant and month, complete or not at all."""
        outputs.publish({path: self.explanations_into})

    def claims_into(self, path: Path) -> None:
        """claims.csv straight into `path`."""
        units = {name: self._offers.units[name] for name in self._offers.programmes}
        outputs.write_claims(path, self._engine.batches(self._claims()), units, self._names(self._work.merchants))

    def lines_into(self, path: Path) -> None:
        """Lines-out straight into `path`."""
        self._decisions_into(path, decisions.lines_out(self._engine, self._work), outputs.LINE_SCHEMA)

    def explanations_into(self, path: Path) -> None:
        """The explanations straight into `path`."""
        self._decisions_into(path, decisions.explanations(self._engine, self._work), outputs.EXPLANATION_SCHEMA)

    def _decisions_into(self, path: Path, tables: Sequence[ir.Table], schema: pa.Schema) -> None:
        batches = chain.from_iterable(self._engine.batches(rows) for rows in tables)
        names = outputs.Names(
            merchants=self._names(self._work.merchants),
            platforms=self._names(self._work.platforms),
            programmes=pa.array(self._offers.programmes),
            items=pa.array(self._offers.items),
            legals=pa.array(self._offers.legals),
        )
        outputs.write_decisions(path, batches, schema, names)

    def carry(self, folder: Path) -> None:
        """Writes into a new folder what later orders need of these (`assess(carried=...)`), complete or not at all."""
        aside = folder.with_name(f".{folder.name}.part")
        aside.mkdir()
        try:
            leaving.write(self._engine, self._work, aside)
            aside.rename(folder)
        finally:
            shutil.rmtree(aside, ignore_errors=True)

    def _claims(self) -> ir.Table:
        return claims.claims(self._engine, self._work)

    def _names(self, numbered: ir.Table) -> pa.Array:
        """In the order of their numbers."""
        return self._engine.arrow(numbered).sort_by("number")["name"].combine_chunks()

    def close(self) -> None:
        """Frees memory and spilled files."""
        self._engine.close()

    def __enter__(self) -> Assessment:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, wrong: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

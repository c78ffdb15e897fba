"""The door to the machines that evaluate the table expressions: DuckDB inside the process, or Apache Spark."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import ibis.expr.types as ir
import pyarrow as pa

from portal.assessment.duck import DuckDB
from portal.domain.errors import Problem, Refusal


class Engine(Protocol):
    """What the steps ask of an engine. All of them give the same answers, to the won.

    Tables are Ibis expressions. Whatever evaluates them may raise FileRefused (`out_of_range`) for sums beyond int64,
    and `duck.Unreadable` when a file is to blame.
    """

    @property
    def version(self) -> str:
        """Name and version: what it makes of a text's hash is its own."""
        ...

    @property
    def rows_at_once(self) -> int:
        """How many lines it works through in one part, unless told."""
        ...

    def close(self) -> None:
        """Ends the engine and removes what it stored and spilled."""

    def converted(self, read: Callable[[DuckDB], ir.Table]) -> ir.Table:
        """What `read` makes of files that need converting, stored as a table of this engine.

        It is always DuckDB that reads them, so that what is refused, and why, is the same whatever the engine.
        """
        ...

    def read_parquet(self, files: Sequence[Path]) -> ir.Table:
        """Files whose columns have their types already (`sources.Part.typed`), read where they lie."""
        ...

    def table(self, rows: pa.Table) -> ir.Table:
        """Rows that are in memory already."""
        ...

    def keep(self, expression: ir.Table) -> ir.Table:
        """Evaluates now and once, so that later expressions may refer to it several times; columns get their types."""
        ...

    def view(self, expression: ir.Table) -> ir.Table:
        """Evaluates nothing yet, but gives the expression a name: others that build on it are written down faster."""
        ...

    def store(self, expression: ir.Table) -> ir.Table:
        """Like `keep`, for what may be larger than memory."""
        ...

    def parted(self, expression: ir.Table, by: str, parts: int) -> list[ir.Table]:
        """Evaluates now: the rows with 0, 1, ... in the column `by`, which goes."""
        ...

    def forget(self, *tables: ir.Table) -> None:
        """Frees what `keep` and `store` hold; expressions that were not kept hold nothing."""

    def repeated(self, expression: ir.Table) -> ir.Table:
        """Evaluates now: the values that the only column, whole numbers, has more than once, each once."""
        ...

    def count(self, expression: ir.Table) -> int:
        """The number of rows."""
        ...

    def rows(self, expression: ir.Table) -> list[dict[str, Any]]:
        """A small result as dictionaries."""
        ...

    def arrow(self, expression: ir.Table) -> pa.Table:
        """A result of moderate size as columns."""
        ...

    def batches(self, expression: ir.Table) -> Iterator[pa.RecordBatch]:
        """A large result, part by part, in the expression's order."""
        ...


def opened(name: str, *, memory: str | None, threads: int | None, work: Path | None) -> Engine:
    """The engine of that name. Refusal for one that is not installed here."""
    if name == "duckdb":
        return DuckDB(memory=memory, threads=threads, work=work)
    if name != "spark" or find_spec("pyspark") is None:
        raise Refusal(f"engine {name} needs requirements-{name}.txt", [Problem("engine_missing", "engine", name)])
    # an optional extra: its modules are only there to be imported where it is installed
    return import_module("portal.assessment.spark").Spark(memory=memory, threads=threads, work=work)

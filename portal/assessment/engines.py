"""The door to the machine that evaluates the table expressions. So far DuckDB, inside the process, is behind it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa

from portal.domain.errors import FileRefused, Problem, Refusal

# No text of ours holds these characters: with it as the null text, an empty cell and a missing one can be told apart.
_NO_TEXT = "\x01\x02"
EXTRA = "__extra"  # collects the first field too many of a CSV row


class Engine:
    """DuckDB through Ibis, bounded by `memory` (such as `2GB`), spilling into a folder of its own inside `work`."""

    def __init__(
        self,
        *,
        memory: str | None = None,
        threads: int | None = None,
        work: Path | None = None,
        in_file_order: bool = False,
    ) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix=".assess-", dir=work))
        settings: dict[str, str | int | bool] = {
            "temp_directory": str(self._folder),
            # no amount relies on the order of rows, and keeping it costs memory: only problems are told by row
            "preserve_insertion_order": in_file_order,
        }
        if memory:
            settings["memory_limit"] = memory
        if threads:
            settings["threads"] = threads
        self._names = 0
        self._held: set[str] = set()
        try:
            self._ibis = ibis.duckdb.connect(":memory:", **settings)
        except duckdb.Error as wrong:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise Refusal(str(wrong), [Problem("bad_setting", field="memory", value=str(memory))]) from wrong

    def close(self) -> None:
        """Ends the engine and removes what it spilled."""
        self._ibis.disconnect()
        shutil.rmtree(self._folder, ignore_errors=True)

    def read_csv(self, files: Sequence[Path], header: Sequence[str], *, parallel: bool = True) -> ir.Table:
        """The cells as text in `header` order plus EXTRA; a cell its row does not have is null, an empty one is ``.

        Line breaks inside quotes can only be read one file after the other (`parallel` off); see `unreadable`.
        """
        return self._ibis.read_csv(
            [str(file) for file in files],
            table_name=self._name(),
            columns=dict.fromkeys((*header, EXTRA), "VARCHAR"),
            auto_detect=False,
            header=True,
            delim=",",
            quote='"',
            escape='"',
            nullstr=_NO_TEXT,
            null_padding=True,
            filename=False,
            hive_partitioning=False,
            parallel=parallel,
        )

    def read_parquet(self, files: Sequence[Path], *, numbered: bool = False) -> ir.Table:
        """The files' own columns; `numbered` adds `file_row_number` from 0."""
        return self._ibis.read_parquet(
            [str(file) for file in files],
            table_name=self._name(),
            file_row_number=numbered,
            hive_partitioning=False,
        )

    def table(self, rows: pa.Table) -> ir.Table:
        """Rows that are in memory already."""
        return self.keep(ibis.memtable(rows))

    def keep(self, expression: ir.Table) -> ir.Table:
        """Evaluates now and once, so that later expressions may refer to it several times; columns get their types."""
        name = self._name()
        with refused_overflow():
            kept = self._ibis.create_table(name, expression, temp=True)
        self._held.add(name)
        return kept

    def store(self, expression: ir.Table) -> ir.Table:
        """Like `keep`, for what may be larger than memory: evaluated into a Parquet file in the engine's folder."""
        file = self._folder / f"{self._name()}.parquet"
        with refused_overflow():
            self._ibis.to_parquet(expression, str(file), compression="lz4")
        return self.read_parquet([file])

    def forget(self, *tables: ir.Table) -> None:
        """Frees what `keep` holds; expressions that were not kept hold nothing."""
        for table in tables:
            if isinstance(table.op(), ops.DatabaseTable) and table.get_name() in self._held:
                self._held.discard(table.get_name())
                self._ibis.drop_table(table.get_name())

    def count(self, expression: ir.Table) -> int:
        """The number of rows."""
        return self.rows(expression.aggregate(found=expression.count()))[0]["found"]

    def rows(self, expression: ir.Table) -> list[dict[str, Any]]:
        """A small result as dictionaries."""
        with refused_overflow():
            return self._ibis.to_pyarrow(expression).to_pylist()

    def batches(self, expression: ir.Table) -> Iterator[pa.RecordBatch]:
        """A large result, part by part, in the expression's order."""
        # Ibis 12 asks DuckDB 2 for batches by a method that is gone, so its SQL is run here
        with refused_overflow():
            yield from self._ibis.con.sql(self._ibis.compile(expression)).to_arrow_reader(100_000)

    def _name(self) -> str:
        self._names += 1
        return f"table_{self._names}"


def unreadable(wrong: duckdb.Error) -> bool:
    """Whether a file is to blame, and not the machine."""
    return isinstance(wrong, duckdb.InvalidInputException) or "CSV Error" in str(wrong)


def breaks_lines(wrong: duckdb.Error) -> bool:
    """Whether reading failed only because a quoted cell goes over several lines."""
    return "quoted new lines" in str(wrong)


@contextmanager
def refused_overflow() -> Generator[None]:
    """Sums beyond int64 are bad input like any other number that does not fit."""
    try:
        yield
    except (duckdb.OutOfRangeException, duckdb.ConversionException) as wrong:
        problem = Problem("out_of_range", field="amount_e4", value=str(wrong).splitlines()[0][:200])
        raise FileRefused(problems=[problem]) from wrong


def opened(name: str, *, memory: str | None, threads: int | None, work: Path | None) -> Engine:
    """The engine of that name. Refusal for one that is not installed here."""
    if name != "duckdb":
        raise Refusal(f"engine {name} needs requirements-{name}.txt", [Problem("engine_missing", "engine", name)])
    return Engine(memory=memory, threads=threads, work=work)

"""DuckDB as the engine: inside the process, bounded in memory; and the reader of all files that need converting."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa
from ibis.backends.sql.compilers import DuckDBCompiler

from portal.domain.errors import FileRefused, Problem, Refusal

# No text of ours holds these characters: with it as the null text, an empty cell and a missing one can be told apart.
_NO_TEXT = "\x01\x02"
_INCOMING = "incoming_rows"
_ROWS_AT_ONCE = 20_000_000  # without a limit on memory; one line more or less needs 150 bytes
_BYTES_PER_ROW = 400
_ROWS_PER_BATCH = 1_000_000  # as one batch a large result would be copied
_COMPILER = DuckDBCompiler()
EXTRA = "__extra"  # collects the first field too many of a CSV row


class Unreadable(FileRefused):
    """A file is to blame, and not the machine. The message is the reader's own."""

    def __init__(self, said: str) -> None:
        super().__init__(said, [Problem("unreadable", value=said.splitlines()[0][:200])])


class BrokenLines(Unreadable):
    """Reading failed only because a quoted cell goes over several lines."""


class DuckDB:
    """DuckDB through Ibis (engines.Engine), bounded by `memory` (such as `2GB`), spilling into a folder of `work`."""

    def __init__(
        self,
        *,
        memory: str | None = None,
        threads: int | None = None,
        work: Path | None = None,
        in_file_order: bool = False,
    ) -> None:
        self.rows_at_once = memory_bytes(memory) // _BYTES_PER_ROW if memory else _ROWS_AT_ONCE
        self._folder = Path(tempfile.mkdtemp(prefix=".assess-", dir=work))
        settings: dict[str, str | int | bool] = {
            "temp_directory": str(self._folder),
            # no amount relies on the order of rows, and keeping it costs memory: only problems are told by row
            "preserve_insertion_order": in_file_order,
            # joins are written with the smaller table second; guesses about filtered files turn them round
            "disabled_optimizers": "join_order,build_side_probe_side",
            "enable_progress_bar": False,
        }
        if memory:
            settings["memory_limit"] = memory
        if threads:
            settings["threads"] = threads
        self.version = f"duckdb {duckdb.__version__}"
        self._names = 0
        self._free: list[str] = []
        self._held: dict[str, Path | None] = {}
        # Settings come after connecting: engines that were opened alike are equal, and so are their expressions (_sql).
        self._ibis = ibis.duckdb.connect(":memory:")
        try:
            for name, value in settings.items():
                self._ibis.con.execute(f"SET {name} = $1", [value])
        except duckdb.Error as wrong:
            self._ibis.disconnect()
            shutil.rmtree(self._folder, ignore_errors=True)
            raise Refusal(str(wrong), [Problem("bad_setting", field="memory", value=str(memory))]) from wrong

    def close(self) -> None:
        """Ends the engine and removes what it spilled."""
        self._ibis.disconnect()
        shutil.rmtree(self._folder, ignore_errors=True)

    def read_csv(self, files: Sequence[Path], header: Sequence[str], *, parallel: bool = True) -> ir.Table:
        """The cells as text in `header` order plus EXTRA; a cell its row does not have is null, an empty one is ``.

        Line breaks inside quotes can only be read one file after the other (`parallel` off); see BrokenLines.
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
        schema = ibis.Schema.from_pyarrow(rows.schema)
        self._ibis.con.register(_INCOMING, rows)
        try:
            return self._filled(schema, f"FROM {_INCOMING}")
        finally:
            self._ibis.con.unregister(_INCOMING)

    def keep(self, expression: ir.Table) -> ir.Table:
        """Evaluates now and once, so that later expressions may refer to it several times; columns get their types."""
        return self._filled(expression.schema(), _sql(expression.op()))

    def view(self, expression: ir.Table) -> ir.Table:
        """Evaluates nothing yet, but gives the expression a name: others that build on it are written down faster."""
        name = self._name()
        self._ibis.con.execute(f"CREATE TEMP VIEW {name} AS {_sql(expression.op())}")
        return self._named(name, expression.schema())

    def store(self, expression: ir.Table) -> ir.Table:
        """Like `keep`, for what may be larger than memory: evaluated into a Parquet file in the engine's folder."""
        file = self.stored(expression)
        table = self.read_parquet([file])
        self._held[table.get_name()] = file
        return table

    def stored(self, expression: ir.Table) -> Path:
        """The Parquet file that `store` makes."""
        file = self._folder / f"stored_{self._number()}.parquet"
        with told():
            self._ibis.con.execute(f"COPY ({_sql(expression.op())}) TO '{file}' (FORMAT parquet, COMPRESSION lz4)")
        return file

    def converted(self, read: Callable[[DuckDB], ir.Table]) -> ir.Table:
        """What `read` makes of files that need converting, stored."""
        return self.store(read(self))

    def parted(self, expression: ir.Table, by: str, parts: int) -> list[ir.Table]:
        """Evaluates now: the rows with 0, 1, ... in the column `by`, which goes. Several parts lie in the engine's
        folder, a single one in memory."""
        if parts == 1:
            return [self.keep(expression.drop(by))]
        folder = self._folder / self._name()
        kept = expression.drop(by)
        with told():
            self._ibis.con.execute(
                f"COPY ({_sql(expression.op())}) TO '{folder}' (FORMAT parquet, PARTITION_BY ({by}), COMPRESSION lz4)"
            )
        nothing = kept.schema().to_pyarrow().empty_table()
        found = [sorted((folder / f"{by}={part}").glob("*.parquet")) for part in range(parts)]
        return [self.read_parquet(files) if files else self.table(nothing) for files in found]

    def forget(self, *tables: ir.Table) -> None:
        """Frees what `keep` and `store` hold; expressions that were not kept hold nothing."""
        for table in tables:
            name = table.get_name() if isinstance(table.op(), ops.DatabaseTable) else ""
            if name in self._held:
                file = self._held.pop(name)
                self._ibis.con.execute(f"DROP {'VIEW' if file else 'TABLE'} {name}")
                if file:
                    file.unlink()
                self._free.append(name)

    def repeated(self, expression: ir.Table) -> ir.Table:
        """Evaluates now: the values that the only column, whole numbers, has more than once, each once.

        Sorted outside of DuckDB, which takes three times the CPU to group what is hardly ever there twice.
        """
        (column,) = expression.columns
        with told():
            values = self._ibis.con.sql(_sql(expression.op())).fetchnumpy()[column]
        values.sort()
        return self.table(pa.table({column: pa.array(values[1:][values[1:] == values[:-1]]).unique()}))

    def count(self, expression: ir.Table) -> int:
        """The number of rows."""
        return self.rows(expression.aggregate(found=expression.count()))[0]["found"]

    def rows(self, expression: ir.Table) -> list[dict[str, Any]]:
        """A small result as dictionaries."""
        return self.arrow(expression).to_pylist()

    def arrow(self, expression: ir.Table) -> pa.Table:
        """A result of moderate size as columns."""
        with told():
            return (
                self._ibis.con.sql(_sql(expression.op()))
                .to_arrow_table(_ROWS_PER_BATCH)
                .cast(expression.schema().to_pyarrow())
            )

    def batches(self, expression: ir.Table) -> Iterator[pa.RecordBatch]:
        """A large result, part by part, in the expression's order."""
        # Ibis 12 asks DuckDB 2 for batches by a method that is gone, so its SQL is run here
        with told():
            yield from self._ibis.con.sql(_sql(expression.op())).to_arrow_reader(_ROWS_PER_BATCH)

    def _filled(self, schema: ibis.Schema, query: str) -> ir.Table:
        """A temporary table of that schema with the rows of `query`."""
        name = self._name()
        columns = ", ".join(definition.sql("duckdb") for definition in schema.to_sqlglot_column_defs("duckdb"))
        with told():
            self._ibis.con.execute(f"CREATE TEMP TABLE {name} ({columns})")
            self._ibis.con.execute(f"INSERT INTO {name} {query}")
        self._held[name] = None
        return self._named(name, schema)

    def _named(self, name: str, schema: ibis.Schema) -> ir.Table:
        namespace = ops.Namespace(catalog="temp", database="main")
        made: Any = ops.DatabaseTable  # a class of Ibis' own making, which type checkers cannot follow
        return made(name, schema=schema, source=self._ibis, namespace=namespace).to_expr()

    def _name(self) -> str:
        """A name that is free. One given back comes first: the same expressions over the next part are then known."""
        return self._free.pop() if self._free else f"table_{self._number()}"

    def _number(self) -> int:
        self._names += 1
        return self._names


@lru_cache(maxsize=1024)
def _sql(expression: Any) -> str:
    """The SQL of an expression (of its operation).

    Writing it costs far more than evaluating a county's month. Assessments under the same terms ask for the same
    expressions, whatever their data, and find them here.
    """
    # ibis.to_sql does the same after copying the whole expression, and writes it prettily for nobody to see
    return str(_COMPILER.to_sqlglot(expression.to_expr()).sql("duckdb", copy=False))


def memory_bytes(memory: str) -> int:
    """`2GB`, `800 MiB`, ... in bytes. Refusal for what is no amount of memory."""
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([KMGT]?)(I?)B?\s*", memory.upper())
    if not found or not float(found[1]):
        raise Refusal(f"no amount of memory: {memory}", [Problem("bad_setting", field="memory", value=memory)])
    return int(float(found[1]) * (1024 if found[3] else 1000) ** " KMGT".index(found[2] or " "))


@contextmanager
def told() -> Generator[None]:
    """DuckDB's errors in the engines' words."""
    try:
        yield
    except (duckdb.OutOfRangeException, duckdb.ConversionException) as wrong:
        raise overflow(wrong) from wrong
    except duckdb.Error as wrong:
        if "quoted new lines" in str(wrong):
            raise BrokenLines(str(wrong)) from wrong
        # what a broken Parquet page does to its reader has no kind of its own
        unkind = type(wrong) is duckdb.Error
        if unkind or isinstance(wrong, duckdb.InvalidInputException) or "CSV Error" in str(wrong):
            raise Unreadable(str(wrong)) from wrong
        raise


def overflow(wrong: Exception) -> FileRefused:
    """Sums beyond int64 are bad input like any other number that does not fit."""
    return FileRefused(problems=[Problem("out_of_range", field="amount_e4", value=str(wrong).splitlines()[0][:200])])

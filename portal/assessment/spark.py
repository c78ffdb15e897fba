"""Apache Spark as the engine, for the day one machine is outgrown: the same expressions, results as Parquet in `work`.

On a cluster `work` and the input files lie where every machine sees them under the same path.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq
import pyspark
from py4j.protocol import Py4JJavaError
from pyspark.errors import ArithmeticException, PySparkException
from pyspark.sql import DataFrame

from portal.assessment.duck import DuckDB, Unreadable, overflow
from portal.assessment.spark_session import SparkProcess
from portal.assessment.spark_sql import definition, query

_ROWS_AT_ONCE = 100_000
_PATTERN = re.compile(r"([\\*?\[\]{}])")  # what Hadoop would take for a pattern
_DISK_FULL = "No space left on device"
_FILE_AT_FAULT = ("FAILED_READ_FILE", "INVALID_UTF8_STRING", "CANNOT_READ_FILE_FOOTER")


class Spark:
    """Spark through Ibis (see engines.Engine). What is kept lies as Parquet in a folder of its own inside `work`.

    `memory` and `threads` are those of the machine or of each executor; a Spark that runs in this process already is
    used as it is. Files that need converting are read by DuckDB, in this process and within `memory` too.
    """

    version = f"spark {pyspark.__version__}"
    rows_at_once = 2**62  # Spark parts its work itself

    def __init__(self, *, memory: str | None = None, threads: int | None = None, work: Path | None = None) -> None:
        self._reader = DuckDB(memory=memory, threads=threads, work=work)
        self.folder = Path(tempfile.mkdtemp(prefix=".assess-", dir=work)).resolve()
        self._names = self._paths = 0
        self._free: list[str] = []
        self._held: dict[str, Path] = {}
        try:
            self._process = SparkProcess(self.folder, memory=memory, threads=threads)
        except BaseException:
            self._remove()
            raise
        self.session = self._process.session

    def close(self) -> None:
        """Ends the engine, and Spark if it was started for it, and removes what was stored and spilled."""
        self._process.close()
        self._remove()

    def converted(self, read: Callable[[DuckDB], ir.Table]) -> ir.Table:
        """What `read` makes of files that need converting, as a table of Spark's."""
        file = shutil.move(self._reader.stored(read(self._reader)), self._path())
        return self.read_parquet([Path(file)])

    def read_parquet(self, files: Sequence[Path]) -> ir.Table:
        """Files with columns of the same types, read where they lie."""
        found = ibis.Schema.from_pyarrow(pq.read_schema(files[0]).remove_metadata())
        # what a file says of nulls makes other types of the same columns, which could not be united
        schema = ibis.schema({name: kind.copy(nullable=True) for name, kind in found.items()})
        with told():
            read = self.session.read.schema(definition(schema)).parquet(*(_address(file) for file in files))
            if len(read.inputFiles()) != len(set(files)):
                raise Unreadable(f"Spark does not read all of {files[0].parent}")
            return self._named(read.selectExpr(*(_checked(name, kind) for name, kind in schema.items())), schema)

    def table(self, rows: pa.Table) -> ir.Table:
        """Rows that are in memory already."""
        file = self._path()
        pq.write_table(rows, file)
        return self.read_parquet([file])

    def view(self, expression: ir.Table) -> ir.Table:
        """Evaluates nothing yet, but gives the expression a name: others that build on it are written down faster."""
        return self._named(self._asked(expression), expression.schema())

    def keep(self, expression: ir.Table) -> ir.Table:
        """Evaluates now and once, into Parquet; columns get their types."""
        folder = self._written(expression)
        table = self._stored(folder, expression.schema())
        self._held[table.get_name()] = folder
        return table

    store = keep

    def parted(self, expression: ir.Table, by: str, parts: int) -> list[ir.Table]:
        """Evaluates now, into Parquet: the rows with 0, 1, ... in the column `by`, which goes."""
        kept = expression.drop(by)
        if parts == 1:
            return [self.keep(kept)]
        folder, schema = self._written(expression, by), kept.schema()
        nothing = schema.to_pyarrow().empty_table()
        places = [folder / f"{by}={part}" for part in range(parts)]
        return [self._stored(place, schema) if place.exists() else self.table(nothing) for place in places]

    def forget(self, *tables: ir.Table) -> None:
        """Frees what `keep` holds; expressions that were not kept hold nothing."""
        for table in tables:
            folder = self._folder_of(table)
            if folder:
                name = table.get_name()
                self.session.catalog.dropTempView(name)
                shutil.rmtree(folder)
                del self._held[name]
                self._free.append(name)

    def repeated(self, expression: ir.Table) -> ir.Table:
        """Evaluates now: the values that the only column, whole numbers, has more than once, each once."""
        counted = expression.group_by(expression.columns).agg(found=expression.count())
        return self.keep(counted.filter(counted.found > 1).drop("found"))

    def count(self, expression: ir.Table) -> int:
        """The number of rows."""
        folder = self._folder_of(expression)
        if folder:
            return sum(pq.read_metadata(part).num_rows for part in _parts(folder))
        return self.rows(expression.aggregate(found=expression.count()))[0]["found"]

    def rows(self, expression: ir.Table) -> list[dict[str, Any]]:
        """A small result as dictionaries."""
        if self._folder_of(expression):
            return self.arrow(expression).to_pylist()
        with told():
            return [row.asDict() for row in self._asked(expression).collect()]

    def arrow(self, expression: ir.Table) -> pa.Table:
        """A result of moderate size as columns."""
        schema = expression.schema().to_pyarrow()
        return pa.Table.from_batches((batch.cast(schema) for batch in self.batches(expression)), schema)

    def batches(self, expression: ir.Table) -> Iterator[pa.RecordBatch]:
        """A large result, part by part, in the expression's order."""
        kept = self._folder_of(expression)
        folder = kept or self._written(expression)
        for part in _parts(folder):
            with pq.ParquetFile(part) as written:
                yield from written.iter_batches(_ROWS_AT_ONCE)
        if not kept:
            shutil.rmtree(folder)

    def _folder_of(self, expression: ir.Table) -> Path | None:
        """Where the rows of a table that is kept lie: what is asked of them alone needs no Spark."""
        return self._held.get(expression.get_name()) if isinstance(expression.op(), ops.UnboundTable) else None

    def _asked(self, expression: ir.Table) -> DataFrame:
        return self.session.sql(query(expression.op()))

    def _written(self, expression: ir.Table, *by: str) -> Path:
        folder = self._path()
        with told():
            self._asked(expression).write.partitionBy(*by).parquet(_address(folder))
        return folder

    def _stored(self, folder: Path, schema: ibis.Schema) -> ir.Table:
        return self._named(self.session.read.schema(definition(schema)).parquet(_address(folder)), schema)

    def _named(self, rows: DataFrame, schema: ibis.Schema) -> ir.Table:
        """The rows under a name. One given back comes first: the same expressions over the next part are then known."""
        self._names += 1
        name = self._free.pop() if self._free else f"table_{self._names}"
        rows.createTempView(name)
        return ibis.table(schema, name=name)

    def _path(self) -> Path:
        self._paths += 1
        return self.folder / f"rows_{self._paths}"

    def _remove(self) -> None:
        self._reader.close()
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def told() -> Generator[None]:
    """Spark's errors in the engines' words."""
    try:
        yield
    except ArithmeticException as wrong:
        raise overflow(wrong) from wrong
    except (PySparkException, Py4JJavaError) as wrong:
        said = str(wrong.java_exception.getMessage() if isinstance(wrong, Py4JJavaError) else wrong)
        if any(f"[{code}" in said for code in _FILE_AT_FAULT):
            raise Unreadable(said) from wrong
        if _DISK_FULL in said:
            raise OSError(_DISK_FULL) from wrong
        raise


def _parts(folder: Path) -> list[Path]:
    """The files, in order: Spark sorts by giving each part a range, and numbers the parts in that order."""
    return sorted(folder.glob("part-*"), key=lambda file: int(file.name.split("-")[1]))


def _address(path: Path) -> str:
    """This machine's file, or the one that all machines of a cluster share, and no pattern of several."""
    return "file://" + _PATTERN.sub(r"\\\1", str(path))


def _checked(name: str, kind: dt.DataType) -> str:
    """The column; a text that is no UTF-8 is an error here as it is in DuckDB."""
    return f"validate_utf8(`{name}`) AS `{name}`" if kind.is_string() else f"`{name}`"

"""The table expressions in Spark's SQL: Ibis' own translation, and the few places where Spark has to be told more."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import sqlglot.expressions as sge
from ibis.backends.sql.compilers.pyspark import PySparkCompiler
from ibis.backends.sql.datatypes import PySparkType


class _Types(PySparkType):
    """Our moments are Korean time without a zone; Spark's plain TIMESTAMP is a moment in the session's zone."""

    @classmethod
    def _from_ibis_Timestamp(cls, dtype: dt.Timestamp) -> sge.DataType:
        return sge.DataType(this=sge.DataType.Type.TIMESTAMPNTZ)


class _Compiler(PySparkCompiler):
    type_mapper = _Types
    SIMPLE_OPS = PySparkCompiler.SIMPLE_OPS | {ops.Hash: "xxhash64"}  # `hash` has 32 bits only

    def visit_TimestampTruncate(self, op: Any, *, arg: Any, unit: Any) -> Any:
        return self.cast(super().visit_TimestampTruncate(op, arg=arg, unit=unit), op.dtype)


_COMPILER = _Compiler()


@lru_cache(maxsize=1024)
def query(expression: Any) -> str:
    """The SQL of an expression (of its operation), with every column in the very type that Ibis says it has."""
    table = expression.to_expr()
    inner = _COMPILER.to_sqlglot(table).sql(_COMPILER.dialect)
    columns = ", ".join(
        f"CAST({_quoted(name)} AS {type_of(kind)}) AS {_quoted(name)}" for name, kind in table.schema().items()
    )
    return f"SELECT {columns} FROM ({inner})"  # noqa: S608 (names and types of our own expressions)


def definition(schema: ibis.Schema) -> str:
    """The schema as Spark writes it: `name TYPE, ...`."""
    return ", ".join(f"{_quoted(name)} {type_of(kind)}" for name, kind in schema.items())


def type_of(kind: dt.DataType) -> str:
    """Spark's name of a type."""
    return _Types.to_string(kind)


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"

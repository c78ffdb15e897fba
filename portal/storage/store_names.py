"""The stores that a delivered file speaks of, with their names: written beside the lines by the child, read after it.

Only where a layout names such columns is the file read a second time; a row tells of a store whose lines were accepted.
"""

from __future__ import annotations

import contextlib
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import duckdb

from portal.domain.identifiers import is_business_number, normalise_business_number
from portal.domain.layouts import Layout
from portal.domain.platform_stores import MAX_ADDRESS, MAX_NAME, MOST, StoreTold
from portal.storage import line_judging, line_statement
from portal.storage.incoming import Incoming

_FILE, _LINES = "stores.parquet", "accepted.parquet"
_TOLD = ("name", "business_number", "address")


def write(layout: Layout, again: AbstractContextManager[Incoming], job: dict[str, Any], into: Path) -> None:
    """In the child, after accepted.parquet was written to `into`: of each store the last that was said, beside it.

    `again`: the same file, to be read once more.
    """
    if not layout.store.names:
        return
    with again as incoming, contextlib.closing(line_judging.engine_within(into, job)) as engine:
        for name, text in (incoming.cells.above or {}).items():
            engine.execute(f"SET VARIABLE {name} = $1", [text])
        reader = incoming.rows.reader()
        engine.register("incoming", reader)
        cut = line_statement.whole_rows("incoming", incoming.width, reader.schema.names)
        engine.execute(_statement(incoming, cut, into / _LINES, into / _FILE))


def told(into: Path) -> list[StoreTold]:
    """What the child left in `into`, by store: what columns say that the layout names, and business numbers that stand
    in place of store numbers, as where a platform answers for a list of businesses. To be read before the lines move.
    """
    said: dict[str, tuple[str, str, str]] = {store_id: ("", store_id, "") for store_id in _numbered(into)}
    for store_id, name, number, address in _rows(into / _FILE, "FROM read_parquet($path)"):
        said[store_id] = (name, number or said.get(store_id, ("", "", ""))[1], address)
    found = (StoreTold(store_id, name, _number(number), address) for store_id, (name, number, address) in said.items())
    return [store for store in found if store.name or store.business_number or store.address]


def _numbered(into: Path) -> list[str]:
    """Store ids that are business numbers. Ten bare digits may be a number of the platform's own: one in ten of those
    has a right check digit, and money would follow it to a stranger. So they count where most of the file are right.
    """
    statement = "SELECT DISTINCT store_id FROM read_parquet($path) WHERE regexp_full_match(store_id, $like) ORDER BY 1"
    found = [store_id for (store_id,) in _rows(into / _LINES, statement, like=r"\d{3}-?\d{2}-?\d{5}")]
    bare = [store_id for store_id in found if "-" not in store_id]
    if 2 * sum(is_business_number(store_id) for store_id in bare) > len(bare):
        return found
    return [store_id for store_id in found if "-" in store_id]


def _rows(path: Path, statement: str, **more: str) -> list[tuple[str, ...]]:
    if not path.is_file():
        return []
    with duckdb.connect(config={"threads": 1, "memory_limit": "256MiB"}) as engine:
        return engine.execute(statement, {"path": str(path), **more}).fetchall()


def _statement(incoming: Incoming, cut: str, accepted: Path, target: Path) -> str:
    texts = incoming.cells.texts
    cells = ", ".join(f"{texts.get(f'store_{what}', _quoted(''))} AS {what}" for what in _TOLD)
    longest = {"name": MAX_NAME, "business_number": MAX_NAME, "address": MAX_ADDRESS}
    last = ", ".join(
        f"coalesce(arg_max(left({what}, {longest[what]}), row) FILTER ({what} <> ''), '') AS {what}" for what in _TOLD
    )
    return f"""
        COPY (
            WITH cut AS (FROM ({cut}) WHERE broken IS NULL),
            cells AS (
                SELECT row, {texts["store_id"]} AS store_id, {cells} FROM cut
                WHERE NOT ({incoming.cells.no_order}))
            SELECT store_id, {last} FROM cells
            WHERE store_id IN (SELECT store_id FROM read_parquet({_quoted(str(accepted))}))
            GROUP BY store_id ORDER BY store_id LIMIT {MOST})
        TO {_quoted(str(target))} (FORMAT parquet, COMPRESSION zstd)
    """  # noqa: S608 (texts of profiles, quoted where the cells are made)


def _number(text: str) -> str:
    digits = normalise_business_number(text)
    return digits if is_business_number(digits) else ""


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"

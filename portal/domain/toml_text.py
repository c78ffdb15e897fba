"""A programme's document written as TOML: what a form, a template or a file holds, always in the same order and shape.

The law of this module: `tomllib.loads(as_text(document)) == document`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

# The order of a programme's tables, which is the order of its announcement; what is not named comes after.
ORDER = (
    *("code", "name", "version", "priority", "legal_basis", "cost_window", "platforms", "round_down_to", "funding"),
    *("item", "pool", "call", "grant", "eligibility", "document", "track", "question", "budget", "example"),
)
_IN_ONE_LINE = ("cost_window", "funding")  # tables so short that they read best beside their name
_GROUPED = 10_000  # from here on digits stand in threes; no year is that long
_BARE = re.compile(r"[A-Za-z0-9_-]+")


def as_text(document: Mapping[str, Any]) -> str:
    """The TOML text of a document of tables, lists, texts, whole numbers, flags and dates."""
    ordered = sorted(document, key=lambda key: ORDER.index(key) if key in ORDER else len(ORDER))
    plain = [key for key in ordered if not _is_table(document[key]) and not _is_tables(document[key])]
    plain += [key for key in ordered if key in _IN_ONE_LINE and key not in plain and _is_table(document[key])]
    plain.sort(key=ordered.index)
    lines = [f"{_key(key)} = {_value(document[key])}" for key in plain]
    for key in ordered:
        if key not in plain:
            lines += _section(_key(key), document[key])
    return "\n".join(lines).strip("\n") + "\n"


def _section(name: str, value: Any) -> Iterator[str]:
    """A table under its name, its own tables after its values; a list of tables one after the other."""
    if not isinstance(value, Mapping):
        for row in value:
            yield from ("", f"[[{name}]]", *_rows(row))
        return
    inner = {key: each for key, each in value.items() if _is_table(each)}
    yield from ("", f"[{name}]", *_rows({key: each for key, each in value.items() if key not in inner}))
    for key, each in inner.items():
        yield from _section(f"{name}.{_key(key)}", each)


def _rows(table: Mapping[str, Any]) -> Iterator[str]:
    return (f"{_key(key)} = {_value(value)}" for key, value in table.items())


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return f"{value:_}" if abs(value) >= _GROUPED else str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "{ " + ", ".join(_rows(value)) + " }" if value else "{}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return _list([_value(each) for each in value])
    return _text(str(value))


def _list(values: Sequence[str]) -> str:
    if any(value.startswith("{ ") for value in values):
        return "\n".join(["[", *(f"  {value}," for value in values), "]"])
    return f"[{', '.join(values)}]"


def _text(value: str) -> str:
    # JSON and TOML quote the same, but for the one control character that JSON leaves as it is
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping)


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, Mapping) for each in value)

"""What one text of a programme says otherwise than another, value by value, for a notice of amendment (수정공고).

Parts of lists are recognised by what they are called, not by their place: a test of eligibility that moves up has not
changed.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_UNTOLD = ("version", "example")  # the portal's own number; marks that stand beside the values
# What a part of a list is called by, the first that it has.
_NAMES = (("code",), ("fiscal_year", "source"), ("per",), ("edition",))

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ValueChange:
    """`path`: keys, and for a part of a list what it is called. A value that was or is not there is None; a part that
    came or went whole is its table."""

    path: Path
    before: Any
    after: Any


def value_changes(before: str, after: str) -> list[ValueChange]:
    """The changes between two texts that can be read, in the order of the later one, what went away last."""
    first, second = tomllib.loads(before), tomllib.loads(after)
    return list(_between((), first, second))


def _between(path: Path, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[ValueChange]:
    for key in [*after, *(key for key in before if key not in after)]:
        if path or key not in _UNTOLD:
            yield from _compared((*path, key), before.get(key), after.get(key))


def _compared(path: Path, before: Any, after: Any) -> Iterator[ValueChange]:
    if before == after:
        return
    first, second = _named(before), _named(after)
    if first is not None and second is not None:
        yield from _between(path, first, second)
    elif isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _between(path, before, after)
    else:
        yield ValueChange(path, before, after)


def _named(value: Any) -> dict[str, Any] | None:
    """A list of tables by what each is called; None for anything else. What is not there is an empty one."""
    if value is None:
        return {}
    if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
        return None
    found: dict[str, Any] = {}
    for number, table in enumerate(value, 1):
        name = _name(table) or f"#{number}"
        found[name if name not in found else f"{name} #{number}"] = table
    return found


def _name(table: Mapping[str, Any]) -> str:
    keys: Sequence[str] = next((keys for keys in _NAMES if all(key in table for key in keys)), ())
    return " ".join(str(table[key]) for key in keys)

"""A TOML table being read: each look-up notes a problem and goes on, so that a file is refused with all its faults."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from typing import TypeVar, cast

from portal.domain.errors import FileRefused, Problem

T = TypeVar("T")


class Table:
    """One table of a file. `path` is where it stands (`call.contact`); `problems` is shared by the whole file."""

    def __init__(self, values: Mapping[str, object], problems: list[Problem], file: str = "", path: str = "") -> None:
        self.values, self.problems, self.file, self.path = values, problems, file, path
        self._asked: set[str] = set()

    def note(self, code: str, key: str, value: object = "") -> None:
        """A problem at a key of this table."""
        self.problems.append(Problem(code, field=self._at(key), value=str(value)[:80], file=self.file))

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self.values

    def text(self, key: str, default: str | None = None) -> str:
        """A text that is not empty; without default it must be there."""
        return self._get(key, default, "", "not_text", lambda v: isinstance(v, str) and bool(v.strip()))

    def choice(self, key: str, choices: Collection[str], default: str | None = None) -> str:
        """One of a fixed set of words."""
        return self._get(key, default, "", "unknown_choice", lambda v: isinstance(v, str) and v in choices)

    def integer(self, key: str, default: int | None = None, least: int = 0) -> int:
        """A whole number, `least` or more."""
        return self._get(key, default, 0, "not_an_integer", lambda v: type(v) is int and v >= least)

    def flag(self, key: str, default: bool) -> bool:
        """true or false."""
        return self._get(key, default, False, "not_a_flag", lambda v: isinstance(v, bool))

    def day(self, key: str, default: date | None = None) -> date:
        """A date without time."""
        return self._get(key, default, date.min, "not_a_date", _is_date)

    def open_day(self, key: str) -> date | None:
        """A date, or None when the key is absent (an open end)."""
        return self.day(key) if self.has(key) else None

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """A list of texts, none empty; without default it must be there and hold at least one."""
        least = 0 if default is not None else 1
        return tuple(
            self._get(key, default, (), "not_a_list", lambda v: _is_list_of(v, str) and all(v) and len(v) >= least)
        )

    def integers(self, key: str) -> tuple[int, ...]:
        """A list of whole numbers with at least one."""
        return tuple(self._get(key, None, (), "not_a_list", lambda v: _is_list_of(v, int) and bool(v)))

    def table(self, key: str) -> Table:
        """A table inside this one; an empty one, and a problem, when it is missing."""
        values = self._get(key, None, {}, "not_a_table", lambda v: isinstance(v, dict))
        return Table(values, self.problems, self.file, self._at(key))

    def tables(self, key: str, least: int = 0) -> list[Table]:
        """A list of tables (`[[key]]`), at least so many."""
        rows = self._get(key, [], [], "not_a_list", lambda v: _is_list_of(v, dict))
        if len(rows) < least:
            self.note("missing", key)
        return [Table(row, self.problems, self.file, f"{self._at(key)}[{n}]") for n, row in enumerate(rows, start=1)]

    def finish(self, elsewhere: Collection[str] = ()) -> None:
        """Notes every key that nobody asked for, save those that another reader takes."""
        for key in self.values:
            if key not in self._asked and key not in elsewhere:
                self.note("unknown_key", key)

    def _get(self, key: str, default: T | None, blank: T, fault: str, fits: Callable[..., bool]) -> T:
        self._asked.add(key)
        if key not in self.values:
            if default is None:
                self.note("missing", key)
                return blank
            return default
        value = self.values[key]
        if not fits(value):
            self.note(fault, key, value)
            return blank
        return cast("T", value)  # `fits` has just tested it

    def _at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key


def read_toml(text: str, file: str = "") -> dict[str, object]:
    """The document. Raises FileRefused when it is not TOML."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise FileRefused(problems=[Problem("not_toml", value=str(wrong)[:80], file=file)]) from wrong


def refuse_if(problems: list[Problem]) -> None:
    """Raises FileRefused with all problems, if there are any."""
    if problems:
        raise FileRefused(problems=problems)


def _is_date(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _is_list_of(value: object, kind: type) -> bool:
    return isinstance(value, list) and all(isinstance(each, kind) and not isinstance(each, bool) for each in value)

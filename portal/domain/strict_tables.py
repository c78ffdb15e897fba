"""A TOML table read strictly: what is missing, of the wrong kind or unknown becomes a problem, and reading goes on."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from portal.domain.errors import FileRefused, Problem

E = TypeVar("E", bound=StrEnum)

_SHARE = re.compile(r"[0-9]+(\.[0-9]+)?")
_SHOWN = 80
_REQUIRED: Any = object()


@dataclass(slots=True)
class StrictTable:
    """One table of the file at `where`. Readers return a harmless value where they note a problem.

    `problems` is shared by all tables of a file; whoever reads the file raises FileRefused at the end if it holds any.
    """

    values: Mapping[str, Any]
    file: str = ""
    where: str = ""
    problems: list[Problem] = field(default_factory=list)
    read: set[str] = field(default_factory=set)

    def text(self, key: str, default: str = _REQUIRED) -> str:
        """Text without control characters or space around it; empty only as a default."""
        value = self._get(key, default)
        if isinstance(value, str) and (value is default or (value == value.strip() != "" and value.isprintable())):
            return value
        return self._refuse(key, "not_text", value, "")

    def whole(self, key: str, default: int = _REQUIRED, *, least: int = 0, most: int = 2**63 - 1) -> int:
        """A whole number between two bounds."""
        value = self._get(key, default)
        if isinstance(value, bool) or not isinstance(value, int):
            return self._refuse(key, "not_an_integer", value, least)
        if value < least:
            return self._refuse(key, "negative" if value < 0 <= least else "too_small", value, least)
        return value if value <= most else self._refuse(key, "out_of_range", value, least)

    def share(self, key: str) -> Decimal:
        """Decimal text from 0 to 1 with at most four decimals: a TOML float is not exact and is refused."""
        value = self._get(key, _REQUIRED)
        if not isinstance(value, str) or not _SHARE.fullmatch(value):
            return self._refuse(key, "not_a_decimal_text", value, Decimal(0))
        if len(value.partition(".")[2]) > 4:
            return self._refuse(key, "too_many_decimals", value, Decimal(0))
        share = Decimal(value)
        return share if share <= 1 else self._refuse(key, "out_of_range", value, Decimal(0))

    def day(self, key: str) -> date:
        """A date without time."""
        value = self._get(key, _REQUIRED)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        return self._refuse(key, "not_a_date", value, date.min)

    def choice(self, key: str, kinds: type[E]) -> E | None:
        """One of the values of an enumeration; None with a problem for anything else."""
        value = self._get(key, _REQUIRED)
        if isinstance(value, str) and value in list(kinds):
            return kinds(value)
        return self._refuse(key, f"unknown_{key}", value, None)

    def texts(self, key: str, among: Collection[str] = ()) -> tuple[str, ...] | None:
        """A list of different texts (of `among`, if given) or None where the key is absent; never an empty list."""
        value = self._get(key, None)
        if value is None:
            return None
        if not isinstance(value, list) or not value or not all(isinstance(one, str) and one for one in value):
            return self._refuse(key, "not_a_list_of_texts", value, ())
        for one in value:
            if among and one not in among:
                self.note(key, f"unknown_{key.removesuffix('s')}", one)
        return tuple(dict.fromkeys(value))

    def table(self, key: str, default: Mapping[str, Any] = _REQUIRED) -> StrictTable:
        """The table under `key`; an empty one with a problem where there is none."""
        value = self._get(key, default)
        return self._inner(key, value if isinstance(value, Mapping) else self._refuse(key, "not_a_table", value, {}))

    def tables(self, key: str) -> list[StrictTable]:
        """The list of tables under `key`, none where it is absent."""
        value = self._get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
            return self._refuse(key, "not_a_list_of_tables", value, [])
        return [self._inner(f"{key}[{number}]", one) for number, one in enumerate(value, start=1)]

    def done(self, ignored: Collection[str] = ()) -> None:
        """Every key that nobody read is a problem, except those in `ignored`."""
        for key in self.values:
            if key not in self.read and key not in ignored:
                self.note(key, "unknown_key", "")

    def note(self, key: str, code: str, value: object) -> None:
        """A problem at `key` of this table."""
        self.problems.append(Problem(code, field=self._at(key), value=str(value)[:_SHOWN], file=self.file))

    def _get(self, key: str, default: Any) -> Any:
        self.read.add(key)
        return self.values.get(key, default)

    def _refuse(self, key: str, code: str, value: Any, instead: Any) -> Any:
        missing = value is _REQUIRED
        self.note(key, "missing_key" if missing else code, "" if missing else value)
        return instead

    def _inner(self, key: str, values: Mapping[str, Any]) -> StrictTable:
        return StrictTable(values, self.file, self._at(key), self.problems)

    def _at(self, key: str) -> str:
        return f"{self.where}.{key}" if self.where else key


def read_toml(text: str, *, file: str = "") -> StrictTable:
    """The file's outermost table. Raises FileRefused (`not_toml`) where the text is not TOML at all."""
    try:
        return StrictTable(tomllib.loads(text), file)
    except (tomllib.TOMLDecodeError, RecursionError) as wrong:
        raise FileRefused(problems=[Problem("not_toml", value=str(wrong)[:_SHOWN], file=file)]) from wrong

"""Compares a file's header with the layouts of its platform: the one that fits, or the nearest one side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.domain import header_paths
from portal.domain.errors import FileRefused, Problem
from portal.domain.header_paths import Path
from portal.domain.layouts import Layout
from portal.domain.settlements import FileFault

SHOWN = 120  # characters of a header that are shown


class Verdict(StrEnum):
    """About one pair of columns: `same`; a known column that is not in the file (`absent` if that is allowed, else
    `missing`); one of the file that the layout does not know (`unknown`), or that two columns answer to (`repeated`).
    """

    SAME = "same"
    ABSENT = "absent"
    MISSING = "missing"
    UNKNOWN = "unknown"
    REPEATED = "repeated"


GOOD = (Verdict.SAME, Verdict.ABSENT)


@dataclass(frozen=True, slots=True)
class ComparedColumn:
    """`expected`: the layout's name, `found`: the file's; either may be empty, never both."""

    expected: str
    found: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Comparison:
    """A file's columns beside those of the layout that comes nearest to them."""

    layout: str
    columns: tuple[ComparedColumn, ...]

    @property
    def by_weight(self) -> tuple[ComparedColumn, ...]:
        """What keeps the file from being read first, what agrees last."""
        return tuple(sorted(self.columns, key=lambda column: column.verdict in GOOD))

    @property
    def fits(self) -> bool:
        return all(column.verdict in GOOD for column in self.columns)

    @property
    def alike(self) -> int:
        return sum(column.verdict is Verdict.SAME for column in self.columns)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What keeps the file from being read, a problem a column."""
        codes = {
            Verdict.MISSING: FileFault.MISSING_COLUMN,
            Verdict.UNKNOWN: FileFault.UNKNOWN_COLUMN,
            Verdict.REPEATED: FileFault.REPEATED_COLUMN,
        }
        return tuple(
            Problem(codes[column.verdict].value, field=column.expected or column.found)
            for column in self.columns
            if column.verdict in codes
        )


class LayoutUnknown(FileRefused):
    """No layout of the platform fits the file: a person has to look at both lists of columns."""

    code = "layout_unknown"

    def __init__(self, comparison: Comparison, problems: Sequence[Problem] = ()) -> None:
        first = Problem(FileFault.UNKNOWN_LAYOUT.value, value=comparison.layout)
        super().__init__(problems=tuple(problems) or (first,))
        self.comparison = comparison


@dataclass(frozen=True, slots=True)
class Match:
    """Where the columns of a layout are in a file: header name -> number from 0, None for an optional one not there."""

    columns: Mapping[str, int | None]
    comparison: Comparison


def match(layout: Layout, found: Sequence[Path], above: Sequence[str] = ()) -> Match:
    """Tries a layout on the columns of a file; `comparison.fits` says whether it may be used.

    `above`: the labels found over the header, numbered on after the columns.
    """
    columns: dict[str, int | None] = {}
    compared: list[ComparedColumn] = []
    taken: set[int] = set()
    for name in layout.names:
        numbers = header_paths.matches(name, found)
        columns[name] = numbers[0] if numbers else None
        if not numbers:
            missing = name not in layout.optional and name not in layout.ignored
            compared.append(ComparedColumn(name, "", Verdict.MISSING if missing else Verdict.ABSENT))
            continue
        verdict = Verdict.SAME if len(numbers) == 1 and not taken & set(numbers) else Verdict.REPEATED
        texts = "; ".join(_shown(found[number]) for number in numbers)
        compared.append(ComparedColumn(name, texts, verdict))
        taken |= set(numbers)
    for number, label in enumerate(layout.above, len(found)):
        there = header_paths.plain(label) in map(header_paths.plain, above)
        columns[label] = number if there else None
        compared.append(ComparedColumn(label, label if there else "", Verdict.SAME if there else Verdict.MISSING))
    compared += [
        ComparedColumn("", _shown(path), Verdict.UNKNOWN)
        for number, path in enumerate(found)
        if path and number not in taken
    ]
    return Match(columns, Comparison(layout.title, tuple(compared)))


def nearest(comparisons: Sequence[Comparison]) -> Comparison:
    """The one with the most columns alike, the first of them where several are."""
    return max(comparisons, key=lambda comparison: comparison.alike)


def _shown(path: Path) -> str:
    return header_paths.shown(path)[:SHOWN]

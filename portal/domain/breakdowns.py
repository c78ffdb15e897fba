"""From counts by stored code to the tables of the statistics: codes of today, names, gaps filled, totals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portal.domain.codes import Region, region_name, regions_on
from portal.domain.money import Won
from portal.domain.periods import Month, months
from portal.domain.statistics import Breakdown, Dimension, Row

_WITH_APPLICATIONS = frozenset({Dimension.MONTH, Dimension.REGION, Dimension.DIVISION, Dimension.INDUSTRY})
_MONTHLY = frozenset({Dimension.MONTH, Dimension.PAY_MONTH})
_LARGEST_FIRST = frozenset({Dimension.INDUSTRY, Dimension.PLATFORM, Dimension.ITEM})


@dataclass(frozen=True, slots=True)
class Count:
    """What was counted for one stored code (and edition, for industries); counts of one code add up."""

    dimension: Dimension
    code: str
    edition: int = 0
    applications: int = 0
    decisions: int = 0
    merchants: int = 0
    lines: int = 0
    paid: Won = 0


@dataclass(frozen=True, slots=True)
class Names:
    """The code tables that turn codes into words, `industries` by (edition, code); `home`: a region left unsaid."""

    regions: Sequence[Region]
    industries: Mapping[tuple[int, str], str]
    platforms: Mapping[str, str]
    items: Mapping[str, str]
    sources: Mapping[str, str]


def tables(counts: Iterable[Count], whole: Count, names: Names, *, home: str, on: date) -> tuple[Breakdown, ...]:
    """Every dimension's table. `whole`: the totals, with merchants counted once; `home`: region of the organisation;
    `on`: the day whose region codes are used: an old code counts for its one successor (2026-07-01: 46730 -> 12730).
    """
    sums: dict[Dimension, dict[tuple[str, int], list[Count]]] = {each: defaultdict(list) for each in Dimension}
    here = region_name(names.regions, _today(names.regions, home, on))
    for count in counts:
        code = _today(names.regions, count.code, on) if count.dimension is Dimension.REGION else count.code
        sums[count.dimension][code, count.edition].append(count)
    return tuple(
        Breakdown(
            dimension,
            tuple(_ordered(dimension, [_row(dimension, key, found, names, here) for key, found in groups.items()])),
            _total(dimension, whole),
        )
        for dimension, groups in sums.items()
    )


def _today(regions: Sequence[Region], code: str, on: date) -> str:
    """The code's one successor on that day; a code that was split or is unknown stays as it is."""
    heirs = regions_on(regions, code, on)
    return heirs[0].code if len(heirs) == 1 else code


def _row(dimension: Dimension, key: tuple[str, int], counts: Sequence[Count], names: Names, here: str) -> Row:
    code, edition = key
    counted = dimension in _WITH_APPLICATIONS
    return Row(
        code=code,
        label=_label(dimension, code, edition, names, here),
        scheme={Dimension.REGION: "법정동코드"}.get(dimension, f"KSIC {edition}차" if edition else ""),
        applications=sum(count.applications for count in counts) if counted else None,
        decisions=sum(count.decisions for count in counts) if counted else None,
        merchants=sum(count.merchants for count in counts),
        lines=sum(count.lines for count in counts),
        paid=sum(count.paid for count in counts),
    )


def _label(dimension: Dimension, code: str, edition: int, names: Names, here: str) -> str:
    if dimension in _MONTHLY:
        return f"{code[:4]}. {int(code[5:])}."
    if dimension is Dimension.REGION:
        return region_name(names.regions, code).removeprefix(f"{here} ")
    if dimension in (Dimension.DIVISION, Dimension.INDUSTRY):
        return names.industries.get((edition, code), code)
    return (names.platforms if dimension is Dimension.PLATFORM else names.items).get(code, code)


def _ordered(dimension: Dimension, rows: Sequence[Row]) -> list[Row]:
    if dimension in _MONTHLY:
        return _without_gaps(dimension, rows)
    if dimension in _LARGEST_FIRST:
        return sorted(rows, key=lambda row: (-row.paid, -(row.applications or 0), row.scheme, row.code))
    return sorted(rows, key=lambda row: (row.scheme, row.code))


def _without_gaps(dimension: Dimension, rows: Sequence[Row]) -> list[Row]:
    """Every month from the first to the last, also those in which nothing happened."""
    found = {row.code: row for row in rows}
    nothing: int | None = 0 if dimension in _WITH_APPLICATIONS else None
    every: list[Month] = months(min(found), max(found)) if found else []
    return [
        found.get(month) or Row(month, f"{month[:4]}. {int(month[5:])}.", "", nothing, nothing, 0, 0, 0)
        for month in every
    ]


def _total(dimension: Dimension, whole: Count) -> Row:
    counted = dimension in _WITH_APPLICATIONS
    return Row(
        code="",
        label="합계",
        scheme="",
        applications=whole.applications if counted else None,
        decisions=whole.decisions if counted else None,
        merchants=whole.merchants,
        lines=whole.lines,
        paid=whole.paid,
    )

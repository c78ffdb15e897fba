"""Official codes as dated tables: regions, industries, banks, holidays and the periods of Acts, read from CSV text."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from portal.domain.deadlines import ActPeriod, Holidays, ReportDue
from portal.domain.errors import FileRefused, Problem
from portal.domain.signals import Rule, Threshold

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Region:
    """A 시도 (2 digits), 시군구 (5) or 읍·면·동 (10) of one code system. Empty dates are open; both ends included.

    `successors`: what replaced it on the day after `valid_to`; several when it was split.
    `evidence`: list (seen in the official code list), known (date from general knowledge) or inferred.
    """

    system: str
    code: str
    name: str
    parent: str
    valid_from: date | None
    valid_to: date | None
    successors: tuple[str, ...]
    evidence: str

    def valid_on(self, on: date) -> bool:
        """Whether the code was in use on that date."""
        return _within(on, self.valid_from, self.valid_to)


@dataclass(frozen=True, slots=True)
class Industry:
    """A KSIC code of one edition: the same digits may mean another trade in the next edition."""

    edition: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class ExcludedIndustry:
    """A code (or the beginning of codes) of one edition that a published list excludes for a time."""

    list: str
    edition: int
    code: str
    name: str
    valid_from: date | None
    valid_to: date | None
    source: str

    def valid_on(self, on: date) -> bool:
        """Whether the list held the code on that date."""
        return _within(on, self.valid_from, self.valid_to)


@dataclass(frozen=True, slots=True)
class Bank:
    """A bank by its three-digit code, kept as text."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class SizeBand:
    """Where a band of sizes begins, up to the next: `by` sales in won, or workers in tenths of a regular worker."""

    by: str
    least: int


def load_regions(text: str) -> tuple[Region, ...]:
    """Columns system, code, name, parent, valid_from, valid_to, successors (space between), evidence.

    Raises FileRefused with every bad row, and for parents or successors that are not in the table.
    """
    regions = _load(text, "regions.csv", _region)
    known = {region.code for region in regions}
    problems = [
        Problem("unknown_region", field=field, value=code, file="regions.csv", row=number)
        for number, region in enumerate(regions, start=1)
        for field, codes in (("parent", [region.parent]), ("successors", region.successors))
        for code in codes
        if code and code not in known
    ]
    if problems:
        raise FileRefused(problems=problems)
    return regions


def load_industries(text: str) -> tuple[Industry, ...]:
    """Columns edition, code, name. Raises FileRefused with every bad row."""
    return _load(text, "industries.csv", lambda row: Industry(int(row["edition"]), _digits(row["code"]), row["name"]))


def load_excluded_industries(text: str) -> tuple[ExcludedIndustry, ...]:
    """Columns list, edition, code, name, valid_from, valid_to, source. Raises FileRefused with every bad row."""
    return _load(text, "excluded_industries.csv", _excluded)


def load_banks(text: str) -> tuple[Bank, ...]:
    """Columns code, name. Raises FileRefused with every bad row."""
    return _load(text, "banks.csv", lambda row: Bank(_digits(row["code"]), row["name"]))


def load_holidays(text: str) -> Holidays:
    """Columns date, name; the dates. Raises FileRefused with every bad row."""
    return frozenset(load_holiday_names(text))


def load_holiday_names(text: str) -> dict[date, str]:
    """The same with the name of each. Raises FileRefused with every bad row."""
    return dict(_load(text, "holidays.csv", lambda row: (date.fromisoformat(row["date"]), row["name"])))


def load_sizes(text: str) -> tuple[SizeBand, ...]:
    """Columns by, least, source; bands in rising order. Raises FileRefused with every bad row."""
    return _load(text, "sizes.csv", lambda row: SizeBand(row["by"], int(_digits(row["least"]))))


def load_account_cooling(text: str) -> tuple[tuple[date, int], ...]:
    """Columns valid_from, days, source; from which day on so many working days. Raises FileRefused."""
    return _load(
        text,
        "account_cooling.csv",
        lambda row: (date.fromisoformat(row["valid_from"]), int(_digits(row["days"]))),
    )


def load_act_periods(text: str) -> tuple[ActPeriod, ...]:
    """Columns act, rule, days, article, valid_from, source. Raises FileRefused with every bad row."""
    return _load(text, "acts.csv", _act_period)


def load_reports_due(text: str) -> tuple[ReportDue, ...]:
    """Columns act, months, article, valid_from, source. Raises FileRefused with every bad row."""
    return _load(text, "reports_due.csv", _report_due)


def load_signal_thresholds(text: str) -> tuple[Threshold, ...]:
    """Columns rule, name, value, valid_from, source. Raises FileRefused with every bad row."""
    return _load(text, "signal_thresholds.csv", _signal_threshold)


def region_of(regions: Iterable[Region], code: str) -> Region | None:
    """The region with that code, valid or not."""
    return next((region for region in regions if region.code == code), None)


def region_name(regions: Sequence[Region], code: str) -> str:
    """`12730` -> `전남광주통합특별시 구례군`; the code itself when it is unknown."""
    region = region_of(regions, code)
    if region is None:
        return code
    if not region.parent:
        return region.name
    above = region_name(regions, region.parent)
    return above if region.name == above else f"{above} {region.name}"  # 세종 is its own 시군구


def regions_on(regions: Sequence[Region], code: str, on: date) -> tuple[Region, ...]:
    """What an old code stands for on a date: itself, its one successor, or several after a split; empty if unknown."""
    region = region_of(regions, code)
    if region is None:
        return ()
    if region.valid_to is None or on <= region.valid_to:
        return (region,) if region.valid_on(on) else ()
    return tuple(heir for successor in region.successors for heir in regions_on(regions, successor, on))


def regions_within(regions: Iterable[Region], parent: str, on: date) -> tuple[Region, ...]:
    """The regions directly under `parent` (empty text: the 시도) that are valid on a date, by code."""
    return tuple(region for region in regions if region.parent == parent and region.valid_on(on))


def _region(row: dict[str, str]) -> Region:
    if len(row["code"]) not in (2, 5, 10):
        raise ValueError(row["code"])
    return Region(
        system=row["system"],
        code=_digits(row["code"]),
        name=row["name"],
        parent=row["parent"],
        valid_from=_date(row["valid_from"]),
        valid_to=_date(row["valid_to"]),
        successors=tuple(row["successors"].split()),
        evidence=row["evidence"],
    )


def _excluded(row: dict[str, str]) -> ExcludedIndustry:
    return ExcludedIndustry(
        list=row["list"],
        edition=int(row["edition"]),
        code=_digits(row["code"]),
        name=row["name"],
        valid_from=_date(row["valid_from"]),
        valid_to=_date(row["valid_to"]),
        source=row["source"],
    )


def _act_period(row: dict[str, str]) -> ActPeriod:
    return ActPeriod(
        act=row["act"],
        rule=row["rule"],
        days=int(row["days"]),
        article=row["article"],
        valid_from=date.fromisoformat(row["valid_from"]),
        source=row["source"],
    )


def _signal_threshold(row: dict[str, str]) -> Threshold:
    return Threshold(
        rule=Rule(row["rule"]),
        name=row["name"],
        value=int(_digits(row["value"])),
        valid_from=date.fromisoformat(row["valid_from"]),
        source=row["source"],
    )


def _report_due(row: dict[str, str]) -> ReportDue:
    months = int(_digits(row["months"]))
    return ReportDue(row["act"], months, row["article"], date.fromisoformat(row["valid_from"]), row["source"])


def _load(text: str, file: str, parse: Callable[[dict[str, str]], T]) -> tuple[T, ...]:
    found: list[T] = []
    problems = []
    for number, row in enumerate(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))), start=1):
        try:
            found.append(parse(row))
        except KeyError as missing:
            problems.append(Problem("missing_column", field=str(missing.args[0]), file=file, row=number))
        except (ValueError, TypeError, AttributeError) as wrong:
            problems.append(Problem("bad_value", value=str(wrong)[:80], file=file, row=number))
    if not found and not problems:
        problems.append(Problem("empty", file=file))
    if problems:
        raise FileRefused(problems=problems)
    return tuple(found)


def _digits(text: str) -> str:
    if not (text.isascii() and text.isdecimal()):
        raise ValueError(text)
    return text


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _within(on: date, start: date | None, end: date | None) -> bool:
    return (start or date.min) <= on <= (end or date.max)

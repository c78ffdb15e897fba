"""The dated numbers of a recovery, each with its article: interest, surcharge and late charge. Read from CSV text.

`check`: the number or its reading is not verified against the text of the law; pages and letters say so (확인 필요).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol, TypeVar

from portal.domain.errors import NotFound, Problem
from portal.domain.money import Won

LOCAL, NATIONAL = "local", "national"


class Cause(StrEnum):
    """Why money is to come back; it decides whether interest and a surcharge are added."""

    HONEST = "honest"  # 단순 착오
    CORRECTED = "corrected"  # 자료 정정
    FALSE = "false"  # 거짓이나 부정한 방법
    OTHER_USE = "other_use"  # 다른 용도 사용
    INELIGIBLE = "ineligible"  # 요건을 갖추지 못함


@dataclass(frozen=True, slots=True)
class Rule:
    """What one Act adds to the principal for one cause. `surcharge_percent` of the principal; 0 for none."""

    act: str
    cause: Cause
    interest: bool
    article: str
    surcharge_percent: Decimal
    surcharge_article: str
    valid_from: date
    check: bool
    source: str


@dataclass(frozen=True, slots=True)
class InterestRate:
    """Per cent a year, in force from a day."""

    percent: Decimal
    article: str
    valid_from: date
    check: bool
    source: str


@dataclass(frozen=True, slots=True)
class LateRule:
    """가산금 of an Act: `first_percent` within `first_days` of the deadline, `month_percent` within a month, then
    `further_percent` more for each month begun, at most `cap_percent`; of the unpaid `base` (surcharge or whole).
    """

    act: str
    base: str
    first_days: int
    first_percent: Decimal
    month_percent: Decimal
    further_percent: Decimal
    cap_percent: Decimal
    article: str
    valid_from: date
    check: bool
    source: str


@dataclass(frozen=True, slots=True)
class Limit:
    """An amount that the law names."""

    name: str
    won: Won
    article: str
    valid_from: date
    check: bool
    source: str


@dataclass(frozen=True, slots=True)
class Rates:
    """All of them."""

    rules: tuple[Rule, ...]
    interest: tuple[InterestRate, ...]
    late: tuple[LateRule, ...]
    limits: tuple[Limit, ...]

    def rule(self, act: str, cause: Cause, on: date) -> Rule:
        """Raises NotFound where none is in force on that day."""
        return in_force([rule for rule in self.rules if (rule.act, rule.cause) == (act, cause)], on, f"{act}.{cause}")

    def interest_on(self, on: date) -> InterestRate:
        return in_force(self.interest, on, "interest")

    def late_rule(self, act: str, on: date) -> LateRule:
        return in_force([rule for rule in self.late if rule.act == act], on, f"{act}.late")

    def limit(self, name: str, on: date) -> Limit:
        return in_force([limit for limit in self.limits if limit.name == name], on, name)


class Dated(Protocol):
    @property
    def valid_from(self) -> date: ...


D = TypeVar("D", bound=Dated)
T = TypeVar("T")


def act_of(source: str) -> str:
    """The subsidy Act that a funding source falls under: national money 보조금법, all other 지방보조금법."""
    return NATIONAL if source == NATIONAL else LOCAL


def in_force(rows: Sequence[D], on: date, name: str) -> D:
    """The row with the latest `valid_from` not after the day. Raises NotFound where there is none."""
    valid = [row for row in rows if row.valid_from <= on]
    if not valid:
        raise NotFound(problems=[Problem("no_period_in_force", field=name, value=on.isoformat())])
    return max(valid, key=lambda row: row.valid_from)


def load(rules: str, interest: str, late: str, limits: str) -> Rates:
    """The four tables from their CSV texts. ValueError or KeyError for a row that is none."""
    return Rates(_rows(rules, _rule), _rows(interest, _interest), _rows(late, _late), _rows(limits, _limit))


def _rows(text: str, parse: Callable[[dict[str, str]], T]) -> tuple[T, ...]:
    return tuple(parse(row) for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def _rule(row: dict[str, str]) -> Rule:
    return Rule(
        act=row["act"],
        cause=Cause(row["cause"]),
        interest=_flag(row["interest"]),
        article=row["article"],
        surcharge_percent=Decimal(row["surcharge_percent"]),
        surcharge_article=row["surcharge_article"],
        valid_from=date.fromisoformat(row["valid_from"]),
        check=_flag(row["check"]),
        source=row["source"],
    )


def _interest(row: dict[str, str]) -> InterestRate:
    valid_from = date.fromisoformat(row["valid_from"])
    return InterestRate(Decimal(row["percent"]), row["article"], valid_from, _flag(row["check"]), row["source"])


def _late(row: dict[str, str]) -> LateRule:
    if row["base"] not in ("surcharge", "whole"):
        raise ValueError(row["base"])
    return LateRule(
        act=row["act"],
        base=row["base"],
        first_days=int(row["first_days"]),
        first_percent=Decimal(row["first_percent"]),
        month_percent=Decimal(row["month_percent"]),
        further_percent=Decimal(row["further_percent"]),
        cap_percent=Decimal(row["cap_percent"]),
        article=row["article"],
        valid_from=date.fromisoformat(row["valid_from"]),
        check=_flag(row["check"]),
        source=row["source"],
    )


def _limit(row: dict[str, str]) -> Limit:
    valid_from = date.fromisoformat(row["valid_from"])
    return Limit(row["name"], int(row["won"]), row["article"], valid_from, _flag(row["check"]), row["source"])


def _flag(text: str) -> bool:
    return {"yes": True, "no": False}[text]

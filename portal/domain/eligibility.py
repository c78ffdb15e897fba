"""Who may take part: a programme's tests, as data, put to what is known of an applicant. Nothing is looked up here.

A finding is True, False or None: None means that it cannot be decided from what is known, never that it failed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Protocol

from portal.domain.codes import ExcludedIndustry

OPERATING, SUSPENDED = "01", "02"  # the tax office's b_stt_cd; 03 = closed


@dataclass(frozen=True, slots=True)
class Applicant:
    """What is known on the day of the test; None or absent = not known.

    `region_code`: 2, 5 or 10 digits valid that day; `sales`: won by year; `regular_workers`: part-timers count 0.5;
    `owner_business_count`: places of this owner in this programme, this one included; `tax_status`: 01, 02, 03;
    `certificate`: whether a valid 소상공인확인서 was shown; `supported`: programme -> day of its last grant;
    `taking_part`: exclusive group -> names of other programmes this place is in; `arrears`: tax -> whether overdue.
    """

    region_code: str = ""
    industry_edition: int | None = None
    industry_code: str = ""
    opened_on: date | None = None
    sales: Mapping[int, int | None] = field(default_factory=dict)
    regular_workers: Decimal | None = None
    platforms: frozenset[str] | None = None
    owner_business_count: int | None = None
    tax_status: str | None = None
    certificate: bool | None = None
    supported: Mapping[str, date] | None = None
    taking_part: Mapping[str, frozenset[str]] | None = None
    arrears: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """`expected` and `found` are plain values for a trace, without sentences."""

    passed: bool | None
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer of one test. `name` is the programme's own wording of the condition, `legal` where it stands."""

    code: str
    passed: bool | None
    legal: str
    expected: str
    found: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Basis:
    """What the tests may look at besides the applicant: the day, and the published lists of excluded trades."""

    on: date
    excluded: Sequence[ExcludedIndustry] = ()


class Rule(Protocol):
    def decide(self, applicant: Applicant, basis: Basis) -> Decision: ...


@dataclass(frozen=True, slots=True)
class Criterion:
    """One `[[eligibility]]` table, read."""

    code: str
    kind: str
    name: str
    legal: str
    rule: Rule


@dataclass(frozen=True, slots=True)
class DatedCode:
    code: str
    valid_from: date | None
    valid_to: date | None

    def covers(self, code: str, on: date) -> bool:
        return code.startswith(self.code) and (self.valid_from or date.min) <= on <= (self.valid_to or date.max)


@dataclass(frozen=True, slots=True)
class RegionRule:
    """The business place lies in one of the regions, by the codes in use on the day of the test."""

    codes: tuple[DatedCode, ...]

    def decide(self, applicant: Applicant, basis: Basis) -> Decision:
        expected = ",".join(dated.code for dated in self.codes)
        if not applicant.region_code:
            return Decision(None, expected, "")
        within = any(dated.covers(applicant.region_code, basis.on) for dated in self.codes)
        return Decision(within, expected, applicant.region_code)


@dataclass(frozen=True, slots=True)
class IndustryRule:
    """The trade is included and on no excluded list. Codes hold for their edition, two digits for every edition."""

    include: tuple[tuple[int, str], ...]
    exclude: tuple[tuple[int, str], ...]
    exclude_lists: tuple[str, ...]

    def decide(self, applicant: Applicant, basis: Basis) -> Decision:
        edition, code = applicant.industry_edition, applicant.industry_code
        listed = [each for each in basis.excluded if each.list in self.exclude_lists and each.valid_on(basis.on)]
        barred = [*self.exclude, *((each.edition, each.code) for each in listed)]
        expected = " ".join([*(f"{e}:{c}" for e, c in self.include), *(f"!{each}" for each in self.exclude_lists)])
        if edition is None or not code:
            return Decision(None, expected, "")
        included = _match(self.include, edition, code) if self.include else True
        excluded = _match(barred, edition, code) if self.exclude or self.exclude_lists else False
        passed = False if excluded or included is False else None if None in (included, excluded) else True
        return Decision(passed, expected, f"{edition}:{code}")


def _match(codes: Sequence[tuple[int, str]], edition: int, code: str) -> bool | None:
    """Whether the trade is among them; None where they say nothing of its edition."""
    if any(code.startswith(prefix) and (of == edition or len(prefix) == 2) for of, prefix in codes):
        return True
    speaks = any(of == edition for of, _ in codes) or bool(codes and all(len(prefix) == 2 for _, prefix in codes))
    return False if speaks else None


@dataclass(frozen=True, slots=True)
class WorkersRule:
    """Fewer regular workers than the limit of the main trade's division; a 소상공인확인서 decides it by itself.

    More workers without a certificate stay undecided until it is known that there is none: a business that has
    outgrown the limit keeps its status for some years (소상공인기본법 제2조제2항, 시행령 제3조·제4조).
    """

    below: Decimal
    divisions: Mapping[str, Decimal]

    def decide(self, applicant: Applicant, basis: Basis) -> Decision:
        workers, division = applicant.regular_workers, applicant.industry_code[:2]
        limit = self.divisions.get(division, self.below)
        if applicant.certificate:
            return Decision(True, f"< {limit}", "certificate")
        if workers is None or not division:
            return Decision(None, f"< {limit}", "" if workers is None else str(workers))
        passed = True if workers < limit else False if applicant.certificate is False else None
        return Decision(passed, f"< {limit}", str(workers))


@dataclass(frozen=True, slots=True)
class OpenedRule:
    """The business was opened before a date (that date itself is too late)."""

    before: date

    def decide(self, applicant: Applicant, basis: Basis) -> Decision:
        opened = applicant.opened_on
        return Decision(None if opened is None else opened < self.before, f"< {self.before}", _shown(opened))


@dataclass(frozen=True, slots=True)
class NotClosedRule:
    """The tax office says that the business is going on; a suspended one passes only where the programme says so."""

    allow_suspended: bool

    def decide(self, applicant: Applicant, basis: Basis) -> Decision:
        allowed = (OPERATING, SUSPENDED) if self.allow_suspended else (OPERATING,)
        status = applicant.tax_status
        return Decision(None if status is None else status in allowed, ",".join(allowed), _shown(status))


@dataclass(frozen=True, slots=True)
class OwnerRule:
    """An owner takes part with no more than so many places."""

    limit: int

    def decide(self, applicant: Applicant, basis: Basis) -> Decision:
        count = applicant.owner_business_count
        return Decision(None if count is None else count <= self.limit, f"<= {self.limit}", _shown(count))


@dataclass(frozen=True, slots=True)
class PlatformRule:
    """The business is a member of at least one of the platforms."""

    platforms: tuple[str, ...]

    def decide(self, applicant: Applicant, basis: Basis) -> Decision:
        members = applicant.platforms
        passed = None if members is None else not members.isdisjoint(self.platforms)
        return Decision(passed, ",".join(self.platforms), "" if members is None else ",".join(sorted(members)))


def evaluate(criteria: Sequence[Criterion], applicant: Applicant, basis: Basis) -> list[Finding]:
    """Every test of a programme put to one applicant, in the order of the file; none is left out after a failure."""
    found = []
    for criterion in criteria:
        answer = criterion.rule.decide(applicant, basis)
        found.append(
            Finding(criterion.code, answer.passed, criterion.legal, answer.expected, answer.found, criterion.name)
        )
    return found


def is_eligible(findings: Sequence[Finding]) -> bool | None:
    """False when one test failed, else None when one is undecided, else True."""
    answers = {finding.passed for finding in findings}
    return False if False in answers else None if None in answers else True


def _shown(value: object) -> str:
    return "" if value is None else str(value)

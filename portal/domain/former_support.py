"""Tests of what else a business gets or owes: former support, programmes that exclude each other, tax arrears."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.domain.eligibility import Applicant, Basis, Decision

TAXES = ("national", "local")
NOTHING = "-"  # found, and it is nothing: other than what was not looked for


@dataclass(frozen=True, slots=True)
class FormerSupportRule:
    """None of these programmes has granted the business anything, or anything since a date."""

    programmes: tuple[str, ...]
    since: date | None = None

    def decide(self, applicant: Applicant, basis: Basis) -> Decision:
        expected = " ".join([*self.programmes, *([f">={self.since}"] if self.since else [])])
        if applicant.supported is None:
            return Decision(None, expected, "")
        had = {code: on for code, on in applicant.supported.items() if code in self.programmes}
        counting = {code: on for code, on in had.items() if on >= (self.since or date.min)}
        return Decision(not counting, expected, " ".join(f"{code}={on}" for code, on in sorted(had.items())) or NOTHING)


@dataclass(frozen=True, slots=True)
class ExclusiveRule:
    """The business takes part in no other programme that names the same group: it has either this or that."""

    group: str

    def decide(self, applicant: Applicant, basis: Basis) -> Decision:
        if applicant.taking_part is None:
            return Decision(None, self.group, "")
        others = sorted(applicant.taking_part.get(self.group, ()))
        return Decision(not others, self.group, ", ".join(others) or NOTHING)


@dataclass(frozen=True, slots=True)
class ArrearsRule:
    """No taxes of these kinds are overdue. What no register has answered stays open: an official sees a certificate."""

    taxes: tuple[str, ...]

    def decide(self, applicant: Applicant, basis: Basis) -> Decision:
        answers = {tax: applicant.arrears.get(tax) for tax in self.taxes}
        passed = False if True in answers.values() else None if None in answers.values() else True
        found = " ".join(f"{tax}={'yes' if owed else 'no'}" for tax, owed in answers.items() if owed is not None)
        return Decision(passed, ",".join(self.taxes), found)

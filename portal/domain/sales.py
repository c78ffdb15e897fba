"""The test of annual sales: of one year or each, below an amount or up to it, annualised for who opened in mid-year."""

from __future__ import annotations

from dataclasses import dataclass

from portal.domain.eligibility import Applicant, Basis, Decision

MONTHS = 12


@dataclass(frozen=True, slots=True)
class SalesRule:
    """Annual sales of one (`any`) or each (`all`) of the years stay below (`<`) or do not pass (`<=`) an amount.

    `annualise`: the year in which the business opened counts with its monthly average times twelve (환산매출), and a
    year before that is none. The month of opening counts as a whole one; nothing is rounded.
    """

    years: tuple[int, ...]
    mode: str
    op: str
    amount: int
    allow_zero: bool
    annualise: bool = False

    def decide(self, applicant: Applicant, basis: Basis) -> Decision:
        years = [year for year in self.years if not self._not_yet_open(applicant, year)]
        answers = [self._fits(applicant, year) for year in years]
        decisive = self.mode == "any"  # one True decides `any`, one False decides `all`
        passed = decisive if decisive in answers else None if None in answers or not answers else not decisive
        found = " ".join(f"{year}={self._found(applicant, year)}" for year in self.years)
        return Decision(passed, f"{self.mode} {self.op} {self.amount}", found)

    def _not_yet_open(self, applicant: Applicant, year: int) -> bool:
        opened = applicant.opened_on
        return self.annualise and opened is not None and opened.year > year and not applicant.sales.get(year)

    def _fits(self, applicant: Applicant, year: int) -> bool | None:
        sales = applicant.sales.get(year)
        if sales is None:
            return None
        months = self._months(applicant, year)
        fits = self._within(sales, months or MONTHS) and (sales > 0 or self.allow_zero)
        # Fewer months only make the year's sales larger: what is too much already stays too much, the rest is open.
        known = months is not None or (sales > 0 and not fits)
        return fits if known else None

    def _within(self, sales: int, months: int) -> bool:
        extended, limit = sales * MONTHS, self.amount * months
        return extended < limit if self.op == "<" else extended <= limit

    def _months(self, applicant: Applicant, year: int) -> int | None:
        """How many months the year's sales are of; None where it depends on a day of opening that is not known."""
        opened = applicant.opened_on
        if not self.annualise:
            return MONTHS
        if opened is None:
            return None
        return MONTHS + 1 - opened.month if opened.year == year else MONTHS

    def _found(self, applicant: Applicant, year: int) -> str:
        """`120000000`, or `50000000/5` where they are of five months."""
        sales, months = applicant.sales.get(year), self._months(applicant, year)
        if sales is None:
            return ""
        return f"{sales}/{months}" if months not in (None, MONTHS) else f"{sales}"

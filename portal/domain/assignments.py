"""Who works a case (담당자 지정): whom it may be given to, and spreading many cases evenly over several officers.

Being in charge opens nothing: what an officer may do is asked anew at every step, of their roles and their part in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from portal.domain.applications import ApplicationStatus
from portal.domain.errors import Problem

S = ApplicationStatus
OPEN_CASES = (S.SUBMITTED, S.IN_REVIEW, S.SUPPLEMENT_REQUESTED, S.RECOMMENDED)
MIN_REASON = 5  # characters, where a case changes hands
MAX_REASON = 500


class How(StrEnum):
    """How the charge of a case came to change."""

    ASSIGNED = "assigned"  # given by a manager
    TAKEN = "taken"  # taken up by the officer
    GIVEN_BACK = "given_back"  # an interest was declared: anybody's turn
    REOPENED = "reopened"  # an objection was granted: others begin anew


@dataclass(frozen=True, slots=True)
class Officer:
    """One who reviews. `away`: absent today."""

    account_id: int
    person_id: int
    name: str
    title: str = ""
    away: bool = False


@dataclass(frozen=True, slots=True)
class Charge:
    """What decides who may be given a case. `owner`, `interested`, `objected_to`: persons."""

    application_id: int
    status: ApplicationStatus
    owner: int
    officer_id: int | None = None
    interested: frozenset[int] = field(default_factory=frozenset)
    objected_to: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Assign:
    """The account that is to work the case; why, where another works it now."""

    officer_id: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """Who gets a case, or why nobody does."""

    application_id: int
    officer_id: int | None
    problem: Problem | None = None


def refused(officer: Officer, case: Charge) -> Problem | None:
    """Why this officer is not given this case; None where they may be."""
    faults = {
        "case_decided": case.status not in OPEN_CASES,
        "officer_already": case.officer_id == officer.account_id,
        "officer_absent": officer.away,
        "officer_owner": officer.person_id == case.owner,
        "officer_interest": officer.person_id in case.interested,
        "officer_took_part": officer.person_id in case.objected_to,
    }
    return next((Problem(code, "officer", officer.name) for code, there in faults.items() if there), None)


def reason_missing(case: Charge, reason: str) -> Problem | None:
    """A case that changes hands does so for a reason that is kept."""
    length = len(reason.strip())
    if case.officer_id is not None and length < MIN_REASON:
        return Problem("reassign_reason", "reason")
    return Problem("too_long", "reason") if length > MAX_REASON else None


def spread(cases: Sequence[Charge], officers: Sequence[Officer]) -> list[Share]:
    """The cases in the order given, each to whoever of these officers has got the fewest of them and may have it.

    Of several the one who stands first: without refusals everybody gets a case in turn. What one of them works already
    stays there.
    """
    given = dict.fromkeys((officer.account_id for officer in officers), 0)
    shares = []
    for case in cases:
        chosen, problem = _choose(case, officers, given)
        if chosen is not None:
            given[chosen.account_id] += 1
        shares.append(Share(case.application_id, chosen.account_id if chosen else None, problem))
    return shares


def _choose(
    case: Charge, officers: Sequence[Officer], given: Mapping[int, int]
) -> tuple[Officer | None, Problem | None]:
    found = {officer.account_id: refused(officer, case) for officer in officers}
    here = found.get(case.officer_id or 0)
    if here is not None:
        return None, here
    fit = [officer for officer in officers if found[officer.account_id] is None]
    if fit:
        return min(fit, key=lambda officer: given[officer.account_id]), None
    problems = list(dict.fromkeys(each for each in found.values() if each))
    return None, problems[0] if len({each.code for each in problems}) == 1 else Problem("nobody_fits", "officer")

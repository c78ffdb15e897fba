"""What a programme must state before it is published, although a draft may leave it open."""

from __future__ import annotations

from collections.abc import Iterator

from portal.domain.announcements import Announcement
from portal.domain.errors import Problem
from portal.domain.terms import Terms


def unstated(terms: Terms, announcement: Announcement, *, file: str = "") -> list[Problem]:
    """What is missing: who funds it, a budget line for each of them in every fiscal year, its legal basis and articles.

    Without shares no payment can be split, without a line of its source no grant committed.
    """
    missing = [Problem("missing_key", path, file=file) for path in _missing(terms)]
    budgeted = {(line.fiscal_year, line.source) for line in announcement.budget}
    return missing + [
        Problem("no_budget_line", "budget", f"{year} {source}", file=file)
        for year in sorted({year for year, _ in budgeted})
        for source, share in terms.funding.items()
        if share and (year, source) not in budgeted
    ]


def _missing(terms: Terms) -> Iterator[str]:
    if not terms.funding:
        yield "funding"
    if not terms.legal_basis:
        yield "legal_basis"
    for number, item in enumerate(terms.items, start=1):
        if not item.amount.legal:
            yield f"item[{number}].amount.legal"
        yield from (f"item[{number}].caps[{place}].legal" for place, cap in enumerate(item.caps, 1) if not cap.legal)
    yield from (f"pool[{place}].legal" for place, pool in enumerate(terms.pools, 1) if not pool.legal)

"""What contradicts itself in a programme although each value alone may stand: found before anybody publishes it.

A contradiction that nobody can mean `blocks` handing over; one that a county may well mean is said, and is confirmed by
whoever hands over. Problems carry the path of the value, as the readers of the rule set write it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from portal.domain.announcements import Announcement, gathered_announcement
from portal.domain.eligibility import IndustryRule, OpenedRule, PlatformRule
from portal.domain.errors import Problem
from portal.domain.former_support import FormerSupportRule
from portal.domain.funding import split
from portal.domain.kinds import AmountKind, CapPer, PoolPer
from portal.domain.publishing import unstated
from portal.domain.sales import SalesRule
from portal.domain.tables import read_toml
from portal.domain.terms import Item, Terms, gathered_terms

# From the narrowest to the widest: what fits into one fits into the next.
_WIDER = (CapPer.ORDER, CapPer.DAY, CapPer.MONTH, CapPer.HALF_YEAR, CapPer.YEAR, CapPer.PROGRAMME)
# What the readers refuse although every value could be read: the rest is looked at all the same.
_READ = frozenset(
    {
        *("shares_not_one", "repeated", "repeated_item", "reversed_period", "ends_before_it_begins", "not_a_prefix"),
        *("question_twice", "later_question", "unknown_question", "never_chosen", "no_condition_on_kind"),
        *("bounds_reversed", "unknown_paper", "track_alone", "association_not_short"),
    }
)
_SAME = {CapPer.DAY: PoolPer.DAY, CapPer.MONTH: PoolPer.MONTH, CapPer.YEAR: PoolPer.YEAR}


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to mend, or where it does not block, to confirm."""

    problem: Problem
    blocks: bool = True


@dataclass(frozen=True, slots=True)
class Known:
    """What the portal knows beside the text: the day, the platforms of its catalogue, its lists of excluded trades."""

    on: date
    platforms: Collection[str]
    lists: Collection[str]


def remarks(text: str, known: Known) -> list[Remark]:
    """All that is wrong with a text, in the order of its reading.

    Values that cannot be read come first and alone, for nothing can be said of what they contradict. Raises FileRefused
    where the text is no TOML at all.
    """
    terms, problems = gathered_terms(text)
    announcement, others = gathered_announcement(read_toml(text))
    problems += [problem for problem in others if problem not in problems]
    found = list(map(Remark, problems))
    if not all(problem.code in _READ for problem in problems):
        return found
    found += [Remark(problem) for problem in unstated(terms, announcement)]
    for look in (_dates, _money, _caps, _criteria, _words):
        found += look(terms, announcement, known)
    return found


def _dates(terms: Terms, announcement: Announcement, known: Known) -> Iterator[Remark]:
    call = announcement.call
    years = sorted({line.fiscal_year for line in announcement.budget})
    if not any(terms.cost_from.year <= year <= terms.cost_to.year for year in years):
        yield Remark(Problem("window_without_budget", "cost_window.from", _listed(years)))
    elif terms.cost_from.year < years[0] or terms.cost_to.year > years[-1]:
        yield Remark(Problem("window_beyond_year", "cost_window.from", _listed(years)), blocks=False)
    if call.apply_from.year > years[-1]:
        yield Remark(Problem("applies_after_year", "call.apply_from", _listed(years)))
    if call.apply_to < known.on:
        yield Remark(Problem("call_is_over", "call.apply_to", f"{call.apply_to}"))
    if (first_day := call.effective_from) is not None:
        if first_day > call.apply_to:
            yield Remark(Problem("effective_after_call", "call.effective_from", f"{first_day}"))
        elif first_day < known.on:
            yield Remark(Problem("effective_passed", "call.effective_from", f"{first_day}"), blocks=False)
    if terms.cost_to < call.apply_from and call.first_come:
        yield Remark(Problem("window_before_call", "cost_window.to", f"{terms.cost_to}"), blocks=False)


def _money(terms: Terms, announcement: Announcement, _known: Known) -> Iterator[Remark]:
    total, grant = announcement.budget_total, announcement.grant.amount
    for number, line in enumerate(announcement.budget, 1):
        if line.source not in terms.funding:
            yield Remark(Problem("budget_without_share", f"budget[{number}].source", line.source))
    by_year: dict[int, dict[str, int]] = {}
    for line in announcement.budget:
        by_year.setdefault(line.fiscal_year, {})[line.source] = line.amount
    for year, lines in by_year.items():
        if lines.keys() != terms.funding.keys() or sum(terms.funding.values()) != 1:
            continue
        if split(sum(lines.values()), terms.funding) != lines:
            yield Remark(Problem("budget_not_in_shares", "budget", f"{year}"), blocks=False)
    if grant > total:
        yield Remark(Problem("grant_above_budget", "grant.amount", f"{grant:,} > {total:,}"))
    for number, pool in enumerate(terms.pools, 1):
        if pool.amount > total:
            yield Remark(Problem("pool_above_budget", f"pool[{number}].amount", f"{pool.amount:,} > {total:,}"))
        if pool.amount == 0:
            yield Remark(Problem("pays_nothing", f"pool[{number}].amount"))
    caps = [_most(item) for item in terms.items]
    if None not in caps and (most := sum(each or 0 for each in caps)) > grant:
        yield Remark(Problem("caps_above_grant", "grant.amount", f"{most:,} > {grant:,}"), blocks=False)


def _caps(terms: Terms, announcement: Announcement, _known: Known) -> Iterator[Remark]:
    widths = {pool.per: pool.amount for pool in terms.pools}
    for number, item in enumerate(terms.items, 1):
        for place, cap in enumerate(item.caps, 1):
            path = f"item[{number}].caps[{place}].amount"
            pools = [widths[per] for per in (_SAME.get(cap.per), PoolPer.PROGRAMME) if per in widths]
            if pools and cap.amount > min(pools):
                yield Remark(Problem("cap_above_pool", path, f"{cap.amount:,} > {min(pools):,}"))
            elif cap.amount > announcement.budget_total:
                yield Remark(Problem("cap_above_budget", path, f"{cap.amount:,}"))
            if cap.amount == 0:
                yield Remark(Problem("pays_nothing", path))
            if cap.per in [earlier.per for earlier in item.caps[: place - 1]]:
                yield Remark(Problem("cap_twice", f"item[{number}].caps[{place}].per"))
        yield from _reach(number, item)


def _reach(number: int, item: Item) -> Iterator[Remark]:
    """A narrow cap above a wider one never binds; an amount of nothing pays nothing."""
    amounts = {cap.per: cap.amount for cap in item.caps}
    ordered = [per for per in _WIDER if per in amounts]
    for narrow, wide in pairwise(ordered):
        if amounts[narrow] > amounts[wide]:
            place = [cap.per for cap in item.caps].index(narrow) + 1
            value = f"{amounts[narrow]:,} > {amounts[wide]:,}"
            yield Remark(Problem("cap_never_binds", f"item[{number}].caps[{place}].amount", value), blocks=False)
    amount = item.amount
    if amount.kind is AmountKind.COST_SHARE and not amount.rate:
        yield Remark(Problem("pays_nothing", f"item[{number}].amount.rate"))
    elif amount.kind is AmountKind.FLAT_BY and not any([*amount.amounts.values(), amount.default]):
        yield Remark(Problem("pays_nothing", f"item[{number}].amount.default"))
    elif amount.kind not in (AmountKind.COST_SHARE, AmountKind.FLAT_BY) and not amount.amount:
        yield Remark(Problem("pays_nothing", f"item[{number}].amount.amount"))


def _criteria(terms: Terms, announcement: Announcement, known: Known) -> Iterator[Remark]:
    call = announcement.call
    for number, criterion in enumerate(announcement.eligibility, 1):
        path, rule = f"eligibility[{number}]", criterion.rule
        if isinstance(rule, SalesRule) and (late := [year for year in rule.years if year >= call.apply_to.year]):
            yield Remark(Problem("sales_year_not_over", f"{path}.years", _listed(late)), blocks=False)
        if isinstance(rule, OpenedRule) and rule.before > call.apply_to:
            yield Remark(Problem("opened_excludes_nobody", f"{path}.before", f"{rule.before}"), blocks=False)
        if isinstance(rule, IndustryRule):
            for name in rule.exclude_lists:
                if name not in known.lists:
                    yield Remark(Problem("unknown_list", f"{path}.exclude_lists", name))
        if isinstance(rule, FormerSupportRule) and terms.code in rule.programmes:
            yield Remark(Problem("own_programme", f"{path}.programmes", terms.code))
        if isinstance(rule, PlatformRule):
            yield from _unknown(rule.platforms, f"{path}.platforms", known)
            if terms.platforms is not None and not set(rule.platforms) & set(terms.platforms):
                yield Remark(Problem("platforms_apart", f"{path}.platforms"))
    kinds = [criterion.kind for criterion in announcement.eligibility]
    for number, kind in enumerate(kinds, 1):
        if kind in kinds[: number - 1] and kind in ("not_closed", "one_per_owner", "regular_workers", "opened_before"):
            yield Remark(Problem("criterion_twice", f"eligibility[{number}].name"), blocks=False)


def _words(terms: Terms, announcement: Announcement, known: Known) -> Iterator[Remark]:
    yield from _unknown(terms.platforms or (), "platforms", known)
    for number, track in enumerate(announcement.tracks, 1):
        yield from _unknown(track.platforms, f"track[{number}].platforms", known)
    if announcement.call.last_place == "partial" and not announcement.call.first_come:
        yield Remark(Problem("last_place_without_line", "call.last_place"), blocks=False)
    if announcement.example_note:
        count = f"{len(announcement.examples)}"
        yield Remark(Problem("has_examples", "example.note", count), blocks=False)


def _unknown(codes: Sequence[str], path: str, known: Known) -> Iterator[Remark]:
    for code in codes:
        if code not in known.platforms:
            yield Remark(Problem("unknown_platform", path, code))


def _most(item: Item) -> int | None:
    """What one merchant gets of an item over the whole programme at most; None where nothing says so."""
    found = [cap.amount for cap in item.caps if cap.per in (CapPer.PROGRAMME, CapPer.OWNER)]
    return min(found) if found else None


def _listed(years: Sequence[int]) -> str:
    return ", ".join(map(str, years))

"""The rules of signals about the business itself: what it shares with others, and what it is paid (facts §2.7).

Pure: what a rule sees depends on the business and on the thresholds of the day alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from portal.domain import signal_order_rules as orders
from portal.domain.signal_facts import Business, Neighbour, Orders, Part
from portal.domain.signals import Limits, Rule, Seen


def same_account(business: Business, least: Limits) -> list[Seen]:
    """One account for businesses of different persons: nobody is paid on another's account."""
    return _shared(Rule.SAME_ACCOUNT, _of_others(business.same_account, business), least["others"])


def same_place(business: Business, least: Limits) -> list[Seen]:
    """The same address and the same phone as a business of somebody else."""
    return _shared(Rule.SAME_PLACE, _of_others(business.same_place, business), least["others"])


def same_document(business: Business, least: Limits) -> list[Seen]:
    """A paper that was handed in for a business of somebody else too, byte for byte."""
    shared = [each for each in business.documents if each.neighbour.person_id != business.person_id]
    found = _shared(Rule.SAME_DOCUMENT, [each.neighbour for each in shared], least["others"])
    files = sorted({each.sha256 for each in shared})
    return [Seen(each.rule, each.scope, {**each.facts, "files": len(files), "sha256": files}) for each in found]


def several_applications(business: Business, least: Limits) -> list[Seen]:
    """One person with applications for several businesses in one programme, by whichever accounts."""
    by_programme = defaultdict(list)
    for each in business.applications:
        by_programme[each.programme, each.title].append(each)
    found = []
    for (code, title), applied in sorted(by_programme.items()):
        names = {each.merchant_id: each.name for each in applied}
        if len(names) >= least["businesses"] and business.merchant_id in names:
            others = [{"merchant": key, "name": names[key]} for key in sorted(names) if key != business.merchant_id]
            found.append(Seen(Rule.SEVERAL_APPLICATIONS, code, {"programme": title, "others": others}))
    return found


def reopened(business: Business, most: Limits) -> list[Seen]:
    """It opened where another closed at most so many days before: the same business may go on under a new number."""
    found = []
    for each in business.closed_there:
        if each.closed_on is None:
            continue
        days = (business.opened_on - each.closed_on).days
        if 0 <= days <= most["days"]:
            facts = {"others": [each.plain], "closed_on": each.closed_on.isoformat(), "days": days}
            found.append(Seen(Rule.REOPENED, str(each.merchant_id), facts))
    return found


def account_changed(business: Business, most: Limits) -> list[Seen]:
    """The account was changed at most so many days before a payment: perhaps somebody else changed it."""
    found = []
    for paying in business.payments:
        before = [day for day in business.account_changes if day <= paying.on]
        if before and (days := (paying.on - max(before)).days) <= most["days"]:
            facts = {"changed_on": max(before).isoformat(), "paid_on": paying.on.isoformat(), "days": days}
            found.append(Seen(Rule.ACCOUNT_CHANGED, paying.reference, facts))
    return found


def paid_twice(business: Business, least: Limits) -> list[Seen]:
    """One month, platform and item for which several programmes pay."""
    by_cost: dict[tuple[str, str, str], list[Part]] = defaultdict(list)
    for part in business.parts:
        if part.amount > 0:
            by_cost[part.period, part.platform, part.item].append(part)
    found = []
    for (period, platform, item), parts in sorted(by_cost.items()):
        won: dict[tuple[str, str], int] = defaultdict(int)
        for part in parts:
            won[part.programme, part.office] += part.amount
        if len(won) >= least["programmes"]:
            # Another organisation's programme is named without what it pays for this one month.
            programmes = [
                {"programme": programme, "office": office, "won": None if office else amount}
                for (programme, office), amount in sorted(won.items())
            ]
            facts = {"month": period, "platform": platform, "item": item, "programmes": programmes}
            found.append(Seen(Rule.PAID_TWICE, f"{period} {platform} {item}", facts))
    return found


OF_BUSINESS: Mapping[Rule, Callable[[Business, Limits], list[Seen]]] = {
    Rule.SAME_ACCOUNT: same_account,
    Rule.SAME_PLACE: same_place,
    Rule.SEVERAL_APPLICATIONS: several_applications,
    Rule.SAME_DOCUMENT: same_document,
    Rule.REOPENED: reopened,
    Rule.ACCOUNT_CHANGED: account_changed,
    Rule.PAID_TWICE: paid_twice,
}


def look(business: Business, ordered: Orders, limits: Mapping[Rule, Limits]) -> list[Seen]:
    """Everything the rules in force see of one business."""
    found = [seen for rule, see in OF_BUSINESS.items() if rule in limits for seen in see(business, limits[rule])]
    for rule, see in orders.OF_ORDERS.items():
        if rule in limits:
            found += see(business, ordered, limits[rule])
    return found


def _of_others(found: Iterable[Neighbour], business: Business) -> list[Neighbour]:
    """Several businesses of one person share what they like."""
    return [each for each in found if each.person_id != business.person_id]


def _shared(rule: Rule, found: Sequence[Neighbour], least: int) -> list[Seen]:
    by_id = {each.merchant_id: each for each in found}
    if len(by_id) < least:
        return []
    return [Seen(rule, "", {"others": [by_id[key].plain for key in sorted(by_id)]})]

"""How a granted or paid amount is shared between those who fund the programme."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from portal.domain.errors import BudgetExhausted, Problem
from portal.domain.money import Won, allocate


def split(amount: Won, shares: Mapping[str, Decimal]) -> dict[str, Won]:
    """`amount` won by source: floor(amount x share) each, then one won to the largest remainders, file order on ties.

    The parts add up to `amount` exactly; a negative amount (a recovery) is the mirror image. ValueError unless the
    shares, none negative, add up to 1. (terms file, `funding`)
    """
    if any(share < 0 for share in shares.values()) or sum(shares.values()) != 1:
        raise ValueError("funding shares add up to 1 and none is negative")
    ratios = [share.as_integer_ratio() for share in shares.values()]
    common = 1
    for _, denominator in ratios:
        common *= denominator
    weights = [numerator * (common // denominator) for numerator, denominator in ratios]
    return dict(zip(shares, allocate(amount, weights), strict=True))


def split_within(amount: Won, shares: Mapping[str, Decimal], left: Mapping[str, Won]) -> dict[str, Won]:
    """The same split where no source gives more than what is `left` of its commitment.

    Single won that a source has not left move to the sources in file order that have, so that many odd payments use up
    a grant exactly, source by source. BudgetExhausted where all that is left does not cover `amount`.
    """
    parts = {source: min(won, left.get(source, 0)) for source, won in split(amount, shares).items()}
    for source, won in parts.items():
        parts[source] = won + min(amount - sum(parts.values()), left.get(source, 0) - won)
    if sum(parts.values()) != amount:
        raise BudgetExhausted(problems=[Problem("commitment_used_up", value=f"{sum(left.values()):,} / {amount:,}")])
    return parts

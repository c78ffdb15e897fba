"""Won: whole numbers, how documents print them, and the two ways to make them smaller or spread them without loss."""

from __future__ import annotations

from collections.abc import Sequence

Won = int  # amounts in 1/10,000 won (e4) are ints too: the two never mix
E4 = 10_000  # 1 won in e4

_DIGITS = "영일이삼사오육칠팔구"
_PLACES = ("", "십", "백", "천")
_MYRIADS = ("", "만", "억", "조", "경")
_LIMIT = 10 ** (4 * len(_MYRIADS))


def figures(amount: Won) -> str:
    """`113560` -> `113,560원`, for pages and tables."""
    return f"{amount:,}원"


def in_hangul(amount: Won) -> str:
    """`300000` -> `금삼십만원`. Every one is spoken (일십, 일만), so that no stroke can be added to a printed amount.

    Raises ValueError below 0 and from 10 ** 20 won. (행정업무의 운영 및 혁신에 관한 규정 시행규칙 제2조제2항)
    """
    if not 0 <= amount < _LIMIT:
        raise ValueError("an amount in Hangul is from 0 to below 10 ** 20 won")
    spoken = ""
    for myriad in reversed(range(len(_MYRIADS))):
        four = amount // 10_000**myriad % 10_000
        spoken += _four_digits(four) + _MYRIADS[myriad] if four else ""
    return f"금{spoken or _DIGITS[0]}원"


def _four_digits(four: int) -> str:
    spoken = ""
    for place in (3, 2, 1, 0):
        digit = four // 10**place % 10
        spoken += _DIGITS[digit] + _PLACES[place] if digit else ""
    return spoken


def for_document(amount: Won) -> str:
    """`113560` -> `금113,560원(금일십일만삼천오백육십원)`, the form prescribed for official documents (same rule)."""
    return f"금{amount:,}원({in_hangul(amount)})"


def round_down(amount: Won, unit: Won) -> Won:
    """The multiple of `unit` next to `amount` in the direction of zero: refunds are cut like payments.

    Below 10 won nothing is paid or received: 국고금 관리법 제47조제1항 (the unit comes from the programme's terms).
    """
    if unit < 1:
        raise ValueError("the unit is at least 1 won")
    whole = abs(amount) // unit * unit
    return whole if amount >= 0 else -whole


def allocate(total: int, weights: Sequence[int]) -> list[int]:
    """`total` spread in proportion to `weights` (ints, none negative), largest remainders first, earlier ones on ties.

    The parts add up to `total` exactly; a negative total gives the mirror image. Weights that are all zero can only
    carry a total of zero: otherwise ValueError.
    """
    if any(weight < 0 for weight in weights):
        raise ValueError("a weight is never negative")
    whole = sum(weights)
    if whole == 0:
        if total:
            raise ValueError("nothing to spread the total over")
        return [0] * len(weights)
    shares = [divmod(abs(total) * weight, whole) for weight in weights]
    parts = [part for part, _ in shares]
    by_remainder = sorted(range(len(shares)), key=lambda index: -shares[index][1])
    for index in by_remainder[: abs(total) - sum(parts)]:
        parts[index] += 1
    return parts if total >= 0 else [-part for part in parts]

"""Who takes part in a world: names whose order only a comparison of bytes gets right, and days at edges of periods."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from random import Random

# Neighbours that are taken for equal, or for the other order, by whoever compares in UTF-16 (where what lies beyond
# U+FFFF comes before U+E000 to U+FFFF), without case, by number, by alphabet, or after composing characters.
UTF_16 = (("\uff21", "😀"), ("\ufb00", "𝄞"), ("\uffe6", "🛵"))
NEIGHBOURS = (
    *(("m1", "M1"), ("m10", "m2"), ("01", "1"), ("a b", "a,b"), ('a"b', "a'b"), ("null", "NULL"), ("ß", "ss")),
    *(("é", "e\u0301"), ("가게", "\u1100\u1161\u1100\u1166"), ("é", "É")),
)
PLATFORMS = (("baemin", "Baemin"), ("yo", "yo:gi"), ("yo:gi", "yo"), ("땡겨요", "baemin"), ("\uff21pp", "😀"))
PREFIXES = (("o", "O"), ("", "0"), ("주문-", "gi:"), ("\uff21", "😀"), ("#", "="))
NEIGHBOURING_DAYS = tuple(
    tuple(date(*day) for day in days)
    for days in (
        ((2028, 2, 28), (2028, 2, 29), (2028, 3, 1)),
        ((2027, 12, 31), (2028, 1, 1), (2028, 1, 31)),
        ((2028, 12, 31), (2029, 1, 1), (2028, 3, 31)),
        ((2028, 5, 31), (2028, 6, 30), (2028, 7, 1)),
        ((2029, 6, 30), (2029, 7, 1), (2028, 7, 31)),
    )
)
CLOCKS = (
    *("00:00:00", "00:00:00.000001", "09:30:00", "09:30:00.000001"),
    *("12:00:00", "12:00:00", "23:59:59", "23:59:59.999999"),
)
MOMENTS = (
    *(("2028-01-01 09:00:00", "2028-01-01 09:00:00.000001"), ("2027-12-31 23:59:59.999999", "2028-01-01 00:00:00")),
    ("2028-01-01 09:00:00", "2028-06-30 18:00:00"),
)


@dataclass(frozen=True)
class Cast:
    """What rows choose from."""

    platforms: list[str]
    stores: list[str]
    merchants: list[str]
    owners: list[str]
    prefixes: list[str]
    days: list[date]
    clocks: list[str]
    acceptances: list[str]


def cast(random: Random, *, merchants: int, crowded: bool) -> Cast:
    """So many merchants and about as many stores at each platform; a few edge days, if `crowded` all and more."""
    days = list(chain(*(NEIGHBOURING_DAYS if crowded else random.sample(NEIGHBOURING_DAYS, random.choice((1, 2, 3))))))
    if crowded:
        days += [date(2028, 1, 1) + timedelta(days=random.randrange(540)) for _ in range(60)]
    platforms = chain(*random.sample(PLATFORMS, random.choice((1, 2))))
    return Cast(
        platforms=list(dict.fromkeys(platforms)),
        stores=names(random, min(merchants, 60)),
        merchants=names(random, merchants),
        owners=names(random, max(2, merchants // 2)),
        prefixes=list(random.choice(PREFIXES)),
        days=sorted(set(days)),
        clocks=list(CLOCKS) if crowded else random.sample(CLOCKS, random.randint(2, 4)),
        acceptances=list(random.choice(MOMENTS)),
    )


def names(random: Random, number: int) -> list[str]:
    """So many different names, as many neighbours among them as there are."""
    pairs = random.sample(UTF_16, 1) + random.sample(NEIGHBOURS, min(len(NEIGHBOURS), -(-number // 2)))
    known = list(dict.fromkeys(chain(*pairs[:: random.choice((1, -1))])))
    return (known + [f"n{place}" for place in range(number)])[:number]

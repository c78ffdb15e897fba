"""Three hundred invented shops of the demo county. Names, numbers and people are made up; check digits are right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from portal import data
from portal.domain.codes import regions_within
from portal.domain.identifiers import BUSINESS_NUMBER_WEIGHTS
from portal.domain.merchants import MerchantRegistration

COUNTY = "46730"  # until 2026-06-30, when these shops signed up; 12730 since
EDITION = 11

# industry code -> (weight, words a shop of this trade calls itself)
TRADES: dict[str, tuple[int, tuple[str, ...]]] = {
    "56111": (30, ("국밥", "백반", "한정식", "다슬기집", "순두부", "칼국수")),
    "56121": (10, ("반점", "각", "짬뽕")),
    "56122": (5, ("스시", "돈까스")),
    "56123": (5, ("파스타", "키친")),
    "56150": (8, ("베이커리", "빵집", "제과")),
    "56161": (10, ("피자", "버거", "샌드위치")),
    "56162": (17, ("치킨", "통닭", "닭강정")),
    "56221": (10, ("커피", "카페", "다방")),
    "47": (5, ("마트", "반찬", "정육")),
}
PLACES = (
    "섬진강",
    "지리산",
    "산수유",
    "노고단",
    "화엄",
    "천은",
    "오산",
    "봉성",
    "서시천",
    "운조루",
    "토지",
    "간전",
    "문척",
    "용방",
    "광의",
    "마산",
    "산동",
    "구례",
    "읍내",
    "오일장",
    "사성암",
    "압록",
    "피아골",
    "온천",
)
STYLES = ("", "원조 ", "새 ", "우리 ", "할매 ", "형제 ", "두메 ", "큰집 ", "참 ", "햇살 ")
SURNAMES = "김이박최정강조윤장임한오서신권황안송류홍"
GIVEN = (
    "영수",
    "영희",
    "순자",
    "정숙",
    "미경",
    "은주",
    "성호",
    "재현",
    "현우",
    "지영",
    "수진",
    "동현",
    "민정",
    "상철",
    "경자",
    "옥순",
    "철수",
    "혜진",
    "기태",
    "연화",
)
BANKS = ("011", "012", "004", "045", "088", "071")


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop and how busy it is: `orders` a month over all platforms."""

    number: int
    login: str
    registration: MerchantRegistration
    orders: int


def make_shops(count: int, random: Random, on: date) -> list[Shop]:
    """`count` shops, the same for the same seed."""
    villages = regions_within(data.regions(), COUNTY, on)
    weights = [8 if village.name.endswith("읍") else 2 for village in villages]
    trades = list(TRADES)
    names: set[str] = set()
    shops = []
    for number in range(1, count + 1):
        trade = random.choices(trades, [TRADES[code][0] for code in trades])[0]
        village = random.choices(villages, weights)[0]
        owner = random.choice(SURNAMES) + random.choice(GIVEN)
        shops.append(
            Shop(
                number=number,
                login=f"shop{number}@merchant.example",
                registration=MerchantRegistration(
                    business_number=business_number(number, random),
                    trade_name=_trade_name(trade, names, random),
                    representative=owner,
                    phone=f"010{random.randrange(10**8):08d}",
                    region_code=village.code,
                    address=f"{village.name} 데모길 {random.randrange(1, 200)}",
                    industry_edition=EDITION,
                    industry_code=trade,
                    opened_on=on - timedelta(days=random.randrange(200, 6000)),
                    regular_workers=Decimal(random.choice((0, 0, 0, 5, 10, 10, 15, 20, 30, 40))) / 10,
                    sales={2024: _sales(random), 2025: _sales(random)},
                    bank_code=random.choice(BANKS),
                    account_number=f"{random.randrange(10**12, 10**13)}",
                    account_holder=owner,
                ),
                orders=max(3, int(random.lognormvariate(4.07, 0.7))),
            )
        )
    return shops


def business_number(number: int, random: Random) -> str:
    """A number nobody holds for certain is not to be had; these use the series 999, which no tax office has."""
    digits = [int(digit) for digit in f"999{random.randrange(1, 80):02d}{number:04d}"]
    total = sum(digit * weight for digit, weight in zip(digits, BUSINESS_NUMBER_WEIGHTS, strict=True))
    total += digits[8] * 5 // 10
    return "".join(map(str, digits)) + str((10 - total % 10) % 10)


def _trade_name(trade: str, taken: set[str], random: Random) -> str:
    while True:
        name = f"{random.choice(STYLES)}{random.choice(PLACES)} {random.choice(TRADES[trade][1])}"
        if name not in taken:
            taken.add(name)
            return name


def _sales(random: Random) -> int:
    return min(290_000_000, int(random.lognormvariate(18.3, 0.6)) // 10_000 * 10_000)

"""Personal data with the middle hidden, for lists and public pages. Showing the whole is a logged act elsewhere."""

from __future__ import annotations

from portal.domain.identifiers import digits_of

STAR = "*"
TWO_SYLLABLE_SURNAMES = frozenset({"남궁", "독고", "동방", "사공", "서문", "선우", "제갈", "황보"})


def mask_name(name: str) -> str:
    """`홍길동` -> `홍*동`, `홍길` -> `홍*`, `남궁민수` -> `남궁**`, `John Smith` -> `J*** S****`."""
    plain = name.strip()
    if " " in plain or plain.isascii():
        return " ".join(word[:1] + STAR * (len(word) - 1) for word in plain.split())
    if plain[:2] in TWO_SYLLABLE_SURNAMES and len(plain) > 2:
        return plain[:2] + STAR * (len(plain) - 2)
    if len(plain) < 3:
        return plain[:1] + STAR if plain else ""
    return plain[0] + STAR * (len(plain) - 2) + plain[-1]


def mask_account(digits: str) -> str:
    """`301012345678` -> `********5678`: only the last four digits; eight digits or fewer are hidden altogether."""
    plain = digits_of(digits)
    return STAR * (len(plain) - 4) + plain[-4:] if len(plain) > 8 else STAR * len(plain)

"""Personal data with the middle hidden, for lists and public pages. Showing the whole is a logged act elsewhere."""

from __future__ import annotations

from portal.domain.identifiers import digits_of, format_phone

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


def mask_business_number(digits: str) -> str:
    """`1248100998` -> `124-81-*****`: the number of a sole trader is treated as personal data."""
    plain = digits_of(digits)
    return f"{plain[:3]}-{plain[3:5]}-{STAR * 5}" if len(plain) == 10 else STAR * len(plain)


def mask_account(digits: str) -> str:
    """`301012345678` -> `********5678`: only the last four digits; eight digits or fewer are hidden altogether."""
    plain = digits_of(digits)
    return STAR * (len(plain) - 4) + plain[-4:] if len(plain) > 8 else STAR * len(plain)


def mask_phone(digits: str) -> str:
    """`01012345678` -> `010-****-5678`, `027802000` -> `02-***-2000`."""
    parts = format_phone(digits_of(digits)).split("-")
    if len(parts) == 2:  # a nationwide service number is public
        return "-".join(parts)
    if len(parts) != 3:
        return STAR * len(digits_of(digits))
    return f"{parts[0]}-{STAR * len(parts[1])}-{parts[2]}"


def mask_email(address: str) -> str:
    """`owner@example.kr` -> `o****@example.kr`; the length of the name is not shown."""
    name, at, host = address.partition("@")
    return f"{name[:1]}{STAR * 4}{at}{host}" if at else STAR * 4

"""Numbers that people type (business, account, phone) and numbers that the portal hands out (receipts, codes)."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import date

BUSINESS_NUMBER_WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)
ACCOUNT_NUMBER_LENGTHS = range(10, 17)

# 31 symbols, a prime: with distinct weights the check character finds every mistyped and every swapped character.
# 0 O, 1 I L are left out because they are read out over the telephone and copied from paper.
SYMBOLS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
RECEIPT_BODY = 15  # 14 random symbols (69 bits) and one check character
VERIFICATION_BODY = 16  # 15 random symbols (74 bits) and one check character


def digits_of(text: str) -> str:
    """The ASCII digits in `text` in order; full-width digits are turned into plain ones first."""
    return "".join(mark for mark in unicodedata.normalize("NFKC", text) if mark in "0123456789")


def normalise_business_number(text: str) -> str:
    """The digits found; ten of them when a whole 사업자등록번호 was typed. Never refuses: ask `is_business_number`."""
    return digits_of(text)


def is_business_number(digits: str) -> bool:
    """Whether ten digits carry the right check digit (the ninth counts again as floor(d9 * 5 / 10))."""
    if len(digits) != 10 or digits != digits_of(digits) or digits == "0" * 10:
        return False
    values = [int(digit) for digit in digits]
    total = sum(value * weight for value, weight in zip(values[:9], BUSINESS_NUMBER_WEIGHTS, strict=True))
    total += values[8] * 5 // 10
    return values[9] == (10 - total % 10) % 10


def format_business_number(digits: str) -> str:
    """`1248100998` -> `124-81-00998`; anything else than ten digits comes back as it is."""
    return f"{digits[:3]}-{digits[3:5]}-{digits[5:]}" if len(digits) == 10 else digits


def normalise_account_number(text: str) -> str:
    """The digits of a bank account number."""
    return digits_of(text)


def is_account_number(digits: str) -> bool:
    """Ten to sixteen digits: the banks publish no common check rule, so length is all that can be tested."""
    return len(digits) in ACCOUNT_NUMBER_LENGTHS and digits == digits_of(digits) and set(digits) != {"0"}


def normalise_phone(text: str) -> str:
    """The digits of a Korean phone number in national form: `+82 10-1234-5678` -> `01012345678`."""
    digits = digits_of(text)
    if unicodedata.normalize("NFKC", text).strip().startswith("+") and digits.startswith("82"):
        return "0" + digits[2:].removeprefix("0")
    return digits


def is_phone(digits: str) -> bool:
    """Mobile, area (02, 0NN), internet (070), personal (050N) and nationwide (15NN, 16NN, 18NN) numbers by length."""
    if digits != digits_of(digits):
        return False
    if digits.startswith(("15", "16", "18")):
        return len(digits) == 8
    if digits.startswith("02"):
        return len(digits) in (9, 10)
    if digits.startswith("050"):
        return len(digits) in (11, 12)
    return digits[:1] == "0" and digits[1:2] not in ("", "0") and len(digits) in (10, 11)


def is_mobile(digits: str) -> bool:
    """Whether a text message can be sent there: 010 with eleven digits, or one of the old mobile prefixes."""
    return is_phone(digits) and digits.startswith("01") and (digits[2:3] != "0" or len(digits) == 11)


def format_phone(digits: str) -> str:
    """`01012345678` -> `010-1234-5678`, `0617802000` -> `061-780-2000`, `15330500` -> `1533-0500`."""
    if not is_phone(digits):
        return digits
    if len(digits) == 8:
        return f"{digits[:4]}-{digits[4:]}"
    head = 2 if digits.startswith("02") else 4 if len(digits) == 12 else 3
    return f"{digits[:head]}-{digits[head:-4]}-{digits[-4:]}"


def new_receipt_number(prefix: str, on: date, random: Callable[[int], bytes]) -> str:
    """A number such as `GR26-XXXXX-XXXXX-XXXXX` that cannot be guessed from another one (69 random bits).

    `prefix`: 2-4 capital Latin letters of the programme; `on`: Korean date of receipt; `random(n)`: n secret bytes.
    """
    if not (prefix.isascii() and prefix.isalpha() and prefix.isupper() and 2 <= len(prefix) <= 4):
        raise ValueError("the prefix is two to four capital letters")
    return f"{prefix}{on:%y}-{_grouped(_with_check(_symbols(RECEIPT_BODY - 1, random)), 5)}"


def new_verification_code(random: Callable[[int], bytes]) -> str:
    """A code `XXXX-XXXX-XXXX-XXXX` (74 random bits) by which anyone holding a printed letter may look it up."""
    return _grouped(_with_check(_symbols(VERIFICATION_BODY - 1, random)), 4)


def normalise_code(text: str) -> str:
    """A typed receipt number or verification code in the form that is stored: capitals, plain hyphens, no spaces."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return "".join("-" if mark in "-‐‑‒–—−" else mark for mark in plain if not mark.isspace())


def is_receipt_number(code: str) -> bool:
    """Whether the shape and the check character are right; whether it was ever given out is another question."""
    head, _, body = code.partition("-")
    letters, year = head[:-2], head[-2:]
    shaped = letters.isascii() and letters.isalpha() and letters.isupper() and 2 <= len(letters) <= 4
    return shaped and year == digits_of(year) and len(year) == 2 and _is_body(body, RECEIPT_BODY, 5)


def is_verification_code(code: str) -> bool:
    """Whether the shape and the check character are right."""
    return _is_body(code, VERIFICATION_BODY, 4)


def _symbols(count: int, random: Callable[[int], bytes]) -> str:
    # 24 bytes over at most 75 bits: what is left of the modulo bias is below 2 ** -100.
    number = int.from_bytes(random(24))
    marks = []
    for _ in range(count):
        number, index = divmod(number, len(SYMBOLS))
        marks.append(SYMBOLS[index])
    return "".join(marks)


def _with_check(marks: str) -> str:
    return marks + SYMBOLS[_weighted(marks) % len(SYMBOLS)]


def _weighted(marks: str) -> int:
    # The check character itself has the weight -1, so the weights of the others (2, 3, 4 ...) stay clear of 30.
    return sum(weight * SYMBOLS.index(mark) for weight, mark in enumerate(marks, start=2))


def _grouped(marks: str, size: int) -> str:
    return "-".join(marks[start : start + size] for start in range(0, len(marks), size))


def _is_body(text: str, length: int, size: int) -> bool:
    marks = text.replace("-", "")
    if len(marks) != length or any(mark not in SYMBOLS for mark in marks) or _grouped(marks, size) != text:
        return False
    return _with_check(marks[:-1]) == marks

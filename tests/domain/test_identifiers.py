"""Numbers that people type and numbers that the portal hands out."""

from __future__ import annotations

import secrets
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import identifiers as ids

VALID = (
    "124-81-00998 120-87-65763 220-81-62517 120-88-00767 120-81-47521 "
    "116-82-00276 134-86-72683 639-12-01514 214-86-39239"
)
ON = date(2026, 5, 4)


@pytest.mark.parametrize("number", VALID.split())
def test_a_business_number_with_the_right_check_digit_is_accepted(number: str) -> None:
    digits = ids.normalise_business_number(number)
    assert ids.is_business_number(digits)
    assert ids.format_business_number(digits) == number


@pytest.mark.parametrize("digits", ["1248100999", "124810099", "12481009988", "", "0000000000", "12481o0998"])
def test_anything_else_is_refused(digits: str) -> None:
    assert not ids.is_business_number(digits)


@given(st.sampled_from(VALID.split()), st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(number: str, place: int, shift: int) -> None:
    digits = ids.normalise_business_number(number)
    wrong = digits[:place] + str((int(digits[place]) + shift) % 10) + digits[place + 1 :]
    assert not ids.is_business_number(wrong)


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        (" 124-81-00998 ", "1248100998"),
        ("１２４－８１－００９９８", "1248100998"),
        ("124 81 00998", "1248100998"),
        ("", ""),
        ("없음", ""),
    ],
)
def test_what_people_type_becomes_digits(typed: str, digits: str) -> None:
    assert ids.normalise_business_number(typed) == digits


@pytest.mark.parametrize(
    ("digits", "valid"),
    [("1" * 9, False), ("1" * 10, True), ("1" * 16, True), ("1" * 17, False), ("0" * 12, False), ("12345a7890", False)],
)
def test_an_account_number_has_ten_to_sixteen_digits(digits: str, valid: bool) -> None:
    assert ids.is_account_number(digits) is valid


@pytest.mark.parametrize(
    ("typed", "digits", "shown"),
    [
        ("010-1234-5678", "01012345678", "010-1234-5678"),
        ("+82 10-1234-5678", "01012345678", "010-1234-5678"),
        ("+82 (0)61 780 2000", "0617802000", "061-780-2000"),
        ("02)780-2000", "027802000", "02-780-2000"),
        ("1533-0500", "15330500", "1533-0500"),
        ("050-2123-45678", "050212345678", "0502-1234-5678"),
    ],
)
def test_a_phone_number_is_read_and_shown_the_usual_way(typed: str, digits: str, shown: str) -> None:
    assert ids.normalise_phone(typed) == digits
    assert ids.is_phone(digits)
    assert ids.format_phone(digits) == shown


@pytest.mark.parametrize("digits", ["", "1", "123456789", "00123456789", "0101234567890", "0212345678901"])
def test_what_is_no_phone_number_is_refused_and_shown_as_it_is(digits: str) -> None:
    assert not ids.is_phone(digits)
    assert ids.format_phone(digits) == digits


@pytest.mark.parametrize(
    ("digits", "mobile"), [("01012345678", True), ("0112345678", True), ("0101234567", False), ("0617802000", False)]
)
def test_only_mobile_numbers_take_text_messages(digits: str, mobile: bool) -> None:
    assert ids.is_mobile(digits) is mobile


def test_receipt_numbers_and_codes_are_told_apart_and_never_repeat() -> None:
    numbers = {ids.new_receipt_number("GR", ON, secrets.token_bytes) for _ in range(500)}
    codes = {ids.new_verification_code(secrets.token_bytes) for _ in range(500)}
    assert len(numbers) == len(codes) == 500
    assert all(number.startswith("GR26-") and ids.is_receipt_number(number) for number in numbers)
    assert all(ids.is_verification_code(code) and not ids.is_receipt_number(code) for code in codes)
    assert not any(set("01OIL") & set(number.split("-", 1)[1]) for number in numbers)


def test_no_bit_of_the_randomness_is_lost_below_sixty() -> None:
    made = {ids.new_receipt_number("GR", ON, lambda n, bit=bit: (1 << bit).to_bytes(n)) for bit in range(60)}
    assert len(made) == 60


@given(st.binary(min_size=24, max_size=24), st.integers(0, 14), st.integers(1, 30), st.integers(0, 14))
def test_one_wrong_or_two_swapped_characters_are_always_noticed(
    seed: bytes, place: int, shift: int, other: int
) -> None:
    number = ids.new_receipt_number("GR", ON, lambda _: seed)
    head, body = number.split("-", 1)
    marks = list(body.replace("-", ""))

    def rebuilt(changed: list[str]) -> str:
        return f"{head}-{''.join(changed[:5])}-{''.join(changed[5:10])}-{''.join(changed[10:])}"

    mistyped = marks.copy()
    mistyped[place] = ids.SYMBOLS[(ids.SYMBOLS.index(marks[place]) + shift) % 31]
    assert not ids.is_receipt_number(rebuilt(mistyped))
    swapped = marks.copy()
    swapped[place], swapped[other] = marks[other], marks[place]
    assert ids.is_receipt_number(rebuilt(swapped)) is (marks[place] == marks[other])


def test_a_typed_code_is_forgiven_its_case_spaces_and_dashes() -> None:
    number = ids.new_receipt_number("GR", ON, secrets.token_bytes)
    assert ids.normalise_code(f" {number.lower().replace('-', '–')} ") == number


@pytest.mark.parametrize("prefix", ["", "G", "gr", "GURYE", "구례", "G1"])
def test_a_receipt_prefix_is_two_to_four_capitals(prefix: str) -> None:
    with pytest.raises(ValueError, match="prefix"):
        ids.new_receipt_number(prefix, ON, secrets.token_bytes)


@pytest.mark.parametrize("code", ["", "GR26", "GR26-", "26-22222-22222-22222", "GR2X-22222-22222-22222", "GR26-0"])
def test_what_is_not_shaped_like_a_receipt_number_is_refused(code: str) -> None:
    assert not ids.is_receipt_number(code)

"""Asking the tax office and the bank's name register over HTTP: what was agreed is an answer, all else is silence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from portal.domain.snapshots import AccountQuestion, RegisterAccess, SnapshotAnswer, TaxAnswer
from portal.gateways import account_holder, tax_office
from tests.answering import Register, answering

A = SnapshotAnswer
NUMBERS = ["1248100998", "1208765763", "2208162517", "1208800767"]
ROWS = [
    {"b_no": NUMBERS[0], "b_stt": "계속사업자", "b_stt_cd": "01", "tax_type": "부가가치세 일반과세자", "end_dt": ""},
    {"b_no": NUMBERS[1], "b_stt": "휴업자", "b_stt_cd": "02", "tax_type": "부가가치세 간이과세자", "end_dt": ""},
    {
        "b_no": NUMBERS[2],
        "b_stt": "폐업자",
        "b_stt_cd": "03",
        "tax_type": "부가가치세 일반과세자",
        "end_dt": "20260531",
    },
    {"b_no": NUMBERS[3], "b_stt": "", "b_stt_cd": "", "tax_type": "국세청에 등록되지 않은 사업자등록번호입니다."},
]
QUESTION = AccountQuestion(1, "index", "004", "12345678901", "홍길동", NUMBERS[0])


@pytest.fixture
def register() -> Iterator[Register]:
    with answering() as made:
        yield made


def access(register: Register) -> RegisterAccess:
    return RegisterAccess(register.url, "the-key", wait=timedelta(seconds=1))


def test_the_four_things_the_tax_office_says(register: Register) -> None:
    register.answers = [(200, {"status_code": "OK", "request_cnt": 4, "match_cnt": 3, "data": ROWS})]
    heard = tax_office.status(access(register), NUMBERS)
    assert heard.answers == {
        NUMBERS[0]: TaxAnswer(A.ACTIVE),
        NUMBERS[1]: TaxAnswer(A.SUSPENDED),
        NUMBERS[2]: TaxAnswer(A.CLOSED, date(2026, 5, 31)),
        NUMBERS[3]: TaxAnswer(A.UNREGISTERED),
    }
    assert len(heard.raw_sha256 or "") == 64
    assert register.asked == [("/status?serviceKey=the-key", {"b_no": NUMBERS})]


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (500, {"data": ROWS}),
        (302, {"data": ROWS}),
        (200, b"<html>"),
        (200, {"code": -4, "msg": "등록되지 않은 인증키 입니다."}),
        (200, {"data": [{"b_no": NUMBERS[2], "b_stt_cd": "03", "end_dt": "31.05.2026"}]}),
        (200, {"data": [ROWS[2] | {"b_stt_cd": "99"}]}),
        (200, {"data": [{"b_no": NUMBERS[2], "b_stt_cd": "", "tax_type": ""}]}),
        (200, {"data": [ROWS[2] | {"b_no": "9999999999"}]}),
        (200, []),
    ],
)
def test_whatever_was_not_agreed_says_nothing_of_anybody(register: Register, status: int, said: object) -> None:
    register.answers = [(status, said)]
    assert tax_office.status(access(register), NUMBERS).answers == {}


def test_a_register_that_is_down_says_nothing_and_too_many_numbers_are_not_asked(register: Register) -> None:
    assert (
        tax_office.status(RegisterAccess("http://127.0.0.1:9", "k", wait=timedelta(seconds=0.2)), NUMBERS).answers == {}
    )
    with pytest.raises(ValueError, match="at most 100"):
        tax_office.status(access(register), ["1"] * 101)
    assert register.asked == []


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ({"rsp_code": "A0000", "account_holder_name": "홍 길동"}, A.MATCHES),
        ({"rsp_code": "A0000", "account_holder_name": "홍길순"}, A.DIFFERS),
        ({"rsp_code": "A0000", "account_holder_name": ""}, A.UNAVAILABLE),
        ({"rsp_code": "A0002", "bank_rsp_code": "452"}, A.NO_ACCOUNT),
        ({"rsp_code": "O0001"}, A.UNAVAILABLE),
        ({"account_holder_name": "홍길동"}, A.UNAVAILABLE),
        ([], A.UNAVAILABLE),
    ],
)
def test_whose_the_account_is(register: Register, said: object, answer: SnapshotAnswer) -> None:
    register.answers = [(200, said)]
    assert account_holder.holder(access(register), QUESTION)[0] is answer
    (path, body) = register.asked[0]
    assert (path, body["account_num"], body["bank_code_std"]) == ("/v2.0/inquiry/real_name", "12345678901", "004")


def test_a_broken_register_is_silent_about_accounts(register: Register) -> None:
    register.answers = [(503, {"rsp_code": "A0000", "account_holder_name": "홍길동"})]
    assert account_holder.holder(access(register), QUESTION) == (A.UNAVAILABLE, None)

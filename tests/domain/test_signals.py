"""The thresholds of signals as dated data, fingerprints of what was seen, and what a verdict needs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from portal import data
from portal.domain import signal_order_rules, signal_rules
from portal.domain.codes import load_signal_thresholds
from portal.domain.errors import FileRefused, NotFound
from portal.domain.signal_facts import Business, Order
from portal.domain.signals import JudgeSignal, Rule, Seen, Verdict, limits_on, problems_in

TODAY = date(2026, 6, 15)
HEADER = "rule,name,value,valid_from,source\n"


def test_every_rule_is_a_function_and_has_the_thresholds_it_asks_for() -> None:
    assert set(signal_rules.OF_BUSINESS) | set(signal_order_rules.OF_ORDERS) == set(Rule)
    limits = limits_on(data.signal_thresholds(), TODAY)
    assert set(limits) == set(Rule)
    months = [f"2026-0{month}" for month in range(2, 7)]
    orders = {month: [Order("baemin", month, datetime.fromisoformat(f"{month}-01"), 10_000)] * 200 for month in months}
    busy = Business(1, 1, TODAY, date(2026, 5, 1), {2026: 1})
    seen = {each.rule for each in signal_rules.look(busy, orders, limits)}
    assert seen == {Rule.ROUND_AMOUNTS}  # 200 orders at one moment are one run: precise rather than loud


def test_every_threshold_says_that_it_is_an_example() -> None:
    assert [each for each in data.signal_thresholds() if "예시" not in each.source] == []


def test_a_number_counts_from_its_day_on() -> None:
    rows = "same_account,others,1,2026-01-01,예시\nsame_account,others,2,2026-06-15,예시\n"
    thresholds = load_signal_thresholds(HEADER + rows)
    assert limits_on(thresholds, date(2026, 6, 14)) == {Rule.SAME_ACCOUNT: {"others": 1}}
    assert limits_on(thresholds, TODAY) == {Rule.SAME_ACCOUNT: {"others": 2}}
    with pytest.raises(NotFound):
        limits_on(thresholds, date(2025, 12, 31))


@pytest.mark.parametrize("row", ["same_moon,others,1,2026-01-01,x", "same_account,others,-1,2026-01-01,x"])
def test_a_faulty_threshold_is_refused(row: str) -> None:
    with pytest.raises(FileRefused):
        load_signal_thresholds(HEADER + row + "\n")


def test_a_fingerprint_is_the_same_as_long_as_the_same_is_seen() -> None:
    seen = Seen(Rule.NIGHT_ORDERS, "2026-05", {"night": 21, "orders": 40})
    assert seen.fingerprint == replace(seen, facts={"orders": 40, "night": 21}).fingerprint
    assert seen.fingerprint != replace(seen, facts={"night": 22, "orders": 40}).fingerprint


@pytest.mark.parametrize(
    ("reason", "codes"),
    [
        ("가족이 함께 씀.", ["signal_reason"]),
        ("부부가 한 계좌를 쓰며 실명 조회로 확인함.", []),
        ("       .       ", ["signal_reason"]),
        ("가" * 2001, ["too_long"]),
    ],
)
def test_a_verdict_needs_a_reason_that_can_be_followed(reason: str, codes: list[str]) -> None:
    assert [each.code for each in problems_in(JudgeSignal(Verdict.DISMISS, reason))] == codes

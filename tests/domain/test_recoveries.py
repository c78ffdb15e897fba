"""The amounts of a recovery: vectors worked out by hand from the law's text, and laws that hold for any amount."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import data
from portal.domain.errors import Incomplete, NotFound
from portal.domain.recoveries import ChargeKind, Instalment
from portal.domain.recovery_amounts import (
    Owed,
    PaidBack,
    Part,
    charges,
    instalment_problems,
    interest_months,
    late_charges,
    late_percent,
    net,
    owed,
    parts_of,
    split_back,
)
from portal.domain.recovery_rates import Cause

RATES = data.recovery_rates_in_law()
ON = date(2026, 11, 22)
WON = st.integers(0, 10**9)
SHARES = st.dictionaries(st.sampled_from(["national", "province", "county"]), WON, min_size=1)


def order(cause: Cause, *parts: Part, noticed: str = "2026-11", waive: bool = False) -> Owed:
    lines = charges(parts, cause, noticed=noticed, on=ON, rates=RATES, unit=10, waive_surcharge=waive)
    return owed(lines)


def part(principal: int, *, source: str = "county", claimed: str = "2026-05") -> Part:
    return Part(1, source, claimed, principal)


@pytest.mark.parametrize(
    ("claimed", "noticed", "number"),
    [("2026-05", "2026-11", 6), ("2026-05", "2026-06", 1), ("2026-05", "2026-05", 0), ("2025-12", "2026-02", 2)],
)
def test_interest_runs_from_the_month_of_the_claim_to_the_month_before_the_notice(
    claimed: str, noticed: str, number: int
) -> None:
    assert len(interest_months(claimed, noticed)) == number


def test_a_false_claim_owes_principal_interest_and_five_times_as_surcharge() -> None:
    """1,000,000 won, 6 months at 3.1 % a year: 15,500 won."""
    assert order(Cause.FALSE, part(1_000_000)) == Owed(1_000_000, 15_500, 5_000_000, 0)


def test_interest_is_cut_below_ten_won_once_at_its_whole() -> None:
    """123,450 x 3.1 % x 6/12 = 1,913.475; by source 956.7 and 956.7, which together are cut to 1,910."""
    lines = charges(
        [part(61_725, source="national"), part(61_725)], Cause.FALSE, noticed="2026-11", on=ON, rates=RATES, unit=10
    )
    assert [line.amount for line in lines if line.kind is ChargeKind.INTEREST] == [955, 955]


def test_the_rate_of_each_month_is_the_one_in_force_on_its_first_day() -> None:
    """February and March 2025 at 3.5 %, April at 3.1 % (in force from the 21st of March)."""
    lines = charges([part(1_200_000, claimed="2025-02")], Cause.FALSE, noticed="2025-05", on=ON, rates=RATES, unit=10)
    found = [(line.percent, line.months, line.amount) for line in lines if line.kind is ChargeKind.INTEREST]
    assert found == [("3.5", 2, 7_000), ("3.1", 1, 3_100)]


@pytest.mark.parametrize("cause", [Cause.HONEST, Cause.CORRECTED])
def test_an_honest_mistake_owes_the_principal_alone(cause: Cause) -> None:
    assert order(cause, part(1_000_000)) == Owed(1_000_000)


@pytest.mark.parametrize(("cause", "percent"), [(Cause.FALSE, 500), (Cause.OTHER_USE, 300), (Cause.INELIGIBLE, 100)])
def test_the_surcharge_is_the_tables_share_of_the_principal_and_may_be_waived(cause: Cause, percent: int) -> None:
    assert order(cause, part(100_000)).surcharge == 1_000 * percent
    assert order(cause, part(100_000), waive=True).surcharge == 0


def test_each_source_names_its_own_act_and_what_is_not_verified_is_marked() -> None:
    parts = [part(50_000, source="national"), part(50_000)]
    lines = charges(parts, Cause.FALSE, noticed="2026-11", on=ON, rates=RATES, unit=10)
    principal = {line.source: line for line in lines if line.kind is ChargeKind.PRINCIPAL}
    assert principal["national"].article.startswith("보조금법")
    assert principal["county"].article.startswith("지방보조금법")
    assert all(line.check for line in lines if line.kind is ChargeKind.SURCHARGE)
    assert not any(line.check for line in principal.values())


def test_a_day_before_every_row_has_no_rule() -> None:
    with pytest.raises(NotFound):
        RATES.rule("local", Cause.FALSE, date(2000, 1, 1))


@pytest.mark.parametrize(
    ("on", "percent"),
    [
        (date(2026, 7, 31), 0), (date(2026, 8, 1), 1), (date(2026, 8, 7), 1), (date(2026, 8, 8), 2),
        (date(2026, 8, 31), 2), (date(2026, 9, 1), 3), (date(2026, 9, 30), 3), (date(2026, 10, 1), 4),
        (date(2026, 11, 1), 5), (date(2030, 1, 1), 5),
    ],
)  # fmt: skip
def test_the_late_charge_grows_by_days_months_and_to_its_cap(on: date, percent: int) -> None:
    """Due on 31 July 2026: within seven days 1 %, within a month 2 %, then 1 % more for each month begun, up to 5 %."""
    assert late_percent(RATES.late_rule("local", on), date(2026, 7, 31), on) == percent


def test_a_later_late_charge_adds_what_has_grown_on_what_is_still_unpaid() -> None:
    due_on = date(2026, 7, 31)
    (first,) = late_charges({"county": 100_000}, {}, due_on=due_on, on=date(2026, 8, 20), rates=RATES, unit=10)
    before = {"county": Decimal(first.percent)}
    (second,) = late_charges({"county": 40_000}, before, due_on=due_on, on=date(2027, 1, 5), rates=RATES, unit=10)
    assert (first.amount, second.amount, second.percent) == (2_000, 1_200, "5")
    done = {"county": Decimal(5)}
    assert late_charges({"county": 40_000}, done, due_on=due_on, on=date(2027, 6, 5), rates=RATES, unit=10) == []


def test_the_newest_payment_gives_first() -> None:
    payments = [
        PaidBack(2, "2026-06", {"county": 300}, {"county": 300}),
        PaidBack(1, "2026-05", {"county": 900}, {"county": 900}),
    ]
    assert parts_of(500, payments) == [Part(2, "county", "2026-06", 300), Part(1, "county", "2026-05", 200)]
    with pytest.raises(Incomplete, match="recovery_over_paid"):
        parts_of(1_201, payments)


def test_a_receipt_pays_the_principal_before_interest_surcharge_and_late_charge() -> None:
    owes = Owed(100, 20, 500, 5)
    assert owes.pay(110) == Owed(100, 10)
    assert owes.pay(625) == owes
    for amount in (0, 626):
        with pytest.raises(Incomplete, match="receipt_over_owed"):
            owes.pay(amount)


def test_netting_takes_each_source_against_its_own_oldest_first() -> None:
    awaited = [(1, "national", 30), (2, "county", 10), (3, "national", 40)]
    assert net({"national": 50, "county": 0}, awaited) == {1: 30, 3: 20}


def test_a_schedule_has_two_rising_days_to_come_and_adds_up() -> None:
    on, first = date(2026, 6, 15), date(2026, 7, 1)
    good = [Instalment(first, 60), Instalment(first + timedelta(days=30), 40)]
    assert instalment_problems(good, 100, on=on) == []
    for schedule, code in (
        (good[:1], "instalments_too_few"),
        (good[::-1], "instalments_order"),
        ([Instalment(on, 60), good[1]], "instalments_order"),
        ([good[0], Instalment(good[1].due_on, 0)], "instalments_amount"),
        ([good[0], Instalment(good[1].due_on, 41)], "instalments_sum"),
    ):
        assert code in [problem.code for problem in instalment_problems(schedule, 100, on=on)]


@given(SHARES, SHARES, WON)
def test_parts_re_add_and_never_take_more_than_is_left(
    shares: dict[str, int], asked: dict[str, int], amount: int
) -> None:
    left = {source: max(0, won - asked.get(source, 0)) for source, won in shares.items()}
    if amount > sum(left.values()) or not sum(shares.values()):
        return
    parts = split_back(amount, shares, left)
    assert sum(parts.values()) == amount
    assert all(0 <= won <= left[source] for source, won in parts.items())


@given(st.lists(st.integers(1, 10**8), min_size=1, max_size=4), st.integers(0, 40), st.sampled_from(Cause))
def test_charges_are_monotone_in_principal_whole_tens_and_a_surcharge_at_most_five_times(
    amounts: list[int], later: int, cause: Cause
) -> None:
    parts = [
        part(won, source=source)
        for won, source in zip(amounts, ("national", "county", "province", "city"), strict=False)
    ]
    noticed = f"{2026 + (4 + later) // 12}-{(4 + later) % 12 + 1:02d}"
    less, more = (order(cause, *each, noticed=noticed) for each in (parts, [*parts, part(1_000, claimed="2026-04")]))
    assert less.principal == sum(amounts)
    assert less.interest % 10 == less.surcharge % 10 == 0
    assert less.interest <= more.interest
    assert less.surcharge <= min(more.surcharge, 5 * less.principal)


@given(WON, st.integers(0, 900), st.integers(0, 900))
def test_a_late_charge_never_falls_and_never_passes_its_cap(won: int, first: int, second: int) -> None:
    due_on, before, total = date(2026, 7, 31), Counter[str](), 0
    percents = {}
    for days in sorted((first, second)):
        for line in late_charges(
            {"county": won}, percents, due_on=due_on, on=due_on + timedelta(days=days), rates=RATES, unit=10
        ):
            percents["county"] = Decimal(line.percent)
            before["county"] += line.amount
            total += line.amount
    assert 0 <= total * 100 <= 5 * won


@given(
    st.dictionaries(st.sampled_from(["national", "county"]), WON),
    st.lists(
        st.tuples(st.integers(0, 9), st.sampled_from(["national", "county", "province"]), WON),
        unique_by=lambda each: each[0],
    ),
)
def test_netting_never_takes_more_than_a_source_pays_or_awaits(
    shares: dict[str, int], awaited: list[tuple[int, str, int]]
) -> None:
    taken = net(shares, awaited)
    by_source = Counter[str]()
    for part_id, source, won in awaited:
        assert 0 <= taken.get(part_id, 0) <= won
        by_source[source] += taken.get(part_id, 0)
    assert all(won <= shares.get(source, 0) for source, won in by_source.items())

"""Scenarios an official can check by hand: each kind of amount, each cap, each order of a pool."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.assessment.town import delivery, line, run, terms

KINDS = {
    "share": ({"kind": "cost_share", "rate": "0.3333"}, [(11_108_889, "paid")] * 3),
    "nothing": ({"kind": "cost_share", "rate": "0"}, [(0, "no_cost")] * 3),
    "flat": ({"kind": "flat", "amount": 700}, [(7_000_000, "paid")] * 3),
    "up_to": ({"kind": "cost_up_to", "amount": 3_332}, [(33_320_000, "paid")] * 3),
    "whole": ({"kind": "cost_up_to", "amount": 3_334}, [(33_330_000, "paid")] * 3),
    "once": ({"kind": "one_off", "amount": 500}, [(5_000_000, "paid"), (0, "capped"), (0, "capped")]),
    "by_means": (
        {
            "kind": "flat_by",
            "attribute": "payment_method",
            "amounts": {"local_currency": 900, "card": 300},
            "default": 0,
        },
        [(3_000_000, "paid"), (9_000_000, "paid"), (0, "no_cost")],
    ),
    "by_place": (
        {"kind": "flat_by", "attribute": "platform", "amounts": {"yogiyo": 1}, "default": 200},
        [(2_000_000, "paid")] * 3,
    ),
}


def test_each_kind_of_amount(tmp_path: Path) -> None:
    items = [delivery(code=code, amount=amount) for code, (amount, _) in KINDS.items()]
    lines = [
        line("o3", "03-04", payment_method="cash"),
        line("o1", "03-02"),
        line("o2", "03-03", payment_method="local_currency"),
    ]
    found = run(tmp_path, [terms(items)], lines)
    for code, (_, expected) in KINDS.items():
        assert [found[f"o{number}", code] for number in (1, 2, 3)] == expected, code


CAPS = {
    "day": [1_000, 0, 1_000, 1_000, 1_000, 1_000],
    "month": [1_000, 0, 0, 1_000, 1_000, 1_000],
    "half_year": [1_000, 0, 0, 0, 1_000, 1_000],
    "year": [1_000, 0, 0, 0, 0, 1_000],
    "programme": [1_000, 0, 0, 0, 0, 1_000],
    "owner": [1_000, 0, 0, 0, 0, 0],
}


def test_each_cap_starts_again_with_its_period(tmp_path: Path) -> None:
    flat = {"kind": "flat", "amount": 1_000}
    items = [delivery(code=per, amount=flat, caps=[{"per": per, "amount": 1_000}]) for per in CAPS]
    lines = [
        line("o1", "03-02"),
        line("o2", "03-02"),
        line("o3", "03-31"),
        line("o4", "06-30"),
        line("o5", "07-01"),
        line("o6", "07-02", store_id="s2"),  # another merchant of the same owner
    ]
    found = run(tmp_path, [terms(items)], lines)
    for per, expected in CAPS.items():
        assert [found[f"o{number}", per][0] // 10_000 for number in range(1, 7)] == expected, per


@pytest.mark.parametrize(
    ("order_by", "expected"),
    [("ordered_at", [1_000, 500, 0]), ("accepted_at", [500, 0, 1_000])],
)
def test_a_pool_runs_out_in_its_order(order_by: str, expected: list[int], tmp_path: Path) -> None:
    pool = {"per": "programme", "amount": 1_500, "order_by": order_by, "legal": "예산의 범위"}
    item = delivery(amount={"kind": "flat", "amount": 1_000})
    lines = [line("o2", "03-03"), line("o1", "03-02"), line("o3", "03-05", store_id="s2")]
    found = run(tmp_path, [terms([item], pool=[pool])], lines)
    assert [found[f"o{number}", "delivery"][0] // 10_000 for number in (1, 2, 3)] == expected


def test_a_new_line_may_use_up_a_wide_cap_that_stands_before_a_narrow_one(tmp_path: Path) -> None:
    """A cap sees what the caps before it left: what the wide one gave, the narrow one may cut, and nobody has it."""
    caps = [{"per": "programme", "amount": 2_000}, {"per": "day", "amount": 1_000}]
    lines = [line("o1", "03-02"), line("o2", "03-03")]
    expected = {
        False: ([0, 1_000, 1_000], [1_000, 0, 0]),  # in file order
        True: ([0, 1_000, 1_000], [1_000, 0, 1_000]),  # the narrow cap first
    }
    for turned, totals in expected.items():
        item = delivery(amount={"kind": "flat", "amount": 1_000}, caps=caps[::-1] if turned else caps)
        for more, won in zip(([], [line("o0", "03-02")]), totals, strict=True):
            found = run(tmp_path, [terms([item])], [*lines, *more])
            assert [found.get((f"o{number}", "delivery"), (0,))[0] // 10_000 for number in (0, 1, 2)] == won

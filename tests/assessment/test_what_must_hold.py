"""What the contract promises about every assessment, whatever the terms: limits, sums, one payment for an order, and
that it is a function of its inputs alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from copy import deepcopy
from pathlib import Path
from random import Random

import pytest

from portal.assessment import explain
from tests.assessment import reference
from tests.assessment.answers import ASKED_ONCE, CHOSEN, answer, crowded, seeded
from tests.assessment.assessing import assessed, recomputed, started
from tests.assessment.worlds import World, world

WIDTHS = ("order", "day", "month", "half_year", "year", "programme", "owner")


@ASKED_ONCE
@pytest.mark.parametrize("seed", CHOSEN)
def test_lines_out_add_up_to_the_claims(seed: int) -> None:
    decisions, claims, _ = answer(seed)
    months = {(line["platform"], line["order_no"], line["received_seq"]): _month(line) for line in seeded(seed).lines}
    sums: dict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0, 0])
    for (*statement, _), (programme, merchant, e4, reason) in decisions.items():
        assert (e4 > 0) is (reason in ("paid", "reduced"))
        if e4:
            found = sums[programme, merchant, months[statement[0], statement[1], statement[2]]]
            found[0] += 1
            found[1] += e4
    assert {claim: [lines, e4] for claim, (lines, e4, _) in claims.items()} == sums


@ASKED_ONCE
@pytest.mark.parametrize("seed", CHOSEN)
def test_every_line_and_item_is_decided_once_and_an_order_paid_once(seed: int) -> None:
    one, (decisions, _, _) = seeded(seed), answer(seed)
    items = {item["code"] for terms in one.terms for item in terms["item"]}
    told = [line for line in one.lines if one.until is None or line["ordered_at"] < one.until]
    statements = {(line["platform"], line["order_no"], line["received_seq"]): line for line in told}
    assert decisions.keys() == {(*statement, item) for statement in statements for item in items}
    paid = Counter(
        (reference.order_key(statements[platform, order_no, seq]), item)
        for (platform, order_no, seq, item), (_, _, e4, _) in decisions.items()
        if e4
    )
    assert set(paid.values()) <= {1}


@ASKED_ONCE
@pytest.mark.parametrize("seed", CHOSEN)
def test_no_cap_and_no_pool_is_exceeded_by_one_e4(seed: int) -> None:
    one, (decisions, _, _) = seeded(seed), answer(seed)
    assert exceeded(one, decisions) == []
    for terms in one.terms:  # the control: with limits lowered by one won those that bind are exceeded
        for limit in (*(cap for item in terms["item"] for cap in item["caps"]), *terms["pool"]):
            limit["amount"] -= 1
    binding = any(what for _, _, cuts in answer(seed).cuts.values() for what in cuts)
    assert bool(exceeded(one, decisions)) or not binding


def exceeded(one: World, decisions: dict) -> list[tuple[str, dict]]:
    """The caps and pools (with their programme) of which some group of lines got more than there is."""
    found = []
    rows = reference.recompute(one.terms, one.lines, one.links, one.enrolments, one.until).rows
    for terms in one.terms:
        mine = [(row, decisions[row.where][2]) for row in rows if row.terms is terms]
        limits = [(pool, None) for pool in terms["pool"]]
        limits += [(cap, item) for item in terms["item"] for cap in item["caps"]]
        for limit, item in limits:
            spent: Counter[object] = Counter()
            for row, e4 in mine:
                if item is None:
                    spent[reference.period(row.line["ordered_at"], limit["per"])] += e4
                elif row.item is item:
                    spent[reference.cap_group(row, limit["per"])] += e4
            if max(spent.values(), default=0) > limit["amount"] * 10_000:
                found.append((terms["code"], limit))
    return found


@pytest.mark.parametrize("seed", CHOSEN[:3])
def test_one_more_completed_line_of_another_order_never_lowers_a_programme(seed: int) -> None:
    one = nested(seeded(seed))
    more = deepcopy(one)
    random = Random(seed)
    for _ in range(5):
        line = random.choice(more.lines)
        more.lines.append(line | {"status": "completed", "origin_key": "", "order_no": f"new {len(more.lines)}"})
        before, after = totals(one), totals(more)
        assert all(after[programme] >= e4 for programme, e4 in before.items())
    assert assessed(more) == recomputed(more)


def nested(one: World) -> World:
    """Without pools, with caps from narrow to wide, every merchant the same owner's in every enrolment.

    Only so does the promise hold: see `test_a_new_line_may_use_up_a_wide_cap_that_stands_before_a_narrow_one`.
    """
    for terms in one.terms:
        terms["pool"] = []
        for item in terms["item"]:
            item["caps"].sort(key=lambda cap: WIDTHS.index(cap["per"]))
    for seat in one.enrolments:
        seat["owner_id"] = f"of {seat['merchant_id'][:1]}"
    return one


def totals(one: World) -> dict[str, int]:
    found: Counter[str] = Counter()
    for (programme, _, _), (_, e4, _) in recomputed(one).claims.items():
        found[programme] += e4
    return found


@pytest.mark.parametrize("seed", range(100, 160))
def test_one_more_line_never_lowers_a_programme_in_many_worlds(seed: int) -> None:
    random = Random(seed)
    one = nested(world(random, orders=60))
    before = totals(one)
    one.lines.append(random.choice(one.lines) | {"status": "completed", "origin_key": "", "order_no": "new"})
    after = totals(one)
    assert all(after[programme] >= e4 for programme, e4 in before.items())


def test_explanations_account_for_every_e4_and_are_found_by_merchant_and_month(tmp_path: Path) -> None:
    one = crowded(5)
    with started(one, tmp_path) as assessment:
        assessment.write_explanations(tmp_path / "explained.parquet")
        claims = assessment.claims()
    for claim in claims[:: max(1, len(claims) // 40)]:
        told = explain(tmp_path / "explained.parquet", claim.merchant_id, claim.period)
        mine = [line for line in told if line.programme == claim.programme and line.amount_e4]
        assert (len(mine), sum(line.amount_e4 for line in mine)) == (claim.lines, claim.exact_e4)
        assert told == sorted(told, key=lambda line: (line.ordered_at, line.platform, line.order_no, line.item))
        for line in told:
            assert line.amount_before_caps_e4 - sum(cut.taken_e4 for cut in line.cuts) == line.amount_e4
            assert all(cut.taken_e4 > 0 and cut.legal for cut in line.cuts)
            assert line.cuts == () or line.legal == line.cuts[-1].legal
    assert claims


def _month(line: dict) -> str:
    return line["ordered_at"].strftime("%Y-%m")

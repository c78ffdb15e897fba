"""Each thing that contradicts itself in a programme is found at its path; one that does not is left in peace."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from portal import data
from portal.domain.contradictions import Known, remarks
from tests.factories import GURYE

KNOWN = Known(date(2026, 6, 15), data.platform_catalogue().keys(), {"policy_loan"})
PLAIN = GURYE.partition("\n[example]")[0]
OPENED = '\n[[eligibility]]\ncode = "opened"\nkind = "opened_before"\nname = "a"\nlegal = "b"\nbefore = 2027-01-01\n'
MEMBER = '\n[[eligibility]]\ncode = "member"\nkind = "platform"\nname = "a"\nlegal = "b"\nplatforms = ["{}"]\n'
AGAIN = '\n[[eligibility]]\ncode = "again"\nkind = "one_per_owner"\nname = "a"\nlegal = "b"\n'

FIRST = "effective_from"
FORMER = (
    '\n[[eligibility]]\ncode = "former"\nkind = "former_support"\nname = "a"\nlegal = "b"\n'
    'programmes = ["gurye-2020-o2o"]\n'
)
ASKED = '\n[[question]]\ncode = "q"\nkind = "text"\ntext = "a"\n' * 2
LATER = (
    '\n[[question]]\ncode = "q"\nkind = "text"\ntext = "a"\nwhen = { question = "r", least = 1 }\n'
    '\n[[question]]\ncode = "r"\nkind = "number"\ntext = "b"\n'
)
NOWHERE = MEMBER.format("nowhere")
WINDOW = "from = 2026-03-01, to = 2026-12-31"

# what stands, what is put instead, the code, the path, whether it blocks
CASES = [
    (WINDOW, WINDOW.replace("2026", "2027"), "window_without_budget", "cost_window.from", True),
    ("from = 2026-03-01", "from = 2025-12-31", "window_beyond_year", "cost_window.from", False),
    ("to = 2026-12-31", "to = 2027-01-01", "window_beyond_year", "cost_window.from", False),
    ("to = 2026-12-31", "to = 2026-02-28", "reversed_period", "cost_window", True),
    ("apply_to = 2026-12-18", "apply_to = 2026-02-15", "ends_before_it_begins", "call.apply_to", True),
    ("apply_to = 2026-12-18", "apply_to = 2026-06-14", "call_is_over", "call.apply_to", True),
    ('county = "0.35" }', 'county = "0.36" }', "shares_not_one", "funding", True),
    ('province = "0.15", county = "0.35"', 'county = "0.50"', "budget_without_share", "budget[2].source", True),
    ("amount = 42_000_000", "amount = 43_000_000", "budget_not_in_shares", "budget", False),
    ("amount = 500_000", "amount = 120_000_001", "grant_above_budget", "grant.amount", True),
    ("amount = 500_000", "amount = 499_999", "caps_above_grant", "grant.amount", False),
    ("amount = 120_000_000", "amount = 120_000_001", "pool_above_budget", "pool[1].amount", True),
    ("amount = 120_000_000", "amount = 299_999", "cap_above_pool", "item[1].caps[3].amount", True),
    ('"month", amount = 100_000', '"month", amount = 300_001', "cap_never_binds", "item[1].caps[2].amount", False),
    ('per = "month"', 'per = "order"', "cap_twice", "item[1].caps[2].per", True),
    ('rate = "0.80"', 'rate = "0.00"', "pays_nothing", "item[2].amount.rate", True),
    ('code = "promotion"', 'code = "delivery"', "repeated_item", "item", True),
    ('code = "sales"', 'code = "region"', "repeated", "eligibility[3].code", True),
    ("years = [2025]", "years = [2026]", "sales_year_not_over", "eligibility[3].years", False),
    ('["policy_loan"]', '["policy_lone"]', "unknown_list", "eligibility[4].exclude_lists", True),
    ("\n[[document]]", f"{OPENED}\n[[document]]", "opened_excludes_nobody", "eligibility[7].before", False),
    ("\n[[document]]", f"{AGAIN}\n[[document]]", "criterion_twice", "eligibility[7].name", False),
    ("\n[[document]]", f"{NOWHERE}\n[[document]]", "unknown_platform", "eligibility[7].platforms", True),
    ("round_down_to = 10", 'platforms = ["nowhere"]', "unknown_platform", "platforms", True),
    ("receipt_prefix", f"{FIRST} = 2026-06-14\nreceipt_prefix", "effective_passed", "call.effective_from", False),
    ("receipt_prefix", f"{FIRST} = 2026-12-19\nreceipt_prefix", "effective_after_call", "call.effective_from", True),
    ("\n[[budget]]", f"{FORMER}\n[[budget]]", "own_programme", "eligibility[7].programmes", True),
    ("\n[[budget]]", f"{ASKED}\n[[budget]]", "question_twice", "question[2].code", True),
    ("\n[[budget]]", f"{LATER}\n[[budget]]", "later_question", "question[1].when.question", True),
    ("supplement_days = 7", 'last_place = "partial"', "last_place_without_line", "call.last_place", False),
]  # fmt: skip


def test_a_programme_that_says_one_thing_has_nothing_to_mend() -> None:
    assert remarks(PLAIN, KNOWN) == []


@pytest.mark.parametrize(("stands", "instead", "code", "path", "blocks"), CASES, ids=[f"{c[2]} {c[3]}" for c in CASES])
def test_a_contradiction_is_found_where_it_is(stands: str, instead: str, code: str, path: str, blocks: bool) -> None:
    assert stands in PLAIN
    found = {(r.problem.code, r.problem.field): r.blocks for r in remarks(PLAIN.replace(stands, instead, 1), KNOWN)}
    assert found.get((code, path)) is blocks, found


def test_shares_that_do_not_add_up_hide_nothing_else_and_an_unreadable_value_does() -> None:
    twice = PLAIN.replace('county = "0.35" }', 'county = "0.36" }').replace("amount = 500_000", "amount = 120_000_001")
    assert [r.problem.code for r in remarks(twice, KNOWN)] == ["shares_not_one", "grant_above_budget"]
    unread = twice.replace("apply_to = 2026-12-18", 'apply_to = "soon"')
    assert [r.problem.code for r in remarks(unread, KNOWN)] == ["shares_not_one", "not_a_date"]


def test_a_platform_that_must_be_joined_and_is_not_supported_leaves_nobody() -> None:
    text = PLAIN.replace("round_down_to = 10", 'platforms = ["baemin"]')
    for name, wrong in (("meokkaebi", True), ("baemin", False)):
        asked = text.replace("\n[[document]]", f"{MEMBER.format(name)}\n[[document]]", 1)
        assert ("platforms_apart" in [r.problem.code for r in remarks(asked, KNOWN)]) is wrong


def test_the_last_day_of_a_call_is_not_over_and_the_next_is() -> None:
    for on, over in ((date(2026, 12, 18), False), (date(2026, 12, 19), True)):
        assert ("call_is_over" in [r.problem.code for r in remarks(PLAIN, replace(KNOWN, on=on))]) is over

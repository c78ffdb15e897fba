"""A simulation says what a draft would have cost beside the terms in force, on the same lines, and changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.errors import FileRefused, Incomplete, NotFound, NotPermitted
from portal.domain.money import E4
from portal.domain.simulations import By, Participants, Side, Window, as_bytes, from_bytes
from portal.domain.terms_text import as_toml
from portal.models.base import Base
from portal.models.claims import Claim
from portal.services import simulations
from portal.storage.lines import LineStore
from portal.storage.objects import Stores
from tests.cases import apply
from tests.drawn_up import draw_up
from tests.factories import GURYE, actor, make_official, make_organisation
from tests.settled import Office, Shop, line
from tests.simulated import ask, compute, draft, make_manager, simulate, with_rate


@pytest.fixture
def office(session: Session, stores: Stores, lines: LineStore) -> Office:
    return Office(session, stores, lines)


def fill(office: Office) -> None:
    """Two shops over two months, with costs that run into the month's cap."""
    for store, fee in (("S1", 3_333), ("S2", 8_000)):
        office.shop(store)
        for period in ("2026-04", "2026-05"):
            rows = [line(store, f"{period}-{day:02d} 12:00", fee=fee + day) for day in range(1, 29)]
            rows.append(line(store, f"{period}-15 13:00", promotion=50_000, channel="coupon"))
            office.deliver([*rows, line(store, f"{period}-16 12:00", status="cancelled")], period)


def text(office: Office) -> str:
    return as_toml(office.programme.terms)


def shares(side: Side, by: By) -> Sequence[tuple[str, int]]:
    return [(share.code, share.won) for share in side.shares[by]]


def test_the_terms_in_force_cost_what_the_claims_drawn_up_on_the_same_data_say(office: Office) -> None:
    fill(office)
    for period in ("2026-04", "2026-05"):
        draw_up(office, period)
    found = simulate(office, draft(text(office)))
    assert found.in_force == found.draft
    claims = office.session.scalars(select(Claim)).all()
    assert found.in_force.won == sum(claim.assessed for claim in claims) > 0
    assert found.in_force.lines == sum(claim.lines for claim in claims)
    assert found.in_force.merchants == len({claim.merchant_id for claim in claims}) == 2
    by_month = {
        month: sum(claim.assessed for claim in claims if claim.period == month) for month in ("2026-04", "2026-05")
    }
    assert dict(shares(found.in_force, By.MONTH)) == by_month
    assert sum(e4 for _, e4 in found.in_force.daily) == sum(claim.exact_e4 for claim in claims)
    per_merchant = sorted(
        sum(claim.assessed for claim in claims if claim.merchant_id == merchant)
        for merchant in {claim.merchant_id for claim in claims}
    )
    assert (found.in_force.median, found.in_force.mean) == (per_merchant[0], sum(per_merchant) // 2)


def test_a_higher_rate_costs_more_and_every_breakdown_adds_up(office: Office) -> None:
    fill(office)
    found = simulate(office, draft(with_rate(office.programme.terms, "0.60")))
    assert found.draft.won > found.in_force.won
    for side in (found.in_force, found.draft):
        for by in (By.MONTH, By.REGION, By.INDUSTRY, By.SALES, By.WORKERS):
            assert sum(won for _, won in shares(side, by)) == side.won, by
        assert abs(sum(won for _, won in shares(side, By.ITEM)) - side.won) < 100  # before rounding down each claim
    assert found.in_force.reasons["cancelled"] == 4 * 2  # a cancelled order counts once for each of the two items
    assert sum(found.in_force.reasons.values()) == sum(found.draft.reasons.values()) == 120 * 2
    assert [code for code, _ in shares(found.draft, By.REGION)] == [
        share.code for share in found.in_force.shares[By.REGION]
    ]


def test_only_the_chosen_months_are_paid_and_use_up_caps(office: Office) -> None:
    fill(office)
    capped = text(office).replace("300_000", "80_000")
    may, whole = (
        simulate(office, draft(capped, since=since, until="2026-05")).draft for since in ("2026-05", "2026-04")
    )
    assert [code for code, _ in shares(may, By.MONTH)] == ["2026-05"]
    assert dict(shares(may, By.MONTH))["2026-05"] > dict(shares(whole, By.MONTH))["2026-05"]
    assert sum(may.reasons.values()) == 60 * 2


def test_a_window_of_another_year_counts_nothing_unless_all_of_the_months_are_counted(office: Office) -> None:
    fill(office)
    later = text(office).replace("2026-03-01", "2027-03-01").replace("2026-12-31", "2027-12-31")
    assert simulate(office, draft(later)).draft.won == 0
    counted = simulate(office, draft(later, counted=Window.PERIOD))
    assert counted.draft.won == counted.in_force.won > 0


def test_the_budget_and_a_pool_run_out_on_a_day(office: Office) -> None:
    office.shop("S1")
    office.deliver([line("S1", f"2026-05-{day:02d} 12:00", fee=2_000) for day in range(1, 11)], "2026-05")
    smaller = text(office).replace("amount = 120_000_000", "amount = 4_500")
    found = simulate(office, draft(smaller, budget=3_000))
    assert (found.in_force.won, found.draft.won, found.budget) == (10_000, 4_500, 3_000)
    assert found.in_force.runs_out_on(3_000) == found.draft.runs_out_on(3_000) == date(2026, 5, 3)
    assert (found.in_force.runs_out_on(10_000), found.in_force.runs_out_on(10_001)) == (date(2026, 5, 10), None)
    assert [pool.first for pool in found.in_force.pools] == [None]
    assert [pool.days for pool in found.draft.pools] == [(date(2026, 5, 5),)]
    assert found.draft.daily[-1] == (date(2026, 5, 5), 500 * E4)
    plain = simulate(office, draft(smaller))
    assert plain.budget == 120_000_000


def test_a_pool_of_the_month_runs_out_in_each_month(office: Office) -> None:
    fill(office)
    monthly = text(office).replace('per = "programme"\namount = 120_000_000', 'per = "month"\namount = 20_000')
    [pool] = simulate(office, draft(monthly)).draft.pools
    assert [day.month for day in pool.days] == [4, 5]
    assert pool.first == pool.days[0]


def test_every_linked_merchant_may_take_part(office: Office) -> None:
    fill(office)
    case = apply(office.session, office.stores, office.programme, trade_name="신청만 한 가게")
    office.link(Shop(case.application.merchant, case.owner, "S3"), "baemin")
    office.deliver([line("S3", "2026-05-20 12:00", fee=4_000)], "2026-05")
    accepted = simulate(office, draft(text(office)))
    linked = simulate(office, draft(text(office), participants=Participants.LINKED))
    assert (accepted.participants, linked.participants) == (2, 3)
    assert linked.in_force.won - accepted.in_force.won == 2_000


def test_nothing_but_the_simulation_and_its_job_is_written(office: Office) -> None:
    fill(office)
    manager = make_manager(office)
    tables = [table for table in Base.metadata.sorted_tables if table.name not in ("simulation", "job", "audit_event")]

    def rows() -> dict[str, int]:
        return {t.name: office.session.scalar(select(func.count()).select_from(t)) or 0 for t in tables}

    before = rows()
    compute(office, ask(office, draft(with_rate(office.programme.terms, "0.60")), manager))
    assert rows() == before


def test_a_result_is_stored_whole(office: Office) -> None:
    fill(office)
    found = simulate(office, draft(text(office)))
    assert from_bytes(as_bytes(found)) == found


def test_everything_wrong_with_a_draft_is_listed(office: Office) -> None:
    fill(office)
    wrong = (
        text(office).replace('rate = "0.5"', 'rate = "0.50001"').replace("100_000", "-1").replace("[[pool]]", "[[pol]]")
    )
    with pytest.raises(FileRefused) as refused:
        ask(office, draft(wrong, file="초안.toml"))
    assert [(p.field, p.code) for p in refused.value.problems] == [
        ("item[1].amount.rate", "too_many_decimals"),
        ("item[1].caps[2].amount", "negative"),
        ("pol", "unknown_key"),
    ]
    with pytest.raises(FileRefused, match="other_programme"):
        ask(office, draft(text(office).replace("gurye-2020-o2o", "another")))


def test_a_whole_programme_file_may_be_tried(office: Office) -> None:
    fill(office)
    assert simulate(office, draft(GURYE)).draft.won > 0


@pytest.mark.parametrize(
    ("months", "code"),
    [
        ({"since": "2026-1"}, "not_a_month"),
        ({"since": "2026-06", "until": "2026-05"}, "months_reversed"),
        ({"since": "2025-01", "until": "2025-12"}, "no_lines"),
    ],
)
def test_months_without_lines_are_refused(office: Office, months: dict[str, object], code: str) -> None:
    fill(office)
    with pytest.raises(Incomplete, match=code):
        ask(office, draft(text(office), **months))


def test_only_managers_of_the_office_simulate(office: Office) -> None:
    fill(office)
    session = office.session
    with pytest.raises(NotPermitted):
        ask(office, draft(text(office)), make_official(session, Role.POLICYMAKER))
    elsewhere = make_organisation(session, "haenam", name="해남군(데모)", region_code="12790")
    stranger = make_official(session, Role.MANAGER, organisation=elsewhere)
    with pytest.raises(NotFound):
        ask(office, draft(text(office)), stranger)
    asked = ask(office, draft(text(office)))
    with pytest.raises(NotFound):
        simulations.cancel(session, asked.id, by=actor(stranger), at=asked.job.asked_at)

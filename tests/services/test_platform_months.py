"""A platform's month from three sides: stated, stored, claimed and paid; what differs is said."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.errors import Incomplete, NotPermitted
from portal.domain.platform_months import ClaimedMonth, Finding, PlatformMonth, StateMonth, StoredMonth
from portal.domain.settlements import DeliverSettlement
from portal.domain.statements import BY_PROGRAM
from portal.domain.statements import StateMonth as StateFigures
from portal.services import claims, payments, platform_months, settlements, statements
from portal.storage.lines import LineStore
from portal.storage.objects import Stores
from tests.approved_claims import answer
from tests.factories import AT, actor, make_official, make_organisation
from tests.platform_samples import PERIOD, SAMPLES
from tests.settled import Office, line

F = Finding


@pytest.fixture
def office(session: Session, stores: Stores, lines: LineStore) -> Office:
    return Office(session, stores, lines)


def state(office: Office, orders: int, amount: int, *, by=None, **changed: str) -> None:
    told = {"platform": "baemin", "period": "2026-05", "source": "정산서-5월.pdf", **changed}
    command = StateMonth(orders=orders, order_amount=amount, **told)
    platform_months.state(office.session, command, by=actor(by or office.reviewer), at=AT)


def months(office: Office, period: str = "2026-05") -> dict[str, PlatformMonth]:
    found = platform_months.reconciled(office.session, office.lines, period, actor(office.reviewer))
    return {each.platform: each for each in found}


def test_of_each_order_only_the_last_statement_is_added_up(office: Office) -> None:
    office.deliver(
        [
            line("S1", "2026-05-03 12:00", order_no="A1", fee=3_000, support=500),
            line("S1", "2026-05-04 12:00", order_no="A2", fee=2_000),
            line("S2", "2026-05-04 12:00", order_no="A3", fee=1_000, promotion=700),
        ],
        "2026-05",
    )
    office.deliver([line("S1", "2026-05-04 12:00", order_no="A2", status="cancelled")], "2026-05")
    assert months(office)["baemin"].stored == StoredMonth(orders=2, cancelled=1, order_amount=40_000, cost=4_200)


def test_what_a_platforms_program_states_counts_like_what_is_read_off_a_paper(office: Office) -> None:
    office.deliver([line("S1", "2026-05-03 12:00", order_no="A1")], "2026-05")
    by = actor(office.reviewer)  # a program's account delivers for the same office
    statements.state(office.session, office.lines, "baemin", StateFigures("2026-05", {"orders": 3}), by=by, at=AT)
    found = months(office)["baemin"]
    assert (found.orders_missing, found.amount_missing) == (2, None)
    assert found.stated is not None
    assert found.stated.source == BY_PROGRAM
    assert found.findings[0] is Finding.ORDERS_DIFFER


def test_a_statement_of_deposits_tells_costs_but_no_orders(office: Office) -> None:
    sample = next(each for each in SAMPLES if (each.platform, each.layout) == ("baemin", "deposits"))
    command = DeliverSettlement("baemin", PERIOD, sample.filename, io.BytesIO(sample.content))
    by = actor(office.reviewer)
    settlements.deliver(office.session, office.stores, office.lines, command, by=by, at=AT)
    stored = months(office, PERIOD)["baemin"].stored
    assert (stored.orders, stored.cancelled, stored.order_amount) == (0, 0, 0)
    assert stored.cost > 0


@pytest.mark.parametrize(
    ("orders", "amount", "findings"),
    [
        (2, 40_000, []),
        (3, 40_000, [F.ORDERS_DIFFER]),
        (2, 39_999, [F.AMOUNT_DIFFERS]),
        (0, 0, [F.ORDERS_DIFFER, F.AMOUNT_DIFFERS]),
    ],
)
def test_what_the_platform_states_is_compared_with_what_is_stored(
    office: Office, orders: int, amount: int, findings: list[Finding]
) -> None:
    office.deliver([line("S1", "2026-05-03 12:00"), line("S1", "2026-05-04 12:00")], "2026-05")
    assert months(office)["baemin"].findings == [F.NOT_STATED]
    state(office, 99, 99)
    state(office, orders, amount)
    found = months(office)["baemin"]
    assert found.findings == findings
    assert (found.orders_missing, found.amount_missing) == (orders - 2, amount - 40_000)


def test_a_platform_that_states_a_month_and_sends_nothing_stands_out(office: Office) -> None:
    state(office, 5, 100_000, platform="yogiyo")
    assert months(office)["yogiyo"].findings == [F.ORDERS_DIFFER, F.AMOUNT_DIFFERS, F.NOT_STORED]


def test_claims_and_payments_stand_beside_the_month_they_are_of(office: Office) -> None:
    office.shop("S1")
    office.deliver([line("S1", "2026-05-03 12:00", fee=3_000)], "2026-05")
    state(office, 1, 20_000)
    session, by = office.session, actor(office.reviewer)
    claims.draw_up(session, office.stores, office.lines, office.code, "2026-05", by=by, at=AT)
    waiting = months(office)["baemin"]
    assert (waiting.claims, waiting.findings) == (ClaimedMonth(1_500, 0), [F.NOT_PAID_YET])
    claims.approve(session, office.code, "2026-05", by=actor(office.approver), at=AT)
    payer, releaser = (actor(make_official(session, Role.PAYER)) for _ in range(2))
    run = payments.prepare(session, office.code, by=payer, at=AT)
    payments.release(session, office.stores, run.id, by=releaser, at=AT)
    payments.settle(session, office.stores, run.id, answer(run, (0, "done")), by=payer, at=AT)
    paid = months(office)["baemin"]
    assert (paid.claims, paid.findings) == (ClaimedMonth(1_500, 1_500), [])
    assert months(office, "2026-04") == {}


def test_more_claimed_than_the_shops_paid_themselves_stands_out() -> None:
    month = PlatformMonth("baemin", "2026-05", None, StoredMonth(1, 0, 20_000, 1_000), ClaimedMonth(1_001, 1_001))
    assert month.findings == [F.CLAIMED_OVER_COST, F.NOT_STATED]


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"platform": "nobody"}, "platform"), ({"period": "2026-13"}, "period"), ({"source": " "}, "source")],
)
def test_a_statement_without_its_source_or_place_is_refused(office: Office, changed: dict, field: str) -> None:
    with pytest.raises(Incomplete) as refused:
        state(office, 1, 1, **changed)
    assert [problem.field for problem in refused.value.problems] == [field]


def test_statements_are_the_offices_own_and_stay_as_entered(office: Office) -> None:
    state(office, 1, 1)
    hadong = make_organisation(office.session, "hadong", name="하동군(데모)")
    stranger = actor(make_official(office.session, Role.REVIEWER, organisation=hadong))
    assert platform_months.reconciled(office.session, office.lines, "2026-05", stranger) == []
    with pytest.raises(NotPermitted):
        state(office, 1, 1, by=office.approver)
    office.session.commit()
    with pytest.raises(DBAPIError, match="append-only"):
        office.session.execute(text("UPDATE platform_statement SET source = ''"))

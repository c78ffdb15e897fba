"""A platform's month from three sides: stated, stored, claimed and paid; what differs is said."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.errors import Incomplete, NotFound, NotPermitted
from portal.domain.platform_months import ClaimedMonth, Finding, PlatformMonth, StateMonth, StoredMonth
from portal.domain.settlements import DeliverSettlement
from portal.domain.statements import BY_PROGRAM, FEES, Reason, reason
from portal.domain.statements import StateMonth as StateFigures
from portal.services import claims, payments, platform_months, settlements, statements
from portal.storage.lines import LineStore
from portal.storage.objects import Stores
from tests.approved_claims import answer
from tests.factories import AT, actor, make_official, make_organisation
from tests.platform_samples import PERIOD, SAMPLES
from tests.settled import Office, line

F, R = Finding, Reason


@pytest.fixture
def office(session: Session, stores: Stores, lines: LineStore) -> Office:
    return Office(session, stores, lines)


def state(
    office: Office, orders: int, amount: int, *, fees: dict[str, int] | None = None, by=None, **changed: str
) -> None:
    told = {"platform": "baemin", "period": "2026-05", "source": "정산서-5월.pdf", **changed}
    command = StateMonth(orders=orders, order_amount=amount, fees=fees or {}, **told)
    platform_months.state(office.session, command, by=actor(by or office.reviewer), at=AT)


def months(office: Office, period: str = "2026-05") -> dict[str, PlatformMonth]:
    found = platform_months.reconciled(office.session, office.lines, period, actor(office.reviewer))
    return {each.platform: each for each in found}


def missing(month: PlatformMonth) -> tuple[int | None, int | None]:
    return month.compared["orders"].missing, month.compared["order_amount"].missing


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
    stored = months(office)["baemin"].stored
    assert stored.cost == 4_200
    assert stored.figures == {
        "orders": 2,
        "cancelled": 1,
        "order_amount": 40_000,
        "delivery_fee": 4_000,
        "delivery_support": 500,
        "promotion_cost": 700,
        "promotion_support": 0,
        "brokerage_fee": 3_000,
        "payment_fee": 1_000,
    }


def test_what_a_platforms_program_states_counts_like_what_is_read_off_a_paper(office: Office) -> None:
    office.deliver([line("S1", "2026-05-03 12:00", order_no="A1")], "2026-05")
    by = actor(office.reviewer)  # a program's account delivers for the same office
    statements.state(office.session, office.lines, "baemin", StateFigures("2026-05", {"orders": 3}), by=by, at=AT)
    found = months(office)["baemin"]
    assert missing(found) == (2, None)
    assert found.stated is not None
    assert found.stated.source == BY_PROGRAM
    assert found.findings[0] is Finding.ORDERS_DIFFER


def test_a_statement_of_deposits_tells_costs_but_no_orders(office: Office) -> None:
    sample = next(each for each in SAMPLES if (each.platform, each.layout) == ("baemin", "deposits"))
    command = DeliverSettlement("baemin", PERIOD, sample.filename, io.BytesIO(sample.content))
    by = actor(office.reviewer)
    settlements.deliver(office.session, office.stores, office.lines, command, by=by, at=AT)
    stored = months(office, PERIOD)["baemin"].stored
    assert [stored.figures[name] for name in ("orders", "cancelled", "order_amount")] == [0, 0, 0]
    assert stored.cost > 0
    told = statements.state(office.session, office.lines, "baemin", StateFigures(PERIOD, {"orders": 0}), by=by, at=AT)
    assert told.agrees, "a program is answered as the page says"


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
    assert missing(found) == (orders - 2, amount - 40_000)


@pytest.mark.parametrize(
    ("fees", "differing"),
    [
        ({}, {}),
        ({"delivery_fee": 5_000, "promotion_cost": 0, "brokerage_fee": 3_000, "payment_fee": 1_000}, {}),
        ({"delivery_fee": 4_999}, {"delivery_fee": (-1, R.MORE_STORED)}),
        ({"delivery_fee": 4_000}, {"delivery_fee": (-1_000, R.SUPPORT_LEFT_OUT)}),
        ({"delivery_fee": 5_500}, {"delivery_fee": (500, R.VAT_INCLUDED)}),
        ({"promotion_cost": 700}, {"promotion_cost": (700, R.MORE_STATED)}),
        (
            {"brokerage_fee": 3_301, "payment_fee": 1_102},
            {"brokerage_fee": (301, R.VAT_INCLUDED), "payment_fee": (102, R.MORE_STATED)},
        ),
    ],
)
def test_fees_are_compared_where_they_are_stated_and_explained(
    office: Office, fees: dict[str, int], differing: dict[str, tuple[int, Reason]]
) -> None:
    rows = [line("S1", "2026-05-03 12:00", fee=3_000, support=1_000), line("S1", "2026-05-04 12:00", fee=2_000)]
    office.deliver(rows, "2026-05")
    state(office, 2, 40_000, fees=fees)
    found = months(office)["baemin"]
    assert {name: (found.compared[name].missing, found.compared[name].reason) for name in found.fees_differing} == (
        differing
    )
    assert found.findings == ([F.FEES_DIFFER] if differing else [])
    assert [name for name in FEES if found.compared[name].stated is None] == [name for name in FEES if name not in fees]


def test_a_few_won_of_rounding_are_not_taken_for_vat() -> None:
    stored = {**StoredMonth().figures, "orders": 10, "payment_fee": 5}
    assert reason("payment_fee", 9, stored) is R.MORE_STATED
    assert reason("payment_fee", 11, {**stored, "payment_fee": 10, "orders": 1}) is R.MORE_STATED
    assert reason("payment_fee", 1_100, {**stored, "payment_fee": 1_000}) is R.VAT_INCLUDED


def test_a_program_and_a_paper_are_compared_and_explained_alike(office: Office) -> None:
    office.deliver([line("S1", "2026-05-03 12:00", fee=3_000)], "2026-05")
    by, command = actor(office.reviewer), StateFigures("2026-05", {"orders": 1, "delivery_fee": 3_300})
    told = statements.state(office.session, office.lines, "baemin", command, by=by, at=AT)
    assert (told.differences, told.reasons) == ({"delivery_fee": 300}, {"delivery_fee": R.VAT_INCLUDED})
    assert months(office)["baemin"].compared["delivery_fee"].reason is R.VAT_INCLUDED


def test_a_fee_that_is_none_or_below_nothing_is_refused(office: Office) -> None:
    for fees, field in (({"tip": 1}, "tip"), ({"payment_fee": -1}, "payment_fee")):
        with pytest.raises(Incomplete) as refused:
            state(office, 1, 1, fees=fees)
        assert [problem.field for problem in refused.value.problems] == [field]


def test_one_platform_of_a_month_is_looked_at_alone(office: Office) -> None:
    office.deliver([line("S1", "2026-05-03 12:00")], "2026-05")
    where, by = (office.session, office.lines), actor(office.reviewer)
    assert platform_months.one(*where, "2026-05", "baemin", by) == months(office)["baemin"]
    for period, platform in (("2026-05", "yogiyo"), ("2026-06", "baemin"), ("../..", "baemin")):
        with pytest.raises(NotFound):
            platform_months.one(*where, period, platform, by)


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
    stored = StoredMonth({**StoredMonth().figures, "orders": 1, "delivery_fee": 1_500, "delivery_support": 500})
    month = PlatformMonth("baemin", "2026-05", None, stored, ClaimedMonth(1_001, 1_001))
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

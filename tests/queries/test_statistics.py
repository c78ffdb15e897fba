"""Statistics count what the ledger holds, by today's codes, and are not shown where they differ from it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.errors import NotFound
from portal.domain.statistics import Dimension, Funnel, Statistics, TotalsDiffer
from portal.queries import statistics as look_up
from portal.services import statistics
from portal.storage.objects import Stores
from tests import cases
from tests.factories import AT, actor, make_official, make_organisation, make_programme
from tests.paid import BUDGET, GRANTED, PAID, County, make_county

AFTER_REFORM = datetime(2026, 7, 2, 1, tzinfo=UTC)
MOST_STATEMENTS = 12


@pytest.fixture
def county(session: Session, stores: Stores) -> County:
    return make_county(session, stores)


def compile(session: Session, county: County, at: datetime = AT) -> Statistics:
    return statistics.compile(session, county.programme.programme, at=at)


def paid_by(found: Statistics, dimension: Dimension) -> dict[str, tuple[int, int, int]]:
    """Code -> (merchants, lines, won) of the rows in which something was paid."""
    rows = found.by(dimension).rows
    return {f"{row.scheme} {row.code}".strip(): (row.merchants, row.lines, row.paid) for row in rows if row.paid}


def test_budget_and_rates_are_the_ledgers(session: Session, county: County) -> None:
    found = compile(session, county)
    assert [(row.label, row.appropriated) for row in found.budget] == [
        ("국비", 60_000_000), ("시·도비", 18_000_000), ("군비", 42_000_000),
    ]  # fmt: skip
    total = found.budget_total
    assert (total.appropriated, total.granted, total.paid, total.left) == (BUDGET, GRANTED, PAID, BUDGET - GRANTED)
    assert (str(found.grant_rate.percent()), str(found.paid_rate.percent())) == ("1.3", "0.1")


def test_applications_are_counted_by_how_far_they_came(session: Session, county: County) -> None:
    expected = Funnel(applied=5, eligible=3, selected=3, paid=2, rejected=1, withdrawn=0, waiting=1)
    assert compile(session, county).funnel == expected


EXPECTED = {
    Dimension.MONTH: {"2026-05": (2, 7, PAID)},
    Dimension.PAY_MONTH: {"2026-06": (2, 7, PAID)},
    Dimension.REGION: {"법정동코드 1273031000": (1, 1, 30_010), "법정동코드 4673025000": (1, 6, 70_000)},
    Dimension.DIVISION: {"KSIC 11차 56": (2, 7, PAID)},
    Dimension.INDUSTRY: {"KSIC 11차 56111": (1, 6, 70_000), "KSIC 11차 56162": (1, 1, 30_010)},
    Dimension.PLATFORM: {"baemin": (2, 5, 80_010), "yogiyo": (1, 2, 20_000)},
    Dimension.ITEM: {"delivery": (2, 6, 90_010), "promotion": (1, 1, 10_000)},
}


def test_what_was_paid_is_told_apart_in_every_way_and_each_adds_up_to_the_ledger(
    session: Session, county: County
) -> None:
    found = compile(session, county)
    assert {dimension: paid_by(found, dimension) for dimension in Dimension} == EXPECTED
    totals = [(table.total.merchants, table.total.lines, table.total.paid) for table in found.breakdowns]
    assert totals == [(2, 7, found.ledger_paid)] * len(Dimension)


def test_months_stand_in_order_without_gaps_and_count_what_happened_in_each(session: Session, county: County) -> None:
    county.claims[1].period = "2026-03"
    session.flush()
    months = compile(session, county).by(Dimension.MONTH).rows
    assert [(row.code, row.applications, row.decisions, row.paid) for row in months] == [
        ("2026-03", 0, 0, 30_010), ("2026-04", 0, 0, 0), ("2026-05", 0, 0, 70_000), ("2026-06", 5, 3, 0),
    ]  # fmt: skip


def test_a_korean_month_begins_nine_hours_before_the_utc_one(session: Session, county: County, stores: Stores) -> None:
    midnight = datetime(2026, 5, 31, 15, tzinfo=UTC)
    for at in (midnight - timedelta(minutes=1), midnight):
        cases.apply(session, stores, county.programme, at=at)
    found = compile(session, county).by(Dimension.MONTH).rows
    assert {row.code: row.applications for row in found} == {"2026-05": 1, "2026-06": 6}


def test_places_of_before_the_reform_count_for_their_successors(session: Session, county: County) -> None:
    before, after = (compile(session, county, at).by(Dimension.REGION).rows for at in (AT, AFTER_REFORM))
    assert [row.code for row in before] == ["1273031000", "4673025000"]
    assert [(row.code, row.label, row.paid) for row in after] == [
        ("1273025000", "구례읍", 70_000), ("1273031000", "문척면", 30_010),
    ]  # fmt: skip


def test_the_same_digits_of_two_editions_are_two_industries(session: Session, county: County) -> None:
    rows = compile(session, county).by(Dimension.INDUSTRY).rows
    assert {(row.scheme, row.code): row.applications for row in rows} == {
        ("KSIC 11차", "56111"): 3, ("KSIC 11차", "56162"): 1, ("KSIC 10차", "56111"): 1,
    }  # fmt: skip


def test_a_part_that_is_a_won_off_is_noticed(session: Session, county: County) -> None:
    county.claims[0].parts[0].amount += 1
    session.flush()
    with pytest.raises(TotalsDiffer) as refused:
        compile(session, county)
    assert {problem.code for problem in refused.value.problems} == {"paid_differ"}


def test_a_programme_without_applications_has_empty_tables(session: Session) -> None:
    found = statistics.compile(session, make_programme(session).programme, at=AT)
    assert found.ledger_paid == found.funnel.applied == 0
    assert [table.rows for table in found.breakdowns] == [()] * len(Dimension)


def test_the_number_of_statements_does_not_grow(
    session: Session, county: County, stores: Stores, statement_counter
) -> None:
    counted = []
    for _ in range(2):
        programme = county.programme.programme
        session.expire_all()
        with statement_counter() as statements:
            compile(session, county)
        counted.append(len(statements))
        cases.apply(session, stores, county.programme)
        assert programme.code
    assert counted[0] == counted[1] <= MOST_STATEMENTS


def test_programmes_of_other_organisations_are_not_found(session: Session, county: County) -> None:
    ours = actor(make_official(session, Role.POLICYMAKER))
    elsewhere = make_organisation(session, "haenam", name="해남군(데모)", region_code="12790")
    theirs = actor(make_official(session, Role.POLICYMAKER, organisation=elsewhere))
    code = county.programme.terms.code
    assert look_up.programme_of(session, code, ours).code == code
    assert [found.code for found in look_up.programmes(session, ours)] == [code]
    assert statistics.of_organisation(session, "", by=theirs, at=AT) is None
    for wanted in (code, "no-such-programme"):
        with pytest.raises(NotFound):
            statistics.of_organisation(session, wanted, by=theirs, at=AT)

"""A round sees what is shared, paid and ordered, tells of other offices only their names, and is asked for once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.domain.actors import Actor, Role
from portal.domain.errors import NotFound
from portal.domain.signals import Rule
from portal.domain.snapshots import Heard, SnapshotAnswer, TaxAnswer
from portal.queries.programmes import Published
from portal.services import account_changes, payments, signal_rounds, snapshots
from portal.storage.lines import LineStore
from portal.storage.objects import Stores
from tests import approved_claims
from tests.cases import PDF
from tests.drawn_up import draw_up
from tests.factories import AT, GURYE, actor, make_official, make_organisation, make_programme
from tests.settled import Office, line
from tests.signalled import ACCOUNT, apart, applied, look, of_rule

NIGHT_FALLS = datetime(2026, 6, 15, 17, 59, tzinfo=UTC)  # 02:59 of the 16th in Korea


@pytest.fixture
def programme(session: Session) -> Published:
    return make_programme(session)


@pytest.fixture
def by(session: Session) -> Actor:
    return actor(make_official(session, Role.REVIEWER, name="검토자"))


@pytest.fixture
def haenam(session: Session) -> Published:
    """A programme of another county."""
    county = make_organisation(session, "haenam", name="해남군(데모)", region_code="12790")
    text = GURYE.replace("gurye-2020-o2o", "haenam-2020-o2o").replace(
        'organisation = "gurye"', 'organisation = "haenam"'
    )
    return make_programme(session, organisation=county, text=text)


def test_of_another_office_nothing_is_told_but_its_name(
    session: Session, stores: Stores, lines: LineStore, programme: Published, haenam: Published, by: Actor
) -> None:
    applied(session, stores, programme, account_number=ACCOUNT)
    applied(session, stores, haenam, trade_name="땅끝 식당", account_number=ACCOUNT)
    look(session, lines, by)
    [signal] = of_rule(session, Rule.SAME_ACCOUNT)
    [other] = signal.facts["others"]
    assert (other["name"], other["offices"]) == ("", ["해남군(데모)"])
    assert "땅끝" not in str(signal.facts)


def test_same_place_same_paper_and_several_businesses_of_one_person_are_seen(
    session: Session, stores: Stores, lines: LineStore, programme: Published, by: Actor
) -> None:
    first, second = (applied(session, stores, programme) for _ in range(2))
    second.owner.person_id = first.owner.person_id  # with another account
    third, fourth = (applied(session, stores, programme, evidence=PDF + b"the same") for _ in range(2))
    place = fourth.application.merchant
    place.phone, place.address = first.application.merchant.phone, "봉동길1"
    session.flush()
    look(session, lines, by)
    ids = [each.application.merchant_id for each in (first, second, third, fourth)]
    found = {rule: {each.merchant_id for each in of_rule(session, rule)} for rule in Rule}
    assert found[Rule.SEVERAL_APPLICATIONS] == {ids[0], ids[1]}
    assert found[Rule.SAME_DOCUMENT] == {ids[2], ids[3]}
    assert found[Rule.SAME_PLACE] == {ids[0], ids[3]}
    assert {rule for rule, of in found.items() if of} == {
        Rule.SEVERAL_APPLICATIONS, Rule.SAME_DOCUMENT, Rule.SAME_PLACE,
    }  # fmt: skip


def test_where_a_closed_business_was_another_opens(
    session: Session, stores: Stores, lines: LineStore, programme: Published, by: Actor
) -> None:
    closed, opened, far = (applied(session, stores, programme).application.merchant for _ in range(3))
    closed.opened_on, opened.opened_on, far.opened_on = date(2019, 1, 1), date(2026, 5, 1), date(2026, 5, 1)
    far.address = "봉동길 2"
    said = Heard({closed.business_number: TaxAnswer(SnapshotAnswer.CLOSED, date(2026, 4, 20))}, "0" * 64)
    snapshots.keep_tax_status(session, [(closed.id, closed.business_number)], said, at=AT)
    look(session, lines, by)
    assert [(each.merchant_id, each.facts["days"]) for each in of_rule(session, Rule.REOPENED)] == [(opened.id, 11)]


@pytest.mark.parametrize(("days", "seen"), [(14, 1), (15, 0)])
def test_an_account_changed_before_a_payment(
    session: Session, stores: Stores, lines: LineStore, days: int, seen: int
) -> None:
    office = approved_claims.open_office(session)
    [claim] = approved_claims.make_claims(session, stores, office, [10_000])
    changed_at = AT - timedelta(days=days)
    account_changes.record(session, claim.merchant, ("011", "3010000000000"), by=actor(office.reviewer), at=changed_at)
    payments.prepare(session, approved_claims.CODE, by=actor(office.payer), at=AT)
    look(session, lines, actor(office.reviewer))
    assert len(of_rule(session, Rule.ACCOUNT_CHANGED)) == seen


def test_orders_of_the_night_and_orders_that_came_back_are_seen_in_stored_lines(
    session: Session, stores: Stores, lines: LineStore
) -> None:
    office = Office(session, stores, lines)
    shop, quiet = office.shop("S1"), office.shop("S2")
    apart(shop.merchant)
    apart(quiet.merchant)
    night = [line("S1", f"2026-05-{day:02d} 03:30", amount=17_300) for day in range(1, 21)]
    back = [line("S2", f"2026-05-{day:02d} 12:00", order_no=f"B{day}", status="cancelled") for day in (1, 2, 3)]
    office.deliver([*night, *back], "2026-05")
    by = actor(office.reviewer)
    look(session, lines, by)
    assert [(each.scope, each.facts["night"]) for each in of_rule(session, Rule.NIGHT_ORDERS)] == [("2026-05", 20)]
    again = [line("S2", f"2026-05-{day:02d} 12:00", order_no=f"B{day}") for day in (1, 2, 3)]
    office.deliver(again, "2026-05")
    look(session, lines, by)
    assert of_rule(session, Rule.CANCELLED_THEN_CLAIMED) == []  # nothing is claimed yet
    draw_up(office, "2026-05")
    look(session, lines, by)
    found = of_rule(session, Rule.CANCELLED_THEN_CLAIMED)
    assert [(each.merchant_id, each.scope, each.facts["back"]) for each in found] == [(quiet.merchant.id, "2026-05", 3)]


def test_a_look_at_one_business_leaves_the_others_signals_alone(
    session: Session, stores: Stores, lines: LineStore, programme: Published, by: Actor
) -> None:
    first, second = (applied(session, stores, programme, account_number=ACCOUNT) for _ in range(2))
    made = look(session, lines, by, merchant_id=first.application.merchant_id)
    assert [each.merchant_id for each in of_rule(session, Rule.SAME_ACCOUNT)] == [first.application.merchant_id]
    assert made["businesses"] == 1
    look(session, lines, by, merchant_id=second.application.merchant_id)
    assert [each.present for each in of_rule(session, Rule.SAME_ACCOUNT)] == [True, True]


def test_a_round_is_asked_for_once_while_it_waits_and_never_for_a_stranger(
    session: Session, stores: Stores, programme: Published, haenam: Published, by: Actor
) -> None:
    stranger = applied(session, stores, haenam).application.merchant_id
    assert signal_rounds.ask(session, by=by, at=AT).job is signal_rounds.ask(session, by=by, at=AT).job
    with pytest.raises(NotFound):
        signal_rounds.ask(session, by=by, at=AT, merchant_id=stranger)


def test_the_night_asks_once_for_every_office_with_somebody_to_ask(
    session: Session, stores: Stores, lines: LineStore, programme: Published, haenam: Published, by: Actor
) -> None:
    applied(session, stores, programme)
    applied(session, stores, haenam)  # an office without a reviewer
    assert signal_rounds.ask_nightly(session, at=NIGHT_FALLS) == []
    night = NIGHT_FALLS + timedelta(minutes=1)
    asked = signal_rounds.ask_nightly(session, at=night)
    assert len(asked) == 1
    assert signal_rounds.ask_nightly(session, at=night + timedelta(hours=1)) == []
    assert signal_rounds.ask_nightly(session, at=night + timedelta(days=1)) == asked  # it still waits to be done


def test_a_round_takes_the_same_number_of_statements_however_many_businesses(
    session: Session, stores: Stores, lines: LineStore, programme: Published, by: Actor, statement_counter: Callable
) -> None:
    look(session, lines, by)  # from now on there is one before
    counts = []
    for more in (2, 6):
        for _ in range(more):
            applied(session, stores, programme)
        with statement_counter() as statements:
            look(session, lines, by)
        counts.append(len(statements))
    assert counts[0] == counts[1], counts

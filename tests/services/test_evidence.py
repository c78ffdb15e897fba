"""Evidence from merchants: handed in, read off by one official, confirmed by another, and then ordinary lines."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.errors import (
    Conflict,
    Incomplete,
    InvalidTransition,
    NotFound,
    NotPermitted,
    SamePerson,
)
from portal.domain.evidence import EvidenceKind, EvidenceStatus
from portal.domain.links import LinkStatus
from portal.domain.settlements import received_seq
from portal.models.audit import AuditEvent
from portal.models.claims import Claim
from portal.models.links import PlatformLink
from portal.models.settlements import Delivery
from portal.queries import evidence as queries
from portal.services import claims, evidence, links, reconcile
from portal.storage.lines import LineStore
from portal.storage.objects import Stores
from tests.evidenced import INVOICE, Desk, own_log, read_off, statement
from tests.factories import AT, GURYE, actor, make_merchant_user, make_official, make_organisation
from tests.settled import Office, Shop


@pytest.fixture
def desk(session: Session, stores: Stores, lines: LineStore) -> Desk:
    return Desk(Office(session, stores, lines))


@pytest.fixture
def shop(desk: Desk) -> Shop:
    return desk.office.grant(trade_name="섬진강 국밥")


def codes(caught: pytest.ExceptionInfo) -> list[str]:
    return [problem.code for problem in caught.value.problems]


def claimed(desk: Desk, shop: Shop) -> int:
    office = desk.office
    claims.draw_up(office.session, office.stores, office.lines, office.code, "2026-05", by=desk.first, at=AT)
    query = select(Claim.payable).where(Claim.merchant_id == shop.merchant.id).order_by(Claim.id.desc())
    return office.session.scalars(query).first() or 0


def test_a_document_becomes_lines_of_which_a_claim_is_drawn_up(desk: Desk, shop: Shop, session: Session) -> None:
    found = desk.put_up(desk.submit(shop), read_off(3, order_no="B1"), read_off(4, order_no="B2"))
    desk.confirm(found)
    delivery = session.get_one(Delivery, found.delivery_id)
    assert (found.status, delivery.platform, delivery.period) == (EvidenceStatus.CONFIRMED, "barogo", "2026-05")
    assert (delivery.accepted, delivery.refused, delivery.outcome["totals"]["delivery_fee"]) == (2, 0, 7_000)
    assert getattr(delivery, "evidence") is found  # noqa: B009 (a backref, of which types know nothing)
    receipts = [received_seq(delivery.id, 2), received_seq(delivery.id + 1, 1)]
    assert queries.sources(session, receipts) == {receipts[0]: found.id}
    assert claimed(desk, shop) == 3_500, "half of each fee, below the cap of an order"


def test_before_the_confirmation_nothing_of_it_counts(desk: Desk, shop: Shop, session: Session) -> None:
    desk.put_up(desk.submit(shop), read_off(3))
    assert session.scalar(select(Delivery.id)) is None


def test_whoever_entered_a_line_does_not_confirm_it(desk: Desk, shop: Shop) -> None:
    found = desk.put_up(desk.submit(shop), read_off(3))
    with pytest.raises(SamePerson):
        desk.confirm(found, by=desk.first)
    assert found.status is EvidenceStatus.ENTERED
    evidence.send_back(desk.office.session, found.id, note="시각이 다릅니다.", by=desk.second, at=AT)
    evidence.write(desk.office.session, found.id, [read_off(4)], by=desk.second, at=AT)
    evidence.put_up(desk.office.session, found.id, by=desk.second, at=AT)
    with pytest.raises(SamePerson):
        desk.confirm(found, by=desk.first)
    with pytest.raises(SamePerson):
        desk.confirm(found, by=desk.second)


def test_neither_who_wrote_nor_who_put_up_confirms(desk: Desk, shop: Shop, session: Session) -> None:
    found = desk.write(desk.submit(shop), read_off(3))
    evidence.put_up(session, found.id, by=desk.second, at=AT)
    for person in (desk.first, desk.second):
        with pytest.raises(SamePerson):
            desk.confirm(found, by=person)
    third = actor(make_official(session, Role.REVIEWER))
    assert desk.confirm(found, by=third).status is EvidenceStatus.CONFIRMED


def test_an_official_does_not_handle_a_document_of_their_own(desk: Desk, shop: Shop, session: Session) -> None:
    own = actor(make_official(session, Role.REVIEWER, person=shop.owner.person))
    found = desk.submit(shop)
    with pytest.raises(NotPermitted):
        evidence.write(session, found.id, [read_off(3)], by=own, at=AT)
    desk.put_up(found, read_off(3))
    with pytest.raises(NotPermitted):
        desk.confirm(found, by=own)


def test_another_office_does_not_find_it(desk: Desk, shop: Shop, session: Session) -> None:
    found = desk.submit(shop)
    other = actor(make_official(session, Role.REVIEWER, organisation=make_organisation(session, "busan")))
    with pytest.raises(NotFound):
        queries.of_organisation(session, found.id, other)
    with pytest.raises(NotFound):
        evidence.write(session, found.id, [read_off(3)], by=other, at=AT)


def test_only_ones_own_place_at_an_office_one_applied_to(desk: Desk, shop: Shop, session: Session) -> None:
    stranger = make_merchant_user(session)
    command, store = statement(shop, desk.office), desk.office.stores.evidence
    with pytest.raises(NotFound):
        evidence.submit(session, store, command, by=actor(stranger), at=AT)
    elsewhere = make_organisation(session, "busan").id
    with pytest.raises(NotFound):
        evidence.submit(session, store, replace(command, organisation_id=elsewhere), by=actor(shop.owner), at=AT)
    assert [place.trade_name for place in queries.places_of(session, actor(shop.owner))] == ["섬진강 국밥"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"platform": "nowhere"}, "unknown_choice"),
        ({"platform": "own-delivery"}, "evidence_of_other_kind"),
        ({"kind": EvidenceKind.OWN_DELIVERY}, "evidence_of_other_kind"),
        ({"period": "2026-13"}, "not_a_month"),
        ({"total": -1}, "won_negative"),
        ({"document_number": "x" * 61}, "too_long"),
        ({"kind": EvidenceKind.TAX_INVOICE}, "invoice_number"),
        ({"kind": EvidenceKind.TAX_INVOICE, "document_number": INVOICE[:-1]}, "invoice_number"),
    ],
)
def test_what_cannot_be_true_of_a_document_is_refused(desk: Desk, shop: Shop, changes: dict, code: str) -> None:
    with pytest.raises(Incomplete) as caught:
        desk.submit(shop, **changes)
    assert codes(caught) == [code]


def test_a_document_is_refused_with_a_reason_that_the_merchant_reads(desk: Desk, shop: Shop, session: Session) -> None:
    found = desk.submit(shop)
    with pytest.raises(Incomplete):
        evidence.refuse(session, found.id, note="  ", by=desk.first, at=AT)
    evidence.refuse(session, found.id, note="날짜가 보이지 않습니다.", by=desk.first, at=AT)
    assert queries.reasons(session, [found.id]) == {found.id: "날짜가 보이지 않습니다."}
    with pytest.raises(InvalidTransition):
        desk.write(found, read_off(3))


def test_a_merchant_takes_back_only_what_nobody_has_begun_with(desk: Desk, shop: Shop, session: Session) -> None:
    first, second = desk.submit(shop), desk.submit(shop)
    assert evidence.withdraw(session, first.id, by=actor(shop.owner), at=AT).status is EvidenceStatus.WITHDRAWN
    desk.write(second, read_off(3))
    with pytest.raises(InvalidTransition):
        evidence.withdraw(session, second.id, by=actor(shop.owner), at=AT)
    with pytest.raises(NotFound):
        evidence.withdraw(session, second.id, by=actor(make_merchant_user(session)), at=AT)


def test_lines_are_kept_as_they_were_entered_last(desk: Desk, shop: Shop) -> None:
    found = desk.submit(shop)
    desk.write(found, read_off(3), read_off(4))
    desk.write(found, read_off(5, fee=1_000, promotion_support=100, payment_method="cash"))
    (kept,) = evidence.entered(found)
    assert (kept.ordered_at.day, kept.delivery_fee, kept.promotion_support, kept.payment_method) == (
        5,
        1_000,
        100,
        "cash",
    )
    assert kept.channel == "delivery", "the platform's own"


def test_every_problem_of_the_lines_is_told_by_row(desk: Desk, shop: Shop) -> None:
    wrong = replace(read_off(3), ordered_at=read_off(3).ordered_at.replace(month=6), origin_key="배민 1")
    with pytest.raises(Incomplete) as caught:
        desk.write(desk.submit(shop), read_off(3), wrong, read_off(3, fee=-1))
    assert [(each.row, each.field, each.code) for each in caught.value.problems] == [
        (2, "ordered_at", "outside_month"),
        (2, "origin_key", "bad_origin_key"),
        (3, "delivery_fee", "out_of_range"),
    ]


def test_a_document_of_which_nothing_is_accepted_is_not_put_up(desk: Desk, shop: Shop) -> None:
    found = desk.write(desk.submit(shop), read_off(3, not_accepted="다른 가게의 배달"))
    with pytest.raises(Incomplete) as caught:
        evidence.put_up(desk.office.session, found.id, by=desk.first, at=AT)
    assert codes(caught) == ["evidence_nothing_left"]


def test_a_line_that_is_not_accepted_stays_out_with_its_reason(desk: Desk, shop: Shop, session: Session) -> None:
    lines = read_off(3), read_off(4, not_accepted="포장 주문입니다.")
    found = desk.confirm(desk.put_up(desk.submit(shop), *lines))
    assert session.get_one(Delivery, found.delivery_id).accepted == 1
    assert [row.not_accepted for row in found.lines] == ["", "포장 주문입니다."]


# whose lines they are


def test_without_a_store_the_business_number_is_linked_by_the_two_officials(desk: Desk, shop: Shop, session) -> None:
    found = desk.put_up(desk.submit(shop), read_off(3))
    (link,) = session.scalars(select(PlatformLink).where(PlatformLink.merchant_id == shop.merchant.id))
    assert (link.store_id, link.status) == (f"brn-{shop.merchant.business_number}", LinkStatus.PROPOSED)
    desk.confirm(found)
    assert link.status is LinkStatus.CONFIRMED
    again = desk.confirm(desk.put_up(desk.submit(shop, total=1), read_off(9)))
    assert again.store_id == link.store_id
    assert session.scalars(select(PlatformLink.id)).all() == [link.id], "one link for all documents"


def test_lines_are_not_kept_under_a_store_whose_link_was_refused_meanwhile(desk: Desk, shop: Shop, session) -> None:
    found = desk.put_up(desk.submit(shop), read_off(3))
    (link,) = session.scalars(select(PlatformLink).where(PlatformLink.store_id == found.store_id))
    links.refuse(session, link.id, note="다른 가게입니다.", by=desk.second, at=AT)
    with pytest.raises(Conflict) as caught:
        desk.confirm(found)
    assert codes(caught) == ["evidence_store_unlinked"]
    evidence.send_back(session, found.id, note="다시 연결", by=desk.second, at=AT)
    assert desk.confirm(desk.put_up(found, read_off(3))).status is EvidenceStatus.CONFIRMED


def test_a_linked_store_of_the_month_is_taken_and_another_may_be_chosen(desk: Desk, shop: Shop) -> None:
    desk.office.link(replace(shop, store_id="BR1"), "barogo")
    desk.office.link(replace(shop, store_id="BR2"), "barogo")
    first = desk.put_up(desk.submit(shop), read_off(3))
    second = desk.put_up(desk.submit(shop), read_off(4), store_id="BR2")
    assert (first.store_id, second.store_id) == ("BR1", "BR2")
    with pytest.raises(Incomplete):
        desk.write(desk.submit(shop), read_off(5), store_id="of somebody else")


# own deliveries

HALF_OF_THE_COST = 'amount = { kind = "cost_share", rate = "0.50", legal = "공고 제4조제1항" }'
ORDER_CAP = '  { per = "order", amount = 2_000, legal = "공고 제4조제2항" },\n'
FIVE_THOUSAND = (
    'amount = { kind = "flat_by", attribute = "platform", default = 0, legal = "공고 제4조제1항",'
    " amounts = { own-delivery = 5_000 } }"
)


def test_terms_say_what_an_own_delivery_is_worth(session: Session, stores: Stores, lines: LineStore) -> None:
    """5,000 won each, whatever it cost; nothing for what an agency delivered; up to the month's cap."""
    text = GURYE.replace(HALF_OF_THE_COST, FIVE_THOUSAND).replace(ORDER_CAP, "")
    desk = Desk(Office(session, stores, lines, text))
    shop = desk.office.grant()
    desk.confirm(desk.put_up(desk.submit(shop), read_off(3, "09:00")))
    desk.confirm(desk.put_up(desk.submit(shop, **own_log()), read_off(3, fee=1_200), read_off(4, fee=9_000)))
    assert claimed(desk, shop) == 10_000
    many = [read_off(day, fee=1) for day in range(5, 30)]
    desk.confirm(desk.put_up(desk.submit(shop, **own_log()), *many))
    assert claimed(desk, shop) == 100_000


# what must hold


def test_every_step_is_in_the_audit_trail_and_the_invariants_hold(desk: Desk, shop: Shop, session: Session) -> None:
    found = desk.confirm(desk.put_up(desk.submit(shop), read_off(3)))
    events = session.scalars(select(AuditEvent).where(AuditEvent.noun == "evidence").order_by(AuditEvent.id)).all()
    assert [event.action for event in events] == ["submit", "write", "put_up", "confirm"]
    assert events[-1].details == {"delivery": found.delivery_id, "accepted": 1, "lines": 1}
    files = reconcile.Files(desk.office.stores, desk.office.lines)
    assert [result.broken for result in reconcile.check_all(session, files) if not result.holds] == []


def test_a_link_of_ones_own_naming_is_confirmed_by_nobody_else_in_passing(desk: Desk, shop: Shop, session) -> None:
    """A store that the merchant named and nobody confirmed is not what lines are kept under."""
    proposal = links.LinkProposal("barogo", "BR7", AT.date())
    links.propose(session, shop.merchant.id, proposal, by=actor(shop.owner), at=AT)
    found = desk.confirm(desk.put_up(desk.submit(shop), read_off(3)))
    assert found.store_id == f"brn-{shop.merchant.business_number}"
    statuses = dict(session.execute(select(PlatformLink.store_id, PlatformLink.status)).all())
    assert statuses == {"BR7": LinkStatus.PROPOSED, found.store_id: LinkStatus.CONFIRMED}

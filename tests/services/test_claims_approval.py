"""Claims stay within the grant, and are approved by another person than drew them up, as they were shown."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.claims import ClaimStatus as S
from portal.domain.claims import ShownClaims
from portal.domain.errors import Conflict, Incomplete, NotPermitted, SamePerson
from portal.services import claims
from portal.storage.lines import LineStore
from portal.storage.objects import Stores
from tests.drawn_up import approve, draw_up, money, only_claim, parts
from tests.factories import AT, actor, make_official
from tests.settled import Office, line


@pytest.fixture
def office(session: Session, stores: Stores, lines: LineStore) -> Office:
    return Office(session, stores, lines)


def test_nobody_draws_up_or_approves_money_of_their_own_business(session: Session, office: Office) -> None:
    mine, other = office.shop("S1"), office.shop("S2")
    owner = mine.owner.person
    office.deliver([line(store, "2026-05-03 12:00") for store in ("S1", "S2")], "2026-05")
    first = draw_up(office, "2026-05", by=make_official(session, Role.REVIEWER, person=owner))
    assert (first.drawn_up, first.own) == (1, 1)
    assert only_claim(office).merchant_id != mine.merchant.id
    assert draw_up(office, "2026-05").drawn_up == 1
    themselves = actor(make_official(session, Role.APPROVER, person=other.owner.person))
    assert claims.approve(session, office.code, "2026-05", by=themselves, at=AT) == 1
    assert only_claim(office, status=S.DRAWN_UP).merchant_id == other.merchant.id
    with pytest.raises(NotPermitted):
        claims.approve(session, office.code, "2026-05", by=themselves, at=AT)
    assert approve(office, "2026-05") == 1


def test_claims_stay_within_the_grant(office: Office) -> None:
    office.shop("S1", requested=4_000)
    rows = [line("S1", f"2026-05-{day:02d} 12:00") for day in (1, 2)]
    office.deliver(rows, "2026-05")
    office.deliver([line("S1", "2026-06-01 12:00")], "2026-06")
    assert draw_up(office, "2026-05").limited_by_grant == 0
    limited = draw_up(office, "2026-06")
    assert (limited.drawn_up, limited.limited_by_grant) == (1, 1)
    assert money(office) == [("2026-05", 1, 3_000, 3_000), ("2026-06", 1, 1_500, 1_000)]
    assert sum(parts(only_claim(office, period="2026-06")).values()) == 1_000
    again = draw_up(office, "2026-06")
    assert (again.unchanged, again.drawn_up) == (1, 0)


def test_money_freed_by_one_month_is_there_for_the_next(office: Office) -> None:
    office.shop("S1", requested=2_000)
    office.deliver([line("S1", "2026-05-03 12:00", order_no="A")], "2026-05")
    office.deliver([line("S1", "2026-06-03 12:00")], "2026-06")
    draw_up(office, "2026-05")
    draw_up(office, "2026-06")
    office.deliver([line("S1", "2026-05-03 12:00", order_no="A", status="cancelled")], "2026-05")
    draw_up(office, "2026-05")
    draw_up(office, "2026-06")
    assert money(office) == [("2026-06", 2, 1_500, 1_500)]


def test_the_one_who_drew_up_never_approves(session: Session, office: Office) -> None:
    both = make_official(session, Role.REVIEWER, Role.APPROVER)
    office.shop("S1")
    office.deliver([line("S1", "2026-05-03 12:00")], "2026-05")
    draw_up(office, "2026-05", by=both)
    with pytest.raises(SamePerson):
        claims.approve(session, office.code, "2026-05", by=actor(both), at=AT)
    same_person = make_official(session, Role.APPROVER, person=both.person)
    with pytest.raises(SamePerson):
        claims.approve(session, office.code, "2026-05", by=actor(same_person), at=AT)
    with pytest.raises(NotPermitted):
        claims.approve(session, office.code, "2026-05", by=actor(make_official(session, Role.REVIEWER)), at=AT)
    assert approve(office, "2026-05") == 1
    assert money(office, S.APPROVED) == [("2026-05", 1, 1_500, 1_500)]


def test_only_what_was_shown_is_approved(office: Office) -> None:
    office.shop("S1")
    office.deliver([line("S1", "2026-05-03 12:00")], "2026-05")
    draw_up(office, "2026-05")
    by = actor(office.approver)
    with pytest.raises(Conflict):
        claims.approve(office.session, office.code, "2026-05", by=by, at=AT, shown=ShownClaims(1, 1_400))
    assert claims.approve(office.session, office.code, "2026-05", by=by, at=AT, shown=ShownClaims(1, 1_500)) == 1
    with pytest.raises(Incomplete):
        approve(office, "2026-05")

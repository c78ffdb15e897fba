"""A store belongs to one merchant at a time; links are dated, and nobody confirms their own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.errors import (
    AlreadyDone,
    Conflict,
    Incomplete,
    InvalidTransition,
    NotFound,
    NotPermitted,
    SamePerson,
)
from portal.domain.links import LinkProposal, LinkStatus
from portal.models.links import PlatformLink
from portal.queries import links as look_up
from portal.services import links
from portal.storage.objects import Stores
from tests import standing_in
from tests.cases import Applied, apply
from tests.databases import Database
from tests.factories import AT, actor, make_merchant_user, make_official, make_organisation, make_programme

MARCH, MAY = date(2026, 3, 1), date(2026, 5, 1)


@pytest.fixture
def shops(session: Session, stores: Stores) -> list[Applied]:
    programme = make_programme(session)
    return [apply(session, stores, programme) for _ in range(2)]


def propose(session: Session, shop: Applied, *, since: date = MARCH, store_id: str = "S1") -> PlatformLink:
    command = LinkProposal("baemin", store_id, since)
    return links.propose(session, shop.application.merchant_id, command, by=actor(shop.owner), at=AT)


def reviewer(session: Session):
    return actor(make_official(session, Role.REVIEWER))


def test_a_link_is_proposed_confirmed_and_ended_on_dates(session: Session, shops: list[Applied]) -> None:
    link = propose(session, shops[0], store_id=" S1 ")
    assert (link.status, link.store_id, link.valid_from) == (LinkStatus.PROPOSED, "S1", MARCH)
    by = reviewer(session)
    assert links.confirm(session, link.id, by=by, at=AT).decided_at == AT
    assert links.end(session, link.id, MAY, by=by, at=AT).valid_to == MAY
    assert link.status is LinkStatus.ENDED
    with pytest.raises(InvalidTransition):
        links.confirm(session, link.id, by=by, at=AT)


@pytest.mark.parametrize(
    ("ended", "since", "fits"),
    [
        (None, MARCH, False),
        (None, MAY, False),
        (date(2026, 4, 30), MAY, True),
        (MAY, MAY, False),
        (date(2026, 2, 1), MARCH, True),
    ],
)
def test_two_links_of_one_store_never_meet(
    session: Session, shops: list[Applied], ended: date | None, since: date, fits: bool
) -> None:
    by = reviewer(session)
    first = propose(session, shops[0], since=date(2026, 1, 1))
    links.confirm(session, first.id, by=by, at=AT)
    if ended is not None:
        links.end(session, first.id, ended, by=by, at=AT)
    second = propose(session, shops[1], since=since)
    if fits:
        assert links.confirm(session, second.id, by=by, at=AT).status is LinkStatus.CONFIRMED
    else:
        with pytest.raises(Conflict):
            links.confirm(session, second.id, by=by, at=AT)


def test_a_store_is_named_again_only_after_its_link_is_over(session: Session, shops: list[Applied]) -> None:
    link = propose(session, shops[0])
    with pytest.raises(AlreadyDone):
        propose(session, shops[0])
    links.refuse(session, link.id, note="다른 가게입니다.", by=reviewer(session), at=AT)
    assert look_up.notes_for(session, actor(shops[0].owner)) == {link.id: "다른 가게입니다."}
    assert propose(session, shops[0]).status is LinkStatus.PROPOSED


@pytest.mark.parametrize(
    ("platform", "store_id"), [("nobody", "S1"), ("baemin", " "), ("baemin", "x" * 101)], ids=["platform", "no", "long"]
)
def test_what_is_no_store_is_refused(session: Session, shops: list[Applied], platform: str, store_id: str) -> None:
    command = LinkProposal(platform, store_id, MARCH)
    with pytest.raises(Incomplete):
        links.propose(session, shops[0].application.merchant_id, command, by=actor(shops[0].owner), at=AT)


def test_only_the_right_people_decide(session: Session, shops: list[Applied]) -> None:
    link = propose(session, shops[0])
    with pytest.raises(NotFound):
        links.propose(
            session, link.merchant_id, LinkProposal("baemin", "S2", MARCH), by=actor(make_merchant_user(session)), at=AT
        )
    with pytest.raises(NotPermitted):
        links.confirm(session, link.id, by=actor(make_official(session, Role.APPROVER)), at=AT)
    hadong = make_organisation(session, "hadong", name="하동군(데모)")
    with pytest.raises(NotFound):
        links.confirm(session, link.id, by=actor(make_official(session, Role.REVIEWER, organisation=hadong)), at=AT)
    themselves = make_official(session, Role.REVIEWER, person=shops[0].owner.person)
    with pytest.raises(SamePerson):
        links.confirm(session, link.id, by=actor(themselves), at=AT)
    assert link.status is LinkStatus.PROPOSED


def test_nobody_confirms_a_store_of_their_own_business_that_an_agent_named(
    session: Session, stores: Stores, shops: list[Applied]
) -> None:
    owner, agent = shops[0].owner, make_merchant_user(session, name="세무사")
    mandate = standing_in.give(session, stores, shops[0].application.merchant, owner, agent)
    command, named_by = LinkProposal("baemin", "S1", MARCH), standing_in.acting(session, agent, mandate)
    link = links.propose(session, mandate.merchant_id, command, by=named_by, at=AT)
    themselves = make_official(session, Role.REVIEWER, person=owner.person)
    with pytest.raises(NotPermitted) as refused, session.begin_nested():
        links.confirm(session, link.id, by=actor(themselves), at=AT)
    assert [problem.code for problem in refused.value.problems] == ["own_application"]
    assert links.confirm(session, link.id, by=reviewer(session), at=AT).status is LinkStatus.CONFIRMED


def test_a_refusal_needs_a_reason_and_an_end_comes_after_the_beginning(session: Session, shops: list[Applied]) -> None:
    by, link = reviewer(session), propose(session, shops[0])
    with pytest.raises(Incomplete):
        links.refuse(session, link.id, note="  ", by=by, at=AT)
    links.confirm(session, link.id, by=by, at=AT)
    with pytest.raises(Incomplete):
        links.end(session, link.id, date(2026, 2, 28), by=by, at=AT)
    assert link.status is LinkStatus.CONFIRMED


def test_pages_of_links_go_on_after_the_last_one(
    session: Session, shops: list[Applied], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(look_up, "PAGE", 2)
    by = reviewer(session)
    numbers = [propose(session, shops[0], store_id=f"S{number}").id for number in range(3)]
    first = look_up.page(session, by, status=LinkStatus.PROPOSED)
    assert [link.id for link in first] == numbers[:2]
    assert [link.id for link in look_up.page(session, by, after=first[-1].id)] == numbers[2:]
    assert look_up.counts(session, by) == {LinkStatus.PROPOSED: 3}
    assert look_up.page(session, by, platform="yogiyo") == []


@pytest.mark.parametrize(("first", "second"), [("confirm", "refuse"), ("refuse", "confirm"), ("end", "end")])
def test_a_decision_made_meanwhile_is_seen_and_not_overwritten(
    session: Session,
    shops: list[Applied],
    make_sessions: Callable[[], Session],
    database: Database,
    first: str,
    second: str,
) -> None:
    """The later official had the link before them when the earlier one decided."""
    link_id, by = propose(session, shops[0]).id, reviewer(session)
    decisions = {
        "confirm": lambda own: links.confirm(own, link_id, by=by, at=AT),
        "refuse": lambda own: links.refuse(own, link_id, note="다른 가게입니다.", by=by, at=AT),
        "end": lambda own: links.end(own, link_id, MAY, by=by, at=AT),
    }
    if first == "end":
        decisions["confirm"](session)
    session.commit()
    late, early = make_sessions(), make_sessions()
    seen = late.get_one(PlatformLink, link_id)
    if database.kind == "sqlite":  # one transaction at a time: the later one begins anew
        late.rollback()
    decisions[first](early)
    early.commit()
    with pytest.raises(InvalidTransition):
        decisions[second](late)
    late.rollback()
    assert (
        seen.status is {"confirm": LinkStatus.CONFIRMED, "refuse": LinkStatus.REFUSED, "end": LinkStatus.ENDED}[first]
    )

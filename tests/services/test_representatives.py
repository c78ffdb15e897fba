"""Joint representatives: names and birthdays kept, who signed, and that none of them takes part twice."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.applications import SupplementRequest
from portal.domain.errors import AlreadyDone, Incomplete, InvalidTransition, NotFound
from portal.domain.representatives import AddRepresentative
from portal.models.accounts import User
from portal.models.merchants import Merchant
from portal.queries import merchants
from portal.queries import representatives as look_up
from portal.queries.programmes import Published
from portal.services import applications, declarations, representatives, reviews
from portal.storage.objects import Stores
from tests import applying
from tests.factories import AT, actor, make_merchant_user, make_official, make_programme

KIM = AddRepresentative("김공동", date(1961, 2, 3))
LEE = AddRepresentative("이공동", date(1970, 5, 6))


@pytest.fixture
def programme(session: Session) -> Published:
    return make_programme(session)


@pytest.fixture
def owner(session: Session) -> User:
    return make_merchant_user(session)


def name(session: Session, place: Merchant, owner: User, *people: AddRepresentative) -> list[int]:
    return [representatives.add(session, place.id, each, by=actor(owner), at=AT).id for each in people]


def taking_part(
    session: Session, stores: Stores, programme: Published, *people: AddRepresentative, serial: int
) -> User:
    """A business of its own owner that takes part, with these joint representatives."""
    owner = make_merchant_user(session)
    draft = applying.ready(session, stores, programme, owner, serial=serial)
    ids = name(session, draft.merchant, owner, *people)
    if ids:
        representatives.mark_signed(session, draft.id, ids[:1], by=actor(owner), at=AT)
    applications.submit(session, draft.id, by=actor(owner), at=AT)
    return owner


def count(session: Session, programme: Published, place: Merchant) -> int | None:
    return merchants.places_in_programme(session, programme.programme.id, place)


def test_names_are_kept_and_the_birthday_does_not_stand_in_the_database(session: Session, owner: User) -> None:
    place = applying.register(session, owner)
    name(session, place, owner, KIM, LEE)
    assert [(one.name, one.birthday) for one in look_up.of_merchant(session, place.id)] == [
        ("김공동", date(1961, 2, 3)),
        ("이공동", date(1970, 5, 6)),
    ]
    stored, index = session.execute(text("SELECT born_on, identity_index FROM representative")).first() or (b"", "")
    assert b"1961" not in bytes(stored)
    assert "1961" not in index


def test_an_application_says_which_of_them_signed_and_is_not_taken_without(
    session: Session, stores: Stores, programme: Published, owner: User
) -> None:
    draft = applying.ready(session, stores, programme, owner)
    _kim, lee = name(session, draft.merchant, owner, KIM, LEE)
    with pytest.raises(Incomplete) as refused:
        applications.submit(session, draft.id, by=actor(owner), at=AT)
    assert [problem.code for problem in refused.value.problems] == ["signature_missing"]
    representatives.mark_signed(session, draft.id, [lee], by=actor(owner), at=AT)
    applications.submit(session, draft.id, by=actor(owner), at=AT)
    found = look_up.with_signatures(session, draft.id, draft.merchant_id)
    assert [(one.name, signed) for one, signed in found] == [("김공동", False), ("이공동", True)]


def test_a_supplement_adds_signatures_and_takes_none_back(
    session: Session, stores: Stores, programme: Published, owner: User
) -> None:
    draft, reviewer = applying.ready(session, stores, programme, owner), actor(make_official(session, Role.REVIEWER))
    kim, lee = name(session, draft.merchant, owner, KIM, LEE)
    representatives.mark_signed(session, draft.id, [lee], by=actor(owner), at=AT)
    applications.submit(session, draft.id, by=actor(owner), at=AT)
    declarations.declare_none(session, [draft.id], by=reviewer, at=AT)
    reviews.take_up(session, draft.id, by=reviewer, at=AT)
    reviews.request_supplement(session, stores, draft.id, SupplementRequest("서명", 10), by=reviewer, at=AT)
    with pytest.raises(InvalidTransition):
        representatives.mark_signed(session, draft.id, [kim], by=actor(owner), at=AT)
    representatives.mark_signed(session, draft.id, [kim, lee], by=actor(owner), at=AT)
    assert look_up.signed(session, draft.id) == {kim, lee}


def test_a_signature_that_was_marked_by_mistake_is_taken_back(
    session: Session, programme: Published, owner: User
) -> None:
    draft = applying.start(session, programme, owner)
    kim, lee = name(session, draft.merchant, owner, KIM, LEE)
    for signed in ([kim], [lee]):
        representatives.mark_signed(session, draft.id, signed, by=actor(owner), at=AT)
    assert look_up.signed(session, draft.id) == {lee}


def test_nobody_is_named_twice_nor_by_another_owner_nor_signs_for_another_business(
    session: Session, programme: Published, owner: User
) -> None:
    draft = applying.start(session, programme, owner)
    name(session, draft.merchant, owner, KIM)
    with pytest.raises(AlreadyDone):
        name(session, draft.merchant, owner, AddRepresentative("김 공동", KIM.born_on))
    with pytest.raises(NotFound):
        name(session, draft.merchant, make_merchant_user(session), LEE)
    other = applying.register(session, owner, serial=2)
    (stranger,) = name(session, other, owner, LEE)
    with pytest.raises(NotFound):
        representatives.mark_signed(session, draft.id, [stranger], by=actor(owner), at=AT)


def test_a_joint_representative_counts_wherever_they_represent(
    session: Session, stores: Stores, programme: Published, owner: User
) -> None:
    taking_part(session, stores, programme, KIM, LEE, serial=11)
    place = applying.register(session, owner, serial=12)
    assert count(session, programme, place) == 1
    name(session, place, owner, AddRepresentative("박혼자", date(1980, 1, 1)))
    assert count(session, programme, place) == 1
    name(session, place, owner, LEE)
    assert count(session, programme, place) == 2


def test_the_same_name_with_another_birthday_is_another_person(
    session: Session, stores: Stores, programme: Published, owner: User
) -> None:
    taking_part(session, stores, programme, KIM, LEE, serial=11)
    place = applying.register(session, owner, serial=12)
    name(session, place, owner, AddRepresentative("이공동", date(1999, 9, 9)))
    assert count(session, programme, place) == 1


def test_the_same_name_without_a_birthday_is_for_an_official_to_look_at(
    session: Session, stores: Stores, programme: Published, owner: User
) -> None:
    taking_part(session, stores, programme, KIM, LEE, serial=11)
    alone = applying.register(session, owner, serial=12, representative="이공동")
    assert count(session, programme, alone) is None
    taking_part(session, stores, programme, serial=13)  # represented by 홍길동 alone
    joint = applying.register(session, make_merchant_user(session), serial=14, representative="최대표")
    name(session, joint, session.get_one(User, joint.owner_id), AddRepresentative("홍길동", date(1960, 1, 1)))
    assert count(session, programme, joint) is None


def test_who_was_taken_off_the_list_counts_no_more(
    session: Session, stores: Stores, programme: Published, owner: User
) -> None:
    taking_part(session, stores, programme, KIM, LEE, serial=11)
    place = applying.register(session, owner, serial=12)
    (lee,) = name(session, place, owner, LEE)
    representatives.remove(session, place.id, lee, by=actor(owner), at=AT)
    assert count(session, programme, place) == 1
    assert look_up.of_merchant(session, place.id) == []

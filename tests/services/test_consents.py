"""A consent is for the programmes that it names: another needs one of its own, which the same clerk may hold beside."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.errors import AlreadyDone, Incomplete, NotFound, NotPermitted
from portal.domain.mandates import MandateStatus
from portal.models.accounts import User
from portal.models.applications import Application
from portal.models.mandates import Mandate
from portal.queries import applications as applied
from portal.queries import consents, home, stand_ins
from portal.queries import proxy_entries as look_up
from portal.services import applications, proxy_looks
from portal.storage.objects import Stores
from tests import asked, standing_in
from tests.factories import AT, actor, make_official, make_programme

OTHER = "gurye-2026-other"


@pytest.fixture
def clerk(session: Session) -> User:
    make_programme(session)
    make_programme(session, text=asked.programme("", code=OTHER))
    return standing_in.make_clerk(session)


def of_other(session: Session, stores: Stores, clerk: User) -> Mandate:
    return standing_in.enter(session, stores, clerk, programmes=frozenset({OTHER}))


def start(session: Session, clerk: User, mandate: Mandate, code: str) -> Application:
    by = standing_in.acting(session, clerk, mandate)
    return applications.start(session, code, mandate.merchant_id, by=by, at=AT)


def test_a_confirmed_consent_begins_nothing_in_a_programme_that_it_does_not_name(
    session: Session, stores: Stores, clerk: User
) -> None:
    mandate = standing_in.enter(session, stores, clerk)
    standing_in.confirm(session, mandate)
    with pytest.raises(NotPermitted) as refused:
        start(session, clerk, mandate, OTHER)
    assert [problem.code for problem in refused.value.problems] == ["consent_other_programme"]
    by = standing_in.acting(session, clerk, mandate)
    assert [each.programme.code for each in home.calls_for(session, by, at=AT)] == [standing_in.CODE]
    start(session, clerk, mandate, standing_in.CODE)
    second = of_other(session, stores, clerk)
    assert (mandate.status, second.status) == (MandateStatus.ACTIVE, MandateStatus.ACTIVE)
    start(session, clerk, second, OTHER)


def test_a_consent_opens_no_application_in_another_programme(session: Session, stores: Stores, clerk: User) -> None:
    mandate = standing_in.enter(session, stores, clerk)
    draft = start(session, clerk, mandate, standing_in.CODE)
    second = of_other(session, stores, clerk)
    standing_in.confirm(session, second)
    by = standing_in.acting(session, clerk, second)
    with pytest.raises(NotFound):
        applied.owned(session, draft.id, by)
    office = clerk.organisation_id or 0
    told = stand_ins.of(session, mandate.merchant_id, draft.id, office, AT.date())
    assert list(told.clerks) == [(clerk.id, mandate.id)]
    third = standing_in.enter(session, stores, standing_in.make_clerk(session, name="동료"))
    standing_in.confirm(session, third)
    assert len(stand_ins.of(session, mandate.merchant_id, draft.id, office, AT.date()).clerks) == 1  # who entered it


def test_the_same_programme_is_not_consented_to_twice_and_none_is_not_enough(
    session: Session, stores: Stores, clerk: User
) -> None:
    standing_in.enter(session, stores, clerk)
    with pytest.raises(AlreadyDone):
        standing_in.enter(session, stores, clerk, programmes=frozenset({standing_in.CODE, OTHER}))
    for programmes, code in ((frozenset[str](), "consent_names_none"), (frozenset({"nowhere"}), "unknown_choice")):
        with pytest.raises(Incomplete) as refused:
            standing_in.enter(session, stores, clerk, serial=2, programmes=programmes)
        assert [problem.code for problem in refused.value.problems] == [code]


def test_a_new_consent_carries_on_only_what_it_names(session: Session, stores: Stores, clerk: User) -> None:
    mandate = standing_in.enter(session, stores, clerk)
    draft = start(session, clerk, mandate, standing_in.CODE)
    entry = look_up.of_mandate(session, mandate.id)
    assert entry is not None
    proxy_looks.refuse(session, entry.id, "서명이 없습니다.", by=actor(make_official(session, Role.REVIEWER)), at=AT)
    of_other(session, stores, clerk)
    assert draft.mandate_id == mandate.id
    again = standing_in.enter(session, stores, clerk)
    assert draft.mandate_id == again.id


def test_a_consent_may_name_what_is_open_and_what_goes_on_at_the_office(
    session: Session, stores: Stores, clerk: User
) -> None:
    later = AT.replace(year=2027)
    assert [code for code, _name in consents.offered(session, actor(clerk), at=AT)] == [standing_in.CODE, OTHER]
    assert consents.offered(session, actor(clerk), at=later) == []
    start(session, clerk, of_other(session, stores, clerk), OTHER)
    assert [code for code, _name in consents.offered(session, actor(clerk), at=later)] == [OTHER]

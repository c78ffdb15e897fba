"""What stays shut to whoever stands in for a merchant, and to whoever is about to look at their paper."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from portal.domain.actors import ActsFor, Capacity
from portal.domain.errors import NotFound, NotPermitted
from portal.queries import proxy_entries as look_up_entries
from portal.queries import service_passes as look_up
from portal.services import proxy_looks, service_passes
from portal.storage.objects import Stores
from tests import standing_in
from tests.factories import AT, actor, make_merchant_user
from tests.in_kind import OPEN, Ministry


def test_an_association_has_no_hand_in_the_services_of_a_case_that_it_did_not_make(
    session: Session, stores: Stores
) -> None:
    ministry = Ministry(session, stores)
    found, case = ministry.agreed(), ministry.granted()
    given = ministry.reported(case, found)
    place = ActsFor(1, case.application.merchant_id, Capacity.ASSOCIATION, "구례식당")
    by = replace(actor(make_merchant_user(session, name="상인회장")), acts_for=place)
    assert look_up.of_owner(session, by) == look_up.entitlements(session, by, on=OPEN.date()) == []
    with pytest.raises(NotPermitted):
        service_passes.choose(session, case.id, found.offers[0].id, by=by, at=OPEN)
    with pytest.raises(NotFound):
        service_passes.confirm(session, given.id, by=by, at=OPEN)


def test_the_record_is_shown_to_whoever_compares_it_and_to_nobody_else(session: Session, stores: Stores) -> None:
    first, second, third = (standing_in.make_clerk(session, name=name) for name in "가나다")
    stated, forged = (
        look_up_entries.of_mandate(session, standing_in.enter(session, stores, clerk, address=address).id)
        for clerk, address in ((first, "봉성로 1"), (second, "봉성로 2"))
    )
    assert stated is not None
    assert forged is not None
    who = [actor(each) for each in (first, second, third)]
    shown = [
        [look_up_entries.look(session, each.id, by).on_record is not None for by in who] for each in (stated, forged)
    ]
    assert shown == [[True, True, True], [True, False, True]]
    proxy_looks.refuse(session, forged.id, "서명이 다릅니다.", by=who[2], at=AT)
    assert [look_up_entries.look(session, forged.id, by).on_record for by in who] == [None, None, None]

"""A version with a first day: announced before it, in force from midnight in Korea, whoever works when."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.errors import Conflict, NotEligible, SamePerson
from portal.domain.periods import korean_date
from portal.domain.programmes import VersionStatus
from portal.queries import audit
from portal.queries import programmes as queries
from portal.services import applications, programmes
from portal.storage.objects import Stores
from tests import applying
from tests.asked import FIRST_DAY, version_text
from tests.factories import AT, actor, make_merchant_user, make_official, make_programme

CODE = "gurye-2020-o2o"
EVENING = datetime(2026, 6, 19, 14, 59, tzinfo=UTC)  # a minute before the first day begins in Korea
MIDNIGHT = EVENING + timedelta(minutes=1)
V = VersionStatus


def test_a_draft_is_decided_under_the_version_of_the_day_on_which_it_is_handed_in(
    session: Session, stores: Stores
) -> None:
    first = make_programme(session)
    owner, early = make_merchant_user(session), make_merchant_user(session)
    before = applying.ready(session, stores, first, early, serial=1)
    applications.submit(session, before.id, by=actor(early), at=AT)
    large = applying.ready(session, stores, first, owner, serial=2, sales={2025: 350_000_000})
    second = make_programme(session, text=version_text(2, 400_000_000))
    assert (first.version.status, second.version.status) == (V.PUBLISHED, V.ANNOUNCED)
    with pytest.raises(NotEligible, match="condition_not_met"):
        applications.submit(session, large.id, by=actor(owner), at=EVENING)
    # nobody has put it in force yet, and its day has come
    applications.submit(session, large.id, by=actor(owner), at=MIDNIGHT)
    assert (large.version_id, before.version_id) == (second.version.id, first.version.id)


def test_what_is_announced_is_in_force_on_its_day_and_is_put_in_force_once(session: Session) -> None:
    first, second = make_programme(session), make_programme(session, text=version_text(2, 400_000_000))
    assert queries.in_force(session, CODE, korean_date(EVENING)).version is first.version
    assert queries.in_force(session, CODE, korean_date(MIDNIGHT)).version is second.version
    assert [found.version.number for found in queries.published(session, on=FIRST_DAY)] == [2]
    assert [found.version.number for found in queries.open_calls(session, at=EVENING)] == [1]
    assert queries.in_force(session, CODE).version is first.version
    assert programmes.due(session, at=EVENING) == []
    assert programmes.take_effect(session, second.version.id, at=EVENING) is None
    assert programmes.due(session, at=MIDNIGHT) == [second.version.id]
    assert programmes.take_effect(session, second.version.id, at=MIDNIGHT) is second.version
    assert (first.version.status, second.version.status) == (V.REPLACED, V.PUBLISHED)
    assert programmes.take_effect(session, second.version.id, at=MIDNIGHT) is None
    events = [event.action for event in audit.timeline(session, "programme_version", second.version.id)]
    assert events == ["propose", "announce", "take_effect"]


def test_whoever_proposed_it_does_not_announce_it(session: Session, at: datetime) -> None:
    make_programme(session)
    manager = actor(make_official(session, Role.MANAGER))
    version = programmes.propose(session, version_text(2, 400_000_000), by=manager, at=at)
    with pytest.raises(SamePerson):
        programmes.publish(session, version.id, by=manager, at=at)


@pytest.mark.parametrize(("first_day", "refused"), [(date(2026, 6, 14), True), (date(2026, 6, 15), False)])
def test_a_first_day_that_is_over_is_refused_and_today_is_not(session: Session, first_day: date, refused: bool) -> None:
    first = make_programme(session)
    if not refused:
        assert make_programme(session, text=version_text(2, 1, first_day)).version.status is V.PUBLISHED
        return
    with pytest.raises(Conflict, match="effective_in_the_past"):
        make_programme(session, text=version_text(2, 1, first_day))
    assert first.version.status is V.PUBLISHED


def test_the_first_version_of_all_may_have_begun_already(session: Session) -> None:
    found = make_programme(session, text=version_text(1, 300_000_000, date(2026, 6, 1)))
    assert (found.version.status, found.version.effective_from) == (V.PUBLISHED, date(2026, 6, 1))


def test_a_later_version_takes_the_place_of_what_was_announced_for_its_day_or_later(session: Session) -> None:
    make_programme(session)
    second = make_programme(session, text=version_text(2, 400_000_000))
    third = make_programme(session, text=version_text(3, 500_000_000, FIRST_DAY + timedelta(days=10)))
    assert (second.version.status, third.version.status) == (V.ANNOUNCED, V.ANNOUNCED)
    fourth = make_programme(session, text=version_text(4, 600_000_000, FIRST_DAY))
    assert [each.version.status for each in (second, third, fourth)] == [V.REPLACED, V.REPLACED, V.ANNOUNCED]
    fifth = make_programme(session, text=version_text(5, 700_000_000, None))
    assert (fourth.version.status, fifth.version.status) == (V.REPLACED, V.PUBLISHED)
    assert programmes.due(session, at=MIDNIGHT + timedelta(days=90)) == []

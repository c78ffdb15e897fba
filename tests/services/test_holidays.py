"""Changing the table of holidays takes two managers and moves open cases, but no day that was told by letter."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.errors import AlreadyDone, Incomplete, InvalidTransition, NotFound, NotPermitted, SamePerson
from portal.domain.extensions import ExtendProcessing
from portal.domain.holidays import ChangeKind, ChangeStatus, ProposeHoliday
from portal.models.holidays import HolidayChange
from portal.queries import audit, clocks
from portal.queries.programmes import read
from portal.services import extensions, holidays, status_notices
from portal.storage.objects import Stores
from tests.cases import apply
from tests.factories import AT, actor, make_official, make_organisation
from tests.waiting import Desk, desk, later

DAY = date(2026, 6, 26)  # a Friday
NEW = ProposeHoliday(ChangeKind.ADD, DAY, "임시공휴일", "국무회의에서 정했습니다.")


def proposed(it: Desk, command: ProposeHoliday = NEW) -> HolidayChange:
    return holidays.propose(it.session, command, by=it.managers[0], at=later(1))


def test_a_new_holiday_moves_open_cases_and_their_history_says_so(session: Session, stores: Stores) -> None:
    it = desk(session, stores)
    untouched = apply(session, stores, read(it.application.version), at=later(14))  # after the day
    before = untouched.application.due_on
    change = proposed(it)
    assert it.application.due_on == date(2026, 7, 2)
    holidays.confirm(session, change.id, by=it.managers[1], at=later(2))
    assert (it.application.due_on, untouched.application.due_on) == (date(2026, 7, 3), before)
    assert (change.status, change.moved) == (ChangeStatus.IN_FORCE, 1)
    said = audit.timeline(session, "application", it.case.id)[-1]
    assert (said.action, said.note) == ("move_due", "2026. 7. 2. → 2026. 7. 3. (2026. 6. 26. 임시공휴일)")
    late = apply(session, stores, read(it.application.version), at=later(2))
    assert late.application.due_on == date(2026, 7, 7)  # counted with it from the start: 6 July without


def test_taking_a_holiday_away_moves_them_back(session: Session, stores: Stores) -> None:
    it = desk(session, stores)
    holidays.confirm(session, proposed(it).id, by=it.managers[1], at=later(2))
    away = proposed(it, ProposeHoliday(ChangeKind.REMOVE, DAY, "", "취소되었습니다."))
    holidays.confirm(session, away.id, by=it.managers[1], at=later(3))
    assert it.application.due_on == date(2026, 7, 2)
    assert DAY not in holidays.observed(session, it.managers[0].organisation_id or 0)


def test_a_day_that_was_told_by_letter_stays(session: Session, stores: Stores) -> None:
    it = desk(session, stores)
    extensions.extend(
        session, stores, it.case.id, ExtendProcessing(14, "현지 확인이 더 필요합니다."), by=it.reviewer, at=later(1)
    )
    told = it.application.due_on
    holidays.confirm(session, proposed(it).id, by=it.managers[1], at=later(2))
    table = holidays.observed(session, it.managers[0].organisation_id or 0)
    session.expire_all()
    clock = clocks.of(session, it.application, table, it.reviewer, on=DAY)
    assert (it.application.due_on, clock.told) == (told, True)
    other = apply(session, stores, read(it.application.version), at=AT)
    status_notices.tell(session, stores, other.id, at=later(31))
    told = other.application.due_on
    another = proposed(it, ProposeHoliday(ChangeKind.ADD, date(2026, 6, 29), "임시공휴일", "한 번 더"))
    holidays.confirm(session, another.id, by=it.managers[1], at=later(32))
    assert other.application.due_on == told


def test_it_takes_another_manager_and_only_of_the_same_organisation(session: Session, stores: Stores) -> None:
    it = desk(session, stores)
    change = proposed(it)
    with pytest.raises(SamePerson):
        holidays.confirm(session, change.id, by=it.managers[0], at=later(2))
    with pytest.raises(NotPermitted):
        holidays.confirm(session, change.id, by=it.reviewer, at=later(2))
    elsewhere = make_organisation(session, "haenam", name="해남군(데모)", region_code="12790")
    foreign = actor(make_official(session, Role.MANAGER, organisation=elsewhere))
    with pytest.raises(NotFound):
        holidays.confirm(session, change.id, by=foreign, at=later(2))
    assert it.application.due_on == date(2026, 7, 2)
    assert DAY not in holidays.observed(session, elsewhere.id)
    holidays.refuse(session, change.id, by=it.managers[1], at=later(2))
    with pytest.raises(InvalidTransition):
        holidays.confirm(session, change.id, by=it.managers[1], at=later(2))


def test_what_is_there_or_waits_already_is_refused(session: Session, stores: Stores) -> None:
    it = desk(session, stores, taken_up=False)
    with pytest.raises(Incomplete):
        proposed(it, ProposeHoliday(ChangeKind.ADD, date(2026, 7, 17), "제헌절", "공휴일법"))
    proposed(it)
    with pytest.raises(AlreadyDone):
        proposed(it)

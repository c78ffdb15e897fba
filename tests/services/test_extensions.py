"""The office's time is extended once with a letter, once more when the applicant says yes, and never otherwise."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.domain.errors import Incomplete, InvalidTransition, NotFound, NotPermitted
from portal.domain.extensions import ExtendProcessing, ExtensionStatus
from portal.domain.letters import LetterKind
from portal.models.clocks import ProcessingExtension
from portal.queries import audit, clocks
from portal.services import decisions, extensions
from portal.storage.objects import Stores
from tests.cases import all_ticked
from tests.factories import actor, make_merchant_user
from tests.waiting import desk, later

COMMAND = ExtendProcessing(5, "현지 확인을 한 번 더 해야 합니다.")


def test_the_first_extension_binds_at_once_and_is_told(session: Session, stores: Stores) -> None:
    it = desk(session, stores)
    assert it.application.due_on == date(2026, 7, 2)
    found = extensions.extend(session, stores, it.case.id, COMMAND, by=it.reviewer, at=later(10))
    assert (found.number, found.status, found.due_before) == (1, ExtensionStatus.IN_FORCE, date(2026, 7, 2))
    assert it.application.due_on == found.due_on == date(2026, 7, 9)
    letter = it.letters()[-1]
    assert (letter.kind, letter.title) == (LetterKind.EXTENSION, "처리기간 연장 통지서")
    assert stores.letters.read(letter.sha256).startswith(b"%PDF-")
    said = audit.timeline(session, "application", it.case.id)[-1]
    assert (said.action, "2026. 7. 2. → 2026. 7. 9." in said.note) == ("extend", True)


def test_the_second_waits_for_the_applicants_yes(session: Session, stores: Stores) -> None:
    it = desk(session, stores)
    for days in (10, 11):
        extensions.extend(session, stores, it.case.id, COMMAND, by=it.reviewer, at=later(days))
    assert it.application.due_on == date(2026, 7, 9)
    assert it.letters()[-1].kind == LetterKind.EXTENSION_ASKED
    for attempt in (actor(make_merchant_user(session)), it.reviewer):
        with pytest.raises(NotFound):
            extensions.agree(session, stores, it.case.id, by=attempt, at=later(12))
    found = extensions.agree(session, stores, it.case.id, by=it.owner, at=later(12))
    assert (found.answered_by, found.answered_at) == (it.case.owner.id, later(12))
    assert it.application.due_on == found.due_on == date(2026, 7, 16)
    assert it.letters()[-1].kind == LetterKind.EXTENSION
    with pytest.raises(InvalidTransition):
        extensions.extend(session, stores, it.case.id, COMMAND, by=it.reviewer, at=later(13))
    with pytest.raises(InvalidTransition):
        extensions.agree(session, stores, it.case.id, by=it.owner, at=later(13))


def test_a_no_leaves_the_day_and_does_not_use_up_the_second(session: Session, stores: Stores) -> None:
    it = desk(session, stores)
    for days in (10, 11):
        extensions.extend(session, stores, it.case.id, COMMAND, by=it.reviewer, at=later(days))
    extensions.decline(session, it.case.id, by=it.owner, at=later(12))
    assert it.application.due_on == date(2026, 7, 9)
    again = extensions.extend(session, stores, it.case.id, COMMAND, by=it.reviewer, at=later(13))
    assert (again.number, again.status) == (2, ExtensionStatus.ASKED)


def test_without_consent_the_database_refuses_a_second_extension_in_force(session: Session, stores: Stores) -> None:
    it = desk(session, stores)
    for days in (10, 11):
        extensions.extend(session, stores, it.case.id, COMMAND, by=it.reviewer, at=later(days))
    waiting = clocks.waiting_for_consent(session, it.case.id)
    assert isinstance(waiting, ProcessingExtension)
    waiting.status, waiting.due_on = ExtensionStatus.IN_FORCE, date(2026, 7, 16)
    with pytest.raises(IntegrityError, match="consent"):
        session.flush()


def test_too_long_without_a_reason_by_another_role_or_too_late_is_refused(session: Session, stores: Stores) -> None:
    it = desk(session, stores)
    for command in (ExtendProcessing(15, COMMAND.reason), ExtendProcessing(5, "바빠서")):
        with pytest.raises(Incomplete):
            extensions.extend(session, stores, it.case.id, command, by=it.reviewer, at=later(10))
    with pytest.raises(NotPermitted):
        extensions.extend(session, stores, it.case.id, COMMAND, by=it.managers[0], at=later(10))
    with pytest.raises(InvalidTransition):
        extensions.extend(session, stores, it.case.id, COMMAND, by=it.reviewer, at=later(18))  # 3 July
    assert it.application.due_on == date(2026, 7, 2)


def test_a_standing_clock_and_a_decided_case_are_not_extended(session: Session, stores: Stores) -> None:
    it = desk(session, stores)
    it.ask()
    with pytest.raises(InvalidTransition):
        extensions.extend(session, stores, it.case.id, COMMAND, by=it.reviewer, at=later(1))


def test_an_extension_and_a_supplement_add_up(session: Session, stores: Stores) -> None:
    it = desk(session, stores)
    extensions.extend(session, stores, it.case.id, COMMAND, by=it.reviewer, at=later(1))
    it.ask(days_on=2)
    session.expire_all()
    it.answer(days_on=4)
    assert it.application.due_on == date(2026, 7, 14)  # 9 July, and 17, 18 and 19 June did not count
    assert all_ticked(session, it.application)
    with pytest.raises(InvalidTransition):
        decisions.send_back(session, it.case.id, reasons="아직", by=it.approver, at=later(5))

"""Makes cases whose clock runs or stands still, for tests of extensions, supplements and holidays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from portal.domain.actors import Actor, Role
from portal.domain.applications import SupplementRequest
from portal.domain.extensions import ExtendProcessing
from portal.domain.holidays import ChangeKind, ProposeHoliday
from portal.domain.supplements import ExtendSupplement
from portal.models.applications import Application
from portal.models.letters import Letter
from portal.queries import letters, programmes
from portal.queries.programmes import Published
from portal.services import extensions, holidays, reviews, supplements
from portal.storage.objects import Stores
from tests.cases import Applied, apply
from tests.factories import AT, actor, make_official, make_programme

ASK = SupplementRequest("통장 사본의 예금주가 보이지 않습니다.", 7, frozenset({"file-bankbook", "plan"}))


@dataclass(frozen=True, slots=True)
class Desk:
    """A case of Gurye that a reviewer took up on Monday 15 June 2026; it has 14 working days, up to 3 July."""

    session: Session
    stores: Stores
    case: Applied
    reviewer: Actor
    approver: Actor
    managers: tuple[Actor, Actor]

    @property
    def application(self) -> Application:
        return self.case.application

    @property
    def owner(self) -> Actor:
        return actor(self.case.owner)

    def ask(self, *, days_on: int = 0, days: int = 7) -> None:
        """Asks for a supplement so many days after the case came in."""
        command = SupplementRequest(ASK.items, days)
        at = later(days_on)
        reviews.request_supplement(self.session, self.stores, self.case.id, command, by=self.reviewer, at=at)

    def answer(self, *, days_on: int) -> None:
        supplements.answer(self.session, self.case.id, "다시 찍어 올렸습니다.", by=self.owner, at=later(days_on))

    def letters(self) -> list[Letter]:
        """What the applicant got so far, the oldest first."""
        return sorted(letters.of_application(self.session, self.case.id), key=lambda letter: letter.id)


def desk(session: Session, stores: Stores, programme: Published | None = None, *, taken_up: bool = True) -> Desk:
    """The desk with its case."""
    case = apply(session, stores, programme or make_programme(session))
    reviewer, approver = (actor(make_official(session, role)) for role in (Role.REVIEWER, Role.APPROVER))
    first, second = (actor(make_official(session, Role.MANAGER, name=name)) for name in ("담당가", "담당나"))
    if taken_up:
        reviews.take_up(session, case.id, by=reviewer, at=AT)
    return Desk(session, stores, case, reviewer, approver, (first, second))


def later(days: int) -> datetime:
    """So many days after the Monday on which everything begins."""
    return AT + timedelta(days=days)


def take_long(session: Session, stores: Stores, taken_id: int, asked: Applied, *, by: Actor) -> str:
    """A case extended once and put to its owner for a second time, a supplement with more time, holidays; and one that
    was asked twice in vain, whose page of return is what it answers.
    """
    for _ in range(2):
        command = ExtendProcessing(5, "현지 확인을 한 번 더 해야 합니다.")
        extensions.extend(session, stores, taken_id, command, by=by, at=AT)
    more = ExtendSupplement(5, "서류가 늦게 나옵니다.")
    supplements.extend(session, stores, asked.id, more, by=actor(asked.owner), at=AT)
    silent = apply(session, stores, programmes.read(asked.application.version), at=AT)
    reviews.take_up(session, silent.id, by=by, at=AT)
    for day in (-20, -10):  # twice in vain: an approver may return it
        request = SupplementRequest(ASK.items, 2)
        reviews.request_supplement(session, stores, silent.id, request, by=by, at=later(day))
    first, second = (actor(make_official(session, Role.MANAGER)) for _ in range(2))
    for day in (29, 30):
        change = ProposeHoliday(ChangeKind.ADD, date(2026, 9, day), "임시공휴일", "국무회의 의결")
        proposed = holidays.propose(session, change, by=first, at=AT)
        if day == 29:
            holidays.confirm(session, proposed.id, by=second, at=AT)
    return f"/office/applications/{silent.id}/giving-back"

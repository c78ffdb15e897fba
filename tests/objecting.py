"""Makes objections to decisions, and the officials who handle them, for tests of what comes of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor, Role
from portal.domain.letters import LetterKind
from portal.domain.objections import DraftAnswer, FileObjection, Outcome
from portal.models.accounts import User
from portal.models.letters import Letter
from portal.models.objections import Objection
from portal.queries.programmes import Published
from portal.services import decisions, objections
from portal.storage.objects import Stores
from tests import cases
from tests.cases import Applied
from tests.factories import AT, actor, make_merchant_user, make_official, make_programme

PURPORT = "불선정 결정을 취소하고 선정해 주십시오."
REASONS = "업종 분류가 잘못되었습니다. 사업자등록증의 업종은 한식 음식점업입니다."
ANSWER = "사업자등록증을 다시 확인한 결과 지원 제외 업종이 아닙니다."
REJECTED = "지원 제외 업종에 해당합니다."


@dataclass(slots=True)
class Chamber:
    """Two who decide first, `reviewer` and `approver`, and two others who answer objections to it."""

    session: Session
    stores: Stores
    programme: Published
    reviewer: User = field(init=False)
    approver: User = field(init=False)
    handler: User = field(init=False)
    decider: User = field(init=False)

    def __post_init__(self) -> None:
        self.reviewer = make_official(self.session, Role.REVIEWER, name="먼저검토")
        self.approver = make_official(self.session, Role.APPROVER, name="먼저결재")
        self.handler = make_official(self.session, Role.REVIEWER, name="이의담당")
        self.decider = make_official(self.session, Role.APPROVER, name="이의결재")

    def rejected(self, **applying: object) -> Applied:
        """An application that was rejected, its letter sent."""
        case = cases.apply(self.session, self.stores, self.programme, **applying)  # ty: ignore[invalid-argument-type]
        cases.recommend(self.session, case.application, actor(self.reviewer), outcome="reject")
        decisions.reject(self.session, self.stores, case.id, reasons=REJECTED, by=actor(self.approver), at=AT)
        return case

    def file(self, case: Applied, *, kind: LetterKind = LetterKind.REJECTION, at: datetime = AT) -> Objection:
        letter = letter_of(self.session, case.id, kind)
        return objections.file(self.session, self.stores, command(letter.id), by=actor(case.owner), at=at)

    def drafted(
        self, objection: Objection, outcome: Outcome, amount: int | None = None, *, at: datetime = AT
    ) -> Objection:
        by = actor(self.handler)
        objections.take_up(self.session, objection.id, by=by, at=at)
        return objections.draft(self.session, objection.id, DraftAnswer(outcome, ANSWER, amount), by=by, at=at)

    def decide(self, objection: Objection, *, by: Actor | None = None, at: datetime = AT) -> Objection:
        return objections.decide(self.session, self.stores, objection.id, by=by or actor(self.decider), at=at)

    def answered(
        self, objection: Objection, outcome: Outcome, amount: int | None = None, *, at: datetime = AT
    ) -> Objection:
        self.drafted(objection, outcome, amount, at=at)
        return self.decide(objection, at=at)


def open_chamber(session: Session, stores: Stores, programme: Published | None = None) -> Chamber:
    return Chamber(session, stores, programme or make_programme(session))


def in_every_stage(session: Session, stores: Stores, programme: Published) -> list[User]:
    """Rejections of one owner: one that may be objected to, and objections taken up, extended and drafted, and
    dismissed. Returns who meets them.
    """
    chamber, owner = Chamber(session, stores, programme), make_merchant_user(session, name="이의신청인")
    by = actor(chamber.handler)
    _open, taken, longer, done = (chamber.rejected(owner=owner) for _ in range(4))
    objections.take_up(session, chamber.file(taken).id, by=by, at=AT)
    extended = chamber.drafted(chamber.file(longer), Outcome.DISMISS)
    objections.send_back(session, extended.id, "다시 살펴 주세요.", by=actor(chamber.decider), at=AT)
    objections.extend(session, stores, extended.id, "업종을 조회하고 있습니다.", by=by, at=AT)
    objections.draft(session, extended.id, DraftAnswer(Outcome.DISMISS, ANSWER), by=by, at=AT)
    chamber.answered(chamber.file(done), Outcome.DISMISS)
    return [owner, chamber.handler, chamber.decider]


def command(letter_id: int) -> FileObjection:
    return FileObjection(letter_id, PURPORT, REASONS, "01012345678")


def letter_of(session: Session, application_id: int, kind: LetterKind) -> Letter:
    """The last letter of a kind about an application."""
    mine = Letter.application_id == application_id, Letter.kind == kind
    return session.scalars(select(Letter).where(*mine).order_by(Letter.id.desc()).limit(1)).one()

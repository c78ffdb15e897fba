"""Makes paid claims and recoveries from them, for tests of money that comes back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.domain.actors import Actor, Role
from portal.domain.recoveries import (
    DraftOrder,
    Instalment,
    OpenRecovery,
    Opinion,
    Origin,
    PriorNotice,
    ProposeWriteOff,
    Receipt,
)
from portal.domain.recovery_rates import Cause
from portal.models.accounts import User
from portal.models.claims import Claim
from portal.models.recoveries import Recovery
from portal.services import payments, recoveries, recovery_endings, recovery_receipts
from portal.storage.objects import Stores
from tests import approved_claims
from tests.approved_claims import CODE, Office
from tests.factories import AT, actor, make_official

WHY = "취소된 주문 세 건이 지급액에 들어 있었습니다."
HEARD = "의견을 살펴보았으나 취소된 주문임이 확인됩니다."


@dataclass(slots=True)
class Desk:
    """An office that has paid, with a decider who approved none of the claims."""

    session: Session
    stores: Stores
    office: Office
    decider: User
    claims: list[Claim]

    @property
    def reviewer(self) -> Actor:
        return actor(self.office.reviewer)

    @property
    def payer(self) -> Actor:
        return actor(self.office.payer)

    def owner(self, place: int = 0) -> Actor:
        return actor(self.session.get_one(User, self.claims[place].merchant.owner_id))

    def open(self, amount: int, place: int = 0, *, cause: Cause = Cause.CORRECTED, at: datetime = AT) -> Recovery:
        merchant = self.claims[place].merchant_id
        command = OpenRecovery(CODE, merchant, self.claims[place].period, amount, cause, Origin.CORRECTED, WHY)
        return recoveries.open_case(self.session, command, by=self.reviewer, at=at)

    def told(self, amount: int, place: int = 0, *, at: datetime = AT) -> Recovery:
        """Told beforehand, and asked what they say."""
        found = self.open(amount, place, at=at)
        return recoveries.notify(self.session, self.stores, found.id, PriorNotice(10, WHY), by=self.reviewer, at=at)

    def drafted(self, amount: int, place: int = 0, *, cause: Cause = Cause.CORRECTED, at: datetime = AT) -> Recovery:
        """Told beforehand, answered, heard, and put before the decider."""
        found = self.open(amount, place, cause=cause, at=at)
        recoveries.notify(self.session, self.stores, found.id, PriorNotice(10, WHY), by=self.reviewer, at=at)
        recoveries.answer(self.session, found.id, Opinion("", agrees=True), by=self.owner(place), at=at)
        recoveries.hear(self.session, found.id, HEARD, by=self.reviewer, at=at)
        return recoveries.draft(self.session, found.id, DraftOrder(amount, cause, WHY, 30), by=self.reviewer, at=at)

    def ordered(self, amount: int, place: int = 0, *, cause: Cause = Cause.CORRECTED, at: datetime = AT) -> Recovery:
        found = self.drafted(amount, place, cause=cause, at=at)
        return recoveries.order(self.session, self.stores, found.id, by=actor(self.decider), at=at)

    def pay(self, recovery: Recovery, amount: int, reference: str, *, at: datetime = AT) -> None:
        command = Receipt(amount, reference, at.date())
        recovery_receipts.receive(self.session, self.stores, recovery.id, command, by=self.payer, at=at)


def in_every_stage(desk: Desk) -> None:
    """One case of each claim (seven are wanted) in each stage that an official has to go on with."""
    by, session = desk.reviewer, desk.session
    desk.open(1_000, 0)
    desk.told(1_000, 1)
    recoveries.answer(session, desk.told(1_000, 2).id, Opinion("", agrees=True), by=desk.owner(2), at=AT)
    heard = desk.drafted(1_000, 3)
    recoveries.send_back(session, heard.id, WHY, by=actor(desk.decider), at=AT)
    desk.drafted(1_000, 4)
    schedule = [Instalment(AT.date() + timedelta(days=days), 500) for days in (30, 60)]
    recovery_endings.propose_instalments(session, desk.ordered(1_000, 5).id, schedule, by=by, at=AT)
    shown = ProposeWriteOff(WHY, "재산조회.pdf", "application/pdf", b"%PDF-1.4 nothing left")
    recovery_endings.propose_write_off(session, desk.stores, desk.ordered(1_000, 6).id, shown, by=by, at=AT)


def open_desk(session: Session, stores: Stores, *amounts: int) -> Desk:
    """Everything the claims of these amounts came to was paid by the bank."""
    office = approved_claims.open_office(session)
    claims = approved_claims.make_claims(session, stores, office, amounts or (100_000,))
    pay_all(session, stores, office)
    return Desk(session, stores, office, make_official(session, Role.APPROVER, name="환수결재"), claims)


def pay_all(session: Session, stores: Stores, office: Office, *, at: datetime = AT) -> None:
    """One run of all that is approved, prepared, released and done."""
    run = payments.prepare(session, CODE, by=actor(office.payer), at=at)
    payments.release(session, stores, run.id, by=actor(office.releaser), at=at)
    payments.settle(
        session, stores, run.id, approved_claims.all_done(run), by=actor(office.payer), at=at + timedelta(hours=1)
    )

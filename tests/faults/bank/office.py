"""The office of the harness: grants, many small claims, and runs of them released to the bank's own door."""

from __future__ import annotations

from datetime import datetime
from random import Random

from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from portal.config import Settings
from portal.domain.actors import Actor
from portal.domain.claims import ClaimStatus
from portal.domain.payments import Channel, PaymentStatus
from portal.models.accounts import User
from portal.models.bank_orders import BankOrder
from portal.models.claims import Claim
from portal.models.payments import Payment
from portal.queries import programmes
from portal.services import bank_orders, issuing, payments
from portal.storage.objects import stores_under
from reports import page
from tests import approved_claims
from tests.approved_claims import CODE, Office, make_claim, make_claims
from tests.factories import AT, actor

A_RUN = 1_000  # payments at most
GRANTED = 500_000


class Payers:
    """Two persons who prepare, release, void and pay again, as they would at their pages."""

    def __init__(self, settings: Settings, seed: int) -> None:
        self._engine = create_engine(settings.database_url)
        self._random, self._stores = Random(seed), stores_under(settings.store)
        issuing.configure(settings.base_url, demo=settings.demo)
        page.register_fonts(settings.fonts)
        with Session(self._engine) as session:
            office = approved_claims.open_office(session)
            people = (office.reviewer, office.approver, office.payer, office.releaser)
            self._people = [each.id for each in people]
            session.commit()

    def session(self) -> Session:
        return Session(self._engine)

    def close(self) -> None:
        self._engine.dispose()

    def pay(self, number: int) -> None:
        """Approved claims of so many odd amounts, in runs that are released to be sent."""
        with self.session() as session:
            office = self._again(session)
            first = make_claims(session, self._stores, office, [1] * -(-number // A_RUN))
            made = len(first)
            for start in first:
                worth = 1
                for revision in range(2, A_RUN + 1):
                    if made == number:
                        break
                    won = self._random.randint(1, 2 * GRANTED // A_RUN - 2)
                    if worth + won > GRANTED:
                        won = 1
                    claim = make_claim(
                        session, start.run, start.merchant_id, start.application_id, won,
                        by=actor(office.reviewer), revision=revision,
                    )  # fmt: skip
                    worth, made = worth + won, made + 1
                    claim.assessed, claim.exact_e4 = worth, worth * 10_000
                    approved_claims.approve(session, claim, office)
                self._release(session, office)
            session.commit()

    def void_and_pay_again(self, at: datetime) -> int:
        """Voids what the bank never heard of, and pays everything that failed once more; how many payments."""
        with self.session() as session:
            office = self._again(session)
            by = actor(office.payer)
            _void(session, by, at)
            failed = session.scalars(select(Claim.id).where(Claim.status == ClaimStatus.PAYMENT_FAILED)).all()
            for claim_id in failed:
                payments.reopen(session, claim_id, by=by, at=at)
            if failed:
                self._release(session, office)
            session.commit()
            return len(failed)

    def void(self, at: datetime) -> None:
        """Voids what the bank never heard of, and leaves it at that."""
        with self.session() as session:
            _void(session, actor(self._again(session).payer), at)
            session.commit()

    def _release(self, session: Session, office: Office) -> None:
        run = payments.prepare(session, CODE, by=actor(office.payer), at=AT)
        payments.release(session, self._stores, run.id, channel=Channel.API, by=actor(office.releaser), at=AT)
        session.commit()

    def _again(self, session: Session) -> Office:
        """The same persons in this session."""
        return Office(programmes.in_force(session, CODE), *(session.get_one(User, each) for each in self._people))


def _void(session: Session, by: Actor, at: datetime) -> None:
    unheard = select(BankOrder.payment_id).where(BankOrder.never_heard_at.is_not(None))
    unheard = unheard.join(Payment).where(Payment.status == PaymentStatus.UNKNOWN)
    for payment_id in session.scalars(unheard).all():
        bank_orders.void(session, payment_id, by=by, at=at, note="은행이 받지 못함")

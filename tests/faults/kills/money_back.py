"""Steps of money that comes back: a recovery from its notice to the last won, paid in, netted, and given up."""

from __future__ import annotations

import io
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.claims import ClaimStatus
from portal.domain.recoveries import DraftOrder, OpenRecovery, Opinion, Origin, PriorNotice, ProposeWriteOff, Receipt
from portal.domain.recovery_rates import Cause
from portal.domain.settlements import DeliverSettlement
from portal.models.accounts import User
from portal.models.claims import Claim
from portal.models.payments import PaymentRun
from portal.models.recoveries import Recovery
from portal.queries import programmes
from portal.services import claims, payments, recoveries, recovery_endings, recovery_receipts, settlements
from portal.services.reconcile import Files
from tests import approved_claims, settled
from tests.approved_claims import CODE
from tests.factories import AT
from tests.faults.kills.workflows import PERIOD, Cast, Step, owner_of, person
from tests.recovered import HEARD, WHY, Desk

ANOTHER_MONTH = "2026-04"
ASKED_BACK, PAID_BACK = 2_000, 500
LATER = AT + timedelta(days=60)


def open_recovery(session: Session, _files: Files, cast: Cast) -> object:
    claim = paid(session)[0]
    asked = OpenRecovery(CODE, claim.merchant_id, claim.period, ASKED_BACK, Cause.CORRECTED, Origin.CORRECTED, WHY)
    return recoveries.open_case(session, asked, by=person(session, cast, "reviewer"), at=AT)


def notify(session: Session, files: Files, cast: Cast) -> object:
    by = person(session, cast, "reviewer")
    return recoveries.notify(session, files.stores, first(session).id, PriorNotice(10, WHY), by=by, at=AT)


def give_opinion(session: Session, _files: Files, _cast: Cast) -> object:
    by = owner_of(session, paid(session)[0])
    return recoveries.answer(session, first(session).id, Opinion("주문 한 건은 맞습니다."), by=by, at=AT)


def hear_opinion(session: Session, _files: Files, cast: Cast) -> object:
    return recoveries.hear(session, first(session).id, HEARD, by=person(session, cast, "reviewer"), at=AT)


def draft_order(session: Session, _files: Files, cast: Cast) -> object:
    command = DraftOrder(ASKED_BACK, Cause.CORRECTED, WHY, 30)
    return recoveries.draft(session, first(session).id, command, by=person(session, cast, "reviewer"), at=AT)


def order_back(session: Session, files: Files, cast: Cast) -> object:
    return recoveries.order(session, files.stores, first(session).id, by=person(session, cast, "decider"), at=AT)


def receive(session: Session, files: Files, cast: Cast) -> object:
    came = Receipt(PAID_BACK, "BANK-1", AT.date())
    by = person(session, cast, "payer")
    return recovery_receipts.receive(session, files.stores, first(session).id, came, by=by, at=AT)


def agree_to_netting(session: Session, _files: Files, _cast: Cast) -> object:
    return recoveries.agree_to_netting(session, first(session).id, by=owner_of(session, paid(session)[0]), at=AT)


def next_claims(session: Session, files: Files, cast: Cast) -> object:
    """Another month of the same shops, delivered, drawn up and approved."""
    orders = [
        settled.line(f"S{shop}", f"{ANOTHER_MONTH}-0{day} 12:00", order_no=f"S{shop}-{day}")
        for shop, _ in enumerate(paid(session))
        for day in (2, 3)
    ]
    came = io.BytesIO(settled.csv_of(orders))
    delivered = DeliverSettlement("baemin", ANOTHER_MONTH, "april.csv", came)
    by = person(session, cast, "reviewer")
    settlements.deliver(session, files.stores, files.lines, delivered, by=by, at=AT)
    claims.draw_up(session, files.stores, files.lines, CODE, ANOTHER_MONTH, by=by, at=AT)
    return claims.approve(session, CODE, ANOTHER_MONTH, by=person(session, cast, "approver"), at=AT)


def prepare_netted(session: Session, _files: Files, cast: Cast) -> object:
    return payments.prepare(session, CODE, by=person(session, cast, "payer"), at=LATER)


def release_netted(session: Session, files: Files, cast: Cast) -> object:
    by = person(session, cast, "releaser")
    return payments.release(session, files.stores, _last_run(session).id, by=by, at=LATER)


def bank_result_netted(session: Session, files: Files, cast: Cast) -> object:
    """The bank has paid what was left: what was kept back has come back."""
    run, by = _last_run(session), person(session, cast, "payer")
    assert 0 < run.payments[0].netted < run.payments[0].amount + run.payments[0].netted
    told = approved_claims.answer(run, *((place, "done") for place in range(len(run.payments))), on=LATER.date())
    return payments.settle(session, files.stores, run.id, told, by=by, at=LATER + timedelta(hours=1))


def order_another(session: Session, files: Files, cast: Cast) -> object:
    """Two more orders: one of which nothing will come, one that is paid when its year is closed."""
    office = desk(session, files, cast)
    return [office.ordered(2_000, place) for place in (1, 2)]


def propose_write_off(session: Session, files: Files, cast: Cast) -> object:
    shown = ProposeWriteOff(WHY, "재산조회.pdf", "application/pdf", b"%PDF-1.4 nothing left")
    by = person(session, cast, "reviewer")
    return recovery_endings.propose_write_off(session, files.stores, second(session).id, shown, by=by, at=LATER)


def write_off(session: Session, files: Files, cast: Cast) -> object:
    by = person(session, cast, "decider")
    return recovery_endings.write_off(session, files.stores, second(session).id, by=by, at=LATER)


def paid(session: Session) -> list[Claim]:
    """The claims of the first month, all of them paid, in their order."""
    return list(session.scalars(select(Claim).where(Claim.period == PERIOD).order_by(Claim.id)))


def first(session: Session) -> Recovery:
    return _recoveries(session)[0]


def second(session: Session) -> Recovery:
    return _recoveries(session)[1]


def third(session: Session) -> Recovery:
    return _recoveries(session)[2]


def desk(session: Session, files: Files, cast: Cast) -> Desk:
    """Everybody whom an order takes, in this session."""
    people = (session.get_one(User, cast[who]) for who in ("reviewer", "approver", "payer", "releaser"))
    office = approved_claims.Office(programmes.in_force(session, CODE), *people)
    done = [claim for claim in paid(session) if claim.status is ClaimStatus.PAID]
    return Desk(session, files.stores, office, session.get_one(User, cast["decider"]), done)


def _recoveries(session: Session) -> list[Recovery]:
    return list(session.scalars(select(Recovery).order_by(Recovery.id)))


def _last_run(session: Session) -> PaymentRun:
    return session.scalars(select(PaymentRun).order_by(PaymentRun.id.desc())).first()  # ty: ignore


STEPS = (
    Step("open_recovery", open_recovery),
    Step("notify", notify),
    Step("give_opinion", give_opinion),
    Step("hear_opinion", hear_opinion),
    Step("draft_order", draft_order),
    Step("order_back", order_back),
    Step("receive", receive),
    Step("agree_to_netting", agree_to_netting),
    Step("prepare_netted", prepare_netted, before=next_claims),
    Step("release_netted", release_netted),
    Step("bank_result_netted", bank_result_netted),
    Step("propose_write_off", propose_write_off, before=order_another),
    Step("write_off", write_off),
)

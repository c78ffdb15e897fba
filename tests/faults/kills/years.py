"""Steps of the books themselves: budget moved by a voucher, payments stopped and let go on, a year closed for good."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.fiscal_years import Closing, Unpaid
from portal.domain.recoveries import Receipt
from portal.domain.stops import StopKind
from portal.domain.vouchers import DraftVoucher, VoucherFile, VoucherKind
from portal.models.fiscal_years import FiscalYear
from portal.models.ledger import BudgetLine
from portal.models.programmes import Programme
from portal.models.vouchers import Voucher
from portal.queries import ledger as postings
from portal.services import fiscal_years, recovery_receipts, stops, vouchers
from portal.services.reconcile import Files
from tests.approved_claims import CODE
from tests.factories import AT
from tests.faults.kills.money_back import third
from tests.faults.kills.workflows import Cast, Step, person

JANUARY = datetime(2027, 1, 8, 1, 0, tzinfo=UTC)
GIVEN_UP = Closing(Unpaid.RELEASE, lapse=True)
CARRIED_OVER = Closing(Unpaid.CARRY_EXPLICIT, lapse=True)
_WHY = "지급 내역을 다시 확인합니다."


def draft_voucher(session: Session, files: Files, cast: Cast) -> object:
    lines = [_county_line(session, code) for code in (CODE, "second")]
    shown = VoucherFile("예산이체.pdf", "application/pdf", b"%PDF-1.4 %%EOF")
    command = DraftVoucher(VoucherKind.TRANSFER, lines[0], 1_000_001, "예산 이체", shown, to_line_id=lines[1])
    return vouchers.draft(session, files.stores.evidence, command, by=person(session, cast, "payer"), at=AT)


def post_voucher(session: Session, _files: Files, cast: Cast) -> object:
    drafted = session.scalars(select(Voucher.id)).one()
    return vouchers.post(session, drafted, by=person(session, cast, "releaser"), at=AT)


def ask_to_stop(session: Session, _files: Files, cast: Cast) -> object:
    return _stop(session, cast, StopKind.ASK, "payer")


def stop(session: Session, _files: Files, cast: Cast) -> object:
    return _stop(session, cast, StopKind.STOP, "releaser")


def ask_to_go_on(session: Session, _files: Files, cast: Cast) -> object:
    return _stop(session, cast, StopKind.ASK_RESTART, "approver")


def go_on(session: Session, _files: Files, cast: Cast) -> object:
    return _stop(session, cast, StopKind.RESTART, "decider")


def propose_giving_up(session: Session, _files: Files, cast: Cast) -> object:
    return _propose(session, cast, GIVEN_UP)


def close_giving_up(session: Session, _files: Files, cast: Cast) -> object:
    return _close(session, cast)


def keep_open(session: Session, _files: Files, cast: Cast) -> object:
    by = person(session, cast, "releaser")
    return fiscal_years.keep_open(session, _year(session).id, note="이월할 사업이 있습니다.", by=by, at=JANUARY)


def propose_carrying_over(session: Session, _files: Files, cast: Cast) -> object:
    return _propose(session, cast, CARRIED_OVER)


def close(session: Session, _files: Files, cast: Cast) -> object:
    return _close(session, cast)


def receive_late(session: Session, files: Files, cast: Cast) -> object:
    """Money for a year that is closed."""
    came, by = Receipt(700, "BANK-2", date(2027, 1, 8)), person(session, cast, "payer")
    return recovery_receipts.receive(session, files.stores, third(session).id, came, by=by, at=JANUARY)


def _county_line(session: Session, code: str) -> int:
    query = select(BudgetLine.id).join(Programme, Programme.id == BudgetLine.programme_id)
    return session.scalars(query.where(Programme.code == code, BudgetLine.source == "county")).one()


def _stop(session: Session, cast: Cast, kind: StopKind, who: str) -> object:
    return stops.take(session, kind, whole=False, reason=_WHY, by=person(session, cast, who), at=AT)


def _year(session: Session) -> FiscalYear:
    return session.scalars(select(FiscalYear).where(FiscalYear.year == AT.year)).one()


def _propose(session: Session, cast: Cast, how: Closing) -> object:
    by = person(session, cast, "payer")
    return fiscal_years.propose_closing(session, _year(session).id, how, by=by, at=JANUARY)


def _close(session: Session, cast: Cast) -> object:
    seen, by = postings.last_entry(session), person(session, cast, "releaser")
    return fiscal_years.close(session, _year(session).id, seen_upto=seen, by=by, at=JANUARY)


BUDGET = (Step("draft_voucher", draft_voucher), Step("post_voucher", post_voucher))
STOPS = (
    Step("ask_to_stop", ask_to_stop),
    Step("stop", stop),
    Step("ask_to_go_on", ask_to_go_on),
    Step("go_on", go_on),
)
CLOSING = (
    Step("propose_giving_up", propose_giving_up),
    Step("close_giving_up", close_giving_up, aside=True),
    Step("keep_open", keep_open),
    Step("propose_carrying_over", propose_carrying_over),
    Step("close", close),
    Step("receive_late", receive_late),
)

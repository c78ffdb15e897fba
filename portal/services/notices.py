"""Short notices to merchants: a payment that came back, an account that two officials confirmed or refused, and money
that was found for whoever stood on the waiting list.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal import data
from portal.domain.actors import Actor
from portal.domain.letters import LetterKind
from portal.domain.masking import mask_account, mask_name
from portal.domain.periods import document_date, korean_date
from portal.models.account_changes import AccountChange
from portal.models.accounts import Organisation
from portal.models.applications import Application
from portal.models.letters import Letter
from portal.models.payments import Payment
from portal.models.reservations import Reservation
from portal.queries import accounts, programmes, reservations
from portal.services.issuing import Matter, store_letter
from portal.storage.objects import Stores
from reports.letters import notice

_REASONS = {
    "ACCOUNT_CLOSED": "계좌가 해지되어 있습니다.",
    "ACCOUNT_UNKNOWN": "적으신 번호의 계좌가 없습니다.",
    "HOLDER_MISMATCH": "적으신 예금주와 통장 주인의 이름이 다릅니다.",
    "LIMIT_EXCEEDED": "받는 통장의 한도를 넘었습니다.",
}
_ANY_REASON = "받는 은행이 돌려보냈습니다. 통장이 막혀 있거나 받을 수 없는 통장일 수 있습니다."
_CORRECT = "포털에 로그인하여 첫 화면의 ‘계좌 고치기’에서 본인 명의의 다른 계좌를 적어 주십시오."
_SAFE = "바꾼 적이 없는 계좌라면 곧바로 아래 담당자에게 전화해 주십시오."


def issue_returned(session: Session, stores: Stores, payment: Payment, *, by: Actor, at: datetime) -> Letter:
    """지급 반송 안내: the money came back from the bank, and what has to be corrected."""
    claim = payment.claim
    application = session.get_one(Application, claim.application_id)
    facts = (
        ("사업", programmes.read(claim.version).terms.name),
        ("상호", claim.merchant.trade_name),
        ("지원금", f"{claim.period} 분 {payment.amount:,}원"),
        ("보낸 계좌", _account(payment.bank_code, payment.account_number, payment.account_holder)),
        ("반송 사유", _REASONS.get(payment.reason or "", _ANY_REASON)),
    )
    waits = f"계좌를 고친 날부터 안전을 위한 대기 기간({data.account_cooling()[-1][1]}영업일)이 지나면 다시 지급합니다."
    sections = (
        ("하실 일", (_CORRECT, "예금주 이름은 통장에 적힌 그대로 적어 주십시오.")),
        ("다시 지급하는 때", (waits, "지원금은 그대로 확보되어 있으며, 다시 신청하실 필요는 없습니다.")),
    )
    opening = "지급한 지원금이 은행에서 되돌아와 알려 드립니다. 아래와 같이 계좌를 고쳐 주시기 바랍니다."
    matter = Matter(
        LetterKind.PAYMENT_RETURNED, "지급 반송 안내", application.version.programme.organisation, claim.merchant,
        application.id, (("전결", by.user_id),),
    )  # fmt: skip
    return _store(session, stores, matter, opening, facts, sections, by=by, at=at)


def issue_account(session: Session, stores: Stores, change: AccountChange, *, by: Actor, at: datetime) -> Letter:
    """계좌 변경 확인 안내, or that it was refused and the account before it is paid to."""
    merchant, refused = change.merchant, change.refused_at is not None
    facts = (
        ("상호", merchant.trade_name),
        ("바꾼 날", document_date(korean_date(change.changed_at))),
        ("바꾼 계좌", _account(change.bank_code, change.account_number, change.account_holder)),
        *([("사유", change.refusal)] if refused else []),
    )
    if refused:
        opening = "바꾸어 달라고 하신 지원금 계좌를 받아들이지 않았음을 알려 드립니다."
        sections = (("하실 일", ("본인 명의의 계좌가 맞는지 확인한 뒤 포털에서 다시 적어 주십시오.", _SAFE)),)
    else:
        opening = "바꾸신 지원금 계좌를 담당자 두 사람이 확인하였음을 알려 드립니다."
        sections = (("알아 두실 것", ("다음 지급부터 이 계좌로 지급합니다.", _SAFE)),)
    organisation = session.get_one(Organisation, by.organisation_id)
    matter = Matter(
        LetterKind.ACCOUNT_CHANGE, "계좌 변경 반려 안내" if refused else "계좌 변경 확인 안내", organisation, merchant,
        None, (("전결", by.user_id),),
    )  # fmt: skip
    return _store(session, stores, matter, opening, facts, sections, by=by, at=at)


def issue_reserved(session: Session, stores: Stores, reservation: Reservation, *, by: Actor, at: datetime) -> Letter:
    """예산 확보 안내: whoever stood on the waiting list has the money kept for them now."""
    application = reservation.application
    facts = (
        ("사업", programmes.read(application.version).terms.name),
        ("상호", application.merchant.trade_name),
        ("접수번호", application.receipt_number or ""),
        ("확보한 금액", f"{reservation.reserved:,}원"),
        ("확보한 날", document_date(korean_date(reservation.reserved_at or at))),
    )
    sections = (
        ("하실 일", ("지금 하실 일은 없습니다. 심사가 끝나면 결과를 문서로 알려 드립니다.",)),
        (
            "알아 두실 것",
            ("이 안내는 선정을 뜻하지 않습니다.", "신청을 취하하시면 확보한 예산은 다음 차례로 넘어갑니다."),
        ),
    )
    opening = "예산을 기다리시던 신청에 예산이 확보되었음을 알려 드립니다."
    matter = Matter(
        LetterKind.RESERVED, "예산 확보 안내", application.version.programme.organisation, application.merchant,
        application.id, (),
    )  # fmt: skip
    return _store(session, stores, matter, opening, facts, sections, by=by, at=at)


def issue_due(session: Session, stores: Stores, *, at: datetime) -> int:
    """The letter to everybody who moved up from the waiting list and was not told; how many. Once, whoever runs it."""
    issued = 0
    for application_id in reservations.moved_up(session):
        found = reservations.to_tell(session, application_id)
        if found is not None:
            issue_reserved(session, stores, found[0], by=accounts.actor_of(found[1]), at=at)
            issued += 1
    return issued


def _store(
    session: Session,
    stores: Stores,
    matter: Matter,
    opening: str,
    facts: tuple[tuple[str, str], ...],
    sections: tuple[tuple[str, tuple[str, ...]], ...],
    *,
    by: Actor,
    at: datetime,
) -> Letter:
    def render(envelope: notice.Envelope) -> bytes:
        return notice.render(notice.NoticeLetter(envelope, opening, facts, sections))

    return store_letter(session, stores, matter, render, by=by, at=at)


def _account(bank: str, number: str, holder: str) -> str:
    return f"{data.banks().get(bank, bank)} {mask_account(number)} ({mask_name(holder)})"

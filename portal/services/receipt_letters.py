"""The receipt letter (접수증) of an application that somebody entered in the merchant's place: who did, by which paper.

For a merchant without an account the printed copy carries a code to take the account over. That copy is handed over and
never stored: what is kept of the code is its hash.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain.activations import LASTS
from portal.domain.actors import Actor, Capacity
from portal.domain.errors import InvalidTransition
from portal.domain.identifiers import format_business_number
from portal.domain.letters import LetterKind
from portal.domain.periods import document_date, korean_date
from portal.models.accounts import User
from portal.models.applications import Application
from portal.models.letters import Letter
from portal.queries import applications, mandates, programmes, representatives
from portal.queries.mandates import Standing
from portal.services import activations
from portal.services.issuing import Matter, store_letter
from portal.storage.objects import Stores
from reports.letters import notice
from reports.letters.document import Envelope

TITLE = "접수증"
OPENING = "아래와 같이 신청을 접수하였음을 알려 드립니다."
CAPACITIES = {
    Capacity.CONSENT: "대리 입력(동의서에 따름)",
    Capacity.ATTORNEY: "대리인(위임장에 따름)",
    Capacity.ASSOCIATION: "상인회(구성원의 동의에 따름)",
}


@dataclass(frozen=True, slots=True)
class Printed:
    """The letter as issued, and the copy for the merchant, which alone carries the code."""

    letter: Letter
    copy: bytes


def issue(session: Session, stores: Stores, application_id: int, *, by: Actor, at: datetime) -> Printed:
    """Issues the letter and, while the merchant has no account, a fresh code on the copy to be handed over.

    Raises NotFound for an application that is not one's own to see, InvalidTransition before it was handed in.
    """
    application = applications.owned(session, application_id, by)
    standing = mandates.of_case(session, application)
    if application.submitted_at is None or standing is None:
        raise InvalidTransition("a receipt is for what was handed in in a merchant's place")
    owner = session.get_one(User, application.merchant.owner_id)
    code = "" if owner.active or by.is_association else activations.new_code()  # the member's account is the member's
    copies: list[bytes] = []

    def render(envelope: Envelope) -> bytes:
        facts = _facts(session, application, standing)
        copies.append(_pdf(envelope, facts, _take_over(code, at)))
        return _pdf(envelope, facts, ())

    organisation = application.version.programme.organisation
    matter = Matter(LetterKind.RECEIPT, TITLE, organisation, application.merchant, application.id, ())
    letter = store_letter(session, stores, matter, render, by=by, at=at)
    if code:
        activations.keep(session, owner.id, letter, code, by=by, at=at)
    return Printed(letter, copies[0])


def _pdf(envelope: Envelope, facts: tuple[tuple[str, str], ...], code: tuple[str, ...]) -> bytes:
    sections = (("계정을 넘겨받는 방법 (이 사본에만 있습니다)", code),) if code else ()
    return notice.render(notice.NoticeLetter(envelope, OPENING, facts, sections))


def _facts(session: Session, application: Application, standing: Standing) -> tuple[tuple[str, str], ...]:
    merchant, mandate = application.merchant, standing.mandate
    entered = f"{mandate.office} {standing.title} {standing.holder}".strip()
    joint = representatives.with_signatures(session, application.id, merchant.id)
    named = tuple(f"{each.name}({'서명함' if signed else '서명하지 않음'})" for each, signed in joint)
    received = application.submitted_at or application.changed_at
    return (
        ("사업", programmes.read(application.version).terms.name),
        ("상호", merchant.trade_name),
        ("사업자등록번호", format_business_number(merchant.business_number)),
        *((("공동대표", ", ".join(named)),) if len(named) > 1 else ()),
        ("접수번호", application.receipt_number or ""),
        ("접수한 날", document_date(korean_date(received))),
        ("결과를 알려 드릴 날", f"{document_date(application.due_on)}까지" if application.due_on else "예산 확보 뒤"),
        (CAPACITIES[mandate.capacity], " ".join(entered.split())),
        ("동의서·위임장", f"{document_date(korean_date(mandate.given_at))} 받음"),
    )


def _take_over(code: str, at: datetime) -> tuple[str, ...]:
    if not code:
        return ()
    until = document_date(korean_date(at + LASTS))
    return (
        f"활성화 코드: {code}",
        "접수한 곳의 다른 담당자가 동의서를 확인한 뒤부터 쓸 수 있습니다.",
        f"이음 포털의 ‘계정 넘겨받기’에서 이 코드와 사업자등록번호를 적으면 본인 계정이 됩니다. {until} 전까지, "
        "한 번만 쓸 수 있습니다.",
        "계정을 넘겨받으면 공무원의 대리 입력은 끝납니다. 코드를 다른 사람에게 알려 주지 마십시오. 기한이 지났거나 "
        "잃어버렸으면 접수한 곳에서 다시 받을 수 있고, 먼저 받은 코드는 못 쓰게 됩니다.",
    )

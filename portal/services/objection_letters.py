"""What the portal writes to a merchant about their objection: that it takes longer, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from portal import data
from portal.domain.actors import Actor
from portal.domain.approvals import Matter
from portal.domain.identifiers import format_business_number
from portal.domain.letters import LetterKind
from portal.domain.objections import UPHELD, Against, Outcome, Remedy, remedies
from portal.domain.periods import document_date, korean_date
from portal.domain.reservations import ReservationStatus
from portal.models.accounts import Organisation
from portal.models.letters import Letter
from portal.models.objections import Objection
from portal.queries import programmes
from portal.queries import reservations as find_reservations
from portal.services import approvals
from portal.services.issuing import Matter as Subject
from portal.services.issuing import store_letter
from portal.storage.objects import Stores
from reports.letters import objection as paper
from reports.letters.document import Envelope

_OUTCOMES = {
    Outcome.GRANT: "인용(받아들임)",
    Outcome.GRANT_PARTLY: "일부 인용(일부 받아들임)",
    Outcome.DISMISS: "기각(받아들이지 않음)",
    Outcome.REFUSE: "각하(심사 대상이 아님)",
}
_REMEDIES = {
    "administrative_appeal": "행정심판: 이 통지를 받은 날부터 {days}일 이내({until}까지) 청구합니다({article}).",
    "lawsuit": "행정소송: 이 통지를 받은 날부터 {days}일 이내({until}까지) 제기합니다({article}).",
}


def issue_extension(session: Session, stores: Stores, objection: Objection, *, by: Actor, at: datetime) -> Letter:
    """이의신청 처리기간 연장 통지서."""
    signers = (("전결", by.user_id),)

    def render(envelope: Envelope) -> bytes:
        return paper.render_extension(
            paper.ExtensionLetter(
                about=_about(objection, envelope),
                reasons=_lines(objection.extension_reason),
                first_due_on=objection.first_due_on,
                due_on=objection.due_on,
                article=objection.reply_article,
            )
        )

    title = "이의신청 처리기간 연장 통지서"
    return _store(session, stores, objection, LetterKind.OBJECTION_EXTENDED, title, signers, render, by, at)


def issue_result(session: Session, stores: Stores, objection: Objection, *, by: Actor, at: datetime) -> Letter:
    """이의신청 결과 통지서: the outcome, why, what follows, and what is open after it."""
    signers, unsigned = approvals.line_of(
        session, Matter.OBJECTION, objection.id, drafted_by=objection.drafted_by or by.user_id, signed_by=by.user_id
    )
    outcome, follows = objection.outcome or Outcome.REFUSE, _follows(session, objection)
    after = remedies(korean_date(at), data.law_of_objections())

    def render(envelope: Envelope) -> bytes:
        return paper.render_result(
            paper.ResultLetter(
                about=_about(objection, envelope),
                outcome=_OUTCOMES[outcome],
                reasons=_lines(objection.answer),
                follows=follows,
                remedies=tuple(map(_remedy, after)),
            )
        )

    title = "이의신청 결과 통지서"
    return _store(session, stores, objection, LetterKind.OBJECTION_RESULT, title, signers, render, by, at, unsigned)


def _follows(session: Session, objection: Objection) -> tuple[str, ...]:
    """What the outcome means for whoever asked, in plain sentences."""
    if objection.status not in UPHELD:
        return ("처음 결정이 그대로 유지됩니다.",)
    match objection.against:
        case Against.RECOVERY if objection.amount is not None:
            return (
                "환수 명령을 거두었습니다. 내실 금액은 없습니다.",
                f"남은 {objection.amount:,}원은 사전통지부터 다시 안내하며, 그때 의견을 낼 수 있습니다.",
            )
        case Against.RECOVERY:
            return ("환수 명령을 거두었습니다. 내실 금액은 없습니다.",)
        case Against.PARTIAL:
            won = objection.amount or objection.at_stake
            return (f"교부결정액을 {won:,}원으로 바꾸는 결재를 올렸습니다. 정해지면 변경교부결정통지서를 보냅니다.",)
        case _:
            return (_money(session, objection), f"신청을 다른 담당자가 {_again(objection)}까지 다시 심사합니다.")


def _money(session: Session, objection: Objection) -> str:
    kept = find_reservations.of_application(session, objection.application_id)
    if kept is not None and kept.status is ReservationStatus.RESERVED:
        return f"지원금 {kept.reserved:,}원의 예산을 확보해 두었습니다."
    if programmes.read(objection.application.version).announcement.selection is not None:
        return "예산은 선정심의의 결과와 순위에 따라 확보합니다."
    return "남은 예산이 없어 대기 명단에 올렸습니다. 예산이 생기면 접수 순번에 따라 확보합니다."


def _again(objection: Objection) -> str:
    due_on = objection.application.due_on
    return document_date(due_on) if due_on else "처리기한"


def _remedy(each: Remedy) -> str:
    return _REMEDIES[each.code].format(days=each.rule.days, until=document_date(each.until), article=each.rule.article)


def _store(
    session: Session,
    stores: Stores,
    objection: Objection,
    kind: LetterKind,
    title: str,
    signers: tuple[tuple[str, int], ...],
    render: Callable[[Envelope], bytes],
    by: Actor,
    at: datetime,
    unsigned: frozenset[int] = frozenset(),
) -> Letter:
    organisation = session.get_one(Organisation, objection.organisation_id)
    matter = Subject(kind, title, organisation, objection.merchant, objection.application_id, signers, unsigned)
    return store_letter(session, stores, matter, render, by=by, at=at)


def _about(objection: Objection, envelope: Envelope) -> paper.About:
    letter = objection.letter
    return paper.About(
        envelope=envelope,
        programme=programmes.read(objection.application.version).terms.name,
        trade_name=objection.merchant.trade_name,
        business_number=format_business_number(objection.merchant.business_number),
        number=objection.number,
        filed_on=korean_date(objection.filed_at),
        against=f"{letter.title} {letter.document_number} ({document_date(korean_date(letter.issued_at))})",
        purport=objection.purport,
    )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())

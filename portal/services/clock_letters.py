"""Letters about time: an extension and the question for consent to one, more time for a supplement, how a long case
stands, and that an application is returned.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.applications import ApplicationStatus
from portal.domain.deadlines import LONGEST_IN_HOURS
from portal.domain.letters import LetterKind
from portal.domain.periods import document_date, korean_date
from portal.models.applications import Application, Supplement
from portal.models.clocks import ProcessingExtension, SupplementExtension
from portal.models.letters import Letter
from portal.queries import programmes
from portal.services import clocks
from portal.services.approvals import Mandate
from portal.services.issuing import Matter, store_letter
from portal.storage.objects import Stores
from reports.letters import notice

S = ApplicationStatus
Facts = tuple[tuple[str, str], ...]
Sections = tuple[tuple[str, tuple[str, ...]], ...]

_STAGES = {
    S.SUBMITTED: "접수하여 검토를 기다리고 있습니다.",
    S.IN_REVIEW: "담당자가 검토하고 있습니다.",
    S.SUPPLEMENT_REQUESTED: "보완을 기다리고 있습니다. 보완하시면 검토를 이어 갑니다.",
    S.RECOMMENDED: "검토를 마치고 결재를 기다리고 있습니다.",
}
_NOTHING_TO_DO = "지금 하실 일은 없습니다. 진행 상황은 포털의 신청 화면에서 언제든지 보실 수 있습니다."


def issue_extension(
    session: Session, stores: Stores, application: Application, extension: ProcessingExtension, *,
    by: Actor, at: datetime,
) -> Letter:  # fmt: skip
    """처리기간 연장 통지서: why, and the new day (민원처리법 시행령 제21조)."""
    basis = "처리기간 연장은 「민원 처리에 관한 법률 시행령」 제21조에 따른 것입니다."
    agreed = (f"{document_date(korean_date(extension.answered_at))} 동의하신 데 따른 두 번째 연장입니다.",) \
        if extension.answered_at else ()  # fmt: skip
    facts = (
        *_about(application),
        ("지금까지의 처리기한", document_date(extension.due_before)),
        ("늘린 기간", _length(application, extension.days)),
        ("결과를 알려 드릴 날", f"{document_date(extension.due_on or extension.due_before)}까지"),
    )
    sections: Sections = (
        ("연장 사유", _lines(extension.reason)),
        ("알아 두실 것", (*agreed, basis, _NOTHING_TO_DO)),
    )
    opening = "신청하신 일의 결과를 알려 드리는 날이 늦어지게 되어 알려 드립니다. 양해하여 주시기 바랍니다."
    matter = _matter(LetterKind.EXTENSION, "처리기간 연장 통지서", application, extension.asked_by)
    return _issue(session, stores, matter, opening, facts, sections, by=by, at=at)


def issue_extension_asked(
    session: Session, stores: Stores, application: Application, extension: ProcessingExtension, *,
    by: Actor, at: datetime,
) -> Letter:  # fmt: skip
    """처리기간 재연장 동의 요청: a second extension needs the applicant's yes."""
    facts = (
        *_about(application),
        ("지금의 처리기한", document_date(extension.due_before)),
        ("더 필요한 기간", _length(application, extension.days)),
    )
    sections: Sections = (
        ("더 필요한 사유", _lines(extension.reason)),
        (
            "하실 일",
            (
                "포털에 로그인하여 신청 화면에서 ‘동의합니다’ 또는 ‘동의하지 않습니다’를 눌러 주십시오.",
                "동의하지 않으셔도 불이익은 없으며, 지금의 처리기한이 그대로 적용됩니다.",
            ),
        ),
    )
    opening = "한 번 늘린 처리기간 안에도 마치기 어려워, 기간을 한 번 더 늘리는 데 동의하시는지 여쭙습니다."
    matter = _matter(LetterKind.EXTENSION_ASKED, "처리기간 재연장 동의 요청", application, extension.asked_by)
    return _issue(session, stores, matter, opening, facts, sections, by=by, at=at)


def issue_supplement_extended(
    session: Session, stores: Stores, application: Application, asked: Supplement, extension: SupplementExtension, *,
    by: Actor, at: datetime,
) -> Letter:  # fmt: skip
    """보완기한 연장 안내: the new day, as the applicant asked for it."""
    facts = (
        *_about(application),
        ("지금까지의 기한", document_date(extension.due_before)),
        ("새 보완 기한", f"{document_date(extension.due_on)}까지"),
        ("연장 횟수", f"{extension.number}번째 (두 번까지)"),
    )
    sections: Sections = (("보완할 사항", _lines(asked.items)), ("연장을 요청하신 사유", _lines(extension.reason)))
    opening = "요청하신 대로 보완 기한을 늘렸음을 알려 드립니다."
    matter = _matter(LetterKind.SUPPLEMENT_EXTENDED, "보완기한 연장 안내", application, asked.requested_by)
    return _issue(session, stores, matter, opening, facts, sections, by=by, at=at)


def issue_status(session: Session, stores: Stores, application: Application, *, by: Actor, at: datetime) -> Letter:
    """처리상황 안내: where a case stands that takes longer than thirty days (민원처리법 시행령 제23조)."""
    waits = application.status is S.SUPPLEMENT_REQUESTED
    due = "보완하신 뒤 남은 기간을 다시 셉니다." if waits or application.due_on is None else (
        f"{document_date(application.due_on)}까지")  # fmt: skip
    facts = (
        *_about(application),
        ("접수한 날", document_date(korean_date(application.submitted_at or at))),
        ("지금 단계", _STAGES[application.status]),
        ("결과를 알려 드릴 날", due),
    )
    to_do = "보완요구서의 내용을 포털의 신청 화면에서 보완해 주십시오." if waits else _NOTHING_TO_DO
    sections: Sections = (("하실 일", (to_do,)),)
    opening = "신청하신 일이 어디까지 왔는지 알려 드립니다. 끝날 때까지 30일마다 알려 드립니다."
    matter = _matter(LetterKind.STATUS_NOTICE, "처리상황 안내", application, application.reviewer_id)
    return _issue(session, stores, matter, opening, facts, sections, by=by, at=at)


def issue_returned(
    session: Session, stores: Stores, application: Application, mandate: Mandate, *, by: Actor, at: datetime
) -> Letter:
    """반려 통지서: what was asked twice, why the application goes back, and the remedies."""
    asked = application.supplements
    appeal, until = clocks.appeal(session, application, korean_date(at))
    facts = (
        *_about(application),
        *(
            (f"{number}차 보완 요구", f"{document_date(korean_date(each.requested_at))} "
             f"(기한 {document_date(each.due_on)})")
            for number, each in enumerate(asked, start=1)
        ),
    )  # fmt: skip
    sections: Sections = (
        ("반려 사유", _lines(application.return_reasons)),
        ("다시 신청하려면", ("신청 기간 안이면 빠진 것을 갖추어 새로 신청하실 수 있습니다.",)),
        (
            "구제 절차",
            (
                f"이의신청: {appeal.article}에 따라 이 통지를 받은 날부터 {appeal.days}일 이내"
                f"({document_date(until)}까지) 서면으로 신청할 수 있습니다.",
                "행정심판: 처분이 있음을 알게 된 날부터 90일 이내에 청구할 수 있습니다(행정심판법 제27조).",
            ),
        ),
    )
    opening = "두 차례 요구한 보완이 이루어지지 않아 신청을 돌려보내게 되었음을 알려 드립니다."
    mark = "대결" if mandate.stands_for else "전결" if mandate.delegated else "결재"
    signers = (("기안", asked[-1].requested_by), (mark, by.user_id))
    organisation = application.version.programme.organisation
    matter = Matter(LetterKind.RETURNED, "반려 통지서", organisation, application.merchant, application.id, signers)
    return _issue(session, stores, matter, opening, facts, sections, by=by, at=at)


def _about(application: Application) -> Facts:
    return (
        ("사업", programmes.read(application.version).terms.name),
        ("상호", application.merchant.trade_name),
        ("접수번호", application.receipt_number or ""),
    )


def _length(application: Application, days: int) -> str:
    """`7일 (쉬는 날은 세지 않음)`, or in hours where the period was given in hours."""
    period = programmes.read(application.version).announcement.call.processing_days
    hours = f" {days * 8}근무시간" if period <= LONGEST_IN_HOURS else ""
    return f"{days}일{hours} (쉬는 날은 세지 않음)"


def _matter(kind: LetterKind, title: str, application: Application, signer: int | None) -> Matter:
    organisation = application.version.programme.organisation
    signers = (("전결", signer),) if signer is not None else ()
    return Matter(kind, title, organisation, application.merchant, application.id, signers)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _issue(
    session: Session, stores: Stores, matter: Matter, opening: str, facts: Facts, sections: Sections, *,
    by: Actor, at: datetime,
) -> Letter:  # fmt: skip
    def render(envelope: notice.Envelope) -> bytes:
        return notice.render(notice.NoticeLetter(envelope, opening, facts, sections))

    return store_letter(session, stores, matter, render, by=by, at=at)

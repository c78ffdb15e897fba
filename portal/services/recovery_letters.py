"""What the portal writes to a merchant about a recovery: prior notice, order, instalments, and how it ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal import data
from portal.domain.actors import Actor
from portal.domain.approvals import Matter
from portal.domain.deadlines import appeal_due_on, period_of
from portal.domain.identifiers import format_business_number
from portal.domain.kinds import SOURCE_NAMES
from portal.domain.letters import LetterKind
from portal.domain.periods import document_date, korean_date
from portal.domain.recoveries import ChargeKind, RecoveryStatus
from portal.domain.recovery_amounts import Charge, Owed, owed
from portal.domain.recovery_rates import LOCAL, NATIONAL, Cause
from portal.models.letters import Letter
from portal.models.programmes import Programme
from portal.models.recoveries import Recovery, RecoveryLetter
from portal.queries import audit, recoveries
from portal.services import approvals
from portal.services.issuing import Matter as Subject
from portal.services.issuing import store_letter
from portal.storage.objects import Stores
from reports.letters import recovery as paper
from reports.letters.document import Envelope

_NAMES = {
    ChargeKind.PRINCIPAL: "원금",
    ChargeKind.INTEREST: "이자",
    ChargeKind.SURCHARGE: "제재부가금",
    ChargeKind.LATE: "가산금",
}
# What an Act lets the office do where nothing is paid: netting, and collection by force.
_UNPAID = {
    LOCAL: (
        "다음에 지급할 지원금에서 빼거나 지급을 미룰 수 있습니다(지방보조금법 제33조).",
        "지방세를 체납한 때의 예에 따라 강제로 징수할 수 있습니다(지방보조금법 제36조).",
    ),
    NATIONAL: (
        "다음에 지급할 지원금에서 빼거나 지급을 미룰 수 있습니다(보조금법 제32조).",
        "국비 부분은 국세를 체납한 때의 예에 따라 강제로 징수할 수 있습니다(보조금법 제33조의3).",
    ),
}
_OUTCOMES = {
    RecoveryStatus.DROPPED: "환수하지 않기로 하였습니다.",
    RecoveryStatus.SETTLED: "모두 받았습니다.",
    RecoveryStatus.WITHDRAWN: "이의신청을 받아들여 환수 명령을 거두었습니다.",
    RecoveryStatus.WRITTEN_OFF: "남은 금액을 받지 않기로 하였습니다(결손 처분).",
}


def issue_notice(
    session: Session, stores: Stores, recovery: Recovery, lines: Sequence[Charge], *, by: Actor, at: datetime
) -> Letter:
    """사전통지서."""
    signers = (("전결", by.user_id),)

    def render(envelope: Envelope) -> bytes:
        return paper.render_notice(
            paper.NoticeLetter(
                about=_about(recovery, envelope),
                lines=_lines(lines),
                basis=tuple(dict.fromkeys(line.article for line in lines)),
                answer_until=recovery.opinion_due_on or korean_date(at),
                unverified=any(line.check for line in lines),
            )
        )

    return _store(session, stores, recovery, LetterKind.RECOVERY_NOTICE, "환수 사전통지서", signers, render, by, at)


def issue_order(
    session: Session, stores: Stores, recovery: Recovery, lines: Sequence[Charge], *, by: Actor, at: datetime
) -> Letter:
    """환수 명령서."""
    drafted = recovery.drafted_by or by.user_id
    signers, unsigned = approvals.line_of(
        session, Matter.RECOVERY_ORDER, recovery.id, drafted_by=drafted, signed_by=by.user_id
    )
    sums, acts, on = owed(lines), _acts(lines), korean_date(at)
    wrongful = recovery.cause not in (Cause.HONEST, Cause.CORRECTED)

    def render(envelope: Envelope) -> bytes:
        return paper.render_order(
            paper.OrderLetter(
                about=_about(recovery, envelope),
                principal_name="부정이익(원금)" if wrongful else "더 받은 금액(원금)",
                principal=sums.principal,
                interest=sums.interest,
                surcharge=sums.surcharge,
                lines=_lines(lines),
                due_on=recovery.due_on or on,
                opinion=recovery.heard or "",
                appeals=tuple(_appeal(act, on, envelope) for act in acts),
                late=(*(_late(act, on) for act in acts if sums.surcharge), *(s for act in acts for s in _UNPAID[act])),
                unverified=any(line.check for line in lines),
            )
        )

    return _store(
        session, stores, recovery, LetterKind.RECOVERY_ORDER, "환수 명령서", signers, render, by, at, unsigned
    )


def issue_instalments(
    session: Session, stores: Stores, recovery: Recovery, *, proposed_by: int, by: Actor, at: datetime
) -> Letter:
    """분할 납부 승인 통지서."""
    signers = (("기안", proposed_by), ("결재", by.user_id))
    schedule = tuple((each.due_on, each.amount) for each in recovery.instalments)

    def render(envelope: Envelope) -> bytes:
        return paper.render_instalments(paper.InstalmentsLetter(_about(recovery, envelope), schedule))

    kind, title = LetterKind.RECOVERY_INSTALMENTS, "분할 납부 승인 통지서"
    return _store(session, stores, recovery, kind, title, signers, render, by, at)


def issue_closed(
    session: Session, stores: Stores, recovery: Recovery, given_up: Owed, *, by: Actor, at: datetime
) -> Letter:
    """환수 종결 통지서: dropped, all received, or the rest given up."""
    ordered = owed(recoveries.charges_of(session, recovery)).total
    left = recoveries.owed_of(session, recovery).total
    proposed = audit.accounts_of(session, "recovery", recovery.id, "propose_write_off")
    written_off = recovery.status is RecoveryStatus.WRITTEN_OFF
    signers, unsigned = (("전결", by.user_id),), frozenset[int]()
    if written_off:
        signers, unsigned = approvals.line_of(
            session, Matter.WRITE_OFF, recovery.id, drafted_by=proposed[-1], signed_by=by.user_id
        )

    def render(envelope: Envelope) -> bytes:
        about = _about(recovery, envelope, reasons=recovery.closing_reason or "환수금을 모두 받아 끝났습니다.")
        outcome = _OUTCOMES[recovery.status]
        received = ordered - left - given_up.total
        return paper.render_closed(paper.ClosedLetter(about, outcome, ordered, received, given_up.total))

    return _store(
        session, stores, recovery, LetterKind.RECOVERY_CLOSED, "환수 종결 통지서", signers, render, by, at, unsigned
    )


def formula(line: Charge) -> str:
    """How a line was found, as a letter prints it; marked where the number is not verified."""
    mark = " (확인 필요)" if line.check else ""
    match line.kind:
        case ChargeKind.INTEREST:
            return f"{line.base:,}원 × 연 {line.percent}% × {line.months}/12{mark}"
        case ChargeKind.SURCHARGE:
            return f"{line.base:,}원 × {line.percent}%{mark}"
        case ChargeKind.LATE:
            return f"밀린 {line.base:,}원 × {line.percent}%까지{mark}"
        case _:
            return "지급액 가운데"


def _store(
    session: Session,
    stores: Stores,
    recovery: Recovery,
    kind: LetterKind,
    title: str,
    signers: tuple[tuple[str, int], ...],
    render: Callable[[Envelope], bytes],
    by: Actor,
    at: datetime,
    unsigned: frozenset[int] = frozenset(),
) -> Letter:
    organisation = session.get_one(Programme, recovery.programme_id).organisation
    matter = Subject(kind, title, organisation, recovery.merchant, recovery.application_id, signers, unsigned)
    letter = store_letter(session, stores, matter, render, by=by, at=at)
    session.add(RecoveryLetter(recovery_id=recovery.id, letter_id=letter.id))
    session.flush()
    return letter


def _about(recovery: Recovery, envelope: Envelope, *, reasons: str = "") -> paper.About:
    return paper.About(
        envelope=envelope,
        programme=recovery.programme.name,
        trade_name=recovery.merchant.trade_name,
        business_number=format_business_number(recovery.merchant.business_number),
        period=f"{recovery.period[:4]}. {int(recovery.period[5:])}.",
        reasons=tuple(line.strip() for line in (reasons or recovery.reason).splitlines() if line.strip()),
    )


def _lines(lines: Sequence[Charge]) -> tuple[paper.Line, ...]:
    return tuple(
        paper.Line(
            _NAMES[line.kind], SOURCE_NAMES.get(line.source, line.source), formula(line), line.article, line.amount
        )
        for line in lines
    )


def _acts(lines: Sequence[Charge]) -> list[str]:
    return list(dict.fromkeys(line.act for line in lines))


def _appeal(act: str, on: date, envelope: Envelope) -> str:
    """How long one may appeal, by the Act of the money."""
    period, office = period_of(data.act_periods(), act, "appeal", on), envelope.office
    until = appeal_due_on(on, act, data.act_periods(), data.holidays())
    return (
        f"이의신청: {period.article}에 따라 이 통지를 받은 날부터 {period.days}일 이내({document_date(until)}까지) "
        f"{office.name} {office.unit}에 서면으로 신청할 수 있습니다."
    )


def _late(act: str, on: date) -> str:
    rule = data.recovery_rates_in_law().late_rule(act, on)
    mark = " (확인 필요)" if rule.check else ""
    return (
        f"밀린 제재부가금에 가산금이 붙습니다: {rule.first_days}일까지 {rule.first_percent}%, 한 달까지 "
        f"{rule.month_percent}%, 그 뒤 한 달마다 {rule.further_percent}%씩 더하여 {rule.cap_percent}%까지"
        f"({rule.article}){mark}."
    )

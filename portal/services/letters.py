"""What the portal writes to merchants: the decision, the rejection, the request for supplement, the payment notice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal import data
from portal.domain.actors import Actor
from portal.domain.approvals import Matter
from portal.domain.identifiers import format_business_number
from portal.domain.kinds import SOURCE_NAMES
from portal.domain.letters import LetterKind
from portal.domain.masking import mask_account, mask_name
from portal.domain.periods import korean_date
from portal.models.applications import Application, Decision, Supplement
from portal.models.grant_changes import GrantChange
from portal.models.letters import Letter
from portal.models.payments import Payment
from portal.queries import programmes
from portal.queries.programmes import Published
from portal.services import approvals, clocks, supplement_parts
from portal.services.issuing import Matter as Subject
from portal.services.issuing import store_letter
from portal.storage.objects import Stores
from reports.letters import decision as decision_letter
from reports.letters import payment as payment_letter
from reports.letters import rejection as rejection_letter
from reports.letters import supplement as supplement_letter
from reports.letters.document import Envelope

PAID_HOW = "매월 플랫폼 정산자료로 산정하여 승인한 금액을 등록하신 계좌로 지급합니다. 따로 청구하지 않아도 됩니다."
GIVEN_HOW = "돈이 아니라 서비스로 드립니다. 포털의 ‘서비스 고르기’에서 선정된 플랫폼의 서비스를 고르십시오."
SETTLED_BY = "실적보고와 정산은 관계 법령의 기한까지 하며, 쓰지 않은 금액은 교부결정액에서 뺍니다."


def issue_decision(
    session: Session,
    stores: Stores,
    application: Application,
    decision: Decision,
    parts: Mapping[str, int],
    *,
    by: Actor,
    at: datetime,
) -> Letter:
    """교부결정통지서. `parts`: source -> won as committed; they add up to `decision.amount`."""
    matter = _matter(LetterKind.DECISION, "교부결정통지서", application, *_signed(session, decision))
    return store_letter(
        session,
        stores,
        matter,
        lambda envelope: decision_letter.render(
            _decision(session, application, decision, parts, envelope, korean_date(at))
        ),
        by=by,
        at=at,
    )


def issue_changed_decision(
    session: Session,
    stores: Stores,
    application: Application,
    decision: Decision,
    parts: Mapping[str, int],
    change: GrantChange,
    *,
    by: Actor,
    at: datetime,
) -> Letter:
    """변경교부결정통지서: what the grant comes to now, instead of what, and why."""
    line = approvals.line_of(
        session, Matter.DECISION, application.id, drafted_by=change.proposed_by, signed_by=by.user_id
    )
    matter = _matter(LetterKind.DECISION_CHANGED, "변경교부결정통지서", application, *line)
    changed = decision_letter.Changed(change.amount_before, _lines(change.reason))
    return store_letter(
        session,
        stores,
        matter,
        lambda envelope: decision_letter.render(
            _decision(session, application, decision, parts, envelope, korean_date(at), changed)
        ),
        by=by,
        at=at,
    )


def issue_rejection(
    session: Session, stores: Stores, application: Application, decision: Decision, *, by: Actor, at: datetime
) -> Letter:
    """불선정 통지서, with the reasons line by line and the remedies."""
    published, merchant = programmes.read(application.version), application.merchant
    matter = _matter(LetterKind.REJECTION, "불선정 통지서", application, *_signed(session, decision))
    appeal, until = clocks.appeal(session, application, korean_date(at))
    return store_letter(
        session,
        stores,
        matter,
        lambda envelope: rejection_letter.render(
            rejection_letter.RejectionLetter(
                envelope=envelope,
                programme=published.terms.name,
                trade_name=merchant.trade_name,
                business_number=format_business_number(merchant.business_number),
                receipt_number=application.receipt_number or "",
                reasons=_lines(decision.reasons),
                appeal_until=until,
                appeal_days=appeal.days,
                act=appeal.article,
            )
        ),
        by=by,
        at=at,
    )


def issue_supplement(
    session: Session,
    stores: Stores,
    application: Application,
    supplement: Supplement,
    *,
    number: int = 1,
    stands_for: int | None = None,
    by: Actor,
    at: datetime,
) -> Letter:
    """보완요구서, with what is missing line by line. `number`: 2 where it is asked once more.

    `stands_for`: the absent reviewer in whose place it is asked.
    """
    line = (("전결", supplement.requested_by),)
    if stands_for is not None:
        line = (("전결", stands_for), ("대결", supplement.requested_by))
    unsigned = frozenset(account for mark, account in line[:-1] if mark == "전결")
    matter = _matter(LetterKind.SUPPLEMENT, "보완요구서", application, line, unsigned)
    return store_letter(
        session,
        stores,
        matter,
        lambda envelope: supplement_letter.render(
            supplement_letter.SupplementLetter(
                envelope=envelope,
                programme=programmes.read(application.version).terms.name,
                trade_name=application.merchant.trade_name,
                receipt_number=application.receipt_number or "",
                items=(*_lines(supplement.items), _opened(application, supplement)),
                due_on=supplement.due_on,
                number=number,
            )
        ),
        by=by,
        at=at,
    )


def issue_payment(session: Session, stores: Stores, payment: Payment, *, by: Actor, at: datetime) -> Letter:
    """지급통지서 for one payment that the bank has confirmed; the account is masked."""
    claim, run = payment.claim, payment.run
    application = session.get_one(Application, claim.application_id)
    released = run.released_by or by.user_id
    line = approvals.line_of(session, Matter.PAYMENT_RUN, run.id, drafted_by=run.prepared_by, signed_by=released)
    published = programmes.read(claim.version)
    parts = {share.source: share.whole for share in payment.shares}
    return store_letter(
        session,
        stores,
        _matter(LetterKind.PAYMENT, "지급통지서", application, *line),
        lambda envelope: payment_letter.render(
            payment_letter.PaymentLetter(
                envelope=envelope,
                programme=published.terms.name,
                trade_name=claim.merchant.trade_name,
                claims=(payment_letter.PaidClaim(claim.period, claim.lines, payment.whole),),
                netted=payment.netted,
                funding=_named(parts),
                bank=data.banks().get(payment.bank_code, payment.bank_code),
                account=mask_account(payment.account_number),
                holder=mask_name(payment.account_holder),
                paid_on=payment.executed_on or korean_date(at),
            )
        ),
        by=by,
        at=at,
    )


def _decision(
    session: Session,
    application: Application,
    decision: Decision,
    parts: Mapping[str, int],
    envelope: Envelope,
    on: date,
    changed: decision_letter.Changed | None = None,
) -> decision_letter.DecisionLetter:
    published, merchant = programmes.read(application.version), application.merchant
    appeal, until = clocks.appeal(session, application, on)
    return decision_letter.DecisionLetter(
        envelope=envelope,
        programme=published.terms.name,
        trade_name=merchant.trade_name,
        business_number=format_business_number(merchant.business_number),
        receipt_number=application.receipt_number or "",
        amount=decision.amount,
        funding=_named(parts),
        paid_how=PAID_HOW if published.terms.items else GIVEN_HOW,
        settled_by=SETTLED_BY,
        appeal_until=until,
        appeal_days=appeal.days,
        act=appeal.article,
        example_note=_example_note(published),
        changed=changed,
    )


def _matter(
    kind: LetterKind,
    title: str,
    application: Application,
    signers: tuple[tuple[str, int], ...],
    unsigned: frozenset[int] = frozenset(),
) -> Subject:
    organisation = application.version.programme.organisation
    return Subject(kind, title, organisation, application.merchant, application.id, signers, unsigned)


def _signed(session: Session, decision: Decision) -> tuple[tuple[tuple[str, int], ...], frozenset[int]]:
    """기안 by the reviewer, then whoever decided and in whose place."""
    if decision.decided_by is None:
        return (("기안", decision.recommended_by),), frozenset()
    return approvals.line_of(
        session,
        Matter.DECISION,
        decision.application_id,
        drafted_by=decision.recommended_by,
        signed_by=decision.decided_by,
    )


def _named(parts: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple((SOURCE_NAMES.get(source, source), won) for source, won in parts.items())


def _opened(application: Application, supplement: Supplement) -> str:
    """What may be changed, so that nobody looks for a box that is locked."""
    return f"고칠 수 있는 것: {', '.join(supplement_parts.names(application, supplement.named))}"


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _example_note(published: Published) -> str:
    announcement = published.announcement
    return announcement.example_note if announcement.is_example("grant") else ""

"""Letters about an objection (이의신청): that its answer takes longer, and its result with reasons and what is open
after it (민원처리법 제35조, 보조금법 제37조).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.domain.periods import document_date
from reports.letters.document import Envelope, Letter


@dataclass(frozen=True, slots=True)
class About:
    """`against`: title, number and day of the letter that told of the decision objected to."""

    envelope: Envelope
    programme: str
    trade_name: str
    business_number: str
    number: str
    filed_on: date
    against: str
    purport: str


@dataclass(frozen=True, slots=True)
class ExtensionLetter:
    """`article`: on which the period rests."""

    about: About
    reasons: tuple[str, ...]
    first_due_on: date
    due_on: date
    article: str


@dataclass(frozen=True, slots=True)
class ResultLetter:
    """`follows`: what the outcome means; `remedies`: what is open after it, with days and articles."""

    about: About
    outcome: str
    reasons: tuple[str, ...]
    follows: tuple[str, ...]
    remedies: tuple[str, ...]


def render_extension(letter: ExtensionLetter) -> bytes:
    """The letter as PDF. ValueError without a reason."""
    if not letter.reasons:
        raise ValueError("an extension gives its reasons")
    page = Letter(letter.about.envelope)
    page.item(f"귀하께서 내신 「{letter.about.programme}」의 이의신청을 처리하는 기간을 연장하여 알려 드립니다.")
    first, last = document_date(letter.first_due_on), document_date(letter.due_on)
    page.pairs((*_pairs(letter.about), ("처음 처리기한", first), ("연장한 처리기한", f"{last}까지")))
    page.item("연장 사유")
    page.points(letter.reasons)
    page.item(f"근거와 문의: {letter.article}. {_contact(letter.about.envelope)}")
    return page.end()


def render_result(letter: ResultLetter) -> bytes:
    """The letter as PDF. ValueError without a reason."""
    if not letter.reasons:
        raise ValueError("the result of an objection gives its reasons")
    page = Letter(letter.about.envelope)
    page.item(f"귀하께서 내신 「{letter.about.programme}」의 이의신청을 심사한 결과를 알려 드립니다.")
    page.pairs((*_pairs(letter.about), ("이의신청의 취지", letter.about.purport), ("심사 결과", letter.outcome)))
    page.item("그렇게 정한 사유")
    page.points(letter.reasons)
    page.item("이 결과에 따라 달라지는 것")
    page.points(letter.follows)
    page.item("구제 절차")
    page.points((*letter.remedies, _contact(letter.about.envelope)))
    return page.end()


def _pairs(about: About) -> tuple[tuple[str, str], ...]:
    return (
        ("상호", about.trade_name),
        ("사업자등록번호", about.business_number),
        ("이의신청번호", f"{about.number} ({document_date(about.filed_on)} 접수)"),
        ("이의신청한 결정", about.against),
    )


def _contact(envelope: Envelope) -> str:
    office = envelope.office
    return f"문의: {office.name} {office.unit} {office.official} (전화 {office.phone})"

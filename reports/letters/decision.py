"""교부결정통지서: what was granted, from which money, under which conditions, and how to object."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.domain.money import Won, for_document
from portal.domain.periods import document_date
from reports import tables
from reports.letters.document import Envelope, Letter

CONDITIONS = (
    "지원금은 교부 목적 외의 용도로 쓸 수 없습니다.",
    "사업 내용을 바꾸거나 그만두려면 미리 승인을 받아야 합니다.",
    "증빙자료는 5년 동안 보관해야 하며, 현지조사와 자료 제출 요구에 협조해야 합니다.",
    "같은 비용으로 다른 지원을 함께 받을 수 없습니다.",
    "거짓 신청이나 부정한 방법으로 지원받으면 교부결정을 취소하고 지원금을 환수하며, 제재부가금이 부과될 수 있습니다.",
    "관계 법령에 따라 지원 내역이 정보공시될 수 있습니다.",
)


@dataclass(frozen=True, slots=True)
class Changed:
    """What a changed grant was before, and why it is another one now."""

    before: Won
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DecisionLetter:
    """`funding`: (source, won) in the programme's order, adding up to `amount`; `act`: the Act that gives the appeal.

    `example_note` is printed where rates and amounts of the programme are examples.
    """

    envelope: Envelope
    programme: str
    trade_name: str
    business_number: str
    receipt_number: str
    amount: Won
    funding: tuple[tuple[str, Won], ...]
    paid_how: str
    settled_by: str
    appeal_until: date
    appeal_days: int
    act: str
    conditions: tuple[str, ...] = CONDITIONS
    example_note: str = ""
    changed: Changed | None = None


def render(letter: DecisionLetter) -> bytes:
    """The letter as PDF; the same letter gives the same bytes. ValueError when the funding does not add up."""
    if sum(won for _, won in letter.funding) != letter.amount:
        raise ValueError("the funding parts do not add up to the amount granted")
    page = Letter(letter.envelope)
    what = "교부 결정을 변경하였음" if letter.changed else "지원금 교부를 결정하였음"
    page.item(f"귀하께서 신청하신 「{letter.programme}」에 대하여 다음과 같이 {what}을 알려 드립니다.")
    page.pairs(
        (
            ("상호", letter.trade_name),
            ("사업자등록번호", letter.business_number),
            ("접수번호", letter.receipt_number),
            *([("변경 전", f"{for_document(letter.changed.before)} 이내")] if letter.changed else []),
            ("변경 후" if letter.changed else "교부결정액", f"{for_document(letter.amount)} 이내"),
        )
    )
    if letter.changed:
        page.item("변경한 사유")
        page.points(letter.changed.reasons)
    page.item("재원별 내역")
    page.table(
        [tables.Column(source, 1, "right") for source in (*(source for source, _ in letter.funding), "합계")],
        [[f"{won:,}" for won in (*(won for _, won in letter.funding), letter.amount)]],
        unit="(단위: 원)",
    )
    page.item("지급 방법과 정산")
    page.points((letter.paid_how, letter.settled_by))
    page.item("교부 조건")
    page.points(letter.conditions)
    page.item("이 결정에 이의가 있으면 다음과 같이 이의를 신청할 수 있습니다.")
    page.point(
        f"{letter.act}에 따라 이 통지를 받은 날부터 {letter.appeal_days}일 이내"
        f"({document_date(letter.appeal_until)}까지) 서면으로 신청"
    )
    office = letter.envelope.office
    page.point(f"제출할 곳과 문의: {office.name} {office.unit} {office.official} (전화 {office.phone})")
    if letter.example_note:
        page.item(f"(예시) {letter.example_note}")
    return page.end()

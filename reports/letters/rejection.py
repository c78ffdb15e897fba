"""불선정 통지서: the reasons, and the remedies that stay open (민원처리법 제27조제3항)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.domain.periods import document_date
from reports.letters.document import Envelope, Letter


@dataclass(frozen=True, slots=True)
class RejectionLetter:
    """`reasons`: one text per reason; `appeal_days` and `appeal_until` by the Act named."""

    envelope: Envelope
    programme: str
    trade_name: str
    business_number: str
    receipt_number: str
    reasons: tuple[str, ...]
    appeal_until: date
    appeal_days: int
    act: str


def render(letter: RejectionLetter) -> bytes:
    """The letter as PDF. ValueError without a reason."""
    if not letter.reasons:
        raise ValueError("a rejection gives its reasons")
    page = Letter(letter.envelope)
    page.item(f"귀하께서 신청하신 「{letter.programme}」을 검토한 결과 지원 대상으로 선정되지 않았음을 알려 드립니다.")
    page.pairs(
        (
            ("상호", letter.trade_name),
            ("사업자등록번호", letter.business_number),
            ("접수번호", letter.receipt_number),
        )
    )
    page.item("선정되지 않은 사유")
    page.points(letter.reasons)
    page.item("구제 절차")
    office = letter.envelope.office
    page.points(
        (
            f"이의신청: {letter.act}에 따라 이 통지를 받은 날부터 {letter.appeal_days}일 이내"
            f"({document_date(letter.appeal_until)}까지) 서면으로 신청할 수 있습니다.",
            "행정심판: 처분이 있음을 알게 된 날부터 90일 이내에 청구할 수 있습니다(행정심판법 제27조).",
            "행정소송: 처분이 있음을 안 날부터 90일 이내에 제기할 수 있습니다(행정소송법 제20조).",
            f"제출할 곳과 문의: {office.name} {office.unit} {office.official} (전화 {office.phone})",
        )
    )
    return page.end()

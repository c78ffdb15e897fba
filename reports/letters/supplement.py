"""보완요구서: what is missing, until when, and what happens otherwise (민원처리법 제22조, 시행령 제24조·제25조)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.domain.periods import document_date
from reports.letters.document import Envelope, Letter


@dataclass(frozen=True, slots=True)
class SupplementLetter:
    """`items`: one text per thing to supplement; `due_on` is the last day; `number`: 2 where it is asked once more."""

    envelope: Envelope
    programme: str
    trade_name: str
    receipt_number: str
    items: tuple[str, ...]
    due_on: date
    number: int = 1


_AFTERWARDS = {
    1: (
        "기한 안에 보완하기 어려우면 기한이 지나기 전에 포털에서 연장을 요청할 수 있습니다(두 번까지).",
        "기한까지 보완하지 않으면 10일 이내의 기간을 정하여 한 번 더 보완을 요구하며, "
        "그래도 보완하지 않으면 신청을 돌려보낼 수 있습니다.",
    ),
    2: (
        "이번이 마지막 보완 요구이며, 기한은 더 늘릴 수 없습니다.",
        "기한까지 보완하지 않으면 그 사유를 밝혀 신청을 돌려보낼(반려할) 수 있습니다. "
        "돌려보내기 전에 보완하시면 기한이 지났더라도 받습니다.",
    ),
}


def render(letter: SupplementLetter) -> bytes:
    """The letter as PDF. ValueError without an item."""
    if not letter.items:
        raise ValueError("a supplement request says what is missing")
    page = Letter(letter.envelope)
    again = "" if letter.number == 1 else "앞서 요구한 보완이 다 이루어지지 않아 한 번 더 알려 드립니다. "
    page.item(f"{again}귀하께서 신청하신 「{letter.programme}」의 신청 내용 중 보완이 필요한 사항을 알려 드립니다.")
    page.pairs(
        (
            ("상호", letter.trade_name),
            ("접수번호", letter.receipt_number),
            ("보완 기한", f"{document_date(letter.due_on)}까지"),
        )
    )
    page.item("보완할 사항")
    page.points(letter.items)
    page.item("보완 방법과 유의사항")
    office = letter.envelope.office
    page.points(
        (
            "포털에 로그인하여 신청 화면에서 자료를 올리고 '보완 제출'을 눌러 주십시오.",
            *_AFTERWARDS[min(letter.number, 2)],
            f"문의: {office.name} {office.unit} {office.official} (전화 {office.phone})",
        )
    )
    return page.end()

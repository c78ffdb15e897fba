"""지급통지서: which claims were paid, from which money, to which (masked) account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.domain.money import Won, for_document
from portal.domain.periods import document_date
from reports import tables
from reports.letters.document import Envelope, Letter


@dataclass(frozen=True, slots=True)
class PaidClaim:
    """One month: its label, the number of (line, item)s recognised, and the won paid."""

    period: str
    lines: int
    amount: Won


@dataclass(frozen=True, slots=True)
class PaymentLetter:
    """`account` is masked before it comes here; `funding` adds up to the claims' total, of which `netted` was kept."""

    envelope: Envelope
    programme: str
    trade_name: str
    claims: tuple[PaidClaim, ...]
    funding: tuple[tuple[str, Won], ...]
    bank: str
    account: str
    holder: str
    paid_on: date
    netted: Won = 0

    @property
    def total(self) -> Won:
        return sum(claim.amount for claim in self.claims)


def render(letter: PaymentLetter) -> bytes:
    """The letter as PDF. ValueError when claims and funding do not add up to the same, or the account is not masked."""
    if "*" not in letter.account:
        raise ValueError("an account number stands on a letter masked")
    if sum(won for _, won in letter.funding) != letter.total:
        raise ValueError("the funding parts do not add up to the amount paid")
    page = Letter(letter.envelope)
    page.item(f"「{letter.programme}」의 지원금을 다음과 같이 지급하였음을 알려 드립니다.")
    page.pairs(
        (
            ("상호", letter.trade_name),
            ("지급액", for_document(letter.total)),
            *_netted(letter),
            ("지급일", document_date(letter.paid_on)),
            ("입금계좌", f"{letter.bank} {letter.account} (예금주 {letter.holder})"),
        )
    )
    page.item("지급 내역")
    page.table(
        (tables.Column("이용 월", 2), tables.Column("인정 건수", 1, "right"), tables.Column("지급액", 1, "right")),
        [(claim.period, f"{claim.lines:,}", f"{claim.amount:,}") for claim in letter.claims],
        total=("합계", f"{sum(claim.lines for claim in letter.claims):,}", f"{letter.total:,}"),
        unit="(단위: 건, 원)",
    )
    page.item("재원별 내역")
    page.table(
        (tables.Column("재원", 2), tables.Column("금액", 1, "right")),
        [(source, f"{won:,}") for source, won in letter.funding],
        total=("합계", f"{letter.total:,}"),
        unit="(단위: 원)",
    )
    page.item("건별 산정 내역과 사유는 포털의 '지원금' 화면에서 확인할 수 있습니다.")
    office = letter.envelope.office
    page.item(f"문의: {office.name} {office.unit} {office.official} (전화 {office.phone})")
    return page.end()


def _netted(letter: PaymentLetter) -> tuple[tuple[str, str], ...]:
    """What was kept for a recovery, and what came into the account."""
    if not letter.netted:
        return ()
    paid_in = letter.total - letter.netted
    return (("환수금으로 뺀 금액(상계)", f"{letter.netted:,}원"), ("입금액", f"{paid_in:,}원"))

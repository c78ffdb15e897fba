"""Letters of a recovery: prior notice (사전통지), order (환수 명령서), instalments (분할 납부), and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.domain.money import Won, for_document
from portal.domain.periods import document_date
from reports import tables
from reports.letters.document import Envelope, Letter

CHECK_NOTE = "(확인 필요) 표시가 있는 이자율·비율은 시행 중인 고시와 별표의 원문을 확인한 뒤 확정합니다."
COURTS = (
    "행정심판: 처분이 있음을 알게 된 날부터 90일 이내에 청구할 수 있습니다(행정심판법 제27조).",
    "행정소송: 처분이 있음을 안 날부터 90일 이내에 제기할 수 있습니다(행정소송법 제20조).",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the amount: what it is, from which source, how it was found, on which article."""

    name: str
    source: str
    formula: str
    article: str
    amount: Won


@dataclass(frozen=True, slots=True)
class About:
    """What every letter of a case says: whose case, which month, why."""

    envelope: Envelope
    programme: str
    trade_name: str
    business_number: str
    period: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoticeLetter:
    """처분의 제목, 원인 사실과 법적 근거, 의견을 낼 곳과 기한 (행정절차법 제21조제1항)."""

    about: About
    lines: tuple[Line, ...]
    basis: tuple[str, ...]
    answer_until: date
    unverified: bool

    @property
    def total(self) -> Won:
        return sum(line.amount for line in self.lines)


@dataclass(frozen=True, slots=True)
class OrderLetter:
    """사유, 부정이익, 이자, 환수금액, 납부기한, 납부기관, 납부방법 (공공재정환수법 시행령 제4조). `appeals`: by Act."""

    about: About
    principal_name: str
    principal: Won
    interest: Won
    surcharge: Won
    lines: tuple[Line, ...]
    due_on: date
    opinion: str
    appeals: tuple[str, ...]
    late: tuple[str, ...]
    unverified: bool

    @property
    def total(self) -> Won:
        return self.principal + self.interest + self.surcharge


@dataclass(frozen=True, slots=True)
class InstalmentsLetter:
    about: About
    schedule: tuple[tuple[date, Won], ...]


@dataclass(frozen=True, slots=True)
class ClosedLetter:
    """`outcome`: what happened, in a sentence; `ordered`, `received`, `given_up` in won."""

    about: About
    outcome: str
    ordered: Won
    received: Won
    given_up: Won


def render_notice(letter: NoticeLetter) -> bytes:
    """The letter as PDF."""
    page, office = Letter(letter.about.envelope), letter.about.envelope.office
    page.item(
        f"「{letter.about.programme}」 지원금의 환수를 결정하기에 앞서 행정절차법 제21조에 따라 다음과 같이 미리 알려"
        " 드리니, 의견이 있으면 기한까지 내 주시기 바랍니다. 아직 결정된 것은 없습니다."
    )
    page.pairs(
        (
            *_who(letter.about),
            ("처분의 제목", "지원금 환수"),
            ("예정 금액", for_document(letter.total)),
            ("의견 제출 기한", f"{document_date(letter.answer_until)}까지"),
        )
    )
    page.item("처분하려는 원인이 되는 사실")
    page.points(letter.about.reasons)
    page.item("예정 금액의 내역")
    _lines(page, letter.lines, letter.total)
    page.item("법적 근거")
    page.points(letter.basis)
    page.item("의견을 내는 방법")
    page.points(
        (
            "포털의 '환수' 화면에서 의견을 적거나, 서면·전화·방문으로 낼 수 있습니다. 증거 자료를 함께 낼 수 있습니다.",
            "기한까지 의견을 내지 않으면 의견이 없는 것으로 보고 결정합니다.",
            f"낼 곳: {office.name} {office.unit} ({office.address}, 전화 {office.phone})",
        )
    )
    _check(page, letter.unverified)
    return _end(page)


def render_order(letter: OrderLetter) -> bytes:
    """The letter as PDF. ValueError where the lines do not come to the amount ordered."""
    if sum(line.amount for line in letter.lines) != letter.total:
        raise ValueError("the lines do not add up to the amount ordered")
    page, office = Letter(letter.about.envelope), letter.about.envelope.office
    page.item(
        f"「{letter.about.programme}」 지원금 가운데 다음 금액을 돌려받기로 결정하였으니, 기한까지 내 주시기 바랍니다."
    )
    page.pairs(
        (
            *_who(letter.about),
            (letter.principal_name, f"{letter.principal:,}원"),
            ("이자", f"{letter.interest:,}원"),
            ("제재부가금", f"{letter.surcharge:,}원"),
            ("환수금액", for_document(letter.total)),
            ("납부기한", f"{document_date(letter.due_on)}까지"),
            ("납부기관", f"{office.name} 금고"),
            (
                "납부방법",
                "함께 보내는 납부고지서의 계좌로 이체하며, 입금자 이름에 이 문서의 번호를 적습니다. "
                "포털의 '환수' 화면에서 다음 지원금에서 빼는 것(상계)에 동의하거나 분할 납부를 상담할 수 있습니다.",
            ),
        )
    )
    page.item("환수 사유")
    page.points(letter.about.reasons)
    page.item("산출 내역")
    _lines(page, letter.lines, letter.total)
    page.item("내신 의견을 살펴본 결과")
    page.point(letter.opinion)
    page.item("기한까지 내지 않으면")
    page.points(letter.late)
    page.item("구제 절차")
    page.points((*letter.appeals, *COURTS))
    _check(page, letter.unverified)
    return _end(page)


def render_instalments(letter: InstalmentsLetter) -> bytes:
    """The letter as PDF."""
    page = Letter(letter.about.envelope)
    page.item(f"「{letter.about.programme}」 지원금 환수금을 다음과 같이 나누어 내는 것을 승인하였음을 알려 드립니다.")
    total = sum(won for _, won in letter.schedule)
    page.pairs((*_who(letter.about), ("나누어 낼 금액", for_document(total))))
    page.item("납부 일정")
    page.table(
        (tables.Column("회차", 1), tables.Column("납부기한", 2), tables.Column("금액", 2, "right")),
        [
            (f"{number}회", document_date(due_on), f"{won:,}")
            for number, (due_on, won) in enumerate(letter.schedule, start=1)
        ],
        total=("합계", "", f"{total:,}"),
        unit="(단위: 원)",
    )
    page.item("한 회라도 기한까지 내지 않으면 밀린 금액을 다음 지원금에서 뺄 수 있습니다(상계).")
    return _end(page)


def render_closed(letter: ClosedLetter) -> bytes:
    """The letter as PDF."""
    page = Letter(letter.about.envelope)
    page.item(f"「{letter.about.programme}」 지원금 환수가 다음과 같이 끝났음을 알려 드립니다.")
    amounts = (
        ("환수금액", letter.ordered),
        ("낸 금액(지원금에서 뺀 금액 포함)", letter.received),
        ("받지 않기로 한 금액", letter.given_up),
    )
    page.pairs(
        (
            *_who(letter.about),
            ("결과", letter.outcome),
            *((name, f"{won:,}원") for name, won in amounts if letter.ordered),
        )
    )
    page.item("사유")
    page.points(letter.about.reasons)
    return _end(page)


def _who(about: About) -> tuple[tuple[str, str], ...]:
    return (("상호", about.trade_name), ("사업자등록번호", about.business_number), ("지원금의 달", about.period))


def _lines(page: Letter, lines: tuple[Line, ...], total: Won) -> None:
    page.table(
        (
            tables.Column("구분", 1.1),
            tables.Column("재원", 0.9),
            tables.Column("계산", 2.2),
            tables.Column("근거", 2.6),
            tables.Column("금액", 1.1, "right"),
        ),
        [(line.name, line.source, line.formula, line.article, f"{line.amount:,}") for line in lines],
        total=("합계", "", "", "", f"{total:,}"),
        unit="(단위: 원)",
    )


def _check(page: Letter, unverified: bool) -> None:
    if unverified:
        page.item(CHECK_NOTE)


def _end(page: Letter) -> bytes:
    office = page.envelope.office
    page.item(f"문의: {office.name} {office.unit} {office.official} (전화 {office.phone})")
    return page.end()

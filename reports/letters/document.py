"""The frame of an official letter: head, numbered items, end mark, sender, signatures, footer and verification code.

Layout after 행정업무의 운영 및 혁신에 관한 규정 (rule §§2, 4, 6, 7, 11). No seal is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from reportlab.lib.units import mm

from portal.domain.periods import document_date, korean_date
from reports import qr, tables
from reports.page import BOLD, BOTTOM, LEFT, PAGE_WIDTH, REGULAR, RIGHT, ROOM, Imprint, Sheet
from reports.text import clean, item_label, printable, width, wrap

_INDENT = 14
_SENDER = 22 * mm  # room for the sender's line and the note under it
_QR = 21 * mm
_LINE, _SMALL = 12, 8.5  # of the footer, in points
_END = "끝."
_LAST_WORDS = 40  # room for the last item, which goes with the sender to a new page
_LONGEST_TEXT = 1900  # of one item: with the end mark it stays below what a sheet takes


@dataclass(frozen=True, slots=True)
class Office:
    """Who writes: the agency, its head (the sender), and whom to ask (민원처리법 시행령 제31조)."""

    name: str
    head_title: str
    unit: str
    official: str
    phone: str
    email: str
    address: str


@dataclass(frozen=True, slots=True)
class Signature:
    """One box of the approval line: its role (기안, 검토, 결재, 전결), title and name."""

    role: str
    title: str
    name: str


@dataclass(frozen=True, slots=True)
class Envelope:
    """Everything around a letter's text. `issued_at` is aware; `disclosure` is the 공개 구분."""

    document_number: str
    issued_at: datetime
    recipient: str
    title: str
    office: Office
    signatures: tuple[Signature, ...]
    verification_code: str
    verification_url: str
    demo: bool
    disclosure: str = "비공개(개인정보)"

    @property
    def issued_on(self) -> date:
        return korean_date(self.issued_at)


class Letter:
    """Writes one letter: open it, add items and tables to `sheet`, then `close()` gives the PDF's bytes."""

    def __init__(self, envelope: Envelope) -> None:
        self.envelope = envelope
        self.sheet = Sheet(
            Imprint(
                document_id=f"{envelope.office.name} {envelope.document_number} {envelope.verification_code}",
                title=envelope.title,
                author=envelope.office.name,
                issued_at=envelope.issued_at,
                running_head=f"{envelope.title} {envelope.document_number}",
                demo=envelope.demo,
            )
        )
        self._count = [0, 0]
        self._held: tuple[str, str, float, float] | None = None
        self._head()

    def item(self, text: str) -> None:
        """The next item of the first level: 1. 2. 3."""
        self._count = [self._count[0] + 1, 0]
        self._hold(item_label(1, self._count[0] - 1), text, 10, 0)

    def point(self, text: str) -> None:
        """The next item of the second level: 가. 나. 다."""
        self._count[1] += 1
        self._hold(item_label(2, self._count[1] - 1), text, 9.5, _INDENT)

    def points(self, texts: Sequence[str]) -> None:
        for text in texts:
            self.point(text)

    def pairs(self, rows: Sequence[tuple[str, str]]) -> None:
        """A table of names and values under the item before it."""
        self._write_held()
        self.sheet.gap(5)
        tables.pairs(self.sheet, rows, size=9.5)
        self.sheet.gap(2)

    def table(
        self,
        columns: Sequence[tables.Column],
        rows: Sequence[Sequence[str]],
        *,
        total: Sequence[str] | None = None,
        unit: str = "",
    ) -> None:
        """A table with a header and, if given, a totals row under the item before it."""
        self._write_held()
        tables.draw(self.sheet, columns, rows, total=total, unit=unit, size=9)
        self.sheet.gap(2)

    def end(self) -> bytes:
        """The end mark, the sender without a seal, the signatures, the footer and the code; then the bytes.

        The mark stands one space behind the last word, under the table if a table comes last (rule §4⑤).
        """
        foot = _foot_lines(self.envelope)
        room = _SENDER + _foot_height(foot)
        self.sheet.need(room + _LAST_WORDS)  # the sender never stands alone on a page
        if self._held is None:
            self.sheet.text(_END, size=10)
        self._write_held(f" {_END}")
        self.sheet.need(room)
        self._sender()
        self._foot(foot)
        return self.sheet.close()

    def _hold(self, label: str, text: str, size: float, indent: float) -> None:
        """Texts are written when the next thing comes: only then is it known whether the end mark belongs to them."""
        self._write_held()
        self._held = (label, clean(text, _LONGEST_TEXT), size, indent)

    def _write_held(self, mark: str = "") -> None:
        if self._held is None:
            return
        label, text, size, indent = self._held
        self._held = None
        self.sheet.gap(0 if indent else 2)
        self.sheet.item(label, text + mark, size=size, leading=1.5 if indent else 1.55, indent=indent)

    def _head(self) -> None:
        sheet, envelope = self.sheet, self.envelope
        sheet.gap(2)
        sheet.y -= 20
        sheet.write(
            _fitted(envelope.office.name, BOLD, 18), PAGE_WIDTH / 2, sheet.y, font=BOLD, size=18, align="center"
        )
        sheet.gap(10)
        sheet.item("수신", f"{envelope.recipient} 귀하", size=10.5, limit=200)
        sheet.item("(경유)", "", size=10.5)
        sheet.item("제목", envelope.title, size=11.5, font=BOLD, limit=200)
        sheet.rule(thickness=1.0, gap=5)

    def _sender(self) -> None:
        sheet = self.sheet
        sheet.gap(32)
        name = _fitted(self.envelope.office.head_title, BOLD, 17)
        sheet.write(name, PAGE_WIDTH / 2, sheet.y, font=BOLD, size=17, align="center")
        sheet.gap(13)
        seal = (
            "(직인 생략 — 데모)"
            if self.envelope.demo
            else "(전자 발송 문서: 아래 확인번호로 진위를 확인할 수 있습니다)"
        )
        sheet.write(seal, PAGE_WIDTH / 2, sheet.y, size=9, align="center", faint=True)

    def _foot(self, lines: Sequence[str]) -> None:
        sheet = self.sheet
        sheet.y = BOTTOM + _foot_height(lines)
        sheet.rule(thickness=0.8, gap=6)
        y = sheet.y - 9
        for line in lines:
            sheet.write(line, LEFT, y, size=_SMALL)
            y -= _LINE
        qr.draw(sheet.canvas, self.envelope.verification_url, PAGE_WIDTH - RIGHT - _QR, sheet.y - _QR - 3, _QR)


def _foot_lines(envelope: Envelope) -> list[str]:
    """The footer beside the code. Nobody who signed is left out; other parts go over three lines at most."""
    office = envelope.office
    signers = (f"{s.role} {clean(s.title, 40)} {clean(s.name, 40)}" for s in envelope.signatures)
    parts = (
        f"시행 {envelope.document_number} ({document_date(envelope.issued_on)})",
        f"{office.address} · {office.unit} {office.official}",
        f"전화 {office.phone} · 전자우편 {office.email} · {envelope.disclosure}",
        f"확인번호 {envelope.verification_code}",
        envelope.verification_url,
    )
    return [*_wrapped("   ".join(signers), 2000), *(line for part in parts for line in _wrapped(part, 300)[:3])]


def _wrapped(text: str, limit: int) -> list[str]:
    return wrap(printable(clean(text, limit), REGULAR), REGULAR, _SMALL, ROOM - _QR - 8 * mm)


def _foot_height(lines: Sequence[str]) -> float:
    return max(len(lines) * _LINE, _QR) + 17


def _fitted(text: str, font: str, size: float) -> str:
    """One line of at most the page's width; a longer name is cut with an ellipsis."""
    line = printable(clean(text, 120), font).replace("\n", " ")
    while width(line, font, size) > ROOM and len(line) > 2:
        line = line[:-2] + "…"
    return line

"""Paper: the embedded Korean font, and A4 pages with demo mark and page number, the same bytes every time."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path
from threading import RLock

from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import TimeStamp
from reportlab.pdfbase.pdfmetrics import getRegisteredFontNames, registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from reports.text import clean, printable, width, wrap

REGULAR = "NotoSansKR"
BOLD = "NotoSansKR-Bold"
FONT_FILES = {REGULAR: "NotoSansKR_400Regular.ttf", BOLD: "NotoSansKR_700Bold.ttf"}
DEMO_MARK = "데모 — 효력 없는 문서"

PAGE_WIDTH, PAGE_HEIGHT = A4
LEFT, RIGHT, TOP, BOTTOM = 20 * mm, 20 * mm, 22 * mm, 18 * mm
ROOM = PAGE_WIDTH - LEFT - RIGHT

_INK, _FAINT, _WARNING = (0.07, 0.07, 0.07), (0.35, 0.35, 0.35), (0.70, 0.10, 0.10)
_KST = timezone(timedelta(hours=9))

# ReportLab reads glyphs through one file position per font: two documents finished at once would mix their glyphs.
_font_lock = RLock()
_folders: list[Path] = []

# Wrapping page streams in base 85 is for mail systems of 1990; it makes every letter a quarter larger.
setattr(rl_config, "useA85", 0)  # noqa: B010 (the module makes its settings at run time)


def register_fonts(folder: Path) -> None:
    """Make the two faces known; `folder` holds the static Noto Sans KR files, at any depth. Safe to call again.

    Raises FileNotFoundError if a file is missing. Every document names its font explicitly: ReportLab's own default
    (rl_config.canvas_basefontname) is Helvetica, which it does not embed.
    """
    with _font_lock:
        for name, file in FONT_FILES.items():
            found = next(iter(sorted(folder.rglob(file))), None)
            if found is None:
                raise FileNotFoundError(f"{file} is not in {folder}: run npm ci")
            if name not in getRegisteredFontNames():
                registerFont(TTFont(name, str(found), asciiReadable=False, shapable=False))
            if found not in _folders:
                _folders.append(found)


def font_files() -> tuple[Path, ...]:
    """The font files in use, for the other makers of paper (charts). Raises RuntimeError before register_fonts()."""
    if not _folders:
        raise RuntimeError("register_fonts(folder) comes first")
    return tuple(_folders)


@dataclass(frozen=True, slots=True)
class Imprint:
    """What a document says about itself in the file: nothing in it comes from the clock or the machine.

    `document_id` makes the file identifier; `issued_at` (aware) is the file's date; `running_head` is repeated at the
    top of every page after the first; `demo` prints the demo mark on every page.
    """

    document_id: str
    title: str
    author: str
    issued_at: datetime
    running_head: str = ""
    demo: bool = True


class Sheet:
    """A cursor that writes down the page and turns it when it is full; `y` (points): the upper edge of what is free."""

    def __init__(self, imprint: Imprint) -> None:
        font_files()
        self._imprint = imprint
        self._bytes = BytesIO()
        self.canvas = Canvas(
            self._bytes,
            pagesize=A4,
            invariant=1,
            initialFontName=REGULAR,
            initialFontSize=10,
            lang="ko",
            pageCompression=1,
        )
        _sign(self.canvas, imprint)
        self.page = 1
        self.y = self._start_page()

    def text(
        self,
        text: str,
        *,
        font: str = REGULAR,
        size: float = 10,
        leading: float = 1.6,
        indent: float = 0,
        limit: int = 2000,
    ) -> None:
        """A paragraph from the left margin plus `indent` points, turning the page between lines if need be."""
        self.item("", text, font=font, size=size, leading=leading, indent=indent, limit=limit)

    def item(
        self,
        label: str,
        text: str,
        *,
        font: str = REGULAR,
        size: float = 10,
        leading: float = 1.6,
        indent: float = 0,
        limit: int = 2000,
    ) -> None:
        """A numbered paragraph: the label hangs at `indent`, the lines of the text stand behind it."""
        hang = indent + (width(f"{label} ", font, size) if label else 0)
        lines = wrap(printable(clean(text, limit), font), font, size, ROOM - hang)
        for index, line in enumerate(lines):
            self.need(size * leading)
            self.y -= size * leading
            if label and index == 0:
                self.write(label, LEFT + indent, self.y, font=font, size=size)
            self.write(line, LEFT + hang, self.y, font=font, size=size)

    def write(
        self,
        line: str,
        x: float,
        y: float,
        *,
        font: str = REGULAR,
        size: float = 10,
        align: str = "left",
        faint: bool = False,
    ) -> None:
        """One line at a place; the caller has wrapped it. `align` is left, right or center of `x`."""
        shift = {"left": 0.0, "right": 1.0, "center": 0.5}[align]
        self.canvas.setFont(font, size)
        self.canvas.setFillColorRGB(*(_FAINT if faint else _INK))
        self.canvas.drawString(x - shift * width(line, font, size) if shift else x, y, line)

    def rule(self, thickness: float = 0.5, gap: float = 4) -> None:
        """A line across the page, `gap` points of air on both sides."""
        self.y -= gap
        self.canvas.setLineWidth(thickness)
        self.canvas.setStrokeColorRGB(*_INK)
        self.canvas.line(LEFT, self.y, PAGE_WIDTH - RIGHT, self.y)
        self.y -= gap

    def gap(self, points: float) -> None:
        """Air; at the end of a page it is not carried over."""
        self.y = max(self.y - points, BOTTOM)

    def need(self, points: float) -> bool:
        """Turn the page unless `points` are free; says whether it was turned."""
        if self.y - points >= BOTTOM:
            return False
        self._end_page()
        self.canvas.showPage()
        self.page += 1
        self.y = self._start_page()
        return True

    def close(self) -> bytes:
        """Finish the document. The sheet cannot be used afterwards."""
        self._end_page()
        with _font_lock:
            self.canvas.save()
        return self._bytes.getvalue()

    def _start_page(self) -> float:
        head = PAGE_HEIGHT - 12 * mm
        if self._imprint.demo:
            self._demo_mark(head)
        if self.page > 1 and self._imprint.running_head:
            line = wrap(printable(clean(self._imprint.running_head), REGULAR), REGULAR, 8, ROOM * 0.55)[0]
            self.write(line, PAGE_WIDTH - RIGHT, head, size=8, align="right", faint=True)
        return PAGE_HEIGHT - TOP

    def _demo_mark(self, y: float) -> None:
        size = 9
        box = width(DEMO_MARK, BOLD, size) + 12
        self.canvas.setStrokeColorRGB(*_WARNING)
        self.canvas.setLineWidth(0.8)
        self.canvas.rect(LEFT, y - 5, box, size + 8)
        self.canvas.setFillColorRGB(*_WARNING)
        self.canvas.setFont(BOLD, size)
        self.canvas.drawString(LEFT + 6, y, DEMO_MARK)

    def _end_page(self) -> None:
        self.write(f"- {self.page} -", PAGE_WIDTH / 2, 10 * mm, size=9, align="center", faint=True)


def _sign(canvas: Canvas, imprint: Imprint) -> None:
    title, author = clean(imprint.title), clean(imprint.author)
    canvas.setTitle(title)
    canvas.setAuthor(author)
    canvas.setCreator(author)
    canvas.setSubject(clean(imprint.document_id))
    canvas.setViewerPreference("DisplayDocTitle", "true")
    stamp = TimeStamp(1)
    stamp.t = imprint.issued_at.timestamp()
    stamp.lt = imprint.issued_at.astimezone(_KST).timetuple()
    stamp.YMDhms, stamp.dhh, stamp.dmm, stamp.tzname = tuple(stamp.lt)[:6], 9, 0, "KST"
    document = canvas._doc  # ReportLab has no public way to date a document or to name it (SOURCE_DATE_EPOCH is global)
    document._timeStamp = stamp
    document.signature = hashlib.md5(imprint.document_id.encode(), usedforsecurity=False)


def widths(shares: Sequence[float], room: float = ROOM) -> list[float]:
    """Column widths in points in proportion to `shares`."""
    return [share / sum(shares) * room for share in shares]

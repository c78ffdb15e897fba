"""Text as people typed it -> lines that fit: cleaned, printable in the font, wrapped in linear time."""

from __future__ import annotations

import unicodedata
from functools import cache
from itertools import pairwise
from typing import Any

from reportlab.pdfbase.pdfmetrics import getFont

LONGEST = 200  # characters of one name or cell; bodies say their own limit
UNPRINTABLE = "□"

_ELLIPSIS = "…"
_SYLLABLES = "가나다라마바사아자차카타파하"
_BREAKS_KEPT = "\n"


def clean(text: str, limit: int = LONGEST) -> str:
    """Text as people typed it -> text that can be drawn: composed (NFC), no invisible characters, at most `limit` long.

    Control and direction characters become spaces (a line break stays one), runs of spaces become one.
    """
    composed = unicodedata.normalize("NFC", text[: limit * 4])
    shown = "".join(" " if _hidden(char) else char for char in composed)
    lines = [" ".join(line.split()) for line in shown.split(_BREAKS_KEPT)]
    tidy = _BREAKS_KEPT.join(lines).strip()
    return tidy if len(tidy) <= limit and len(text) <= limit * 4 else tidy[: limit - 1] + _ELLIPSIS


def _hidden(char: str) -> bool:
    return char != _BREAKS_KEPT and unicodedata.category(char)[0] in "CZ"


@cache
def _face(name: str) -> Any:
    """The measures of a registered font; ReportLab types them as possibly absent."""
    return getFont(name).face


def printable(text: str, font: str) -> str:
    """The same text with a box for every character the font has no shape for: nothing vanishes silently."""
    known = _face(font).charToGlyph
    return "".join(char if ord(char) in known or char == _BREAKS_KEPT else UNPRINTABLE for char in text)


def width(text: str, font: str, size: float) -> float:
    """Width in points of one line."""
    face = _face(font)
    return sum(face.charWidths.get(ord(char), face.defaultWidth) for char in text) * size / 1000


def wrap(text: str, font: str, size: float, room: float) -> list[str]:
    """Lines no wider than `room` points, broken at spaces; a word wider than a line is broken between characters.

    Time is linear in the length of the text, so one very long word costs no more than many short ones.
    """
    return [line for paragraph in text.split("\n") for line in _wrap_paragraph(paragraph, font, size, room)]


def _wrap_paragraph(text: str, font: str, size: float, room: float) -> list[str]:
    lines: list[str] = []
    line, used = "", 0.0
    space = width(" ", font, size)
    for word in text.split(" "):
        needed = width(word, font, size)
        if line and used + space + needed <= room:
            line, used = f"{line} {word}", used + space + needed
            continue
        if line:
            lines.append(line)
        *full, line = _pieces(word, font, size, room) if needed > room else [word]
        lines.extend(full)
        used = needed if not full else width(line, font, size)
    return [*lines, line]


def _pieces(word: str, font: str, size: float, room: float) -> list[str]:
    starts, used = [0], 0.0
    for index, char in enumerate(word):
        used += (advance := width(char, font, size))
        if used > room and index > starts[-1]:
            starts.append(index)
            used = advance
    return [word[start:end] for start, end in pairwise([*starts, len(word)])]


def item_label(level: int, index: int) -> str:
    """The number of an item in an official document: 1. 가. 1) 가) (1) (가); index counts from 0, level from 1.

    After 하 comes 거, 너 ...: 행정업무의 운영 및 혁신에 관한 규정 시행규칙 제2조제1항.
    """
    if not 1 <= level <= 6:
        raise ValueError("items have levels 1 to 6")
    mark = str(index + 1) if level % 2 else _syllable(index)
    return {1: f"{mark}.", 2: f"{mark}.", 3: f"{mark})", 4: f"{mark})"}.get(level, f"({mark})")


def _syllable(index: int) -> str:
    vowels = (0, 4, 8, 13, 18, 20)  # 가, 거, 고, 구, 그, 기 as offsets of the vowel in a composed syllable
    row, column = divmod(index, len(_SYLLABLES))
    if row >= len(vowels):
        raise ValueError("an official document has no number for so many items")
    return chr(ord(_SYLLABLES[column]) + vowels[row] * 28)

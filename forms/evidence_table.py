"""Reads a table of lines that an official pastes or uploads: the contract's columns, of which few are needed."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import TextAreaField
from wtforms.validators import Length

from forms.base import Form
from forms.file_fields import CSV, MEBIBYTE, FileField
from portal.domain.errors import FileRefused, Incomplete, Problem
from portal.domain.evidence_lines import MAX_LINES, EnteredLine, problems_in
from portal.domain.periods import Month
from portal.domain.settlements import WON_COLUMNS

LONGEST = 200_000
MAX_PROBLEMS = 50
TEXTS = ("order_no", "origin_key", "channel", "status", "payment_method")
COLUMNS = ("ordered_at", *TEXTS, *WON_COLUMNS)
_TIME = re.compile(r"(\d{4})[-./] ?(\d{1,2})[-./] ?(\d{1,2})\.?[T ]+(\d{1,2}):(\d{2})(?::(\d{2}))?")
# Of the contract's columns, what the case itself says.
KNOWN_ALREADY = ("platform", "store_id")


class EvidenceTableForm(Form):
    file = FileField(_("CSV 파일"), kinds=(CSV,), max_bytes=MEBIBYTE)
    text = TextAreaField(
        _("붙여 넣은 표"),
        [Length(max=LONGEST)],
        description=_("엑셀에서 머리글과 함께 복사해 붙여 넣습니다. 파일을 선택하면 파일의 내용을 씁니다."),
        render_kw={"rows": 8, "spellcheck": "false"},
    )

    def to_lines(self, period: Month) -> list[EnteredLine]:
        """Raises FileRefused or Incomplete with every problem by row and column."""
        sent = self.file.data
        return parse_lines(_text(sent.stream.read()) if sent else self.text.data or "", period)


def parse_lines(text: str, period: Month) -> list[EnteredLine]:
    """Lines under a header of COLUMNS, cells parted by commas or tabs. Only `ordered_at` has to be there."""
    lines = [line for line in text.replace("\r\n", "\n").split("\n") if line.strip()]
    if len(lines) < 2:
        raise FileRefused(problems=[Problem("no_rows" if lines else "empty_file")])
    rows = list(csv.reader(lines, delimiter="\t" if "\t" in lines[0] else ","))
    names = [name.strip().lower() for name in rows[0]]
    _check_header(names)
    if len(rows) > MAX_LINES + 1:
        raise FileRefused(problems=[Problem("too_many_rows", value=str(MAX_LINES))])
    wrong: list[Problem] = []
    told = [_line(number, dict(zip(names, cells, strict=False)), wrong) for number, cells in enumerate(rows[1:], 1)]
    read = [line for line in told if line is not None]
    if not wrong:
        wrong = problems_in(read, period)
    if wrong:
        raise Incomplete(problems=wrong[:MAX_PROBLEMS])
    return read


def _check_header(names: Sequence[str]) -> None:
    wrong = [Problem("missing_column", value="ordered_at")] if "ordered_at" not in names else []
    known = {*COLUMNS, *KNOWN_ALREADY}
    wrong += [Problem("unknown_column", value=name[:60]) for name in names if name not in known]
    wrong += [Problem("repeated_column", value=name) for name in sorted(set(names)) if names.count(name) > 1]
    if wrong:
        raise FileRefused(problems=wrong[:MAX_PROBLEMS])


def _line(number: int, cells: Mapping[str, str], wrong: list[Problem]) -> EnteredLine | None:
    values: dict[str, Any] = {}
    for name in COLUMNS:
        cell = cells.get(name, "").strip()
        if not cell and name != "ordered_at":
            continue
        try:
            values[name] = _READERS.get(name, str)(cell)
        except ValueError as error:
            wrong.append(Problem(str(error), name, cell[:60], row=number))
    return EnteredLine(**values) if "ordered_at" in values else None


def _moment(cell: str) -> datetime:
    """As people and spreadsheets write it: `2026-05-03 9:05`, `2026.5.3 09:05:00`."""
    found = _TIME.fullmatch(cell)
    if found is None:
        raise ValueError("not_a_timestamp")
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    try:
        return datetime.fromisoformat(f"{year}-{month:02d}-{day:02d} {hour:02d}:{minute:02d}:{second:02d}")
    except ValueError:
        raise ValueError("not_a_timestamp") from None


def _won(cell: str) -> int:
    plain = cell.replace(",", "")
    if not plain.isascii() or not plain.isdigit() or len(plain) > 12:
        raise ValueError("not_an_integer")
    return int(plain)


_READERS: Mapping[str, Callable[[str], Any]] = {"ordered_at": _moment, **dict.fromkeys(WON_COLUMNS, _won)}


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp949"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefused(problems=[Problem("bad_encoding", "file")])

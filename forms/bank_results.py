"""Reads the bank's results file (CSV, ours by agreement) and the form that uploads it.

Line 1 `IEUM-RESULT,1,<run>,<count>,<total>`, line 2 the column names, then one line for each transfer.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from datetime import date

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileRequired

from forms.base import Form
from forms.file_fields import CSV, MEBIBYTE, FileField
from forms.uploads import safe_name
from portal.domain.bank_results import BankAnswer, BankResult, BankResults, ImportBankResults, problems_in
from portal.domain.errors import FileRefused, Problem

MARK, VERSION = "IEUM-RESULT", "1"
COLUMNS = ("payment_id", "result", "reason_code", "bank_reference", "executed_on", "amount")
MAX_BYTES = 10 * MEBIBYTE
MAX_ROWS = 20_000
MAX_PROBLEMS = 100

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_CODE = re.compile(r"[A-Za-z0-9_.-]{0,64}")
_WHOLE = re.compile(r"0|[1-9][0-9]{0,14}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class BankResultsForm(Form):
    file = FileField(
        _l("이체 결과 파일"), [FileRequired(_l("파일을 선택해 주세요."))], kinds=(CSV,), max_bytes=MAX_BYTES
    )

    def to_command(self) -> ImportBankResults:
        """Raises FileRefused with every problem of the file."""
        upload = self.file.data
        content = upload.stream.read(MAX_BYTES + 1)
        filename = safe_name(upload.filename or "")
        return ImportBankResults(filename, content, parse_bank_results(content, filename))


def parse_bank_results(content: bytes, filename: str = "") -> BankResults:
    """The file as dataclasses. Raises FileRefused listing all problems, at most 100; rows count from 1 after the names.

    Bytes are UTF-8 (with or without BOM) or CP949. Nothing is taken from a file with any problem.
    """
    lines = _lines(content)
    problems: list[Problem] = []
    run_id, count, total = _first_line(lines[0], problems)
    if len(lines) < 2 or tuple(cell.strip() for cell in lines[1]) != COLUMNS:
        problems.append(Problem("missing_column", value=",".join(COLUMNS)))
        raise _refused(problems, filename)
    results = [_result(row, cells, problems) for row, cells in enumerate(lines[2:], 1)]
    read = tuple(result for result in results if result is not None)
    if not problems:
        problems += problems_in(file := BankResults(run_id, count, total, read))
        if not problems:
            return file
    raise _refused(problems, filename)


def _lines(content: bytes) -> list[list[str]]:
    """Cells of all lines that are not blank; at least one line."""
    if len(content) > MAX_BYTES or content.count(b"\n") > MAX_ROWS + 2:
        raise FileRefused(problems=(Problem("too_large"),))
    text = _text(content)
    if "\x00" in text:
        raise FileRefused(problems=(Problem("wrong_type"),))
    try:
        rows = list(csv.reader(text.replace("\r\n", "\n").split("\n"), strict=True))
    except csv.Error:
        raise FileRefused(problems=(Problem("bad_quotes"),)) from None
    lines = [cells for cells in rows if any(cell.strip() for cell in cells)]
    if not lines:
        raise FileRefused(problems=(Problem("empty_file"),))
    return lines


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp949"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefused(problems=(Problem("bad_encoding"),))


def _first_line(cells: list[str], problems: list[Problem]) -> tuple[str, int, int]:
    if len(cells) != 5 or cells[0].strip() != MARK or cells[1].strip() != VERSION:
        problems.append(Problem("not_a_results_file", value=",".join(cells)[:80]))
        return "", 0, 0
    run_id, count, total = (cell.strip() for cell in cells[2:])
    if not _ID.fullmatch(run_id):
        problems.append(Problem("bad_reference", field="run_id", value=run_id[:80]))
    return run_id, _whole(count, "count", None, problems), _whole(total, "total", None, problems)


def _result(row: int, cells: list[str], problems: list[Problem]) -> BankResult | None:
    if len(cells) != len(COLUMNS):
        code = "too_few_fields" if len(cells) < len(COLUMNS) else "too_many_fields"
        problems.append(Problem(code, value=str(len(cells)), row=row))
        return None
    cell = dict(zip(COLUMNS, (text.strip() for text in cells), strict=True))
    before = len(problems)
    _check_references(cell, row, problems)
    answer = cell["result"]
    if answer not in set(BankAnswer):
        problems.append(Problem("unknown_result", field="result", value=answer[:80], row=row))
    executed_on = _day(cell["executed_on"], row, problems)
    amount = _whole(cell["amount"], "amount", row, problems)
    if len(problems) > before:
        return None
    return BankResult(
        cell["payment_id"], BankAnswer(answer), cell["reason_code"], cell["bank_reference"], executed_on, amount
    )


def _check_references(cell: Mapping[str, str], row: int, problems: list[Problem]) -> None:
    for name, shape in (("payment_id", _ID), ("reason_code", _CODE), ("bank_reference", _CODE)):
        if not shape.fullmatch(cell[name]):
            code = "bad_reference" if cell[name] else "missing_value"
            problems.append(Problem(code, field=name, value=cell[name][:80], row=row))


def _whole(text: str, field: str, row: int | None, problems: list[Problem]) -> int:
    if _WHOLE.fullmatch(text):
        return int(text)
    code = "not_an_integer" if text else "missing_value"
    problems.append(Problem(code, field=field, value=text[:80], row=row))
    return 0


def _day(text: str, row: int, problems: list[Problem]) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text if _DAY.fullmatch(text) else "no date")
    except ValueError:
        problems.append(Problem("not_a_date", field="executed_on", value=text[:80], row=row))
        return None


def _refused(problems: list[Problem], filename: str) -> FileRefused:
    return FileRefused(problems=[Problem(p.code, p.field, p.value, filename, p.row) for p in problems[:MAX_PROBLEMS]])

"""Files that mean harm or come from a bad day, made here, each with a name that says what it is."""

from __future__ import annotations

import gzip
import io
import json
import stat
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from tests.platform_samples import locked, written
from tests.settled import HEADER, csv_of, line

PERIOD = "2026-05"
ROWS = [HEADER, *(list(map(str, line("S1", f"2026-05-{day:02d} 12:00", order_no=f"A{day}"))) for day in range(1, 20))]
GOOD = csv_of(line("S1", f"2026-05-{day:02d} 12:00", order_no=f"A{day}") for day in range(1, 20))
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # how old and protected workbooks begin
_FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
_MAIN = "xl/worksheets/sheet1.xml"


@dataclass(frozen=True, slots=True)
class Hostile:
    """`filename`: as a browser sends it. `taken`: harmless once read, so it may also be taken in, row by row. `long`:
    takes seconds to make and to refuse, which `make test` leaves to `make faults`.
    """

    what: str
    filename: str
    make: Callable[[], bytes]
    taken: bool = False
    password: str = ""
    long: bool = False


def _workbook(change: Callable[[bytes], bytes]) -> bytes:
    """A good workbook whose sheet is changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(written(ROWS, "xlsx"))) as good, zipfile.ZipFile(out, "w", 8) as bad:
        for member in good.infolist():
            content = good.read(member)
            if member.filename == _MAIN:
                content = change(content)
            bad.writestr(member.filename, content)
    return out.getvalue()


def _sheet(data: str, *, before: str = "", prolog: str = "") -> bytes:
    head = f'<?xml version="1.0"?>{prolog}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    return f"{head}{before}<sheetData>{data}</sheetData></worksheet>".encode()


def _alone(data: str, **more: str) -> bytes:
    """A workbook whose sheet has nothing but these rows."""
    return _workbook(lambda _: _sheet(data, **more))


def _declared() -> bytes:
    before = '<dimension ref="A1:XFD1048576"/><cols><col min="1" max="1000000" width="9"/></cols>'
    return _alone('<row r="1" spans="1:1000000"><c r="A1"><v>1</v></c></row>', before=before)


def _entity(value: str) -> bytes:
    prolog = f"<!DOCTYPE worksheet [{value}]>"
    data = '<row r="1"><c r="A1" t="inlineStr"><is><t>&e;</t></is></c></row>'
    return _alone(data, prolog=prolog)


def _laughs() -> bytes:
    steps = [f'<!ENTITY e{number} "{f"&e{number - 1};" * 10}">' for number in range(1, 12)]
    return _entity('<!ENTITY e0 "ha">' + "".join(steps) + '<!ENTITY e "&e11;">')


def _formulas() -> bytes:
    formula = b'<c r="B2" t="str"><f>cmd|\'/c calc\'!A1</f><v>=cmd|calc</v></c>'
    return _workbook(lambda sheet: sheet.replace(b"</row>", formula + b"</row>", 2))


def _gzip_bomb() -> bytes:
    """2.5 GB out of 2.5 MB, as members one after the other."""
    return gzip.compress(bytes(100 << 20)) * 25


def _link() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("xl/workbook.xml")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("../../../tmp/evil", "x")
    return out.getvalue()


def _archive(members: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(members):
            archive.writestr(f"xl/{number}.xml", b"")
    return out.getvalue()


def _locked() -> bytes:
    return locked(written(ROWS, "xlsx"), "1234")


def _mixed() -> bytes:
    return GOOD + "가게,".encode() + "매장\n".encode("cp949")


def _changed(old: bytes, new: bytes) -> Callable[[], bytes]:
    return lambda: GOOD.replace(old, new)


FILES = (
    Hostile("a workbook whose sheet unpacks to 300 MB", "bomb.xlsx", lambda: _workbook(lambda _: bytes(300 << 20))),
    Hostile("2.5 GB out of gzip", "bomb.csv.gz", _gzip_bomb, long=True),
    Hostile("gzip in gzip in gzip", "a.csv.gz", lambda: gzip.compress(gzip.compress(gzip.compress(GOOD)))),
    Hostile("a cell at XFD1048576", "far.xlsx", lambda: _alone(_FAR)),
    Hostile("a sheet that declares a million columns", "wide.xlsx", _declared),
    Hostile("an external entity", "entity.xlsx", lambda: _entity('<!ENTITY e SYSTEM "file:///etc/passwd">')),
    Hostile("a billion laughs", "laughs.xlsx", _laughs),
    Hostile("elements nested 200,000 deep", "deep.xlsx", lambda: _alone("<row>" * 200_000)),
    Hostile("thousands of parts", "parts.xlsx", lambda: _archive(3_000)),
    Hostile("links and paths in the archive", "links.xlsx", _link),
    Hostile("formulas in a workbook", "formulas.xlsx", _formulas, taken=True),
    Hostile("a protected workbook, wrong password", "locked.xlsx", _locked, password="4321"),
    Hostile("half a workbook", "half.xlsx", lambda: written(ROWS, "xlsx")[:-300]),
    Hostile("half a gzip", "half.csv.gz", lambda: gzip.compress(GOOD)[:-20]),
    Hostile("a PDF called workbook", "a.xlsx", lambda: b"%PDF-1.7\n" + bytes(1000) + b"%%EOF"),
    Hostile("a picture called CSV", "a.csv", lambda: b"\x89PNG\r\n\x1a\n" + bytes(1000)),
    Hostile("a workbook called CSV", "b.csv", lambda: written(ROWS, "xlsx")),
    Hostile("a page called CSV", "c.csv", lambda: b"<html><script>alert(1)</script></html>"),
    Hostile("an old workbook of noise", "noise.xls", lambda: _OLD + bytes(range(256)) * 40),
    Hostile("one line of 50 MB", "line.csv", lambda: b"a" * (50 << 20), long=True),
    Hostile("50 MB of empty lines", "blank.csv", lambda: b"\n" * (50 << 20), long=True),
    Hostile("a million empty columns", "columns.csv", lambda: b"," * 1_000_000 + b"\n", long=True),
    Hostile("far too many bad rows", "rows.csv", lambda: GOOD + b"x\n" * 1_500_000, taken=True, long=True),
    Hostile("NUL bytes", "nul.csv", _changed(b"S1", b"S\0"), taken=True),
    Hostile("only NUL bytes", "nuls.csv", lambda: bytes(10_000)),
    Hostile("a quote that never ends", "quote.csv", _changed(b"A3", b'"A3'), taken=True),
    Hostile("encodings mixed line by line", "mixed.csv", _mixed, taken=True),
    Hostile("UTF-16", "wide.csv", lambda: GOOD.decode().encode("utf-16")),
    Hostile("formulas in cells", "cells.csv", _changed(b",S1,", b",=cmd|'/c calc'!A1,"), taken=True),
    Hostile("a name that climbs", "../../../../etc/cron.d/evil.csv", lambda: b"x", taken=True),
    Hostile("a name of 5,000 letters", "가" * 1_600 + ".csv", lambda: b"y"),
    Hostile("a name that hides its ending", "may\u202excod.csv", lambda: b"z"),
)  # fmt: skip

# What programs send as NDJSON: none of it may be taken as anything but rows, each accepted or refused.


def _row_with(amount: bytes) -> bytes:
    return json.dumps(_ROW)[:-1].encode() + b', "order_amount": ' + amount + b"}\n"


_ROW = dict(zip(HEADER, map(str, line("S1", "2026-05-03 12:00", order_no="B1")), strict=True))
NDJSON = (
    ("brackets nested 100,000 deep", lambda: b"[" * 100_000 + b"\n"),
    ("objects nested 100,000 deep", lambda: b'{"a":' * 100_000 + b"\n"),
    ("a number of 100,000 digits", lambda: _row_with(b"9" * 100_000)),
    ("a number that is none", lambda: _row_with(b"NaN")),
    ("a number beyond all numbers", lambda: _row_with(b"1e400")),
    ("a key three thousand times", lambda: b"{" + b",".join(b'"store_id": "S1"' for _ in range(3_000)) + b"}\n"),
    ("half a character", lambda: b'{"store_id": "\\ud800"}\n'),
    ("one line of 50 MB of NDJSON", lambda: b'{"a": "' + b"a" * (50 << 20)),
)  # fmt: skip

"""A small file of every platform in its own form, made from the rows of tests/samples, and what has to come out of it.

The rows are as a person sees them in the sheet; amounts without commas become numbers in workbooks.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msoffcrypto.format.ooxml
import xlsxwriter
import xlwt

FOLDER = Path(__file__).parent / "samples"
PERIOD = "2026-05"

Table = list[list[str]]
_NUMBER = re.compile(r"-?\d{1,9}")


@dataclass(frozen=True, slots=True)
class Sample:
    """`form`: how the file comes. `lines` = accepted, refused, no orders; the sums are won over the accepted lines."""

    platform: str
    form: str
    store: str
    lines: tuple[int, int, int]
    delivery: tuple[int, int]
    promotion: tuple[int, int]
    layout: str = "orders"
    sheet: str = "Sheet1"

    @property
    def name(self) -> str:
        return f"{self.platform}.{self.layout}"

    @property
    def filename(self) -> str:
        return f"{self.platform}_{PERIOD}.{ENDINGS[self.form]}"

    @property
    def content(self) -> bytes:
        return written(table(self.name), self.form, sheet=self.sheet)


ENDINGS = {
    "xlsx": "xlsx",
    "xls": "xls",
    "csv": "csv",
    "csv-bom": "csv",
    "csv-cp949": "csv",
    "tsv": "tsv",
    "csv.gz": "csv.gz",
    "xlsx.gz": "xlsx.gz",
}

# delivery and promotion: (cost, borne by platform or government)
SAMPLES = (
    Sample("baemin", "xlsx", "14120001", (4, 1, 1), (6_700, 0), (3_000, 0)),
    Sample("baemin", "xlsx", "14120001", (2, 1, 2), (0, 0), (5_600, 0), layout="deposits", sheet="상세"),
    Sample("yogiyo", "csv-cp949", "639120", (3, 1, 1), (2_900, 0), (2_000, 1_000)),
    Sample("yogiyo", "xlsx", "639120", (1, 0, 0), (0, 0), (4_500, 0), layout="statement"),
    Sample("coupangeats", "xlsx", "771204", (3, 0, 1), (3_400, 0), (2_750, 0)),
    Sample("ttaengyo", "xls", "TY-3001", (3, 0, 1), (3_300, 0), (3_000, 2_000)),
    Sample("meokkaebi", "csv-bom", "MK77", (3, 0, 1), (7_000, 1_000), (2_000, 1_000)),
    Sample("barogo", "xlsx", "B-5521", (3, 1, 1), (7_500, 0), (0, 0)),
    Sample("saenggakdaero", "csv-cp949", "SG0412", (3, 0, 1), (6_500, 0), (0, 0)),
    Sample("vroong", "tsv", "VR-88", (3, 0, 0), (7_600, 500), (0, 0)),
    Sample("own-delivery", "csv-bom", "brn-1248100998", (3, 0, 0), (5_000, 0), (0, 0)),
    Sample("siren-order", "xlsx.gz", "SO-11", (3, 0, 0), (0, 0), (1_500, 0)),
    Sample("syrup-order", "csv", "SY-204", (2, 0, 0), (0, 0), (1_050, 400)),
    Sample("qr-order", "xlsx", "QR-9", (3, 0, 0), (0, 0), (1_000, 0)),
    Sample("syrup", "csv-bom", "SW-7", (2, 0, 0), (0, 0), (2_100, 500)),
    Sample("lotte-coupon", "xls", "LT-31", (2, 0, 0), (0, 0), (1_530, 500)),
    Sample("kakao-channel", "csv-cp949", "@surakan", (2, 0, 1), (0, 0), (2_800, 300)),
    Sample("line", "csv.gz", "@gurye-cafe", (2, 0, 0), (0, 0), (2_100, 100)),
    Sample("wechat", "csv", "gh_gurye01", (2, 0, 0), (0, 0), (2_400, 0)),
    Sample("social-coupon", "xlsx", "SC-3", (2, 0, 1), (0, 0), (3_200, 1_000)),
    Sample("11st-living", "csv-cp949", "LV-60", (2, 0, 0), (0, 0), (2_300, 500)),
    Sample("kakao-taxi", "xlsx", "TX-4", (2, 0, 0), (0, 0), (2_200, 500)),
    Sample("zigbang", "csv", "ZB-15", (2, 0, 0), (0, 0), (3_000, 1_000)),
    Sample("hellonature", "xlsx", "HN-2", (2, 0, 1), (3_000, 500), (1_500, 500)),
    Sample("dash-reorder", "tsv", "DR-8", (2, 0, 0), (2_700, 0), (1_500, 0)),
    Sample("store-pickup", "csv-bom", "PU-1", (2, 0, 0), (0, 0), (2_040, 1_000)),
    Sample("kakaopay", "xlsx", "KP-70", (2, 0, 1), (0, 0), (1_500, 500)),
    Sample("alipay", "csv", "AP-5", (2, 0, 0), (0, 0), (900, 0)),
    Sample("dongbaek-mall", "xls", "DM-12", (2, 0, 1), (3_000, 0), (3_000, 2_000)),
)


def table(name: str) -> Table:
    """The declared rows of `<platform>.<layout>`."""
    with (FOLDER / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter="\t"))


def written(rows: Table, form: str, *, sheet: str = "Sheet1") -> bytes:
    """The rows as a file of this form."""
    if form.endswith(".gz"):
        return gzip.compress(written(rows, form.removesuffix(".gz"), sheet=sheet))
    return _WRITERS[form](rows, sheet)


def locked(workbook: bytes, password: str) -> bytes:
    """An .xlsx with a password on it."""
    out = io.BytesIO()
    msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(workbook)).encrypt(password, out)
    return out.getvalue()


def _text(encoding: str, delimiter: str = ",") -> Callable[[Table, str], bytes]:
    def write(rows: Table, _sheet: str) -> bytes:
        out = io.StringIO()
        csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
        return out.getvalue().encode(encoding)

    return write


def _xlsx(rows: Table, sheet: str) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet(sheet)
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            page.write(number, column, int(cell) if _NUMBER.fullmatch(cell) else cell)
    book.close()
    return out.getvalue()


def _xls(rows: Table, sheet: str) -> bytes:
    out = io.BytesIO()
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet(sheet)
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell:
                page.write(number, column, int(cell) if _NUMBER.fullmatch(cell) else cell)
    book.save(out)
    return out.getvalue()


_WRITERS: dict[str, Callable[[Table, str], bytes]] = {
    "csv": _text("utf-8"),
    "csv-bom": _text("utf-8-sig"),
    "csv-cp949": _text("cp949"),
    "tsv": _text("utf-8", "\t"),
    "xlsx": _xlsx,
    "xls": _xls,
}

"""The kinds of files a delivery may be, what protects the reader from them, and what is asked of the sender."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from portal import data
from portal.domain.errors import FileRefused
from portal.domain.layout_matching import LayoutUnknown, Verdict
from portal.storage.readers import Limits, ReadResult, Sent
from portal.storage.workbook_rows import SheetRows
from tests.platform_samples import locked, written
from tests.storage.settlement_csv import HEADER, read, read_here, row, text

LAYOUTS = data.platform_catalogue()["baemin"].layouts
ROWS = [HEADER, row(1).split(","), row(2).split(",")]


def codes(refusal: pytest.ExceptionInfo[FileRefused]) -> list[str]:
    return [problem.code for problem in refusal.value.problems]


@pytest.mark.parametrize("form", ["csv", "csv-bom", "csv-cp949", "tsv", "xlsx", "xls", "csv.gz", "xlsx.gz"])
def test_the_contracts_own_columns_are_read_from_every_kind_of_file(tmp_path: Path, form: str) -> None:
    result = read_here(tmp_path, written(ROWS, form), sent=Sent(f"march.{form.partition('-')[0]}", layouts=LAYOUTS))
    assert (result.accepted, result.refused, result.outcome.total_order_amount) == (2, 0, 42_200)
    assert result.layout == "canonical"


def test_a_protected_workbook_asks_for_its_password(tmp_path: Path) -> None:
    content = locked(written(ROWS, "xlsx"), "639120")

    def deliver(password: str) -> ReadResult:
        return read(tmp_path, content, number=len(list(tmp_path.iterdir())) + 1, sent=Sent("3월.xlsx", password))

    with pytest.raises(FileRefused) as none:
        deliver("")
    with pytest.raises(FileRefused) as wrong:
        deliver("123456")
    assert codes(none) + codes(wrong) == ["file_password_needed", "file_password_wrong"]
    assert deliver("639120").accepted == 2
    left = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and path.name == "answer.json"]
    assert left
    assert not any(b"639120" in each for each in left)


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("a.csv", "xlsx"),
        ("a.xlsx", "csv"),
        ("a.xls", "xlsx"),
        ("a.xlsx", "csv.gz"),
        ("a.gz", "csv"),
        ("a.xlsx.gz", "csv.gz"),
    ],
)
def test_bytes_and_ending_have_to_agree(tmp_path: Path, name: str, form: str) -> None:
    with pytest.raises(FileRefused) as refusal:
        read_here(tmp_path, written(ROWS, form), sent=Sent(name))
    assert codes(refusal) == ["other_ending"]


# A workbook that costs more than it looks ----------------------------------------------------------------------------


def one_cell(reference: str) -> bytes:
    """A small workbook whose only cell stands far out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(written([["a"]], "xlsx"))) as good, zipfile.ZipFile(out, "w") as bad:
        for member in good.infolist():
            content = good.read(member)
            if member.filename.endswith("sheet1.xml"):
                content = content.replace(b'r="A1"', f'r="{reference}"'.encode())
            bad.writestr(member.filename, content)
    return out.getvalue()


def packed(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


COSTLY = [
    ("a cell in the last corner of a sheet", one_cell("XFD1048576"), "too_many_columns"),
    ("a cell far below", one_cell("GR1048576"), "too_large"),
    ("a part that unpacks to 300 MB", packed({"xl/worksheets/sheet1.xml": bytes(300 << 20)}), "too_large"),
    ("thousands of parts", packed({f"xl/{number}.xml": b"" for number in range(3_000)}), "too_large"),
    ("an archive of something else", packed({"letter.txt": b"hello"}), "broken_file"),
    ("half a workbook", written(ROWS, "xlsx")[:-200], "broken_file"),
]


@pytest.mark.parametrize(("content", "code"), [case[1:] for case in COSTLY], ids=[what for what, *_ in COSTLY])
def test_a_workbook_that_would_cost_too_much_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    with pytest.raises(FileRefused) as refusal:
        read(tmp_path, content, sent=Sent("a.xlsx"))
    assert codes(refusal) == [code]


def test_gzip_unpacks_to_no_more_than_is_allowed(tmp_path: Path) -> None:
    content = gzip.compress(text(*[row(number) for number in range(1, 200)]).encode())
    with pytest.raises(FileRefused) as refusal:
        read_here(tmp_path, content, limits=Limits(unpacked=5_000))
    assert codes(refusal) == ["too_large"]
    assert read_here(tmp_path, content, number=8).accepted == 199


def test_an_entity_of_a_sheet_is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("delivery")
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(written(ROWS, "xlsx"))) as good, zipfile.ZipFile(out, "w") as bad:
        for member in good.infolist():
            content = good.read(member)
            if member.filename.endswith("sharedStrings.xml"):
                outside = f'<!DOCTYPE sst [<!ENTITY x SYSTEM "file://{secret}">]><sst'.encode()
                content = content.replace(b"<sst", outside, 1).replace(b">delivery<", b">&x;<")
            bad.writestr(member.filename, content)
    try:
        result = read(tmp_path, out.getvalue(), sent=Sent("a.xlsx"))
    except FileRefused:
        return
    assert result.accepted == 0


def test_what_a_formula_says_is_read_as_its_value(tmp_path: Path) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, HEADER)
        page.write_row(1, 0, row(1).split(","))
        page.write_formula(1, HEADER.index("order_amount"), "=20000+1100", None, 21_100)
    result = read_here(tmp_path, out.getvalue())
    assert (result.accepted, result.outcome.total_order_amount) == (1, 21_100)


def test_an_order_number_that_the_workbook_has_rounded_is_refused(tmp_path: Path) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, HEADER)
        for number, order_no in enumerate([12345678901234567890, 123456789012345], 1):
            page.write_row(number, 0, row(1).split(","))
            page.write_number(number, HEADER.index("order_no"), order_no)
    result = read_here(tmp_path, out.getvalue())
    assert (result.accepted, result.outcome.problems_by_code) == (1, {"number_not_exact": 1})


# Layouts nobody has told us about ------------------------------------------------------------------------------------


def test_an_unknown_layout_is_refused_with_both_lists_of_columns(tmp_path: Path) -> None:
    header = ["가게번호", "주문번호", "주문일시", "새로 생긴 열"]
    with pytest.raises(LayoutUnknown) as refusal:
        read(tmp_path, written([header, ["1", "2", "2026-03-01", "x"]], "csv"), sent=Sent("a.csv", layouts=LAYOUTS))
    found = {(column.expected, column.found): column.verdict for column in refusal.value.comparison.columns}
    assert found["주문번호", "주문번호"] is Verdict.SAME
    assert found["주문금액", ""] is Verdict.MISSING
    assert found["", "새로 생긴 열"] is Verdict.UNKNOWN
    assert codes(refusal) == ["unknown_layout"]
    assert {problem.code for problem in refusal.value.comparison.problems} == {"missing_column", "unknown_column"}


def test_a_long_sheet_says_how_many_rows_were_read_and_a_short_one_says_nothing() -> None:
    def heard(rows: int) -> list[int]:
        told: list[int] = []
        sheet = ([f"S-{number}", float(number)] for number in range(rows + 1))
        source = SheetRows(sheet, head=1, width=2, most=100_000, heard=told.append)
        assert sum(batch.num_rows for batch in source.reader()) == source.count == rows
        return told

    assert heard(5_000) == [2_048, 4_096]
    assert heard(10) == []

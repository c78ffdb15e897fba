"""A sheet that is shared out is read as the sheet it was; one whose rows are not where they should be is not cut."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.domain.errors import FileRefused
from portal.storage import workbook_shares, workbook_sheets
from portal.storage.workbook_bounds import Bounds, Reach, check
from tests.platform_samples import written

ROWS = st.lists(st.lists(st.sampled_from(["", "a", "가 b", "12", "x" * 40]), min_size=3, max_size=3), max_size=30)


def shares_of(path: Path, into: Path, large: int) -> list[Path]:
    before, workbook_shares.LARGE = workbook_shares.LARGE, large
    try:
        return workbook_shares.shared(path, into, Bounds(), 4)
    finally:
        workbook_shares.LARGE = before


def read(shares: Sequence[Path]) -> list[list[object]]:
    with workbook_sheets.opened(shares, 2) as book:
        return list(book.sheet(book.sheet_names[0], 10_000).rows())


@settings(max_examples=60, deadline=None)
@given(rows=ROWS)
def test_a_sheet_is_the_same_in_shares(rows: list[list[str]]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsx"
        path.write_bytes(written([["a", "b", "c"], *rows], "xlsx"))
        shares = shares_of(path, Path(folder), large=1)
        assert len(shares) == 4
        assert read(shares) == read([path])


def changed(path: Path, old: bytes, new: bytes) -> Path:
    """The same workbook with other bytes in its sheet."""
    target = path.with_name("changed.xlsx")
    with zipfile.ZipFile(path) as good, zipfile.ZipFile(target, "w") as bad:
        for member in good.infolist():
            content = good.read(member)
            assert old in content or "worksheets" not in member.filename
            bad.writestr(member.filename, content.replace(old, new) if "worksheets" in member.filename else content)
    return target


@pytest.mark.parametrize(
    ("old", "new", "cut"),
    [
        (b"<sheetData>", b"<sheetData>", True),
        (b"<sheetData>", b"<!-- <row r= --><sheetData>", False),
        (b'r="C9"', b'r="C2"', False),
        (b'r="C2"', b'r="C9"', False),
        (b'<row r="9"', b'<row r="1"', True),
        (b"<row r=", b"<row x=", False),
    ],
)
def test_only_a_sheet_with_its_cells_in_order_is_cut(tmp_path: Path, old: bytes, new: bytes, cut: bool) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(written([["a", "b", "c"], *([str(number), "b", "c"] for number in range(11))], "xlsx"))
    book = changed(path, old, new)
    shares = shares_of(book, tmp_path, large=1)
    sheets = {zipfile.ZipFile(share).read("xl/worksheets/sheet1.xml") for share in shares}
    assert (len(sheets) > 1) is cut
    assert read(shares) == read([book])


@pytest.mark.parametrize(
    ("cell", "within"),
    [
        *(("A1", False), ("A9", False), ("A10", True), ("AB10", True), ("AB12", True), ("AC10", False), ("B13", False)),
        *(("Z11", True), ("ABC10", False), ("B100", False), ("B010", False), ("BA11", False)),
    ],
)
def test_the_search_for_cells_outside_finds_each(cell: str, within: bool) -> None:
    sheet = f'<row r="10"><c r="B10"/><c r="{cell}"/><c r="C12"/></row>'.encode()
    assert Reach(10, 12, 28).holds(memoryview(sheet)) is within


def test_a_cell_far_out_is_found_wherever_it_stands() -> None:
    good = bytearray(b'<row r="1"><c r="A1"/></row><row r="2"><c r="B2"/></row>')
    assert check(good, Bounds()) == Reach(1, 2, 2)
    with pytest.raises(FileRefused):
        check(bytearray(good.replace(b'r="A1"', b'r="GS1"', 1)), Bounds())
    with pytest.raises(FileRefused):
        check(bytearray(good.replace(b'r="A1"', b'r="GR999999"', 1)), Bounds())
    assert check(bytearray(good.replace(b'r="A1"', b'r="A99"', 1)), Bounds()) is None

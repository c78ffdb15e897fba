"""Evidence is taken when its ending, bytes, declared type and size agree; pictures are measured, never decoded."""

from __future__ import annotations

import io
import struct
import unicodedata
import zlib

import pytest

from forms.file_fields import CSV, PDF, XLSX
from forms.uploads import CheckedUpload, check_upload, safe_name
from portal.domain.errors import FileRefused


def png(width: int = 800, height: int = 600) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    return (
        b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
        + b"\x00\x00\x00\x00IEND\xaeB`\x82"
    )  # fmt: skip


def jpeg(width: int = 800, height: int = 600, before: bytes = b"") -> bytes:
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 17, 8, height, width, 3) + bytes(9)
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(9) + before + frame + b"\xff\xda\x00\x02scan\xff\xd9"


PAGE = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def check(name: str, content: bytes, declared: str = "") -> CheckedUpload:
    return check_upload(name, io.BytesIO(content), declared)


@pytest.mark.parametrize(
    ("name", "content", "declared", "media_type", "size"),
    [
        ("등록증.pdf", PAGE, "application/pdf", "application/pdf", (0, 0)),
        ("등록증.PDF", PAGE + b"\n" * 100, "", "application/pdf", (0, 0)),
        ("통장.png", png(), "image/png", "image/png", (800, 600)),
        ("통장.jpg", jpeg(), "image/jpeg; charset=binary", "image/jpeg", (800, 600)),
        ("통장.jpeg", jpeg(before=b"\xff\xff\xff\xe1\x00\x04ab"), "application/octet-stream", "image/jpeg", (800, 600)),
        ("대형.jpg", jpeg(12_000, 9_000), "image/jpeg", "image/jpeg", (12_000, 9_000)),
    ],
)
def test_evidence_whose_signs_agree_is_taken_with_its_true_type(
    name: str, content: bytes, declared: str, media_type: str, size: tuple[int, int]
) -> None:
    taken = check(name, content, declared)
    assert (taken.media_type, (taken.width, taken.height), taken.content) == (media_type, size, content)


@pytest.mark.parametrize(
    ("name", "content", "declared", "code"),
    [
        ("a.pdf", b"", "application/pdf", "file_empty"),
        ("a.pdf", PAGE + bytes(10 << 20), "application/pdf", "file_too_large"),
        ("a.hwp", PAGE, "application/pdf", "file_kind_not_allowed"),
        ("a", PAGE, "application/pdf", "file_kind_not_allowed"),
        ("a.pdf.exe", PAGE, "application/pdf", "file_kind_not_allowed"),
        ("a.pdf", png(), "application/pdf", "file_kind_mismatch"),
        ("a.png", PAGE, "image/png", "file_kind_mismatch"),
        ("a.pdf", b"<html>%PDF-1.7 %%EOF", "application/pdf", "file_kind_mismatch"),
        ("a.pdf", PAGE, "text/html", "file_kind_mismatch"),
        ("a.png", png(), "image/jpeg", "file_kind_mismatch"),
        ("a.pdf", PAGE[:20], "application/pdf", "file_truncated"),
        ("a.pdf", b"%PDF-", "application/pdf", "file_truncated"),
        ("a.png", png()[:20], "image/png", "file_truncated"),
        ("a.png", png()[:-12], "image/png", "file_truncated"),
        ("a.png", png(0, 600), "image/png", "file_truncated"),
        ("a.jpg", jpeg()[:22], "image/jpeg", "file_truncated"),
        ("a.jpg", jpeg().replace(b"\xff\xd9", b""), "image/jpeg", "file_truncated"),
        ("a.png", png(100_000, 100_000), "image/png", "file_image_too_large"),
        ("a.png", png(20_001, 1), "image/png", "file_image_too_large"),
        ("a.jpg", jpeg(16_000, 16_000), "image/jpeg", "file_image_too_large"),
    ],
)
def test_evidence_whose_signs_disagree_is_refused_with_its_code(
    name: str, content: bytes, declared: str, code: str
) -> None:
    with pytest.raises(FileRefused) as refusal:
        check(name, content, declared)
    assert [problem.code for problem in refusal.value.problems] == [code]


def test_only_the_kinds_that_are_asked_for_are_taken() -> None:
    with pytest.raises(FileRefused):
        check_upload("통장.png", io.BytesIO(png()), "image/png", allowed=(PDF,))


def test_no_more_than_the_limit_is_read() -> None:
    stream = io.BytesIO(PAGE + bytes(5_000))
    with pytest.raises(FileRefused):
        check_upload("a.pdf", stream, "application/pdf", max_bytes=1_000)
    assert stream.tell() == 1_001


@pytest.mark.parametrize("filler", [b"\xff", b"\xff\xe0\x00\x02"])
def test_a_picture_made_of_markers_alone_is_given_up_soon(filler: bytes) -> None:
    with pytest.raises(FileRefused):
        check("a.jpg", b"\xff\xd8\xff\xe0\x00\x02" + filler * (2 << 20), "image/jpeg")


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("C:\\Users\\me\\등록증.pdf", "등록증.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("사업자\u202efdp.png", "사업자fdp.png"),
        ("a\r\nb\x00.pdf", "ab.pdf"),
        (unicodedata.normalize("NFD", "등록증.pdf"), "등록증.pdf"),
        ("\x00.pdf", "pdf"),
        ("", "file"),
        ("가" * 300 + ".pdf", "가" * 116 + ".pdf"),
    ],
)
def test_a_file_name_loses_folders_and_hidden_characters_but_not_its_ending(sent: str, kept: str) -> None:
    assert safe_name(sent) == kept


WORKBOOK = b"PK\x03\x04" + bytes(100) + b"PK\x05\x06" + bytes(18)


@pytest.mark.parametrize(
    ("name", "content", "declared", "outcome"),
    [
        ("대장.csv", "날짜,금액\n5/3,3500\n".encode("cp949"), "application/vnd.ms-excel", "text/csv"),
        ("대장.csv", "날짜,금액\n".encode("utf-8-sig"), "text/csv", "text/csv"),
        ("대장.csv", b"\xff\xfe" + bytes(range(256)), "text/csv", "file_truncated"),
        ("대장.csv", PAGE, "text/csv", "file_kind_mismatch"),
        ("대장.xlsx", WORKBOOK, "", XLSX_TYPE := "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("대장.xlsx", WORKBOOK[:-22], XLSX_TYPE, "file_truncated"),
        ("대장.xlsx", WORKBOOK, "text/csv", "file_kind_mismatch"),
    ],
)
def test_a_sheet_is_taken_where_sheets_are_asked_for(name: str, content: bytes, declared: str, outcome: str) -> None:
    try:
        found = check_upload(name, io.BytesIO(content), declared, (CSV, XLSX)).media_type
    except FileRefused as refused:
        found = refused.problems[0].code
    assert found == outcome

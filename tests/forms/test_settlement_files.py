"""The delivery form: a platform the person may deliver for, a month, and a table that is what its name says."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask_babel import Babel
from werkzeug.datastructures import FileStorage, MultiDict

from forms.settlement_files import SettlementFileForm

PLATFORMS = [("baemin", "배달의민족"), ("barogo", "바로고")]
GOOD = {"platform": "baemin", "period": "2026-03"}


@pytest.fixture(autouse=True)
def _request() -> Iterator[None]:
    app = Flask(__name__)
    app.config.update(SECRET_KEY="test", WTF_CSRF_ENABLED=False)
    Babel(app, default_locale="ko")
    with app.test_request_context():
        yield


def filled(name: str = "2026-03.csv", content: bytes = b"store_id\n", **cells: str) -> SettlementFileForm:
    upload = FileStorage(io.BytesIO(content), filename=name)
    return SettlementFileForm(MultiDict({**GOOD, **cells, "file": upload}), platforms=PLATFORMS)


def test_a_filled_form_becomes_the_command() -> None:
    form = filled(name="C:\\정산\\3월.csv")
    assert form.validate(), form.errors
    command = form.to_command()
    assert (command.platform, command.period, command.filename) == ("baemin", "2026-03", "3월.csv")
    assert command.stream.read() == b"store_id\n"


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("3월.tsv", b"store_id\t"),
        ("3월.xlsx", b"PK\x03\x04"),
        ("암호.xlsx", b"\xd0\xcf\x11\xe0"),
        ("3월.xls", b"\xd0\xcf\x11\xe0"),
        ("3월.csv.gz", b"\x1f\x8b"),
    ],
)
def test_every_kind_of_table_is_taken_with_its_password(name: str, head: bytes) -> None:
    form = filled(name=name, content=head + b" and so on", password=" 639120 ")
    assert form.validate(), form.errors
    command = form.to_command()
    assert (command.password, "639120" in repr(command)) == (" 639120 ", False)


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (lambda: filled(platform="yogiyo"), "platform"),
        (lambda: filled(platform=""), "platform"),
        (lambda: filled(period="2026-13"), "period"),
        (lambda: filled(period="3월"), "period"),
        (lambda: filled(period=""), "period"),
        (lambda: filled(name="3월.xlsx"), "file"),
        (lambda: filled(name="3월.xls", content=b"PK\x03\x04 a new workbook"), "file"),
        (lambda: filled(name="3월.csv.gz"), "file"),
        (lambda: filled(name="3월.exe"), "file"),
        (lambda: filled(password="x" * 300), "password"),
        (lambda: filled(content=b""), "file"),
        (lambda: filled(content=b"%PDF-1.7 and so on"), "file"),
        (lambda: filled(content=b"PK\x03\x04 a workbook"), "file"),
        (lambda: SettlementFileForm(MultiDict(GOOD), platforms=PLATFORMS), "file"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(form: Callable[[], SettlementFileForm], field: str) -> None:
    made = form()
    assert not made.validate()
    assert list(made.errors) == [field]

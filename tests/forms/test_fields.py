"""What people type becomes one value or one sentence, and nothing in between."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO

import pytest
from flask import Flask
from flask_babel import Babel
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import FileStorage, MultiDict
from wtforms import FieldList, PasswordField, StringField
from wtforms.validators import InputRequired

from forms.base import Form
from forms.code_fields import RegionField, grouped
from forms.fields import BusinessNumberField, DateField, PhoneField, WonField
from forms.file_fields import CSV, EVIDENCE, FileField, file_problem
from forms.messages import FALLBACK, MESSAGES, sentence
from portal.domain.errors import Problem


class Sheet(Form):
    name = StringField("상호", [InputRequired()])
    secret = PasswordField("비밀번호")
    amount = WonField("금액")
    number = BusinessNumberField("사업자등록번호")
    phone = PhoneField("전화번호")
    opened = DateField("개업일")
    region = RegionField("지역")
    lines = FieldList(StringField("내역"), min_entries=1)
    proof = FileField("증빙")


@pytest.fixture(autouse=True)
def request_context() -> Iterator[None]:
    app = Flask(__name__)
    app.config.update(SECRET_KEY="test", WTF_CSRF_ENABLED=False)
    Babel(app, default_locale="ko")
    with app.test_request_context():
        yield


def filled(**typed: object) -> Sheet:
    values = [(key, item) for key, value in typed.items() for item in (value if isinstance(value, list) else [value])]
    sheet = Sheet(MultiDict(values))
    sheet.region.choices = grouped({"전남광주통합특별시": [("12730", "구례군")]})
    sheet.validate()
    return sheet


def upload(name: str, content: bytes) -> FileStorage:
    return FileStorage(BytesIO(content), filename=name)


TAKEN = [
    ("amount", "1,234,000", 1_234_000),
    ("amount", "1,234,000", 1_234_000),
    ("amount", " 30000원 ", 30_000),
    ("amount", "0", 0),
    ("amount", "", None),
    ("number", "124-81-00998", "1248100998"),
    ("number", "1248100998", "1248100998"),
    ("phone", "010 1234 5678", "01012345678"),
    ("phone", "+82-61-780-2000", "0617802000"),
    ("opened", "2020-06-01", date(2020, 6, 1)),
    ("opened", "2020.06.01", date(2020, 6, 1)),
    ("opened", "20200601", date(2020, 6, 1)),
    ("opened", "", None),
    ("region", "12730", "12730"),
    ("region", "", None),
    ("name", "  구례식당 ", "구례식당"),
    ("secret", " pass word ", " pass word "),
]
REFUSED = [
    ("amount", "백만원", "won_not_a_number"),
    ("amount", "1e6", "won_not_a_number"),
    ("amount", "-5,000", "won_negative"),
    ("amount", "9" * 16, "won_too_large"),
    ("amount", "9" * 5000, "won_too_large"),
    ("number", "124-81-0099", "business_number_length"),
    ("number", "124-81-00999", "business_number_check"),
    ("phone", "1234", "phone_invalid"),
    ("opened", "2020-13-01", "date_not_a_date"),
    ("region", "46730", "unknown_choice"),
]


@pytest.mark.parametrize(("field", "typed", "value"), TAKEN)
def test_what_is_typed_well_becomes_a_value(field: str, typed: str, value: object) -> None:
    assert filled(**{field: typed})[field].data == value
    assert not filled(**{field: typed})[field].errors


@pytest.mark.parametrize(("field", "typed", "code"), REFUSED)
def test_what_is_typed_wrongly_is_refused_with_its_sentence_and_stays_on_the_page(
    field: str, typed: str, code: str
) -> None:
    refused = filled(**{field: typed})[field]
    assert [str(error) for error in refused.errors] == [sentence(Problem(code))]
    assert field == "region" or f'value="{typed}"' in refused()


@given(st.integers(min_value=0, max_value=10**15 - 1))
def test_every_amount_shown_in_the_box_is_read_back_as_itself(amount: int) -> None:
    field = Sheet(MultiDict()).amount
    assert field.parse(field.show(amount)) == amount


def test_a_value_from_the_record_is_shown_the_way_people_write_it() -> None:
    sheet = Sheet(formdata=None, data={"amount": 1234000, "number": "1248100998", "phone": "01012345678"})
    shown = [sheet[name]._value() for name in ("amount", "number", "phone")]
    assert shown == ["1,234,000", "124-81-00998", "010-1234-5678"]


FILES = [
    ("증명.pdf", b"%PDF-1.7 ...", None),
    ("사진.JPG", b"\xff\xd8\xff\xe0 ...", None),
    ("사진.png", b"\x89PNG\r\n\x1a\n...", None),
    ("사진.png", b"%PDF-1.7 ...", "file_kind_mismatch"),
    ("증명.pdf", b"MZ\x90\x00 a program", "file_kind_mismatch"),
    ("증명.hwp", b"%PDF-1.7 ...", "file_kind_not_allowed"),
    ("증명.pdf.exe", b"%PDF-1.7 ...", "file_kind_not_allowed"),
    ("증명", b"%PDF-1.7 ...", "file_kind_not_allowed"),
    ("증명.pdf", b"", "file_empty"),
    ("증명.pdf", b"%PDF-" + b"x" * 100, "file_too_large"),
]


@pytest.mark.parametrize(("name", "content", "code"), FILES)
def test_a_file_is_taken_when_its_name_its_bytes_and_its_size_agree(
    name: str, content: bytes, code: str | None
) -> None:
    problem = file_problem(name, content[:16], len(content), kinds=EVIDENCE, max_bytes=100)
    assert (problem.code if problem else None) == code


def test_a_spreadsheet_that_calls_itself_csv_is_refused_and_text_is_taken() -> None:
    assert file_problem("정산.csv", "주문번호,금액".encode()[:16], 20, kinds=(CSV,), max_bytes=100) is None
    refused = file_problem("정산.csv", b"PK\x03\x04....", 20, kinds=(CSV,), max_bytes=100)
    assert refused is not None
    assert refused.code == "file_kind_mismatch"


def test_an_uploaded_file_can_still_be_read_from_its_start_after_the_check() -> None:
    sheet = filled(proof=upload("증명.pdf", b"%PDF-1.7 body"))
    assert not sheet.proof.errors
    assert sheet.proof.data.read() == b"%PDF-1.7 body"


def test_no_file_is_no_problem_unless_it_is_required() -> None:
    assert not filled().proof.errors
    assert filled().proof.data is None


def test_problems_of_a_service_land_on_their_fields_and_the_rest_on_the_form() -> None:
    sheet = filled(name="구례식당")
    sheet.add_problems(
        [Problem("business_number_taken", "number"), Problem("budget_exhausted"), Problem("required", "lines-0")]
    )
    assert sheet.summary() == [
        (None, str(MESSAGES["budget_exhausted"])),
        ("number", f"사업자등록번호: {MESSAGES['business_number_taken']}"),
        ("lines-0", f"내역: {MESSAGES['required']}"),
    ]


def test_a_form_without_mistakes_has_an_empty_summary() -> None:
    assert filled(name="구례식당").summary() == []


def test_messages_of_the_form_library_are_korean() -> None:
    assert filled().summary() == [("name", "상호: 이 항목은 필수입니다.")]


def test_a_code_without_a_sentence_is_named_in_a_general_one() -> None:
    assert "no_such_code" in sentence(Problem("no_such_code"))


@pytest.mark.parametrize("code", [*MESSAGES, "fallback"])
def test_every_sentence_can_be_filled_in(code: str) -> None:
    text = str(MESSAGES.get(code, FALLBACK)) % {"value": "100% 파일.pdf", "code": code}
    assert text
    assert "%(" not in text

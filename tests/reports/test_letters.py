"""Letters: what stands on them, in which font, and always the same bytes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from portal.config import ROOT
from reports.letters import decision, notice, objection, payment, recovery, rejection, supplement
from reports.letters.document import Signature
from reports.page import DEMO_MARK, register_fonts
from tests.reports import samples

FONTS = ROOT / "node_modules" / "@expo-google-fonts" / "noto-sans-kr"
ALL = {
    "decision": lambda: decision.render(samples.decision()),
    "changed_decision": lambda: decision.render(samples.changed_decision()),
    "notice": lambda: notice.render(samples.notice()),
    "rejection": lambda: rejection.render(samples.rejection()),
    "objection_extended": lambda: objection.render_extension(samples.objection_extended()),
    "objection_result": lambda: objection.render_result(samples.objection_result()),
    "supplement": lambda: supplement.render(samples.supplement()),
    "payment": lambda: payment.render(samples.payment()),
    "recovery_notice": lambda: recovery.render_notice(samples.recovery_notice()),
    "recovery_order": lambda: recovery.render_order(samples.recovery_order()),
    "recovery_instalments": lambda: recovery.render_instalments(samples.recovery_instalments()),
    "recovery_closed": lambda: recovery.render_closed(samples.recovery_closed()),
}


@pytest.fixture(autouse=True, scope="module")
def _fonts() -> None:
    register_fonts(FONTS)


def words(pdf: bytes) -> str:
    """The text of a PDF as a reader copies it, without its line breaks."""
    pages = PdfReader(BytesIO(pdf)).pages
    return " ".join("".join(page.extract_text() for page in pages).split())


@pytest.mark.parametrize("kind", ALL)
def test_every_letter_names_number_date_contact_code_and_end(kind: str) -> None:
    text = words(ALL[kind]())
    expected = ("경제활력과-12", "2026. 11. 22.", "061-000-0000", "ABCD-EFGH-JKMN-PQRS", "끝.", "기안 주무관 김서연")
    for piece in (*expected, DEMO_MARK, "직인 생략"):
        assert piece in text, piece


@pytest.mark.parametrize("kind", ALL)
def test_only_the_korean_font_is_used_and_it_is_embedded(kind: str) -> None:
    reader = PdfReader(BytesIO(ALL[kind]()))
    pages: list[Any] = list(reader.pages)
    fonts = [font.get_object() for page in pages for font in page["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        assert "NotoSansKR" in font["/BaseFont"]
        assert "/FontFile2" in font["/FontDescriptor"].get_object()


@pytest.mark.parametrize("kind", ALL)
def test_the_same_letter_is_the_same_bytes_also_from_many_threads_at_once(kind: str) -> None:
    once = ALL[kind]()
    with ThreadPoolExecutor(4) as pool:
        assert {bytes(pdf) for pdf in pool.map(lambda _: ALL[kind](), range(12))} == {once}


@pytest.mark.parametrize("kind", ALL)
def test_the_machines_clock_and_zone_leave_no_trace(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    once = ALL[kind]()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    monkeypatch.setenv("TZ", "America/New_York")
    assert ALL[kind]() == once
    assert dict(PdfReader(BytesIO(once)).metadata or {})["/CreationDate"] == "D:20261122140000+09'00'"


def test_another_name_gives_other_bytes() -> None:
    assert decision.render(samples.decision(trade_name="다른 가게")) != decision.render(samples.decision())


def test_a_decision_says_the_amount_in_figures_and_hangul_and_splits_it_by_source() -> None:
    text = words(decision.render(samples.decision()))
    for piece in (
        "금413,560원(금사십일만삼천오백육십원)",
        "206,780",
        "62,034",
        "144,746",
        "2026. 12. 22.까지",
        "30일 이내",
    ):
        assert piece in text, piece


def test_a_decision_whose_parts_do_not_add_up_is_refused() -> None:
    with pytest.raises(ValueError, match="add up"):
        decision.render(replace(samples.decision(), amount=413_561))


def test_a_payment_whose_parts_do_not_add_up_is_refused() -> None:
    with pytest.raises(ValueError, match="add up"):
        payment.render(replace(samples.payment(), funding=(("국비", 1),)))


def test_a_letter_outside_the_demo_carries_no_demo_mark() -> None:
    text = words(decision.render(samples.decision(demo=False)))
    assert DEMO_MARK not in text
    assert "데모)" not in text.replace("구례군(데모)", "").replace("구례군수(데모)", "")


def test_fifteen_months_go_on_to_a_second_page_with_the_header_again() -> None:
    pages = PdfReader(BytesIO(payment.render(samples.payment(15)))).pages
    assert len(pages) == 2
    assert "- 2 -" in pages[1].extract_text()


def test_a_payment_to_an_account_in_clear_is_refused() -> None:
    with pytest.raises(ValueError, match="masked"):
        payment.render(replace(samples.payment(), account="1234-56-789678"))


@pytest.mark.parametrize("kind", ALL)
def test_the_end_mark_stands_one_space_behind_the_last_word(kind: str) -> None:
    lines = [line for page in PdfReader(BytesIO(ALL[kind]())).pages for line in page.extract_text().splitlines()]
    (last,) = [line for line in lines if "끝." in line]
    assert last.endswith(" 끝.")
    assert last[-4] != " "


@pytest.mark.parametrize("conditions", range(1, 30))
def test_the_sender_never_stands_alone_on_a_page(conditions: int) -> None:
    letter = replace(samples.decision(), conditions=("지원금은 교부 목적 외의 용도로 쓸 수 없습니다.",) * conditions)
    last = PdfReader(BytesIO(decision.render(letter))).pages[-1].extract_text()
    assert "끝." in last
    assert "구례군수" in last


def test_a_long_footer_stays_on_the_page_and_leaves_no_signer_out() -> None:
    signers = tuple(Signature("검토", "지방행정주사보" * 3, f"남궁선우제갈{number}") for number in range(5))
    plain = samples.envelope("교부결정 통지")
    office = replace(plain.office, address="전남광주통합특별시 구례군 " * 20, unit="경제활력과 " * 20)
    letter = replace(samples.decision(), envelope=replace(plain, office=office, signatures=signers))
    pages = PdfReader(BytesIO(decision.render(letter))).pages
    drawn: dict[float, str] = {}
    for page in pages:
        page.extract_text(visitor_text=lambda text, _, matrix, *__: drawn.update({matrix[5]: text}))
    lowest = sorted(height for height, text in drawn.items() if text.strip())
    assert drawn[lowest[0]].strip() == f"- {len(pages)} -"
    assert lowest[0] > 0
    assert lowest[1] - lowest[0] > 10
    text = words(decision.render(letter)).replace(" ", "")
    assert all(signer.name in text for signer in signers)


@pytest.mark.parametrize(
    "text", ["가" * 5000, "W" * 200_000, "<img src='file:///etc/passwd'/>", "a&b<c>", "\x00\u202e뒤집힘", "🙂 𠮷野家"]
)
def test_any_text_a_person_types_is_printed_or_shortened_never_run(text: str) -> None:
    pdf = decision.render(samples.decision(recipient=text, trade_name=text))
    assert len(PdfReader(BytesIO(pdf)).pages) <= 3
    assert b"/etc/passwd" not in pdf.replace(text.encode(), b"")
    assert "교부결정" in words(pdf)


def test_an_order_says_all_that_the_decree_asks_for_and_the_remedies_of_both_acts() -> None:
    text = words(recovery.render_order(samples.recovery_order()))
    for piece in (
        "환수 사유", "부정이익(원금) 100,000원", "이자 1,550원", "금601,550원(금육십만일천오백오십원)",
        "납부기한 2026. 12. 22.까지", "납부기관", "납부방법",
        "30일 이내(2026. 12. 22.까지)", "20일 이내(2026. 12. 14.까지)",
        "행정심판", "확인 필요",
    ):  # fmt: skip
        assert piece in text, piece


def test_the_result_of_an_objection_gives_reasons_what_follows_and_further_remedies() -> None:
    letter = samples.objection_result()
    text = words(objection.render_result(letter))
    for piece in ("OBJ26-23456-789AB-CDEFG", "인용(받아들임)", "지원 제외 업종이 아닙니다", "행정심판", "90일 이내"):
        assert piece in text, piece
    with pytest.raises(ValueError, match="reasons"):
        objection.render_result(replace(letter, reasons=()))


def test_a_long_objection_is_printed_on_a_few_pages() -> None:
    letter = samples.objection_result()
    long = replace(letter, about=replace(letter.about, purport="가나다라 " * 400), reasons=("가나다라 " * 400,))
    assert 1 < len(PdfReader(BytesIO(objection.render_result(long))).pages) <= 4


def test_an_order_whose_lines_do_not_add_up_is_not_written() -> None:
    with pytest.raises(ValueError, match="add up"):
        recovery.render_order(replace(samples.recovery_order(), interest=1_540))


def test_a_prior_notice_says_what_may_be_answered_until_when_and_where() -> None:
    text = words(recovery.render_notice(samples.recovery_notice()))
    for piece in (
        "행정절차법 제21조",
        "2026. 12. 7.까지",
        "아직 결정된 것은 없습니다",
        "의견을 내지 않으면",
        "낼 곳: 구례군(데모)",
    ):
        assert piece in text, piece


def test_a_payment_letter_says_what_was_netted_and_what_came_in() -> None:
    letter = samples.payment()
    text = words(payment.render(replace(letter, netted=1_000)))
    assert "환수금으로 뺀 금액(상계) 1,000원" in text
    assert f"입금액 {letter.total - 1_000:,}원" in text
    assert "입금액" not in words(payment.render(letter))

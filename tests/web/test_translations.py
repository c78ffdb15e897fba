"""English: every text of the sources has its translation, and no page shows Korean but for names and other data."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from flask import Flask
from flask_babel import force_locale
from sqlalchemy.orm import Session

from portal.config import ROOT
from portal.models.accounts import User
from portal.web import dates, labels
from portal.web.policy import chart_words
from tests import catalogues, factories
from tests.clients import PortalClient
from tests.factories import make_merchant_user

ClientOf = Callable[[User], PortalClient]
_PLACEHOLDER = re.compile(r"%\(\w+\)s|%%")
_CALLS = frozenset({"_", "_l", "_p", "N_", "gettext", "lazy_gettext", "ngettext"})


def singular(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def sentences(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def missing(wanted: catalogues.Catalog) -> list[str]:
    """The texts without an English sentence."""
    known = catalogues.english()
    found = [(each, known.get(each.id, each.context)) for each in wanted if each.id]
    return [singular(each) for each, there in found if there is None or not all(sentences(there))]


# The catalogue --------------------------------------------------------------------------------------------------------


def test_every_text_of_the_sources_is_translated() -> None:
    assert missing(catalogues.extracted()) == [], "make translations, then fill the empty msgstr"


def test_a_reason_is_called_by_two_words_and_not_by_a_third() -> None:
    """사유 on officials' pages and in letters, 이유 in sentences to merchants (docs/reference/glossary.md)."""
    assert [text for text in map(singular, catalogues.extracted()) if text and "까닭" in text] == []


def test_a_new_text_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "web/templates/new.html"
    page.parent.mkdir(parents=True)
    page.write_text('<p>{{ _("아무도 옮기지 않은 글") }} {{ _("저장됨") }}</p>', encoding="utf-8")
    noticed = missing(catalogues.extracted(tmp_path))
    assert "아무도 옮기지 않은 글" in noticed
    assert "저장됨" not in noticed


def test_the_catalogue_is_compiled_at_set_up() -> None:
    assert not catalogues.english().fuzzy, "a catalogue whose head is marked fuzzy is left out by pybabel compile"


def test_no_text_hides_where_the_extraction_does_not_look() -> None:
    """Such as inside the braces of an f-string."""
    found = {singular(each) for each in catalogues.extracted() if each.id}
    said = {text: path for path in _sources() for text in _spoken(ast.parse(path.read_text("utf-8")))}
    assert {text: path.name for text, path in said.items() if text not in found} == {}
    assert _spoken(ast.parse("f\"{_('숨은 글')}\"")) == ["숨은 글"]


def _sources() -> Iterator[Path]:
    for folder in ("portal", "forms"):
        yield from (path for path in (ROOT / folder).rglob("*.py") if "demo" not in path.parts)


def _spoken(tree: ast.AST) -> list[str]:
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name))
    named = (call for call in calls if isinstance(call.func, ast.Name) and call.func.id in _CALLS)
    places = ((call, 1 if call.func.id == "_p" else 0) for call in named if isinstance(call.func, ast.Name))
    texts = (getattr(call.args[place], "value", None) for call, place in places)
    return [text for text in texts if isinstance(text, str)]


def test_translations_keep_their_placeholders_and_are_english() -> None:
    wrong = [
        (singular(each), sentence)
        for each in catalogues.english()
        if each.id
        for sentence in sentences(each)
        if sorted(set(_PLACEHOLDER.findall(sentence))) != sorted(set(_PLACEHOLDER.findall(singular(each))))
        or "%" in _PLACEHOLDER.sub("", sentence)
        or catalogues.HANGUL.search(sentence)
        or each.fuzzy
    ]
    assert wrong == []


# The switch -----------------------------------------------------------------------------------------------------------


def test_mistakes_are_told_in_english(client: PortalClient, session: Session) -> None:
    catalogues.in_english(client)
    wrong = client.submit("/login", {"login": "a@example.kr", "password": "wrong"})
    assert "The user name or password is not right." in wrong.text
    empty = client.submit("/join", {})
    assert "This field is required." in empty.text
    assert catalogues.korean_left(wrong.text) == catalogues.korean_left(empty.text) == []


def test_the_language_is_korean_until_it_is_switched_and_switches_back(client: PortalClient) -> None:
    assert catalogues.language_of(client.get("/login").text) == "ko"
    answer = client.submit("/language", {"language": "en", "next": "/login"})
    assert answer.headers["Location"] == "/login"
    page = client.get("/login").text
    assert catalogues.language_of(page) == "en"
    assert "Sign in" in page
    client.submit("/language", {"language": "ko", "next": "/login"})
    page = client.get("/login").text
    assert catalogues.language_of(page) == "ko"
    assert "로그인" in page


def test_a_language_we_do_not_speak_and_a_way_out_of_the_portal_are_not_taken(client: PortalClient) -> None:
    answer = client.submit("/language", {"language": "xx", "next": "https://elsewhere.example/"})
    assert answer.headers["Location"] == "/"
    assert catalogues.language_of(client.get("/login").text) == "ko"


def test_the_language_stays_through_signing_in(client: PortalClient, session: Session) -> None:
    user = make_merchant_user(session, name="새 사람")
    catalogues.in_english(client).submit("/login", {"login": user.login, "password": factories.PASSWORD})
    assert catalogues.language_of(client.get("/my/").text) == "en"


# Dates, numbers, charts -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "korean", "english"),
    [
        (lambda: dates.day(date(2026, 7, 1)), "2026. 7. 1.", "1 Jul 2026"),
        (lambda: dates.day(None), "-", "-"),
        (lambda: dates.day_of(datetime(2026, 6, 30, 15, 0, tzinfo=UTC)), "2026. 7. 1.", "1 Jul 2026"),
        (lambda: dates.moment(datetime(2026, 6, 30, 15, 5, tzinfo=UTC)), "2026. 7. 1. 00:05", "1 Jul 2026, 00:05"),
        (lambda: dates.month("2026-06"), "2026. 6.", "Jun 2026"),
        (lambda: dates.clock_time(datetime(2026, 5, 3, 9, 7)), "5. 3. 09:07", "3 May 09:07"),  # noqa: DTZ001
        (lambda: labels.due(1)[0], "1일 남음", "1 day left"),
        (lambda: labels.due(3)[0], "3일 남음", "3 days left"),
        (lambda: labels.due(-1)[0], "1일 지남", "1 day late"),
        (lambda: labels.due(0)[0], "오늘까지", "Due today"),
    ],
)
def test_dates_and_days_are_said_as_each_language_says_them(
    app: Flask, said: Callable[[], str], korean: str, english: str
) -> None:
    with app.test_request_context():
        with force_locale("ko"):
            assert said() == korean
        with force_locale("en"):
            assert said() == english


def test_charts_speak_the_language_of_the_page(app: Flask) -> None:
    spec = {
        "encoding": {"y": {"field": "구분", "axis": {"labelExpr": "datum.value + '만'"}}},
        "data": {"values": [{"구분": "실집행", "원": 1200, "달": "6월", "이름": "구례읍"}]},
    }
    with app.test_request_context():
        with force_locale("ko"):
            assert chart_words.translated(spec) == spec
        with force_locale("en"):
            assert chart_words.translated(spec) == {
                "encoding": {"y": {"field": "Part", "axis": {"labelExpr": "format(datum.value, '~s')"}}},
                "data": {"values": [{"Part": "Paid", "won": 1200, "Month": "Jun", "Name": "구례읍"}]},
            }

"""The English catalogue for tests: what the sources say, what is translated, and which Korean is left on a page."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from portal.config import ROOT
from tests.clients import PortalClient

ENGLISH = ROOT / "portal/web/translations/en/LC_MESSAGES/messages.po"
HANGUL = re.compile(r"[가-힣]+")
_READ_ALOUD = ("alt", "aria-label", "content", "data-chart", "data-chart-name", "data-label", "placeholder", "title")
_NEVER_CLOSED = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})


def compile_newer() -> None:
    """Makes the .mo that the portal reads where the .po is newer; several workers may do so at once."""
    made = ENGLISH.with_suffix(".mo")
    if made.exists() and made.stat().st_mtime >= ENGLISH.stat().st_mtime:
        return
    with NamedTemporaryFile(dir=made.parent, delete=False) as aside:
        write_mo(aside, english())
    os.replace(aside.name, made)


def english() -> Catalog:
    return read_po(ENGLISH.read_bytes().splitlines(keepends=True), locale="en")


def extracted(*more: Path) -> Catalog:
    """What `make translations` finds in the sources, and in further folders."""
    line = re.search(r"^EXTRACT := (.+)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert line is not None, "the Makefile says what to extract"
    with TemporaryDirectory() as folder:
        found = Path(folder) / "messages.pot"
        command = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", *shlex.split(line[1])]
        subprocess.run([*command, *map(str, more), "-o", str(found)], cwd=ROOT, check=True)
        return read_po(found.read_bytes().splitlines(keepends=True))


def in_english(client: PortalClient) -> PortalClient:
    """The browser with the switch of the header pressed."""
    client.submit("/language", {"language": "en", "next": "/"})
    return client


class _Reader(HTMLParser):
    """Collects what a reader sees or hears; what says that it is Korean (lang="ko") may be Korean."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.language: str | None = None
        self._silent: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "html":
            self.language = given.get("lang")
        silent = tag in ("script", "style") or (given.get("lang") == "ko" and tag != "html")
        if tag not in _NEVER_CLOSED:
            self._silent.append(silent)
        if not silent and not any(self._silent):
            self.texts += [value for name in _READ_ALOUD if (value := given.get(name))]

    def handle_endtag(self, tag: str) -> None:
        if tag not in _NEVER_CLOSED and self._silent:
            self._silent.pop()

    def handle_data(self, data: str) -> None:
        if not any(self._silent):
            self.texts.append(data)


@lru_cache(maxsize=1)  # a page is asked for its language and for its Korean
def _read(page: str) -> _Reader:
    reader = _Reader()
    reader.feed(page)
    return reader


def language_of(page: str) -> str | None:
    """The lang attribute of the page."""
    return _read(page).language


def korean_left(page: str, known: Iterable[str] = ()) -> list[str]:
    """The texts of a page that are still Korean once the `known` ones (data) are taken out."""
    return Korean(known).left(page)


class Korean:
    """What is Korean beside the `known` texts, longest first. Remembers: the same names stand on many pages."""

    def __init__(self, known: Iterable[str]) -> None:
        self._known = list(known)
        self._remembered: dict[str, bool] = {}

    def left(self, page: str) -> list[str]:
        """The texts of a page that are still Korean once the known ones (data) are taken out."""
        texts = [" ".join(text.split()) for text in _read(page).texts if HANGUL.search(text)]
        return [text for text in texts if self._stays(text)]

    def _stays(self, text: str) -> bool:
        if text not in self._remembered:
            self._remembered[text] = HANGUL.search(self._without(text)) is not None
        return self._remembered[text]

    def _without(self, text: str) -> str:
        for each in self._known:
            text = text.replace(each, "")
        return text


def longest_first(found: Iterable[object]) -> list[str]:
    """Every Korean line in anything made of texts, for `korean_left`; single syllables would hide too much."""
    lines = {" ".join(line.split()) for text in _texts(found) for line in text.splitlines()}
    return sorted((line for line in lines if len(line) > 1 and HANGUL.search(line)), key=len, reverse=True)


def _texts(found: object) -> Iterator[str]:
    if isinstance(found, str):
        yield found
    elif isinstance(found, Mapping):
        yield from _texts([*found.keys(), *found.values()])
    elif is_dataclass(found):
        yield from _texts([getattr(found, each.name) for each in fields(found)])
    elif isinstance(found, Iterable) and not isinstance(found, (bytes, bytearray)):
        for each in found:
            yield from _texts(each)

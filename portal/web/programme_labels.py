"""The values of a programme in words: what each is called, what an amendment changes, what may be marked an example."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from forms.programme_words import CHOICES, WON, WORDS
from portal.domain.kinds import ITEM_NAMES, SOURCE_NAMES
from portal.domain.programme_changes import ValueChange
from portal.domain.programme_drafts import Document, DraftStatus, Section, parts
from portal.domain.programmes import VersionStatus
from portal.web import codes
from portal.web.dates import day

STATUSES = {
    DraftStatus.EDITING: (_l("작성 중"), "progress"),
    DraftStatus.HANDED_OVER: (_l("넘김"), "success"),
    DraftStatus.DISCARDED: (_l("버림"), "neutral"),
}
ACTIONS = {
    ("programme_draft", "start"): _l("초안 시작"),
    ("programme_draft", "edit"): _l("초안 고침"),
    ("programme_draft", "hand_over"): _l("게시할 사람에게 넘기기"),
    ("programme_draft", "discard"): _l("초안 버리기"),
}
_SHOWN = 120  # characters of a value in a table


@dataclass(frozen=True, slots=True)
class ChangeSaid:
    """A row of the notice of amendment."""

    label: str
    before: str
    after: str


def published(status: VersionStatus, first_day: date | None) -> str:
    """What is said to whoever published a version: it is in force, or it will be."""
    if status is VersionStatus.ANNOUNCED and first_day is not None:
        return _("게시했습니다. %(day)s부터 이 내용으로 신청을 받고 산정합니다.", day=day(first_day))
    return _("게시했습니다. 이제 이 내용으로 신청을 받고 산정합니다.")


def changes(found: Iterable[ValueChange], *documents: Document) -> list[ChangeSaid]:
    """The rows of a notice of amendment. `documents`: both, for what their tests and papers are called."""
    names = {
        (key, str(table.get("code"))): str(table.get("name") or table.get("text"))
        for document in documents
        for key in ("eligibility", "document", "track", "question")
        for table in document.get(key, ())
    }
    return [
        ChangeSaid(label(each.path, names), value(each.path, each.before), value(each.path, each.after))
        for each in found
    ]


def label(path: Sequence[str], names: Mapping[tuple[str, str], str] | None = None) -> str:
    """`지원 항목 ‘배달 대행비’ · 한도 ‘한 달’ · 한도(원)`. `names`: (key, code) -> what a part is called."""
    plain: list[str] = []
    words: list[str] = []
    for step in path:
        known = WORDS.get(".".join([*plain, step]))
        if known is None and plain:
            key = ".".join(plain)
            called = (names or {}).get((key, step)) or _called(key, step)
            words[-1:] = [f"{words[-1]} ‘{called}’"] if words else [step]
        else:
            plain.append(step)
            words.append(str(known if known is not None else step))
    whole = {".".join(plain[: n + 1]) for n in range(len(plain) - 1)}
    kept = [word for word, key in zip(words, _keys(plain), strict=True) if key not in whole or "‘" in word]
    return " · ".join(kept)


def value(path: Sequence[str], given: Any) -> str:
    """A value as people read it; empty for one that is not there."""
    key = _plain(path)
    if isinstance(given, Mapping):
        return str(given.get("name") or _table(key, given))
    if isinstance(given, list):
        return _short(", ".join(value(path, each) for each in given))
    return "" if given is None else _short(_single(key, given))


def _single(key: str, given: Any) -> str:
    if isinstance(given, bool):
        return _("예") if given else _("아니요")
    if isinstance(given, date):
        return day(given)
    if isinstance(given, int) and (key in WON or key.startswith("item.amount.amounts")):
        return _("%(won)s원", won=format_decimal(given))
    if key.startswith("funding.") or key == "item.amount.rate":
        return _per_cent(str(given))
    return str(CHOICES.get(key, {}).get(str(given)) or _code(key, str(given)))


def marks(document: Document) -> dict[str, str]:
    """Every value that may be marked as an example, those marked first: its path, and what it is called."""
    single = ("legal_basis", "cost_window", "platforms", "round_down_to", "funding", "pool", "grant", "selection")
    calls = ("notice_no", "apply_from", "apply_to", "act", "processing_days", "supplement_days", "receipt_prefix")
    paths = [key for key in single if key in document]
    given = document.get("call", {})
    paths += [f"call.{key}" for key in (*calls, "last_place", "contact", "cost") if key in given]
    services = document.get("services", {})
    told = ("legal", "proposals_from", "proposals_to", "conditions", "valid_days", "answer_days", "selection")
    paths += [f"services.{key}" for key in told if key in services]
    for item in parts(document, Section.ITEMS):
        paths += [f"item.{item.get('code')}.{key}" for key in ("amount", "caps") if key in item]
    paths += ["eligibility"] if document.get("eligibility") else []
    paths += [f"eligibility.{each.get('code')}" for each in parts(document, Section.ELIGIBILITY)]
    paths += [key for key in ("document", "track", "question", "budget") if key in document]
    for track in document.get("track", ()):
        paths += [f"track.{track.get('code')}.{key}" for key in ("own_delivery", "opens") if key in track]
    kept = document.get("example", {}).get("paths", [])
    return {path: label(path.split(".")) for path in dict.fromkeys([*kept, *paths])}


def part_name(section: Section, table: Document) -> str:
    """What a part is called in lists and headings."""
    if section is Section.ITEMS:
        code = str(table.get("code", ""))
        return _(ITEM_NAMES[code]) if code in ITEM_NAMES else code
    return str(table.get("name") or CHOICES["eligibility.kind"].get(table.get("kind"), table.get("kind")))


def _keys(plain: Sequence[str]) -> Iterator[str]:
    return (".".join(plain[: n + 1]) for n in range(len(plain)))


def _plain(path: Sequence[str]) -> str:
    """The path without what parts are called: the key of WORDS, WON and CHOICES."""
    plain: list[str] = []
    for step in path:
        if not plain or ".".join([*plain, step]) in WORDS:
            plain.append(step)
        elif ".".join(plain) == "item.amount.amounts":
            return f"item.amount.amounts.{step}"
    return ".".join(plain)


def _called(key: str, name: str) -> str:
    """What a part of a list is called: `delivery` of items is 배달 대행비, `2026 county` of the budget 2026 군비."""
    if key == "item":
        return _(ITEM_NAMES[name]) if name in ITEM_NAMES else name
    if key == "item.amount.amounts":
        return _code(key, name)
    if key in ("item.caps", "pool"):
        return str(CHOICES[f"{key}.per"].get(name, name))
    return " ".join(str(_(SOURCE_NAMES[word])) if word in SOURCE_NAMES else word for word in name.split(" "))


def _table(key: str, table: Mapping[str, Any]) -> str:
    return ", ".join(value([*key.split("."), step], each) for step, each in table.items() if step != "legal")


def _code(key: str, code: str) -> str:
    if key.endswith(("platforms", "amounts")):
        return str(codes.platform_name(code))
    if key == "eligibility.regions.code":
        return f"{codes.region_name(code)} ({code})"
    return code


def _per_cent(share: str) -> str:
    return f"{(Decimal(share) * 100).normalize():f}%" if share.replace(".", "", 1).isdecimal() else share


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"

"""What the parts of an application are called where a supplement names them, and how their values read."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from flask_babel import format_decimal
from flask_babel import lazy_gettext as _

from portal.domain import identifiers, tracks
from portal.domain.announcements import Announcement
from portal.domain.supplement_parts import EVERYTHING, EXPLANATION

NAMES = {
    EXPLANATION: _("글로 설명(고칠 것 없음)"),
    EVERYTHING: _("신청서 전체(고칠 것을 고르기 전의 요구)"),
    "track": _("신청 방법"),
    "plan": _("지원금을 어떻게 쓸지"),
    "total_cost": _("총사업비"),
    "requested_amount": _("신청하는 지원금"),
    "contact_phone": _("연락받을 전화번호"),
}
_WON = ("total_cost", "requested_amount")


def name(announcement: Announcement, code: str) -> str:
    """What a part is called: the portal's word, the programme's question, or its paper."""
    if code in NAMES:
        return str(NAMES[code])
    kind, _dash, rest = code.partition("-" if code.startswith("file-") else "_")
    texts = {each.code: each.text for each in announcement.questions}
    papers = {each.code: each.name for each in announcement.documents}
    return (papers.get(rest) or texts.get(rest, rest)) if kind == "file" else texts.get(rest, rest)


def named(announcement: Announcement, codes: Iterable[str]) -> list[tuple[str, str]]:
    """Codes with their names, as a form offers them."""
    return [(code, name(announcement, code)) for code in codes]


def names(announcement: Announcement, codes: Collection[str]) -> str:
    return ", ".join(name(announcement, code) for code in codes)


def value(announcement: Announcement, code: str, text: str) -> str:
    """A stored value as people read it."""
    if code in _WON and text:
        return f"{format_decimal(int(text))}{_('원')}"
    if code == "contact_phone":
        return identifiers.format_phone(text)
    if code == "track":
        track = tracks.chosen(announcement.tracks, text)
        return track.name if track else text
    return text

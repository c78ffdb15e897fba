"""Short notices (안내문): what happened, the facts of it, and what is to be done."""

from __future__ import annotations

from dataclasses import dataclass

from reports.letters.document import Envelope, Letter


@dataclass(frozen=True, slots=True)
class NoticeLetter:
    """`opening`: one sentence; `facts`: (name, value); `sections`: (heading, points), in the order of reading."""

    envelope: Envelope
    opening: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[tuple[str, tuple[str, ...]], ...]


def render(letter: NoticeLetter) -> bytes:
    """The letter as PDF. ValueError without a fact: nobody would know what it is about."""
    if not letter.facts:
        raise ValueError("a notice names what it is about")
    page = Letter(letter.envelope)
    page.item(letter.opening)
    page.pairs(letter.facts)
    for heading, points in letter.sections:
        page.item(heading)
        page.points(points)
    office = letter.envelope.office
    who = " ".join(part for part in (office.name, office.unit, office.official) if part)
    page.item(f"문의: {who} (전화 {office.phone})")
    return page.end()

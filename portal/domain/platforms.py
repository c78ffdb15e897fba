"""The catalogue of partner platforms: who they are, what they report and what is known of their terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portal.domain.errors import Problem
from portal.domain.settlements import CHANNELS, is_platform_code
from portal.domain.tables import Table, read_toml, refuse_if

KINDS = ("ordering", "agency", "messenger")
REPORTS = ("orders", "deliveries", "promotions")


@dataclass(frozen=True, slots=True)
class PlatformTerm:
    """One thing the platform charges, in words. `example`: the text is ours; otherwise `source` says whose it is."""

    name: str
    text: str
    example: bool
    source: str


@dataclass(frozen=True, slots=True)
class Platform:
    """`kind`: ordering (takes orders), agency (delivers for shops) or messenger (coupons and messages).

    `channels`: the settlement channels it reports; `reports`: orders, deliveries, promotions; `store_id_hint`: where a
    merchant finds the store's id there.
    """

    code: str
    name: str
    operator: str
    kind: str
    channels: tuple[str, ...]
    reports: tuple[str, ...]
    summary: str
    store_id_hint: str
    terms: tuple[PlatformTerm, ...]


def read_platform(text: str, file: str = "") -> Platform:
    """A platform TOML. Raises FileRefused with all its problems."""
    return parse_platform(read_toml(text, file), file)


def parse_platform(document: Mapping[str, object], file: str = "") -> Platform:
    """The same from a document already read from TOML."""
    problems: list[Problem] = []
    root = Table(document, problems, file)
    platform = Platform(
        code=root.text("code"),
        name=root.text("name"),
        operator=root.text("operator"),
        kind=root.choice("kind", KINDS),
        channels=_among(root, "channels", CHANNELS),
        reports=_among(root, "reports", REPORTS),
        summary=root.text("summary"),
        store_id_hint=root.text("store_id_hint"),
        terms=tuple(_term(table) for table in root.tables("term")),
    )
    if platform.code and not is_platform_code(platform.code):
        root.note("not_a_platform_code", "code", platform.code)
    root.finish()
    refuse_if(problems)
    return platform


def _among(table: Table, key: str, choices: tuple[str, ...]) -> tuple[str, ...]:
    found = table.texts(key)
    for each in found:
        if each not in choices:
            table.note("unknown_choice", key, each)
    return found


def _term(table: Table) -> PlatformTerm:
    term = PlatformTerm(
        name=table.text("name"),
        text=table.text("text"),
        example=table.flag("example", False),
        source=table.text("source") if table.has("source") else "",
    )
    if not term.example and not term.source:
        table.note("neither_example_nor_source", "source")
    table.finish()
    return term

"""The catalogue of partner platforms: who they are, what they report, their terms, and how their files are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from portal.domain.errors import Problem
from portal.domain.kinds import BASES
from portal.domain.layout_parsing import parse_layout
from portal.domain.layouts import Layout
from portal.domain.order_values import Band, parse_bands
from portal.domain.settlements import CHANNELS, is_platform_code
from portal.domain.tables import Table, read_toml, refuse_if

# what a platform does for a shop
KINDS = (
    "ordering",
    "agency",
    "own",  # none: the shop delivers by itself
    "preorder",
    "promotion",
    "booking",
    "ride",
    "listing",
    "fresh",
    "reorder",
    "payment",
    "market",
)
REPORTS = ("orders", "deliveries", "promotions", "payments")
TERMS = ("brokerage", "payment", "delivery", "advertising", "settlement", "exit")


@dataclass(frozen=True, slots=True)
class LaterTerm:
    """What a condition becomes from a day on. `example`: ours, the words or the day."""

    start: date
    text: str
    example: bool


@dataclass(frozen=True, slots=True)
class PlatformTerm:
    """One condition, in words to compare. `example`: ours; else `source` says whose it is, `dated` of when.

    `later`: what it becomes, by first day, earliest first.
    """

    what: str
    text: str
    example: bool
    source: str
    dated: str
    later: tuple[LaterTerm, ...] = ()

    def on(self, day: date) -> str:
        """The words that hold on a day."""
        return next((each.text for each in reversed(self.later) if each.start <= day), self.text)


@dataclass(frozen=True, slots=True)
class Platform:
    """`kind`: what it does for a shop; `channels`: the settlement channels it reports; `claimable`: the costs that can
    be claimed from what it reports; `store_id_hint`: where a merchant finds the store's id there.

    `terms` hold one of each of TERMS, `layouts` at least one form of its file; `average_orders`: the band of each
    channel whose average order means anything.
    """

    code: str
    name: str
    operator: str
    kind: str
    channels: tuple[str, ...]
    reports: tuple[str, ...]
    claimable: tuple[str, ...]
    summary: str
    store_id_hint: str
    terms: tuple[PlatformTerm, ...]
    layouts: tuple[Layout, ...]
    average_orders: tuple[Band, ...] = ()


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
        claimable=_among(root, "claimable", tuple(BASES)),
        summary=root.text("summary"),
        store_id_hint=root.text("store_id_hint"),
        terms=_terms(root.table("terms")),
        layouts=tuple(parse_layout(table) for table in root.tables("layout", least=1)),
        average_orders=_average_orders(root),
    )
    if platform.code and not is_platform_code(platform.code):
        root.note("not_a_platform_code", "code", platform.code)
    _check_layouts(platform, root)
    root.finish()
    refuse_if(problems)
    return platform


def _among(table: Table, key: str, choices: tuple[str, ...]) -> tuple[str, ...]:
    found = table.texts(key)
    for each in found:
        if each not in choices:
            table.note("unknown_choice", key, each)
    return found


def _terms(table: Table) -> tuple[PlatformTerm, ...]:
    found = tuple(_term(table.table(what), what) for what in TERMS)
    table.finish()
    return found


def _term(table: Table, what: str) -> PlatformTerm:
    example = table.flag("example", False)
    known = not example and table.has("source")
    term = PlatformTerm(
        what=what,
        text=table.text("text"),
        example=example,
        source=table.text("source") if known else "",
        dated=table.text("dated") if known else "",
        later=tuple(_later(each) for each in table.tables("later")),
    )
    starts = [each.start for each in term.later]
    if starts != sorted(set(starts)):
        table.note("date_order", "later", ", ".join(map(str, starts)))
    if not example and not known:
        table.note("neither_example_nor_source", "source")
    table.finish()
    return term


def _later(table: Table) -> LaterTerm:
    term = LaterTerm(table.day("from"), table.text("text"), table.flag("example", False))
    table.finish()
    return term


def _average_orders(root: Table) -> tuple[Band, ...]:
    channels = root.values.get("channels")
    known = [each for each in channels if isinstance(each, str)] if isinstance(channels, list) else []
    return parse_bands(root.table("average_order"), known) if root.has("average_order") else ()


def _check_layouts(platform: Platform, root: Table) -> None:
    """Layouts have codes of their own and write no channel that the platform does not report."""
    codes = [layout.code for layout in platform.layouts]
    for number, layout in enumerate(platform.layouts, start=1):
        if codes.count(layout.code) > 1:
            root.note("repeated", f"layout[{number}].code", layout.code)
        for rule in layout.columns:
            written = {rule.value, rule.otherwise, *(ours for _, ours in rule.values)} - {None}
            if rule.name == "channel" and not written <= set(platform.channels):
                root.note("unknown_choice", f"layout[{number}].columns.channel", ", ".join(sorted(map(str, written))))

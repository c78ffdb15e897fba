"""A programme's terms as data: what share of which cost is paid, up to which caps, out of which pool, by which article.

The numbers of the law live in TOML files (docs/reference/assessment.md); `parse_terms` turns one into these records.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from portal.domain.errors import FileRefused, Problem
from portal.domain.kinds import BASES, AmountKind, Attribute, CapPer, PoolOrder, PoolPer
from portal.domain.money import E4, Won
from portal.domain.settlements import CHANNELS, PAYMENT_METHODS
from portal.domain.strict_tables import StrictTable, read_toml

# what the portal's programme files hold beside the terms; other parsers read it
OTHER_TABLES = (
    *("call", "grant", "eligibility", "document", "track", "question", "budget", "example"),
    *("selection", "services"),
)
_VALUES: Mapping[str, tuple[str, ...]] = {"payment_method": PAYMENT_METHODS, "channel": CHANNELS}
LARGEST_WON = (2**63 - 1) // E4  # more cannot be said in e4 within int64


@dataclass(frozen=True, slots=True)
class Amount:
    """`rate` (at most four decimals) for cost_share; `amount` in won for flat, cost_up_to and one_off; for flat_by the
    `amounts` in won by value of `attribute`, and the `default` for every other value."""

    kind: AmountKind
    rate: Decimal = Decimal(0)
    amount: Won = 0
    attribute: Attribute | None = None
    amounts: Mapping[str, Won] = field(default_factory=dict)
    default: Won = 0
    legal: str = ""

    @property
    def rate_e4(self) -> int:
        """The rate in 1/10,000: a basis in won times it is an amount in e4."""
        return int(self.rate * E4)


@dataclass(frozen=True, slots=True)
class Cap:
    """At most `amount` won per merchant (or owner), item and period."""

    per: CapPer
    amount: Won
    legal: str = ""


@dataclass(frozen=True, slots=True)
class Pool:
    """At most `amount` won for the whole programme and period, spent in the given order."""

    per: PoolPer
    amount: Won
    order_by: PoolOrder
    legal: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One reimbursable cost. `channels` None: all. `caps` in file order, those per order first."""

    code: str
    basis: str
    amount: Amount
    channels: tuple[str, ...] | None = None
    min_order_amount: Won = 0
    caps: tuple[Cap, ...] = ()

    @property
    def order_caps(self) -> tuple[Cap, ...]:
        """The caps on a single order, in file order: they come before all others."""
        return tuple(cap for cap in self.caps if cap.per is CapPer.ORDER)

    @property
    def running_caps(self) -> tuple[Cap, ...]:
        """The caps on running totals, in file order."""
        return tuple(cap for cap in self.caps if cap.per is not CapPer.ORDER)


@dataclass(frozen=True, slots=True)
class Terms:
    """One version of a programme's terms. Dates are Korean and inclusive; `platforms` None: all."""

    code: str
    name: str
    version: int
    priority: int
    legal_basis: str
    cost_from: date
    cost_to: date
    platforms: tuple[str, ...] | None
    round_down_to: Won
    funding: Mapping[str, Decimal]
    items: tuple[Item, ...]
    pools: tuple[Pool, ...]

    @property
    def precedence(self) -> tuple[int, str]:
        """Which of several programmes takes a line: the smallest."""
        return self.priority, self.code


def parse_terms(text: str, *, file: str = "") -> Terms:
    """One terms file. Raises FileRefused with every problem found, each with the key's path in `field`.

    Amounts are whole won, shares decimal text. What the terms format leaves open: name (then the code), version (1),
    legal_basis, legal and funding may be absent, because officials also simulate drafts.
    """
    terms, problems = gathered_terms(text, file=file)
    if problems:
        raise FileRefused(problems=problems)
    return terms


def gathered_terms(text: str, *, file: str = "") -> tuple[Terms, list[Problem]]:
    """The terms with every problem found: harmless values stand where something could not be read.

    Raises FileRefused where the text is no TOML at all.
    """
    top = read_toml(text, file=file)
    code = top.text("code")
    window = top.table("cost_window")
    items = tuple(_item(table) for table in top.tables("item"))
    terms = Terms(
        code=code,
        name=top.text("name", code),
        version=top.whole("version", 1, least=1),
        priority=top.whole("priority", least=-(2**31), most=2**31 - 1),
        legal_basis=top.text("legal_basis", ""),
        cost_from=window.day("from"),
        cost_to=window.day("to"),
        platforms=top.texts("platforms"),
        round_down_to=top.whole("round_down_to", 10, least=1, most=LARGEST_WON),
        funding=_funding(top),
        items=items,
        pools=tuple(_pool(table) for table in top.tables("pool")),
    )
    window.done()
    if terms.cost_to < terms.cost_from:
        top.note("cost_window", "reversed_period", f"{terms.cost_from}/{terms.cost_to}")
    if not items and "services" not in top.values:  # services in kind pay no costs
        top.note("item", "missing_key", "")
    codes = [item.code for item in items]
    for repeated in sorted({code for code in codes if codes.count(code) > 1}):
        top.note("item", "repeated_item", repeated)
    top.done(ignored=OTHER_TABLES)
    return terms, top.problems


def code_of(text: str) -> str | None:
    """The code a terms file gives itself, whatever else is wrong with it; None where it gives none."""
    try:
        return read_toml(text).text("code") or None
    except FileRefused:
        return None


def _funding(top: StrictTable) -> Mapping[str, Decimal]:
    table = top.table("funding", {})
    shares = {source: table.share(source) for source in table.values}
    if shares and sum(shares.values()) != 1:
        top.note("funding", "shares_not_one", sum(shares.values()))
    return shares


def _item(table: StrictTable) -> Item:
    basis = table.text("basis")
    if basis and basis not in BASES:
        table.note("basis", "unknown_basis", basis)
    item = Item(
        code=table.text("code"),
        basis=basis,
        amount=_amount(table.table("amount")),
        channels=table.texts("channels", CHANNELS),
        min_order_amount=table.whole("min_order_amount", 0),
        caps=tuple(_cap(cap) for cap in table.tables("caps")),
    )
    table.done()
    return item


def _amount(table: StrictTable) -> Amount:
    kind = table.choice("kind", AmountKind)
    if kind is None:
        return Amount(AmountKind.FLAT)
    legal = table.text("legal", "")
    if kind is AmountKind.COST_SHARE:
        amount = Amount(kind, rate=table.share("rate"), legal=legal)
    elif kind is AmountKind.FLAT_BY:
        amount = _flat_by(table, legal)
    else:
        amount = Amount(kind, amount=table.whole("amount", most=LARGEST_WON), legal=legal)
    table.done()
    return amount


def _flat_by(table: StrictTable, legal: str) -> Amount:
    attribute = table.choice("attribute", Attribute)
    inner = table.table("amounts")
    for value in inner.values:
        if attribute and value not in _VALUES.get(attribute, (value,)):
            inner.note(value, f"unknown_{attribute}", value)
    amounts = {value: inner.whole(value, most=LARGEST_WON) for value in inner.values}
    default = table.whole("default", 0, most=LARGEST_WON)
    return Amount(AmountKind.FLAT_BY, attribute=attribute, amounts=amounts, default=default, legal=legal)


def _cap(table: StrictTable) -> Cap:
    per = table.choice("per", CapPer) or CapPer.ORDER
    cap = Cap(per, table.whole("amount", most=LARGEST_WON), table.text("legal", ""))
    table.done()
    return cap


def _pool(table: StrictTable) -> Pool:
    pool = Pool(
        table.choice("per", PoolPer) or PoolPer.PROGRAMME,
        table.whole("amount", most=LARGEST_WON),
        table.choice("order_by", PoolOrder) or PoolOrder.ORDERED_AT,
        table.text("legal", ""),
    )
    table.done()
    return pool

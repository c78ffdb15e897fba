"""Makes merchants with a grant and a linked store, and settlement files as platforms send them."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.links import LinkProposal
from portal.domain.settlements import COLUMNS, DeliverSettlement
from portal.models.accounts import User
from portal.models.links import PlatformLink
from portal.models.merchants import Merchant
from portal.queries.programmes import Published
from portal.services import decisions, links, settlements
from portal.services.settlements import Delivered
from portal.storage.lines import LineStore
from portal.storage.objects import Stores
from tests.cases import apply, recommend
from tests.factories import AT, actor, make_official, make_programme

HEADER = [column.name for column in COLUMNS]
_orders = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Shop:
    """A merchant with a grant, and its store's id at platforms."""

    merchant: Merchant
    owner: User
    store_id: str = ""


@dataclass(slots=True)
class Office:
    """A programme in force (Gurye's unless `text` is given) with its officials and files; `shop()` adds a merchant with
    a grant and a linked store."""

    session: Session
    stores: Stores
    lines: LineStore
    text: str | None = None
    programme: Published = field(init=False)
    reviewer: User = field(init=False)
    approver: User = field(init=False)

    def __post_init__(self) -> None:
        self.programme = make_programme(self.session, text=self.text)
        self.reviewer = make_official(self.session, Role.REVIEWER, name="검토자")
        self.approver = make_official(self.session, Role.APPROVER, name="결재자")

    @property
    def code(self) -> str:
        return self.programme.terms.code

    def grant(
        self, *, requested: int = 500_000, owner: User | None = None, trade_name: str = "", at: datetime = AT
    ) -> Shop:
        """A merchant whose application was approved."""
        case = apply(
            self.session, self.stores, self.programme, requested=requested, owner=owner, trade_name=trade_name, at=at
        )
        recommend(self.session, case.application, actor(self.reviewer), at=at)
        decisions.approve(self.session, self.stores, case.id, by=actor(self.approver), at=at)
        return Shop(case.application.merchant, case.owner)

    def shop(self, store_id: str, *, requested: int = 500_000, trade_name: str = "") -> Shop:
        """The same with a store at 배달의민족."""
        shop = replace(self.grant(requested=requested, trade_name=trade_name), store_id=store_id)
        self.link(shop, "baemin")
        return shop

    def link(self, shop: Shop, platform: str, *, since: date = date(2026, 3, 1), at: datetime = AT) -> PlatformLink:
        """Ties the shop to its store at one more platform."""
        proposal = LinkProposal(platform, shop.store_id, since)
        link = links.propose(self.session, shop.merchant.id, proposal, by=actor(shop.owner), at=at)
        return links.confirm(self.session, link.id, by=actor(self.reviewer), at=at)

    def deliver(
        self, rows: Iterable[Sequence[object]] | bytes, period: str, *, platform: str = "baemin", at: datetime = AT
    ) -> Delivered:
        content = rows if isinstance(rows, bytes) else csv_of(rows)
        command = DeliverSettlement(platform, period, f"{platform}-{period}.csv", io.BytesIO(content))
        return settlements.deliver(self.session, self.stores, self.lines, command, by=actor(self.reviewer), at=at)


def line(
    store_id: str,
    ordered_at: str,
    *,
    fee: int = 3_000,
    support: int = 0,
    promotion: int = 0,
    order_no: str = "",
    origin: str = "",
    status: str = "completed",
    channel: str = "delivery",
    amount: int = 20_000,
) -> list[object]:
    """One row of a file; `ordered_at` such as `2026-05-03 12:00`, amounts in won."""
    number = order_no or f"N{next(_orders):06d}"
    money = [amount, fee, support, promotion, 0, 1_500, 500]
    return ["", store_id, number, origin, channel, ordered_at, status, "card", *money]


def csv_of(rows: Iterable[Sequence[object]]) -> bytes:
    """The rows under the header, as UTF-8."""
    return "\n".join(",".join(map(str, row)) for row in [HEADER, *rows]).encode() + b"\n"

"""What is said about an average order outside its band: how it is off, and what to ask the platform."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from portal.domain.order_values import OutsideBand, Side

# side -> (label, what to look at)
SIDES = {
    Side.BELOW: (_("보통보다 적음"), _("할인 뒤의 금액이거나 다른 열의 금액이 아닌지 확인해 주세요.")),
    Side.ABOVE: (_("보통보다 많음"), _("여러 주문을 더한 금액이 아닌지 확인해 주세요.")),
}
SLIPPED = {
    Side.BELOW: _("0이 빠졌거나 천 원 단위로 적힌 것 같습니다. 단위를 확인해 주세요."),
    Side.ABOVE: _("0이 더 붙은 것 같습니다. 단위를 확인해 주세요."),
}


def advice(found: OutsideBand) -> object:
    """What to look at first: a wrong unit moves an average by whole digits."""
    return SLIPPED[found.side] if found.slipped else SIDES[found.side][1]

"""Links between merchants and a platform's stores: the platform reads its own, and says which are right."""

from __future__ import annotations

from typing import Any

from forms.api_payloads import cursor_of
from portal.clock import now
from portal.models.base import db
from portal.queries import links
from portal.queries.pages import next_key
from portal.services import links as services
from portal.web.bearer import partner
from portal.web.partner.answers import page


def index(asked: dict[str, Any]) -> dict[str, Any]:
    by = partner()
    rows = links.page(db.session(), by.actor, platform=by.platform, status=asked["status"], after=asked["cursor"] or 0)
    return page(rows, cursor_of(next_key(rows, links.PAGE)))


def show(id: int) -> Any:
    by = partner()
    return links.of_platform(db.session(), id, by.actor, by.platform)


def confirm(said: dict[str, Any], id: int) -> Any:
    by = partner()
    return services.vouch(db.session(), id, platform=by.platform, by=by.actor, at=now())


def refuse(said: dict[str, Any], id: int) -> Any:
    by = partner()
    return services.deny(db.session(), id, platform=by.platform, note=said["reason"], by=by.actor, at=now())

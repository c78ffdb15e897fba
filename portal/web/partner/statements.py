"""A platform's own figures of a month, compared with what is stored of it."""

from __future__ import annotations

from typing import Any

from portal.clock import now
from portal.domain.statements import StateMonth
from portal.models.base import db
from portal.services import statements as services
from portal.web.bearer import partner
from portal.web.files import lines


def state(body: dict[str, Any], period: str) -> Any:
    by = partner()
    command = StateMonth(period, body["figures"])
    return services.state(db.session(), lines(), by.platform, command, by=by.actor, at=now())


def show(period: str) -> Any:
    by = partner()
    return services.compare(db.session(), lines(), by.platform, period, by=by.actor)

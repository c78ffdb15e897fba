"""The first page of a platform's person: what waits for them, what is on its way, what was delivered."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from portal.domain.links import LinkStatus
from portal.models.base import db
from portal.queries import links, receipts, settlements
from portal.web import receipt_labels
from portal.web.access import actor

NEWEST = 12


def show() -> ResponseReturnValue:
    session, by = db.session(), actor()
    return render_template(
        "platform/home/show.html",
        rows=receipts.page(session, by),
        deliveries=settlements.page(session, by)[:NEWEST],
        proposed=links.counts(session, by).get(LinkStatus.PROPOSED, 0),
        receipt_labels=receipt_labels,
    )

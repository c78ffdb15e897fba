"""How one file of settlement data turned out: its counts, the file as it came, and the rows that went back."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from portal.domain.layouts import CANONICAL
from portal.models.base import db
from portal.queries import settlements
from portal.services import order_values
from portal.services import settlements as services
from portal.web import codes, order_value_labels, platform_labels
from portal.web.access import actor
from portal.web.files import attachment, stores, table
from portal.web.line_labels import REFUSED_TABLE, refused_row
from reports import csv_table


def show(id: int) -> ResponseReturnValue:
    delivery = settlements.of_organisation(db.session(), id, actor())
    title = codes.layout_title(delivery.platform, delivery.outcome.get("layout", "")) or platform_labels.CANONICAL
    return render_template(
        "deliveries/settlements/show.html",
        delivery=delivery,
        layout=title,
        warned=order_values.warned(db.session(), delivery, actor()),
        order_value_labels=order_value_labels,
    )


def raw(id: int) -> ResponseReturnValue:
    """The file as it was delivered."""
    delivery = settlements.of_organisation(db.session(), id, actor())
    return attachment(stores().deliveries.read(delivery.sha256), delivery.filename, "application/octet-stream")


def refused(id: int) -> ResponseReturnValue:
    """The refused rows with what is wrong with each, for the platform to correct."""
    delivery = settlements.of_organisation(db.session(), id, actor())
    layout = delivery.outcome.get("layout", CANONICAL.code)
    rows = (refused_row(row, layout) for row in services.refused_rows(stores(), delivery))
    return table(csv_table.stream(REFUSED_TABLE, rows), f"refused-{delivery.platform}-{delivery.period}-{id}.csv")

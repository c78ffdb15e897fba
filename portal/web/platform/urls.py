"""Pages of people who work for a partner platform."""

from __future__ import annotations

from portal.domain.permissions import Permission as P
from portal.web.deliveries import receipts
from portal.web.deliveries import settlements as delivered
from portal.web.platform import (
    columns,
    home,
    invoices,
    links,
    proposals,
    service_passes,
    settlements,
    statements,
)
from portal.web.routing import Route

ROUTES: tuple[Route, ...] = (
    # home
    Route("GET", "/", home.show, P.PLATFORM_READ),
    # receipts: files on their way in
    Route("GET", "/receipts", receipts.index, P.PLATFORM_READ),
    Route("GET", "/receipts/<int:id>", receipts.show, P.PLATFORM_READ),
    Route("GET", "/receipts/<int:id>/progress", receipts.progress, P.PLATFORM_READ),
    Route("GET", "/receipts/<int:id>/file", receipts.raw, P.PLATFORM_READ),
    Route("POST", "/receipts/<int:id>/reading", receipts.read_again, P.PLATFORM_DELIVER),
    Route("GET POST", "/receipts/<int:id>/closing", receipts.close, P.PLATFORM_DELIVER),
    # settlements: what was delivered
    Route("GET", "/settlements", settlements.index, P.PLATFORM_READ),
    Route("GET POST", "/settlements/new", settlements.new, P.PLATFORM_DELIVER),
    Route("GET", "/settlements/<int:id>", delivered.show, P.PLATFORM_READ),
    Route("GET", "/settlements/<int:id>/file", delivered.raw, P.PLATFORM_READ),
    Route("GET", "/settlements/<int:id>/refused.csv", delivered.refused, P.PLATFORM_READ),
    # columns: the standard form of a file
    Route("GET", "/columns", columns.show, P.PLATFORM_READ),
    Route("GET", "/columns/template.csv", columns.template, P.PLATFORM_READ),
    # statements: the platform's own totals of a month
    Route("GET POST", "/statements", statements.index, P.PLATFORM_DELIVER),
    Route("GET", "/statements/<period>", statements.show, P.PLATFORM_READ),
    # links between merchants and the platform's stores
    Route("GET", "/links", links.index, P.PLATFORM_LINK),
    Route("GET", "/links/<int:id>", links.show, P.PLATFORM_LINK),
    Route("POST", "/links/<int:id>/confirmation", links.confirm, P.PLATFORM_LINK),
    Route("GET POST", "/links/<int:id>/refusal", links.refuse, P.PLATFORM_LINK),
    # proposals to calls for platforms
    Route("GET", "/proposals", proposals.index, P.PLATFORM_SUPPLY),
    Route("GET POST", "/proposals/new/<code>", proposals.new, P.PLATFORM_SUPPLY),
    Route("GET", "/proposals/<int:id>", proposals.show, P.PLATFORM_SUPPLY),
    Route("GET POST", "/proposals/<int:id>/edit", proposals.edit, P.PLATFORM_SUPPLY),
    Route("GET POST", "/proposals/<int:id>/offers/new", proposals.add_offer, P.PLATFORM_SUPPLY),
    Route("POST", "/proposals/<int:id>/offers/<int:offer_id>/removal", proposals.remove_offer, P.PLATFORM_SUPPLY),
    Route("POST", "/proposals/<int:id>/submission", proposals.submit, P.PLATFORM_SUPPLY),
    Route("POST", "/proposals/<int:id>/withdrawal", proposals.withdraw, P.PLATFORM_SUPPLY),
    Route("GET POST", "/proposals/<int:id>/account", proposals.change_account, P.PLATFORM_SUPPLY),
    # service passes: what merchants chose
    Route("GET", "/service-passes", service_passes.index, P.PLATFORM_SUPPLY),
    Route("GET POST", "/service-passes/<int:id>/report", service_passes.report, P.PLATFORM_SUPPLY),
    Route("GET", "/service-passes/<int:id>/proof", service_passes.document, P.PLATFORM_SUPPLY),
    Route("POST", "/service-passes/<int:id>/end", service_passes.give_up, P.PLATFORM_SUPPLY),
    # invoices
    Route("GET", "/invoices", invoices.index, P.PLATFORM_SUPPLY),
    Route("GET POST", "/proposals/<int:id>/invoices/new", invoices.new, P.PLATFORM_SUPPLY),
    Route("GET", "/invoices/<int:id>", invoices.show, P.PLATFORM_SUPPLY),
)

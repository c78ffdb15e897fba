"""Pages of officials about money: claims, payments, recoveries, the ledger and what is reported of it."""

from __future__ import annotations

from portal.domain.permissions import Permission as P
from portal.web.official import (
    accounting,
    approval_bands,
    claims,
    fiscal_years,
    invoices,
    ledger,
    payments,
    recoveries,
    recovery_orders,
    stops,
    vouchers,
)
from portal.web.routing import Route

ROUTES: tuple[Route, ...] = (
    # claims: drawing up, approving
    Route("GET", "/claims", claims.index, P.CLAIM_READ),
    Route("GET POST", "/claims/new", claims.draw_up, P.CLAIM_DRAW_UP),
    Route("GET", "/claims/drawings/<int:id>", claims.drawing, P.CLAIM_READ),
    Route("GET", "/claims/drawings/<int:id>/progress", claims.drawing_progress, P.CLAIM_READ),
    Route("GET", "/claims/<code>/<period>", claims.month, P.CLAIM_READ),
    Route("POST", "/claims/<code>/<period>/approval", claims.approve, P.CLAIM_APPROVE),
    Route("GET", "/claims/<int:id>", claims.show, P.CLAIM_READ),
    Route("POST", "/claims/<int:id>/approval", claims.approve_again, P.CLAIM_APPROVE),
    Route("GET", "/claims/<int:id>/lines.csv", claims.download, P.CLAIM_READ),
    # payments: runs of approved claims, the bank's file and its answer
    Route("GET", "/payments", payments.index, P.PAYMENT_READ),
    Route("POST", "/payments/new", payments.prepare, P.PAYMENT_PREPARE),
    Route("GET", "/payments/<int:id>", payments.show, P.PAYMENT_READ),
    Route("GET POST", "/payments/<int:id>/release", payments.release, P.PAYMENT_RELEASE),
    Route("GET POST", "/payments/<int:id>/cancellation", payments.cancel, P.PAYMENT_PREPARE),
    Route("GET POST", "/payments/<int:id>/holds/<int:payment_id>", payments.hold, P.PAYMENT_PREPARE),
    Route("GET POST", "/payments/<int:id>/voids/<int:payment_id>", payments.void, P.PAYMENT_PREPARE),
    Route("GET POST", "/payments/<int:id>/results", payments.results, P.PAYMENT_PREPARE),
    Route("GET", "/payments/<int:id>/bank-file", payments.bank_file, P.PAYMENT_RELEASE),
    Route("POST", "/payments/claims/<int:id>/reopening", payments.reopen, P.PAYMENT_PREPARE),
    Route("POST", "/payments/accounts/<int:id>/confirmation", payments.confirm_account, P.PAYMENT_PREPARE),
    Route("GET POST", "/payments/accounts/<int:id>/refusal", payments.refuse_account, P.PAYMENT_PREPARE),
    # recoveries: money that comes back, up to the order
    Route("GET", "/recoveries", recoveries.index, P.RECOVERY_READ),
    Route("GET POST", "/recoveries/new", recoveries.open, P.RECOVERY_OPEN),
    Route("GET", "/recoveries/<int:id>", recoveries.show, P.RECOVERY_READ),
    Route("GET POST", "/recoveries/<int:id>/notice", recoveries.notify, P.RECOVERY_HANDLE),
    Route("GET POST", "/recoveries/<int:id>/hearing", recoveries.hear, P.RECOVERY_HANDLE),
    Route("GET POST", "/recoveries/<int:id>/draft", recoveries.draft, P.RECOVERY_HANDLE),
    Route("GET POST", "/recoveries/<int:id>/return", recoveries.send_back, P.RECOVERY_DECIDE),
    Route("GET POST", "/recoveries/<int:id>/order", recoveries.order, P.RECOVERY_DECIDE),
    Route("GET POST", "/recoveries/<int:id>/dropping", recoveries.drop, P.RECOVERY_DECIDE),
    # recoveries: what comes in, instalments, giving up
    Route("GET POST", "/recoveries/<int:id>/receipts", recovery_orders.receive, P.RECOVERY_RECEIVE),
    Route("GET POST", "/recoveries/<int:id>/instalments", recovery_orders.instalments, P.RECOVERY_HANDLE),
    Route(
        "GET POST", "/recoveries/<int:id>/instalments/approval", recovery_orders.approve_instalments, P.RECOVERY_DECIDE
    ),
    Route(
        "GET POST", "/recoveries/<int:id>/instalments/refusal", recovery_orders.refuse_instalments, P.RECOVERY_DECIDE
    ),
    Route("GET POST", "/recoveries/<int:id>/withdrawal", recovery_orders.withdraw, P.RECOVERY_DECIDE),
    Route("GET POST", "/recoveries/<int:id>/write-off", recovery_orders.propose_write_off, P.RECOVERY_HANDLE),
    Route("GET POST", "/recoveries/<int:id>/write-off/approval", recovery_orders.write_off, P.RECOVERY_DECIDE),
    Route("GET POST", "/recoveries/<int:id>/write-off/refusal", recovery_orders.keep, P.RECOVERY_DECIDE),
    Route("GET", "/recoveries/<int:id>/document", recovery_orders.document, P.RECOVERY_READ),
    # invoices of platform firms
    Route("GET", "/invoices", invoices.index, P.CLAIM_READ),
    Route("GET", "/invoices/<int:id>", invoices.show, P.CLAIM_READ),
    Route("POST", "/invoices/<int:id>/acceptance", invoices.accept, P.CLAIM_DRAW_UP),
    Route("GET POST", "/invoices/<int:id>/refusal", invoices.refuse, P.CLAIM_DRAW_UP),
    Route("GET POST", "/invoices/<int:id>/taking-back", invoices.propose_taking_back, P.CLAIM_DRAW_UP),
    Route("POST", "/invoices/<int:id>/taking-back/agreement", invoices.take_back, P.CLAIM_APPROVE),
    Route("GET POST", "/invoices/<int:id>/taking-back/refusal", invoices.keep, P.CLAIM_APPROVE),
    Route("GET POST", "/invoices/<int:id>/correction", invoices.correct, P.RECOVERY_HANDLE),
    # accounting: what the office reports of its budget
    Route("GET", "/accounting", accounting.show, P.LEDGER_READ),
    Route("GET", "/accounting/<int:year>/<month>/execution.<kind>", accounting.download, P.LEDGER_READ),
    Route("GET", "/accounting/<code>/<int:year>/final.<kind>", accounting.final, P.LEDGER_READ),
    # the stop button
    Route("GET", "/payments/stop", stops.show, P.PAYMENT_STOP),
    Route("POST", "/payments/stop/<scope>/<step>", stops.take, P.PAYMENT_STOP),
    # ledger
    Route("GET", "/ledger", ledger.show, P.LEDGER_READ),
    Route("GET", "/ledger/journal/<int:year>.<kind>", ledger.journal, P.LEDGER_READ),
    # vouchers: entries by hand, drafted by one person and posted by another
    Route("GET", "/ledger/vouchers", vouchers.index, P.LEDGER_READ),
    Route("GET POST", "/ledger/vouchers/new", vouchers.new, P.LEDGER_DRAFT),
    Route("GET", "/ledger/vouchers/<int:id>", vouchers.show, P.LEDGER_READ),
    Route("POST", "/ledger/vouchers/<int:id>/posting", vouchers.post, P.LEDGER_POST),
    Route("GET POST", "/ledger/vouchers/<int:id>/refusal", vouchers.refuse, P.LEDGER_POST),
    Route("POST", "/ledger/vouchers/<int:id>/withdrawal", vouchers.withdraw, P.LEDGER_DRAFT),
    Route("GET", "/ledger/vouchers/<int:id>/documents/<int:document_id>", vouchers.document, P.LEDGER_READ),
    # fiscal years: closed by two persons
    Route("GET", "/ledger/years", fiscal_years.index, P.LEDGER_READ),
    Route("GET", "/ledger/years/<int:id>", fiscal_years.show, P.LEDGER_READ),
    Route("GET POST", "/ledger/years/<int:id>/closing", fiscal_years.propose_closing, P.LEDGER_DRAFT),
    Route("GET POST", "/ledger/years/<int:id>/confirmation", fiscal_years.close, P.LEDGER_POST),
    Route("GET POST", "/ledger/years/<int:id>/objection", fiscal_years.keep_open, P.LEDGER_POST),
    # amount bands: who may approve up to how much
    Route("GET", "/approval-bands", approval_bands.index, P.BAND_READ),
    Route("GET POST", "/approval-bands/new", approval_bands.new, P.BAND_PROPOSE),
    Route("POST", "/approval-bands/<int:id>/confirmation", approval_bands.confirm, P.BAND_CONFIRM),
    Route("POST", "/approval-bands/<int:id>/refusal", approval_bands.refuse, P.BAND_CONFIRM),
    Route("POST", "/approval-bands/<int:id>/end", approval_bands.ask_end, P.BAND_PROPOSE),
)

"""Pages of officials."""

from __future__ import annotations

from portal.domain.actors import Permission as P
from portal.web.deliveries import receipts
from portal.web.deliveries import settlements as delivered
from portal.web.official import (
    absences,
    accounting,
    accounts,
    api_clients,
    applications,
    approval_bands,
    audit_trail,
    claims,
    conflicts,
    decisions,
    declarations,
    evidence,
    extensions,
    fiscal_years,
    grant_changes,
    holidays,
    ledger,
    letters,
    links,
    messages,
    objections,
    payments,
    platform_months,
    programmes,
    recoveries,
    recovery_orders,
    reviews,
    settlements,
    simulations,
    stops,
    system,
    vouchers,
    webhooks,
)
from portal.web.routing import Route

ROUTES: tuple[Route, ...] = (
    # applications: the work queue and the case page
    Route("GET", "/applications", applications.queue, P.APPLICATION_READ),
    Route("GET", "/applications/<int:id>", applications.show, P.APPLICATION_READ),
    Route("GET", "/applications/<int:id>/documents/<int:document_id>", applications.document, P.APPLICATION_READ),
    # reviews
    Route("POST", "/applications/<int:id>/take-up", reviews.take_up, P.APPLICATION_REVIEW),
    Route("GET POST", "/applications/<int:id>/supplement", reviews.request_supplement, P.APPLICATION_REVIEW),
    Route("GET POST", "/applications/<int:id>/recommendation", reviews.recommend, P.APPLICATION_REVIEW),
    # decisions
    Route("GET POST", "/applications/<int:id>/approval", decisions.approve, P.APPLICATION_DECIDE),
    Route("GET POST", "/applications/<int:id>/rejection", decisions.reject, P.APPLICATION_DECIDE),
    Route("GET POST", "/applications/<int:id>/return", decisions.send_back, P.APPLICATION_DECIDE),
    # time: extending the office's, returning what was not supplemented, the table of holidays
    Route("GET POST", "/applications/<int:id>/extension", extensions.extend, P.APPLICATION_REVIEW),
    Route("GET POST", "/applications/<int:id>/giving-back", decisions.give_back, P.APPLICATION_DECIDE),
    Route("GET", "/holidays", holidays.index, P.HOLIDAY_READ),
    Route("GET POST", "/holidays/new", holidays.new, P.HOLIDAY_CHANGE),
    Route("POST", "/holidays/<int:id>/confirmation", holidays.confirm, P.HOLIDAY_CHANGE),
    Route("POST", "/holidays/<int:id>/refusal", holidays.refuse, P.HOLIDAY_CHANGE),
    # interests in a case
    Route("GET POST", "/applications/<int:id>/interest", declarations.declare, P.INTEREST_DECLARE),
    Route("GET POST", "/applications/<int:id>/change", grant_changes.propose, P.APPLICATION_REVIEW),
    Route("GET POST", "/applications/<int:id>/change/decision", grant_changes.decide, P.APPLICATION_DECIDE),
    # letters
    Route("GET", "/letters/<int:id>", letters.download, P.LETTER_READ),
    # links between merchants and stores
    Route("GET", "/links", links.index, P.LINK_CONFIRM),
    Route("GET", "/links/<int:id>", links.show, P.LINK_CONFIRM),
    Route("POST", "/links/<int:id>/confirmation", links.confirm, P.LINK_CONFIRM),
    Route("GET POST", "/links/<int:id>/refusal", links.refuse, P.LINK_CONFIRM),
    Route("GET POST", "/links/<int:id>/end", links.end, P.LINK_CONFIRM),
    # settlements: deliveries of settlement data
    Route("GET", "/settlements", settlements.index, P.SETTLEMENT_READ),
    Route("GET POST", "/settlements/new", settlements.new, P.SETTLEMENT_DELIVER),
    Route("GET", "/settlements/unlinked", settlements.unlinked, P.SETTLEMENT_READ),
    Route("POST", "/settlements/unlinked/link", settlements.link, P.LINK_CONFIRM),
    Route("GET", "/settlements/conflicts", conflicts.index, P.SETTLEMENT_READ),
    Route("GET", "/settlements/conflicts/<int:id>", conflicts.show, P.SETTLEMENT_READ),
    Route("GET POST", "/settlements/conflicts/<int:id>/decision", conflicts.decide, P.SETTLEMENT_DELIVER),
    Route("GET", "/settlements/months", platform_months.index, P.SETTLEMENT_READ),
    Route("GET POST", "/settlements/months/statement", platform_months.state, P.SETTLEMENT_DELIVER),
    Route("GET", "/settlements/months/<period>/<platform>", platform_months.show, P.SETTLEMENT_READ),
    Route("GET", "/settlements/receipts", receipts.index, P.SETTLEMENT_READ),
    Route("GET", "/settlements/receipts/<int:id>", receipts.show, P.SETTLEMENT_READ),
    Route("GET", "/settlements/receipts/<int:id>/progress", receipts.progress, P.SETTLEMENT_READ),
    Route("GET", "/settlements/receipts/<int:id>/file", receipts.raw, P.SETTLEMENT_READ),
    Route("POST", "/settlements/receipts/<int:id>/reading", receipts.read_again, P.SETTLEMENT_DELIVER),
    Route("GET POST", "/settlements/receipts/<int:id>/closing", receipts.close, P.SETTLEMENT_DELIVER),
    # evidence from merchants where no platform tells
    Route("GET", "/evidence", evidence.index, P.EVIDENCE_READ),
    Route("GET", "/evidence/<int:id>", evidence.show, P.EVIDENCE_READ),
    Route("GET", "/evidence/<int:id>/document", evidence.document, P.EVIDENCE_READ),
    Route("GET POST", "/evidence/<int:id>/lines", evidence.enter, P.EVIDENCE_DECIDE),
    Route("GET POST", "/evidence/<int:id>/table", evidence.paste, P.EVIDENCE_DECIDE),
    Route("POST", "/evidence/<int:id>/confirmation", evidence.confirm, P.EVIDENCE_DECIDE),
    Route("GET POST", "/evidence/<int:id>/return", evidence.send_back, P.EVIDENCE_DECIDE),
    Route("GET POST", "/evidence/<int:id>/refusal", evidence.refuse, P.EVIDENCE_DECIDE),
    Route("GET", "/settlements/<int:id>", delivered.show, P.SETTLEMENT_READ),
    Route("GET", "/settlements/<int:id>/file", delivered.raw, P.SETTLEMENT_READ),
    Route("GET", "/settlements/<int:id>/refused.csv", delivered.refused, P.SETTLEMENT_READ),
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
    # objections to decisions
    Route("GET", "/objections", objections.index, P.OBJECTION_READ),
    Route("GET", "/objections/<int:id>", objections.show, P.OBJECTION_READ),
    Route("GET", "/objections/<int:id>/document", objections.document, P.OBJECTION_READ),
    Route("POST", "/objections/<int:id>/no-interest", objections.declare_none, P.INTEREST_DECLARE),
    Route("POST", "/objections/<int:id>/take-up", objections.take_up, P.OBJECTION_HANDLE),
    Route("GET POST", "/objections/<int:id>/extension", objections.extend, P.OBJECTION_HANDLE),
    Route("GET POST", "/objections/<int:id>/draft", objections.draft, P.OBJECTION_HANDLE),
    Route("GET POST", "/objections/<int:id>/return", objections.send_back, P.OBJECTION_DECIDE),
    Route("GET POST", "/objections/<int:id>/decision", objections.decide, P.OBJECTION_DECIDE),
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
    # programmes and their versions
    Route("GET", "/programmes", programmes.index, P.PROGRAMME_READ),
    Route("GET POST", "/programmes/new", programmes.propose, P.PROGRAMME_PUBLISH),
    Route("GET", "/programmes/<int:id>", programmes.show, P.PROGRAMME_READ),
    Route("POST", "/programmes/<int:id>/publication", programmes.publish, P.PROGRAMME_PUBLISH),
    # simulations of draft terms
    Route("GET", "/simulations", simulations.index, P.SIMULATION_READ),
    Route("GET POST", "/simulations/new/<code>", simulations.new, P.SIMULATION_RUN),
    Route("GET POST", "/simulations/new/<code>/text", simulations.write, P.SIMULATION_RUN),
    Route("GET", "/simulations/<int:id>", simulations.show, P.SIMULATION_READ),
    Route("GET", "/simulations/<int:id>/progress", simulations.progress, P.SIMULATION_READ),
    Route("POST", "/simulations/<int:id>/cancellation", simulations.cancel, P.SIMULATION_RUN),
    Route("GET", "/simulations/<int:id>/result.<kind>", simulations.download, P.SIMULATION_READ),
    # accounts
    Route("GET", "/accounts", accounts.index, P.ACCOUNT_MANAGE),
    Route("POST", "/accounts/<int:id>/sign-out", accounts.end_sessions, P.ACCOUNT_MANAGE),
    Route("GET POST", "/accounts/<int:id>/roles", accounts.roles, P.ACCOUNT_MANAGE),
    Route("POST", "/accounts/<int:id>/roles/revocation", accounts.revoke, P.ACCOUNT_MANAGE),
    # amount bands: who may approve up to how much
    Route("GET", "/approval-bands", approval_bands.index, P.BAND_READ),
    Route("GET POST", "/approval-bands/new", approval_bands.new, P.BAND_PROPOSE),
    Route("POST", "/approval-bands/<int:id>/confirmation", approval_bands.confirm, P.BAND_CONFIRM),
    Route("POST", "/approval-bands/<int:id>/refusal", approval_bands.refuse, P.BAND_CONFIRM),
    Route("POST", "/approval-bands/<int:id>/end", approval_bands.ask_end, P.BAND_PROPOSE),
    # absences and what was approved in them
    Route("GET", "/absences", absences.index, P.ABSENCE_ENTER),
    Route("GET POST", "/absences/new", absences.enter, P.ABSENCE_ENTER),
    Route("POST", "/absences/<int:id>/end", absences.end, P.ABSENCE_ENTER),
    Route("POST", "/absences/acknowledgement", absences.acknowledge, P.ABSENCE_ENTER),
    # API clients of partner platforms
    Route("GET", "/api-clients", api_clients.index, P.CLIENT_MANAGE),
    Route("GET POST", "/api-clients/new", api_clients.new, P.CLIENT_MANAGE),
    Route("GET", "/api-clients/<int:id>", api_clients.show, P.CLIENT_MANAGE),
    Route("POST", "/api-clients/<int:id>/rotation", api_clients.rotate, P.CLIENT_MANAGE),
    Route("POST", "/api-clients/<int:id>/revocation", api_clients.revoke, P.CLIENT_MANAGE),
    # webhooks: where a client is told, and how the telling went
    Route("GET POST", "/api-clients/<int:id>/webhook", webhooks.register, P.CLIENT_MANAGE),
    Route("POST", "/api-clients/<int:id>/webhook/end", webhooks.end, P.CLIENT_MANAGE),
    Route("POST", "/api-clients/messages/<int:id>/again", webhooks.send_again, P.CLIENT_MANAGE),
    # mail and messages about notifications: how they went
    Route("GET", "/messages", messages.index, P.MESSAGE_MANAGE),
    Route("POST", "/messages/<int:id>/again", messages.send_again, P.MESSAGE_MANAGE),
    # the audit trail and its seals
    Route("GET", "/audit", audit_trail.show, P.AUDIT_READ),
    # system: the invariants
    Route("GET", "/system", system.show, P.SYSTEM_CHECK),
    Route("POST", "/system/check", system.check, P.SYSTEM_CHECK),
)

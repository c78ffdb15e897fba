"""Pages of officials."""

from __future__ import annotations

from portal.domain.permissions import Permission as P
from portal.web.deliveries import receipts
from portal.web.deliveries import settlements as delivered
from portal.web.official import (
    absences,
    accounts,
    api_clients,
    applications,
    assignments,
    audit_trail,
    bulk,
    conflicts,
    decisions,
    declarations,
    evidence,
    extensions,
    grant_changes,
    holidays,
    letters,
    links,
    messages,
    money_urls,
    objections,
    platform_months,
    programme_urls,
    proxy_entries,
    reviews,
    settlements,
    signals,
    system,
    tags,
    webhooks,
    workload,
)
from portal.web.routing import Route

ROUTES: tuple[Route, ...] = (
    # applications: the work queue and the case page
    Route("GET", "/applications", applications.queue, P.APPLICATION_READ),
    Route("GET", "/applications/<int:id>", applications.show, P.APPLICATION_READ),
    Route("GET", "/applications/<int:id>/documents/<int:document_id>", applications.document, P.APPLICATION_READ),
    Route("GET", "/applications/<int:id>/mandate", proxy_entries.paper, P.APPLICATION_READ),
    # entry by proxy
    Route("GET", "/proxy", proxy_entries.index, P.PROXY_ENTER),
    Route("GET POST", "/proxy/new", proxy_entries.new, P.PROXY_ENTER),
    # the desk: who is in charge, tags, how much there is on whose desk, one step for many cases
    Route("GET", "/applications/<int:id>/officer", assignments.show, P.APPLICATION_READ),
    Route("POST", "/applications/<int:id>/officer/assignment", assignments.assign, P.CASE_ASSIGN),
    Route("POST", "/applications/<int:id>/tags", assignments.put_on, P.CASE_TAG),
    Route("POST", "/applications/<int:id>/tags/<int:tag_id>/removal", assignments.take_off, P.CASE_TAG),
    Route("GET", "/tags", tags.index, P.TAG_MANAGE),
    Route("POST", "/tags/new", tags.make, P.TAG_MANAGE),
    Route("GET POST", "/tags/<int:id>", tags.edit, P.TAG_MANAGE),
    Route("POST", "/tags/<int:id>/retirement", tags.retire, P.TAG_MANAGE),
    Route("GET", "/workload", workload.show, P.WORKLOAD_READ),
    Route("GET", "/bulk", bulk.index, P.BULK_READ),
    Route("GET POST", "/bulk/new", bulk.new, P.BULK_PREPARE),
    Route("GET", "/bulk/<int:id>", bulk.show, P.BULK_READ),
    Route("GET", "/bulk/<int:id>/progress", bulk.progress, P.BULK_READ),
    Route("POST", "/bulk/<int:id>/confirmation", bulk.confirm, P.BULK_PREPARE),
    Route("POST", "/bulk/<int:id>/start", bulk.start_again, P.BULK_PREPARE),
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
    # signals of duplicate or improper receipt
    Route("GET", "/signals", signals.index, P.SIGNAL_READ),
    Route("GET", "/signals/<int:id>", signals.show, P.SIGNAL_READ),
    Route("GET POST", "/signals/<int:id>/verdict", signals.judge, P.SIGNAL_JUDGE),
    Route("POST", "/signals/rounds", signals.look, P.SIGNAL_JUDGE),
    Route("POST", "/applications/<int:id>/signals", signals.look_at, P.SIGNAL_JUDGE),
    Route("GET", "/signals/rules", signals.rules, P.SIGNAL_COUNT),
    # accounts
    Route("GET", "/accounts", accounts.index, P.ACCOUNT_MANAGE),
    Route("POST", "/accounts/<int:id>/sign-out", accounts.end_sessions, P.ACCOUNT_MANAGE),
    Route("GET POST", "/accounts/<int:id>/roles", accounts.roles, P.ACCOUNT_MANAGE),
    Route("POST", "/accounts/<int:id>/roles/revocation", accounts.revoke, P.ACCOUNT_MANAGE),
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
    *money_urls.ROUTES,
    *programme_urls.ROUTES,
)

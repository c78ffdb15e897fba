"""Pages of a merchant."""

from __future__ import annotations

from portal.domain.permissions import Permission as P
from portal.web.merchant import (
    accounts,
    agents,
    applications,
    claims,
    documents,
    evidence,
    extensions,
    home,
    letters,
    links,
    memberships,
    merchants,
    objections,
    recoveries,
    representatives,
    rosters,
    service_passes,
    supplements,
)
from portal.web.routing import Route

ROUTES: tuple[Route, ...] = (
    # home
    Route("GET", "/", home.show, P.APPLICATION_OWN),
    # merchants
    Route("GET", "/merchants", merchants.index, P.MERCHANT_OWN),
    Route("GET POST", "/merchants/new", merchants.new, P.MERCHANT_OWN),
    Route("GET POST", "/merchants/<int:id>/edit", merchants.edit, P.MERCHANT_OWN),
    Route("GET POST", "/merchants/<int:id>/representatives", representatives.index, P.MERCHANT_OWN),
    Route("POST", "/merchants/<int:id>/representatives/<int:one>/remove", representatives.remove, P.MERCHANT_OWN),
    # agents with a power of attorney
    Route("GET", "/agents", agents.index, P.MANDATE_OWN),
    Route("GET POST", "/agents/new", agents.new, P.MANDATE_OWN),
    Route("GET", "/agents/<int:id>/paper", agents.paper, P.MANDATE_OWN),
    Route("POST", "/agents/<int:id>/revocation", agents.revoke, P.MANDATE_OWN),
    # an association that applies for its members, and its members
    Route("GET", "/rosters", rosters.index, P.MANDATE_OWN),
    Route("GET POST", "/rosters/new", rosters.new, P.MANDATE_OWN),
    Route("GET", "/rosters/<int:id>", rosters.show, P.MANDATE_OWN),
    Route("GET POST", "/rosters/<int:id>/members/new", rosters.add, P.MANDATE_OWN),
    Route("POST", "/rosters/<int:id>/members/<int:member>/removal", rosters.remove, P.MANDATE_OWN),
    Route("GET", "/rosters/<int:id>/template.xlsx", rosters.template, P.MANDATE_OWN),
    Route("GET POST", "/rosters/<int:id>/file", rosters.upload, P.MANDATE_OWN),
    Route("GET POST", "/rosters/<int:id>/signatures", rosters.sign, P.MANDATE_OWN),
    Route("GET", "/rosters/<int:id>/papers/<int:paper>", rosters.paper, P.MANDATE_OWN),
    Route("GET POST", "/rosters/<int:id>/hand-in", rosters.hand_in, P.MANDATE_OWN),
    Route("POST", "/rosters/<int:id>/withdrawal", rosters.withdraw, P.MANDATE_OWN),
    Route("GET", "/memberships", memberships.index, P.MANDATE_OWN),
    Route("POST", "/memberships/<int:id>/confirmation", memberships.confirm, P.MANDATE_OWN),
    Route("POST", "/memberships/<int:id>/refusal", memberships.decline, P.MANDATE_OWN),
    # applications
    Route("GET", "/applications", applications.index, P.APPLICATION_OWN),
    Route("GET POST", "/applications/new", applications.new, P.APPLICATION_OWN),
    Route("GET", "/applications/<int:id>", applications.show, P.APPLICATION_OWN),
    Route("GET", "/applications/<int:id>/check", applications.check, P.APPLICATION_OWN),
    Route("GET POST", "/applications/<int:id>/short", applications.short, P.APPLICATION_OWN),
    Route("GET POST", "/applications/<int:id>/edit", applications.edit, P.APPLICATION_OWN),
    Route("GET POST", "/applications/<int:id>/documents", documents.index, P.APPLICATION_OWN),
    Route("GET", "/applications/<int:id>/documents/<int:document_id>", documents.download, P.APPLICATION_OWN),
    Route("POST", "/applications/<int:id>/documents/<int:document_id>/remove", documents.remove, P.APPLICATION_OWN),
    Route("GET POST", "/applications/<int:id>/submit", applications.submit, P.APPLICATION_OWN),
    Route("GET POST", "/applications/<int:id>/signatures", representatives.signatures, P.APPLICATION_OWN),
    Route("POST", "/applications/<int:id>/receipt", letters.receipt, P.APPLICATION_OWN),
    Route("GET POST", "/applications/<int:id>/supplement", supplements.answer, P.APPLICATION_OWN),
    Route("GET POST", "/applications/<int:id>/supplement/more-time", supplements.extend, P.APPLICATION_OWN),
    Route("GET POST", "/applications/<int:id>/extension", extensions.answer, P.APPLICATION_OWN),
    Route("GET POST", "/applications/<int:id>/withdraw", applications.withdraw, P.APPLICATION_OWN),
    # letters
    Route("GET", "/letters", letters.index, P.LETTER_OWN),
    Route("GET", "/letters/<int:id>", letters.download, P.LETTER_OWN),
    # links to platforms
    Route("GET POST", "/links", links.index, P.LINK_OWN),
    # evidence where no platform tells
    Route("GET", "/evidence", evidence.index, P.EVIDENCE_OWN),
    Route("GET POST", "/evidence/new", evidence.new, P.EVIDENCE_OWN),
    Route("GET", "/evidence/<int:id>", evidence.show, P.EVIDENCE_OWN),
    Route("GET", "/evidence/<int:id>/document", evidence.download, P.EVIDENCE_OWN),
    Route("POST", "/evidence/<int:id>/withdrawal", evidence.withdraw, P.EVIDENCE_OWN),
    # claims: the month's support
    Route("GET", "/claims", claims.index, P.CLAIM_OWN),
    Route("GET", "/claims/<int:id>", claims.show, P.CLAIM_OWN),
    Route("GET POST", "/claims/<int:id>/account", accounts.correct, P.CLAIM_OWN),
    Route("GET", "/claims/<int:id>/lines.csv", claims.download, P.CLAIM_OWN),
    # recoveries: what is to be paid back
    Route("GET", "/recoveries", recoveries.index, P.RECOVERY_OWN),
    Route("GET POST", "/recoveries/new", recoveries.report, P.RECOVERY_OWN),
    Route("GET", "/recoveries/<int:id>", recoveries.show, P.RECOVERY_OWN),
    Route("GET POST", "/recoveries/<int:id>/opinion", recoveries.answer, P.RECOVERY_OWN),
    Route("POST", "/recoveries/<int:id>/netting", recoveries.agree_to_netting, P.RECOVERY_OWN),
    # services in kind
    Route("GET", "/services", service_passes.index, P.CLAIM_OWN),
    Route("GET POST", "/services/<int:id>/choices/<int:offer_id>", service_passes.choose, P.CLAIM_OWN),
    Route("GET", "/service-passes/<int:id>", service_passes.show, P.CLAIM_OWN),
    Route("GET", "/service-passes/<int:id>/proof", service_passes.document, P.CLAIM_OWN),
    Route("POST", "/service-passes/<int:id>/cancellation", service_passes.cancel, P.CLAIM_OWN),
    Route("POST", "/service-passes/<int:id>/confirmation", service_passes.confirm, P.CLAIM_OWN),
    Route("GET POST", "/service-passes/<int:id>/dispute", service_passes.dispute, P.CLAIM_OWN),
    # objections to decisions
    Route("GET", "/objections", objections.index, P.OBJECTION_OWN),
    Route("GET POST", "/objections/new", objections.new, P.OBJECTION_OWN),
    Route("GET", "/objections/<int:id>", objections.show, P.OBJECTION_OWN),
    Route("GET", "/objections/<int:id>/document", objections.document, P.OBJECTION_OWN),
    Route("GET POST", "/objections/<int:id>/withdrawal", objections.withdraw, P.OBJECTION_OWN),
)

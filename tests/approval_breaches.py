"""What is written around the services against the rules of approval, for the tests of the checker."""

from __future__ import annotations

ROLE_BESIDE = (
    "INSERT INTO role_grant (user_id, role, granted_at)"
    " SELECT user_id, 'payer', granted_at FROM role_grant WHERE role = 'approver'"
)

INTEREST = (
    "INSERT INTO interest_declaration (application_id, account_id, person_id, has_interest, reason, declared_at)"
    " SELECT 1, user_id, person_id, 1 = 1, 'a brother', at FROM audit_event WHERE noun = 'claim' AND action = 'approve'"
    " AND record_id = 1"
)
INTEREST_IN = (
    "INSERT INTO interest_declaration (application_id, account_id, person_id, has_interest, reason, declared_at)"
    " SELECT (SELECT min(application_id) FROM {of}), user_id, person_id, 1 = 1, 'a brother', at"
    " FROM audit_event WHERE noun = 'claim' AND action = 'approve' AND record_id = 1"
)
SAID = (
    "INSERT INTO audit_event (noun, record_id, action, user_id, person_id, at, note)"
    " SELECT 'interest_declaration', max(id), 'declare_interest', max(account_id), max(person_id), max(declared_at), ''"
    " FROM interest_declaration WHERE reason <> ''"
)
ACTED = (
    "INSERT INTO audit_event (noun, record_id, action, target, user_id, person_id, at, note)"
    " SELECT '{noun}', 1, '{action}', 'x', account_id, person_id, declared_at, ''"
    " FROM interest_declaration WHERE reason <> ''"
)

# check, what is written around the services, a word of what must be found
BREACHES = [
    ("approvals_stand", ["UPDATE claim SET payable = payable - 1 WHERE id = 3"], "claim 3 does not say"),
    ("approvals_stand", ["UPDATE claim_part SET amount_e4 = amount_e4 + 1 WHERE claim_id = 1"], "claim 1 does not say"),
    ("approvals_stand", ["UPDATE decision SET amount = amount + 10 WHERE application_id = 1"], "grant 1 does not say"),
    ("approvals_stand", ["UPDATE payment SET amount = amount + 1 WHERE id = 2"], "payment run 1 does not say"),
    ("approvals_stand", ["UPDATE programme_version SET content_hash = 'x'"], "grant 2 does not say"),
    ("approvals_stand", ["DELETE FROM approval WHERE matter = 'claims' AND record_id = 2"], "claim 2 does not say"),
    *(
        (
            "interests_kept_away",
            [INTEREST, SAID, ACTED.format(noun=noun, action=action)],
            f"{noun} 1: {action} by a person with an interest in application 1",
        )
        for noun, action in (("application", "approve"), ("claim", "approve"), ("payment_run", "release"))
    ),
    *(
        (
            "interests_kept_away",
            [INTEREST_IN.format(of=of), SAID, ACTED.format(noun=noun, action=action)],
            f"{noun} 1: {action} by a person with an interest in application",
        )
        for noun, action, of in (
            ("recovery", "order", "recovery WHERE id = 1"),
            ("service_pass", "vouch", "service_pass WHERE id = 1"),
            ("vendor_invoice", "accept", "service_pass WHERE invoice_id = 1"),
            ("vendor_invoice", "take_back", "claim WHERE invoice_id = 1"),
        )
    ),
    ("roles_apart", [ROLE_BESIDE], "holds approver and payer"),
]

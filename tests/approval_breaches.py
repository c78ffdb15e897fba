"""What is written around the services against the rules of approval, for the tests of the checker."""

from __future__ import annotations

ROLE_BESIDE = (
    "INSERT INTO role_grant (user_id, role, granted_at)"
    " SELECT user_id, 'payer', granted_at FROM role_grant WHERE role = 'approver'"
)

# check, what is written around the services, a word of what must be found
BREACHES = [
    ("roles_apart", [ROLE_BESIDE], "holds approver and payer"),
]

"""Whoever's store was linked by its business number is told so in the inbox, by a line of its own."""

from __future__ import annotations

from migrations import checks

revision = "0061_links_told"
down_revision = "0060_consents_named"
branch_labels = None
depends_on = None


def upgrade() -> None:
    checks.widen("notification", "kind", "link_matched")


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")

"""All lifecycles of the portal, in the order in which a case meets them, and the document made from their tables."""

from __future__ import annotations

from portal.domain import (
    applications,
    approvals,
    bulk,
    claims,
    evidence,
    extensions,
    fiscal_years,
    grant_changes,
    holidays,
    invoices,
    jobs,
    links,
    mandates,
    messages,
    objections,
    payments,
    plans,
    programme_drafts,
    programmes,
    proposals,
    proxy_entries,
    receipts,
    recoveries,
    reservations,
    rosters,
    selections,
    service_passes,
    signals,
    vouchers,
)
from portal.domain.lifecycle import Lifecycle

ALL: tuple[Lifecycle, ...] = (
    programme_drafts.LIFECYCLE,
    programmes.LIFECYCLE,
    mandates.LIFECYCLE,
    rosters.LIFECYCLE,
    rosters.MEMBER_LIFECYCLE,
    proxy_entries.LIFECYCLE,
    applications.LIFECYCLE,
    bulk.RUN_LIFECYCLE,
    extensions.LIFECYCLE,
    selections.LIFECYCLE,
    grant_changes.LIFECYCLE,
    reservations.LIFECYCLE,
    links.LIFECYCLE,
    receipts.LIFECYCLE,
    evidence.LIFECYCLE,
    proposals.LIFECYCLE,
    service_passes.LIFECYCLE,
    invoices.LIFECYCLE,
    claims.LIFECYCLE,
    payments.RUN_LIFECYCLE,
    payments.PAYMENT_LIFECYCLE,
    approvals.BAND_LIFECYCLE,
    recoveries.LIFECYCLE,
    objections.LIFECYCLE,
    signals.LIFECYCLE,
    plans.VERSION_LIFECYCLE,
    plans.LIFECYCLE,
    vouchers.LIFECYCLE,
    fiscal_years.LIFECYCLE,
    holidays.LIFECYCLE,
    jobs.LIFECYCLE,
    messages.LIFECYCLE,
)

_OPENING = """# Lifecycles

Made from the tables in portal/domain by `flask lifecycles --write`; a test compares this page with them.
An arrow reads: action (who may take it; `portal` where nobody's role is asked for, because it acts by itself in the
name of whoever asked; `≠` names earlier actions whose persons may not take this one, and `objected_to` stands for
whoever took part in the decision that is, or was, objected to).
"""


def document() -> str:
    """The page docs/reference/lifecycles.md, whole."""
    parts = [f"## {lifecycle.noun}\n\n```mermaid\n{lifecycle.mermaid()}```\n" for lifecycle in ALL]
    return "\n".join([_OPENING, *parts])

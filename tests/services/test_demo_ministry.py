"""The demo's ministry: made by the services, at every stage of services in kind, and true in every invariant."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.demo.ministry import CODE, SUCCESSOR, Ministry
from portal.domain.claims import ClaimStatus
from portal.domain.proposals import ProposalStatus
from portal.domain.service_passes import PassStatus
from portal.models.claims import Claim
from portal.models.proposals import Proposal
from portal.models.service_passes import ServicePass
from portal.queries import programmes
from portal.services import reconcile
from portal.storage.lines import LineStore
from portal.storage.objects import Stores


def test_it_pays_one_invoice_and_leaves_something_for_everybody(
    session: Session, stores: Stores, lines: LineStore
) -> None:
    Ministry(session, stores).tell()
    session.commit()
    assert Counter(session.scalars(select(ServicePass.status))) == {
        PassStatus.CLAIMED: 2,
        PassStatus.INVOICED: 1,
        PassStatus.DISPUTED: 1,
        PassStatus.CHOSEN: 2,
        PassStatus.REPORTED: 1,
    }
    assert list(session.scalars(select(Proposal.status).order_by(Proposal.id))) == [
        ProposalStatus.AGREED,
        ProposalStatus.AGREED,
        ProposalStatus.NOT_SELECTED,
        ProposalStatus.AGREED,
    ]
    assert {found.terms.code for found in programmes.open_calls(session, at=datetime(2026, 11, 30, tzinfo=UTC))} == {
        CODE,
        SUCCESSOR,
    }
    assert set(session.scalars(select(Claim.status))) == {ClaimStatus.PAID}
    broken = [result for result in reconcile.check_all(session, reconcile.Files(stores, lines)) if not result.holds]
    assert broken == []

"""The office's own arrangements in every state: bands of approval, vouchers and stops, clients of platforms."""

from __future__ import annotations

from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.approvals import Matter, ProposeBand
from portal.domain.stops import StopKind
from portal.domain.vouchers import DraftVoucher, VoucherFile, VoucherKind
from portal.domain.webhooks import Answer, Event
from portal.models.accounts import User
from portal.queries import vouchers as vouchers_known
from portal.services import (
    api_clients,
    approval_bands,
    reconciliations,
    stops,
    vouchers,
    webhooks,
)
from portal.services.reconcile import Result
from portal.storage.objects import Stores
from tests import (
    api,
)
from tests.factories import AT, actor, make_official


def bands(session: Session, administrator: User) -> None:
    """A band that waits for the second person, and one that is to end."""
    bands = [ProposeBand(Matter.CLAIMS, won, "주무관", None, AT.date(), None) for won in (1_000_000, None)]
    _waiting, second = (approval_bands.propose(session, b, by=actor(administrator), at=AT) for b in bands)
    manager = make_official(session, Role.MANAGER)
    approval_bands.confirm(session, second.id, by=actor(manager), at=AT)
    approval_bands.ask_end(session, second.id, by=actor(administrator), at=AT)


def vouchers_and_stops(session: Session, stores: Stores, payer: User, releaser: User) -> None:
    """One voucher for each thing that can become of it; a broken rule that stopped payments; a request."""
    by, other = actor(payer), actor(releaser)
    line = vouchers_known.lines(session, by)[0].line.id
    document = VoucherFile("추경예산서.pdf", "application/pdf", b"%PDF-1.4 %%EOF")
    drafts = [
        vouchers.draft(
            session,
            stores.evidence,
            DraftVoucher(VoucherKind.APPROPRIATE, line, won, "제1회 추경", document),
            by=by,
            at=AT,
        )
        for won in (4_000, 3_000, 2_000, 1_000)
    ]
    vouchers.post(session, drafts[1].id, by=other, at=AT)
    vouchers.refuse(session, drafts[2].id, note="금액이 다릅니다.", by=other, at=AT)
    vouchers.withdraw(session, drafts[3].id, by=by, at=AT)
    broken = Result("I1", "postings_follow_recipes", "", ("entry 1 has no posting",))
    reconciliations.keep(session, [broken], started_at=AT, at=AT)
    stops.take(session, StopKind.ASK, whole=False, reason="같은 계좌가 두 번 있습니다.", by=by, at=AT)


def clients(session: Session, administrator: User) -> None:
    """Two clients of a platform: one that works, one for practice that was ended."""
    by, told = actor(administrator), api.register(session, by=administrator)
    webhooks.register(session, told.client.id, "https://api.example.kr/ieum", loopback=False, by=by, at=AT)
    for answer in (Answer(200), Answer(problem="ReadTimeout"), None):  # taken, to be tried again, not yet sent
        offices, about = [told.client.data_organisation_id], {"batch_id": 1}
        webhooks.announce(session, Event.ROWS_REFUSED, "baemin", offices, about, at=AT)
        if answer is not None:
            (sending,) = webhooks.take_up(session, at=AT, most=1)
            webhooks.settle(session, sending, answer, at=AT)
    ended = api.register(session, by=administrator, sandbox=True)
    api_clients.revoke(session, ended.client.id, by=actor(administrator), at=AT)

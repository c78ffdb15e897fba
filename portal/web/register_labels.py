"""What outside registers said, in words: silence is provisional and never more than that."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from flask_babel import lazy_gettext as _

from portal.domain.payments import PaymentStatus
from portal.domain.snapshots import SnapshotAnswer as A
from portal.domain.snapshots import SnapshotKind
from portal.queries.payment_runs import RunPage
from portal.queries.snapshots import Snapshot

KINDS = {
    SnapshotKind.TAX_STATUS: _("사업자 상태 (국세청)"),
    SnapshotKind.ACCOUNT_HOLDER: _("예금주 (실명 조회)"),
}

# answer -> (label, tone)
ANSWERS = {
    A.ACTIVE: (_("계속사업자"), "success"),
    A.SUSPENDED: (_("휴업"), "attention"),
    A.CLOSED: (_("폐업"), "danger"),
    A.UNREGISTERED: (_("등록되지 않은 번호"), "attention"),
    A.MATCHES: (_("예금주 같음"), "success"),
    A.DIFFERS: (_("예금주 다름"), "danger"),
    A.NO_ACCOUNT: (_("없는 계좌"), "danger"),
    A.UNAVAILABLE: (_("확인 예정"), "neutral"),
}
_SILENT = {
    SnapshotKind.TAX_STATUS: (_("확인 예정"), "neutral"),
    SnapshotKind.ACCOUNT_HOLDER: (_("확인 필요"), "attention"),
}


def said(kind: SnapshotKind, found: Snapshot | None, since: datetime | None = None) -> tuple[object, str]:
    """Label and tone of the last answer; provisional where there is none, or none since then."""
    if found is None or found.answer is A.UNAVAILABLE:
        return _SILENT[kind]
    if since is not None and found.asked_at < since and found.answer is not A.CLOSED:
        return _SILENT[kind]
    return ANSWERS[found.answer]


def counted(page: RunPage) -> list[str]:
    """For each register: how many payments of a run got which answer since it was prepared, "정상 3건"."""
    texts = []
    for kind, name in KINDS.items():
        answers = [
            str(said(kind, page.registers.get((row.payment.claim.merchant_id, kind)), page.run.prepared_at)[0])
            for row in page.rows
            if row.payment.status is PaymentStatus.PREPARED
        ]
        found = ", ".join(f"{answer} {count}" for answer, count in sorted(Counter(answers).items()))
        texts.append(f"{name}: {found or '-'}")
    return texts

"""Asks whose a bank account is (금융결제원 오픈뱅킹 계좌실명조회, /v2.0/inquiry/real_name).

The fields are those that public descriptions name; the contract of a deployment decides (확인 필요).
"""

from __future__ import annotations

import hashlib
import json

import httpx

from portal.domain.snapshots import AccountQuestion, RegisterAccess, SnapshotAnswer, same_name
from portal.gateways import registers

_DONE = "A0000"
_BUSINESS_NUMBER = "6"  # account_holder_info_type: 사업자등록번호 (확인 필요)


def holder(access: RegisterAccess, question: AccountQuestion) -> tuple[SnapshotAnswer, str | None]:
    """Whether the account is the stated holder's, and the SHA-256 of what was read."""
    body = {
        "bank_code_std": question.bank_code,
        "account_num": question.account_number,
        "account_holder_info_type": _BUSINESS_NUMBER,
        "account_holder_info": question.business_number,
    }
    try:
        raw = registers.posted(
            f"{access.url}/v2.0/inquiry/real_name",
            body,
            query={},
            headers={"Authorization": f"Bearer {access.key}"},
            seconds=access.wait.total_seconds(),
        )
        told = json.loads(raw)
        code, name = told["rsp_code"], told.get("account_holder_name") or ""
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return SnapshotAnswer.UNAVAILABLE, None
    sha256 = hashlib.sha256(raw).hexdigest()
    if code != _DONE:
        return (SnapshotAnswer.NO_ACCOUNT if told.get("bank_rsp_code") else SnapshotAnswer.UNAVAILABLE), sha256
    if not isinstance(name, str) or not name.strip():
        return SnapshotAnswer.UNAVAILABLE, sha256
    return (SnapshotAnswer.MATCHES if same_name(question.holder, name) else SnapshotAnswer.DIFFERS), sha256

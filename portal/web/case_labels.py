"""What the checklist of a case says: what was found out, and signs of the same support asked for twice."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

# what the portal found out about an item of the checklist
CHECKS = {
    True: (_("확인됨"), "success"),
    False: (_("맞지 않거나 없음"), "danger"),
    None: (_("담당자 확인"), "attention"),
}

# the reasons for which a case may be asking twice for the same support
SIGNS = {
    "business": _("같은 사업자의 다른 신청"),
    "owner": _("같은 대표 계정의 다른 사업장"),
    "account": _("같은 지급 계좌"),
    "evidence": _("같은 증빙 파일"),
}

FINDINGS = {
    "region": _("사업장이 지원 지역에 있습니다"),
    "industry": _("지원 제외 업종이 아닙니다"),
    "sales": _("연 매출이 기준에 맞습니다"),
    "regular_workers": _("상시 근로자 수가 소상공인 기준에 맞습니다"),
    "opened_before": _("기준일 전에 문을 열었습니다"),
    "not_closed": _("휴업·폐업 상태가 아닙니다"),
    "one_per_owner": _("대표자 한 사람이 한 사업장만 신청했습니다"),
}

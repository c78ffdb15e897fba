"""What people read when a case cannot be assigned, tagged, or dealt with among many."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

DESK_MESSAGES = {
    "case_decided": _l("이미 끝난 사건이라 담당자를 정하지 않습니다."),
    "officer_already": _l("이미 %(value)s 님이 맡고 있습니다."),
    "officer_absent": _l("%(value)s 님은 오늘 부재입니다."),
    "officer_owner": _l("%(value)s 님이 낸 신청입니다."),
    "officer_interest": _l("%(value)s 님이 이해관계를 신고한 사건입니다."),
    "officer_took_part": _l("%(value)s 님이 이의신청된 결정에 참여했습니다."),
    "nobody_fits": _l("고른 사람 가운데 맡을 수 있는 사람이 없습니다."),
    "reassign_reason": _l("이미 담당자가 있습니다. 바꾸는 사유를 5자 이상 적어 주세요."),
    "tag_exists": _l("같은 이름의 꼬리표가 이미 있습니다."),
    "too_many_tags": _l("꼬리표는 %(value)s개까지 만들 수 있습니다. 쓰지 않는 것을 먼저 없애 주세요."),
    "tag_on_already": _l("이미 이 꼬리표가 붙어 있습니다."),
    "tag_not_on": _l("이 꼬리표가 붙어 있지 않습니다."),
    "no_case_chosen": _l("사건을 하나 이상 골라 주세요."),
    "too_many_cases": _l("한 번에 %(value)s건까지 처리할 수 있습니다. 조건을 더 좁혀 주세요."),
    "nothing_to_do": _l("처리할 수 있는 사건이 하나도 없습니다."),
    "not_in_status": _l("지금 상태에서는 할 수 없습니다."),
    "role_missing": _l("이 일을 할 권한이 없습니다."),
    "case_gone": _l("찾을 수 없는 사건입니다."),
    "changed_since_preview": _l("미리 본 뒤에 사건이 바뀌어 뺐습니다."),
}

"""What people read when the rules of time refuse something: supplements, extensions, returning, holidays."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

CLOCK_MESSAGES = {
    "case_moved_on": _l(
        "그 사이 다른 사람이 이 신청을 먼저 처리했습니다(%(value)s). 적으신 내용은 아래에 그대로 있습니다. "
        "사건 화면에서 지금 상태를 먼저 확인해 주세요."
    ),
    "supplement_asked_twice": _l(
        "보완은 두 번까지만 요구할 수 있습니다. 두 번째로 요구한 보완의 기한은 %(value)s입니다."
    ),
    "supplement_still_running": _l("먼저 요구한 보완의 기한(%(value)s)이 아직 남아 있습니다."),
    "supplement_again_not_extended": _l("두 번째 보완 요구의 기한은 늘릴 수 없습니다. 담당자에게 전화해 주세요."),
    "supplement_extension_late": _l("기한이 이미 지나 늘릴 수 없습니다. 반려되기 전까지는 지금 내셔도 받습니다."),
    "supplement_extended_enough": _l("기한은 %(value)s번까지만 늘릴 수 있습니다. 담당자에게 전화해 주세요."),
    "return_too_early": _l(
        "아직 반려할 수 없습니다. 보완을 두 번 요구하고 그 기한이 지났거나, "
        "두 번째 답변으로도 보완되지 않았어야 합니다."
    ),
    "reopened_condition": _l(
        "이의신청으로 다시 연 신청이라 지금 다시 확인했습니다. 그 사이 이 조건에 맞지 않게 되었습니다: %(value)s. "
        "선정할 수 없으니 불선정 의견을 내거나, 신청인이 다른 쪽을 취하한 뒤 다시 처리해 주세요."
    ),
    "not_asked_for": _l(
        "담당자가 보완하라고 한 것이 아니어서 바꿀 수 없습니다. 고칠 것이 있으면 담당자에게 전화해 주세요."
    ),
    "parts_required": _l(
        "신청인이 고칠 수 있는 것을 하나 이상 골라 주세요. 글로 답만 받으려면 ‘글로 설명’을 고릅니다."
    ),
    "part_not_there": _l("이 신청에는 없는 항목입니다: %(value)s"),
    "clock_stands": _l("지금은 처리기간이 흐르고 있지 않아 늘릴 수 없습니다."),
    "extension_waits_for_consent": _l("신청인의 동의를 이미 기다리고 있습니다."),
    "extended_twice": _l("처리기간은 두 번까지만 늘릴 수 있습니다."),
    "extension_too_late": _l("처리기한이 이미 지나 늘릴 수 없습니다. 처리기한 안에 늘려야 합니다."),
    "extension_too_long": _l("처음 처리기간인 %(value)s일까지만 늘릴 수 있습니다."),
    "no_extension_waits": _l("답하실 연장 요청이 없거나, 그 사이 신청이 다음 단계로 넘어갔습니다."),
    "holiday_there": _l("이미 쉬는 날입니다: %(value)s"),
    "holiday_not_there": _l("쉬는 날이 아니어서 뺄 수 없습니다."),
    "holiday_change_waits": _l("그 날짜를 바꾸는 것이 이미 확인을 기다리고 있습니다."),
}

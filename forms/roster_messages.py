"""What people read when something about an association's list of members is refused."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

ROSTER_MESSAGES = {
    "roster_no_header": _l(
        "머리글을 찾지 못했습니다. 첫 줄에 적어도 %(value)s이(가) 있어야 합니다. 양식을 내려받아 써 주세요."
    ),
    "roster_full": _l("한 명단에는 %(value)s명까지 올릴 수 있습니다. 새 명단을 만들어 주세요."),
    "account_as_number": _l(
        "계좌번호가 숫자로 저장되어 앞의 0이 없어졌을 수 있습니다. 칸 서식을 ‘텍스트’로 바꾸고 다시 적어 주세요."
    ),
    "member_listed": _l("이 사업자는 이미 이 명단에 있습니다."),
    "member_applied": _l(
        "이 사업자는 이 사업에 이미 신청했습니다(본인이 직접, 또는 상인회를 통해). 명단에 넣을 수 없습니다."
    ),
    "member_elsewhere": _l(
        "이 사업자는 다른 상인회의 명단에 동의했습니다. 어느 상인회로 신청할지 본인에게 확인해 주세요."
    ),
    "membership_applied": _l("이 사업장은 이 사업에 이미 신청했으므로 상인회가 다시 신청할 수 없습니다."),
    "membership_elsewhere": _l(
        "다른 상인회의 신청에 이미 동의하셨습니다. 이 상인회로 신청하려면 아래에서 먼저 그 동의를 거두어 주세요."
    ),
    "member_on_record": _l(
        "이 사업자는 다른 곳에서 등록되어 있고 본인 계정이 없습니다. 본인이 접수증의 코드로 계정을 넘겨받으면 "
        "포털에서 동의할 수 있습니다."
    ),
    "member_has_account": _l(
        "이 사업자는 그 사이에 본인 계정이 생겼습니다. 명단에서 빼고 다시 넣으면 본인에게 동의를 묻습니다."
    ),
    "members_required": _l("연명부에 서명한 구성원을 한 사람 이상 표시해 주세요."),
    "nobody_consents": _l("아직 동의한 구성원이 없습니다. 서명한 연명부를 올리거나 구성원의 확인을 받아 주세요."),
    "no_associations": _l("‘%(value)s’은(는) 상인회가 신청하는 사업이 아닙니다."),
    "track_of_association": _l("‘%(value)s’은(는) 상인회가 명단과 동의를 내고 신청하는 방법입니다."),
    "roster_no_links": _l("확인할 연결이 없습니다. 교부가 결정된 구성원의 매장만 확인할 수 있습니다."),
    "plan_version_waits": _l(
        "%(value)s판이 다른 사업 담당의 확인을 기다리고 있습니다. 먼저 확인하거나 확인하지 않아야 합니다."
    ),
}

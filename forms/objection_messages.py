"""The sentences of forms/messages.py that are about objections."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

OBJECTION_MESSAGES = {
    "not_objectionable": _l("이 문서에는 이의신청할 결정이 없거나, 그 결정이 이미 바뀌었습니다."),
    "objection_too_late": _l(
        "이의신청 기간(%(value)s까지)이 지나 이의신청을 받을 수 없습니다. 남은 구제 방법과 기한은 아래에 있습니다."
    ),
    "objection_exists": _l("이 결정에는 이미 이의신청을 냈습니다. 메뉴의 ‘이의신청’에서 볼 수 있습니다."),
    "objection_extended": _l("처리기간은 한 번만 연장할 수 있고, 이미 연장했습니다."),
    "objection_overdue": _l("처리기한(%(value)s)이 지나 연장할 수 없습니다. 바로 결정해 주세요."),
    "objection_open": _l(
        "이 환수 명령에는 결정을 기다리는 이의신청(%(value)s)이 있습니다. 그 이의신청에서 결정해 주세요."
    ),
    "objection_amount": _l("일부 인용할 금액은 두 금액 사이여야 합니다: %(value)s원"),
    "objection_other_application": _l(
        "이 사업장에 같은 사업의 다른 신청(%(value)s)이 있어 이 신청을 되돌릴 수 없습니다. "
        "신청인이 그 신청을 취하하면 다시 결정해 주세요."
    ),
}

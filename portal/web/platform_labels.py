"""What is said about platforms: what they do for a shop, their conditions, and the columns of their files."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from portal.domain.layout_matching import Verdict
from portal.domain.layouts import Origin
from portal.domain.platform_months import Finding
from portal.domain.statements import Reason
from portal.domain.suggestions import Likeness

# kind -> (heading, what it does for a shop)
KINDS = {
    "ordering": (_("주문과 배달"), _("손님의 주문을 받아 주고 배달까지 이어 줍니다.")),
    "agency": (_("배달대행"), _("가게 대신 배달합니다. 주문 앱의 같은 주문을 배달 쪽에서 다시 알려 줍니다.")),
    "own": (_("자체배달"), _("가게가 스스로 배달합니다. 자료를 주는 곳이 없어 배달 대장을 증빙으로 냅니다.")),
    "preorder": (_("미리 주문"), _("손님이 오기 전이나 자리에서 주문하고 결제합니다.")),
    "promotion": (_("쿠폰과 메신저 홍보"), _("쿠폰과 메시지로 손님을 부릅니다.")),
    "booking": (_("생활 서비스 예약"), _("집에서 받는 서비스를 예약받습니다.")),
    "ride": (_("이동"), _("손님이 가게까지 편하게 옵니다.")),
    "listing": (_("매물 알림"), _("매물을 올려 손님에게 알립니다.")),
    "fresh": (_("신선식품"), _("생산자의 식품을 손님의 집까지 보냅니다.")),
    "reorder": (_("다시 주문과 매장 수령"), _("쓰던 물건을 다시 주문받거나, 주문한 것을 가게에서 찾아갑니다.")),
    "payment": (_("간편결제"), _("휴대전화로 결제받습니다.")),
    "market": (_("전통시장 모바일 장보기"), _("시장 점포의 물건을 모아 팔고 지역화폐를 받습니다.")),
}

TERMS = {
    "brokerage": _("중개이용료"),
    "payment": _("결제수수료"),
    "delivery": _("배달비"),
    "advertising": _("광고비"),
    "settlement": _("정산 주기"),
    "exit": _("그만둘 때"),
}

# what can be claimed from what a platform reports
CLAIMABLE = {"merchant_delivery_cost": _("배달 대행비"), "merchant_promotion_cost": _("홍보비")}

# verdict -> (label, tone, what it means)
VERDICTS = {
    Verdict.SAME: (_("같음"), "success", ""),
    Verdict.ABSENT: (_("없어도 됨"), "neutral", ""),
    Verdict.MISSING: (_("파일에 없음"), "danger", _("머리글의 이름이 바뀌었는지 확인해 주세요.")),
    Verdict.UNKNOWN: (_("모르는 열"), "danger", _("새로 생긴 열입니다. 버리지 않고 받을 방법을 정해야 합니다.")),
    Verdict.REPEATED: (_("여러 열이 같은 이름"), "danger", _("어느 열인지 가릴 수 없습니다.")),
}

ORIGINS = {Origin.DOCUMENTED: _("알려진 양식"), Origin.INVENTED: _("예시 양식")}
CANONICAL = _("표준 양식")

# why a store may be a place's
LIKENESSES = {
    Likeness.NAMED: _("연결 신청이 있음"),
    Likeness.BUSINESS_NUMBER: _("사업자등록번호가 같음"),
    Likeness.OTHER_PLATFORM: _("다른 플랫폼의 매장 번호와 같음"),
    Likeness.NUMBER: _("신청한 매장 번호와 한 글자 다름"),
    Likeness.NAME_AND_ADDRESS: _("상호와 주소가 비슷함"),
    Likeness.NAME: _("상호와 비슷함"),
    Likeness.ADDRESS: _("주소와 비슷함"),
}

# figure of a month (domain.statements.FIGURES) -> its name
FIGURES = {
    "orders": _("주문 수"),
    "cancelled": _("취소된 주문"),
    "order_amount": _("주문금액"),
    "delivery_fee": _("배달비"),
    "delivery_support": _("배달비 중 플랫폼·정부 부담"),
    "promotion_cost": _("쿠폰·할인·광고비"),
    "promotion_support": _("쿠폰·할인·광고비 중 플랫폼·정부 부담"),
    "brokerage_fee": _("중개이용료"),
    "payment_fee": _("결제수수료"),
}

# what of a month does not fit together -> (label, tone)
FINDINGS = {
    Finding.ORDERS_DIFFER: (_("주문 수가 다름"), "danger"),
    Finding.AMOUNT_DIFFERS: (_("주문금액이 다름"), "danger"),
    Finding.FEES_DIFFER: (_("비용이 다름"), "danger"),
    Finding.CLAIMED_OVER_COST: (_("산정액이 비용보다 많음"), "danger"),
    Finding.NOT_STATED: (_("플랫폼이 알린 것 없음"), "neutral"),
    Finding.NOT_STORED: (_("저장된 자료 없음"), "attention"),
    Finding.NOT_PAID_YET: (_("지급할 금액 남음"), "progress"),
}

# what of a month is compared
FIGURES = {
    "orders": _("주문 수"),
    "order_amount": _("주문금액 합계"),
    "delivery_fee": _("배달비"),
    "promotion_cost": _("쿠폰·할인·광고비"),
    "brokerage_fee": _("중개이용료"),
    "payment_fee": _("결제수수료"),
}

# why a stated figure may not be the stored one, and what to do
REASONS = {
    Reason.VAT_INCLUDED: _(
        "10분의 1만큼 많습니다. 부가세가 들어간 금액 같습니다. 부가세를 뺀 금액으로 다시 적어 주세요."
    ),
    Reason.SUPPORT_LEFT_OUT: _("플랫폼·정부가 낸 몫만큼 적습니다. 그 몫을 더한 금액으로 다시 적어 주세요."),
    Reason.MORE_STATED: _(
        "플랫폼이 알린 것이 더 많습니다. 아래에서 돌려보낸 줄이나 아직 받지 못한 파일이 있는지 확인해 주세요."
    ),
    Reason.MORE_STORED: _(
        "저장된 것이 더 많습니다. 플랫폼이 나중에 취소한 주문이 있는지 물어보고, 고친 파일을 받아 올려 주세요."
    ),
}

"""What stands beside each consent: why, which data, how long, what follows from a refusal (개인정보 보호법 제15조)."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext as _

from portal.domain.applications import Consent


@dataclass(frozen=True, slots=True)
class Terms:
    """`title` heads the box; the texts are lazy translations."""

    title: object
    purpose: object
    items: object
    retention: object
    refusal: object


_REFUSAL = _("동의하지 않을 수 있습니다. 다만 동의하지 않으면 지원 대상인지 확인할 수 없어 신청할 수 없습니다.")

TERMS = {
    Consent.PRIVACY: Terms(
        _("개인정보 수집·이용"),
        _("지원 신청의 접수와 심사, 지원금 지급, 결과 안내"),
        _("이름, 전화번호, 사업자등록번호, 사업장 주소, 매출액, 상시 근로자 수, 입금 계좌"),
        _("사업이 끝난 뒤 5년(보조사업 관계 서류의 보관 기간)"),
        _REFUSAL,
    ),
    Consent.ADMINISTRATIVE_DATA: Terms(
        _("행정정보 공동이용"),
        _("서류를 따로 내지 않아도 되도록 담당 공무원이 직접 확인"),
        _("사업자등록 상태(휴업·폐업 여부), 국세·지방세 납세 여부"),
        _("확인한 결과만 사업이 끝난 뒤 5년"),
        _("동의하지 않을 수 있습니다. 그러면 같은 내용의 서류를 직접 내야 하므로 이 화면에서는 신청할 수 없습니다."),
    ),
    Consent.PLATFORM_DATA: Terms(
        _("플랫폼 정산자료 이용"),
        _("배달대행비와 홍보비 지원금의 산정"),
        _("연결한 매장의 주문 일시, 배달비, 할인 금액(주문한 손님의 이름·전화번호·주소는 받지 않습니다)"),
        _("사업이 끝난 뒤 5년"),
        _REFUSAL,
    ),
    Consent.PLEDGE: Terms(
        _("신청인 서약"),
        _("거짓 신청과 중복 지원을 막기 위한 확인"),
        _("같은 비용으로 다른 지원을 받지 않았고, 적은 내용이 사실이며, 증빙을 5년 동안 보관한다는 약속"),
        _("사업이 끝난 뒤 5년"),
        _("거짓으로 받으면 지원금을 돌려주어야 하고 처벌을 받을 수 있습니다. 서약하지 않으면 신청할 수 없습니다."),
    ),
}

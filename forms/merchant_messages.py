"""What people read when a number, an address or an account of a person or a business is refused."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

MERCHANT_MESSAGES = {
    "business_number_length": _l("사업자등록번호는 숫자 10자리입니다. 예: 124-81-00998"),
    "business_number_check": _l("사업자등록번호가 맞지 않습니다. 사업자등록증의 번호와 한 자리씩 비교해 주세요."),
    "business_number_unknown": _l("국세청에 등록되지 않은 사업자등록번호입니다. 번호를 다시 확인해 주세요."),
    "business_number_taken": _l("이미 등록된 사업자등록번호입니다. 로그인하거나 담당자에게 문의해 주세요."),
    "business_closed": _l("휴업 또는 폐업한 사업자로 조회됩니다."),
    "phone_not_mobile": _l("문자를 받을 수 있는 휴대전화 번호를 적어 주세요. 예: 010-1234-5678"),
    "mail_address_invalid": _l("메일 주소를 확인해 주세요. 예: name@example.kr"),
    "nowhere_to_send": _l("받을 사람이 이 방법으로 받지 않기로 했거나 아직 주소를 고치지 않아 보낼 수 없습니다."),
    "phone_invalid": _l("전화번호를 확인해 주세요. 예: 010-1234-5678"),
    "account_number_invalid": _l("계좌번호는 숫자 10~16자리입니다. ‘-’ 없이 입력해도 됩니다."),
    "business_number_fixed": _l("신청서를 낸 뒤에는 사업자등록번호를 바꿀 수 없습니다. 담당자에게 전화해 주세요."),
    "workers_not_halves": _l("상시 근로자 수는 0, 0.5, 1처럼 0.5명 단위의 숫자로 입력해 주세요."),
}

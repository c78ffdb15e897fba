"""What a refusal is called on screen, and what to do about it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

# refusal code -> (what happened, what to do)
REFUSALS = {
    "refused": (_("처리하지 못했습니다"), _("입력한 내용을 확인하고 다시 해 주세요.")),
    "not_found": (_("찾을 수 없습니다"), _("주소가 바뀌었거나 볼 수 없는 자료입니다. 처음 화면에서 다시 찾아 주세요.")),
    "not_permitted": (_("권한이 없습니다"), _("이 일을 맡은 담당자 계정으로 로그인해 주세요.")),
    "same_person": (
        _("같은 사람이 이어서 처리할 수 없습니다"),
        _("앞 단계를 처리한 사람이 아닌 다른 담당자가 처리해야 합니다."),
    ),
    "invalid_transition": (
        _("이미 처리되었거나 지금은 할 수 없는 일입니다"),
        _("화면을 새로 고쳐 현재 상태를 확인해 주세요. 바뀐 것은 없습니다."),
    ),
    "incomplete": (_("빠지거나 잘못된 내용이 있습니다"), _("표시된 항목을 고친 뒤 다시 눌러 주세요.")),
    "not_eligible": (_("지원 조건에 맞지 않습니다"), _("아래 조건을 확인해 주세요.")),
    "budget_exhausted": (
        _("예산이 부족합니다"),
        _("남은 예산보다 큰 금액입니다. 아무것도 바뀌지 않았습니다. 사업 담당자와 상의해 주세요."),
    ),
    "already_done": (_("이미 처리되었습니다"), _("두 번 처리되지 않도록 막았습니다. 현재 상태를 확인해 주세요.")),
    "conflict": (_("다른 내용이 먼저 저장되었습니다"), _("화면을 새로 고쳐 확인한 뒤 다시 해 주세요.")),
    "totals_differ": (
        _("통계 합계가 장부와 맞지 않아 보여 드리지 않습니다"),
        _("잠시 뒤 다시 열어 주세요. 그래도 같으면 점검 담당자에게 알려 주세요."),
    ),
    "file_refused": (
        _("파일을 받을 수 없습니다"),
        _("아래 내용을 고친 파일을 다시 올려 주세요. 정산자료에 더한 것은 없습니다."),
    ),
    "layout_unknown": (
        _("처음 보는 모양의 파일입니다"),
        _(
            "아는 열과 파일의 열을 비교해 주세요. 플랫폼이 양식을 바꾸었으면 전산 담당자에게 알려 주세요. "
            "정산자료에 더한 것은 없습니다."
        ),
    ),
    "too_many_attempts": (_("로그인이 잠시 막혔습니다"), _("15분 뒤에 다시 시도해 주세요.")),
    "form_expired": (_("화면이 오래되어 처리하지 못했습니다"), _("앞 화면으로 돌아가 새로 고친 뒤 다시 눌러 주세요.")),
    "too_large": (
        _("보낸 내용이 너무 큽니다"),
        _(
            "한 번에 보낼 수 있는 크기는 파일을 모두 합쳐 %(files)sMB, 적은 글은 %(text)sMB까지입니다. "
            "저장된 것은 없습니다. 앞 화면으로 돌아가 크기를 줄인 뒤 다시 보내 주세요."
        ),
    ),
    "not_signed_in": (_("로그인해 주세요"), _("로그인하지 않았거나 로그인이 끝났습니다. 바뀐 것은 없습니다.")),
    "busy": (
        _("지금 처리하는 일이 많습니다"),
        _("저장된 것은 없습니다. 잠시 뒤 다시 눌러 주세요."),
    ),
    "broken": (_("일시적인 오류가 났습니다"), _("입력한 내용은 처리되지 않았습니다. 잠시 뒤 다시 해 주세요.")),
    # what only programs are told, in the partner API
    "token_invalid": (_("토큰이 없거나 끝났습니다"), _("토큰을 새로 받아 Authorization: Bearer로 보내 주세요.")),
    "signature_invalid": (_("서명을 확인할 수 없습니다"), _("problems에 적힌 것을 확인해 다시 서명해 주세요.")),
    "scope_missing": (_("토큰으로 할 수 없는 일입니다"), _("필요한 scope를 관리자에게 요청해 주세요.")),
    "idempotency_key_missing": (
        _("Idempotency-Key가 없습니다"),
        _("요청마다 새로 만든 값을 Idempotency-Key 헤더에 넣어 주세요. 8~100자의 영문, 숫자, 하이픈, 밑줄입니다."),
    ),
    "idempotency_key_reused": (
        _("다른 요청에 쓴 Idempotency-Key입니다"),
        _("내용을 바꾸었다면 새 값을 쓰고, 다시 보내는 것이라면 처음과 똑같이 보내 주세요."),
    ),
    "in_flight": (_("같은 요청을 처리하고 있습니다"), _("잠시 뒤 같은 Idempotency-Key로 다시 보내 주세요.")),
    "malformed": (_("읽을 수 없는 요청입니다"), _("JSON 문법과 헤더를 확인해 주세요.")),
    "method_not_allowed": (_("이 주소에서 쓸 수 없는 방법입니다"), _("Allow 헤더의 방법을 써 주세요.")),
    "wrong_content_type": (_("받을 수 없는 형식입니다"), _("설명서에 있는 Content-Type으로 보내 주세요.")),
    "too_many_requests": (_("요청이 너무 잦습니다"), _("Retry-After 헤더의 시간만큼 기다린 뒤 다시 보내 주세요.")),
}

# refusal code -> what to do, where programs are told otherwise than people at a page
API_ADVICE = {
    "too_large": _("JSON은 8MB, 압축한 파일은 64MB까지 보낼 수 있습니다. 나누어 보내 주세요."),
    "file_refused": _("저장된 것은 없습니다. problems에 적힌 것을 고쳐 다시 보내 주세요."),
    "incomplete": _("problems에 적힌 것을 고쳐 다시 보내 주세요. 저장된 것은 없습니다."),
    "invalid_transition": _("지금 상태를 다시 읽어 확인해 주세요. 바뀐 것은 없습니다."),
    "not_found": _("없거나 이 연결로는 볼 수 없는 자료입니다."),
    "busy": _("저장된 것은 없습니다. 잠시 뒤 같은 요청을 다시 보내 주세요."),
    "broken": _("처리되지 않았습니다. 잠시 뒤 같은 요청을 다시 보내 주세요."),
}

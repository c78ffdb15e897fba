"""The sentence for each thing wrong with a programme's questions, tracks and first day, and with what was answered."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

QUESTION_MESSAGES = {
    # answering
    "answer_missing": _l("‘%(value)s’에 답해 주세요."),
    "answer_out_of_bounds": _l("다음 범위의 숫자로 적어 주세요: %(value)s"),
    "track_not_open": _l("이 방법은 %(value)s부터 신청할 수 있습니다."),
    # writing
    "question_twice": _l("같은 코드를 쓰는 질문이 두 개 있습니다: %(value)s"),
    "later_question": _l("조건은 이 질문보다 앞에 있는 질문에만 걸 수 있습니다: %(value)s"),
    "unknown_question": _l("조건에 적은 질문이 없습니다: %(value)s"),
    "never_chosen": _l("조건에 적은 답이 그 질문의 선택지에 없습니다: %(value)s"),
    "no_condition_on_kind": _l("조건은 고르는 질문이나 숫자를 적는 질문에만 걸 수 있습니다: %(value)s"),
    "bounds_reversed": _l("가장 큰 수가 가장 작은 수보다 작습니다: %(value)s"),
    "unknown_paper": _l("‘낼 서류’에 없는 서류 코드입니다: %(value)s"),
    "association_not_short": _l("상인회가 신청하는 방법은 사업자등록번호와 계좌만 확인하는 방법이어야 합니다."),
    "track_alone": _l("신청 방법은 두 가지 이상일 때만 나눕니다. 하나뿐이면 지워 주세요."),
    "effective_in_the_past": _l(
        "시행일(%(value)s)이 이미 지났습니다. 그 사이에 낸 신청은 앞의 공고로 받았으므로, "
        "시행일을 오늘이나 뒤의 날로 고쳐 다시 올려 주세요."
    ),
    "effective_after_call": _l("시행일(%(value)s)이 신청 마감일보다 뒤라서 이 공고로는 아무도 신청할 수 없습니다."),
    "effective_passed": _l("시행일(%(value)s)이 이미 지났습니다. 먼저 게시된 판이 있으면 게시할 수 없습니다."),
    "own_programme": _l("이 사업 자신의 코드입니다. 앞서 받은 지원에는 다른 사업의 코드를 적습니다: %(value)s"),
}

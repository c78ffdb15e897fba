"""What people read when something they entered is refused: one Korean sentence for each problem code."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from forms.clock_messages import CLOCK_MESSAGES
from forms.desk_messages import DESK_MESSAGES
from forms.mandate_messages import MANDATE_MESSAGES
from forms.merchant_messages import MERCHANT_MESSAGES
from forms.money_messages import MONEY_MESSAGES
from forms.objection_messages import OBJECTION_MESSAGES
from forms.plan_messages import PLAN_MESSAGES
from forms.programme_messages import PROGRAMME_MESSAGES
from forms.question_messages import QUESTION_MESSAGES
from forms.roster_messages import ROSTER_MESSAGES
from forms.selection_messages import SELECTION_MESSAGES
from forms.service_messages import SERVICE_MESSAGES
from portal.domain.errors import Problem

FALLBACK = _l("입력한 내용을 다시 확인해 주세요. (%(code)s)")

# Sentences may use %(value)s (what was found) and %(code)s; a per cent sign for people is written %%.
MESSAGES = {
    # anything typed
    "form_expired": _l("화면을 연 지 오래되어 제출되지 않았습니다. 내용을 확인하고 한 번 더 눌러 주세요."),
    "required": _l("이 항목을 입력해 주세요."),
    "missing": _l("이 항목을 입력해 주세요."),
    "invalid": _l("입력 형식이 올바르지 않습니다."),
    "too_long": _l("입력한 내용이 너무 깁니다. 줄여서 적어 주세요."),
    "too_short": _l("입력한 내용이 너무 짧습니다."),
    "drawn_up_meanwhile": _l("계산하는 동안 그 달이 다시 산정되었거나 사업 기준이 바뀌었습니다. 다시 산정해 주세요."),
    "unknown_choice": _l("목록에 있는 항목 가운데 하나를 선택해 주세요."),
    "consent_required": _l("동의해야 신청할 수 있습니다. 내용을 읽고 동의란에 표시해 주세요."),
    # money, rates, dates
    "won_not_a_number": _l("금액은 숫자로 입력해 주세요. 예: 1,234,000"),
    "won_negative": _l("금액은 0원 이상이어야 합니다."),
    "won_too_large": _l("금액이 너무 큽니다. 자릿수를 확인해 주세요."),
    "rate_not_a_number": _l("비율은 숫자로 입력해 주세요. 예: 80"),
    "rate_too_fine": _l("비율은 소수 둘째 자리까지 적을 수 있습니다. 예: 12.34"),
    "rate_out_of_range": _l("비율은 0%%에서 100%% 사이여야 합니다."),
    "date_not_a_date": _l("날짜를 연-월-일 순서로 입력해 주세요. 예: 2020-06-01"),
    "date_in_future": _l("오늘보다 뒤의 날짜는 입력할 수 없습니다."),
    "date_order": _l("끝나는 날짜가 시작하는 날짜보다 빠릅니다."),
    **MERCHANT_MESSAGES,
    # applications
    "application_exists": _l("이 사업장은 이미 이 사업에 신청서가 있습니다. 지원 신청 목록에서 이어서 진행해 주세요."),
    "call_not_open": _l("지금은 신청 기간이 아닙니다. 신청 기간: %(value)s"),
    "confirmation_required": _l("내용을 읽고 확인란에 표시해 주세요."),
    "document_missing": _l("‘%(value)s’ 서류를 올려 주세요."),
    "requested_over_limit": _l("신청할 수 있는 금액은 %(value)s원까지입니다."),
    "requested_over_total": _l("신청하는 지원금이 총사업비보다 클 수 없습니다."),
    **CLOCK_MESSAGES,
    **MANDATE_MESSAGES,
    **ROSTER_MESSAGES,
    **PLAN_MESSAGES,
    **DESK_MESSAGES,
    # accounts
    "login_taken": _l("이미 쓰고 있는 아이디입니다. 다른 아이디를 입력해 주세요."),
    "roles_clash": _l(
        "한 사람이 함께 가질 수 없는 권한입니다(%(value)s). 같은 사람의 다른 계정에 준 권한도 함께 셉니다."
    ),
    "login_failed": _l("아이디 또는 비밀번호가 맞지 않습니다."),
    "password_too_short": _l("비밀번호가 너무 짧습니다. 더 길게 정해 주세요."),
    "password_wrong": _l("현재 비밀번호가 맞지 않습니다."),
    "too_many_attempts": _l("로그인에 여러 번 실패했습니다. 잠시 뒤에 다시 시도해 주세요."),
    # files
    "file_required": _l("파일을 선택해 주세요."),
    "file_empty": _l("‘%(value)s’ 파일은 내용이 비어 있습니다. 다른 파일을 선택해 주세요."),
    "file_too_large": _l("‘%(value)s’ 파일이 너무 큽니다. 크기를 줄여 다시 선택해 주세요."),
    "file_too_many": _l("파일 수가 너무 많습니다. 나누어 올려 주세요."),
    "file_kind_not_allowed": _l("‘%(value)s’ 파일은 올릴 수 없는 형식입니다. 안내된 형식의 파일을 선택해 주세요."),
    "file_kind_mismatch": _l("‘%(value)s’ 파일의 내용과 확장자가 서로 다릅니다. 원본 파일을 그대로 선택해 주세요."),
    "file_image_too_large": _l("‘%(value)s’ 사진이 너무 큽니다. 해상도를 낮추어 다시 선택해 주세요."),
    "file_truncated": _l("‘%(value)s’ 파일이 끝까지 저장되지 않았습니다. 다시 찍거나 내려받아 선택해 주세요."),
    # settlement files: `value` is the column, the platform or the number found
    "empty_file": _l("파일이 비어 있습니다. 내용이 있는 파일을 올려 주세요."),
    "no_rows": _l("머리글만 있고 거래가 한 줄도 없습니다. 거래가 있는 파일을 올려 주세요."),
    "too_large": _l("파일이 너무 큽니다. 나누어 올려 주세요."),
    "too_many_rows": _l("줄이 너무 많습니다(%(value)s줄까지). 나누어 올려 주세요."),
    "too_many_columns": _l("열이 너무 많습니다(%(value)s개). 자료가 있는 열만 남겨 주세요."),
    "too_costly": _l("읽는 데 너무 오래 걸려 그만두었습니다. 파일을 나누어 올려 주세요."),
    "wrong_type": _l("표로 된 파일이 아닙니다. CSV나 엑셀 파일을 올려 주세요."),
    "other_ending": _l("파일의 내용과 확장자가 서로 다릅니다(%(value)s). 원본 파일을 그대로 올려 주세요."),
    "broken_file": _l("파일을 열 수 없습니다. 원본에서 다시 내려받아 올려 주세요."),
    "file_password_needed": _l("암호가 걸린 파일입니다. 암호를 입력하고 파일을 다시 선택해 주세요."),
    "file_password_wrong": _l("암호가 맞지 않습니다. 플랫폼이 알려 준 암호를 확인해 주세요."),
    "unknown_layout": _l("처음 보는 모양의 파일입니다. 아래에서 ‘%(value)s’의 열과 비교해 주세요."),
    "bad_encoding": _l("글자를 읽을 수 없습니다. ‘CSV UTF-8’로 저장해 올려 주세요."),
    "line_too_long": _l("한 줄이 너무 깁니다. 줄바꿈이 있는 CSV 파일인지 확인해 주세요."),
    "bad_quotes": _l("따옴표가 짝이 맞지 않아 줄을 나눌 수 없습니다. 원본에서 다시 내려받아 주세요."),
    "wrong_delimiter": _l("쉼표로 나눈 파일이 아닙니다. 구분자를 쉼표(,)로 저장해 주세요."),
    "missing_column": _l("‘%(value)s’ 열이 없습니다. 머리글을 확인해 주세요."),
    "unknown_column": _l("‘%(value)s’는 모르는 열입니다. 안내된 열만 남겨 주세요."),
    "repeated_column": _l("‘%(value)s’ 열이 두 번 있습니다. 하나만 남겨 주세요."),
    "not_a_month": _l("달을 연-월 순서로 입력해 주세요. 예: 2026-05"),
    # links and claims
    "link_already_there": _l("이미 신청했거나 연결된 매장 번호입니다: %(value)s"),
    "store_linked_elsewhere": _l(
        "매장 번호 ‘%(value)s’는 같은 기간에 이미 다른 연결이 있습니다. 그 연결을 먼저 끝내거나 신청을 거절해 주세요."
    ),
    # evidence from merchants
    "evidence_of_other_kind": _l(
        "자체배달 대장은 ‘자체배달’, 그 밖의 문서는 문서를 준 플랫폼이나 대행사를 골라 주세요."
    ),
    "invoice_number": _l("전자세금계산서의 승인번호 24자리를 적어 주세요. 예: 20260531-41000012-3a4b5c6d"),
    "evidence_already_there": _l("같은 달에 이미 낸 파일입니다: %(value)s"),
    "evidence_same_document": _l(
        "같은 문서가 다른 건(%(value)s)에도 있습니다. 어느 쪽이 맞는지 정해 한쪽을 반려한 뒤 확인해 주세요."
    ),
    "evidence_store_unlinked": _l(
        "매장 ‘%(value)s’의 연결이 거절되었습니다. 다시 적게 하여 연결을 새로 신청한 뒤 확인해 주세요."
    ),
    "evidence_nothing_left": _l("인정할 줄이 하나도 없습니다. 줄을 적거나, 문서를 사유와 함께 반려해 주세요."),
    "outside_month": _l("문서의 달을 벗어난 날짜입니다: %(value)s"),
    "bad_origin_key": _l("원주문은 ‘플랫폼 코드:주문번호’로 적습니다. 예: baemin:T2FP00001 (적은 값: %(value)s)"),
    "unknown_status": _l("주문 상태는 completed나 cancelled입니다: %(value)s"),
    "day_not_in_month": _l("날짜를 숫자로 적어 주세요. 예: 3"),
    "time_not_a_time": _l("시각을 시:분으로 적어 주세요. 예: 18:30"),
    "not_a_timestamp": _l("날짜와 시각으로 읽을 수 없습니다: %(value)s"),
    "conflict_settled": _l("이미 정했거나, 그 뒤에 다른 자료가 들어왔습니다. 목록에서 다시 골라 주세요."),
    "no_lines": _l("받은 정산자료가 없습니다. 정산자료를 먼저 올려 주세요."),
    "nothing_to_approve": _l("승인을 기다리는 지원금이 없습니다."),
    "claims_changed": _l("화면을 연 뒤에 지원금이 다시 산정되었습니다. 바뀐 금액을 확인하고 다시 승인해 주세요."),
    # the ledger
    "year_closed": _l("%(value)s 회계연도는 마감되었습니다."),
    "year_not_over": _l("%(value)s 회계연도는 아직 끝나지 않았습니다. 해가 바뀐 뒤에 마감할 수 있습니다."),
    "payments_on_the_way": _l(
        "은행 결과를 기다리는 지급이 %(value)s원 있습니다. 결과를 올리거나 지급 목록을 취소한 뒤 마감해 주세요."
    ),
    "unpaid_undecided": _l("지급하지 않은 교부결정액 %(value)s원을 어떻게 할지 골라 주세요."),
    "claims_unpaid": _l("산정했지만 지급하지 않은 지원금이 %(value)s원 있어 결정을 취소할 수 없습니다."),
    "next_year_closed": _l("%(value)s 회계연도가 이미 마감되어 넘길 수 없습니다."),
    "ledger_went_on": _l("화면을 연 뒤에 장부에 기록이 더해졌습니다. 바뀐 금액을 확인하고 다시 눌러 주세요."),
    "amount_needed": _l("1원 이상의 금액을 적어 주세요."),
    "amount_over_left": _l("남은 금액보다 많습니다. %(value)s원까지 적을 수 있습니다."),
    "transfer_needs_a_line": _l("어느 재원으로 옮길지 골라 주세요."),
    "same_line_twice": _l("보내는 재원과 받는 재원이 같습니다. 다른 재원을 골라 주세요."),
    "transfer_other_source": _l(
        "이체는 같은 재원끼리만 할 수 있습니다. 재원을 바꾸려면 추경 증액과 감액을 각각 적어 주세요."
    ),
    "transfer_other_year": _l("같은 해나 다음 해의 재원으로만 옮길 수 있습니다."),
    "corrects_nothing": _l(
        "그 재원에 해당하는 기록 번호가 아닙니다. 예산 장부에서 정정할 기록의 번호를 확인해 주세요."
    ),
    "payment_returned_elsewhere": _l(
        "은행 지급의 반환은 전표로 적지 않습니다. 지급 화면에서 은행 결과로 처리해 주세요."
    ),
    "not_an_anchor": _l("처리 이력의 봉인을 적은 파일이 아닙니다."),
    "payments_stopped": _l("지급이 중지되어 있어 내보내지 않았습니다. 목록은 그대로 있습니다."),
    "still_broken": _l("어긋난 규칙이 아직 있습니다. 원인을 고치고 점검에서 전체 점검을 다시 한 뒤 재개해 주세요."),
    # the bank's results: `value` is what the file says, or that and what was told to the bank
    "not_a_results_file": _l("은행 결과 파일이 아닙니다. 첫 줄이 IEUM-RESULT로 시작해야 합니다."),
    "other_run": _l("다른 지급 목록(%(value)s)의 결과 파일입니다."),
    "unknown_payment": _l("이 지급 목록에 없는 지급번호입니다: %(value)s"),
    "amount_differs": _l("금액이 은행에 보낸 것과 다릅니다(파일 / 지급 목록): %(value)s"),
    "already_settled": _l("이미 결과가 정해진 지급입니다: %(value)s"),
    "repeated_payment": _l("같은 지급번호가 두 번 나옵니다: %(value)s"),
    "executed_too_early": _l("은행에 보내기 전의 날짜입니다: %(value)s"),
    "not_executed": _l("지급되지 않은 건에는 지급일을 적지 않습니다: %(value)s"),
    "unknown_result": _l("결과는 done, refused, unknown 가운데 하나여야 합니다: %(value)s"),
    "count_differs": _l("첫 줄의 건수와 실제 줄 수가 다릅니다: %(value)s"),
    "total_differs": _l("첫 줄의 합계와 실제 합계가 다릅니다: %(value)s"),
    "bad_reference": _l("번호의 모양이 올바르지 않습니다: %(value)s"),
    "missing_value": _l("값이 비어 있습니다."),
    "too_few_fields": _l("칸이 모자랍니다(%(value)s칸)."),
    "too_many_fields": _l("칸이 너무 많습니다(%(value)s칸)."),
    "not_an_integer": _l("여기에 쓸 수 있는 정수가 아닙니다: %(value)s"),
    "not_a_date": _l("날짜가 아닙니다: %(value)s"),
    # who may approve up to how much
    "not_in_band": _l("이 금액은 위임전결 기준에 따라 %(value)s만 결재할 수 있습니다."),
    "above_every_band": _l(
        "이 금액(%(value)s원)을 결재할 수 있는 사람이 위임전결 기준에 없습니다. 관리자에게 알려 주세요."
    ),
    "own_band": _l("자기 결재 한도는 자기가 확인할 수 없습니다. 다른 사람이 확인해야 합니다."),
    "band_of_nobody": _l("이 업무를 결재하는 권한이 없는 사람이나 직위입니다. 결재할 사람을 골라 주세요."),
    "band_zero": _l("한도는 1원 이상이어야 합니다. 한도가 없으면 비워 두세요."),
    "grant_changed": _l("교부 결정한 뒤에 그 내용이 바뀌었습니다: %(value)s. 지급하지 말고 관리자에게 알려 주세요."),
    "approval_lapsed": _l("승인한 뒤에 내용이 바뀌어 승인이 효력을 잃었습니다: %(value)s. 다시 승인받아야 합니다."),
    "account_changed_since": _l(
        "지급 목록을 만든 뒤에 계좌가 바뀌었습니다: %(value)s. 지급 목록을 취소하고 다시 만들어 주세요."
    ),
    "interest_undeclared": _l(
        "사건 화면에서 이해관계가 있는지 먼저 밝혀 주세요. 이해관계가 없으면 한 번만 누르면 됩니다."
    ),
    "interest_declared": _l("이해관계를 신고한 사건이라 처리할 수 없습니다. 다른 담당자가 처리해야 합니다."),
    "interest_reason": _l("어떤 이해관계인지 5자 이상 적어 주세요."),
    "absent_now": _l("부재로 적혀 있는 동안에는 결재할 수 없습니다. 돌아왔으면 ‘부재와 대결’에서 부재를 끝내 주세요."),
    "absence_over": _l("지난 날짜의 부재는 적을 수 없습니다."),
    "absent_already": _l("이 기간에 이미 적은 부재가 있거나, 다른 사람을 대결하기로 되어 있습니다."),
    "stand_in_absent": _l("그 사람도 이 기간에 자리를 비웁니다. 다른 사람을 골라 주세요."),
    "stand_in_unfit": _l("부재자와 같은 결재·지출 권한이 있는 다른 사람을 골라 주세요."),
    "approval_stands": _l("승인한 내용 그대로입니다. 거둘 것이 없습니다."),
    "voucher_waits": _l("똑같은 전표가 이미 확인을 기다립니다. 따로 기록할 일이면 사유에 다른 점을 적어 주세요."),
    # money that comes back
    "recovery_exists": _l(
        "이 사업장의 이 달은 이미 환수 절차가 진행 중입니다. 환수 목록에서 그 건을 이어서 처리해 주세요."
    ),
    "recovery_nothing_paid": _l("이 달에 은행이 지급한 금액이 없어 돌려받을 것이 없습니다: %(value)s"),
    "recovery_over_paid": _l("지급한 금액 가운데 돌려받을 수 있는 것은 %(value)s원까지입니다."),
    "recovery_too_small": _l("10원 미만은 돌려받지 않습니다."),
    "recovery_reason_too_short": _l("소상공인이 사유를 알 수 있도록 10자 이상 적어 주세요."),
    "opinion_days": _l("의견을 낼 기간은 %(value)s일 이상 180일까지 정할 수 있습니다."),
    "opinion_too_late": _l("의견을 낼 수 있는 기간이 %(value)s에 끝났습니다. 하실 말씀은 담당자에게 전화해 주세요."),
    "opinion_still_open": _l("소상공인이 의견을 낼 수 있는 기간(%(value)s까지)이 끝난 뒤에 할 수 있습니다."),
    "order_days": _l("납부할 기간은 %(value)s일 이상 180일까지 정할 수 있습니다."),
    "order_over_notice": _l("사전통지한 금액 %(value)s원보다 많습니다. 더 받으려면 새로 사전통지를 해야 합니다."),
    "surcharge_not_waived": _l("제재부가금은 %(value)s원 이하일 때만 매기지 않을 수 있습니다."),
    "receipt_twice": _l("이미 적은 은행 거래번호입니다: %(value)s"),
    "receipt_over_owed": _l("받을 수 있는 금액은 0원보다 많고 %(value)s원까지입니다. 상계 중인 금액은 빼고 셉니다."),
    "receipt_before_order": _l("환수를 결정한 날(%(value)s)보다 앞선 날짜입니다."),
    "instalments_too_few": _l("두 번 이상으로 나누어 적어 주세요."),
    "instalments_order": _l("날짜는 오늘보다 뒤이고, 차례대로 늦어져야 합니다."),
    "instalments_amount": _l("나누어 내는 금액은 모두 0원보다 많아야 합니다."),
    "instalments_sum": _l("나누어 낼 금액의 합이 남은 금액과 다릅니다(적은 합 / 남은 금액): %(value)s"),
    "instalment_unreadable": _l("날짜와 금액으로 읽을 수 없습니다. 예: 2026-07-31 50,000 (적은 줄: %(value)s)"),
    "netting_on_the_way": _l("지급 목록에서 상계 중인 금액이 있습니다. 그 지급이 끝난 뒤에 다시 해 주세요."),
    # programme files
    "not_toml": _l("TOML 형식으로 읽을 수 없습니다: %(value)s"),
    "text_already_there": _l("이미 올라와 있는 내용과 같습니다. 바뀐 내용을 올려 주세요."),
    "missing_key": _l("이 값이 없습니다."),
    "no_budget_line": _l("재원의 비율은 있는데 그 회계연도에 그 재원의 예산이 없습니다: %(value)s"),
    "budget_is_open": _l("이미 배정된 예산은 새 내용으로 바꿀 수 없습니다. 배정된 금액 그대로 적어 주세요: %(value)s"),
    "commitment_is_fixed": _l("접수한 신청이 있어 예산을 확보하는 때(commitment)를 바꿀 수 없습니다: %(value)s"),
    "unknown_key": _l("쓰지 않는 이름입니다. 철자를 확인해 주세요."),
    "repeated": _l("같은 이름이 두 번 나옵니다: %(value)s"),
    "repeated_item": _l("같은 지원 항목이 두 번 나옵니다: %(value)s"),
    "unknown_basis": _l("모르는 산정 기준입니다: %(value)s"),
    "not_text": _l("글이어야 합니다: %(value)s"),
    "not_a_flag": _l("true 또는 false여야 합니다: %(value)s"),
    "not_a_list": _l("목록이어야 합니다: %(value)s"),
    "not_a_list_of_texts": _l("글의 목록이어야 합니다: %(value)s"),
    "not_a_list_of_tables": _l("[[이름]] 꼴의 목록이어야 합니다: %(value)s"),
    "not_a_table": _l("[이름] 꼴의 묶음이어야 합니다: %(value)s"),
    "not_a_decimal_text": _l('비율은 따옴표 안의 소수로 적어 주세요. 예: "0.5" (적은 값: %(value)s)'),
    "too_many_decimals": _l("소수는 넷째 자리까지 적을 수 있습니다: %(value)s"),
    "out_of_range": _l("허용된 범위를 벗어난 값입니다: %(value)s"),
    "too_small": _l("값이 너무 작습니다: %(value)s"),
    "negative": _l("0 이상이어야 합니다: %(value)s"),
    "unknown_kind": _l("모르는 지원 방식입니다: %(value)s"),
    "unknown_per": _l("모르는 한도의 단위입니다: %(value)s"),
    "unknown_order_by": _l("모르는 순서입니다: %(value)s"),
    "unknown_attribute": _l("금액을 나누는 기준이 아닙니다: %(value)s"),
    "unknown_channel": _l("모르는 거래 종류입니다: %(value)s"),
    "unknown_payment_method": _l("모르는 결제 수단입니다: %(value)s"),
    "reversed_period": _l("끝나는 날이 시작하는 날보다 빠릅니다: %(value)s"),
    "shares_not_one": _l("재원의 비율을 모두 더하면 1(100%%)이어야 합니다: %(value)s"),
    "ends_before_it_begins": _l("끝나는 날이 시작하는 날보다 빠릅니다: %(value)s"),
    "not_a_prefix": _l("접수번호의 머리글은 영문 대문자 2~4자입니다: %(value)s"),
    "leads_nowhere": _l("파일에 없는 값을 가리킵니다: %(value)s"),
    # simulations and background jobs
    "other_programme": _l("다른 사업의 내용입니다. code에 이 사업의 코드를 적어 주세요: %(value)s"),
    "months_reversed": _l("끝나는 달이 시작하는 달보다 빠릅니다."),
    "worker_lost": _l("계산하던 프로그램이 여러 번 멈추었습니다. 점검 담당자에게 알려 주세요."),
    "broken": _l("계산하다가 오류가 났습니다. 점검 담당자에게 알려 주세요."),
    # API clients
    "client_expiry": _l("마지막 날은 오늘부터 %(value)s일 안에서 정해 주세요."),
    "webhook_address": _l("https://로 시작하는 주소를 도메인 이름으로 적어 주세요. 아이피 주소는 쓸 수 없습니다."),
    "signature_missing": _l("Ieum-Signature 헤더가 없습니다."),
    "signature_wrong": _l("서명이 보낸 내용과 맞지 않습니다."),
    "signature_old": _l("서명한 때가 지금과 5분 넘게 차이 납니다. 시계를 확인해 주세요."),
    "signature_used": _l("이미 쓴 서명입니다. 다시 보낼 때마다 새로 서명해 주세요."),
    # procedure
    "same_person": _l("앞 단계를 처리한 사람은 이 단계를 처리할 수 없습니다."),
    "already_done": _l("이미 처리되었습니다."),
    "busy": _l("지금 처리하는 일이 많습니다. 잠시 뒤 다시 눌러 주세요."),
    "conflict": _l("그 사이에 다른 사람이 내용을 바꾸었습니다. 새로 불러온 뒤 다시 시도해 주세요."),
    "budget_exhausted": _l("남은 예산이 부족합니다."),
    "still_waiting": _l("아직 대기 중인 신청입니다. 앞 차례의 예산이 풀려 이 신청에 확보되면 결정할 수 있습니다."),
    "signal_reason": _l("무엇을 확인했는지 10자 이상 적어 주세요."),
    "reasons_too_short": _l("신청인이 사유를 알 수 있도록 10자 이상 적어 주세요."),
    "condition_not_met": _l("‘%(value)s’ 조건에 맞지 않습니다."),
    "not_ticked": _l("‘%(value)s’ 항목을 확인하고 표시해 주세요."),
    "days_out_of_range": _l("보완 기간은 1일부터 %(value)s일까지 정할 수 있습니다."),
    "own_application": _l("본인이 낸 신청은 본인이 처리할 수 없습니다."),
    "recommendation_differs": _l("검토 의견이 불선정입니다. 선정하려면 다시 검토를 요청해 주세요."),
    **MONEY_MESSAGES,
    **OBJECTION_MESSAGES,
    **SELECTION_MESSAGES,
    **SERVICE_MESSAGES,
    **PROGRAMME_MESSAGES,
    **QUESTION_MESSAGES,
}


def sentence(problem: Problem) -> str:
    """The sentence for a problem in the reader's language; a code without one gets a general sentence that names it."""
    text = str(MESSAGES.get(problem.code, FALLBACK))
    return text % {"value": problem.value, "code": problem.code}


def located(problem: Problem) -> str:
    """The sentence with the place in front, for what stands in a file: row and column, or the path of a value."""
    if problem.row is None and not problem.file:
        return sentence(problem)
    row = _("%(row)s번째 줄", row=problem.row) if problem.row is not None else ""
    place = " ".join(part for part in (row, problem.field) if part)
    return f"{place}: {sentence(problem)}" if place else sentence(problem)

"""What every value of a programme is called on the pages of its editor and in a notice of amendment, by its path.

Paths are those of the document without the numbers of parts: `item.caps.amount`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from forms.selection_words import SELECTION, SERVICES
from portal.domain.kinds import AmountKind, Attribute, CapPer, PoolOrder, PoolPer
from portal.domain.programme_drafts import Section

SECTIONS: Mapping[Section, object] = {
    Section.CALL: _l("공고문과 일정"),
    Section.LAW: _l("근거와 결정 방식"),
    Section.BUDGET: _l("재원과 예산"),
    Section.ELIGIBILITY: _l("자격 요건"),
    Section.SELECTION: _l("선정 방법"),
    Section.SERVICES: _l("현물 서비스"),
    Section.ITEMS: _l("지원 항목과 한도"),
    Section.LIMITS: _l("플랫폼과 예산 한도"),
    Section.DOCUMENTS: _l("낼 서류"),
    Section.TRACKS: _l("신청 방법"),
    Section.QUESTIONS: _l("신청서 질문"),
    Section.DAYS: _l("처리 기간"),
    Section.EXAMPLES: _l("예시 표시"),
}
WORDS: Mapping[str, object] = {
    "code": _l("사업 코드"),
    "name": _l("사업 이름"),
    "priority": _l("다른 사업과 겹칠 때의 순서"),
    "legal_basis": _l("법적 근거"),
    "cost_window": _l("비용이 생긴 기간"),
    "cost_window.from": _l("비용이 생긴 기간의 첫날"),
    "cost_window.to": _l("비용이 생긴 기간의 마지막 날"),
    "platforms": _l("지원하는 플랫폼"),
    "round_down_to": _l("끝수를 버리는 단위"),
    "funding": _l("재원의 비율"),
    "funding.national": _l("국비의 비율"),
    "funding.province": _l("시·도비의 비율"),
    "funding.city": _l("시비의 비율"),
    "funding.county": _l("군비의 비율"),
    "call": _l("공고"),
    "call.title": _l("공고 제목"),
    "call.summary": _l("한눈에 보는 설명"),
    "call.notice_no": _l("공고번호"),
    "call.apply_from": _l("신청 시작일"),
    "call.apply_to": _l("신청 마감일"),
    "call.effective_from": _l("이 공고의 시행일"),
    "call.organisation": _l("기관"),
    "call.contact": _l("담당자"),
    "call.contact.unit": _l("담당 부서"),
    "call.contact.name": _l("담당자 이름"),
    "call.contact.phone": _l("담당자 전화"),
    "call.act": _l("따르는 법"),
    "call.processing_days": _l("처리 기간(일)"),
    "call.supplement_days": _l("보완 기간(일)"),
    "call.receipt_prefix": _l("접수번호 머리글"),
    "call.cost": _l("지원하는 비용의 설명"),
    "call.commitment": _l("예산을 확보하는 때"),
    "call.last_place": _l("마지막 사람의 규칙"),
    "grant": _l("한 사업장의 지원"),
    "grant.kind": _l("지원 방식"),
    "grant.amount": _l("한 사업장의 지원 한도"),
    "grant.legal": _l("지원 한도의 근거 조문"),
    "budget": _l("예산"),
    "budget.fiscal_year": _l("회계연도"),
    "budget.source": _l("재원"),
    "budget.amount": _l("예산액"),
    "document": _l("서류"),
    "document.code": _l("서류 코드"),
    "document.name": _l("서류 이름"),
    "document.required": _l("꼭 내야 하는 서류"),
    "document.kinds": _l("받는 파일"),
    "document.max_mb": _l("파일 크기 한도(MB)"),
    "document.note": _l("덧붙이는 말"),
    "item": _l("지원 항목"),
    "item.code": _l("지원 항목의 종류"),
    "item.basis": _l("어떤 비용을 보나"),
    "item.channels": _l("지원하는 거래"),
    "item.min_order_amount": _l("최소 주문금액"),
    "item.amount": _l("지원 금액"),
    "item.amount.kind": _l("지원 금액을 정하는 방법"),
    "item.amount.rate": _l("지원 비율"),
    "item.amount.amount": _l("지원 금액(원)"),
    "item.amount.attribute": _l("무엇에 따라 다른가"),
    "item.amount.amounts": _l("따로 정한 금액"),
    "item.amount.default": _l("그 밖의 주문"),
    "item.amount.legal": _l("지원 금액의 근거 조문"),
    "item.caps": _l("한도"),
    "item.caps.per": _l("한도의 기간"),
    "item.caps.amount": _l("한도(원)"),
    "item.caps.legal": _l("한도의 근거 조문"),
    "pool": _l("예산 한도"),
    "pool.per": _l("예산 한도의 기간"),
    "pool.amount": _l("예산 한도(원)"),
    "pool.order_by": _l("예산 한도를 쓰는 차례"),
    "pool.legal": _l("예산 한도의 근거 조문"),
    **SELECTION,
    "eligibility": _l("자격 요건"),
    "eligibility.code": _l("요건 코드"),
    "eligibility.kind": _l("요건의 종류"),
    "eligibility.name": _l("공고에 적을 말"),
    "eligibility.legal": _l("요건의 근거 조문"),
    "eligibility.regions": _l("지역"),
    "eligibility.regions.code": _l("지역 코드"),
    "eligibility.regions.valid_from": _l("이 코드를 쓰는 첫날"),
    "eligibility.regions.valid_to": _l("이 코드를 쓰는 마지막 날"),
    "eligibility.include": _l("지원하는 업종"),
    "eligibility.exclude": _l("제외하는 업종"),
    "eligibility.include.edition": _l("지원 업종의 분류 차수"),
    "eligibility.include.codes": _l("지원하는 업종 코드"),
    "eligibility.exclude.edition": _l("제외 업종의 분류 차수"),
    "eligibility.exclude.codes": _l("제외하는 업종 코드"),
    "eligibility.exclude_lists": _l("제외하는 업종 목록"),
    "eligibility.years": _l("어느 해의 매출을 보나"),
    "eligibility.mode": _l("여러 해를 볼 때"),
    "eligibility.op": _l("금액과 견주는 법"),
    "eligibility.amount": _l("매출 기준 금액"),
    "eligibility.allow_zero": _l("매출 0원도 됨"),
    "eligibility.below": _l("상시 근로자 수(이 수보다 적을 것)"),
    "eligibility.limits": _l("업종별로 다른 근로자 수"),
    "eligibility.limits.below": _l("업종별 근로자 수(이 수보다 적을 것)"),
    "eligibility.limits.divisions": _l("그 업종의 두 자리 코드"),
    "eligibility.before": _l("이날보다 먼저 개업했을 것"),
    "eligibility.allow_suspended": _l("휴업 중이어도 됨"),
    "eligibility.limit": _l("대표자 한 사람의 사업장 수"),
    "eligibility.platforms": _l("가입해야 하는 플랫폼(하나 이상)"),
    "eligibility.annualise": _l("그해 개업한 곳은 한 해로 환산"),
    "eligibility.programmes": _l("앞서 받지 않았어야 하는 사업의 코드"),
    "eligibility.since": _l("이날부터 결정된 지원만 봄"),
    "eligibility.group": _l("함께 받을 수 없는 사업의 묶음"),
    "eligibility.taxes": _l("체납이 없어야 하는 세금"),
    "track": _l("신청 방법"),
    "track.code": _l("방법 코드"),
    "track.name": _l("방법 이름"),
    "track.legal": _l("방법의 근거 조문"),
    "track.note": _l("신청인에게 하는 설명"),
    "track.opens": _l("이 방법으로 신청을 받는 첫날"),
    "track.short": _l("사업자등록번호와 계좌만 확인(사업 내용, 총사업비, 질문을 묻지 않음)"),
    "track.past_costs": _l("이미 쓴 비용을 지원(사업 내용과 총사업비를 묻지 않음)"),
    "track.platforms": _l("자료로 확인하는 플랫폼"),
    "track.documents": _l("이 방법에 꼭 필요한 서류"),
    "track.own_delivery": _l("직접 배달 한 건의 금액"),
    "track.association": _l("상인회가 구성원을 위해 신청하는 방법"),
    "question": _l("질문"),
    "question.code": _l("질문 코드"),
    "question.kind": _l("답하는 방법"),
    "question.text": _l("질문"),
    "question.required": _l("꼭 답해야 하는 질문"),
    "question.note": _l("덧붙이는 말"),
    "question.choices": _l("선택지"),
    "question.least": _l("가장 작은 수"),
    "question.most": _l("가장 큰 수"),
    "question.when": _l("묻는 조건"),
    "question.when.question": _l("조건: 앞에 있는 질문의 코드"),
    "question.when.chosen": _l("조건: 이렇게 답한 경우에만"),
    "question.when.least": _l("조건: 답이 이 수 이상인 경우에만"),
    "question.when.most": _l("조건: 답이 이 수 이하인 경우에만"),
    **SERVICES,
    "example": _l("예시 표시"),
    "example.note": _l("예시로 둔 사유"),
    "example.paths": _l("예시인 값"),
}
ACTS = {"local": _l("지방보조금법(지방자치단체의 돈)"), "national": _l("보조금법(국가의 돈)")}
COMMITMENTS = {
    "decision": _l("결정할 때(조건이 맞는 신청을 심사해서 결정)"),
    "acceptance": _l("접수할 때(신청서를 낸 순서대로, 선착순)"),
}
LAST_PLACES = {"none": _l("돈이 모자라면 드리지 않고 대기"), "partial": _l("남은 만큼만 드림")}
GRANT_KINDS = {"up_to": _l("신청한 금액(한도까지)"), "fixed": _l("모두에게 같은 금액")}
SOURCES = {"national": _l("국비"), "province": _l("시·도비"), "city": _l("시비"), "county": _l("군비")}
BASES = {
    "merchant_delivery_cost": _l("가게가 부담한 배달비"),
    "merchant_promotion_cost": _l("가게가 부담한 홍보비"),
}
AMOUNT_KINDS = {
    AmountKind.COST_SHARE: _l("낸 비용의 일정 비율"),
    AmountKind.FLAT: _l("주문 한 건에 정해진 금액"),
    AmountKind.COST_UP_TO: _l("낸 비용 그대로, 주문 한 건에 얼마까지"),
    AmountKind.FLAT_BY: _l("결제수단·거래·플랫폼에 따라 다른 금액"),
    AmountKind.ONE_OFF: _l("처음 한 번만 정해진 금액"),
}
ATTRIBUTES = {
    Attribute.PAYMENT_METHOD: _l("결제수단"),
    Attribute.CHANNEL: _l("거래의 종류"),
    Attribute.PLATFORM: _l("플랫폼"),
}
PERIODS = {
    CapPer.ORDER: _l("주문 한 건"),
    CapPer.DAY: _l("하루"),
    CapPer.MONTH: _l("한 달"),
    CapPer.HALF_YEAR: _l("반년"),
    CapPer.YEAR: _l("한 해"),
    CapPer.PROGRAMME: _l("사업 기간 전체"),
    CapPer.OWNER: _l("대표자 한 사람"),
}
POOL_PERIODS = {each: PERIODS[CapPer(each.value)] for each in PoolPer}
ORDERS = {PoolOrder.ORDERED_AT: _l("주문한 순서"), PoolOrder.ACCEPTED_AT: _l("선정된 순서")}
PAYMENT_METHODS = {
    "card": _l("카드"),
    "local_currency": _l("지역화폐"),
    "easy_pay": _l("간편결제"),
    "cash": _l("현금"),
    "other": _l("그 밖의 결제"),
}
MODES = {"any": _l("한 해라도 맞으면 됨"), "all": _l("모든 해가 맞아야 함")}
OPERATORS = {"<": _l("미만(그 금액은 안 됨)"), "<=": _l("이하(그 금액도 됨)")}
FILE_KINDS = {"pdf": "PDF", "png": "PNG", "jpeg": "JPEG"}
KINDS = {
    "region": _l("사업장이 있는 지역"),
    "industry": _l("업종"),
    "sales": _l("연 매출액"),
    "regular_workers": _l("상시 근로자 수(소상공인)"),
    "opened_before": _l("개업일"),
    "not_closed": _l("휴업·폐업이 아닐 것"),
    "one_per_owner": _l("대표자 한 사람의 사업장 수"),
    "platform": _l("플랫폼 가입"),
    "former_support": _l("앞서 받은 지원이 없을 것"),
    "exclusive": _l("함께 받을 수 없는 사업"),
    "no_arrears": _l("세금 체납이 없을 것"),
}
TAXES = {"national": _l("국세"), "local": _l("지방세")}
QUESTION_KINDS = {
    "text": _l("글로 적기"),
    "number": _l("숫자로 적기"),
    "choice": _l("하나 고르기"),
    "date": _l("날짜로 적기"),
    "file": _l("파일 올리기"),
}
LISTS = {"policy_loan": _l("소상공인 정책자금 융자제외 업종")}
SELECTION_BASES = {
    "all": _l("고르지 않음 (요건에 맞으면 모두)"),
    "scored": _l("평가 점수"),
    "lottery": _l("추첨"),
}
# path -> what its values are called, where they are words of ours
CHOICES: Mapping[str, Mapping[Any, object]] = {
    "call.act": ACTS,
    "call.commitment": COMMITMENTS,
    "call.last_place": LAST_PLACES,
    "grant.kind": GRANT_KINDS,
    "selection.basis": SELECTION_BASES,
    "services.selection.basis": SELECTION_BASES,
    "budget.source": SOURCES,
    "item.basis": BASES,
    "item.amount.kind": AMOUNT_KINDS,
    "item.amount.attribute": ATTRIBUTES,
    "item.caps.per": PERIODS,
    "pool.per": POOL_PERIODS,
    "pool.order_by": ORDERS,
    "eligibility.kind": KINDS,
    "eligibility.mode": MODES,
    "eligibility.op": OPERATORS,
    "eligibility.exclude_lists": LISTS,
    "eligibility.taxes": TAXES,
    "question.kind": QUESTION_KINDS,
}
# values that are won, by path
WON = frozenset(
    {
        *("round_down_to", "grant.amount", "budget.amount", "item.min_order_amount", "item.amount.amount"),
        *("item.amount.default", "item.caps.amount", "pool.amount", "eligibility.amount"),
        "track.own_delivery",
    }
)

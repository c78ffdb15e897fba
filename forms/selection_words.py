"""Words of forms/programme_words.py: how it is chosen among applicants, and among platforms that give services."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

SELECTION: Mapping[str, object] = {
    "selection": _l("선정 방법"),
    "selection.basis": _l("어떻게 고르나"),
    "selection.legal": _l("선정 방법의 근거 조문"),
    "selection.places": _l("선정할 곳의 수"),
    "selection.reserve": _l("예비로 둘 곳의 수"),
    "selection.assessors": _l("후보마다 평가위원의 수"),
    "selection.pass_mark": _l("기준 점수"),
    "selection.drop_extremes": _l("가장 높은 평가표와 가장 낮은 평가표를 빼고 평균함"),
    "selection.ties": _l("동점일 때 먼저 견줄 기준"),
    "selection.criterion": _l("평가 기준"),
    "selection.criterion.code": _l("기준 코드"),
    "selection.criterion.name": _l("평가 기준의 이름"),
    "selection.criterion.points": _l("배점"),
    "selection.criterion.description": _l("평가 방법"),
}
SERVICES: Mapping[str, object] = {
    "services": _l("현물 서비스"),
    "services.legal": _l("현물 서비스의 근거 조문"),
    "services.proposals_from": _l("플랫폼 제안 시작일"),
    "services.proposals_to": _l("플랫폼 제안 마감일"),
    "services.conditions": _l("참여 조건"),
    "services.kind": _l("서비스의 종류"),
    "services.kind.code": _l("서비스 종류의 코드"),
    "services.kind.name": _l("서비스 종류의 이름"),
    "services.valid_days": _l("이용권의 이용 기한(일)"),
    "services.answer_days": _l("확인과 답을 기다리는 기간(일)"),
    "services.vat_percent": _l("부가가치세율"),
    "services.vat_legal": _l("부가가치세의 근거 조문"),
    **{f"services.{path}": word for path, word in SELECTION.items()},  # how its platforms are chosen
}

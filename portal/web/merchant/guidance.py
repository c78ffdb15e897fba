"""What happens next with an application, by when and who does it, in plain words for its owner."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext as _

from portal.domain.applications import ApplicationStatus as S
from portal.domain.tracks import chosen
from portal.queries.applications import Dossier
from portal.queries.reservations import Place
from portal.web.dates import day


@dataclass(frozen=True, slots=True)
class Guidance:
    """`title` says where it stands, `text` what comes next, `tone` as in the notice component."""

    title: str
    text: str
    tone: str


_WORDS: dict[S, tuple[object, object, str]] = {
    S.DRAFT: (
        _("아직 내지 않은 신청서입니다"),
        _("%(apply_to)s까지 내야 합니다. 아래 단추를 눌러 이어서 적어 주세요."),
        "warning",
    ),
    S.SUBMITTED: (
        _("신청서를 받았습니다"),
        _("담당자가 차례대로 살펴보고 %(due_on)s까지 결과를 알려 드립니다. 지금 하실 일은 없습니다."),
        "info",
    ),
    S.IN_REVIEW: (
        _("담당자가 살펴보고 있습니다"),
        _("%(due_on)s까지 결과를 알려 드립니다. 부족한 것이 있으면 이 화면과 ‘내 업무’에서 알려 드립니다."),
        "info",
    ),
    S.SUPPLEMENT_REQUESTED: (
        _("고치거나 더 내실 것이 있습니다"),
        _("%(supplement_due_on)s까지 아래 내용을 고쳐서 내 주세요. 기한을 넘기면 신청이 반려될 수 있습니다."),
        "warning",
    ),
    S.RECOMMENDED: (
        _("결재를 기다리고 있습니다"),
        _("심사가 끝나 결재만 남았습니다. %(due_on)s까지 결과를 알려 드립니다. 지금 하실 일은 없습니다."),
        "info",
    ),
    S.APPROVED: (
        _("지원이 결정되었습니다"),
        _(
            "교부결정통지서는 ‘받은 문서’에 있습니다. "
            "‘플랫폼 연결’에서 쓰는 배달앱 매장을 연결하면 다달이 지원금을 계산해 드립니다."
        ),
        "success",
    ),
    S.REJECTED: (
        _("지원 대상으로 선정되지 않았습니다"),
        _("이유와 이의신청 방법은 ‘받은 문서’의 통지서에 있습니다. 궁금한 점은 담당자에게 전화해 주세요."),
        "danger",
    ),
    S.RETURNED: (
        _("보완되지 않아 돌려드린 신청입니다"),
        _("이유와 이의신청 방법은 ‘받은 문서’의 반려 통지서에 있습니다. 신청 기간 안이면 새로 신청할 수 있습니다."),
        "danger",
    ),
    S.WITHDRAWN: (
        _("취하한 신청입니다"),
        _("신청 기간 안이면 새로 신청할 수 있습니다."),
        "info",
    ),
}


_BY_DATA = _(
    "교부결정통지서는 ‘받은 문서’에 있습니다. "
    "플랫폼이 정산자료를 보내면 다달이 저절로 지원금을 계산해 드리므로 하실 일은 없습니다."
)
_BY_EVIDENCE = _(
    "교부결정통지서는 ‘받은 문서’에 있습니다. "
    "‘증빙 내기’에서 배달이나 택배를 쓴 달마다 정산서나 배달 대장을 내면 지원금을 계산해 드립니다."
)
_BY_CHOICE = _(
    "교부결정통지서는 ‘받은 문서’에 있습니다. "
    "메뉴의 ‘서비스 고르기’에서 지원 금액 안에서 서비스를 고르면 플랫폼이 드립니다."
)
_WAITING = (
    _("예산 대기 %(number)s번입니다"),
    _(
        "앞에 %(ahead)s건이 기다립니다. 취하나 불선정으로 돈이 풀리거나 예산이 늘면 접수 순번대로 확보하고, "
        "이 화면에 바로 나타납니다. 지금 하실 일은 없습니다. 대기한다고 반드시 지원받는 것은 아닙니다."
    ),
    "warning",
)


def guidance(dossier: Dossier, place: Place | None = None) -> Guidance:
    """The words for the status, with the days that matter in them; whoever waits for money is told so first."""
    if place is not None and place.waits and dossier.asked is None:
        title, text, tone = _WAITING
        where = {"number": place.number, "ahead": place.ahead}
        return Guidance(str(title) % where, str(text) % where, tone)
    title, text, tone = _WORDS[dossier.application.status]
    track = chosen(dossier.published.announcement.tracks, dossier.application.track)
    if dossier.published.announcement.services is not None and dossier.application.status is S.APPROVED:
        text = _BY_CHOICE
    elif track is not None and dossier.application.status is S.APPROVED:
        text = _BY_DATA if track.platforms else _BY_EVIDENCE
    days = {
        "apply_to": dossier.published.announcement.call.apply_to,
        "due_on": dossier.application.due_on,
        "supplement_due_on": dossier.asked.due_on if dossier.asked else None,
    }
    unbroken = {name: day(value).replace(" ", "\N{NO-BREAK SPACE}") for name, value in days.items()}
    return Guidance(str(title), str(text) % unbroken, tone)

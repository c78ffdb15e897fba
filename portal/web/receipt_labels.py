"""What a file on its way in is called on screen, and what is wrong with one that could not be read."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext as _p

from forms.messages import located
from portal.domain.jobs import JobStatus
from portal.domain.layout_matching import LayoutUnknown
from portal.domain.settlements import FileFault
from portal.queries.receipts import Incoming

_MOVING = {
    JobStatus.WAITING: (_("차례를 기다리는 중"), "neutral"),
    JobStatus.RUNNING: (_("읽는 중"), "progress"),
}
_PASSWORDS = {FileFault.PASSWORD_NEEDED.value, FileFault.PASSWORD_WRONG.value}


def state(incoming: Incoming) -> tuple[object, str]:
    """(label, tone)."""
    if incoming.moving and incoming.job is not None:
        return _MOVING[incoming.job.status]
    if incoming.stuck:
        return _p("파일", "읽지 못함"), "danger"
    if isinstance(incoming.refusal, LayoutUnknown):
        return _("처음 보는 양식"), "attention"
    return _("받을 수 없는 파일"), "attention"


def told(incoming: Incoming) -> list[str]:
    """What is wrong, a sentence a problem."""
    return [located(problem) for problem in incoming.refusal.problems] if incoming.refusal else []


def asks_for_password(incoming: Incoming) -> bool:
    return any(problem.code in _PASSWORDS for problem in (incoming.refusal.problems if incoming.refusal else ()))


def may_read_again(incoming: Incoming) -> bool:
    """Whether reading the same bytes once more may come to another end."""
    return incoming.stuck or asks_for_password(incoming) or isinstance(incoming.refusal, LayoutUnknown)

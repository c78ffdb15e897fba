"""The four steps of applying: what they are called, and on which of them a problem is mended."""

from __future__ import annotations

from collections.abc import Iterable

from flask import url_for
from flask_babel import lazy_gettext as _

from portal.domain.errors import Problem
from portal.web import labels
from portal.web.consents import TERMS

STEPS = (_("조건 확인"), _("신청 내용"), _("서류"), _("확인하고 제출"))


def mending(id: int, problems: Iterable[Problem]) -> list[tuple[str, str]]:
    """(address of the box that mends it, sentence) for each problem of an application."""
    return [(_page_of(id, problem.field), _sentence(problem)) for problem in problems]


def _page_of(id: int, field: str) -> str:
    if field == "signatures":
        return url_for("merchant.representatives_signatures", id=id)
    page = "documents_index" if field.startswith("file-") else "applications_edit"
    return url_for(f"merchant.{page}", id=id, _anchor=field)


def _sentence(problem: Problem) -> str:
    label = LABELS.get(problem.field)
    return f"{str(label).rstrip('.')}: {labels.problem(problem)}" if label else labels.problem(problem)


LABELS = {
    "track": _("신청 방법"),
    "plan": _("지원금을 어떻게 쓸지"),
    "total_cost": _("총사업비"),
    "requested_amount": _("신청하는 지원금"),
    "contact_phone": _("연락받을 전화번호"),
    **{f"consent_{consent}": words.title for consent, words in TERMS.items()},
}

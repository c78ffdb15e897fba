"""What the statuses of a changed grant, and what happens to it, are called on screen."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from portal.domain.grant_changes import GrantChangeStatus as S

STATUSES = {
    S: {
        S.PROPOSED: (_("결재 대기"), "attention"),
        S.APPROVED: (_("변경함"), "success"),
        S.REFUSED: (_("변경하지 않음"), "closed"),
    }
}

ACTIONS = {
    ("grant_change", "propose"): _("교부 결정 변경 올림"),
    ("grant_change", "approve"): _("교부 결정 변경 승인"),
    ("grant_change", "refuse"): _("교부 결정 변경하지 않음"),
}

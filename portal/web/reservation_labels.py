"""What the statuses of a reservation, and what happens to it, are called on screen."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext as _p

from portal.domain.reservations import ReservationStatus as S

STATUSES = {
    S: {
        S.WAITING: (_p("예산", "대기"), "attention"),
        S.RESERVED: (_("예산 확보"), "success"),
        S.USED: (_("확보한 예산으로 결정"), "success"),
        S.RELEASED: (_("예산 돌려줌"), "neutral"),
    }
}

ACTIONS = {
    ("reservation", "enter"): _("예산 순서에 섬"),
    ("reservation", "reserve"): _("예산 확보"),
    ("reservation", "add"): _("모자란 예산 더 확보"),
    ("reservation", "use"): _("확보한 예산으로 결정"),
    ("reservation", "release"): _("확보한 예산 돌려줌"),
    ("reservation", "leave"): _("대기에서 빠짐"),
}
